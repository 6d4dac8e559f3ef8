"""Posters: one page, black on white, nothing on anything else, and codes that a decoder reads."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise
from typing import Any

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]
import pytest
from lxml import html
from PIL import Image
from zxingcpp import read_barcodes

from scripts.bootstrap import SetupError
from scripts.content.project import Project
from scripts.share.posters import PAPERS, multilingual_poster, poster
from scripts.share.printer import Print, pdf
from tests.conftest import COMPLETE, SITE_URL
from tests.pdf_structure import elements

SIZES = {"a4": (595, 842), "a3": (842, 1191)}
"""Points of a sheet's sides."""
MARGIN = 30
"""Points at every edge that printers may not reach."""
MARK = 12
"""Points: what is narrower is a mark above or below a letter, which may reach into its line."""
CM = 72 / 2.54
Box = tuple[float, float, float, float]


def sheet(page: Print, paper: str = "a4") -> tuple[bytes, pypdfium2.PdfPage]:
    """The PDF of a poster, and its one page of the right size."""
    made = pdf(page)
    document = pypdfium2.PdfDocument(made)
    assert (len(document), *map(round, document[0].get_size())) == (1, *SIZES[paper])
    return made, document[0]


def codes_on(page: pypdfium2.PdfPage, width: int = 2000) -> dict[str, float]:
    """What a decoder reads on a page, each with its width in points, without its quiet zone."""
    image: Image.Image = page.render(scale=width / page.get_width()).to_pil()
    points = page.get_width() / width
    return {
        found.text: (found.position.top_right.x - found.position.top_left.x) * points
        for found in read_barcodes(image.convert("L"))
    }


def text_on(page: pypdfium2.PdfPage) -> str:
    """The text of a page, wherever its lines end."""
    return " ".join(page.get_textpage().get_text_bounded().split())


def lines_on(page: pypdfium2.PdfPage) -> list[Box]:
    """The boxes (left, bottom, right, top) of the pieces of text on a page, without small marks."""
    pieces = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=4)
    boxes: list[Box] = [one.get_bounds() for one in pieces]
    return [box for box in boxes if box[2] - box[0] > MARK]


def misplaced(page: pypdfium2.PdfPage) -> Iterator[tuple[str, Box]]:
    """Yield what lies on other text or too near to an edge."""
    lines = lines_on(page)
    width, height = page.get_size()
    for one in lines:
        if min(one[0], one[1], width - one[2], height - one[3]) < MARGIN:
            yield "edge", one
    for one, other in combinations(lines, 2):
        across = min(one[2], other[2]) - max(one[0], other[0])
        along = min(one[3], other[3]) - max(one[1], other[1])
        if across > 4 and along > 0.35 * min(one[3] - one[1], other[3] - other[1]):
            yield "overlap", one


def longest(project: Project, code: str) -> str:
    """The topic that says most in a language."""
    pages = project.pages[code]
    topics = project.sharing.topics
    return max(topics, key=lambda path: len(pages[path].title) * 2 + len(pages[path].description))


@pytest.mark.parametrize("code", COMPLETE)
def test_the_longest_title_of_a_language_fits_and_lies_on_nothing(
    code: str, project: Project
) -> None:
    path = longest(project, code)
    _, page = sheet(poster(project, SITE_URL, path, code, "a4"))
    assert list(misplaced(page)) == []
    [(address, width)] = codes_on(page, 1200).items()
    assert address == f"{SITE_URL}q/{code}-{project.addresses.words[path]}"
    assert width > 6 * CM


@pytest.mark.parametrize("each", [False, True])
@pytest.mark.parametrize("path", ["index", "rights/file-access", "obligations/collaboration"])
def test_a_poster_of_all_languages_fits_and_lies_on_nothing(
    path: str, each: bool, project: Project
) -> None:
    codes = list(project.language)
    _, page = sheet(multilingual_poster(project, SITE_URL, path, codes, "a4", each))
    assert list(misplaced(page)) == []
    text = text_on(page)
    for code in ("fr", "de"):  # to the last line
        assert project.wordings[code].texts["ui.not_official"] in text


