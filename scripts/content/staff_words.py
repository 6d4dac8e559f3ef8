"""The words of the pages for staff: French and German, with the same keys."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from scripts.content.languages import SOURCE_LANGUAGE
from scripts.content.text_checks import wording_faults
from scripts.content.typography import unbroken
from scripts.faults import Fault, raise_if_any
from scripts.strict_yaml import Item, read_yaml

LANGUAGES = ("fr", "de")
GROUPS: Mapping[str, tuple[str, ...]] = {
    "share": (
        *("topic", "languages", "all", "none", "show", "link", "copy", "copied", "not_copied"),
        *("code", "message", "mail", "poster", "handout", "card", "several", "each", "shown"),
        *("failed", "trial", "no_kit"),
    ),
    "evening": (*("start", "end", "next", "previous", "second", "alone", "step", "note"),),
    "usb": ("site", "evening", "posters", "paper"),
    "paper": ("machine", "each", "sheet"),
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

PLACEHOLDERS: Mapping[str, tuple[str, ...]] = {
    "share.shown": ("n",),
    "evening.step": ("max", "n"),
    "dossier.made": ("date", "n", "right"),
    "dossier.said": ("date", "office", "verdict"),
    "dossier.lost": ("date", "office", "verdict"),
}
"""What is filled in, by group and key."""

StaffWords = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Texts by language, group and key."""


def load_staff_words(path: Path) -> StaffWords:
    """Return the words in a YAML file; raise `FaultsError` with every wrong key or text."""
    faults: list[Fault] = []
    words: dict[str, dict[str, dict[str, str]]] = {}
    for code, language in read_yaml(path, faults).mapping(LANGUAGES).items():
        groups = language.mapping(GROUPS)
        words[code] = {name: _group(name, group, code) for name, group in groups.items()}
    raise_if_any(faults)
    return words


def _group(name: str, group: Item, code: str) -> dict[str, str]:
    """Return the words of a group, noting what is empty or holds what it must not."""
    said = unbroken if code == SOURCE_LANGUAGE else str
    items = group.mapping(GROUPS[name])
    for key, item in items.items():
        text = item.text()
        if not text.strip():
            item.fault(f"{item.name} is empty; write its text")
        for message in wording_faults(text, PLACEHOLDERS.get(f"{name}.{key}", ())):
            item.fault(f"{item.name}: {message}")
    return {key: said(item.text()) for key, item in items.items()}
