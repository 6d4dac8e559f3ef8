"""Faults in what people write: where, what was found, what is allowed, what to do."""

from __future__ import annotations

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


class FaultsError(Exception):
    """All the faults found in one go, sorted by file and line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(set(faults))
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
