"""The ways of people in need: from home to their next step in at most two touches."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from lxml import html

from scripts.content.project import Project
from scripts.site.addresses import page_folder, relative


@dataclass(frozen=True)
class Way:
    """Who walks, what is touched page by page (page and section), and what the step cites."""

    who: str
    touches: tuple[tuple[str, str], ...]
    step: str


WAYS = (
    Way(
        "permit F, a family in Monthey",
        (("where-to-go", ""), ("where-to-go", "asylum")),
        "SRC-SPM-ASILE",
    ),
    Way(
        "permit B from the EU, job lost after two years, afraid for the permit",
        (("permit", ""), ("permit-special", "eu")),
        "SRC-LEI-61A",
    ),
    Way(
        "recognised refugee with a permit B, six years here",
        (("where-to-go", ""), ("where-to-go", "asylum")),
        "SRC-ASILE-SODK",
    ),
    Way("expired permit C under renewal", (("permit", ""), ("permit-renew", "")), "SRC-DIR24-18"),
    Way("permit L, student, small salary", (("where-to-go", ""),), "SRC-FRAIS-DEMANDE"),
    Way("Swiss, alone with a child, no money today", (("help", "today"),), "SRC-DIR-16-5J"),
)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.who)
def test_the_next_step_is_at_most_two_touches_from_home(
    way: Way, site: Path, project: Project
) -> None:
    assert len(way.touches) <= 2
    for language in project.languages:
        here = "index"
        for path, section in way.touches:
            page = _article(site, language.code, here)
            link = _target(language.code, here, path, section)
            assert link in _links(page), (language.code, path)
            here = path
        page = _article(site, language.code, here)
        assert not section or page.xpath("//*[@id=$id]", id=section), (language.code, section)
        assert page.xpath("//a[contains(@href, $source)]", source=f"#{way.step}"), language.code


def _article(site: Path, code: str, path: str) -> html.HtmlElement:
    file = site / page_folder(code, path) / "index.html"
    return html.fromstring(file.read_text(encoding="utf-8"))


def _links(page: html.HtmlElement) -> list[str]:
    """Return the links of the article that lie open; the list of its sections is one touch."""
    open_links = "//article//a[not(ancestor::details) or ancestor::*[@class='contents']]/@href"
    return [str(link) for link in page.xpath(open_links)]


def _target(code: str, here: str, path: str, section: str) -> str:
    fragment = f"#{section}" if section else ""
    if path == here:
        return fragment
    return relative(page_folder(code, here), page_folder(code, path)) + fragment
