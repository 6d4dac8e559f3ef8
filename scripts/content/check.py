"""The one check over all the content and the rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scripts.content import prose, references, terms
from scripts.content.addresses import check_addresses
from scripts.content.announcements import check_announcements
from scripts.content.dossier import open_verdicts, unknown_verdicts
from scripts.content.everyday import NOT_SEARCHED, check_everyday
from scripts.content.excerpts import check_parts
from scripts.content.languages import SOURCE_LANGUAGE, Language
from scripts.content.leads import check_leads
from scripts.content.menu import check_menu
from scripts.content.misleading import check_misleading
from scripts.content.pages import TOP, Page
from scripts.content.pictures import check_pictures
from scripts.content.places import WHERE, check_places, old_facts
from scripts.content.project import RULES, Project, load_project
from scripts.content.sharing import check_sharing
from scripts.content.text_checks import mark_faults, page_faults
from scripts.content.translations import WORDING
from scripts.content.unpublished import check_unpublished
from scripts.content.watch import all_duties, check_dates
from scripts.content.wording import Wording, check_wording
from scripts.faults import Fault, french_first, in_order, raise_if_any
from scripts.table.truth_table import check_truth_table
from scripts.table.verify import verify_table


@dataclass(frozen=True)
class Report:
    """What the check found.

    Faults stop every build. A missing page of a complete language stops a strict one, and so does
    a French wording of a row that has changed; any other build shows its readers the French text,
    and says so. Warnings stop nothing.
    """

    faults: tuple[Fault, ...]
    missing: tuple[Fault, ...]
    warnings: tuple[Fault, ...]

    @property
    def all_faults(self) -> tuple[Fault, ...]:
        """The faults, missing pages included."""
        return in_order((*self.faults, *self.missing))


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
        *project.register.misplaced(project.pages_calling("source_register")),
        *terms.misplaced(project.terms, project.pages_calling("glossary"), f"{RULES}/terms.yml"),
        *_check_sources(project),
        *check_addresses(project.addresses, project.addressed_paths, project.languages),
        *check_sharing(
            project.sharing,
            project.source_pages,
            project.pictures.pictures,
            project.source_wording.data["letters"],
        ),
        *check_everyday(project.everyday, _searched_ids(project)),
        *unknown_verdicts(project),
        *check_menu(project.root / "mkdocs.yml", project.source_pages, project.language),
        *check_parts((*project.handout, *project.evening), project.source_pages, project.pictures),
        *check_leads(
            project.leads,
            project.table,
            project.source_wording.data["bring"],
            project.source_pages,
        ),
        *check_places(
            project.places, project.source_pages[WHERE].ids, project.register, project.dates
        ),
        *check_pictures(
            project.pictures,
            project.table,
            project.source_wording.texts,
            project.source_pages,
            macros,
            {*project.sharing.topics.values(), *(part.picture for part in project.evening)},
        ),
        *(f for one in project.wordings.values() for f in _check_wording(project, one)),
        *(f for one in project.languages for f in _check_language(project, one, macros)),
        *(f for one in project.languages for f in _check_marks(project, one)),
    ]
    complete = [one for one in project.languages if not one.is_growing]
    growing = [one for one in project.languages if one.is_growing]
    missing = [f for one in complete for f in _missing_pages(one, project.missing_paths(one))]
    missing += _unworded_rows(project)
    warnings = [
        *_due(project, today),
        *_stale(project),
        *old_facts(project.places, today),
        *check_announcements(project.announcements, today),
    ]
    warnings += [f for language in growing for f in _not_translated_yet(project, language)]
    if not (faults or missing):
        warnings += open_verdicts(project)
    return Report(*(in_order(found) for found in (french_first(faults), missing, warnings)))


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
    return project, tuple(map(str, (*report.missing, *report.warnings)))


def _searched_ids(project: Project) -> dict[str, frozenset[str]]:
    """Return the ids of the sections and terms of every page that the search knows, by path."""
    pages = {path: project.source_pages.get(path) for path in project.menu}
    return {
        path: frozenset(section.id for section in page.sections)
        | {term.id for term in project.terms.values() if term.page == path}
        for path, page in pages.items()
        if page and path not in NOT_SEARCHED
    }


def _check_sources(project: Project) -> Iterator[Fault]:
    cited = references.cited_sources(project.source_pages.values())
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
    yield from check_misleading(passages, project.misleading[wording.language.code])
    if wording.language.code in prose.MEASURED_LANGUAGES:
        yield from (fault for passage in passages for fault in prose.long_sentences(passage))


def _missing_pages(language: Language, paths: Iterable[str]) -> Iterator[Fault]:
    for path in paths:
        message = f"page '{path}.md' is missing; translate docs/fr/{path}.md"
        yield Fault(f"docs/{language.code}", 0, message)


def _check_language(
    project: Project, language: Language, macros: Collection[str]
) -> Iterator[Fault]:
    for path, page in project.pages[language.code].items():
        if path in project.expected_paths(language):
            yield from _check_page(project, page, macros)
        else:
            message = f"no page '{path}.md' in docs/fr for this language; remove it"
            yield Fault(page.file, 0, message)


def _arguments(project: Project) -> dict[str, Collection[str]]:
    """Return what the macros take that take an argument."""
    words = project.source_wording.data
    return {"say": words["say"], "letter": words["letters"], "office": project.places.offices}


def _check_page(project: Project, page: Page, macros: Collection[str]) -> Iterator[Fault]:
    """Yield the faults of a page; those of its marks stand in French, so French alone is told."""
    source = None if page.language.is_source else project.source_pages[page.path]
    if source is None:
        generated = references.generated_ids(project.terms, project.register)
        yield from mark_faults(page)
        yield from references.check_keys(page, project.keys)
        yield from references.check_links(page, project.source_pages, generated)
        yield from references.check_macros(page, macros, _arguments(project))
    if not page.language.is_growing:
        yield from page.differences
    yield from page_faults(page)
    yield from references.check_terms(page, project.wordings[page.language.code], project.terms)
    found = list(prose.passages(page, source))
    yield from prose.check_passages(found, page.language)
    yield from check_misleading(found, project.misleading[page.language.code])
    if page.language.code in prose.MEASURED_LANGUAGES:
        yield from (fault for passage in found for fault in prose.long_sentences(passage))
        yield from prose.average_faults(found, page.file)


def _check_marks(project: Project, language: Language) -> Iterator[Fault]:
    """Yield a fault for each text of which nobody has noted what it was made from, and back."""
    code, found = language.code, project.translations[language.code]
    if language.is_source:
        return
    command = f"python3 -m scripts mark-reviewed {code}"
    unnoted = f"nothing is noted of its French text; run `{command} --page"
    for path, page in project.pages[code].items():
        if path in project.expected_paths(language) and path not in found.pages:
            yield Fault(page.file, 1, f"{unnoted} {path}`")
    if found.wording is None:
        yield Fault(project.wordings[code].file, 0, f"{unnoted} wording`")
    for path in found.pages:
        if path not in project.expected_paths(language):
            yield Fault(found.file, 0, f"'{path}' is a page that is gone; run `{command}`")


def _not_translated_yet(project: Project, language: Language) -> Iterator[Fault]:
    """Yield what the readers of a growing language get in French."""
    held_back = project.held_back[language.code]
    missing = (path for path in project.missing_paths(language) if path not in held_back)
    yield from _missing_pages(language, missing)
    for page in project.pages[language.code].values():
        yield from page.differences
    wording = project.wordings[language.code]
    for section in sorted(wording.in_french):
        message = f"section '{section}' is not whole; translate it from {RULES}/wording/fr.yml"
        yield Fault(wording.file, wording.lines.get(section, 0), message)
    for page in held_back.values():
        message = f"stays in French until the wording it shows is translated ({wording.file})"
        yield Fault(page.file, 1, message)


def _unworded_rows(project: Project) -> Iterator[Fault]:
    """Yield each French wording of a row of the table that has changed since it was looked at."""
    for key in project.stale_rows(SOURCE_LANGUAGE):
        yield from _stale_row(project, SOURCE_LANGUAGE, key)


def _stale_row(project: Project, code: str, key: str) -> Iterator[Fault]:
    wording = project.wordings[code]
    of_key = (one for one in wording.lines if one == key or one.startswith(f"{key}."))
    line = next((wording.lines[one] for one in of_key), 0)
    message = (
        f"the rows of {project.table.file} that '{key}' words have changed since it was looked at; "
        "change it where it is untrue now, then run "
        f"`python3 -m scripts mark-reviewed {code} --page rows`"
    )
    yield Fault(wording.file, line, message)


def _stale(project: Project) -> Iterator[Fault]:
    for code in project.language:
        if code != SOURCE_LANGUAGE:
            for key in project.stale_rows(code):
                yield from _stale_row(project, code, key)
    for code, pages in project.pages.items():
        wording, source = project.wordings[code], project.source_wording
        for section in project.stale_wording(code):
            lines = (_wording_line(one, section) for one in (wording, source))
            yield _stale_section((wording.file, source.file), lines, section, code, WORDING)
        for page in pages.values():
            for section in project.stale_sections(page):
                original = project.source_pages[page.path]
                lines = (_section_line(one, section) for one in (page, original))
                files = (page.file, original.file)
                yield _stale_section(files, lines, section, code, page.path)


def _stale_section(
    files: tuple[str, str], lines: Iterable[int], section: str, code: str, page: str
) -> Fault:
    """Return the warning that a section is stale: where, of what, and what to do."""
    ours, theirs = lines
    command = f"python3 -m scripts mark-reviewed {code} --page {page}"
    message = (
        f"the French text of section '{section}' has changed since ({files[1]}:{theirs}); change "
        f"this one, then `{command}`; where nothing is to change: `{command} --nothing-to-change`"
    )
    return Fault(files[0], ours, message)


def _wording_line(wording: Wording, section: str) -> int:
    found = (line for key, line in wording.lines.items() if key.partition(".")[0] == section)
    return next(found, 0)


def _section_line(page: Page, section: str) -> int:
    found = (one.blocks[0].line for one in page.sections if one.id == section and one.blocks)
    return 1 if section == TOP else next(found, 1)
