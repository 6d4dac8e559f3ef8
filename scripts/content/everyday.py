"""Everyday words: what people look for in words of their own, and the pages that answer it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.content.terms import Term
from scripts.content.wording import Wording
from scripts.faults import Fault, raise_if_any
from scripts.strict_yaml import Item, read_yaml

_REGISTERS = ("law", "procedure", "permits", "services", "help")
NOT_SEARCHED = frozenset(
    {"index", "topics", "words-pictures", "words-pictures-2", "communes"}
    | {f"about/sources-{name}" for name in _REGISTERS}
)
"""Pages that only lead to the others, which say it better: no search leads there. `communes` is
hundreds of names: a search that finds nothing leads to where-to-go, whose own field finds them."""


Lead = tuple[tuple[str, ...], tuple[str, ...]]
"""Words, and the pages (`page` or `page#section`) that they lead to, best first."""


@dataclass(frozen=True)
class Concept:
    """What is looked for: the pages that answer it, and official words in French and German.

    Attributes:
        pages: `page` or `page#section`, best first.
        official: words of letters and counters, which find from every language.
        line: where it stands in its file.

    """

    pages: tuple[str, ...]
    official: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Everyday:
    """The concepts by name, and the words of each language by its code and the concept's name."""

    concepts: Mapping[str, Concept]
    words: Mapping[str, Mapping[str, tuple[str, ...]]]
    file: str

    def leads(self, code: str) -> tuple[Lead, ...]:
        """Return the words of a language, official ones last, with their pages."""
        words = self.words.get(code, {})
        return tuple(
            (_distinct((*words.get(name, ()), *concept.official)), concept.pages)
            for name, concept in self.concepts.items()
        )


def load_concepts(path: Path) -> Mapping[str, Concept]:
    """Return the concepts of a YAML file; raise `FaultsError` with every fault of its form."""
    faults: list[Fault] = []
    concepts = {}
    for name, item in read_yaml(path, faults).mapping(optional=None).items():
        entries = item.mapping(("pages",), ("official",))
        texts = {key: _texts(entry) for key, entry in entries.items()}
        concepts[name] = Concept(texts.get("pages", ()), texts.get("official", ()), item.line)
    raise_if_any(faults)
    return concepts


def load_words(path: Path, concepts: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Return the words of one language by concept; raise `FaultsError` with every fault.

    Args:
        path: the language's file.
        concepts: the names that it must hold, no other.

    """
    faults: list[Fault] = []
    words = {name: _texts(item) for name, item in read_yaml(path, faults).mapping(concepts).items()}
    raise_if_any(faults)
    return words


def check_everyday(everyday: Everyday, ids: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    """Yield a fault for each page or section that a concept leads to and that does not exist.

    Args:
        everyday: the concepts and words.
        ids: the ids of the sections of each page that is searched, by its path.

    """
    for name, concept in everyday.concepts.items():
        for place in concept.pages:
            path, _, section = place.partition("#")
            if path not in ids:
                allowed = f"no page '{path}' is searched; allowed: {', '.join(sorted(ids))}"
            elif section and section not in ids[path]:
                allowed = f"no section '{section}'; it has: {', '.join(sorted(ids[path]))}"
            else:
                continue
            yield Fault(everyday.file, concept.line, f"{name}.pages: found '{place}', {allowed}")


def official_leads(terms: Mapping[str, Term], wording: Wording) -> tuple[Lead, ...]:
    """Return the official words of a language that its own glossary does not show.

    Args:
        terms: the official terms by id.
        wording: the language's texts; other languages than French and German have none.

    """
    leads = []
    for term in terms.values():
        official = {"fr": term.fr, "de": term.de}.get(wording.language.code, "")
        shown = wording.data["glossary"][term.id]["word"].casefold()
        words = tuple(word for word in official.split(", ") if word.casefold() not in ("", shown))
        if words:
            leads.append((words, (f"{term.page}#{term.id}",)))
    return tuple(leads)


def _texts(item: Item) -> tuple[str, ...]:
    """Return a list of at least one text, none empty, none with a comma, none twice."""
    texts = item.texts()
    if item.is_sequence() and not texts:
        item.fault(f"{item.name}: found an empty list; add an entry")
    for text, times in Counter(text.casefold() for text in texts).items():
        if times > 1:
            item.fault(f"{item.name}: '{text}' stands {times} times; keep one")
        if "," in text or not text.strip():
            item.fault(f"{item.name}: found '{text}', expected text without a comma")
    return texts


def _distinct(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple({word.casefold(): word for word in reversed(words)}.values())[::-1]
