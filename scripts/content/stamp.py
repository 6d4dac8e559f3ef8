"""Mark translations as made from the French text as it stands now."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from scripts.content.languages import SOURCE_LANGUAGE, Language, load_languages
from scripts.content.pages import FRONT_MATTER, load_page
from scripts.content.wording import load_wording
from scripts.faults import Fault, FaultsError, raise_if_any, relative_name

WORDING = "wording"
"""What stands for the wording where a page may be named."""
_BLOCK = re.compile(r"^translation:\n(?:[ \t]+.*\n|\n(?=[ \t]))*", re.MULTILINE)


def stamp(root: Path, codes: list[str], state: str, today: date, only: str = "") -> list[str]:
    """Write the review state, date and source hashes into a language's files.

    Args:
        root: the project.
        codes: language codes, none of them French.
        state: machine, native or legal.
        today: the date to write.
        only: a page path such as `rights/appeal`, `WORDING`, or "" for all pages and the wording.

    Returns:
        The files that changed.

    Raises:
        FaultsError: an unknown language or page, or a file without front matter.

    """
    languages = {language.code: language for language in load_languages(root / "mkdocs.yml")}
    raise_if_any(_unknown(codes, languages))
    source = languages[SOURCE_LANGUAGE]
    french = _page_hashes(root / "docs" / SOURCE_LANGUAGE, source)
    wordings = root / "scripts" / "rules" / "wording"
    changed: list[str] = []
    original = load_wording(wordings / f"{SOURCE_LANGUAGE}.yml", source)
    for code in codes:
        folder = root / "docs" / code
        files = [folder / f"{only}.md"] if only else sorted(folder.rglob("*.md"))
        for file in files if only != WORDING else []:
            hashes = french.get(file.relative_to(folder).with_suffix("").as_posix())
            changed += _stamp_page(file, hashes, state, today)
        if only in ("", WORDING):
            changed += _stamp_wording(wordings / f"{code}.yml", original.hashes, state, today)
    return changed


def _page_hashes(root: Path, source: Language) -> dict[str, Mapping[str, str]]:
    faults: list[Fault] = []
    pages = [load_page(file, root, source, faults) for file in sorted(root.rglob("*.md"))]
    return {page.path: page.hashes for page in pages}


def _unknown(codes: list[str], languages: Mapping[str, Language]) -> list[Fault]:
    allowed = ", ".join(code for code in languages if code != SOURCE_LANGUAGE)
    return [
        Fault("mkdocs.yml", 0, f"no translation '{code}'; allowed: {allowed}")
        for code in codes
        if code not in languages or code == SOURCE_LANGUAGE
    ]


def _stamp_page(file: Path, hashes: Mapping[str, str] | None, state: str, today: date) -> list[str]:
    if hashes is None or not file.exists():
        message = "has no French page" if hashes is None else "is missing"
        raise FaultsError([Fault(relative_name(file), 0, f"{message}; nothing to stamp")])
    text = file.read_text(encoding="utf-8")
    match = FRONT_MATTER.match(text)
    if not match:
        raise FaultsError([Fault(relative_name(file), 1, "front matter is missing")])
    head = _BLOCK.sub("", match[1]) + _block(state, today, hashes)
    return _write(file, f"---\n{head}---\n{text[match.end() :]}", text)


def _stamp_wording(file: Path, hashes: Mapping[str, str], state: str, today: date) -> list[str]:
    text = file.read_text(encoding="utf-8")
    rest = _BLOCK.sub("", text).lstrip("\n")
    return _write(file, f"{_block(state, today, hashes)}\n{rest}", text)


def _block(state: str, today: date, hashes: Mapping[str, str]) -> str:
    lines = [f"  state: {state}", f"  date: {today.isoformat()}", "  source:"]
    lines += [f"    {section}: {digest}" for section, digest in hashes.items()]
    return "translation:\n" + "\n".join(lines) + "\n"


def _write(file: Path, text: str, before: str) -> list[str]:
    if text == before:
        return []
    file.write_text(text, encoding="utf-8")
    return [relative_name(file)]
