"""The page to project: the pages' own words, large, with a second language beside them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from playwright.sync_api import Browser, Page, expect

from scripts.bootstrap import find_chromium
from scripts.content.excerpts import found_block, found_heading, load_parts
from scripts.content.inline import inline
from scripts.content.project import Project
from scripts.faults import ROOT
from tests.axe import violations
from tests.conftest import go

SCREENS = [(1280, 720), (1920, 1080), (1024, 768), (3840, 2160)]
STEP = ".stage [role=status]"
SMALLEST = 18
"""Pixels of the text where a step does not fit and is scrolled: Tamil beside French needs it."""
BY_SCRIPT = ("de", "pl", "sq", "uk", "ar", "ps", "ta", "ti")
"""Languages of every script and direction, those with long words among them."""
PARTS = load_parts(ROOT / "scripts/rules/evening.yml")
STEPS = len(PARTS)


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 1280, "height": 720}, service_workers="block", has_touch=True
    )
    context.set_default_timeout(5000)
    page = context.new_page()
    go(page, f"{address}fr/evening/")
    yield page
    context.close()


def project_it(page: Page) -> None:
    page.click("[data-evening] button")
    expect(page.locator(STEP)).to_have_text(f"Étape 1 sur {STEPS}")


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("code", ["fr", "de"])
def test_the_steps_say_what_the_pages_say(code: str, site: Path, project: Project) -> None:
    text = (site / code / "evening/index.html").read_text(encoding="utf-8")
    sections = html.document_fromstring(text).xpath("//section")
    assert len(sections) == len(project.evening)
    pages = project.pages[code]
    for part, section in zip(project.evening, sections, strict=True):
        heading = section.find("h2")
        assert heading.text_content().strip() == found_heading(pages, part)
        assert len(heading.findall("svg")) == 1
        assert part.notes[code] in section.text_content()
        blocks = [block for row in part.rows if (block := found_block(pages, row))]
        rows = [words(row.text_content()) for row in section.xpath(".//*[@data-row]")]
        assert rows == [words(inline(block).striptags()) for block in blocks]
        word = "start" if part.id == "welcome" else f"{code}-{project.addresses.words[part.page]}"
        assert section.xpath(".//p/a/@href")[0] == f"../../kit/qr/{word}.svg"


def test_keys_clickers_and_swipes_change_the_step(page: Page) -> None:
    project_it(page)
    keys = {
        "PageDown": 2,
        "ArrowRight": 3,
        "PageUp": 2,
        "ArrowLeft": 1,
        "End": STEPS,
        "ArrowDown": STEPS,
        "Home": 1,
    }
    for key, number in keys.items():
        page.keyboard.press(key)
        expect(page.locator(STEP)).to_have_text(f"Étape {number} sur {STEPS}")
    page.locator(".stage").focus()
    swipe = """([from, to]) => { const stage = document.querySelector(".stage");
      for (const [kind, x] of [["touchstart", from], ["touchend", to]]) {
        const touch = new Touch({ identifier: 1, target: stage, clientX: x, clientY: 300 });
        stage.dispatchEvent(new TouchEvent(kind, { changedTouches: [touch], bubbles: true }));
      } }"""
    page.evaluate(swipe, [600, 300])
    expect(page.locator(STEP)).to_have_text(f"Étape 2 sur {STEPS}")
    page.evaluate(swipe, [300, 600])
    expect(page.locator(STEP)).to_have_text(f"Étape 1 sur {STEPS}")


def test_escape_ends_it_and_the_page_is_as_it_was(page: Page) -> None:
    before = page.evaluate("document.body.outerHTML")
    project_it(page)
    page.keyboard.press("Escape")
    expect(page.locator(".stage")).to_have_count(0)
    assert page.evaluate("document.activeElement.textContent") == "Projeter"
    after = page.evaluate("document.body.outerHTML")
    assert after.replace(' class=""', "") == before.replace(' class=""', "")


@pytest.mark.parametrize(("code", "direction"), [("ar", "rtl"), ("ti", "ltr")])
def test_a_second_language_stands_beside_with_its_own_code(
    code: str, direction: str, page: Page, project: Project
) -> None:
    project_it(page)
    page.select_option(".bar select", code)
    steps = [part for part in project.evening if part.rows]
    pages = project.pages[code]
    for part in steps:
        page.keyboard.press("PageDown")
        other = page.locator(f".slide .sides > [lang={project.language[code].tag}]")
        expect(other.locator("h2")).to_have_text(found_heading(pages, part) or "")
        assert other.get_attribute("dir") == direction
        blocks = [block for row in part.rows if (block := found_block(pages, row))]
        expected = [inline(block).striptags() for block in blocks]
        found = other.locator("li").all_text_contents()
        assert [_plain(one) for one in found] == [_plain(str(one)) for one in expected], part.id
        word = project.addresses.words[part.page]
        source = page.locator(".slide > img").get_attribute("src") or ""
        assert source.endswith(f"/kit/qr/{code}-{word}.svg")


def _plain(text: str) -> str:
    """Letters and figures only: where official words were, a space is left."""
    return re.sub(r"[\s\u2060]+", "", text)


MEASURE = """() => {
  const slide = document.querySelector(".slide"), at = slide.getBoundingClientRect();
  const cut = [...slide.querySelectorAll("h2, li, img")].filter((one) => {
    const { top, bottom, left, right } = one.getBoundingClientRect();
    const above = at.top - top - slide.scrollTop;
    const below = bottom + slide.scrollTop - at.top - slide.scrollHeight;
    return Math.max(above, below, at.left - left, right - at.right) > 1;
  });
  const bar = document.querySelector(".bar").getBoundingClientRect();
  return {
    cut: cut.map((one) => one.textContent.slice(0, 30)),
    more: slide.scrollHeight - slide.clientHeight,
    size: parseFloat(getComputedStyle(slide).fontSize),
    bar: bar.bottom > innerHeight ? Infinity : bar.height / innerHeight,
    wide: slide.scrollWidth - slide.clientWidth,
  };
}"""
"""What of the step shown is cut, how much of it must be scrolled to, and how large its text is."""


def steps_of(page: Page, project: Project, second: str) -> Iterator[tuple[int, Any]]:
    """Go through the steps; yield each one's number and measure."""
    if second:
        page.select_option(".bar select", second)
    page.keyboard.press("Home")
    for number in range(1, len(project.evening) + 1):
        expect(page.locator(STEP)).to_have_text(f"Étape {number} sur {STEPS}")
        expect(page.locator(".slide .sides > div")).to_have_count(2 if second else 1)
        yield number, page.evaluate(MEASURE)
        page.keyboard.press("ArrowRight")


