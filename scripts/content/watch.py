"""What of the sources is to be looked at again: what grows old, what changes on a known date."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from scripts.content.sources import Register, Source, read_date
from scripts.content.staff_words import LANGUAGES
from scripts.content.unpublished import Unpublished, UnpublishedFact, read_sentences
from scripts.faults import Fault, raise_if_any, relative_name
from scripts.strict_yaml import read_yaml

_NOTICE = 31
"""How many days before its day a known date is due: a monthly run tells it at least once."""
FRESH = timedelta(days=365)
"""How long a fact counts as read lately."""
_KEYS = ("date", "source", *LANGUAGES)


@dataclass(frozen=True, order=True)
class Duty:
    """Something to look at: from which day on, its source id, what to do, where it is written.

    `sentences` says what to do, for a known date in French, then in German; `notice` is how many
    days before its day it is due.
    """

    day: date
    source: str
    sentences: tuple[str, ...]
    file: str
    line: int
    notice: int = 0

    def is_due(self, today: date) -> bool:
        """Tell whether its day has come, or comes within its days of notice."""
        return (self.day - today).days <= self.notice


def load_dates(path: Path) -> tuple[Duty, ...]:
    """Return the known dates of a YAML file; raise `FaultsError` with every fault of its form."""
    faults: list[Fault] = []
    dates = []
    for item, entries in read_yaml(path, faults).records(_KEYS):
        sentences = read_sentences({code: entries[code] for code in LANGUAGES})
        day, source = read_date(entries["date"]), entries["source"].text()
        place = (relative_name(path), item.line)
        dates.append(Duty(day, source, tuple(sentences.values()), *place, _NOTICE))
    raise_if_any(faults)
    return tuple(dates)


def check_dates(dates: Collection[Duty], known: Collection[str]) -> Iterator[Fault]:
    """Yield a fault for each known date whose source is none of the known ids."""
    for one in dates:
        if one.source not in known:
            message = f"source '{one.source}' is in neither sources.yml nor unpublished.yml"
            yield Fault(one.file, one.line, f"{message}; correct it or add it")


def all_duties(register: Register, unpublished: Unpublished, dates: Collection[Duty]) -> list[Duty]:
    """Return what is to be looked at again, now or later, sorted by date.

    Each source, published or not, is to be checked again when its check is over 12 months old.
    """
    readings = [_reading(one, register.file) for one in register.sources.values()]
    readings += [_reading(one, one.file) for one in unpublished.values()]
    return sorted((*dates, *readings))


def duties_text(duties: Collection[Duty], dates: Collection[Duty], today: date) -> str:
    """Return the list for people: what is due, the known dates to come, and when more will be.

    Args:
        duties: all duties, sorted by date.
        dates: those of them that are known dates; they are listed however far away they are.
        today: the day against which they are told.
    """
    listed = [duty for duty in duties if duty.is_due(today) or duty in dates]
    due = sum(duty.is_due(today) for duty in listed)
    lines = [line for duty in listed for line in _duty_lines(duty, today)]
    lines.append(f"{due} to do, {len(listed) - due} to expect.")
    later = [duty.day for duty in duties if duty not in listed]
    if later:
        count = later.count(later[0])
        lines.append(f"Next to grow older than 12 months: {count} source(s), on {later[0]}.")
    return "\n".join(lines) + "\n"


def _duty_lines(duty: Duty, today: date) -> Iterator[str]:
    days = (duty.day - today).days
    when = f"in {days} day(s)" if days > 0 else f"{-days} day(s) ago" if days else "today"
    yield f"{duty.day}  {duty.source}  {when}  ({duty.file}:{duty.line})"
    yield from (f"    {sentence}" for sentence in duty.sentences)


def _reading(fact: Source | UnpublishedFact, file: str) -> Duty:
    """Return the duty to check a fact again."""
    what = f"last checked on {fact.checked_on}; check it again, mend the pages, set checked_on"
    links = (link.url for link in fact.links if link.url)
    day = fact.checked_on + FRESH + timedelta(days=1)
    return Duty(day, fact.id, (what, *links), file, fact.line)
