"""Words that misled readers, or would: what they must not be told in these words again."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
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


MisleadingWords = Mapping[str, tuple[Misleading, ...]]
"""The words to avoid, by the code of the language."""


def load_misleading(path: Path, codes: Collection[str]) -> MisleadingWords:
    """Return the words to avoid; raise `FaultsError` with every fault of the file's form.

    Args:
        path: the YAML file, a list of patterns and reasons for each language.
        codes: the codes of the site's languages.
    """
    faults: list[Fault] = []
    entries = read_yaml(path, faults).mapping(optional=codes)
    file = relative_name(path)
    words = {code: tuple(_read(item, file)) for code, item in entries.items()}
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
    any_of_them = re.compile("|".join(f"(?:{one.pattern})" for one in words))
    for passage in found:
        if any_of_them.search(passage.text) or any_of_them.search(passage.raw):
            yield from _named(passage, words)


def _named(passage: Passage, words: Sequence[Misleading]) -> Iterator[Fault]:
    for one in words:
        if match := re.search(one.pattern, passage.text) or re.search(one.pattern, passage.raw):
            message = (
                f"'{match[0]}' misleads readers: {one.why}; "
                f"say it in other words ({one.file}:{one.line})"
            )
            yield Fault(passage.file, passage.line, message)


def _read(language: Item, file: str) -> Iterator[Misleading]:
    for item in language.sequence():
        entries = item.mapping(_KEYS)
        if set(_KEYS) <= set(entries):
            pattern, why = (entries[key].text() for key in _KEYS)
            _note_faults(entries["pattern"], pattern)
            yield Misleading(pattern, why, file, item.line)


def _note_faults(item: Item, pattern: str) -> None:
    try:
        if re.search(pattern, ""):
            item.fault(f"{item.name}: '{pattern}' is found in every text; name words")
    except re.error as error:
        item.fault(f"{item.name}: '{pattern}' is no regular expression ({error}); mend it")
