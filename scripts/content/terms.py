"""The official terms in French and German, as people meet them in letters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.faults import Fault, raise_if_any
from scripts.strict_yaml import read_yaml


@dataclass(frozen=True)
class Term:
    """A term: its id and the official words ("" where there is no settled German word)."""

    id: str
    fr: str
    de: str


def load_terms(path: Path) -> Mapping[str, Term]:
    """Return the terms by id; raise `FaultsError` with every fault of the file's form."""
    faults: list[Fault] = []
    terms: dict[str, Term] = {}
    for item in read_yaml(path, faults).sequence():
        entries = item.mapping(("id", "fr"), ("de",))
        texts = {key: entry.text() for key, entry in entries.items()}
        term = Term(texts.get("id", ""), texts.get("fr", ""), texts.get("de", ""))
        if term.id in terms:
            item.fault(f"term '{term.id}' stands twice; keep one")
        terms[term.id] = term
    raise_if_any(faults)
    return terms
