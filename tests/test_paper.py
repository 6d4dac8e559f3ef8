"""Cards and letters to take home, and all that is printed as two checkers of PDF/UA see it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import outloud
import pdfua
import pypdfium2  # type: ignore[import-untyped]
import pytest

from scripts.content.languages import load_languages
from scripts.content.project import Project
from scripts.faults import ROOT
from scripts.share.cards import card_sheet
from scripts.share.letters import letter
from scripts.share.posters import multilingual_poster, poster
from scripts.share.printer import Print, pdf
from tests.conftest import SITE_URL
from tests.pdf_structure import accessibility_faults

pytestmark = pytest.mark.xdist_group("paper")
"""One worker makes the cards for all these tests."""
LANGUAGES = load_languages(ROOT / "mkdocs.yml")
CODES = [language.code for language in LANGUAGES]
SPELLED = ["fr", "de", "pl", "uk", "ti"]
"""Languages whose text comes out of a PDF as it went in."""
CARD = (85.6 / 25.4 * 72, 54 / 25.4 * 72)
"""Points of a bank card's sides."""

FEW = ("fr", "ar", "ti", "ta")
"""Languages of every kind of script: what the checkers look at is the same in the others. In a
whole sheet of Tamil, signs that are drawn after the first one of a syllable have no text of their
own in any PDF, which one of the two calls a fault: its cards are left out.
"""
PRINTS: dict[str, Callable[[Project], Print]] = {
    **{f"letter {code}": partial(letter, name="appeal", code=code) for code in FEW},
    "poster": lambda project: poster(project, SITE_URL, "help", "ar", "a4"),
    "poster of all": lambda one: multilingual_poster(
        one, SITE_URL, "permit", CODES, "a4", each=False
    ),
    "poster of codes": lambda one: multilingual_poster(
        one, SITE_URL, "permit", CODES, "a4", each=True
    ),
}


@pytest.fixture(scope="module")
def cards(project: Project) -> dict[str, bytes]:
    """The sheet of cards of every language."""
    return {code: pdf(card_sheet(project, SITE_URL, code)) for code in CODES}


@pytest.mark.parametrize("name", PRINTS)
def test_two_checkers_of_pdf_ua_find_no_fault(name: str, project: Project, tmp_path: Path) -> None:
    assert accessibility_faults(pdf(PRINTS[name](project)), tmp_path) == []


@pytest.mark.parametrize("code", FEW[:3])
def test_two_checkers_find_no_fault_in_cards_either(
    code: str, cards: dict[str, bytes], tmp_path: Path
) -> None:
    assert accessibility_faults(cards[code], tmp_path) == []


def test_both_checkers_see_a_table_without_headers(tmp_path: Path) -> None:
    html = "<html lang=fr><title>t</title><h1>t</h1><table><tr><td>a<td>b<tr><td>c<td>d</table>"
    file = tmp_path / "print.pdf"
    file.write_bytes(pdf(Print(html, ("",))))
    assert {one.severity for one in outloud.check(str(file)).findings} == {"error"}
    assert pdfua.Severity.ERROR in {one.severity for one in pdfua.validate(str(file)).findings}


def boxes(page: pypdfium2.PdfPage, texts: list[str]) -> list[tuple[float, float]]:
    """Where the first letter of each text stands: from the left, from below."""
    reader = page.get_textpage()
    places = [reader.search(text).get_next() for text in texts]
    assert None not in places, texts
    return [reader.get_charbox(place[0])[:2] for place in places]


@pytest.mark.parametrize("code", CODES)
def test_a_sheet_holds_eight_cards_of_a_bank_cards_size_with_a_sentence_each(
    code: str, cards: dict[str, bytes], project: Project
) -> None:
    front, back = pypdfium2.PdfDocument(cards[code])
    french = project.source_wording.data["say"]
    names = [name for name in french if name != "intro"]
    assert len(names) == 8
    marks = [
        _only_in(french[name], [french[one] for one in names if one != name]) for name in names
    ]
    width, height = CARD
    left, top = front.get_width() / 2 - width, front.get_height() / 2 + 2 * height
    cells = [(int((x - left) // width), int((top - y) // height)) for x, y in boxes(front, marks)]
    assert cells == [(at % 2, at // 2) for at in range(8)]
    said = back.get_textpage().get_text_bounded()
    for mark in marks:
        assert said.count(mark) >= 8, mark
    assert said.count(f"cms.example/valais/q/{code}-say") == 8


def _only_in(text: str, others: list[str]) -> str:
    """A word of a sentence that no other one has."""
    words = re.findall(r"\w{5,}", text)
    said = " ".join(others).lower()
    return str(next(one for one in words if one.lower() not in said))


def plain(text: str) -> str:
    """A text without white space; the PDF's reader says U+0002 for a hyphen that ends a line."""
    return "".join(text.replace("\x02", "-").split())


@pytest.mark.parametrize("code", SPELLED)
def test_a_card_says_its_sentence_in_french_in_german_and_in_the_readers_language(
    code: str, cards: dict[str, bytes], project: Project
) -> None:
    front = pypdfium2.PdfDocument(cards[code])[0]
    found = plain(front.get_textpage().get_text_bounded())
    for one in {"fr", "de", code}:
        texts = project.wordings[one].texts
        for name in (key for key in texts if key.startswith("say.") and key != "say.intro"):
            assert plain(texts[name]) in found, (one, name)


@pytest.mark.parametrize("name", ["apply", "decision", "urgent", "file", "appeal"])
@pytest.mark.parametrize("code", ["fr", "ti"])
def test_a_letter_has_a_page_in_each_official_language_with_what_it_means(
    code: str, name: str, project: Project
) -> None:
    made = pypdfium2.PdfDocument(pdf(letter(project, name, code)))
    assert len(made) == 2
    means = project.wordings[code].data["letters"][name]
    for page, model in zip(made, ("fr", "de"), strict=True):
        found = plain(page.get_textpage().get_text_bounded())
        lines = project.wordings[model].data["letters"][name]
        for line in [*lines, *(means if code != model else [])]:
            assert plain(line) in found, line


def test_a_letter_leaves_lines_to_write_on_where_there_is_something_to_write(
    project: Project,
) -> None:
    for name, lines in project.source_wording.data["letters"].items():
        ruled = project.sharing.ruled.get(name, {})
        free = [at for at, line in enumerate(lines, 1) if line.endswith(":")]
        wide = sum(ruled[at] for at in free if ruled.get(at, 1) > 1)
        single = sum(1 for at in free if ruled.get(at, 1) == 1)
        html = letter(project, name, "ar").html
        assert html.count('class="rule"') == 2 * wide
        assert html.count('class="line one"') == 2 * single
