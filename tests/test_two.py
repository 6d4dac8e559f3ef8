"""Two languages on one screen: every block with the same block of the other language, and back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from playwright.sync_api import Browser, Locator, Page, expect

from scripts.content.project import Project
from scripts.site.addresses import page_folder
from tests.axe import violations
from tests.conftest import go, phone_without_worker

LANGUAGES = ("ar", "ti")
WITH = {"fr": "with_fr", "de": "with_de"}
OWN_TESTS = {"self_check", "topic_links", "share_form"}
"""The self-check is led below; what staff choose from stands in the language of each choice."""
NOT_ASKED = ("SUMMARY", "SMALL", "H4", "CAPTION")
"""Blocks that are paired, too, and not asked of the other page."""
PAIRS = """() => [...document.querySelectorAll("main .two")].map((pair) => [
  pair.parentElement.tagName, pair.children[1].lang, pair.children[1].dir,
  pair.children[0].textContent.trim(), pair.children[1].textContent.trim()])"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A phone without the worker, which would keep each page."""
    with phone_without_worker(browser) as page:
        yield page


def open_menu(page: Page) -> Locator:
    """Open the menu of languages and return the first choice to show beside, once it is there."""
    page.click(".languages > summary")
    choice = page.locator(".languages button").first
    choice.wait_for()
    return choice


def show(page: Page, project: Project, code: str, other: str = "fr") -> None:
    """Open the menu of languages and choose what to show beside."""
    page.click(".languages > summary")
    words = project.wordings[code].texts
    page.get_by_role("button", name=words[f"share.{WITH[other]}"], exact=True).click()
    expect(page.locator(".two-bar")).to_be_visible()


def words_of(text: str) -> str:
    return re.sub(r"[\s\u2060]+", " ", text).strip()


@pytest.mark.browser
@pytest.mark.parametrize("code", LANGUAGES)
def test_every_block_of_every_page_has_its_twin_once_and_in_order(
    code: str, page: Page, address: str, project: Project
) -> None:
    """What the French page says in its blocks is what stands beside, in the same order.

    Each page in one of the languages.
    """
    problems = []
    blocks = """() => [...document.querySelectorAll("main :is(h1,h2,h3,p,li,dt,dd,td,th,legend)")]
      .filter((one) => !one.closest(
        "nav,.buttons,.listen,.review,.say,.letter,.map,.sources,.contents,.error,[data-result]"))
      .map((one) => { const twin = one.cloneNode(true);
        for (const part of twin.querySelectorAll(
          ".cite,.official,ul,ol,p,table,div,details")) part.remove();
        return twin.textContent.trim(); }).filter(Boolean)"""
    for path in [*project.pages[code]][LANGUAGES.index(code) :: len(LANGUAGES)]:
        if OWN_TESTS & {*project.source_pages[path].macros}:
            continue
        go(page, f"{address}fr/{page_folder('fr', path).removeprefix('fr/')}")
        expected = [words_of(one) for one in page.evaluate(blocks)]
        go(page, address + page_folder(code, path))
        show(page, project, code)
        pairs = [pair for pair in page.evaluate(PAIRS) if pair[0] not in NOT_ASKED]
        found = [words_of(pair[4]) for pair in pairs]
        if found != expected:
            problems.append((path, [one for one in expected if one not in found][:3], len(found)))
    assert problems == []


@pytest.mark.browser
@pytest.mark.parametrize(
    ("code", "other"), [("ar", "fr"), ("ti", "de"), ("fr", "de"), ("de", "fr")]
)
def test_each_side_has_its_language_and_direction_and_no_id_stands_twice(
    code: str, other: str, page: Page, address: str, project: Project
) -> None:
    go(page, f"{address}{code}/rights/appeal/")
    show(page, project, code, other)
    sides = {(lang, direction) for _, lang, direction, *_ in page.evaluate(PAIRS)}
    language = project.language[other]
    assert sides == {(language.tag, language.direction)}
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((one) => one.id)")
    assert len(ids) == len(set(ids))
    links = "[...document.querySelectorAll('main .two > [lang] a')].map((one) => one.href)"
    targets = page.evaluate(links)
    assert targets
    own = (f"{address}{other}/", "tel:", "https:")
    assert [target for target in targets if not target.startswith(own)] == []


@pytest.mark.browser
@pytest.mark.parametrize("height", [480, 900])
@pytest.mark.parametrize("code", ["ar", "ru", "so", "ta", "ti"])
def test_the_menu_stays_where_it_is_when_the_offer_comes_and_the_offer_is_in_sight(
    code: str, height: int, page: Page, address: str
) -> None:
    page.set_viewport_size({"width": 360, "height": height})
    go(page, f"{address}{code}/rights/")
    first = "document.querySelector('.languages a').getBoundingClientRect().top"
    before = page.evaluate(f"(document.querySelector('.languages').open = true, {first})")
    offer = page.locator(".two-offer button")
    expect(offer).to_have_count(2)
    assert page.evaluate(first) == before
    for one in offer.all():
        expect(one).to_be_in_viewport(ratio=1)
    last = page.locator(".languages a").last
    last.focus()
    expect(last).to_be_in_viewport(ratio=1)
    under = "one => { const box = one.getBoundingClientRect(); return one.contains("
    under += "document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)) }"
    assert last.evaluate(under), "what has the focus is behind the offer"


