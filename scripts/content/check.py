"""The one check over all the content and the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from scripts.content import prose, references, terms
from scripts.content.addresses import check_addresses
from scripts.content.everyday import NOT_SEARCHED, check_everyday
from scripts.content.excerpts import check_parts
from scripts.content.languages import Language
from scripts.content.pages import Page
from scripts.content.project import RULES, Project
from scripts.content.sharing import check_sharing
from scripts.content.structure import check_structure
from scripts.content.wording import Wording, check_wording
from scripts.faults import Fault
from scripts.memo import Memo
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


def check_project(project: Project, today: date, memo: Memo | None = None) -> Report:
    """Return every fault and warning of the content and the rules, all at once.

    Args:
        project: the content.
        today: the day against which the age of sources is told.
        memo: what an earlier check left; what has not changed since is not checked again.
    """
    known = _Known(memo or Memo())
    faults = [
        *known.faults("table", (project.table,), lambda: verify_table(project.table)),
        *check_truth_table(project.table, project.root / RULES / "truth-table.csv"),
        *project.register.unpublishable(),
        *project.register.misplaced(_pages_calling(project, "source_register")),
        *terms.misplaced(project.terms, _pages_calling(project, "glossary"), f"{RULES}/terms.yml"),
        *_check_sources(project),
        *check_addresses(project.addresses, project.addressed_paths, project.languages),
        *check_sharing(project.sharing, project.source_pages),
        *check_everyday(project.everyday, _searched_ids(project)),
        *check_parts((*project.handout, *project.evening), project.source_pages),
        *(f for one in project.wordings.values() for f in _known_wording(project, one, known)),
        *(f for language in project.languages for f in _check_language(project, language, known)),
    ]
    missing = [f for language in project.languages for f in _missing_pages(project, language)]
    warnings = [*project.register.old(today), *_stale(project)]
    return Report(*(tuple(sorted(set(found))) for found in (faults, missing, warnings)))


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


@dataclass(frozen=True)
class _Known:
    memo: Memo

    def faults(
        self, name: str, origin: tuple[object, ...], find: Callable[[], Iterable[Fault]]
    ) -> tuple[Fault, ...]:
        """Return the faults of one thing, found anew where what they hang on has changed."""
        return self.memo.get(("check", name), origin, lambda: tuple(find()))


def _known_wording(project: Project, wording: Wording, known: _Known) -> tuple[Fault, ...]:
    origin = (wording, project.source_wording, project.table, project.register, project.terms)
    return known.faults(wording.file, origin, lambda: _check_wording(project, wording))


def _check_sources(project: Project) -> Iterator[Fault]:
    pages = (page for pages in project.pages.values() for page in pages.values())
    cited = references.cited_sources(pages)
    for rule in project.table.rules:
        cited.setdefault(rule.source, []).append((project.table.file, rule.line))
    for key in project.keys.statements:
        if key.source:
            cited.setdefault(key.source, []).append((project.keys.file, key.line))
    return project.register.unknown(cited)


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


def _check_language(project: Project, language: Language, known: _Known) -> Iterator[Fault]:
    pages = project.shown_pages(language)
    shared = (
        project.wordings[language.code],
        project.terms,
        project.keys,
        project.register,
        {path: (page.ids, page.macros) for path, page in pages.items()},
    )
    for path, page in project.pages[language.code].items():
        if path not in project.expected_paths(language):
            yield Fault(
                page.file, 0, f"no page '{path}.md' in docs/fr for this language; remove it"
            )
            continue
        origin = (page, project.source_pages[path], *shared)
        yield from known.faults(page.file, origin, partial(_check_page, project, page, pages))


def _check_page(project: Project, page: Page, pages: Mapping[str, Page]) -> Iterator[Fault]:
    source = None if page.language.is_source else project.source_pages[page.path]
    generated = references.generated_ids(project.terms, project.register)
    wording = project.wordings[page.language.code]
    yield from references.check_keys(page, project.keys)
    yield from references.check_links(page, pages, generated)
    yield from references.check_terms(page, wording, project.terms)
    yield from references.check_macros(page)
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
