"""The pages of every language in a real browser: language, structure, access, privacy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from scripts.content.project import Project
from scripts.site.addresses import page_folder
from tests.axe import CONTRAST, WITHOUT_CONTRAST, violations
from tests.conftest import COMPLETE, go, phone_without_worker

pytestmark = pytest.mark.browser
VIEWS = [(360, "light"), (1280, "dark"), (360, "dark"), (1280, "light")]
THOROUGH = {"fr": VIEWS[:2], "ar": VIEWS[2:]}
"""Languages whose colours are looked at, one of each direction: every page in one view, a page in
`ONE_OF` in the opposite one too.

Colours come from the style sheet, and pages of all languages have the same bones and marks: what
contrasts in these contrasts in all.
"""
EVERY_PAGE = (*THOROUGH, "de", "ta", "ti")
"""Languages of which every page is opened: long words, high letters. Of the others a page in
`ONE_OF` is, each page in several of them: what their words can break (names, languages, the size of
what is touched) breaks by kind.
"""
ONE_OF = 5
VIEW_RULES = (CONTRAST, "target-size", "scrollable-region-focusable")
"""The rules whose answer width and colours can change."""
LONG_LISTS = (".wide tbody tr:nth-child(n+5)", "[data-communes] li:nth-child(n+3)")
"""Of long tables and lists the first rows are looked at: the others have the same markup."""
FRAME = ("header", ".menu", "footer")
"""What is the same on every page of a language, and looked at on its first one."""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with phone_without_worker(browser) as page:
        yield page


@pytest.mark.parametrize("code", COMPLETE)
def test_the_pages_of_a_language_are_right_accessible_and_fit_a_small_phone(
    code: str, page: Page, address: str, project: Project
) -> None:
    language = project.language[code]
    problems: list[str] = []
    watch = _Watch(page, address)
    seen: tuple[str, ...] = ()
    for turn, path in enumerate(project.pages[code], COMPLETE.index(code)):
        if code not in EVERY_PAGE and turn % ONE_OF:
            continue
        where = page_folder(code, path)
        go(page, address + where)
        found = page.evaluate(
            "() => [document.documentElement.lang, document.documentElement.dir,"
            " document.querySelectorAll('h1').length]"
        )
        if found != [language.tag, language.direction, 1]:
            problems.append(f"{where}: lang, dir, h1 are {found}")
        if code in THOROUGH:
            views = THOROUGH[code][: 2 if turn % ONE_OF == 0 else 1]
            found = _seen_by_axe(page, views, seen)
            problems += [f"{where}: {text}" for text in found]
        elif turn % ONE_OF == 0:
            problems += [f"{where}: {text}" for text in _words_seen_by_axe(page, seen)]
        seen = FRAME
        problems += [f"{where}: sticks out: {one}" for one in _sticking_out(page)]
    assert not problems + watch.problems, "\n".join(problems + watch.problems)


@pytest.mark.parametrize("path", ["", "no/such/page/"])
def test_the_chooser_and_the_404_page_are_accessible_and_ask_no_other_host(
    path: str, page: Page, address: str
) -> None:
    watch = _Watch(page, address, quiet_404=True)
    page.set_viewport_size({"width": 360, "height": 740})
    go(page, address + path)
    problems = [*_seen_by_axe(page), *watch.problems]
    assert not problems, "\n".join(problems)


def test_the_self_check_is_accessible_at_every_step_and_result(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    go(page, address + "fr/self-check/")
    problems = []
    for answer in ("yes", "permit_l", "unknown", "unknown"):
        problems += list(_seen_by_axe(page))
        asked = page.locator("fieldset:not([hidden])").get_attribute("data-question")
        page.check(f"fieldset:not([hidden]) input[value={answer}]")
        page.click("[data-self-check] button[type=submit]")
        page.locator(f"[data-question={asked}]").wait_for(state="hidden")
    assert page.get_attribute("[data-result]", "data-outcome") == "special_reduced special"
    page.click("details.languages > summary")  # where it is said that answers begin anew
    assert problems + list(_seen_by_axe(page)) == []


def test_open_menus_are_accessible(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    go(page, address + "fr/rights/appeal/")
    problems = []
    for menu in ("details.menu", "details.languages", "details.sources"):
        page.click(f"{menu} > summary")
        problems += list(_seen_by_axe(page))
    assert problems == []


def test_the_switcher_stays_on_the_page_in_every_language(
    open_page: Callable[[str], Page], project: Project, address: str
) -> None:
    page = open_page("fr/rights/appeal/")
    links = page.eval_on_selector_all(".languages a", "all => all.map((a) => [a.lang, a.href])")
    expected = [[one.tag, f"{address}{one.code}/rights/appeal/"] for one in project.languages]
    assert links == expected


@pytest.mark.parametrize(
    ("locale", "code", "direction"),
    [
        ("ar-SY", "ar", "rtl"),
        ("de-CH", "de", "ltr"),
        ("hr-HR", "sr", "ltr"),
        ("ku-TR", "ku", "ltr"),
    ],
)
def test_the_chooser_suggests_the_browsers_language_and_never_forces_it(
    browser: Browser, address: str, locale: str, code: str, direction: str
) -> None:
    context = browser.new_context(locale=locale)
    page = context.new_page()
    go(page, address)
    assert page.url == address
    suggestion = page.locator("[data-suggestion] a")
    assert suggestion.evaluate("link => link.href") == f"{address}{code}/"
    assert suggestion.get_attribute("dir") == direction
    context.close()


def test_the_whole_choice_of_languages_stands_on_the_first_screen_of_a_phone(
    open_page: Callable[[str], Page], project: Project
) -> None:
    page = open_page("")
    places = page.eval_on_selector_all(
        ".choices a", "all => all.map((one) => one.getBoundingClientRect().bottom)"
    )
    assert len(places) == len(project.languages)
    assert max(places) <= 740


def test_an_unknown_browser_language_gets_no_suggestion(browser: Browser, address: str) -> None:
    context = browser.new_context(locale="fi-FI")
    page = context.new_page()
    go(page, address)
    assert page.locator("[data-suggestion]").is_hidden()
    context.close()


def test_without_script_menu_languages_and_chooser_work(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(address)
    page.click("a[lang=fr-CH]")
    page.click(".menu > summary")
    page.click(".menu a >> text=Mes droits")
    page.click(".languages > summary")
    page.click(".languages a[lang=ar]")
    expect(page).to_have_url(f"{address}ar/rights/")
    context.close()


def test_with_the_keyboard_alone_one_skips_to_the_text_and_opens_the_menus(
    open_page: Callable[[str], Page],
) -> None:
    page = open_page("fr/rights/appeal/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "md-skip"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#content"
    page.focus(".languages > summary")
    page.keyboard.press("Enter")
    assert page.locator(".languages[open]").count() == 1
    page.keyboard.press("Escape")
    assert page.locator(".languages[open]").count() == 0
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_source_mark_opens_the_list_of_sources(open_page: Callable[[str], Page]) -> None:
    page = open_page("fr/rights/appeal/")
    page.click("a.cite >> nth=0")
    assert page.locator("#s1").is_visible()


def test_on_paper_address_and_day_stand_and_menus_do_not(open_page: Callable[[str], Page]) -> None:
    page = open_page("fr/rights/appeal/")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    printed = page.locator(".printed").inner_text()
    assert re.fullmatch(r"http://.*/valais/fr/rights/appeal/ · \d\d\.\d\d\.\d{4}", printed)
    assert page.locator(".menu").is_hidden()
    assert page.locator(".md-header").is_hidden()


def test_a_right_to_left_page_is_mirrored(open_page: Callable[[str], Page]) -> None:
    page = open_page("ar/rights/appeal/")
    brand = page.locator(".brand").bounding_box()
    languages = page.locator(".languages").bounding_box()
    assert brand is not None
    assert languages is not None
    assert languages["x"] < brand["x"]


def test_a_telephone_number_reads_in_its_order_in_right_to_left_text(
    open_page: Callable[[str], Page],
) -> None:
    page = open_page("ar/where-to-go/")
    number = page.locator("a[href='tel:+41276065596']")
    assert number.inner_text() == "027 606 55 96"
    first, last = number.evaluate(
        """(link) => {
             const walker = document.createTreeWalker(link, NodeFilter.SHOW_TEXT);
             const text = walker.nextNode();
             return [0, text.length - 1].map((at) => {
               const range = document.createRange();
               range.setStart(text, at);
               range.setEnd(text, at + 1);
               return range.getBoundingClientRect().x;
             });
           }"""
    )
    assert first < last


class _Watch:
    """Notes console errors, failed requests and requests to other hosts."""

    def __init__(self, page: Page, address: str, quiet_404: bool = False) -> None:
        self.problems: list[str] = []
        host = urlsplit(address).netloc
        page.on("console", lambda m: self._note(m.type == "error" and not quiet_404, m.text))
        page.on("pageerror", lambda error: self._note(True, str(error)))
        page.on("requestfailed", lambda request: self._note(True, f"failed: {request.url}"))
        page.on(
            "request",
            lambda request: self._note(
                urlsplit(request.url).scheme != "data" and urlsplit(request.url).netloc != host,
                f"other host: {request.url}",
            ),
        )

    def _note(self, wrong: bool, text: str) -> None:
        if wrong:
            self.problems.append(text)


def _sticking_out(page: Page) -> list[str]:
    """Return what leaves a screen of 320 pixels sideways; wide tables scroll on their own."""
    page.set_viewport_size({"width": 320, "height": 640})
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter((one) => {
             if (one.closest('.wide, .hidden, .skip')) return false;
             const box = one.getBoundingClientRect();
             return box.width && (box.right > innerWidth + 1 || box.left < -1);
           }).slice(0, 3).map((one) => `${one.tagName}.${one.className}`)"""
    )
    return found


def _seen_by_axe(
    page: Page, views: Sequence[tuple[int, str]] = VIEWS, left_out: Sequence[str] = ()
) -> Iterator[str]:
    """Try every rule in the first view, then in the others what they can change."""
    only: Sequence[str] = ()
    for view in views:
        page.set_viewport_size({"width": view[0], "height": 740})
        page.emulate_media(color_scheme=view[1])  # type: ignore[arg-type]
        for violation in violations(page, [*LONG_LISTS, *left_out], only=only):
            yield f"{view}: {violation}"
        only = VIEW_RULES


def _words_seen_by_axe(page: Page, left_out: Sequence[str]) -> list[str]:
    """Try what a language's words can change: names, languages, sizes; not colours."""
    page.set_viewport_size({"width": 360, "height": 740})
    return violations(page, [*LONG_LISTS, *left_out], WITHOUT_CONTRAST)
