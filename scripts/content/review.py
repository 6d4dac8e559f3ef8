"""How far a translation was reviewed, and of which French text it is the translation."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from scripts.strict_yaml import Item

MACHINE = "machine"
STATES = (MACHINE, "native", "legal")
"""Translated by a machine; reviewed by a native speaker; reviewed by a lawyer."""
_KEYS = ("state", "date", "source")
_MADE = re.compile(r"(?P<french>\w{10}) (?P<own>\w{10})(?: (?P<day>\d{4}-\d\d-\d\d))?")


@dataclass(frozen=True)
class Made:
    """A section of a translation: the hashes of the French text and of its own.

    `looked_at` is the day on which somebody found nothing to change though the French text had
    changed, "" where there was none.
    """

    french: str
    own: str
    looked_at: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.french, self.own, self.looked_at)))


@dataclass(frozen=True)
class Review:
    """What a text was made from, section by section, and who has read it since."""

    state: str
    date: date
    source: Mapping[str, Made]

    def stale_sections(self, french: Mapping[str, str]) -> tuple[str, ...]:
        """Return the ids of the sections whose French text has changed, come or gone since."""
        ids = dict.fromkeys([*french, *self.source])
        return tuple(key for key in ids if french.get(key) != self._french(key))

    def as_it_stands(self, french: Mapping[str, str], own: Mapping[str, str]) -> Review:
        """Return the review of the texts of now: what has changed since nobody has read.

        Args:
            french: the hashes of the French text, by section.
            own: those of the translation.
        """
        is_read = {key: (made.french, made.own) for key, made in self.source.items()}
        now = {key: (french.get(key), own.get(key)) for key in {*french, *own}}
        return self if is_read == now else replace(self, state=MACHINE)

    def brought_along(
        self, french: Mapping[str, str], own: Mapping[str, str], looked_at: Mapping[str, str]
    ) -> Iterator[tuple[str, Made]]:
        """Yield each section as it is noted now; stale ones whose text is as it was stay stale.

        Args:
            french: the hashes of the French text of each section that is translated.
            own: those of the translation.
            looked_at: the sections in which somebody found nothing to change, with the day.
        """
        for key, digest in french.items():
            before = self.source.get(key)
            if before is None or before.own != own[key]:
                yield key, Made(digest, own[key])
            elif before.french == digest:
                yield key, before
            elif key in looked_at:
                yield key, Made(digest, own[key], looked_at[key])
            else:
                yield key, before

    def _french(self, section: str) -> str | None:
        made = self.source.get(section)
        return made.french if made else None


def content_hash(text: str) -> str:
    """Return 10 hexadecimal digits that change with the words, not with line breaks."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:10]


def read_review(item: Item) -> Review:
    """Return what is noted of a page or a wording, noting its faults."""
    entries = item.mapping(_KEYS)
    if len(entries) < len(_KEYS):
        return Review(MACHINE, date.min, {})
    text = entries["date"].text()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        entries["date"].fault(f"date: found '{text}', expected a date such as 2026-11-23")
        day = date.min
    found = entries["source"].mapping(optional=None)
    made = {key: _made(value) for key, value in found.items()}
    return Review(entries["state"].text(STATES), day, made)


def _made(item: Item) -> Made:
    match = _MADE.fullmatch(item.text())
    if not match:
        item.fault(
            f"{item.name}: found '{item.text()}', expected two hashes; run `mark-reviewed` again"
        )
        return Made("", "")
    return Made(match["french"], match["own"], match["day"] or "")
