"""The whole content, loaded strictly, and the one check over all of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from scripts.content import prose, references
from scripts.content.languages import CHOOSER, SOURCE_LANGUAGE, Language, load_languages
from scripts.content.pages import Page, load_page
from scripts.content.readings import Reading, load_readings
from scripts.content.references import KeyStatements, load_key_statements
from scripts.content.sources import Register, load_register
from scripts.content.structure import check_structure
from scripts.content.terms import Term, load_terms
from scripts.content.wording import Wording, check_wording, load_wording
from scripts.faults import ROOT, Fault, FaultsError, relative_name
from scripts.table.load import load_table
from scripts.table.model import DecisionTable
from scripts.table.truth_table import check_truth_table
from scripts.table.verify import verify_table

RULES = Path("scripts/rules")


@dataclass(frozen=True)
class Project:
    """Everything that people write, by language where it has one."""

    root: Path
    languages: tuple[Language, ...]
    table: DecisionTable
    register: Register
    terms: Mapping[str, Term]
    keys: KeyStatements
    wordings: Mapping[str, Wording]
    pages: Mapping[str, Mapping[str, Page]]
    readings: tuple[Reading, ...]

    @property
    def source_wording(self) -> Wording:
        """The French wording."""
        return self.wordings[SOURCE_LANGUAGE]

    @property
    def source_pages(self) -> Mapping[str, Page]:
        """The French pages by path."""
        return self.pages[SOURCE_LANGUAGE]

    @cached_property
    def language(self) -> Mapping[str, Language]:
        """The languages by code."""
        return {language.code: language for language in self.languages}

    def expected_paths(self, language: Language) -> list[str]:
        """Return the pages that a language must have."""
        pages = self.source_pages.values()
        return [page.path for page in pages if not page.only or language.code in page.only]

    def missing_paths(self, language: Language) -> list[str]:
        """Return the pages that a language must have and has not: readers get the French one."""
        pages = self.pages[language.code]
        return [path for path in self.expected_paths(language) if path not in pages]


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


def load_project(root: Path = ROOT) -> Project:
    """Return the project's content; raise `FaultsError` with every fault of form at once."""
    faults: list[Fault] = []
    rules = root / RULES
    languages = load_languages(root / "mkdocs.yml")
    codes = [language.code for language in languages]
    loaded: dict[str, object] = {}
    for name, load in (
        ("table", lambda: load_table(rules / "eligibility.yml")),
        ("register", lambda: load_register(rules / "sources.yml")),
        ("terms", lambda: load_terms(rules / "terms.yml")),
        ("keys", lambda: load_key_statements(rules / "key-statements.yml")),
        ("wordings", lambda: _load_wordings(rules / "wording", languages)),
        ("readings", lambda: load_readings(rules / "readings.yml", codes)),
        ("pages", lambda: _load_pages(root / "docs", languages)),
    ):
        try:
            loaded[name] = load()
        except FaultsError as error:
            faults.extend(error.faults)
    if faults:
        raise FaultsError(faults)
    return Project(root=root, languages=languages, **loaded)  # type: ignore[arg-type]


def check_project(project: Project, today: date) -> Report:
    """Return every fault and warning of the content and the rules, all at once."""
    faults = [
        *verify_table(project.table),
        *check_truth_table(project.table, project.root / RULES / "truth-table.csv"),
        *project.register.unpublishable(),
        *_check_sources(project),
        *(f for wording in project.wordings.values() for f in _check_wording(project, wording)),
        *(f for language in project.languages for f in _check_language(project, language)),
    ]
    missing = [f for language in project.languages for f in _missing_pages(project, language)]
    warnings = [*project.register.old(today), *_stale(project)]
    return Report(*(tuple(sorted(set(found))) for found in (faults, missing, warnings)))


def _load_wordings(folder: Path, languages: tuple[Language, ...]) -> dict[str, Wording]:
    faults: list[Fault] = []
    wordings = {}
    for language in languages:
        try:
            wordings[language.code] = load_wording(folder / f"{language.code}.yml", language)
        except FaultsError as error:
            faults.extend(error.faults)
    faults.extend(_undeclared_wordings(folder, languages))
    if faults:
        raise FaultsError(faults)
    return wordings


def _load_pages(docs: Path, languages: tuple[Language, ...]) -> dict[str, dict[str, Page]]:
    faults: list[Fault] = []
    pages: dict[str, dict[str, Page]] = {}
    for language in languages:
        root = docs / language.code
        found = (load_page(file, root, language, faults) for file in sorted(root.rglob("*.md")))
        pages[language.code] = {page.path: page for page in found}
    faults.extend(_undeclared_folders(docs, languages))
    if faults:
        raise FaultsError(faults)
    return pages


def _undeclared_wordings(folder: Path, languages: tuple[Language, ...]) -> Iterator[Fault]:
    declared = {language.code for language in languages}
    for file in sorted(folder.glob("*.yml")):
        if file.stem not in declared:
            message = f"no language '{file.stem}' in mkdocs.yml; declare it or remove the file"
            yield Fault(relative_name(file), 0, message)


def _undeclared_folders(docs: Path, languages: tuple[Language, ...]) -> Iterator[Fault]:
    declared = {language.code for language in languages} | {CHOOSER, "assets"}
    for folder in sorted(docs.iterdir()):
        if folder.is_dir() and folder.name not in declared:
            message = f"no language '{folder.name}' in mkdocs.yml; declare it or remove the folder"
            yield Fault(relative_name(folder), 0, message)


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
    for passage in prose.wording_passages(wording, original):
        yield from prose.check_passage(passage, wording.language)
        if wording.language.code in prose.MEASURED_LANGUAGES:
            yield from prose.long_sentences(passage)


def _missing_pages(project: Project, language: Language) -> Iterator[Fault]:
    for path in project.missing_paths(language):
        message = f"page '{path}.md' is missing; translate docs/fr/{path}.md"
        yield Fault(f"docs/{language.code}", 0, message)


def _check_language(project: Project, language: Language) -> Iterator[Fault]:
    for path, page in project.pages[language.code].items():
        if path not in project.expected_paths(language):
            yield Fault(
                page.file, 0, f"no page '{path}.md' in docs/fr for this language; remove it"
            )
        else:
            yield from _check_page(project, page)


def _check_page(project: Project, page: Page) -> Iterator[Fault]:
    source = None if page.language.is_source else project.source_pages[page.path]
    generated = references.generated_ids(project.terms, project.register)
    wording = project.wordings[page.language.code]
    yield from references.check_keys(page, project.keys)
    pages = {**project.source_pages, **project.pages[page.language.code]}
    yield from references.check_links(page, pages, generated)
    yield from references.check_terms(page, wording, project.terms)
    yield from references.check_macros(page)
    if source:
        yield from check_structure(page, source)
    found = list(prose.passages(page, source))
    for passage in found:
        yield from prose.check_passage(passage, page.language)
    if page.language.code in prose.MEASURED_LANGUAGES:
        yield from (fault for passage in found for fault in prose.long_sentences(passage))
        yield from prose.average_faults(found, page.file)


def _stale(project: Project) -> Iterator[Fault]:
    for language in project.languages:
        wording = project.wordings[language.code]
        if wording.review:
            for section in wording.review.stale_sections(project.source_wording.hashes):
                message = f"the French wording of '{section}' has changed since the translation"
                yield Fault(wording.file, 0, message)
        for path, page in project.pages[language.code].items():
            if page.review and path in project.source_pages:
                for section in page.review.stale_sections(project.source_pages[path].hashes):
                    message = f"the French text of section '{section}' has changed since"
                    yield Fault(page.file, 0, message)
