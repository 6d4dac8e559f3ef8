"""What an edit touches: the pages that have to be built again, by language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from scripts.content.excerpts import found_block, found_heading
from scripts.content.languages import Language
from scripts.content.pages import TOP
from scripts.content.project import Project
from scripts.site.render import translation_status

Plan = Mapping[str, frozenset[str]]
"""The paths of the pages to build, by language code; a language without any is left out."""

_Read = Callable[["_State", Language], object]
MACROS_READ: Mapping[str, _Read] = {
    "rule_table": lambda *_: None,
    "self_check": lambda *_: None,
    "self_check_results": lambda *_: None,
    "self_check_steps": lambda *_: None,
    "glossary": lambda *_: None,
    "source_register": lambda *_: None,
    "proof_summary": lambda *_: None,
    "truth_table": lambda *_: None,
    "data_links": lambda *_: None,
    "translation_status": lambda state, _: state.status,
    "topic_links": lambda state, _: state.titles,
    "share_form": lambda state, language: state.titles_of(language),
    "evening_steps": lambda state, language: state.steps_of(language),
    "all_topics": lambda state, language: state.headings_of(language),
    "keep_language": lambda *_: None,
    "install_site": lambda *_: None,
    "erase_pages": lambda *_: None,
}
"""What a macro reads beyond the rules and the wording of its page's language.

A page with a macro that is not named here is built again after every edit, which is always right.
"""


def every_page(project: Project) -> Plan:
    """Return the plan of a full build."""
    return {one.code: frozenset(project.expected_paths(one)) for one in project.languages}


def touched_pages(before: Project, now: Project) -> Plan:
    """Return the plan that brings a site built from `before` to the state of `now`."""
    if _shared(before) != _shared(now):
        return every_page(now)
    old, new = _State(before), _State(now)
    plan = {language.code: _touched(old, new, language) for language in now.languages}
    return {code: paths for code, paths in plan.items() if paths}


@dataclass(frozen=True, eq=False)
class _State:
    """What pages of one language show of all languages."""

    project: Project

    @cached_property
    def status(self) -> object:
        return translation_status(self.project)

    @cached_property
    def titles(self) -> object:
        return {language.code: self.titles_of(language) for language in self.project.languages}

    def headings_of(self, language: Language) -> object:
        """The title of every page of a language, and its headings."""
        pages = {path: self.project.shown_page(language, path) for path in self.titles_of(language)}
        return {
            path: (
                page.title,
                [(one.id, one.blocks[0].words) for one in page.sections if one.id != TOP],
            )
            for path, page in pages.items()
        }

    def steps_of(self, language: Language) -> object:
        """The heading and the texts of every step of an evening in a language."""
        pages = self.project.shown_pages(language)
        return [
            (
                found_heading(pages, part),
                [block.text for row in part.rows if (block := found_block(pages, row))],
            )
            for part in self.project.evening
        ]

    def titles_of(self, language: Language) -> Mapping[str, str]:
        paths = self.project.expected_paths(language)
        return {path: self.project.shown_page(language, path).title for path in paths}


def _shared(project: Project) -> tuple[object, ...]:
    """What every page of every language may show."""
    return (
        project.addresses,
        project.sharing,
        project.evening,
        project.staff_words,
        project.languages,
        project.menu,
        project.spoken,
        project.table,
        project.register,
        project.terms,
        project.keys,
        project.readings,
        [project.expected_paths(language) for language in project.languages],
    )


def _touched(old: _State, new: _State, language: Language) -> frozenset[str]:
    paths = new.project.expected_paths(language)
    if _frame(old, language) != _frame(new, language):
        return frozenset(paths)
    return frozenset(p for p in paths if _text(old, language, p) != _text(new, language, p))


def _frame(state: _State, language: Language) -> tuple[object, ...]:
    """What every page of a language shows: its wording, its menu, which pages it lacks."""
    project = state.project
    wording = project.wordings[language.code]
    recordings = project.recordings[language.code]
    return (wording, state.titles_of(language), project.missing_paths(language), recordings)


def _text(state: _State, language: Language, path: str) -> tuple[object, ...]:
    """What only this page shows: its text, whether it is behind the French one, its macros."""
    page = state.project.shown_page(language, path)
    read = [
        MACROS_READ[macro](state, language) if macro in MACROS_READ else state
        for macro in page.macros
    ]
    return (page, state.project.stale_sections(page), read)
