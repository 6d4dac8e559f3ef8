"""Mark translations as made from the French text, and wordings of rules as those of the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from scripts.content.languages import SOURCE_LANGUAGE, Language
from scripts.content.project import RULES, Project
from scripts.content.review import Review
from scripts.content.translations import (
    FOLDER,
    ROWS,
    WORDING,
    Translations,
    row_hashes,
    translations_text,
)
from scripts.faults import Fault, raise_if_any, relative_name
from scripts.files import write_whole


def stamp(
    project: Project, codes: Sequence[str], state: str, today: date, only: str = ""
) -> list[str]:
    """Write state, date and the hashes of the French text and the table into a language's file.

    Args:
        project: the content.
        codes: language codes; French has nothing but the wordings of the rules.
        state: machine, native or legal.
        today: the date to write.
        only: a page's path such as `rights/appeal`, `WORDING`, `ROWS`, or "" for all of them.

    Returns:
        The files that changed.

    Raises:
        FaultsError: an unknown language or page. Nothing is written then.

    """
    raise_if_any(_faults(project, codes, only))
    changed = []
    for code in codes:
        language = project.language[code]
        before = project.translations[code]
        after = _stamped(project, language, before, state, today, only)
        file = project.root / RULES / FOLDER / f"{code}.yml"
        text = translations_text(after)
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            write_whole(file, text.encode())
            changed.append(relative_name(file))
    return changed


def _faults(project: Project, codes: Sequence[str], only: str) -> Iterator[Fault]:
    for code in codes:
        if code not in project.language:
            allowed = ", ".join(project.language)
            yield Fault("mkdocs.yml", 0, f"no language '{code}'; allowed: {allowed}")
        elif only and only not in (allowed_parts := _parts(project, code)):
            folder, allowed = f"docs/{code}", ", ".join(allowed_parts)
            yield Fault(folder, 0, f"found page '{only}', nothing to stamp; allowed: {allowed}")


def _parts(project: Project, code: str) -> list[str]:
    """Return what can be stamped of a language."""
    return [ROWS] if code == SOURCE_LANGUAGE else [ROWS, WORDING, *project.pages[code]]


def _stamped(
    project: Project, language: Language, before: Translations, state: str, today: date, only: str
) -> Translations:
    """Return what a language's file holds after a stamp; entries of pages that are gone go."""
    after = before
    if only in ("", ROWS):
        after = replace(after, rows=row_hashes(project.table))
    if language.is_source:
        return after
    if only in ("", WORDING):
        lacking = project.wordings[language.code].in_french
        hashes = project.source_wording.hashes
        own = {name: hashes[name] for name in hashes if name not in lacking}
        wording = _mark(before.wording, own, state, today)
        after = replace(after, wording=wording)
    pages = {
        path: one for path, one in before.pages.items() if path in project.pages[language.code]
    }
    for path, page in project.pages[language.code].items():
        if only in ("", path):
            hashes = project.source_pages[path].hashes
            own = {name: hashes[name] for name in hashes if name not in page.in_french}
            pages[path] = _mark(before.pages.get(path), own, state, today)
    return replace(after, pages=pages)


def _mark(before: Review | None, hashes: Mapping[str, str], state: str, today: date) -> Review:
    """Return a mark with these hashes; one that says the same already keeps its day."""
    if before and (before.state, before.source) == (state, hashes):
        return before
    return Review(state, today, hashes)
