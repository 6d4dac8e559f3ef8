"""Communes and their CMS: which office is whose, and what the offices fill in of themselves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from unicodedata import combining, normalize

from babel.localedata import exists

from scripts.content.publisher import EMAIL
from scripts.content.sources import Register, read_date
from scripts.content.staff_words import LANGUAGES
from scripts.content.watch import FRESH, Duty
from scripts.faults import Fault, raise_if_any, relative_name
from scripts.strict_yaml import Item, read_yaml

WHERE = "where-to-go"
"""The page that has a section for each office, by its id."""
FACTS = ("address", "telephone", "hours", "email", "web", "languages")
"""What an office or a site can fill in, in the order in which it is shown."""
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CERTAIN = frozenset({"V", "K99"})
"""The states of an attribution that is told as such; with U the reader is to ask the commune."""
DISTRICTS = (
    *("Brig", "Conthey", "Entremont", "Goms", "Hérens", "Leuk", "Martigny", "Monthey"),
    *("Saint-Maurice", "Sierre", "Sion", "Visp", "Westlich Raron", "Östlich Raron"),
)
HOURS = re.compile(rf"({'|'.join(DAYS)})(?:-({'|'.join(DAYS)}))? (\d\d:\d\d)-(\d\d:\d\d)")
"""When an office is open: `mon-fri 08:00-12:00`."""
_FORMS = {
    "address": (re.compile(r"\S.*\S"), "a street and a place"),
    "telephone": (re.compile(r"0\d\d \d{3} \d\d \d\d"), "a number such as 027 000 00 00"),
    "hours": (HOURS, "hours such as mon-fri 08:00-12:00"),
    "email": (EMAIL, "an e-mail address"),
    "web": (re.compile(r"https://\S+"), "an address that begins with https://"),
    "languages": (re.compile(r"[a-z]{2,3}"), "codes of languages such as fr, pt, ti"),
}
_LISTS = ("hours", "languages")


@dataclass(frozen=True)
class Fact:
    """What an office says of itself: one value or several, who said it, and when."""

    values: tuple[str, ...]
    source: str
    date: date
    line: int


@dataclass(frozen=True)
class Site:
    """A place of a CMS: its name, the area it is for ("" if none is named), what it filled in."""

    id: str
    name: str
    area: str
    facts: Mapping[str, Fact]


@dataclass(frozen=True)
class Office:
    """The CMS of a region: its number on the map, official name and language, facts and sites."""

    id: str
    number: int
    name: str
    language: str
    source: str
    facts: Mapping[str, Fact]
    sites: tuple[Site, ...]
    line: int

    @property
    def filled(self) -> tuple[Office | Site, ...]:
        """The office and its sites, as far as they have filled in something."""
        own = (self,) if self.facts else ()
        return (*own, *self.filled_sites)

    @property
    def filled_sites(self) -> tuple[Site, ...]:
        """The sites that have filled in something."""
        return tuple(site for site in self.sites if site.facts)

    @property
    def checked_on(self) -> date:
        """The oldest date of what is filled in."""
        return min(fact.date for one in self.filled for fact in one.facts.values())


@dataclass(frozen=True)
class Commune:
    """A commune: its names, its office and site, how certain that is, what it becomes part of.

    `site` is "" where none is named; from the day `since` it is part of the commune `joins`.
    """

    name: str
    also: tuple[str, ...]
    bfs: int
    district: str
    office: str
    site: str
    status: str
    joins: str
    since: date
    line: int


@dataclass(frozen=True)
class Places:
    """The offices by id, in the order of the map, and the communes in the order of their file."""

    offices: Mapping[str, Office]
    communes: tuple[Commune, ...]
    offices_file: str
    communes_file: str

    def site(self, commune: Commune) -> Site | None:
        """Return the site of a commune, None where none is named."""
        sites = self.offices[commune.office].sites
        return next((one for one in sites if one.id == commune.site), None)


def by_letter(places: Places) -> dict[str, list[tuple[str, Commune]]]:
    """Return every name of every commune with the commune, by the first letter of the name."""
    names = [(name, one) for one in places.communes for name in (one.name, *one.also)]
    found: dict[str, list[tuple[str, Commune]]] = {}
    for name, commune in sorted(names, key=lambda pair: (_plain(pair[0]), pair[1].bfs)):
        found.setdefault(_plain(name)[0].upper(), []).append((name, commune))
    return found


def _plain(name: str) -> str:
    """Return a name in small letters without accents, as it is sorted."""
    return "".join(c for c in normalize("NFKD", name.lower()) if not combining(c))


def load_places(rules: Path) -> Places:
    """Return what `offices.yml` and `communes.yml` hold.

    Args:
        rules: the folder of the two files.

    Raises:
        FaultsError: every fault of form in both files.
    """
    faults: list[Fault] = []
    files = rules / "offices.yml", rules / "communes.yml"
    offices = _loaded_offices(read_yaml(files[0], faults))
    communes = _loaded_communes(read_yaml(files[1], faults), offices)
    raise_if_any(faults)
    return Places(offices, tuple(communes), *map(relative_name, files))


def check_places(
    places: Places, sections: Collection[str], register: Register, dates: Sequence[Duty]
) -> Iterator[Fault]:
    """Yield each office without section or proved source, and each merger that no one watches.

    Args:
        places: the offices and communes.
        sections: the ids of the page where-to-go.
        register: the sources that may be cited.
        dates: the known dates.
    """
    for office in places.offices.values():
        if office.id not in sections:
            message = f"'{office.id}' is no section of the page where-to-go; write it"
            yield Fault(places.offices_file, office.line, message)
        named = [(office.source, office.line)]
        named += [(f.source, f.line) for one in office.filled for f in one.facts.values()]
        for source, line in named:
            if source.startswith("SRC-") and source not in register.sources:
                message = f"source '{source}' is not in {register.file}; correct it or add it"
                yield Fault(places.offices_file, line, message)
    watched = {one.day for one in dates}
    for commune in places.communes:
        if commune.joins and commune.since not in watched:
            message = f"{commune.name}: dates.yml has no entry for {commune.since}; add it"
            yield Fault(places.communes_file, commune.line, message)


def old_facts(places: Places, today: date) -> Iterator[Fault]:
    """Yield a warning for each thing that an office filled in over 12 months ago.

    Args:
        places: the offices.
        today: the day against which their age is told.
    """
    for office in places.offices.values():
        for one in office.filled:
            for key, fact in one.facts.items():
                if fact.date + FRESH < today:
                    message = (
                        f"{key} of {one.name} is of {fact.date}; ask again, set value and date"
                    )
                    yield Fault(places.offices_file, fact.line, message)


def _loaded_offices(top: Item) -> dict[str, Office]:
    offices: dict[str, Office] = {}
    for item in top.sequence():
        keys = ("id", "number", "name", "language", "source")
        entries = item.mapping(keys, (*FACTS, "sites"))
        if not set(keys) <= set(entries):
            continue
        office = _office(item, entries)
        if office.id in offices or office.number != len(offices) + 1:
            item.fault(f"office '{office.id}': found number {office.number}; number them 1, 2, 3 …")
        offices[office.id] = office
    return offices


def _office(item: Item, entries: Mapping[str, Item]) -> Office:
    sites = entries["sites"].sequence() if "sites" in entries else []
    found = tuple(_site(one) for one in sites)
    for name, count in Counter(one.id for one in found).items():
        if count > 1:
            item.fault(f"site '{name}' stands twice; keep one")
    return Office(
        id=entries["id"].text(),
        number=_number(entries["number"]),
        name=entries["name"].text(),
        language=entries["language"].text(LANGUAGES),
        source=entries["source"].text(),
        facts=_facts(entries),
        sites=found,
        line=item.line,
    )


def _site(item: Item) -> Site:
    entries = item.mapping(("id", "name"), ("area", *FACTS))
    texts = {key: entries[key].text() for key in ("id", "name", "area") if key in entries}
    facts = _facts(entries)
    return Site(texts.get("id", ""), texts.get("name", ""), texts.get("area", ""), facts)


def _facts(entries: Mapping[str, Item]) -> dict[str, Fact]:
    facts = {}
    for key in FACTS:
        parts = entries[key].mapping(("value", "source", "date")) if key in entries else {}
        if len(parts) < 3:
            continue
        value, source = parts["value"], parts["source"].text()
        values = value.texts() if key in _LISTS else (value.text(),)
        for one in values:
            _check_value(value, key, one)
        if not values or not source.strip():
            entries[key].fault(f"{entries[key].name}: value or source is empty; write it")
        facts[key] = Fact(values, source, read_date(parts["date"]), entries[key].line)
    return facts


def _check_value(item: Item, key: str, value: str) -> None:
    pattern, expected = _FORMS[key]
    if not pattern.fullmatch(value) or (key == "languages" and not exists(value)):
        item.fault(f"{item.name}: found '{value}', expected {expected}")


def _number(item: Item) -> int:
    text = item.text()
    if not text.isdigit():
        item.fault(f"{item.name}: found '{text}', expected a number")
        return 0
    return int(text)


def _loaded_communes(top: Item, offices: Mapping[str, Office]) -> list[Commune]:
    communes: list[Commune] = []
    keys = ("name", "bfs", "district", "office", "status")
    for item in top.sequence():
        entries = item.mapping(keys, ("also", "site", "joins", "from"))
        if set(keys) <= set(entries):
            commune = _commune(item, entries, offices)
            if {commune.name, commune.bfs} & {one for c in communes for one in (c.name, c.bfs)}:
                item.fault(f"commune '{commune.name}' ({commune.bfs}) stands twice; keep one")
            communes.append(commune)
    names = [one.name for one in communes]
    for commune in communes:
        if commune.joins and commune.joins not in names:
            message = f"{commune.name}: joins '{commune.joins}', which is no commune of this file"
            top.faults.append(Fault(top.file, commune.line, message))
    return communes


def _commune(item: Item, entries: Mapping[str, Item], offices: Mapping[str, Office]) -> Commune:
    name, office = entries["name"].text(), entries["office"].text(offices)
    also = entries["also"].texts() if "also" in entries else ()
    if len({name, *also}) <= len(also):
        item.fault(f"{name}: a name stands twice in 'also'; keep one")
    if ("joins" in entries) != ("from" in entries):
        item.fault(f"{name}: 'joins' and 'from' go together; give both, or none")
    status = entries["status"].text((*CERTAIN, "U"))
    site = ""
    if "site" in entries:
        sites = [one.id for one in offices[office].sites] if office else []
        site = entries["site"].text(sites)
        if status not in CERTAIN:
            item.fault(f"{name}: found a site with status U; take it out")
    return Commune(
        name=name,
        also=also,
        bfs=_number(entries["bfs"]),
        district=entries["district"].text(DISTRICTS),
        office=office,
        site=site,
        status=status,
        joins=entries["joins"].text() if "joins" in entries else "",
        since=read_date(entries["from"]) if "from" in entries else date.max,
        line=item.line,
    )
