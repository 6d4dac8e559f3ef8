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

_BLOCK = re.compile(r"^translation:\n(?:[ \t]+.*\n|\n(?=[ \t]))*", re.MULTILINE)


def stamp(root: Path, codes: list[str], state: str, today: date, only: str = "") -> list[str]:
    """Write the review state, date and source hashes into a language's files.

    Args:
        root: the project.
        codes: language codes, none of them French.
        state: machine, native or legal.
        today: the date to write.
        only: a page path such as `rights/appeal`, or "" for all pages and the wording.

    Returns:
        The files that changed.

    Raises:
        FaultsError: an unknown language or page, or a file without front matter.

    """
    languages = {language.code: language for language in load_languages(root / "mkdocs.yml")}
    raise_if_any(_unknown(codes, languages))
    source = languages[SOURCE_LANGUAGE]
    changed: list[str] = []
    for code in codes:
        folder = root / "docs" / code
        files = [folder / f"{only}.md"] if only else sorted(folder.rglob("*.md"))
        for file in files:
            changed += _stamp_page(root, file, file.relative_to(folder), source, state, today)
        if not only:
            changed += _stamp_wording(root, code, source, state, today)
    return changed


def _unknown(codes: list[str], languages: Mapping[str, Language]) -> list[Fault]:
    allowed = ", ".join(code for code in languages if code != SOURCE_LANGUAGE)
    return [
        Fault("mkdocs.yml", 0, f"no translation '{code}'; allowed: {allowed}")
        for code in codes
        if code not in languages or code == SOURCE_LANGUAGE
    ]


def _stamp_page(
    root: Path, file: Path, path: Path, source: Language, state: str, today: date
) -> list[str]:
    original = root / "docs" / SOURCE_LANGUAGE / path
    if not original.exists() or not file.exists():
        missing = original if not original.exists() else file
        raise FaultsError([Fault(relative_name(missing), 0, "is missing; nothing to stamp")])
    faults: list[Fault] = []
    hashes = load_page(original, root / "docs" / SOURCE_LANGUAGE, source, faults).hashes
    text = file.read_text(encoding="utf-8")
    match = FRONT_MATTER.match(text)
    if not match:
        raise FaultsError([Fault(relative_name(file), 1, "front matter is missing")])
    head = _BLOCK.sub("", match[1]) + _block(state, today, hashes)
    return _write(file, f"---\n{head}---\n{text[match.end() :]}", text)


def _stamp_wording(root: Path, code: str, source: Language, state: str, today: date) -> list[str]:
    folder = root / "scripts" / "rules" / "wording"
    hashes = load_wording(folder / f"{SOURCE_LANGUAGE}.yml", source).hashes
    file = folder / f"{code}.yml"
    text = file.read_text(encoding="utf-8")
    return _write(
        file, _block(state, today, hashes) + "\n" + _BLOCK.sub("", text).lstrip("\n"), text
    )


def _block(state: str, today: date, hashes: Mapping[str, str]) -> str:
    lines = [f"  state: {state}", f"  date: {today.isoformat()}", "  source:"]
    lines += [f"    {section}: {digest}" for section, digest in hashes.items()]
    return "translation:\n" + "\n".join(lines) + "\n"


def _write(file: Path, text: str, before: str) -> list[str]:
    if text == before:
        return []
    file.write_text(text, encoding="utf-8")
    return [relative_name(file)]
