"""The whole content, loaded strictly."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import TypeVar, cast

from scripts.content.addresses import Address, Addresses, load_addresses
from scripts.content.announcements import Announcement, load_announcements
from scripts.content.everyday import (
    Everyday,
    Lead,
    load_concepts,
    load_words,
    official_leads,
)
from scripts.content.excerpts import Part, load_parts
from scripts.content.languages import CHOOSER, SOURCE_LANGUAGE, Language, load_languages
from scripts.content.leads import Leads, load_leads
from scripts.content.menu import load_menu
from scripts.content.misleading import Misleading, load_misleading
from scripts.content.pages import Page, load_page
from scripts.content.pictures import Pictures, load_pictures
from scripts.content.places import Places, load_places
from scripts.content.publisher import Publisher, load_publisher
from scripts.content.readings import Reading, load_readings
from scripts.content.recordings import Recording, load_recordings
from scripts.content.references import KeyStatements, load_key_statements
from scripts.content.review import Review
from scripts.content.sharing import Sharing, load_sharing
from scripts.content.sources import Register, load_register
from scripts.content.spoken import Spoken, load_spoken
from scripts.content.staff_words import StaffWords, load_staff_words
from scripts.content.terms import Term, load_terms
from scripts.content.translated import translated
from scripts.content.translations import FOLDER, Translations, load_translations, row_hashes
from scripts.content.unpublished import Unpublished, load_unpublished
from scripts.content.verdicts import Verdict, load_verdicts
from scripts.content.watch import Duty, load_dates
from scripts.content.wording import SHOWN_BY, Wording, completed, load_wording
from scripts.faults import ROOT, Fault, FaultsError, gathered, raise_if_any, relative_name
from scripts.table.load import load_table
from scripts.table.model import DecisionTable

RULES = Path("scripts/rules")
OF_A_LANGUAGE = ("wording", "everyday", "misleading", FOLDER)
"""The folders of the rules that hold a file for each language."""
T = TypeVar("T")


@dataclass(frozen=True, eq=False)  # one loading is not another: it is known by itself
class Project:
    """Everything that people write, by language where it has one."""

    root: Path
    languages: tuple[Language, ...]
    menu: tuple[str, ...]
    table: DecisionTable
    register: Register
    unpublished: Unpublished
    dates: tuple[Duty, ...]
    verdicts: tuple[Verdict, ...]
    terms: Mapping[str, Term]
    keys: KeyStatements
    wordings: Mapping[str, Wording]
    pages: Mapping[str, Mapping[str, Page]]
    held_back: Mapping[str, Mapping[str, Page]]
    translations: Mapping[str, Translations]
    readings: tuple[Reading, ...]
    misleading: Mapping[str, tuple[Misleading, ...]]
    spoken: Mapping[str, Spoken]
    recordings: Mapping[str, Mapping[str, Recording]]
    addresses: Addresses
    sharing: Sharing
    handout: tuple[Part, ...]
    evening: tuple[Part, ...]
    leads: Leads
    places: Places
    announcements: tuple[Announcement, ...]
    publisher: Publisher
    pictures: Pictures
    staff_words: StaffWords
    everyday: Everyday

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

    @cached_property
    def complete_languages(self) -> tuple[Language, ...]:
        """The languages that staff share and print: all that is missing nowhere."""
        return tuple(language for language in self.languages if not language.is_growing)

    def expected_paths(self, language: Language) -> tuple[str, ...]:
        """Return the pages that a language must have."""
        return self._expected_paths[language.code]

    @cached_property
    def short_addresses(self) -> tuple[Address, ...]:
        """Every short address of the site."""
        return tuple(self.addresses.all(self.addressed_paths))

    @cached_property
    def addressed_paths(self) -> Mapping[str, tuple[str, ...]]:
        """The pages that have a short address by language code; under "" those of every one."""
        shared = tuple(page.path for page in self.source_pages.values() if not page.only)
        return {**self._expected_paths, "": shared}

    @cached_property
    def _expected_paths(self) -> Mapping[str, tuple[str, ...]]:
        pages = self.source_pages.values()
        return {
            code: tuple(page.path for page in pages if not page.only or code in page.only)
            for code in self.language
        }

    def shown_sections(self, path: str) -> frozenset[str]:
        """Return the sections of the wording that a page shows, those of the frame aside."""
        return _shown_sections(self.source_pages[path], self.pictures.drawn_on(path))

    def shown_page(self, language: Language, path: str) -> Page:
        """Return the page that readers of a language get: French where it is not translated."""
        return self.pages[self.shown_language(language, path).code][path]

    def shown_language(self, language: Language, path: str) -> Language:
        """Return the language in which its readers get a page: French where it is missing."""
        return language if path in self.pages[language.code] else self.language[SOURCE_LANGUAGE]

    def shown_pages(self, language: Language) -> Mapping[str, Page]:
        """Return every page by path as readers of a language get it."""
        return {**self.source_pages, **self.pages[language.code]}

    def pages_calling(self, macro: str) -> list[str]:
        """Return the paths of the pages that call a macro."""
        return [path for path, page in self.source_pages.items() if macro in page.macros]

    def review(self, page: Page) -> Review | None:
        """Return what a translated page was made from, None where nobody has noted it.

        Where it, or the French text, has changed since somebody read it, nobody has.
        """
        source = self.source_pages.get(page.path)
        found = self.translations[page.language.code].pages.get(page.path)
        return found.as_it_stands(source.hashes, page.own_hashes) if found and source else found

    def wording_review(self, code: str) -> Review | None:
        """Return the same of a language's wording."""
        found, wording = self.translations[code].wording, self.wordings[code]
        french = self.source_wording.hashes
        return found.as_it_stands(french, wording.own_hashes) if found else None

    def stale_sections(self, page: Page) -> tuple[str, ...]:
        """Return the sections of a page whose French text has changed since its translation."""
        source, review = self.source_pages.get(page.path), self.review(page)
        if not (source and review):
            return ()
        never_translated = page.in_french - set(review.source)
        stale = review.stale_sections(source.hashes)
        return tuple(section for section in stale if section not in never_translated)

    def stale_wording(self, code: str) -> tuple[str, ...]:
        """Return the sections of a wording whose French text has changed since."""
        review = self.translations[code].wording
        if review is None:
            return ()
        never_translated = self.wordings[code].in_french - set(review.source)
        stale = review.stale_sections(self.source_wording.hashes)
        return tuple(section for section in stale if section not in never_translated)

    def stale_rows(self, code: str) -> tuple[str, ...]:
        """Return the keys of the wordings whose rows of the table have changed since."""
        stale = self.translations[code].stale_rows(self.row_hashes)
        in_french = self.wordings[code].in_french
        return tuple(key for key in stale if key.partition(".")[0] not in in_french)

    @cached_property
    def row_hashes(self) -> Mapping[str, str]:
        """The hash of the rows that each wording of a rule, an outcome or a notice words."""
        return row_hashes(self.table)

    def search_leads(self, language: Language) -> tuple[Lead, ...]:
        """Return the words that lead the search of a language to pages that do not hold them."""
        official = official_leads(self.terms, self.wordings[language.code])
        return (*self.everyday.leads(language.code), *official)

    def missing_paths(self, language: Language) -> list[str]:
        """Return the pages that a language must have and has not: readers get the French one."""
        pages = self.pages[language.code]
        return [path for path in self.expected_paths(language) if path not in pages]


