"""The register of sources: what each fact rests on and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scripts.faults import Fault, raise_if_any, relative_name
from scripts.strict_yaml import Item, read_yaml

SEED = "SRC-SEED"
"""The document that the site is made from."""
STATUSES = ("V", "K", "U")
MINIMUM_CONFIDENCE = 95
_KEYS = ("id", "page", "status", "checked_on", "links")


@dataclass(frozen=True)
class Link:
    """A document: its title and, where it is public, its address ("" if none)."""

    title: str
    url: str


@dataclass(frozen=True)
class Source:
    """A fact of the register.

    `status` is V (read in a copy), K (settled law, `confidence` in percent) or U (unknown);
    `page` is where readers find it listed, such as `about/sources-law`.
    """

    id: str
    page: str
    status: str
    confidence: int
    checked_on: date
    links: tuple[Link, ...]
    line: int


@dataclass(frozen=True)
class Register:
    """All sources by id, in the order of the file."""

    sources: Mapping[str, Source]
    file: str

    def unpublishable(self) -> Iterator[Fault]:
        """Yield a fault for each source that may not stand on the site: U, or K under 95 %."""
        for source in self.sources.values():
            if source.status == "U":
                message = (
                    f"{source.id} has status U (unknown): it may not be published; "
                    "move it to unpublished.yml"
                )
                yield Fault(self.file, source.line, message)
            elif source.status == "K" and source.confidence < MINIMUM_CONFIDENCE:
                message = (
                    f"{source.id} has status K with {source.confidence} %; "
                    f"at least {MINIMUM_CONFIDENCE} % is needed to publish it"
                )
                yield Fault(self.file, source.line, message)

    def misplaced(self, pages: Collection[str]) -> Iterator[Fault]:
        """Yield a fault for each source listed on none of the pages that list sources.

        Args:
            pages: the paths of the pages that call the macro `source_register`.

        """
        for source in self.sources.values():
            if source.page not in pages:
                message = f"page: found '{source.page}'; allowed: {', '.join(sorted(pages))}"
                yield Fault(self.file, source.line, message)

    def unknown(self, found: Mapping[str, list[tuple[str, int]]]) -> Iterator[Fault]:
        """Yield a fault for each id cited (id to places) that the register does not hold."""
        for source_id, places in found.items():
            if source_id not in self.sources:
                for file, line in places:
                    message = f"source '{source_id}' is not in {self.file}; correct it or add it"
                    yield Fault(file, line, message)


def load_register(path: Path) -> Register:
    """Return the register in a YAML file; raise `FaultsError` with every fault of its form."""
    faults: list[Fault] = []
    sources: dict[str, Source] = {}
    for item, entries in read_yaml(path, faults).records(_KEYS, ("confidence",)):
        source = _source(item, entries)
        if source.id in sources:
            item.fault(f"source '{source.id}' stands twice; keep one")
        sources[source.id] = source
    raise_if_any(faults)
    return Register(sources, relative_name(path))


def _source(item: Item, entries: Mapping[str, Item]) -> Source:
    status = entries["status"].text(STATUSES)
    return Source(
        id=entries["id"].text(),
        page=entries["page"].text(),
        status=status,
        confidence=read_confidence(item, entries, status),
        checked_on=read_date(entries["checked_on"]),
        links=tuple(read_link(entry) for entry in entries["links"].sequence()),
        line=item.line,
    )


def read_confidence(item: Item, entries: Mapping[str, Item], status: str) -> int:
    """Return the confidence in percent; note one that is missing (status K) or no number."""
    if "confidence" not in entries:
        if status == "K":
            item.fault("a source with status K needs its confidence in percent; add it")
        return 100
    text = entries["confidence"].text()
    if not text.isdigit() or int(text) > 100:
        entries["confidence"].fault(f"confidence: found '{text}', expected 0 to 100 (percent)")
        return 0
    return int(text)


def read_date(item: Item) -> date:
    """Return a date of this century; note any other text."""
    text = item.text()
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = date.min
    if found.year // 100 != 20:
        item.fault(f"{item.name}: found '{text}', expected a date such as 2026-11-23")
    return found


def read_link(item: Item) -> Link:
    """Return a document with its address; note an address that is none."""
    entries = item.mapping(("title",), ("url",))
    url = entries["url"].text() if "url" in entries else ""
    if url and not url.startswith(("https://", "http://")):
        item.fault(f"url: found '{url}', expected an address with https://")
    return Link(entries["title"].text() if "title" in entries else "", url)
