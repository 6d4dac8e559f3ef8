"""What is shared at an information evening: the topics, each a page of every language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.content.pages import Page
from scripts.faults import Fault, raise_if_any, relative_name
from scripts.strict_yaml import read_yaml


@dataclass(frozen=True)
class Sharing:
    """The paths of the pages that are topics, the site as a whole first; lines by path."""

    topics: Mapping[str, int]
    file: str


def load_sharing(path: Path) -> Sharing:
    """Return the topics of a YAML file; raise `FaultsError` with every fault of its form."""
    faults: list[Fault] = []
    entries = read_yaml(path, faults).mapping(("topics",))
    topics: dict[str, int] = {}
    for item in entries["topics"].sequence() if "topics" in entries else []:
        if item.text() in topics:
            item.fault(f"topic '{item.text()}' stands twice; keep one")
        topics.setdefault(item.text(), item.line)
    raise_if_any(faults)
    return Sharing(topics, relative_name(path))


def check_sharing(sharing: Sharing, pages: Mapping[str, Page]) -> Iterator[Fault]:
    """Yield a fault for each topic that is no page of every language.

    Args:
        sharing: the topics.
        pages: the French pages by path.
    """
    shared = [path for path, page in pages.items() if not page.only]
    for topic, line in sharing.topics.items():
        if topic not in shared:
            message = f"topic '{topic}' is unknown; allowed: {', '.join(shared)}"
            yield Fault(sharing.file, line, message)
