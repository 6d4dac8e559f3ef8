"""The whole content, loaded strictly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from scripts.content.languages import CHOOSER, SOURCE_LANGUAGE, Language, load_languages, load_menu
from scripts.content.pages import Page, load_page
from scripts.content.readings import Reading, load_readings
from scripts.content.recordings import Recording, load_recordings
from scripts.content.references import KeyStatements, load_key_statements
from scripts.content.sources import Register, load_register
from scripts.content.spoken import Spoken, load_spoken
from scripts.content.terms import Term, load_terms
from scripts.content.wording import Wording, load_wording
from scripts.faults import ROOT, Fault, gathered, raise_if_any, relative_name
from scripts.table.load import load_table
from scripts.table.model import DecisionTable

RULES = Path("scripts/rules")


@dataclass(frozen=True)
class Project:
    """Everything that people write, by language where it has one."""

    root: Path
    languages: tuple[Language, ...]
    menu: tuple[str, ...]
    table: DecisionTable
    register: Register
    terms: Mapping[str, Term]
    keys: KeyStatements
    wordings: Mapping[str, Wording]
    pages: Mapping[str, Mapping[str, Page]]
    readings: tuple[Reading, ...]
    spoken: Mapping[str, Spoken]
    recordings: Mapping[str, Mapping[str, Recording]]

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

    def stale_sections(self, page: Page) -> tuple[str, ...]:
        """Return the sections of a page whose French text has changed since its translation."""
        source = self.source_pages.get(page.path)
        return page.review.stale_sections(source.hashes) if page.review and source else ()

    def stale_wording(self, code: str) -> tuple[str, ...]:
        """Return the sections of a wording whose French text has changed since."""
        review = self.wordings[code].review
        return review.stale_sections(self.source_wording.hashes) if review else ()

    def missing_paths(self, language: Language) -> list[str]:
        """Return the pages that a language must have and has not: readers get the French one."""
        pages = self.pages[language.code]
        return [path for path in self.expected_paths(language) if path not in pages]


def load_project(root: Path = ROOT) -> Project:
    """Return the project's content; raise `FaultsError` with every fault of form at once."""
    faults: list[Fault] = []
    rules = root / RULES
    languages = load_languages(root / "mkdocs.yml")
    with gathered(faults):
        menu = load_menu(root / "mkdocs.yml")
    with gathered(faults):
        table = load_table(rules / "eligibility.yml")
    with gathered(faults):
        register = load_register(rules / "sources.yml")
    with gathered(faults):
        terms = load_terms(rules / "terms.yml")
    with gathered(faults):
        keys = load_key_statements(rules / "key-statements.yml")
    with gathered(faults):
        readings = load_readings(rules / "readings.yml", [one.code for one in languages])
    with gathered(faults):
        wordings = _load_wordings(rules / "wording", languages)
    with gathered(faults):
        spoken = load_spoken(rules / "spoken.yml", languages)
    with gathered(faults):
        pages = _load_pages(root / "docs", languages)
        recordings = load_recordings(root / "docs", pages)
    raise_if_any(faults)
    return Project(
        root=root,
        languages=languages,
        menu=menu,
        table=table,
        register=register,
        terms=terms,
        keys=keys,
        wordings=wordings,
        pages=pages,
        readings=readings,
        spoken=spoken,
        recordings=recordings,
    )


def _load_wordings(folder: Path, languages: tuple[Language, ...]) -> dict[str, Wording]:
    faults: list[Fault] = []
    wordings = {}
    for language in languages:
        with gathered(faults):
            wordings[language.code] = load_wording(folder / f"{language.code}.yml", language)
    faults.extend(_undeclared_wordings(folder, languages))
    raise_if_any(faults)
    return wordings


def _load_pages(docs: Path, languages: tuple[Language, ...]) -> dict[str, dict[str, Page]]:
    faults: list[Fault] = []
    pages: dict[str, dict[str, Page]] = {}
    for language in languages:
        root = docs / language.code
        found = (load_page(file, root, language, faults) for file in sorted(root.rglob("*.md")))
        pages[language.code] = {page.path: page for page in found}
    faults.extend(_undeclared_folders(docs, languages))
    raise_if_any(faults)
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
