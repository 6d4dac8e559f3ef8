"""Scripts and their files that do not come: the plain way stays, and a second press tries again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from lxml import html
from playwright.sync_api import Browser, Page, Route, expect

from scripts.content.project import Project
from tests.conftest import go, phone_without_worker, started
from tests.test_listen import STUB

CONTROLS = "main :is(button, input, select, form)"
FAULTS: dict[str, Callable[[Route], None]] = {
    "blocked": lambda route: route.abort("blockedbyclient"),
    "404": lambda route: route.fulfill(status=404, body="Not found"),
}
"""What happens to a file, each time that it is asked for."""
SOON = "document.getAnimations().forEach((one) => one.finish())"
"""What is shown some seconds later is shown now."""
RETRIED = "import(js.href + '?2').then(() => 0, () => 0)"


@dataclass(frozen=True)
class Use:
    """What a reader does that brings a file, and what comes of it.

    Args:
        page: the path of the page.
        file: the pattern of the file's address.
        press: does it, each time anew.
        works: the selector of what is seen once it works.
        told: the selector of the place where a failure is told; "" where nothing is missed.
    """

    page: str
    file: str
    press: Callable[[Page], None]
    works: str
    told: str


def answer(value: str) -> Callable[[Page], None]:
    def press(page: Page) -> None:
        page.check(f"[name=residence][value={value}]")
        page.click("[data-self-check] [type=submit]")

    return press


def open_languages(page: Page) -> None:
    page.evaluate("document.querySelector('.languages').open = false")
    page.click(".languages > summary")


def show_german(page: Page) -> None:
    open_languages(page)
    page.click(".two-offer button")


def choose(page: Page) -> None:
    """Ask for the links once: each change would ask, too."""
    page.locator("[name=language][value=ti]").evaluate("box => { box.checked = true; }")
    page.click("[data-staff] [type=submit]")


def project_two(page: Page) -> None:
    if not page.locator(".stage").count():
        page.click("[data-evening] button")
        page.keyboard.press("ArrowRight")
    page.select_option(".bar select", "")
    page.select_option(".bar select", "de")


LISTEN = "article > .listen"
KEEP = "**/keep.*.js*"
USES = {
    "self-check.js": Use(
        "self-check/", "**/self-check.*.js*", answer("yes"), "[data-question=status]", "form"
    ),
    "page of results": Use(
        "self-check/", "**/fr/results/", answer("no"), "[data-result]", "form"
    ),
    "page of notices": Use(
        "self-check/", "**/fr/important/", answer("no"), "[data-result]", "form"
    ),
    "search.js": Use(
        "topics/", "**/search.*.js*", lambda page: page.fill("#search", "recours"),
        "[data-results] a", ".search",
    ),
    "index of words": Use(
        "topics/", "**/search.fr.*.json", lambda page: page.fill("#search", "recours"),
        "[data-results] a", ".search",
    ),
    "places.js": Use(
        "where-to-go/", "**/places.*.js*", lambda page: page.fill("#commune", "sion"),
        "[data-results] a", ".search",
    ),
    "list of communes": Use(
        "where-to-go/", "**/fr/communes/", lambda page: page.fill("#commune", "sion"),
        "[data-results] a", ".search",
    ),
    "listen.js": Use(
        "rights/", "**/listen.*.js*", lambda page: page.click(f"{LISTEN} > button"),
        f"{LISTEN} [data-icon]", LISTEN,
    ),
    "words to listen": Use(
        "rights/", "**/listen.*.json", lambda page: page.click(f"{LISTEN} > button"),
        f"{LISTEN} [data-icon]", LISTEN,
    ),
    "two.js": Use("rights/", "**/two.*.js*", open_languages, ".two-offer button", ""),
    "two.css": Use("rights/", "**/two.*.css", open_languages, ".two-offer button", ""),
    "words of two": Use("rights/", "**/listen.*.json", open_languages, ".two-offer button", ""),
    "page beside": Use("rights/", "**/de/rights/", show_german, ".two-bar button", ".two-bar"),
    "keep.js": Use(
        "phone/", KEEP, lambda page: page.click("[data-do=erase]"),
        "[data-when=erased]", "[data-erase]",
    ),
    "staff.js": Use("staff/", "**/staff.*.js*", choose, "[data-shared] section", "form"),
    "page of links": Use("staff/", "**/staff-links/", choose, "[data-shared] section", "form"),
    "evening.js": Use(
        "evening/", "**/evening.*.js*", lambda page: page.click("[data-evening] button"),
        ".slide h2", "[data-evening]",
    ),
    "evening.css": Use(
        "evening/", "**/evening.*.css", lambda page: page.click("[data-evening] button"),
        ".slide h2", "[data-evening]",
    ),
    "language beside": Use("evening/", "**/valais/de/**", project_two, ".two-sides", ".bar"),
}  # fmt: skip
PLAIN = {
    "": "#ways",
    "self-check/": "[data-self-check] [data-plain] a",
    "topics/": ".topics a",
    "where-to-go/": "main a[href*=communes]",
    "phone/": ".later",
    "staff/": "main a[href*=staff-links]",
    "evening/": "[data-evening] section",
}
"""Pages with parts that wait for the script, and what is there without it."""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A phone with a French voice, without the worker, which would keep each file."""
    with phone_without_worker(browser, STUB) as page:
        yield page


