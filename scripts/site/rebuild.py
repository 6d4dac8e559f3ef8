"""While the site is served: which pages have to be built again after an edit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

from scripts.content.languages import Language
from scripts.content.project import Project
from scripts.faults import ROOT
from scripts.site.macros import OF_LANGUAGE
from scripts.translate.status import language_statuses

_ELSEWHERE = frozenset(
    {
        *("root", "wordings", "pages", "held_back", "translations", "recordings"),  # by language
        *("misleading", "unpublished", "dates", "verdicts", "handout"),  # on no page
        "everyday",  # in the search index, which is always made anew
    }
)
"""What of a project is compared language by language, or changes no page."""
Plan = Mapping[str, frozenset[str]]
"""The paths of the pages to build, by language code; a language without any is left out."""


def every_page(project: Project) -> Plan:
    """Return the plan of a full build."""
    return {one.code: frozenset(project.expected_paths(one)) for one in project.languages}


def touched_pages(before: Project, now: Project) -> Plan:
    """Return the plan that brings a site built from `before` to the state of `now`."""
    if _shared(before) != _shared(now):
        return every_page(now)
    reading = set()
    if language_statuses(before) != language_statuses(now):
        reading.add("translation_status")
    if _all_titles(before) != _all_titles(now):
        reading.add("topic_links")
    plan = {one.code: _touched(before, now, one, frozenset(reading)) for one in now.languages}
    return {code: paths for code, paths in plan.items() if paths}


def shared_stamps(docs: Path) -> object:
    """Return what changes with a file that any page may show: templates, settings, pictures."""
    files = [file for folder in (docs, ROOT / "overrides") for file in folder.rglob("*")]
    shown = sorted(file for file in files if file.is_file() and file.suffix != ".md")
    stats = [(file, file.stat()) for file in (ROOT / "mkdocs.yml", *shown)]
    return [(file, stat.st_mtime_ns, stat.st_size) for file, stat in stats]


def _shared(project: Project) -> list[object]:
    """What pages of every language may show: all that is not looked at page by page."""
    shown = [one.name for one in fields(project) if one.name not in _ELSEWHERE]
    return [every_page(project), *(getattr(project, name) for name in shown)]


def _touched(
    before: Project, now: Project, language: Language, reading: frozenset[str]
) -> frozenset[str]:
    """Return the paths of a language; `reading` are macros that show something else now."""
    paths = frozenset(now.expected_paths(language))
    if _frame(before, language) != _frame(now, language):
        return paths
    found = {p for p in paths if _text(before, language, p) != _text(now, language, p)}
    if any(before.shown_page(language, p) != now.shown_page(language, p) for p in found):
        reading |= OF_LANGUAGE
    return paths & (found | {p for p in paths if reading & {*now.source_pages[p].macros}})


def _frame(project: Project, language: Language) -> tuple[object, ...]:
    """What every page of a language shows: its wording, its menu, which pages it lacks."""
    return (
        project.wordings[language.code],
        project.translations[language.code].wording,
        project.translations[language.code].rows,
        _titles(project, language),
        project.missing_paths(language),
        project.recordings[language.code],
    )


def _text(project: Project, language: Language, path: str) -> tuple[object, ...]:
    """What only this page shows: its text, and whether it is behind the French one."""
    page = project.shown_page(language, path)
    return page, project.review(page), project.stale_sections(page)


def _titles(project: Project, language: Language) -> list[str]:
    return [project.shown_page(language, one).title for one in project.expected_paths(language)]


def _all_titles(project: Project) -> list[list[str]]:
    return [_titles(project, language) for language in project.languages]