@pytest.mark.parametrize(("width", "height"), SCREENS)
@pytest.mark.parametrize("second", ["", "ar", "ta"])
def test_every_step_fits_the_screen_of_a_room(
    width: int, height: int, second: str, page: Page, project: Project
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    project_it(page)
    for number, found in steps_of(page, project, second):
        assert found["cut"] == [], number
        if found["more"]:
            assert (second, found["size"]) == ("ta", SMALLEST), number
        else:
            assert found["size"] / height >= 0.021, number


@pytest.mark.parametrize(("width", "height"), [(320, 480), (640, 320), (390, 844)])
def test_on_a_small_screen_a_step_is_scrolled_and_nothing_of_it_is_cut(
    width: int, height: int, page: Page, project: Project
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    project_it(page)
    for second in ("", "ar", "ta"):
        for number, found in steps_of(page, project, second):
            assert (found["cut"], found["wide"]) == ([], 0), (second, number)
            assert found["size"] >= SMALLEST
            assert found["bar"] <= 1 / 5
            assert page.locator(".slide").get_attribute("tabindex") == (
                "0" if found["more"] else None
            )
    page.keyboard.press("Home")
    is_more = page.evaluate(MEASURE)["more"] > 0
    page.keyboard.press("PageDown")
    expect(page.locator(STEP)).to_have_text(f"Étape {1 if is_more else 2} sur {STEPS}")
    for _ in range(20):
        if "Étape 2" in page.inner_text(STEP):
            break
        page.keyboard.press("PageDown")
    expect(page.locator(STEP)).to_have_text(f"Étape 2 sur {STEPS}")


@pytest.mark.parametrize(
    ("width", "height", "codes"), [(1280, 720, BY_SCRIPT), (390, 844, ("de", "ar", "ta"))]
)
def test_large_letters_cut_nothing_of_a_step_in_any_script(
    width: int,
    height: int,
    codes: tuple[str, ...],
    browser: Browser,
    address: str,
    project: Project,
) -> None:
    large = browser.browser_type.launch(
        executable_path=os.environ.get("CHROMIUM") or str(find_chromium()),
        args=["--no-sandbox", "--blink-settings=minimumFontSize=24"],
    )
    page = large.new_page(viewport={"width": width, "height": height}, service_workers="block")
    go(page, f"{address}fr/evening/")
    project_it(page)
    for code in codes:
        for number, found in steps_of(page, project, code):
            assert (found["cut"], found["wide"]) == ([], 0), (code, number)
    large.close()


def test_the_videos_are_links_that_open_in_their_steps_and_nothing_is_kept(
    page: Page, address: str
) -> None:
    project_it(page)
    films: dict[str, tuple[str | None, str]] = {}
    for part in PARTS:
        number = PARTS.index(part) + 1
        expect(page.locator(STEP)).to_have_text(f"Étape {number} sur {STEPS}")
        for link in page.locator(".slide a").all():
            films[part.id] = (link.get_attribute("target"), link.get_attribute("href") or "")
        page.keyboard.press("PageDown")
    assert list(films) == ["assistance", "calculation", "documents"]
    for number, (target, film) in enumerate(films.values(), 1):
        assert target == "_blank"
        assert re.fullmatch(rf"https://artias\.ch/.*_Video_{number}_.*\.mp4", film)
    kept = "[localStorage.length, sessionStorage.length, document.cookie]"
    assert page.evaluate(kept) == [0, 0, ""]
    assert page.url == f"{address}fr/evening/"


def test_each_step_shows_its_picture_beside_each_heading_and_no_note(page: Page) -> None:
    project_it(page)
    page.select_option(".bar select", "ar")
    for number, part in enumerate(PARTS, 1):
        expect(page.locator(STEP)).to_have_text(f"Étape {number} sur {STEPS}")
        expect(page.locator(".slide .sides > div")).to_have_count(2)
        shown = page.locator(".slide h2 svg")
        assert [one.is_visible() for one in shown.all()] == [True, True], part.id
        assert part.notes["fr"] not in page.locator(".slide").inner_text()
        page.keyboard.press("PageDown")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_projection_is_accessible(scheme: Any, page: Page) -> None:
    page.emulate_media(color_scheme=scheme)
    project_it(page)
    page.select_option(".bar select", "ar")
    page.keyboard.press("PageDown")
    expect(page.locator(".slide .sides > div")).to_have_count(2)
    assert violations(page) == []


def test_without_script_the_steps_are_a_page(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}de/evening/")
    assert page.locator("section").count() == STEPS
    assert page.locator("[data-evening] button").is_hidden()
    page.click("section:has(#rights) p > a:last-child")
    expect(page).to_have_url(f"{address}de/rights/")
    context.close()
