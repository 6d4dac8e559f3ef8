"""Copies of this project in a few languages, to measure or to break."""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection, Sequence
from pathlib import Path

from scripts.content.languages import CHOOSER, SOURCE_LANGUAGE
from scripts.content.project import OF_A_LANGUAGE, RULES
from scripts.faults import ROOT

BUILT_FROM = ("docs", "overrides", "scripts")
"""The folders that a build needs."""
FILES = ("mkdocs.yml", "LICENSE", "NOTICE")
"""The files that it needs beside them."""
_ONLY = re.compile(r"^only: \[(.*)\]$", re.MULTILINE)
"""The languages that alone have a page, in its head."""
_LANGUAGE_ENTRY = {
    "mkdocs.yml": r"^ *- \{locale: (\w+), .*\n",
    "scripts/rules/readings.yml": r"^- \{language: (\w+), .*\n",
    "scripts/rules/addresses-given.txt": r"^([a-z]{2})-.*\n",
    "scripts/rules/announcements.yml": r"^ {2}([a-z]{2}): .*\n",
    "scripts/rules/spoken.yml": r"^(\w+):\n(?: .*\n)+",
}
"""Where languages are listed in a file, and how one of them is found there."""


def copy_project(target: Path, codes: Collection[str], folders: Sequence[str] = BUILT_FROM) -> Path:
    """Copy folders of the project, with a few languages; return the place.

    Args:
        target: the folder of the copy.
        codes: the languages to keep, French among them.
        folders: what to copy, besides `FILES`.
    """
    kept = {*codes, CHOOSER}
    by_language = {str(ROOT / "docs"), *(str(ROOT / RULES / name) for name in OF_A_LANGUAGE)}

    def ignored(folder: str, names: list[str]) -> set[str]:
        of_others = {name for name in names if Path(name).stem not in {*kept, "assets"}}
        return {"__pycache__"} | (of_others if folder in by_language else set())

    for name in folders:
        shutil.copytree(ROOT / name, target / name, ignore=ignored)
    for name in FILES:
        shutil.copy(ROOT / name, target)
    _keep_languages(target, kept)
    return target


def _keep_languages(root: Path, kept: Collection[str]) -> None:
    """Take the other languages out of the files that list them, as a person would."""
    for path, pattern in _LANGUAGE_ENTRY.items():
        file = root / path
        text = file.read_text(encoding="utf-8")
        cut = re.sub(pattern, lambda m: m[0] if m[1] in kept else "", text, flags=re.MULTILINE)
        file.write_text(cut, encoding="utf-8")
    for page in (root / "docs" / SOURCE_LANGUAGE).rglob("*.md"):
        text = page.read_text(encoding="utf-8")
        page.write_text(_ONLY.sub(lambda m: _only(m[1], kept), text), encoding="utf-8")


def _only(codes: str, kept: Collection[str]) -> str:
    return f"only: [{', '.join(code for code in codes.split(', ') if code in kept)}]"