@pytest.mark.browser
def test_going_back_leaves_the_page_as_it_was_and_nothing_is_kept(
    page: Page, address: str, project: Project
) -> None:
    for path in ("ar/rights/appeal/", "ar/about/rules/", "ar/self-check/", "ar/where-to-go/"):
        go(page, address + path)
        open_menu(page)
        page.click(".languages > summary")
        state = "document.querySelector('main').outerHTML"
        before = page.evaluate(state)
        show(page, project, "ar")
        assert page.evaluate(state) != before
        page.locator(".two-bar button").click()
        expect(page.locator(".two-bar")).to_have_count(0)
        assert page.evaluate(state) == before
        assert page.url == address + path
        kept = "[localStorage.length, sessionStorage.length, document.cookie]"
        assert page.evaluate(kept) == [0, 0, ""]


@pytest.mark.browser
@pytest.mark.parametrize("code", ["ar", "ti"])
def test_the_self_check_is_led_in_both_languages_question_by_question(
    code: str, page: Page, address: str, project: Project
) -> None:
    ours, french = project.wordings[code].texts, project.wordings["fr"].texts
    go(page, f"{address}{code}/self-check/")
    show(page, project, code)
    answers = {"residence": "yes", "status": "permit_l", "validity": "valid", "salary": "no"}
    for number, (question, answer) in enumerate(answers.items(), 1):
        part = page.locator(f"[data-question={question}]")
        expect(part).to_be_visible()
        for key in ("text", "hint", f"answers.{answer}"):
            name = f"questions.{question}.{key}"
            expect(part).to_contain_text(re.sub("<[^>]+>", "", ours[name]))
            expect(part).to_contain_text(re.sub("<[^>]+>", "", french[name]))
        progress = french["check.progress"].format(n=number, max=4)
        expect(page.locator("[data-progress]")).to_contain_text(progress)
        page.check(f"[data-question={question}] input[value={answer}]")
        page.click("[data-self-check] button[type=submit]")
    result = page.locator("[data-result]")
    expect(result).to_be_visible()
    assert result.get_attribute("data-rule") == "l-valid-no-salary"
    outcome, notice = "outcomes.special_reduced", "notices.eu_job_loss"
    said = [f"{one}.{key}" for one in (outcome, notice) for key in ("title", "text")]
    for key in (*said, "check.result"):
        expect(result).to_contain_text(re.sub("<[^>]+>", "", french[key]))
        expect(result).to_contain_text(re.sub("<[^>]+>", "", ours[key]))
    expect(result.locator("[data-print] [lang]")).to_have_text(french["check.print"])
    expect(page.locator("[data-answer-list]")).to_contain_text(french["questions.status.text"])
    expect(page.locator("[data-answer-list]")).to_contain_text(
        french["questions.status.answers.permit_l"]
    )
    page.locator("[data-answer-list] button").nth(1).click()
    expect(page.locator("[data-question=status]")).to_be_visible()
    assert page.locator("input:checked").count() == 4


@pytest.mark.browser
def test_a_result_that_cannot_be_brought_is_told_in_both_languages(
    page: Page, address: str, project: Project
) -> None:
    go(page, f"{address}ar/self-check/")
    show(page, project, "ar")
    page.route("**/ar/results/", lambda route: route.abort())
    for question, answer in (("residence", "yes"), ("status", "swiss")):
        page.check(f"[data-question={question}] input[value={answer}]")
        page.click("[data-self-check] button[type=submit]")
    for code in ("ar", "fr"):
        expect(page.locator("form > .told")).to_contain_text(
            project.wordings[code].texts["check.failed"]
        )


@pytest.mark.browser
@pytest.mark.parametrize(
    "path", ["ar/rights/appeal/", "ti/self-check/", "fr/where-to-go/", "ar/topics/"]
)
@pytest.mark.parametrize("width", [360, 1280])
def test_both_languages_are_accessible_in_light_and_dark(
    path: str, width: int, page: Page, address: str, project: Project
) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    go(page, address + path)
    code = path[:2]
    show(page, project, code, "de" if code == "fr" else "fr")
    found: list[Any] = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found += violations(page)
    assert found == []
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0