def load_project(root: Path = ROOT) -> Project:
    """Return the project's content; raise `FaultsError` with every fault of form at once.

    Args:
        root: the project's folder.
    """
    faults: list[Fault] = []
    load = _Loading(faults)
    rules = root / RULES
    languages = load_languages(root / "mkdocs.yml")
    menu = load.file(rules.parent.parent / "mkdocs.yml", load_menu)
    table = load.file(rules / "eligibility.yml", load_table)
    register = load.file(rules / "sources.yml", load_register)
    unpublished = load.file(rules / "unpublished.yml", load_unpublished)
    dates = load.file(rules / "dates.yml", load_dates)
    verdicts = load.file(rules / "verdicts.yml", load_verdicts)
    terms = load.file(rules / "terms.yml", load_terms)
    keys = load.file(rules / "key-statements.yml", load_key_statements)
    codes = [one.code for one in languages]
    readings = load.file(rules / "readings.yml", lambda file: load_readings(file, codes))
    misleading = {
        code: load.file(rules / "misleading" / f"{code}.yml", _once(load_misleading)) or ()
        for code in codes
    }
    spoken = load.file(rules / "spoken.yml", lambda file: load_spoken(file, languages))
    addresses = load.file(rules / "addresses.yml", load_addresses)
    sharing = load.file(rules / "share.yml", load_sharing)
    handout = load.file(rules / "handout.yml", load_parts)
    evening = load.file(rules / "evening.yml", load_parts)
    leads = load.file(rules / "leads.yml", load_leads)
    places = load.file(rules, load_places)
    announcements = load.file(
        rules / "announcements.yml", lambda file: load_announcements(file, codes)
    )
    publisher = load.file(root / "mkdocs.yml", load_publisher)
    pictures = load.file(rules / "pictures.yml", load_pictures)
    staff_words = load.file(rules / "staff.yml", load_staff_words)
    everyday = _load_everyday(rules, languages, load)
    wordings = _load_wordings(rules / "wording", languages, load)
    pages = _load_pages(root / "docs", languages, load)
    faults.extend(_undeclared_files(rules, codes))
    translations = _load_translations(rules / FOLDER, codes, load)
    with gathered(faults):
        recordings = load_recordings(root / "docs", pages)
    drawn = pictures.drawn_on if pictures else lambda _: ()
    held_back = {code: _held_back(pages, wordings, code, drawn) for code in codes}
    if (
        not (menu and table and register and keys and terms and spoken)
        or not (
            addresses and sharing and handout and evening and staff_words and everyday and leads
        )
        or not (places and publisher)
        or announcements is None
        or pictures is None
        or readings is None
        or unpublished is None
        or dates is None
        or verdicts is None
        or faults
    ):
        raise FaultsError(faults)
    return Project(
        root=root,
        languages=languages,
        menu=menu,
        table=table,
        register=register,
        unpublished=unpublished,
        dates=dates,
        verdicts=verdicts,
        terms=terms,
        keys=keys,
        wordings=wordings,
        pages={
            code: {path: page for path, page in found.items() if path not in held_back[code]}
            for code, found in pages.items()
        },
        held_back=held_back,
        translations=translations,
        readings=readings,
        misleading=misleading,
        spoken=spoken,
        recordings=recordings,
        addresses=addresses,
        sharing=sharing,
        handout=handout,
        evening=evening,
        leads=leads,
        places=places,
        announcements=announcements,
        publisher=publisher,
        pictures=pictures,
        staff_words=staff_words,
        everyday=everyday,
    )


