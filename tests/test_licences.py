"""The licence and what it does not cover: named where readers look, true of what is shipped."""

from __future__ import annotations

import re
from importlib.metadata import distribution
from importlib.resources import files
from pathlib import Path

import pytest

from scripts.content.project import Project
from scripts.faults import ROOT
from scripts.site.region_map import BOUNDARIES, region_map
from tests.conftest import shipped

NOTICE = (ROOT / "NOTICE").read_text(encoding="utf-8")
MATERIAL = distribution("mkdocs-material")
ICONS = Path(str(files("material"))) / "templates" / ".icons" / "material"
PATH = re.compile(r"<path [^>]*?d=[\"']?([^\"'>]+)")
OURS = [*(ROOT / "overrides" / ".icons").rglob("*.svg"), *(ROOT / "overrides").rglob("*.html")]
LOUDSPEAKER = "M2 9v6h5l6 5V4L7 9zM16 7v10a6 6 0 0 0 0-10z"
"""On the button that reads aloud, drawn in the style sheet."""


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("name", ["LICENSE", "NOTICE"])
def test_the_site_holds_it_and_each_language_names_it(
    name: str, site: Path, project: Project
) -> None:
    assert (site / f"{name}.txt").read_bytes() == (ROOT / name).read_bytes()
    for language in project.languages:
        page = (site / language.code / "about" / "index.html").read_text(encoding="utf-8")
        assert re.search(rf'href="?../../{name}\.txt"?[^>]*>{name}<', page), language.code


def test_the_notice_carries_the_licence_of_the_very_theme_that_is_installed() -> None:
    assert f"Material for MkDocs {MATERIAL.version}\n" in NOTICE
    licence = MATERIAL.read_text("licenses/LICENSE")
    assert licence
    assert words(licence) in words(NOTICE)


def test_the_notice_names_every_source_that_the_project_holds_and_readers_do_not_get_it(
    site: Path,
) -> None:
    for source in (ROOT / "scripts" / "rules" / "source").iterdir():
        assert source.relative_to(ROOT).as_posix() in NOTICE
        assert list(site.rglob(source.name)) == []


def test_every_picture_that_readers_get_is_ours_or_named_in_the_notice(site: Path) -> None:
    drawn = set()
    for file in site.rglob("*"):
        if file.suffix in (".html", ".css", ".js"):
            drawn.update(PATH.findall(file.read_text(encoding="utf-8")))
    ours = {one for file in OURS for one in PATH.findall(file.read_text(encoding="utf-8"))}
    ours = {shipped(one) for one in ours if "{" not in one}
    on_the_map = {shipped(one) for one in region_map().paths.values()}
    assert on_the_map <= drawn
    assert BOUNDARIES.relative_to(ROOT).as_posix() in NOTICE
    of_others = drawn - ours - {LOUDSPEAKER} - on_the_map
    [said] = re.findall(r"The pictures (.*?) in\s", NOTICE, re.DOTALL)
    icons = [ICONS / f"{name}.svg" for name in re.findall(r"[\w-]{4,}", said)]
    paths = [one for icon in icons for one in PATH.findall(icon.read_text(encoding="utf-8"))]
    assert of_others == {shipped(one) for one in paths}