def test_lines_that_lie_on_each_other_are_seen(project: Project) -> None:
    page = poster(project, SITE_URL, "rights/minimum", "ta", "a4")
    squeezed = replace(page, styles=(f"{page.styles[-1]} h1 {{ margin-bottom: -2em }}",))
    assert "overlap" in {kind for kind, _ in misplaced(sheet(squeezed)[1])}


def test_a_title_for_which_no_size_will_do_is_named(project: Project) -> None:
    page = poster(project, SITE_URL, "rights/minimum", "fr", "a4")
    title = project.source_pages["rights/minimum"].title
    huge = replace(page, html=page.html.replace(f">{title}</h1>", f">{f'{title} ' * 40}</h1>"))
    assert huge != page
    with pytest.raises(SetupError, match=f"'{title} .*' has more than 1 page"):
        pdf(huge)


@pytest.mark.parametrize("code", ["fr", "ar", "ti", "ta"])
@pytest.mark.parametrize("paper", PAPERS)
def test_a_poster_is_pure_black_on_white_with_a_large_code_and_its_address(
    code: str, paper: str, project: Project
) -> None:
    made, page = sheet(poster(project, SITE_URL, "rights/appeal", code, paper), paper)
    [(address, width)] = codes_on(page).items()
    assert address == f"{SITE_URL}q/{code}-appeal"
    assert width > 6 * CM
    text = text_on(page)
    assert project.source_pages["rights/appeal"].title in text
    assert f"cms.example/valais/q/{code}-appeal" in text
    assert colors_in(made) == {(0, 0, 0), (1, 1, 1)}


@pytest.mark.parametrize("code", ["fr", "uk", "ti"])
def test_a_poster_says_what_its_page_is_about_that_it_is_free_and_what_to_do(
    code: str, project: Project
) -> None:
    _, page = sheet(poster(project, SITE_URL, "rights/appeal", code, "a4"))
    words = project.wordings[code].texts
    for said in (
        project.pages[code]["rights/appeal"].description,
        words["paper.free"],
        words["share.scan"],
    ):
        assert plain(said) in plain(text_on(page))


@pytest.mark.parametrize("code", ["fr", "de", "ru"])
def test_the_poster_of_help_carries_every_number_in_both_languages(
    code: str, project: Project
) -> None:
    _, page = sheet(poster(project, SITE_URL, "help", code, "a4"))
    for number in ("112", "117", "118", "143", "144"):
        assert len(re.findall(rf"\b{number}\b", text_on(page))) == 2, number


def test_each_topic_has_its_picture_behind_its_title_and_it_turns_where_it_shows_a_direction(
    project: Project,
) -> None:
    for path, name in project.sharing.topics.items():
        picture = project.pictures.pictures[name]
        for code in ("fr", "ar"):
            style = poster(project, SITE_URL, path, code, "a4").styles[0]
            assert style.count(".pic-topic") == 2 if picture.mirrored else 1, path


def test_the_poster_with_many_codes_says_whose_code_is_whose_and_fills_its_sheet(
    project: Project,
) -> None:
    page = multilingual_poster(project, SITE_URL, "rights/index", COMPLETE, "a4", each=True)
    _, paper = sheet(page)
    text = text_on(paper)
    for code in ("fr", "de"):
        assert project.staff_words[code]["paper"]["each"] in text
        assert project.wordings[code].texts["share.scan"] not in text
    assert "cms.example/valais/q/rights" in text
    said = [one.get("alt") for one in html.fromstring(page.html).iter("img")]
    assert said == [project.pages[code]["rights/index"].title for code in COMPLETE]
    bottoms = sorted(box[1] for box in lines_on(paper))
    gaps = [above - below for below, above in pairwise(bottoms)]
    assert max(gaps) < 5 * CM  # the height of a code with its name


def plain(text: str) -> str:
    return "".join(text.replace("\x02", "-").split())


