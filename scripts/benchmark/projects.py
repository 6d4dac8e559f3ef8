"""The projects to measure: a copy of this one, and its content for stock Material."""

from __future__ import annotations

import os
import posixpath
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import material
import yaml

from scripts.bootstrap import SetupError
from scripts.content.languages import SOURCE_LANGUAGE
from scripts.content.pages import Page
from scripts.content.project import Project, load_project
from scripts.faults import ROOT
from scripts.site.addresses import page_folder
from scripts.site.macros import MACROS
from scripts.site.view import View
from tests.copies import copy_project

KINDS = ("ours", "stock")
FIRST = ("fr", "ar", "de", "ti")
"""The first languages of a smaller site: a usual one, a right-to-left one, both official ones."""
SITE_URL = "https://cms.example/"
_TERM = re.compile(r"\]\(term:([\w-]+)\)")
_MACRO = re.compile(r"\{\{\s*(\w+)\(\)\s*\}\}")
_PARTIALS = Path(material.__file__).parent / "templates" / "partials" / "languages"


@dataclass(frozen=True)
class BuildCost:
    """What a build took: processor time of all its processes and wall time, in seconds."""

    cpu: float
    wall: float


@dataclass(frozen=True)
class Workspace:
    """A folder in which projects are made and built, each once.

    `counts`: how many languages the compared sites have; the last is all of them.
    """

    folder: Path
    counts: tuple[int, ...] = (4, 10, 20)

    def project(self, kind: str, count: int) -> Path:
        """Return the folder of a project (`ours` or `stock`) in so many languages."""
        root = self.folder / f"{kind}-{count}"
        if not root.exists():
            content = load_project(ROOT)
            codes = choose_languages(content, count)
            if kind == "ours":
                copy_project(root, codes)
            else:
                _write_stock_project(root, codes, content)
        return root

    def site(self, kind: str, count: int) -> Path:
        """Return the folder of the built site."""
        site = self.project(kind, count) / "site"
        if not site.exists():
            self.build(kind, count)
        return site

    def build(self, kind: str, count: int) -> BuildCost:
        """Build a project from nothing and return what it took.

        Raises:
            SetupError: the build has failed; the message is what it said.
        """
        root = self.project(kind, count)
        shutil.rmtree(root / "site", ignore_errors=True)
        environment = os.environ | {
            "PYTHONPATH": str(root),
            "SITE_URL": SITE_URL,
            "NO_MKDOCS_2_WARNING": "1",
        }
        command = [sys.executable, "-m", "mkdocs", "build", "-q"]
        start = time.perf_counter()
        with (root / "build.log").open("w") as log:
            process = subprocess.Popen(command, cwd=root, env=environment, stdout=log, stderr=log)
            _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said = (root / "build.log").read_text(encoding="utf-8").strip()
            raise SetupError(f"The project '{root.name}' cannot be built: {said}")
        return BuildCost(used.ru_utime + used.ru_stime, time.perf_counter() - start)


def choose_languages(content: Project, count: int) -> tuple[str, ...]:
    """Return the codes of so many languages, always the same ones first."""
    order = dict.fromkeys([*FIRST, *content.language])
    return tuple(order)[:count]


def page_count(content: Project, codes: Sequence[str]) -> int:
    """Return how many pages these languages have."""
    return sum(len(content.pages[code]) for code in codes)


def _write_stock_project(root: Path, codes: Sequence[str], content: Project) -> None:
    """Write the same text for stock Material: French at the root, search, no web fonts."""
    for code in codes:
        for page in content.pages[code].values():
            file = root / "docs" / code / f"{page.path}.md"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(_stock_page(page, content), encoding="utf-8")
    partials = root / "overrides/partials/languages"
    partials.mkdir(parents=True)
    for code in codes:  # without one for each language Material's build fails
        if not (_PARTIALS / f"{code}.html").exists():
            shutil.copy(_PARTIALS / "en.html", partials / f"{code}.html")
    config = yaml.safe_dump(_stock_config(codes, content), allow_unicode=True, sort_keys=False)
    (root / "mkdocs.yml").write_text(config, encoding="utf-8")


def _stock_config(codes: Sequence[str], content: Project) -> dict[str, Any]:
    languages = [
        {
            "locale": code,
            "name": content.language[code].name,
            "default": code == SOURCE_LANGUAGE,
            "build": True,
        }
        for code in codes
    ]
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    ours = re.findall(r"^(?:nav|markdown_extensions):\n(?:^[ -].*\n)+", text, re.MULTILINE)
    return {
        "site_name": content.source_wording.texts["ui.site_name"],
        "site_url": SITE_URL,
        "theme": {"name": "material", "font": False, "custom_dir": "overrides"},
        "plugins": ["search", {"i18n": {"docs_structure": "folder", "languages": languages}}],
        **yaml.safe_load("".join(ours)),
    }


def _stock_page(page: Page, content: Project) -> str:
    """Return a page's Markdown with its terms as plain links and its macros worked out."""
    folder = posixpath.dirname(page.path) or "."
    words = posixpath.relpath("words.md", folder)
    text = _TERM.sub(lambda match: f"]({words}#{match[1]})", page.body)
    view = View(content, page.language, page.path)
    text = _MACRO.sub(lambda match: f"\n{MACROS[match[1]](view)}\n", text)
    head = yaml.safe_dump(
        {"title": page.title, "description": page.description}, allow_unicode=True, width=9999
    )
    return f"---\n{head}---\n{text}"


def page_address(kind: str, code: str, path: str) -> str:
    """Return where a page stands in a built site, relative to its root."""
    folder = page_folder(code, path)
    return folder.removeprefix(f"{code}/") if (kind, code) == ("stock", "fr") else folder
