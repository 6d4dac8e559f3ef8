"""Handouts: all that they say stands on the pages, in both languages, shaped and ordered right.

How a language is proved: where the script is written letter by letter (Latin, Cyrillic, Ethiopic),
the text is taken out of the PDF and compared with the pages. Arabic and Tamil come out of any PDF
garbled (joined letters, vowels that stand before): there each line is compared, as a picture, with
what the browser makes of the same words in the same font. Where such a line ends among Latin words,
these are looked at by their place on the sheet.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from ctypes import c_double
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]
import pytest
from markupsafe import Markup
from PIL import Image, ImageChops, ImageFilter, ImageOps, ImageStat
from playwright.sync_api import Browser
from zxingcpp import read_barcodes

from scripts.content.excerpts import check_parts, found_blocks, found_heading, load_parts
from scripts.content.languages import load_languages
from scripts.content.places import WHERE
from scripts.content.project import Project
from scripts.faults import ROOT, FaultsError
from scripts.share import handouts as handouts_module
from scripts.share.fonts import FAMILIES
from scripts.share.handouts import ASK, BLANKS, handout, row_text
from scripts.share.printer import Print, pdf
from scripts.share.words import quoted
from scripts.site.offices import facts_text
from scripts.site.view import View
from tests.conftest import SITE_URL
from tests.pdf_structure import accessibility_faults, elements

LANGUAGES = [one for one in load_languages(ROOT / "mkdocs.yml") if not one.is_growing]
CODES = [language.code for language in LANGUAGES]
pytestmark = pytest.mark.xdist_group("handouts")
"""One worker makes them for all these tests."""
BY_TEXT = [one.code for one in LANGUAGES if one.script in ("Latn", "Cyrl", "Ethi")]
BY_PICTURE = [one.code for one in LANGUAGES if one.script in ("Arab", "Taml")]
HANDOUT = ROOT / "scripts/rules/handout.yml"
LARGEST = 300_000
"""Bytes of a handout."""
LIKE = 0.5
"""How like two pictures of a line are at least when it is set right."""
APART = 0.15
"""How much less like it is when its letters are reversed, at least."""


@pytest.fixture(scope="module")
def handouts(project: Project) -> dict[str, bytes]:
    """The handout of every language."""
    return {code: pdf(handout(project, SITE_URL, code)) for code in CODES}


def said(project: Project, code: str) -> list[str]:
    """The headings and rows of the handout in one language, in their order."""
    return [str(Markup(text).striptags()) for text in said_in_html(project, code)]


def said_in_html(project: Project, code: str) -> list[str]:
    """The same, with the tags that stand in it."""
    pages = project.pages[code]
    texts: list[str] = []
    for part in project.handout:
        texts += [] if part.large else [found_heading(pages, part) or ""]
        texts += [str(row_text(found_blocks(pages, row))) for row in part.rows]
        if part.id == ASK:
            view = View(project, project.language[code], WHERE)
            offices = project.places.offices.values()
            texts += [facts_text(view, one) for one in offices if one.filled]
        texts += [str(quoted(project, name, project.language[code])) for name in part.say]
    return texts


def plain(text: str) -> str:
    """A text without white space; the PDF's reader says U+0002 for a hyphen that ends a line."""
    return "".join(text.replace("\u2060", "").replace("\u00ad", "").replace("\x02", "-").split())


def column(document: bytes, right: bool) -> str:
    """The text of one side of all sheets, white space left out."""
    found = ""
    for sheet in pypdfium2.PdfDocument(document):
        width, height = sheet.get_size()
        left = width / 2 - 3 if right else 0
        found += plain(
            sheet.get_textpage().get_text_bounded(left, 24, left + width / 2 - 3, height)
        )
    return found


_MIRRORED = str.maketrans("«»()", "««((")
"""Signs that the reader of the PDF may turn over: what they look like is one glyph."""


def missing_in_order(texts: list[str], found: str) -> list[str]:
    """The texts that do not follow the one before them."""
    at = 0
    lost: list[str] = []
    for text in texts:
        place = found.find(plain(text), at)
        if place < 0:
            lost.append(text)
        else:
            at = place + len(plain(text))
    return lost


@pytest.mark.parametrize("code", CODES)
def test_a_handout_has_at_most_two_pages_is_light_and_carries_its_fonts(
    code: str, handouts: dict[str, bytes]
) -> None:
    assert len(handouts[code]) <= LARGEST
    with pikepdf.open(io.BytesIO(handouts[code])) as document:
        assert len(document.pages) <= 2
        fonts = [font for page in document.pages for font in page.Resources.Font.values()]
        assert fonts
        for font in fonts:
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert "/FontFile3" in descriptor or "/FontFile2" in descriptor, str(font.BaseFont)