def test_no_heading_names_a_language_to_read_it_in(site: Path, project: Project) -> None:
    """The menu of languages offers that, once a page, on the screen and to screen readers."""
    found = []
    for code, pages in project.pages.items():
        for path in pages:
            file = site / page_folder(code, path) / "index.html"
            page = html.parse(str(file), html.HTMLParser(encoding="utf-8"))
            for heading in page.xpath("//main//*[self::h1 or self::h2 or self::h3]"):
                others = heading.xpath(".//a[@lang]/text()")
                found += [(file, other) for other in others]
    assert found == []


@pytest.mark.browser
def test_the_answers_given_keep_the_languages_apart_and_lose_the_second_on_going_back(
    page: Page, address: str, project: Project
) -> None:
    ours, french = project.wordings["ar"].texts, project.wordings["fr"].texts
    own = f"{ours['questions.residence.text']} {ours['questions.residence.answers.yes']}"
    go(page, f"{address}ar/self-check/")
    show(page, project, "ar")
    page.check("[data-question=residence] input[value=yes]")
    page.click("[data-self-check] button[type=submit]")
    line = page.locator("[data-answer-list] li")
    expect(line.locator("> span .two > :first-child")).to_have_text(own)
    said = f"{ours['check.change']}: {ours['questions.residence.text']}"
    expect(line.locator("button .two > :first-child")).to_have_text(said)
    expect(line.locator("button [lang]")).to_have_text(french["check.change"])
    assert french["check.continue"] not in (page.locator("form .listen").text_content() or "")
    page.locator(".two-bar button").click()
    expect(line.locator("> span")).to_have_text(own)
    expect(line.locator("button")).to_have_text(said)


@pytest.mark.browser
def test_a_press_without_network_says_so_once_and_changes_nothing_until_one_succeeds(
    page: Page, address: str, project: Project
) -> None:
    go(page, f"{address}ar/rights/appeal/")
    choice = open_menu(page)
    page.context.set_offline(True)
    bar = page.locator(".two-bar")
    for _ in range(2):
        choice.click()
        expect(bar).to_have_text([project.wordings["ar"].texts["phone.offline"]])
        assert page.locator("main .two").count() == 0
    page.context.set_offline(False)
    choice.click()
    expect(bar).to_have_text([project.wordings["ar"].texts["share.alone"]])


@pytest.mark.browser
def test_what_is_read_stays_in_its_place_on_going_back(
    page: Page, address: str, project: Project
) -> None:
    go(page, f"{address}ti/rights/appeal/")
    show(page, project, "ti")
    page.evaluate("document.querySelector('#who').scrollIntoView()")
    place = "document.querySelector('#who').getBoundingClientRect().top"
    before = page.evaluate(place)
    page.locator(".two-bar button").dispatch_event("click")  # a click of Playwright's may scroll
    assert abs(page.evaluate(place) - before) <= 2


@pytest.mark.browser
def test_each_language_of_a_card_on_the_home_page_leads_to_its_own_page(
    page: Page, address: str, project: Project
) -> None:
    go(page, f"{address}ar/")
    show(page, project, "ar")
    for side, code in ((":first-child", "ar"), ("[lang]", "fr")):
        hit = page.locator(f"main li .two > {side} > a").first.evaluate(
            "(link) => { link.scrollIntoView({ block: 'center' });"
            " const box = link.getBoundingClientRect();"
            " return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)"
            ".closest('a').href; }"
        )
        assert hit == f"{address}{code}/help/#today"


HIDDEN = """(bar) => {
  const one = document.activeElement, at = one.getBoundingClientRect();
  if (one === document.body || one.closest(bar)) return "";
  const over = document.querySelector(bar).getBoundingClientRect();
  const isBeside = at.right <= over.left || at.left >= over.right;
  const isSeen = at.top < over.top ? at.bottom > 0 : at.bottom > over.bottom;
  return isBeside || (isSeen && at.top < innerHeight) ? "" : one.textContent.trim().slice(0, 40);
}"""
"""What has the focus, where nothing of it is seen beside a bar."""


def hidden_behind(page: Page, bar: str, key: str, most: int = 200) -> list[str]:
    """Go through a page with a key; return what had the focus behind a bar, or out of sight."""
    found = []
    for _ in range(most):
        page.keyboard.press(key)
        found.append(page.evaluate(HIDDEN, bar))
        if page.evaluate("document.activeElement === document.body"):
            break
    assert len(found) > 20
    return [one for one in found if one]


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height"), [(640, 320), (390, 844), (320, 480)])
def test_nothing_that_has_the_focus_is_hidden_behind_the_bar(
    width: int, height: int, page: Page, address: str, project: Project
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    go(page, f"{address}ar/help/")
    show(page, project, "ar")
    for key, first in (("Tab", ".brand"), ("Shift+Tab", "footer a >> nth=-1")):
        page.locator(first).focus()
        assert hidden_behind(page, ".two-bar", key) == []
