"""What the register holds back: facts that no page may cite, and what is said in their place."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scripts.content.languages import SOURCE_LANGUAGE
from scripts.content.sources import (
    STATUSES,
    Link,
    Register,
    read_confidence,
    read_date,
    read_link,
)
from scripts.content.staff_words import LANGUAGES
from scripts.content.typography import unbroken
from scripts.faults import Fault, raise_if_any, relative_name
from scripts.strict_yaml import Item, read_yaml

_KEYS = ("id", "status", "checked_on", "statement", "instead", "pages", "links")


@dataclass(frozen=True)
class UnpublishedFact:
    """A fact that is kept off the pages.

    `status` is U (unknown), K (under 95 %, `confidence` in percent) or V (read, and held back for
    the reason that `instead` gives). `statement` and `instead`, what is said in its place, are in
    French and German; `pages` are the pages whose subject it is.
    """

    id: str
    status: str
    confidence: int
    checked_on: date
    statement: Mapping[str, str]
    instead: Mapping[str, str]
    pages: tuple[str, ...]
    links: tuple[Link, ...]
    file: str
    line: int


Unpublished = Mapping[str, UnpublishedFact]
"""The facts held back by id, in the order of the file."""


def load_unpublished(path: Path) -> Unpublished:
    """Return the facts of a YAML file; raise `FaultsError` with every fault of its form."""
    faults: list[Fault] = []
    facts: dict[str, UnpublishedFact] = {}
    for item, entries in read_yaml(path, faults).records(_KEYS, ("confidence",)):
        fact = _fact(item, entries, relative_name(path))
        if fact.id in facts:
            item.fault(f"fact '{fact.id}' stands twice; keep one")
        facts[fact.id] = fact
    raise_if_any(faults)
    return facts


def check_unpublished(
    facts: Unpublished,
    register: Register,
    cited: Mapping[str, list[tuple[str, int]]],
    pages: Collection[str],
) -> Iterator[Fault]:
    """Yield a fault for each fact that is cited, published as well, or of a page that is none.

    Args:
        facts: the facts held back.
        register: the sources that may be cited.
        cited: each id cited, with its places.
        pages: the paths of the French pages.
    """
    for fact in facts.values():
        instead = fact.instead[SOURCE_LANGUAGE]
        for file, line in cited.get(fact.id, ()):
            message = (
                f"source '{fact.id}' may not be cited: it has status {fact.status} in "
                f"{fact.file}:{fact.line}; take it out. {instead}"
            )
            yield Fault(file, line, message)
        if fact.id in register.sources:
            message = f"'{fact.id}' is in {register.file}, too; keep it in one of the two"
            yield Fault(fact.file, fact.line, message)
        for page in set(fact.pages) - set(pages):
            message = f"'{fact.id}', pages: found '{page}', expected a page of docs/fr"
            yield Fault(fact.file, fact.line, message)


def read_sentences(entries: Mapping[str, Item]) -> Mapping[str, str]:
    """Return sentences by language, French ones with no-break spaces; note an empty one."""
    sentences = {code: item.text() for code, item in entries.items()}
    for code, item in entries.items():
        if not sentences[code].strip():
            item.fault(f"{item.name} is empty; write it")
    french = sentences.get(SOURCE_LANGUAGE, "")
    return {**sentences, SOURCE_LANGUAGE: unbroken(french)} if french else sentences


def _fact(item: Item, entries: Mapping[str, Item], file: str) -> UnpublishedFact:
    status = entries["status"].text(STATUSES)
    return UnpublishedFact(
        id=entries["id"].text(),
        status=status,
        confidence=read_confidence(item, entries, status),
        checked_on=read_date(entries["checked_on"]),
        statement=read_sentences(entries["statement"].mapping(LANGUAGES)),
        instead=read_sentences(entries["instead"].mapping(LANGUAGES)),
        pages=entries["pages"].texts(),
        links=tuple(read_link(entry) for entry in entries["links"].sequence()),
        file=file,
        line=item.line,
    )