@pytest.mark.parametrize("code", CODES)
def test_two_checkers_of_pdf_ua_find_no_fault_in_a_handout(
    code: str, handouts: dict[str, bytes], tmp_path: Path
) -> None:
    assert accessibility_faults(handouts[code], tmp_path) == []


@pytest.mark.parametrize("code", CODES)
def test_a_handout_is_tagged_with_title_and_the_language_of_each_side(
    code: str, handouts: dict[str, bytes], project: Project
) -> None:
    with pikepdf.open(io.BytesIO(handouts[code])) as document:
        assert str(document.Root.Lang) == "fr-CH"
        assert document.Root.MarkInfo.Marked
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert "Aide sociale" in str(document.docinfo["/Title"])
        assert b"pdfuaid:part" in document.Root.Metadata.read_bytes()
        found = list(elements(document.Root.StructTreeRoot))
        headings = [str(one.Lang) for one in found if one.S == "/H2"]
        rows = [one for one in found if one.S == "/Div" and _below(one) == ["/P", "/P"]]
        sides = {tuple(str(cell.Lang) for cell in elements(row) if cell.S == "/P") for row in rows}
        figures = [str(one.Alt) for one in found if one.S == "/Figure"]
    other = project.language["de" if code == "fr" else code]
    assert sides == {("fr-CH", other.tag)}
    assert len(rows) > len(said(project, "fr")) - len(headings) // 2
    assert headings == ["fr-CH", other.tag] * (len(headings) // 2)
    assert figures == [project.source_wording.texts["share.scan"]]


def _below(element: pikepdf.Object) -> list[str]:
    return [str(one.S) for one in element.K if isinstance(one, pikepdf.Dictionary) and "/S" in one]


@pytest.mark.parametrize("code", ["fr", "ti", "ta", "uk"])
def test_deadline_and_emergency_stand_first_and_largest_and_blanks_follow(
    code: str, handouts: dict[str, bytes], project: Project
) -> None:
    sheet = pypdfium2.PdfDocument(handouts[code])[0].get_textpage()
    texts = project.source_wording.texts
    order = [
        "Votre délai.",
        texts["paper.deadline"],
        "Danger",
        *(texts[f"paper.{name}"] for name in BLANKS),
        found_heading(project.source_pages, project.handout[2]) or "",
    ]
    tops = [_top(sheet, words) for words in order]
    assert tops == sorted(tops, reverse=True)
    sizes = {words: _size(sheet, words) for words in ("Votre délai.", "Danger", "Pour manger.")}
    assert sizes["Votre délai."] == sizes["Danger"] > 1.2 * sizes["Pour manger."]


def _size(page: pypdfium2.PdfTextPage, words: str) -> float:
    """The height of the first letter of words."""
    index, _ = page.search(words).get_next()
    return float(pdfium.FPDFText_GetFontSize(page, index))


@pytest.mark.parametrize("code", CODES)
def test_no_section_is_parted_from_its_heading(code: str, handouts: dict[str, bytes]) -> None:
    with pikepdf.open(io.BytesIO(handouts[code])) as document:
        pages = [one.objgen for one in document.pages]
        sections = [one for one in elements(document.Root.StructTreeRoot) if one.S == "/Sect"]
        on = [{one.Pg.objgen for one in (each, *elements(each))} for each in sections]
    assert [len(each) for each in on] == [1] * len(load_parts(HANDOUT))
    assert set().union(*on) == set(pages)


@pytest.mark.parametrize("code", CODES)
def test_the_french_side_says_what_the_pages_say_in_their_order(
    code: str, handouts: dict[str, bytes], project: Project
) -> None:
    found = column(handouts[code], right=False)
    if project.language[code].direction == "rtl":  # the reader of the PDF turns words around there
        expected = Counter(plain("".join(said(project, "fr"))).translate(_MIRRORED))
        assert expected - Counter(found.translate(_MIRRORED)) == Counter()
    else:
        assert missing_in_order(said(project, "fr"), found) == []


@pytest.mark.parametrize("code", [code for code in BY_TEXT if code != "fr"])
def test_the_readers_side_says_what_the_pages_say_in_their_order(
    code: str, handouts: dict[str, bytes], project: Project
) -> None:
    assert missing_in_order(said(project, code), column(handouts[code], right=True)) == []


@pytest.mark.parametrize("code", BY_PICTURE)
def test_the_readers_side_has_every_letter_of_the_pages(
    code: str, handouts: dict[str, bytes], project: Project
) -> None:
    """What the text in the PDF can tell of a joined script: nothing is lost, as many figures."""
    found, expected = column(handouts[code], right=True), "".join(said(project, code))
    for figure in "0123456789BCLNFS":
        assert found.count(figure) >= expected.count(figure), figure


@pytest.mark.browser
@pytest.mark.parametrize("code", BY_PICTURE)
def test_each_line_looks_as_the_browser_sets_it_and_reversed_it_does_not(
    code: str, browser: Browser, project: Project
) -> None:
    lines = said(project, code)
    html = _sheet(lines, project, code)
    ours, theirs = _printed_lines(html, len(lines)), _browser_lines(browser, html, len(lines))
    alike = [_likeness(one, other) for one, other in zip(ours, theirs, strict=True)]
    assert [(line, value) for line, value in zip(lines, alike, strict=True) if value < LIKE] == []
    turned = _printed_lines(_sheet([line[::-1] for line in lines], project, code), len(lines))
    wrong = [_likeness(one, other) for one, other in zip(turned, theirs, strict=True)]
    apart = [right - other for right, other in zip(alike, wrong, strict=True)]
    assert [(line, value) for line, value in zip(lines, apart, strict=True) if value < APART] == []


RIGHT_TO_LEFT = [one.code for one in LANGUAGES if one.direction == "rtl"]
_LATIN_WORDS = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ(),. -]+[A-Za-zÀ-ɏ]\)?")


