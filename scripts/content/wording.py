"""The wording of a language: everything the site says outside its pages, one file a language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from markupsafe import Markup

from scripts.content.languages import Language
from scripts.content.review import content_hash
from scripts.content.sources import Register
from scripts.content.terms import Term
from scripts.content.text_checks import wording_faults
from scripts.content.typography import typeset
from scripts.faults import Fault, raise_if_any, relative_name
from scripts.strict_yaml import Item, plain, read_yaml
from scripts.table.model import DecisionTable

PLACEHOLDERS: Mapping[str, tuple[str, ...]] = {
    "ui.version_of": ("date",),
    "places.joins": ("commune", "date"),
    "ui.checked_on": ("date",),
    "review.native": ("date",),
    "review.legal": ("date",),
    "check.progress": ("max", "n"),
    "proof.summary": ("examples", "matched", "rules", "situations"),
    "proof.size": ("size",),
    "proof.version": ("date",),
    "status_table.drifts": ("drifts", "readings"),
    "search.count": ("n",),
    "listen.recording": ("size",),
    "phone.keep": ("size",),
    "phone.done": ("done", "size"),
    "phone.renew": ("size",),
}
"""What templates and scripts fill in, by key: a text that names anything else cannot be shown."""
_ATTRIBUTE_QUOTE = re.compile(r'<[^>]*>|(")')
FRAME = frozenset({"ui", "review", "statuses", "search", "listen", "share", "phone", "publisher"})
"""The sections that every page may show: no language is without one of them."""
_CHECK = frozenset(
    {"bring", "check", "notices", "outcomes", "places", "questions", "rules", "say", "table"}
)
"""What the self-check shows, and the pages that it brings: the three are in one language."""
SHOWN_BY: Mapping[str, frozenset[str]] = {
    "all_pictures": frozenset({"check", "drawn", "glossary", "pictures", "say", "table"}),
    "all_topics": frozenset({"check"}),
    "commune_list": frozenset({"places"}),
    "data_links": frozenset({"proof"}),
    "find_commune": frozenset({"places"}),
    "glossary": frozenset({"glossary", "words"}),
    "letter": frozenset({"letter_in", "letters"}),
    "name_way": frozenset({"drawn"}),
    "office": frozenset({"places"}),
    "permit_states": frozenset({"outcomes", "table"}),
    "proof_summary": frozenset({"proof"}),
    "region_map": frozenset({"places"}),
    "request_way": frozenset({"drawn"}),
    "rule_table": frozenset({"outcomes", "rules", "table"}),
    "safety_net": frozenset({"drawn", "glossary", "table"}),
    "sample_decision": frozenset({"drawn"}),
    "say": frozenset({"say"}),
    "self_check": _CHECK,
    "self_check_notices": _CHECK,
    "self_check_results": _CHECK,
    "self_check_steps": frozenset({"check", "notices", "outcomes", "questions", "rules"}),
    "source_register": frozenset({"sources"}),
    "translation_status": frozenset({"status_table"}),
    "truth_table": frozenset({"outcomes", "proof", "table"}),
}
"""The other sections that each macro or drawing shows: without them its pages stay in French."""
_FREE_LISTS = re.compile(r"^glossary\.[^.]+\.forms\.")
"""Lists whose length depends on the language: the forms of a word."""


@dataclass(frozen=True)
class Wording:
    """A language's wording as its readers get it, and as it is `written` in its file.

    `data` is nested as in the file; `texts` and `written` are flat, by dotted key. The sections
    `in_french` are not translated yet: `data` and `texts` hold the French ones.
    """

    language: Language
    data: Mapping[str, Any]
    texts: Mapping[str, str]
    written: Mapping[str, str]
    lines: Mapping[str, int]
    file: str
    in_french: frozenset[str] = frozenset()

    @cached_property
    def required_keys(self) -> frozenset[str]:
        """The keys that every language has: all but the forms of words."""
        return frozenset(key for key in self.texts if not _FREE_LISTS.match(key))

    @cached_property
    def hashes(self) -> Mapping[str, str]:
        """The content hash of each top-level section, the forms of words aside."""
        return _hashes({key: self.texts[key] for key in self.texts if key in self.required_keys})

    @cached_property
    def own_hashes(self) -> Mapping[str, str]:
        """The content hash of each top-level section as it stands in its file."""
        return _hashes(self.written)

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
    written: dict[str, str] = {}
    lines: dict[str, int] = {}
    for name, entry in entries.items():
        for key, leaf in _leaves(name, entry):
            written[key], lines[key] = leaf.text(), leaf.line
    data = {name: _typeset(plain(entry), language) for name, entry in entries.items()}
    raise_if_any(faults)
    texts = {key: typeset(text, language) for key, text in written.items()}
    return Wording(language, data, texts, written, lines, relative_name(path))


def completed(wording: Wording, source: Wording) -> Wording:
    """Return the wording of a growing language with the sections that it lacks in French.

    Args:
        wording: the wording as it stands in its file.
        source: the French wording.
    """
    lacking = {_section(key) for key in source.required_keys - wording.required_keys} - FRAME
    texts = {
        **{key: text for key, text in wording.texts.items() if _section(key) not in lacking},
        **{key: text for key, text in source.texts.items() if _section(key) in lacking},
    }
    data = {**wording.data, **{name: source.data[name] for name in lacking}}
    return replace(wording, data=data, texts=texts, in_french=frozenset(lacking))


def _hashes(texts: Mapping[str, str]) -> dict[str, str]:
    sections: dict[str, list[str]] = {}
    for key, text in texts.items():
        sections.setdefault(_section(key), []).append(f"{key}={text}")
    return {section: content_hash("\n".join(found)) for section, found in sections.items()}


def _section(key: str) -> str:
    return key.partition(".")[0]


def check_wording(
    wording: Wording,
    source: Wording,
    table: DecisionTable,
    register: Register,
    terms: Mapping[str, Term],
) -> Iterator[Fault]:
    """Yield every key missing or left over, every wrong placeholder, tag and character."""
    if wording is source:
        yield from _against_table(wording, table, register, terms)
    else:
        yield from _against_source(wording, source)
    for key, text in wording.written.items():
        if not text.strip():
            yield wording.fault(key, f"'{key}' is empty; write its text")
        for message in wording_faults(text, PLACEHOLDERS.get(key, ())):
            yield wording.fault(key, f"'{key}': {message}")


def _typeset(value: Any, language: Language) -> Any:
    if isinstance(value, dict):
        return {key: _typeset(entry, language) for key, entry in value.items()}
    if isinstance(value, list):
        return [_typeset(entry, language) for entry in value]
    return typeset(value, language)


def _marked(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _marked(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_marked(entry) for entry in value]
    return Markup(_ATTRIBUTE_QUOTE.sub(lambda found: "&#34;" if found[1] else found[0], value))


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
    ours = {key for key in wording.written if not _FREE_LISTS.match(key)}
    theirs = source.required_keys
    for key in sorted(theirs - ours):
        if _section(key) in wording.in_french:
            continue
        yield Fault(wording.file, 0, f"missing wording: '{key}' ({source.texts[key]!r}); add it")
    for key in sorted(ours - theirs):
        yield wording.fault(key, f"wording left over: '{key}' is not in {source.file}; remove it")
