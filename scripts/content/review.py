"""How far a translation was reviewed, and of which French text it is the translation."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from scripts.strict_yaml import Item

STATES = ("machine", "native", "legal")
"""Translated by a machine; reviewed by a native speaker; reviewed by a lawyer."""
_KEYS = ("state", "date", "source")


@dataclass(frozen=True)
class Review:
    """`source` maps each section id to the hash of the French text that was translated."""

    state: str
    date: date
    source: Mapping[str, str]

    def stale_sections(self, current: Mapping[str, str]) -> tuple[str, ...]:
        """Return the ids of the sections whose French text has changed, come or gone since."""
        ids = dict.fromkeys([*current, *self.source])
        return tuple(key for key in ids if current.get(key) != self.source.get(key))


def content_hash(text: str) -> str:
    """Return 10 hexadecimal digits that change with the words, not with line breaks."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:10]


def read_review(item: Item) -> Review:
    """Return the `translation` entry of a page or a wording file, noting its faults."""
    entries = item.mapping(_KEYS)
    if len(entries) < len(_KEYS):
        return Review("machine", date.min, {})
    text = entries["date"].text()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        entries["date"].fault(f"date: found '{text}', expected a date such as 2026-11-23")
        day = date.min
    hashes = entries["source"].mapping(optional=None)
    return Review(
        entries["state"].text(STATES), day, {key: value.text() for key, value in hashes.items()}
    )
