"""Pictures and drawings: beside words, in translated words, true to the rules, right in Arabic."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import html
from playwright.sync_api import Browser, Page

from scripts.content.pictures import NOWHERE
from scripts.content.project import Project
from scripts.faults import ROOT
from scripts.site.addresses import page_folder
from scripts.site.drawn import permit_states
from tests.conftest import ContentCopy, go, shipped

PICTURES = "scripts/rules/pictures.yml"
OURS = sorted((ROOT / "overrides" / ".icons" / "aid").glob("*.svg"))
PICTURE_PAGES = ("words-pictures", "words-pictures-2")
HEAVIEST = 260
"""Bytes of a picture's file: what a page pays for the first time that it shows it."""
LOOK = """() => [...document.querySelectorAll("article .pic")].map((one) => {
  const { transform, display, fill } = getComputedStyle(one);
  const around = getComputedStyle(one.parentElement).color;
  const { width, height } = one.getBoundingClientRect();
  return { turned: transform !== "none", seen: display !== "none" && width > 12 && height > 12,
    worded: fill === around, marked: one.classList.contains("turned") };
})"""


def article(site: Path, code: str, path: str) -> html.HtmlElement:
    """The article of a built page."""
    text = (site / page_folder(code, path) / "index.html").read_text(encoding="utf-8")
    [found] = html.fromstring(text).iterfind(".//article")
    return found


def text_of(element: html.HtmlElement) -> str:
    return " ".join("".join(element.itertext()).split())