class Slow:
    """Holds the answers to what fits a pattern until they are let go."""

    def __init__(self, page: Page, pattern: str) -> None:
        self._held: list[Route] | None = []
        page.route(pattern, self._hold)

    def _hold(self, route: Route) -> None:
        if self._held is None:
            route.continue_()
        else:
            self._held.append(route)

    def let_go(self) -> None:
        """Let all of them come, and all later ones."""
        held, self._held = self._held or [], None
        for route in held:
            route.continue_()


def opened(page: Page, address: str) -> None:
    """Open a page and mark it, so that a reload would be seen."""
    go(page, address)
    page.evaluate("window.hear && hear(['fr-FR', true]); speechSynthesis.auto = false")
    page.evaluate("window.mark = true")


def is_same(page: Page) -> bool:
    """Tell whether the page was not loaded anew."""
    return bool(page.evaluate("window.mark"))


def assert_failed(page: Page, use: Use) -> None:
    """What fails is told at its place, and the control is there for another try."""
    if use.told:
        expect(page.locator(f"{use.told} > .told")).to_be_visible()
    assert page.locator(f"{use.works} >> visible=true").count() == 0
    assert is_same(page)


def assert_works(page: Page, use: Use) -> None:
    expect(page.locator(use.works).first).to_be_visible()
    assert page.locator(".told").count() == 0
    assert is_same(page)


@pytest.mark.browser
@pytest.mark.parametrize("name", USES)
def test_a_file_that_does_not_come_is_told_and_a_second_press_asks_again(
    name: str, page: Page, address: str
) -> None:
    use = USES[name]
    for fault in FAULTS.values():
        opened(page, f"{address}fr/{use.page}")
        page.route(use.file, fault)
        for _ in range(2):
            with page.expect_request(use.file):
                use.press(page)
            assert_failed(page, use)
        page.unroute(use.file)
        use.press(page)
        assert_works(page, use)


@pytest.mark.browser
@pytest.mark.parametrize("name", USES)
def test_a_file_that_is_slow_or_lost_once_comes_in_the_end(
    name: str, page: Page, address: str
) -> None:
    use = USES[name]
    opened(page, f"{address}fr/{use.page}")
    page.route(use.file, lambda route: route.abort(), times=1)
    with page.expect_request(use.file) as asked:
        use.press(page)
    assert asked.value.failure or asked.value.response() is None
    told = f"{use.told} > .told" if use.told else ".languages[open]"
    page.locator(f"{use.works}, {told}").locator("visible=true").first.wait_for()
    if not page.locator(use.works).locator("visible=true").count():
        use.press(page)  # else one press had asked twice
    assert_works(page, use)
    opened(page, f"{address}fr/{use.page}")
    slow = Slow(page, use.file)
    with page.expect_request(use.file):
        use.press(page)
    assert page.locator(f"{use.works} >> visible=true").count() == 0
    slow.let_go()
    assert_works(page, use)


