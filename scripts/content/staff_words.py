"""The words of the pages for staff: French and German, with the same keys."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from scripts.content.languages import SOURCE_LANGUAGE
from scripts.content.typography import unbroken
from scripts.faults import Fault, raise_if_any, relative_name
from scripts.strict_yaml import read_yaml

LANGUAGES = ("fr", "de")
GROUPS: Mapping[str, tuple[str, ...]] = {
    "share": (
        *("topic", "languages", "all", "none", "show", "link", "copy", "copied", "not_copied"),
        *("code", "message", "mail", "poster", "handout", "several", "each", "shown", "failed"),
    ),
    "evening": (*("start", "end", "next", "previous", "second", "alone", "step"),),
    "dossier": (
        *("title", "lead", "made", "office", "date", "signature"),
        *("number", "id", "statement", "source", "site", "state", "verdict", "remark", "digest"),
        *("right", "wrong", "change", "said", "lost"),
        *("rules_title", "rules_text", "results_title", "results_text"),
        *("register_title", "register_text", "slides_title", "slides_text"),
        *("unknown_title", "unknown_text"),
        *("when", "says", "notices", "examples", "steps"),
        *("rules", "instead", "pages", "U", "unmarked"),
    ),
}
"""The keys of each group."""

StaffWords = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Texts by language, group and key."""


def load_staff_words(path: Path) -> StaffWords:
    """Return the words in a YAML file; raise `FaultsError` with every missing or unknown key."""
    faults: list[Fault] = []
    words: dict[str, dict[str, dict[str, str]]] = {}
    for code, language in read_yaml(path, faults).mapping(LANGUAGES).items():
        groups = language.mapping(GROUPS)
        said = unbroken if code == SOURCE_LANGUAGE else str
        words[code] = {
            name: {key: said(text.text()) for key, text in group.mapping(GROUPS[name]).items()}
            for name, group in groups.items()
        }
        for name, group in words[code].items():
            faults += [
                Fault(relative_name(path), language.line, f"{code}.{name}.{key} is empty")
                for key, text in group.items()
                if not text.strip()
            ]
    raise_if_any(faults)
    return words