def plain(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", text).split())


@pytest.mark.parametrize("code", ["fr", "de", "ar", "ti"])
def test_every_picture_has_its_words_and_is_silent(code: str, site: Path, project: Project) -> None:
    shown = 0
    for path in project.pages[code]:
        for picture in article(site, code, path).iterfind(".//svg"):
            shown += 1
            assert picture.get("aria-hidden") == "true"
            assert picture.get("width"), path  # without the style sheet it would fill the page
            [beside] = picture.xpath("..")
            words = text_of(beside)
            assert len(words) > 2, (code, path, html.tostring(picture))
            drawn = "".join(picture.itertext()).replace("\n", "")
            assert not drawn.strip() or drawn.isdigit(), "words stand beside a drawing, not in it"
    assert shown > 100


@pytest.mark.parametrize("code", ["fr", "de", "ar", "ti", "ta", "ps"])
def test_what_is_drawn_is_said_in_the_reader_s_language(
    code: str, site: Path, project: Project
) -> None:
    texts = project.wordings[code].texts
    for name, drawing in project.pictures.drawings.items():
        for place, here in drawing.at.items():
            page = article(site, code, place.partition("#")[0])
            words = [plain(texts[key]) for key in drawing.steps.values()]
            ways = [[text_of(li) for li in ol] for ol in page.iterfind(".//ol[@class='way']")]
            if here != NOWHERE:
                words[list(drawing.steps).index(here)] += f" {texts['ui.you_are_here']}"
            assert not words or words in ways, (name, place)
    notes = [texts[f"drawn.notes.{n}"] for n in range(1, 6)]
    [sample] = article(site, code, "rights/received").iterfind(".//div[@class='sample']")
    assert [text_of(li) for li in sample.iterfind(".//li")] == notes
    assert [*"".join(sample.itertext("text"))] == [str(n) for n in range(1, len(notes) + 1)]


def test_the_reader_s_place_is_marked_once(site: Path) -> None:
    for path, words in (("rights/decision", "La décision"), ("rights/appeal", "Pas d’accord")):
        [step] = article(site, "fr", path).iterfind(".//ol[@class='way']/li[@aria-current='step']")
        assert text_of(step).startswith(words)


def test_the_pages_of_pictures_name_every_page_that_shows_one(site: Path, project: Project) -> None:
    pages = [path for path, page in project.source_pages.items() if not page.only]
    shown = {path: html.tostring(article(site, "fr", path)).decode() for path in pages}
    articles = [article(site, "fr", path) for path in PICTURE_PAGES]
    entries = [li for one in articles for li in one.iterfind(".//ul[@class='pics']/li")]
    found = {li.get("id"): [text_of(a) for a in li.iterfind(".//a")] for li in entries}
    assert list(found) == list(project.pictures.pictures)
    for name, picture in project.pictures.pictures.items():
        drawn = re.search(r' d="([^"]+)"', picture.path)
        assert drawn
        titles = {
            " ".join(project.source_pages[path].title.split())
            for path in pages
            if shipped(drawn[1]) in shown[path] and path not in PICTURE_PAGES
        }
        assert set(found[name]) == titles, name


def test_each_picture_means_one_thing_and_is_light(project: Project) -> None:
    meanings = [picture.meaning for picture in project.pictures.pictures.values()]
    assert len(set(meanings)) == len(meanings)
    assert {icon.stem for icon in OURS} <= set(project.pictures.pictures)
    for name, picture in project.pictures.pictures.items():
        assert len(picture.path) <= HEAVIEST, name


def test_the_drawn_permits_say_what_the_rules_say(project: Project) -> None:
    table = project.table
    told = {
        (permit, row.state, salary): row.outcome
        for group in permit_states(table)
        for permit in group.permits
        for row in group.rows
        for salary in ([row.salary] if row.salary else ["yes", "no"])
    }
    meant = {
        (one["status"], one["validity"], one["salary"]): table.matching(one)[0].outcome
        for one in table.situations
        if one["residence"] == "yes" and one["status"] in {permit for permit, *_ in told}
    }
    assert told == meant
    assert {permit for permit, *_ in told} == {"permit_b", "permit_c", "permit_l"}


BROKEN = {
    "an icon that is none": ("icon: aid/ask", "icon: aid/asks", "no file 'aid/asks.svg'"),
    "a meaning without words": ("meaning: say.apply", "meaning: say.x", "no wording 'say.x'"),
    "a name that is none": ("deadline: clock", "deadline: clocks", "found 'clocks'; allowed: adv"),
    "a picture that is used nowhere": ('"118": fire', '"118": police', "'fire' is used nowhere"),
    "a list with too few": ("[say, letter]", "[say]", "found 1 pictures, expected 2"),
    "a list that is none": ("index#tools", "index#tool", "expected 0"),
    "a box that is none": ("help#emergency/auth", "help#today/auth", "no box at 'help#today/"),
    "a number that is none": ('"144"', '"145"', "'numbers.145' is unknown"),
    "a sentence without one": ("  opinion: say\n", "", "'say.opinion' is missing"),
    "a permit that is none": ("permit_b: B", "permit_x: B", "'cards.permit_x' is unknown"),
    "a drawing that is none": ("  safety_net:", "  safety_nets:", "'drawings.safety_nets'"),
    "a section that is none": ("assistance#after", "assistance#afters", "expected a page and a"),
    "a step that is none": ("when: decision", "when: decisions", "found 'decisions'; allowed"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_each_fault_of_the_pictures_is_told(name: str, copy: ContentCopy) -> None:
    old, new, expected = BROKEN[name]
    copy.replace(PICTURES, old, new)
    faults = [fault for fault in copy.faults() if expected in fault]
    assert faults, copy.faults()
    assert all(fault.startswith(f"{PICTURES}:") for fault in faults)


def test_no_translation_places_a_picture(project: Project) -> None:
    for code, pages in project.pages.items():
        for page in pages.values():
            assert project.language[code].is_source or "svg" not in page.body


@pytest.mark.browser
@pytest.mark.parametrize("path", ["", "obligations/", "rights/appeal/", "help/"])
def test_only_what_has_a_direction_is_turned_in_right_to_left_text(
    path: str, open_page: Callable[[str], Page]
) -> None:
    for code, turned in (("fr", False), ("ar", True)):
        looks = open_page(f"{code}/{path}").evaluate(LOOK)
        assert looks
        assert all(one["turned"] == (turned and one["marked"]) for one in looks)


@pytest.mark.browser
@pytest.mark.parametrize(
    "media",
    [{"color_scheme": "dark"}, {"forced_colors": "active"}, {"media": "print"}],
    ids=["dark", "forced colours", "print"],
)
def test_a_picture_has_the_colour_of_its_words(
    media: dict[str, str], browser: Browser, address: str
) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.emulate_media(**media)  # type: ignore[arg-type]
    go(page, f"{address}fr/rights/decision/")
    looks = page.evaluate(LOOK)
    page.close()
    assert len(looks) > 8
    assert all(one["seen"] and one["worded"] for one in looks)


@pytest.mark.browser
def test_the_self_check_shows_a_permit_s_letter_and_says_it_once(
    open_page: Callable[[str], Page],
) -> None:
    page = open_page("fr/self-check/")
    page.click("[data-question=residence] [value=yes]")
    page.click("[type=submit]")
    label = page.locator("label:has([value=permit_b])")
    assert label.locator(".card").inner_text() == "B"
    assert label.locator(".card").get_attribute("aria-hidden") == "true"
    label.click()
    page.click("[type=submit]")
    answer = page.locator("[data-answer='status=permit_b'] strong")
    assert answer.inner_text() == "Permis B"
