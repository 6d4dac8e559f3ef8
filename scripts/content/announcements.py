"""Announcements at the top of every page, from a day to another: a new law, a closed office."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scripts.content.sources import read_date
from scripts.faults import Fault, raise_if_any, relative_name
from scripts.strict_yaml import Item, read_yaml

_DAYS = ("from", "until")


@dataclass(frozen=True)
class Announcement:
    """A text in each language, by its code, and the first and the last day on which it is shown."""

    first: date
    last: date
    texts: Mapping[str, str]
    file: str
    line: int

    def is_shown(self, today: date) -> bool:
        """Tell whether a day is one of its days."""
        return self.first <= today <= self.last


def load_announcements(path: Path, codes: Sequence[str]) -> tuple[Announcement, ...]:
    """Return the announcements in a YAML file.

    Args:
        path: the file.
        codes: the codes of the languages that each announcement needs.

    Raises:
        FaultsError: every fault of form, a language that is missing among them.
    """
    faults: list[Fault] = []
    announcements = []
    for item in read_yaml(path, faults).sequence():
        entries = item.mapping((*_DAYS, *codes))
        if {*_DAYS, *codes} <= set(entries):
            announcements.append(_announcement(item, entries, codes, relative_name(path)))
    raise_if_any(faults)
    return tuple(announcements)


def check_announcements(announcements: Sequence[Announcement], today: date) -> Iterator[Fault]:
    """Yield a warning for each announcement that is over.

    Args:
        announcements: the announcements.
        today: the day against which they are told.
    """
    for one in announcements:
        if one.last < today:
            message = f"this announcement was over on {one.last}; take it out and publish the site"
            yield Fault(one.file, one.line, message)


def _announcement(
    item: Item, entries: Mapping[str, Item], codes: Sequence[str], file: str
) -> Announcement:
    texts = {code: entries[code].text() for code in codes}
    for code, text in texts.items():
        if not text.strip():
            entries[code].fault(f"{entries[code].name} is empty; write it")
    first, last = (read_date(entries[day]) for day in _DAYS)
    if last < first:
        item.fault(f"{item.name}: found until {last}, expected {first} or later")
    return Announcement(first, last, texts, file, item.line)