@pytest.mark.browser
@pytest.mark.parametrize("path", PLAIN)
def test_a_page_whose_script_does_not_come_has_the_plain_way_and_no_dead_control(
    path: str, page: Page, address: str
) -> None:
    for fault in FAULTS.values():
        page.route("**/site.*.js*", fault)
        go(page, f"{address}fr/{path}")
        page.evaluate(RETRIED)
        page.evaluate(SOON)
        expect(page.locator(PLAIN[path]).first).to_be_visible()
        assert page.locator(CONTROLS).count() == 0
        page.unroute("**/site.*.js*")
    slow = Slow(page, "**/site.*.js*")
    with page.expect_request("**/site.*.js*"):
        page.goto(f"{address}fr/{path}")
    assert page.locator(CONTROLS).count() == 0
    page.evaluate(SOON)
    expect(page.locator(PLAIN[path]).first).to_be_visible()
    slow.let_go()
    expect(page.locator("main [type='text/html']")).to_have_count(0)


@pytest.mark.browser
def test_a_pages_own_script_that_is_lost_once_is_asked_for_again(page: Page, address: str) -> None:
    page.route("**/site.*.js*", lambda route: route.abort(), times=1)
    page.goto(f"{address}fr/self-check/")
    expect(page.locator("[data-question=residence]")).to_be_visible()


@pytest.mark.browser
@pytest.mark.parametrize(
    "name",
    ["self-check.js", "page of results", "index of words", "listen.js", "keep.js", "staff.js"],
)
def test_a_page_older_than_the_site_says_so_and_is_loaded_anew_only_when_asked(
    name: str, page: Page, address: str, project: Project, site: Path
) -> None:
    use = USES[name]
    words = project.source_wording.texts

    def newer(route: Route) -> None:
        file = site / route.request.url.removeprefix(address) / "index.html"
        text = re.sub(r"(data-version=\W?)\w+", r"\g<1>00000000", file.read_text("utf-8"), count=1)
        text = text.replace("data-table=", "data-table=0")
        route.fulfill(body=text, content_type="text/html; charset=utf-8")

    opened(page, f"{address}fr/{use.page}")
    page.route("**/fr/phone/", newer)
    page.route(use.file, newer if name == "page of results" else FAULTS["404"])
    use.press(page)
    told = page.locator(f"{use.told} > .told")
    expect(told).to_have_text(f"{words['phone.newer_version']} {words['phone.reload_link']}")
    assert is_same(page)
    page.unroute_all()
    with page.expect_navigation():
        told.locator("a").click()
    started(page)
    page.evaluate("hear(['fr-FR', true]); speechSynthesis.auto = false; window.mark = true")
    use.press(page)
    assert_works(page, use)


@pytest.mark.browser
def test_no_answer_is_lost_and_the_plain_way_is_offered_while_the_check_cannot_go_on(
    page: Page, address: str
) -> None:
    opened(page, f"{address}fr/self-check/")
    page.route("**/self-check.*.js*", FAULTS["blocked"])
    answer("yes")(page)
    expect(page.locator("form > .told")).to_be_visible()
    assert page.is_checked("[name=residence][value=yes]")
    expect(page.locator("[data-plain] a")).to_be_visible()


@pytest.mark.browser
def test_without_network_listening_says_so_and_works_once_it_is_back(
    page: Page, address: str
) -> None:
    opened(page, f"{address}fr/rights/")
    page.context.set_offline(True)
    USES["listen.js"].press(page)
    expect(page.locator(f"{LISTEN} > .told")).to_have_text("Vous n’avez pas de réseau.")
    page.context.set_offline(False)
    USES["listen.js"].press(page)
    assert_works(page, USES["listen.js"])


@pytest.mark.browser
def test_a_page_that_the_browser_translates_is_not_read_in_its_old_language(
    page: Page, address: str
) -> None:
    opened(page, f"{address}fr/rights/")
    expect(page.locator(LISTEN)).to_be_visible()
    page.evaluate("document.documentElement.lang = 'en'")
    expect(page.locator(LISTEN)).to_be_hidden()
    open_languages(page)
    expect(page.locator(".two-offer button").first).to_be_visible()


def test_what_waits_for_a_script_is_no_part_of_any_page(site: Path) -> None:
    """Text browsers show what is `hidden` or in a `template`, and send forms."""
    waiting = "//form | //button | //input | //select | //template"
    waiting += " | //*[@hidden][normalize-space()]"
    found = [
        f"{file.relative_to(site)}: {one.tag}"
        for file in site.rglob("*.html")
        for one in html.document_fromstring(file.read_bytes()).xpath(waiting)
    ]
    assert found == []
