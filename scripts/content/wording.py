"""The wording of a language: everything the site says outside its pages, one file a language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from markupsafe import Markup

from scripts.content.languages import Language
from scripts.content.review import Review, content_hash, read_review
from scripts.content.sources import Register
from scripts.content.terms import Term
from scripts.faults import Fault, raise_if_any, relative_name
from scripts.strict_yaml import Item, plain, read_yaml
from scripts.table.model import DecisionTable

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_TAG = re.compile(r"<[^>]*>")
_ALLOWED_TAG = re.compile(r'</?(?:strong|em)>|<br>|<bdi(?: dir="ltr")?>|</bdi>')
_FREE_LISTS = re.compile(r"^glossary\.[^.]+\.forms\.")
"""Lists whose length depends on the language: the forms of a word."""


@dataclass(frozen=True)
class Wording:
    """A language's wording. `data` is nested as in the file; `texts` flat, by dotted key."""

    language: Language
    data: Mapping[str, Any]
    texts: Mapping[str, str]
    lines: Mapping[str, int]
    review: Review | None
    file: str

    @cached_property
    def required_keys(self) -> frozenset[str]:
        """The keys that every language has: all but the forms of words."""
        return frozenset(key for key in self.texts if not _FREE_LISTS.match(key))

    @cached_property
    def hashes(self) -> Mapping[str, str]:
        """The content hash of each top-level section."""
        sections: dict[str, list[str]] = {}
        for key, text in self.texts.items():
            if key in self.required_keys:
                sections.setdefault(key.split(".")[0], []).append(f"{key}={text}")
        return {section: content_hash("\n".join(texts)) for section, texts in sections.items()}

    @cached_property
    def safe(self) -> Any:
        """The data as templates take it: each text marked as the inline HTML that it is."""
        return _marked(self.data)

    def fault(self, key: str, message: str) -> Fault:
        """Return a fault at a dotted key."""
        return Fault(self.file, self.lines.get(key, 0), message)


def load_wording(path: Path, language: Language) -> Wording:
    """Return a wording file; raise `FaultsError` with every fault of its form."""
    faults: list[Fault] = []
    top = read_yaml(path, faults)
    entries = top.mapping(optional=None)
    review = read_review(entries.pop("translation")) if "translation" in entries else None
    if review is None and not language.is_source:
        top.fault("key 'translation' is missing; add state, date and source")
    texts: dict[str, str] = {}
    lines: dict[str, int] = {}
    for name, entry in entries.items():
        for key, leaf in _leaves(name, entry):
            texts[key], lines[key] = leaf.text(), leaf.line
    data = {name: plain(entry) for name, entry in entries.items()}
    raise_if_any(faults)
    return Wording(language, data, texts, lines, review, relative_name(path))


def check_wording(
    wording: Wording,
    source: Wording,
    table: DecisionTable,
    register: Register,
    terms: Mapping[str, Term],
) -> Iterator[Fault]:
    """Yield every key missing or left over, every lost placeholder, every tag not allowed."""
    if wording is source:
        yield from _against_table(wording, table, register, terms)
    else:
        yield from _against_source(wording, source)
    for key, text in wording.texts.items():
        if not text.strip():
            yield wording.fault(key, f"'{key}' is empty; write its text")
        for tag in _TAG.findall(text):
            if not _ALLOWED_TAG.fullmatch(tag):
                message = f"'{key}' holds {tag}; allowed: strong, em, br, bdi"
                yield wording.fault(key, message)


def _marked(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _marked(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_marked(entry) for entry in value]
    return Markup(value)


def _leaves(name: str, item: Item) -> Iterator[tuple[str, Item]]:
    if item.is_mapping():
        for key, value in item.mapping(optional=None).items():
            yield from _leaves(f"{name}.{key}", value)
    elif item.is_sequence():
        for number, value in enumerate(item.sequence(), 1):
            yield from _leaves(f"{name}.{number}", value)
    else:
        yield name, item


def _against_table(
    wording: Wording, table: DecisionTable, register: Register, terms: Mapping[str, Term]
) -> Iterator[Fault]:
    expected = {
        "questions": [question.id for question in table.inputs],
        "outcomes": list(table.outcomes),
        "rules": [rule.id for rule in table.rules],
        "notices": list(table.notices),
        "sources": list(register.sources),
        "glossary": list(terms),
    }
    for question in table.inputs:
        expected[f"questions.{question.id}.answers"] = list(question.answers)
        expected[f"table.answers.{question.id}"] = list(question.answers)
    for section, ids in expected.items():
        yield from _same_ids(wording, section, ids)


def _same_ids(wording: Wording, section: str, ids: list[str]) -> Iterator[Fault]:
    found: Any = wording.data
    for part in section.split("."):
        found = found.get(part, {}) if isinstance(found, dict) else {}
    for name in ids:
        if name not in found:
            yield wording.fault(section, f"missing wording: '{section}.{name}'; add it")
    for name in found:
        if name not in ids:
            yield wording.fault(section, f"wording left over: '{section}.{name}'; remove it")


def _against_source(wording: Wording, source: Wording) -> Iterator[Fault]:
    ours, theirs = wording.required_keys, source.required_keys
    for key in sorted(theirs - ours):
        yield Fault(wording.file, 0, f"missing wording: '{key}' ({source.texts[key]!r}); add it")
    for key in sorted(ours - theirs):
        yield wording.fault(key, f"wording left over: '{key}' is not in {source.file}; remove it")
    for key in sorted(ours & theirs):
        yield from _same_placeholders(wording, source, key)


def _same_placeholders(wording: Wording, source: Wording, key: str) -> Iterator[Fault]:
    found = sorted(_PLACEHOLDER.findall(wording.texts[key]))
    expected = sorted(_PLACEHOLDER.findall(source.texts[key]))
    if found != expected:
        message = f"'{key}': found placeholders {found}, expected {expected}"
        yield wording.fault(key, message)