@dataclass(frozen=True)
class _Loading:
    """Loads file after file; the faults of all of them are gathered."""

    faults: list[Fault]

    def file(self, file: Path, read: Callable[[Path], T]) -> T | None:
        """Return what a file holds, None where it has faults."""
        with gathered(self.faults):
            return read(file)
        return None


def _load_wordings(
    folder: Path, languages: tuple[Language, ...], load: _Loading
) -> dict[str, Wording]:
    wordings = {}
    for language in languages:
        read = _once(load_wording, language)
        if found := load.file(folder / f"{language.code}.yml", read):
            wordings[language.code] = found
    if source := wordings.get(SOURCE_LANGUAGE):
        for language in languages:
            if language.is_growing and language.code in wordings:
                wordings[language.code] = completed(wordings[language.code], source)
    return wordings


def _load_translations(folder: Path, codes: list[str], load: _Loading) -> dict[str, Translations]:
    files = {code: folder / f"{code}.yml" for code in codes}
    found = {code: load.file(file, _once(load_translations)) for code, file in files.items()}
    return {code: one or Translations() for code, one in found.items()}


def _once(read: Callable[..., T], *given: object) -> Callable[[Path], T]:
    """Return what reads a file again only where it has changed: a served site is loaded often."""

    def kept(file: Path) -> T:
        changed = file.stat().st_mtime_ns if file.exists() else 0
        return cast(T, _as_of(read, file, changed, *given))

    return kept


@lru_cache(maxsize=256)
def _as_of(read: Callable[..., object], file: Path, _: int, *given: object) -> object:
    return read(file, *given)


