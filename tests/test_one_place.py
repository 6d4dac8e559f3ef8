"""What is added has its few places, and nothing else of the project knows of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import html
from lxml.html import HtmlElement

from scripts.faults import ROOT
from tests.conftest import SITE_URL, ContentCopy, copied_project, run_mkdocs_build

FUNCTION = '''

@macro
def greeting(view: View) -> str:
    """Return a greeting."""
    return _filled("greeting", view, whom="<you>")
'''
PARTIAL = "<p class=greeting>{{ whom }} &amp; {{ w.ui.site_name }}</p>\n"
PAGE = """\
---
title: Une page & son titre
description: Une page de plus.
---
Bonjour.

{{ greeting() }}
"""
RULES_FILES = sorted(file.name for file in (ROOT / "scripts/rules").glob("*.yml"))


def add(file: Path, text: str, after: str = "") -> None:
    """Write a text into a file after another that stands there, else at its end."""
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    assert after in before
    grown = before.replace(after, after + text, 1) if after else before + text
    file.write_text(grown, encoding="utf-8")


def shown(root: Path, code: str, path: str) -> HtmlElement:
    """Return a built page."""
    file = root / "site" / code / path / "index.html"
    return html.fromstring(file.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built copy with one more page, which calls one more macro."""
    root = copied_project(tmp_path_factory.mktemp("grown") / "copy", codes=("fr", "de"))
    add(root / "scripts/site/macros.py", FUNCTION)
    add(root / "overrides/partials/greeting.html", PARTIAL)
    add(root / "docs/fr/new.md", PAGE)
    add(root / "mkdocs.yml", "  - new.md\n", after="  - phone.md\n")
    add(root / "scripts/rules/addresses.yml", "new: new\n")
    done = run_mkdocs_build(root, site_url=SITE_URL)
    assert done.returncode == 0, done.stdout + done.stderr
    return root


def test_a_new_page_needs_its_french_file_the_menu_and_a_word_for_its_short_address(
    grown: Path,
) -> None:
    for code in ("fr", "de"):
        page = (grown / f"site/{code}/new/index.html").read_text(encoding="utf-8")
        assert "<h1>Une page & son titre</h1>" in page
        [link] = shown(grown, code, "phone").xpath("//details[@class='menu']//a[@href='../new/']")
        assert link.text == "Une page & son titre"
        short = (grown / f"site/q/{code}-new/index.html").read_text(encoding="utf-8")
        assert f"../../{code}/new/" in short


def test_a_new_macro_needs_its_function_and_its_partial(grown: Path) -> None:
    [greeting] = shown(grown, "fr", "new").find_class("greeting")
    assert greeting.text == "<you> & Aide sociale en Valais"


def test_a_rules_file_has_one_loader(copy: ContentCopy) -> None:
    loaders = [ROOT / f"scripts/content/{name}.py" for name in ("project", "places")]
    loading = "".join(file.read_text(encoding="utf-8") for file in loaders)
    assert sorted(re.findall(r'rules / "([\w-]+\.yml)"', loading)) == RULES_FILES
    for name in RULES_FILES:
        (copy.root / "scripts/rules" / name).write_text("nonsense: [", encoding="utf-8")
    faulty = {fault.partition(":")[0] for fault in copy.faults()}
    assert faulty == {f"scripts/rules/{name}" for name in RULES_FILES}
