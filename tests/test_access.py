"""For every eye, hand and ear: zoom, spacing, forced colors, motion, what a screen reader gets."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from scripts.content.project import Project
from scripts.site.addresses import page_folder
from tests.conftest import go

pytestmark = pytest.mark.browser
PATHS = ("", "self-check/", "topics/", "phone/", "rights/appeal/", "about/proof/", "where-to-go/")
"""One page of each make."""
CODES = ("de", "ar", "ta")
"""A language of long words, one of each direction, one of high letters."""
STYLE = """(css) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
}"""
STICKS_OUT = """() => {
  const problems = [];
  if (document.documentElement.scrollWidth > innerWidth) problems.push('page scrolls sideways');
  for (const one of document.querySelectorAll('body *')) {
    const folded = one.closest('details:not([open]) > :not(summary)');
    if (folded || one.closest('.wide, .hidden, .md-skip, .listen')) continue;
    const box = one.getBoundingClientRect();
    if (box.width && (box.right > innerWidth + 1 || box.left < -1)) problems.push(one.outerHTML);
    const style = getComputedStyle(one);
    const cut = style.overflowY === 'hidden' && one.scrollHeight > one.clientHeight + 1;
    if (cut || (style.overflowX === 'hidden' && one.scrollWidth > one.clientWidth + 1)) {
      problems.push(`cut off: ${one.outerHTML}`);
    }
  }
  return problems.map((one) => one.slice(0, 120)).slice(0, 3);
}"""
TEXT_SPACING = (
    "* { line-height: 1.5 !important; letter-spacing: 0.12em !important;"
    " word-spacing: 0.16em !important } p { margin-block-end: 2em !important }"
)
"""What WCAG 1.4.12 has a page bear."""
BIG_TEXT = "html { font-size: 250% !important }"
"""Twice the site's own size."""


ENLARGED = (
    ("zoom of 200 %", 640, ""),
    ("zoom of 400 %", 320, ""),
    ("text of 200 % on a phone", 360, BIG_TEXT),
    ("text spacing on a phone", 360, TEXT_SPACING),
)


@pytest.mark.parametrize("code", CODES)
def test_nothing_is_cut_off_or_sticks_out(
    code: str, open_page: Callable[[str], Page], address: str
) -> None:
    page = open_page("")
    problems = []
    for path in PATHS:
        go(page, f"{address}{code}/{path}")
        for name, width, css in ENLARGED:
            page.set_viewport_size({"width": width, "height": 640})
            page.evaluate(STYLE, css)
            found = page.evaluate(STICKS_OUT)
            problems += [f"{name}, {path}: {one}" for one in found]
    assert problems == []


def test_in_forced_colors_the_current_page_and_the_main_button_keep_a_border(
    context: BrowserContext, address: str
) -> None:
    page = context.new_page()
    page.emulate_media(forced_colors="active")
    go(page, f"{address}fr/self-check/")
    page.click(".menu > summary")
    border = "one => getComputedStyle(one).borderTopStyle"
    assert page.locator("[type=submit]").evaluate(border) == "solid"
    assert page.locator(".menu [aria-current]").evaluate(border) == "solid"
    page.focus("[type=submit]")
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    outline = page.locator("[type=submit]").evaluate("one => getComputedStyle(one).outlineStyle")
    assert outline == "solid"


def test_nothing_moves_by_itself(open_page: Callable[[str], Page], address: str) -> None:
    page = open_page("")
    for path in PATHS:
        go(page, f"{address}fr/{path}")
        moving = page.evaluate(
            """() => [...document.querySelectorAll('*')].filter((one) => {
                 const style = getComputedStyle(one);
                 // 'later' shows what waited; it moves nothing
                 return !['none', 'later'].includes(style.animationName)
                   || parseFloat(style.transitionDuration) > 0 || style.scrollBehavior !== 'auto';
               }).map((one) => one.tagName)"""
        )
        assert moving == []


def tree(*lines: tuple[int, str, str]) -> str:
    """Return a tree as Playwright reads it: depth, role, name ("" for one that has parts)."""
    return "\n".join("  " * depth + _line(role, name) for depth, role, name in lines)


def _line(role: str, name: str) -> str:
    if not name:
        return f"- {role}:"
    named = f"{role} {json.dumps(name, ensure_ascii=False)}".replace("'", "''")
    return f"- '{named}'"


def heard(page: Page, expected: str) -> None:
    """Compare what a screen reader gets, in its order, with what it should."""
    expect(page.locator("body")).to_match_aria_snapshot(expected)


@pytest.fixture(params=["fr", "ar"])
def words(request: pytest.FixtureRequest, project: Project) -> tuple[str, Any, Any]:
    """A language's code, its wording and its pages."""
    code = request.param
    return code, project.wordings[code].texts, project.pages[code]


