"""The official terms in French and German, as people meet them in letters."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.faults import Fault, raise_if_any
from scripts.strict_yaml import read_yaml


@dataclass(frozen=True)
class Term:
    """A term: its id, its page and the official words ("" where German has no settled one)."""

    id: str
    page: str
    fr: str
    de: str
    line: int


def load_terms(path: Path) -> Mapping[str, Term]:
    """Return the terms by id; raise `FaultsError` with every fault of the file's form."""
    faults: list[Fault] = []
    terms: dict[str, Term] = {}
    for item in read_yaml(path, faults).sequence():
        entries = item.mapping(("id", "page", "fr"), ("de",))
        texts = {key: entry.text() for key, entry in entries.items()}
        term = Term(
            texts.get("id", ""),
            texts.get("page", ""),
            texts.get("fr", ""),
            texts.get("de", ""),
            item.line,
        )
        if term.id in terms:
            item.fault(f"term '{term.id}' stands twice; keep one")
        terms[term.id] = term
    raise_if_any(faults)
    return terms


def misplaced(terms: Mapping[str, Term], pages: Collection[str], file: str) -> Iterator[Fault]:
    """Yield a fault for each term explained on none of the pages that hold a glossary.

    Args:
        terms: the terms by id.
        pages: the paths of the pages that call the macro `glossary`.
        file: the name of the file that holds the terms.

    """
    for term in terms.values():
        if term.page not in pages:
            message = f"page: found '{term.page}'; allowed: {', '.join(sorted(pages))}"
            yield Fault(file, term.line, message)
