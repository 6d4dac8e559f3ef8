"""Faults in what people write: where, what was found, what is allowed, what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, order=True)
class Fault:
    """One fault: file (relative to the project), line (1-based, 0 if none) and message."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.message}"


_FRENCH = re.compile(r"\b(?:docs/fr/|rules/wording/fr\.yml)")
_FRENCH_PLACE = re.compile(r"\(([^ ()]*docs/fr/[^ )]+:\d+)\)")
_LANGUAGE = re.compile(r"(docs/|rules/wording/)\w+")


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return faults by file and line, those of the French texts first, each once."""
    return tuple(sorted(set(faults), key=lambda one: (not _FRENCH.search(one.file), one)))


def french_first(faults: Iterable[Fault]) -> list[Fault]:
    """Leave out what only follows from a fault of a French text.

    That is a fault which a translation has word for word as French has it, and a comparison with
    a French line that is at fault itself: nobody should translate an error.
    """
    found = list(faults)
    french = [one for one in found if _FRENCH.search(one.file)]
    places = {f"{one.file}:{one.line}" for one in french}
    mirrored = {(one.file, one.message) for one in french}

    def follows(fault: Fault) -> bool:
        of_french = _LANGUAGE.sub(r"\g<1>fr", fault.file, count=1)
        place = _FRENCH_PLACE.search(fault.message)
        return (of_french, fault.message) in mirrored or bool(place and place[1] in places)

    return [one for one in found if one in french or not follows(one)]


class FaultsError(Exception):
    """All the faults found in one go, by file and line, those of the French texts first."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(in_order(french_first(faults)))
        super().__init__("\n".join(str(fault) for fault in self.faults))


def raise_if_any(faults: Iterable[Fault]) -> None:
    """Raise `FaultsError` if there is at least one fault."""
    found = list(faults)
    if found:
        raise FaultsError(found)


@contextmanager
def gathered(faults: list[Fault]) -> Iterator[None]:
    """Add the faults that the block raises to a list, and go on."""
    try:
        yield
    except FaultsError as error:
        faults.extend(error.faults)


@cache
def _resolved(root: Path) -> Path:
    return root.resolve()


def relative_name(path: Path, root: Path = ROOT) -> str:
    """Return how a file is named in messages: its path below the project, with slashes."""
    if path.is_relative_to(root) and ".." not in path.parts:
        return path.relative_to(root).as_posix()
    try:
        return path.resolve().relative_to(_resolved(root)).as_posix()
    except ValueError:
        return path.as_posix()