def colors_in(made: bytes) -> set[tuple[float, ...]]:
    """The colours that a PDF sets, as red, green and blue; gray as three of the same."""
    found = set()
    with pikepdf.open(io.BytesIO(made)) as document:
        page = document.pages[0]
        streams: list[Any] = [page, *page.Resources.get("/XObject", pikepdf.Dictionary()).values()]
        for stream in streams:
            for order in pikepdf.parse_content_stream(stream):
                if str(order.operator) in ("rg", "RG", "sc", "SC", "scn", "SCN", "g", "G"):
                    values = tuple(float(str(one)) for one in order.operands)
                    found.add(values * 3 if len(values) == 1 else values)
    return found


def test_the_poster_of_all_languages_says_its_title_in_each_and_leads_to_the_choice(
    project: Project,
) -> None:
    codes = list(project.language)
    _, page = sheet(multilingual_poster(project, SITE_URL, "rights/index", codes, "a4", each=False))
    [(address, width)] = codes_on(page).items()
    assert address == f"{SITE_URL}q/rights"
    assert width > 6 * CM
    text = text_on(page)
    spelled = [one for one in project.languages if one.script in ("Latn", "Cyrl", "Ethi")]
    for one in spelled:
        assert one.name in text
        assert project.pages[one.code]["rights/index"].title in text
    _, whole = sheet(multilingual_poster(project, SITE_URL, "index", codes, "a4", each=False))
    assert list(codes_on(whole)) == [SITE_URL]


@pytest.mark.parametrize("paper", PAPERS)
def test_the_poster_with_a_code_a_language_can_be_read_for_each_of_them(
    paper: str, project: Project
) -> None:
    codes = list(project.language)
    _, page = sheet(
        multilingual_poster(project, SITE_URL, "self-check", codes, paper, each=True), paper
    )
    found = codes_on(page)
    assert sorted(found) == sorted(f"{SITE_URL}q/{code}-check" for code in codes)
    assert min(found.values()) > 2.5 * CM


def test_the_poster_of_chosen_languages_has_these_and_no_other(project: Project) -> None:
    _, page = sheet(multilingual_poster(project, SITE_URL, "permit", ["ti", "ar"], "a4", each=True))
    assert sorted(codes_on(page)) == [f"{SITE_URL}q/ar-permit", f"{SITE_URL}q/ti-permit"]
    _, page = sheet(
        multilingual_poster(project, SITE_URL, "permit", ["ti", "ar"], "a4", each=False)
    )
    assert list(misplaced(page)) == []


KINDS = {
    "one language": lambda project: poster(project, SITE_URL, "rights/index", "ar", "a4"),
    "French": lambda project: poster(project, SITE_URL, "rights/index", "fr", "a4"),
    "all": lambda project: multilingual_poster(
        project, SITE_URL, "permit", COMPLETE, "a4", each=False
    ),
    "codes": lambda project: multilingual_poster(
        project, SITE_URL, "permit", COMPLETE, "a4", each=True
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_poster_is_tagged_with_its_title_and_the_language_of_each_text(
    kind: str, project: Project
) -> None:
    page = KINDS[kind](project)
    tree = html.fromstring(page.html)
    with pikepdf.open(io.BytesIO(pdf(page))) as document:
        assert str(document.Root.Lang) == tree.get("lang")
        assert document.Root.MarkInfo.Marked
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert str(document.docinfo["/Title"]) == tree.findtext("head/title")
        assert b"pdfuaid:part" in document.Root.Metadata.read_bytes()
        found = [
            (str(one.S)[1:], str(one.get("/Lang", "")))
            for one in elements(document.Root.StructTreeRoot)
        ]
    for tag in ("p", "h1", "h2", "li"):
        expected = [one.get("lang", "") for one in tree.iter(tag)]
        assert [lang for name, lang in found if name == tag.upper()] == expected
    pictures = len(list(tree.iter("img")))
    assert [name for name, _ in found].count("Figure") == pictures