def _held_back(
    pages: Mapping[str, Mapping[str, Page]],
    wordings: Mapping[str, Wording],
    code: str,
    drawn_on: Callable[[str], Iterable[str]],
) -> dict[str, Page]:
    """Return the translated pages that show wordings that are not translated yet.

    Args:
        pages: the pages by path, by language code.
        wordings: the wordings by language code.
        code: the language.
        drawn_on: returns the names of the drawings on a page.
    """
    lacking = wordings[code].in_french if code in wordings else frozenset()
    source = pages[SOURCE_LANGUAGE]
    return {
        path: page
        for path, page in pages[code].items()
        if path in source and _shown_sections(source[path], drawn_on(path)) & lacking
    }


def _shown_sections(page: Page, drawn: Iterable[str]) -> frozenset[str]:
    """Return the sections of the wording that a page shows, those of the frame aside.

    Args:
        page: the French page.
        drawn: the names of the drawings on it.
    """
    return frozenset().union(*(SHOWN_BY.get(name, ()) for name in (*page.macros, *drawn)))


def _load_everyday(rules: Path, languages: tuple[Language, ...], load: _Loading) -> Everyday | None:
    """Return the everyday words; a growing language may have none yet."""
    file, folder = rules / "everyday.yml", rules / "everyday"
    concepts = load.file(file, load_concepts)
    if concepts is None:
        return None
    read = partial(load_words, concepts=concepts)
    files = {one: folder / f"{one.code}.yml" for one in languages}
    words = {
        one.code: load.file(path, read)
        for one, path in files.items()
        if path.exists() or not one.is_growing
    }
    found = {code: one for code, one in words.items() if one is not None}
    return Everyday(concepts, found, relative_name(file))


def _load_pages(
    docs: Path, languages: tuple[Language, ...], load: _Loading
) -> dict[str, dict[str, Page]]:
    pages: dict[str, dict[str, Page]] = {}
    [french] = (language for language in languages if language.is_source)
    for language in languages:
        root = docs / language.code
        read = partial(_read_page, docs=docs, language=language, french=french)
        found = (load.file(file, read) for file in sorted(root.rglob("*.md")))
        pages[language.code] = {page.path: page for page in found if page}
    load.faults.extend(_undeclared_folders(docs, languages))
    return pages


def _read_page(file: Path, docs: Path, language: Language, french: Language) -> Page:
    """Return a page as its readers get it; one without a French page stays as it is written."""
    written = _Written(file, docs / language.code, language, file.stat().st_mtime_ns)
    source = docs / french.code / file.relative_to(written.root)
    if language.is_source or not source.exists():
        return _page_of(written)
    return _translated(
        written, _Written(source, docs / french.code, french, source.stat().st_mtime_ns)
    )


@dataclass(frozen=True)
class _Written:
    """A page's file as of a moment: a served site is loaded again after every edit."""

    file: Path
    root: Path
    language: Language
    changed: int


@lru_cache(maxsize=4096)
def _page_of(written: _Written) -> Page:
    faults: list[Fault] = []
    page = load_page(written.file, written.root, written.language, faults)
    raise_if_any(faults)
    return page


@lru_cache(maxsize=4096)
def _translated(ours: _Written, source: _Written) -> Page:
    page = _page_of(ours)
    try:
        return translated(page, _page_of(source))
    except FaultsError:  # they are told where the French page is read
        return page


def _undeclared_files(rules: Path, codes: Collection[str]) -> Iterator[Fault]:
    for name in OF_A_LANGUAGE:
        for file in sorted((rules / name).glob("*.yml")):
            if file.stem not in codes:
                message = f"no language '{file.stem}' in mkdocs.yml; declare it or remove the file"
                yield Fault(relative_name(file), 0, message)


def _undeclared_folders(docs: Path, languages: tuple[Language, ...]) -> Iterator[Fault]:
    declared = {language.code for language in languages} | {CHOOSER, "assets"}
    for folder in sorted(docs.iterdir()):
        if folder.is_dir() and folder.name not in declared:
            message = f"no language '{folder.name}' in mkdocs.yml; declare it or remove the folder"
            yield Fault(relative_name(folder), 0, message)
