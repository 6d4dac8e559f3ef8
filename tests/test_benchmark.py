"""The benchmark compares like with like, and writes only between its marks in README."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html

from scripts.benchmark import MEASUREMENTS, Table, circumstances, put_into
from scripts.benchmark.projects import KINDS, Place, address, chosen
from scripts.content.pages import Page
from scripts.content.project import Project, load_project
from scripts.faults import ROOT

LANGUAGES = 2
README = "before\n<!-- benchmark -->\n{}<!-- /benchmark -->\nafter\n"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Where both projects are made in two languages."""
    return Place(tmp_path_factory.mktemp("benchmark"), (LANGUAGES,))


def words(site: Path, path: str) -> set[str]:
    """The words of a built page."""
    page = html.fromstring((site / path / "index.html").read_text(encoding="utf-8"))
    return set(page.text_content().split())


def test_both_sites_have_the_same_text(place: Place, project: Project) -> None:
    ours, stock = (place.site(kind, LANGUAGES) for kind in KINDS)
    codes = chosen(project, LANGUAGES)
    assert load_project(place.project("ours", LANGUAGES)).language.keys() == set(codes)
    for code in codes:
        for path, page in project.pages[code].items():
            here = words(ours, address("ours", code, path))
            there = words(stock, address("stock", code, path))
            plain = {word for word in _sentences(page) if word in here}
            assert plain
            assert plain <= there, f"{code}/{path}"


def _sentences(page: Page) -> set[str]:
    """The words of a page's paragraphs that no term, mark or link ends."""
    texts = [block.words for block in page.blocks if block.kind in ("paragraph", "item")]
    return {word for text in texts for word in text.split() if word.isalpha()} or {page.title}


def test_a_section_replaces_its_own_and_keeps_the_others() -> None:
    first = put_into(README.format(""), ["### build\n\none\n"])
    both = put_into(first, ["### serve\n\ntwo\n"])
    assert put_into(both, ["### build\n\nthree\n"]) == README.format(
        "### build\n\nthree\n\n### serve\n\ntwo\n"
    )


def test_a_readme_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="add the two"):
        put_into("no marks\n", ["### build\n\none\n"])


def test_readme_has_the_table_of_each_measurement_with_date_and_machine() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    region = readme.split("<!-- benchmark -->")[1].split("<!-- /benchmark -->")[0]
    for name in MEASUREMENTS:
        assert f"### {name}\n" in region
    assert region.count("Measured on ") == len(MEASUREMENTS)
    assert "cores" in circumstances()


def test_a_table_is_markdown() -> None:
    assert str(Table(("a", "b"), (("1", "2"),), "note")) == (
        "| a | b |\n| --- | --- |\n| 1 | 2 |\n\nnote\n"
    )
