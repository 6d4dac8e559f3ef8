"""The one check over all the content and the rules."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scripts.content import prose, references, terms
from scripts.content.addresses import check_addresses
from scripts.content.announcements import check_announcements
from scripts.content.dossier import open_verdicts, unknown_verdicts
from scripts.content.everyday import NOT_SEARCHED, check_everyday
from scripts.content.excerpts import check_parts
from scripts.content.languages import Language
from scripts.content.leads import check_leads
from scripts.content.pages import Page
from scripts.content.places import WHERE, check_places, old_facts
from scripts.content.project import RULES, Project, load_project
from scripts.content.sharing import check_sharing
from scripts.content.structure import check_structure
from scripts.content.unpublished import check_unpublished
from scripts.content.watch import all_duties, check_dates
from scripts.content.wording import Wording, check_wording
from scripts.faults import Fault, raise_if_any
from scripts.table.truth_table import check_truth_table
from scripts.table.verify import verify_table


@dataclass(frozen=True)
class Report:
    """What the check found.

    Faults stop every build. A missing page stops a strict one; any other shows its readers the
    French text, and says so. Warnings stop nothing.
    """

    faults: tuple[Fault, ...]
    missing: tuple[Fault, ...]
    warnings: tuple[Fault, ...]

    @property
    def all_faults(self) -> tuple[Fault, ...]:
        """The faults, missing pages included."""
        return tuple(sorted((*self.faults, *self.missing)))


def check_project(project: Project, today: date, macros: Collection[str]) -> Report:
    """Return every fault and warning of the content and the rules, all at once.

    Args:
        project: the content.
        today: the day against which the age of sources is told.
        macros: the names of the macros that pages may call.
    """
    faults = [
        *verify_table(project.table),
        *check_truth_table(project.table, project.root / RULES / "truth-table.csv"),
        *project.register.unpublishable(),
        *project.register.misplaced(_pages_calling(project, "source_register")),
        *terms.misplaced(project.terms, _pages_calling(project, "glossary"), f"{RULES}/terms.yml"),
        *_check_sources(project),
        *check_addresses(project.addresses, project.addressed_paths, project.languages),
        *check_sharing(project.sharing, project.source_pages),
        *check_everyday(project.everyday, _searched_ids(project)),
        *unknown_verdicts(project),
        *check_parts((*project.handout, *project.evening), project.source_pages),
        *check_leads(
            project.leads,
            project.table,
            project.source_wording.data["bring"],
            project.source_pages,
        ),
        *check_places(
            project.places, project.source_pages[WHERE].ids, project.register, project.dates
        ),
        *(f for one in project.wordings.values() for f in _check_wording(project, one)),
        *(f for one in project.languages for f in _check_language(project, one, macros)),
    ]
    missing = [f for language in project.languages for f in _missing_pages(project, language)]
    warnings = [
        *_due(project, today),
        *_stale(project),
        *old_facts(project.places, today),
        *check_announcements(project.announcements, today),
    ]
    if not (faults or missing):
        warnings += open_verdicts(project)
    return Report(*(tuple(sorted(set(found))) for found in (faults, missing, warnings)))


def checked_project(
    root: Path, today: date, macros: Collection[str], strict: bool
) -> tuple[Project, tuple[str, ...]]:
    """Return the content of a project that has no fault, and what its authors should know.

    Args:
        root: the project's folder.
        today: the day against which the age of sources is told.
        macros: the names of the macros that pages may call.
        strict: whether a missing page is a fault.

    Raises:
        FaultsError: every fault, at once.
    """
    project = load_project(root)
    report = check_project(project, today, macros)
    raise_if_any(report.all_faults if strict else report.faults)
    missing = [f"{one} (its readers get the French text)" for one in report.missing]
    return project, (*missing, *map(str, report.warnings))


def _searched_ids(project: Project) -> dict[str, frozenset[str]]:
    """Return the ids of the sections and terms of every page that the search knows, by path."""
    pages = {path: project.source_pages.get(path) for path in project.menu}
    return {
        path: frozenset(section.id for section in page.sections)
        | {term.id for term in project.terms.values() if term.page == path}
        for path, page in pages.items()
        if page and path not in NOT_SEARCHED
    }


def _pages_calling(project: Project, macro: str) -> list[str]:
    return [path for path, page in project.source_pages.items() if macro in page.macros]


def _check_sources(project: Project) -> Iterator[Fault]:
    pages = (page for pages in project.pages.values() for page in pages.values())
    cited = references.cited_sources(pages)
    for rule in project.table.rules:
        cited.setdefault(rule.source, []).append((project.table.file, rule.line))
    for key in project.keys.statements:
        if key.source:
            cited.setdefault(key.source, []).append((project.keys.file, key.line))
    held_back = project.unpublished
    yield from check_unpublished(held_back, project.register, cited, project.source_pages)
    yield from check_dates(project.dates, {*project.register.sources, *held_back})
    citable = {name: places for name, places in cited.items() if name not in held_back}
    yield from project.register.unknown(citable)


def _due(project: Project, today: date) -> Iterator[Fault]:
    for duty in all_duties(project.register, project.unpublished, project.dates):
        if duty.is_due(today):
            yield Fault(duty.file, duty.line, f"{duty.source}: {duty.sentences[0]}")


def _check_wording(project: Project, wording: Wording) -> Iterator[Fault]:
    source = project.source_wording
    yield from check_wording(wording, source, project.table, project.register, project.terms)
    yield from references.check_glossary(wording)
    original = None if wording is source else source
    passages = list(prose.wording_passages(wording, original))
    yield from prose.check_passages(passages, wording.language)
    if wording.language.code in prose.MEASURED_LANGUAGES:
        yield from (fault for passage in passages for fault in prose.long_sentences(passage))


def _missing_pages(project: Project, language: Language) -> Iterator[Fault]:
    for path in project.missing_paths(language):
        message = f"page '{path}.md' is missing; translate docs/fr/{path}.md"
        yield Fault(f"docs/{language.code}", 0, message)


def _check_language(
    project: Project, language: Language, macros: Collection[str]
) -> Iterator[Fault]:
    pages = project.shown_pages(language)
    for path, page in project.pages[language.code].items():
        if path in project.expected_paths(language):
            yield from _check_page(project, page, pages)
            yield from references.check_macros(page, macros, _arguments(project))
        else:
            message = f"no page '{path}.md' in docs/fr for this language; remove it"
            yield Fault(page.file, 0, message)


def _arguments(project: Project) -> dict[str, Collection[str]]:
    """Return what the macros take that take an argument."""
    words = project.source_wording.data
    return {"say": words["say"], "letter": words["letters"], "office": project.places.offices}


def _check_page(project: Project, page: Page, pages: Mapping[str, Page]) -> Iterator[Fault]:
    source = None if page.language.is_source else project.source_pages[page.path]
    generated = references.generated_ids(project.terms, project.register)
    wording = project.wordings[page.language.code]
    yield from references.check_keys(page, project.keys)
    yield from references.check_links(page, pages, generated)
    yield from references.check_terms(page, wording, project.terms)
    if source:
        yield from check_structure(page, source)
    found = list(prose.passages(page, source))
    yield from prose.check_passages(found, page.language)
    if page.language.code in prose.MEASURED_LANGUAGES:
        yield from (fault for passage in found for fault in prose.long_sentences(passage))
        yield from prose.average_faults(found, page.file)


def _stale(project: Project) -> Iterator[Fault]:
    for code, pages in project.pages.items():
        for section in project.stale_wording(code):
            message = f"the French wording of '{section}' has changed since the translation"
            yield Fault(project.wordings[code].file, 0, message)
        for page in pages.values():
            for section in project.stale_sections(page):
                message = f"the French text of section '{section}' has changed since"
                yield Fault(page.file, 0, message)
