"""Remember what was worked out, for as long as what it was worked out from stays the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from typing import Any, TypeVar

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
        [result] = self.get_all([(name, origin, make)])
        return result

    def get_all(
        self,
        wanted: Sequence[tuple[Hashable, tuple[object, ...], Callable[[], T]]],
        run: Callable[[Sequence[Callable[[], T]]], Sequence[T]] | None = None,
    ) -> list[T]:
        """Return several results; `run` works out those that have to be made, all at once.

        Args:
            wanted: the arguments of `get` for each.
            run: calls each function and returns the results in their order.
        """
        missing = [one for one in wanted if not self._knows(one[0], one[1])]
        makes = [make for _, _, make in missing]
        made = run(makes) if run else [make() for make in makes]
        for (name, origin, _), result in zip(missing, made, strict=True):
            self._known[name] = (origin, result)
        return [self._known[name][1] for name, _, _ in wanted]

    def _knows(self, name: Hashable, origin: tuple[object, ...]) -> bool:
        known = self._known.get(name)
        return known is not None and known[0] == origin


def stamp_of(file: Path) -> tuple[int, int]:
    """Return what changes with a file's content: its time of change (ns) and its size (bytes).

    Both are 0 where there is no such file.
    """
    try:
        found = file.stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)
