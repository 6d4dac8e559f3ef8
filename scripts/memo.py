"""Remember what was worked out, for as long as what it was worked out from stays the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, TypeVar, cast

T = TypeVar("T")


class Memo:
    """Results by name, each with what it was made from.

    A server keeps one from build to build, so that an edit costs what it touches; a single
    build begins with an empty one, and then it changes nothing.
    """

    def __init__(self) -> None:
        self._known: dict[Hashable, tuple[tuple[object, ...], Any]] = {}

    def get(self, name: Hashable, origin: tuple[object, ...], make: Callable[[], T]) -> T:
        """Return the result known under a name, made anew where its origin has changed.

        Args:
            name: what the result is of, such as `("page", file)`.
            origin: all that the result depends on; compared by value, identity first.
            make: works the result out; what it raises is passed on and not remembered.
        """
        known = self._known.get(name)
        if known is None or known[0] != origin:
            self._known[name] = known = (origin, make())
        return cast(T, known[1])


def stamp_of(file: Path) -> tuple[int, int]:
    """Return what changes with a file's content: its time of change (ns) and its size (bytes).

    Both are 0 where there is no such file.
    """
    try:
        found = file.stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)
