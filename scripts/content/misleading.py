"""Words that misled readers, or would: what they must not be told in these words again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from scripts.content.prose import Passage
from scripts.faults import Fault, raise_if_any, relative_name
from scripts.strict_yaml import Item, read_yaml

_KEYS = ("pattern", "why")


@dataclass(frozen=True)
class Misleading:
    """Words to avoid in one language, as a regular expression, and why; with their place."""

    pattern: str
    why: str
    file: str
    line: int


def load_misleading(path: Path) -> tuple[Misleading, ...]:
    """Return the words to avoid in a language; raise `FaultsError` with every fault of form.

    Args:
        path: the YAML file, a list of patterns and reasons; a language may have none.
    """
    if not path.exists():
        return ()
    faults: list[Fault] = []
    words = tuple(_read(read_yaml(path, faults), relative_name(path)))
    raise_if_any(faults)
    return words


def check_misleading(found: Sequence[Passage], words: Sequence[Misleading]) -> Iterator[Fault]:
    """Yield a fault for each passage of a language that says what must not be said so.

    Args:
        found: the passages of a file.
        words: the words to avoid in its language.
    """
    if not words:
        return
    any_of_them = "|".join(f"(?:{one.pattern})" for one in words)
    for passage in found:
        if _is_found(any_of_them, passage.text) or _is_found(any_of_them, passage.written):
            yield from _named(passage, words)


@lru_cache(maxsize=2**17)  # while the site is served, most texts are as they were
def _is_found(pattern: str, text: str) -> bool:
    return re.search(pattern, text) is not None


def _named(passage: Passage, words: Sequence[Misleading]) -> Iterator[Fault]:
    for one in words:
        if match := re.search(one.pattern, passage.text) or re.search(one.pattern, passage.written):
            message = (
                f"'{match[0]}' misleads readers: {one.why}; "
                f"say it in other words ({one.file}:{one.line})"
            )
            yield Fault(passage.file, passage.line, message)


def _read(entries: Item, file: str) -> Iterator[Misleading]:
    for item in entries.sequence():
        entry = item.mapping(_KEYS)
        if set(_KEYS) <= set(entry):
            pattern, why = (entry[key].text() for key in _KEYS)
            _note_faults(entry["pattern"], pattern)
            yield Misleading(pattern, why, file, item.line)


def _note_faults(item: Item, pattern: str) -> None:
    try:
        if re.search(pattern, ""):
            item.fault(f"'{pattern}' is found in every text; name words")
    except re.error as error:
        item.fault(f"'{pattern}' is no regular expression ({error}); mend it")
