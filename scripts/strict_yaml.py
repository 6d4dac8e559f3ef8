"""YAML as people mean it: every scalar a string, no key twice, every value with its line.

Plain YAML reads `no` as False, `012` as 10, and keeps the last of two equal keys.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from scripts.faults import Fault, relative_name

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The fast loader where PyYAML was built with it; both give the same nodes and lines."""


@dataclass(frozen=True)
class Item:
    """A value with its place. Reading methods note faults and return an empty value."""

    node: yaml.Node | None
    file: str
    faults: list[Fault] = field(compare=False, repr=False)
    name: str = ""

    @property
    def line(self) -> int:
        """The 1-based line of the value, 0 when the file is empty."""
        return self.node.start_mark.line + 1 if self.node else 0

    def fault(self, message: str) -> None:
        """Note a fault at this value."""
        self.faults.append(Fault(self.file, self.line, message))

    def text(self, allowed: Collection[str] | None = None) -> str:
        """Return the scalar as written; with `allowed`, note any other value."""
        if not isinstance(self.node, yaml.ScalarNode):
            self.fault(f"{self.name}: found {_kind(self.node)}, expected text")
            return ""
        value = str(self.node.value)
        if allowed is not None and value not in allowed:
            self.fault(f"{self.name}: found '{value}'; allowed: {', '.join(sorted(allowed))}")
            return ""
        return value

    def sequence(self) -> list[Item]:
        """Return the entries of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            self.fault(f"{self.name}: found {_kind(self.node)}, expected a list")
            return []
        return [
            Item(node, self.file, self.faults, f"{self.name}[{number}]")
            for number, node in enumerate(self.node.value, 1)
        ]

    def texts(self, allowed: Collection[str] | None = None) -> tuple[str, ...]:
        """Return a list of scalars."""
        return tuple(value for item in self.sequence() if (value := item.text(allowed)))

    def mapping(
        self, required: Collection[str] = (), optional: Collection[str] | None = ()
    ) -> dict[str, Item]:
        """Return the entries of a mapping; `optional=None` allows any further key."""
        entries = dict(self._entries())
        for key in sorted(set(required) - set(entries)):
            self.fault(f"{self.name or 'file'}: key '{key}' is missing; add it")
        if optional is not None:
            known = {*required, *optional}
            for key in [key for key in entries if key not in known]:
                self._unknown(entries.pop(key), key, known)
        return entries

    def records(
        self, required: Collection[str], optional: Collection[str] = ()
    ) -> Iterator[tuple[Item, dict[str, Item]]]:
        """Yield the mappings of a list with their entries; those that lack a key are noted."""
        for item in self.sequence():
            entries = item.mapping(required, optional)
            if entries.keys() >= set(required):
                yield item, entries

    def is_sequence(self) -> bool:
        """Tell whether the value is a list."""
        return isinstance(self.node, yaml.SequenceNode)

    def is_mapping(self) -> bool:
        """Tell whether the value is a mapping."""
        return isinstance(self.node, yaml.MappingNode)

    def _entries(self) -> Iterator[tuple[str, Item]]:
        if not isinstance(self.node, yaml.MappingNode):
            self.fault(f"{self.name or 'file'}: found {_kind(self.node)}, expected a mapping")
            return
        seen: dict[str, int] = {}
        for key_node, value_node in self.node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in seen:
                message = f"key '{key}' stands twice (first in line {seen[key]}); keep one"
                self.faults.append(Fault(self.file, line, message))
                continue
            seen[key] = line
            name = f"{self.name}.{key}" if self.name else key
            yield key, Item(value_node, self.file, self.faults, name)

    @staticmethod
    def _unknown(item: Item, key: str, known: Collection[str]) -> None:
        item.fault(f"unknown key '{key}'; allowed: {', '.join(sorted(known))}")


def read_yaml(path: Path, faults: list[Fault]) -> Item:
    """Return a YAML file's top value; a missing or malformed file is noted as a fault."""
    file = relative_name(path)
    try:
        return parse_yaml(path.read_text(encoding="utf-8-sig"), file, faults)
    except OSError as error:
        faults.append(Fault(file, 0, f"cannot be read ({error.strerror}); add the file"))
    except UnicodeDecodeError as error:
        faults.append(Fault(file, 0, f"is not UTF-8 (byte {error.start}); save it as UTF-8"))
    return Item(None, file, [])


def parse_yaml(text: str, file: str, faults: list[Fault], first_line: int = 1) -> Item:
    """Return the top value of YAML text that starts at `first_line` of `file`."""
    try:
        node: Any = yaml.compose("\n" * (first_line - 1) + text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "malformed"
        faults.append(Fault(file, mark.line + 1 if mark else 0, f"is not valid YAML: {problem}"))
        return Item(None, file, [])
    return Item(node, file, faults)


def plain(item: Item) -> Any:
    """Return a value as nested dicts, lists and strings."""
    if item.is_mapping():
        return {key: plain(value) for key, value in item.mapping(optional=None).items()}
    if item.is_sequence():
        return [plain(value) for value in item.sequence()]
    return item.text()


def _kind(node: yaml.Node | None) -> str:
    kinds = {yaml.MappingNode: "a mapping", yaml.SequenceNode: "a list", yaml.ScalarNode: "text"}
    return kinds.get(type(node), "nothing") if node else "nothing"


def scalar_spans(text: str) -> dict[str, tuple[int, int]]:
    """Return where each scalar stands in YAML text, by dotted key, in the order of the text.

    Lists named `forms` count as one value, from their first to their last entry.
    """
    spans: dict[str, tuple[int, int]] = {}
    _note_spans(yaml.compose(text, Loader=yaml.SafeLoader), "", spans)
    return spans


def _note_spans(node: yaml.Node | None, name: str, spans: dict[str, tuple[int, int]]) -> None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            _note_spans(value, f"{name}.{key.value}" if name else str(key.value), spans)
    elif isinstance(node, yaml.SequenceNode) and name.endswith(".forms"):
        end = node.end_mark.index if node.flow_style else node.value[-1].end_mark.index
        spans[name] = (node.start_mark.index, end)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value, 1):
            _note_spans(value, f"{name}.{number}", spans)
    elif isinstance(node, yaml.ScalarNode):
        spans[name] = (node.start_mark.index, node.end_mark.index)