@pytest.mark.parametrize("code", RIGHT_TO_LEFT)
def test_latin_words_read_on_from_line_to_line_in_right_to_left_text(
    code: str, handouts: dict[str, bytes], project: Project
) -> None:
    assert out_of_order(handouts[code], said_in_html(project, code)) == []


def test_latin_words_that_the_printer_orders_line_by_line_are_seen(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    regions = ("cms-martigny", "cms-sion", "cms-sierre", "smz-oberwallis")
    rows = tuple(f"where-to-go:{region}" for region in regions)
    part = replace(project.handout[-1], rows=(*rows, *project.handout[2].rows))
    with_regions = replace(project, handout=(*project.handout[:2], part))
    assert out_of_order(*_made_and_said(with_regions)) == []
    monkeypatch.setattr(handouts_module, "in_order", _without_order)
    wrong = out_of_order(*_made_and_said(with_regions))
    assert "CMS de Martigny (Martigny, Entremont, Saxon)" in wrong


def _without_order(text: Markup, _: object) -> Markup:
    return Markup(re.sub("</?bdi[^>]*>", "", text))


def _made_and_said(project: Project) -> tuple[bytes, list[str]]:
    return pdf(handout(project, SITE_URL, "ar")), said_in_html(project, "ar")


def out_of_order(document: bytes, texts: list[str]) -> list[str]:
    """The Latin words of texts that stand neither on one line, nor on one and the next."""
    lines = seen_lines(document)
    without_tags = "|".join(re.sub("<[^>]*>", "|", text) for text in texts)
    found = (run for run in _LATIN_WORDS.findall(without_tags) if " " in run)
    runs = [run if run.count("(") == run.count(")") else run.rstrip(")") for run in found]
    assert len(runs) >= 6
    lines = [line.translate(_MIRRORED) for line in lines]
    return [run for run in runs if not _reads_on(run.translate(_MIRRORED).split(), lines)]


def _reads_on(words: list[str], lines: list[str]) -> bool:
    whole = any("".join(words) in line for line in lines)
    return whole or any(
        "".join(words[:at]) in one and "".join(words[at:]) in other
        for at in range(1, len(words))
        for one, other in pairwise(lines)
    )


def seen_lines(document: bytes) -> list[str]:
    """The lines of the right column, each from its left to its right as the eye sees it."""
    lines: list[str] = []
    for sheet in pypdfium2.PdfDocument(document):
        text, middle = sheet.get_textpage(), sheet.get_width() / 2
        rows: dict[int, list[tuple[float, str]]] = {}
        for at in range(text.count_chars()):
            x, y = c_double(), c_double()
            pdfium.FPDFText_GetCharOrigin(text, at, x, y)
            letter = chr(pdfium.FPDFText_GetUnicode(text, at))
            if x.value > middle and not letter.isspace():
                rows.setdefault(round(y.value), []).append((x.value, letter))
        lines += ["".join(one for _, one in sorted(row)) for _, row in sorted(rows.items())[::-1]]
    return lines


LINE, WIDE = 40, 3600
"""Pixels of a line's height and of the sheet's width."""


def _sheet(lines: list[str], project: Project, code: str) -> str:
    language = project.language[code]
    family = FAMILIES[language.script]
    rows = "".join(f"<p>{Markup.escape(line)}</p>" for line in lines)
    high = LINE * (len(lines) + 1)
    return (
        f"<!doctype html><html lang='{language.tag}' dir='{language.direction}'>"
        f"<meta charset='utf-8'><style>@page {{ margin: 0; size: {WIDE}px {high}px }}"
        f"body {{ margin: 0 }} p {{ margin: 0; height: {LINE}px; line-height: {LINE}px;"
        f"font: 20px/{LINE}px '{family}', 'Noto Sans'; white-space: nowrap }}</style>{rows}"
    )


def _printed_lines(html: str, count: int) -> list[Image.Image]:
    sheet = pypdfium2.PdfDocument(pdf(Print(html, ("",))))[0]
    return _cut(sheet.render(scale=WIDE / sheet.get_width()).to_pil(), count)


def _browser_lines(browser: Browser, html: str, count: int) -> list[Image.Image]:
    page = browser.new_page(viewport={"width": WIDE, "height": LINE * count})
    page.set_content(html)
    picture = page.screenshot()
    page.close()
    return _cut(Image.open(io.BytesIO(picture)), count)


def _cut(picture: Image.Image, count: int) -> list[Image.Image]:
    """The ink of each line, in one size."""
    dark = ImageOps.invert(picture.convert("L"))
    strips = [dark.crop((0, at * LINE, dark.width, (at + 1) * LINE)) for at in range(count)]
    return [one.crop(one.getbbox()).resize((900, 32)) for one in strips]


def _likeness(one: Image.Image, other: Image.Image) -> float:
    """1 for the same picture, about 0 for unlike ones: the share of ink that is where it is."""
    soft = [picture.filter(ImageFilter.GaussianBlur(2)) for picture in (one, other)]
    apart = ImageStat.Stat(ImageChops.difference(*soft)).mean[0]
    return 1 - apart / (sum(ImageStat.Stat(picture).mean[0] for picture in soft) / 2)


@pytest.mark.parametrize("code", ["ar", "ti", "fr"])
def test_the_code_leads_to_the_rights_in_the_readers_language(
    code: str, handouts: dict[str, bytes]
) -> None:
    sheet = pypdfium2.PdfDocument(handouts[code])[0]
    picture = sheet.render(scale=2.5).to_pil().convert("L")
    assert [found.text for found in read_barcodes(picture)] == [f"{SITE_URL}q/{code}-rights"]


def test_rows_lie_on_the_same_line_on_both_sides(handouts: dict[str, bytes]) -> None:
    """The same sentence begins at the same height left and right: figures show it."""
    sheet = pypdfium2.PdfDocument(handouts["de"])[1].get_textpage()
    tops = {word: _top(sheet, word) for word in ("Le plus important.", "Das Wichtigste.")}
    assert len({round(top) for top in tops.values()}) == 1, tops


def _top(page: pypdfium2.PdfTextPage, words: str) -> float:
    index, _ = page.search(words).get_next()
    return float(page.get_charbox(index, loose=True)[3])


def test_a_machine_translation_says_so_in_both_languages(
    handouts: dict[str, bytes], project: Project
) -> None:
    words = project.wordings["ti"].texts
    assert plain(words["review.machine"]) in column(handouts["ti"], right=True)
    assert plain(project.staff_words["fr"]["paper"]["machine"]) in column(
        handouts["ti"], right=False
    )


BAD = {
    "page: where-to-go\n  heading: where-to-go#ask": (
        "page: where\n  heading: where-to-go#ask",
        "page 'where' is unknown; allowed:",
    ),
    "decision-written": (
        "decision-spoken",
        "has no key 'decision-spoken'; it has: decision-written",
    ),
    "where-to-go#asylum/1": ("where-to-go#asylum/9", "has 6 blocks, not 9"),
    "where-to-go#bring/1-7": ("where-to-go#bring/5-9", "has 7 blocks, not 9"),
    "not-listed#do/1": ("not-listed#no/1", "has no section 'no'; it has:"),
    "help#today\n": ("help#someday\n", "heading 'help#someday' is unknown"),
    "- permit:permit-not-automatic": ("- permit", "found 'permit', expected page:key"),
    "picture: clock": ("picture: cloak", "picture 'cloak' is unknown; allowed:"),
    "say: [decision]": ("say: [verdict]", "sentence 'verdict' is unknown; allowed:"),
}


@pytest.mark.parametrize(("old", "new", "message"), [(k, *v) for k, v in BAD.items()], ids=BAD)
def test_a_row_that_names_nothing_is_told_with_its_line(
    old: str, new: str, message: str, tmp_path: Path, project: Project
) -> None:
    text = HANDOUT.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "handout.yml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    [fault] = check_parts(load_parts(file), project.source_pages, project.pictures)
    assert message in fault.message
    line = text[: text.index(old)].count("\n") + 1
    assert fault.line in (line, line + 1)


def test_a_part_that_stands_twice_or_has_an_unknown_key_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "handout.yml"
    file.write_text(
        "- {id: a, page: help, picture: net, row: []}\n- {id: a, page: help, picture: net}\n",
        encoding="utf-8",
    )
    with pytest.raises(FaultsError, match="unknown key 'row'") as caught:
        load_parts(file)
    assert "part 'a' stands twice" in str(caught.value)