def test_a_screen_reader_gets_home_in_its_order(
    words: tuple[str, Any, Any], open_page: Callable[[str], Page], project: Project
) -> None:
    code, texts, pages = words
    page = open_page(f"{code}/")
    heard(page, tree(
        (0, "link", texts["ui.skip"]),
        (0, "banner", ""),
        (1, "link", texts["ui.site_name"]),
        (1, "link", texts["ui.search"]),
        (0, "main", ""),
        (1, "article", ""),
        (2, "heading", pages["index"].title),
        (0, "contentinfo", ""),
        (1, "paragraph", ""),
        (2, "link", f"{texts['ui.urgent']} 144 · 117 · 118 · 112 · 143"),
    ))  # fmt: skip
    said = page.locator(".languages summary").inner_text()
    assert said.startswith(texts["ui.languages"])
    assert said.endswith(project.language[code].name)


def test_a_screen_reader_gets_the_menu_with_the_page_it_is_on(
    words: tuple[str, Any, Any], open_page: Callable[[str], Page]
) -> None:
    code, texts, pages = words
    page = open_page(f"{code}/rights/appeal/")
    page.click(".menu > summary")
    names = page.get_by_role("navigation", name=texts["ui.main_navigation"]).get_by_role("link")
    assert names.nth(1).inner_text() == pages["self-check"].title
    current = page.locator(".menu [aria-current=page]")
    assert current.inner_text() == pages["rights/appeal"].title


def test_a_screen_reader_gets_a_question_with_its_hint_and_answers(
    words: tuple[str, Any, Any], open_page: Callable[[str], Page]
) -> None:
    code, texts, pages = words
    page = open_page(f"{code}/self-check/")
    heard(page, tree(
        (0, "main", ""),
        (1, "article", ""),
        (2, "heading", pages["self-check"].title),
    ))  # fmt: skip
    group = page.get_by_role("group", name=texts["questions.residence.text"])
    expect(group).to_match_aria_snapshot(tree(
        (0, "radio", texts["questions.residence.answers.yes"]),
        (0, "radio", texts["questions.residence.answers.no"]),
        (0, "radio", texts["check.unknown"]),
    ))  # fmt: skip
    hint = group.evaluate(
        "one => document.getElementById(one.getAttribute('aria-describedby')).textContent"
    )
    assert hint == texts["questions.residence.hint"]
    assert page.get_by_role("button", name=texts["check.continue"]).is_visible()


def test_a_screen_reader_gets_field_count_and_results_of_the_search(
    words: tuple[str, Any, Any], open_page: Callable[[str], Page]
) -> None:
    code, texts, pages = words
    page = open_page(f"{code}/topics/")
    page.fill("#search", "recours")
    page.locator("[data-results] a").first.wait_for()
    count = page.locator("[data-results] li").count()
    heard(page, tree(
        (0, "main", ""),
        (1, "article", ""),
        (2, "heading", pages["topics"].title),
        (2, "search", ""),
        (3, "paragraph", ""),
        (4, "searchbox", texts["search.label"]),
        (4, "button", texts["search.button"]),
    ))  # fmt: skip
    status = page.get_by_role("status").first
    assert status.inner_text() == texts["search.count"].replace("{n}", str(count))
    described = page.locator("#search").get_attribute("aria-describedby")
    assert page.locator(f"#{described}").inner_text() == texts["search.hint"]


@pytest.mark.parametrize("code", ["ar", "fa", "ps"])
def test_marks_of_sources_beside_each_other_stand_from_right_to_left(
    code: str, open_page: Callable[[str], Page]
) -> None:
    page = open_page(f"{code}/rights/appeal/")
    pairs = page.evaluate(
        """[...document.querySelectorAll(".cite + .cite")].map((second) => {
          const [left, right] = [second, second.previousElementSibling]
            .map((one) => one.getBoundingClientRect());
          return left.top !== right.top || left.right <= right.left + 1;
        })"""
    )
    assert len(pairs) > 0
    assert all(pairs)


@pytest.mark.parametrize("margin", ["10mm", "15mm"])
def test_each_sheet_of_paper_holds_text_of_the_page_and_the_first_its_address(
    margin: str, open_page: Callable[[str], Page], address: str
) -> None:
    page = open_page("")
    problems = []
    for path in ("permit", "topics", "rights/index", "staff", "about/sources-help", "help"):
        folder = page_folder("fr", path)
        go(page, address + folder)
        document = pypdfium2.PdfDocument(
            page.pdf(
                format="A4",
                margin={"top": margin, "bottom": margin, "left": margin, "right": margin},
            )
        )
        sheets = [" ".join(one.get_textpage().get_text_range().split()) for one in document]
        assert len(sheets) > 1
        where = [at for at, sheet in enumerate(sheets) if address + folder in sheet]
        if where != [0] or min(map(len, sheets)) < 25:
            problems.append((path, where, sheets[-1]))
    assert problems == []
