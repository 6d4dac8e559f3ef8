"""What is shared at an information evening: the topics, each a page of every language."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.content.pages import Page
from scripts.faults import Fault, raise_if_any, relative_name
from scripts.strict_yaml import Item, read_yaml


@dataclass(frozen=True)
class Sharing:
    """What is shared.

    `topics` holds the picture of each page that is a topic, the site as a whole first; `ruled` how
    many lines a letter leaves to write on, by its name and the number of its line, where it is not
    one; `lines` the line of each in the file.
    """

    topics: Mapping[str, str]
    ruled: Mapping[str, Mapping[int, int]]
    lines: Mapping[str, int]
    file: str


def load_sharing(path: Path) -> Sharing:
    """Return the topics of a YAML file; raise `FaultsError` with every fault of its form."""
    faults: list[Fault] = []
    entries = read_yaml(path, faults).mapping(("topics", "ruled"))
    raise_if_any(faults)
    topics = entries["topics"].mapping(optional=None)
    letters = entries["ruled"].mapping(optional=None)
    ruled = {name: _counts(letter) for name, letter in letters.items()}
    lines = {name: item.line for name, item in (*letters.items(), *topics.items())}
    pictures = {path: item.text() for path, item in topics.items()}
    raise_if_any(faults)
    return Sharing(pictures, ruled, lines, relative_name(path))


def check_sharing(
    sharing: Sharing,
    pages: Mapping[str, Page],
    pictures: Collection[str],
    letters: Mapping[str, Sequence[str]],
) -> Iterator[Fault]:
    """Yield a fault for each topic that is no page of every language, and for what else is unknown.

    Args:
        sharing: what is shared.
        pages: the French pages by path.
        pictures: the names of the pictures.
        letters: the lines of the French letters by name.
    """
    shared = [path for path, page in pages.items() if not page.only]
    named = [
        *(("topic", topic, topic, shared) for topic in sharing.topics),
        *(("picture", topic, picture, pictures) for topic, picture in sharing.topics.items()),
        *(("letter", letter, letter, letters) for letter in sharing.ruled),
    ]
    for kind, at, name, allowed in named:
        if name not in allowed:
            message = f"{kind} '{name}' is unknown; allowed: {', '.join(sorted(allowed))}"
            yield Fault(sharing.file, sharing.lines[at], message)
    for letter, counts in sharing.ruled.items():
        free = [at for at, line in enumerate(letters.get(letter, ()), 1) if line.endswith(":")]
        for number in counts:
            if number not in free:
                message = f"letter '{letter}' leaves nothing to write in line {number}; do: {free}"
                yield Fault(sharing.file, sharing.lines[letter], message)


def _counts(item: Item) -> dict[int, int]:
    """Return the numbers of a mapping of numbers."""
    counts = {}
    for number, lines in item.mapping(optional=None).items():
        if not number.isdigit() or not lines.text().isdigit():
            lines.fault(f"found '{number}: {lines.text()}', expected two numbers, line and lines")
            continue
        counts[int(number)] = int(lines.text())
    return counts
