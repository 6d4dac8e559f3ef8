"""How the device's own voice reads each language: which voices may, letters, percent, words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from scripts.content.languages import Language
from scripts.faults import Fault, raise_if_any
from scripts.strict_yaml import Item, read_yaml

REQUIRED_WORDS = ("art.", "Cst.", "ARTIAS", "AVIC")
"""What every language must say how to read: all-capital names that are words, legal citations."""
_KEYS = ("voices", "letters", "percent", "words")
_DATES = ("first", "year")
_ALPHABET = 26
_TAG = re.compile(r"[a-z]{2,3}(?:-(?:[A-Z]{2}|[A-Z][a-z]{3}))?")


@dataclass(frozen=True)
class Spoken:
    """How one language is read aloud.

    `voices` are BCP 47 tags, the best first; `letters` the names of A to Z; `percent` holds
    `{n}`; `words` maps what is written to what is said. In a date, `first` is said for day 1 and
    `year`, which holds `{n}`, for the year; "" where browsers say both rightly.
    """

    voices: tuple[str, ...]
    letters: tuple[str, ...]
    percent: str
    words: Mapping[str, str]
    first: str = ""
    year: str = ""

    @cached_property
    def subtags(self) -> tuple[str, ...]:
        """The language subtags of the voices that may read this language."""
        return tuple(dict.fromkeys(tag.split("-")[0] for tag in self.voices))


def load_spoken(path: Path, languages: tuple[Language, ...]) -> Mapping[str, Spoken]:
    """Return each language's entry by its code; raise `FaultsError` with every fault."""
    faults: list[Fault] = []
    entries = read_yaml(path, faults).mapping([language.code for language in languages])
    spoken = {code: _spoken(item) for code, item in entries.items()}
    faults.extend(_shared_voices(spoken, entries))
    raise_if_any(faults)
    return spoken


def _spoken(item: Item) -> Spoken:
    keys = item.mapping(_KEYS, _DATES)
    return Spoken(
        _voices(keys["voices"]) if "voices" in keys else (),
        _letters(keys["letters"]) if "letters" in keys else (),
        _with_number(keys["percent"]) if "percent" in keys else "",
        _words(keys["words"]) if "words" in keys else {},
        keys["first"].text() if "first" in keys else "",
        _with_number(keys["year"]) if "year" in keys else "",
    )


def _voices(item: Item) -> tuple[str, ...]:
    for tag in item.sequence():
        if not _TAG.fullmatch(tag.text()):
            tag.fault(f"{tag.name}: found '{tag.text()}', expected a tag such as fr or fr-CH")
    return item.texts()


def _letters(item: Item) -> tuple[str, ...]:
    names = tuple(item.text().split())
    if len(names) != _ALPHABET:
        message = f"{item.name}: found {len(names)} names, expected {_ALPHABET}, for A to Z"
        item.fault(f"{message}; write a name of two words with a hyphen")
    return names


def _with_number(item: Item) -> str:
    text = item.text()
    if "{n}" not in text:
        item.fault(f"{item.name}: found '{text}', expected a text with {{n}} for the number")
    return text


def _words(item: Item) -> dict[str, str]:
    words = item.mapping(REQUIRED_WORDS, None)
    for written, said in words.items():
        if not said.text().strip():
            said.fault(f"{item.name}: '{written}' is empty; write how it is said")
    return {written: said.text() for written, said in words.items()}


def _shared_voices(spoken: Mapping[str, Spoken], entries: Mapping[str, Item]) -> Iterator[Fault]:
    """A voice reads its own language only: no subtag may stand under two languages."""
    owner: dict[str, str] = {}
    for code, one in spoken.items():
        for subtag in one.subtags:
            first = owner.setdefault(subtag, code)
            if first != code:
                message = f"{code}.voices: '{subtag}' already reads '{first}'; keep it under one"
                yield Fault(entries[code].file, entries[code].line, message)
