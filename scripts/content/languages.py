"""The languages of the site, declared once: the i18n plugin's list in mkdocs.yml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scripts.faults import Fault, raise_if_any, relative_name
from scripts.strict_yaml import Item, read_yaml

SOURCE_LANGUAGE = "fr"
CHOOSER = "zz"
"""The unused code whose folder holds only the language chooser, served at `/`."""
_DIRECTIONS = ("ltr", "rtl")
_FACTS = ("tag", "direction", "script", "stage")
COMPLETE, GROWING = STAGES = ("complete", "growing")
"""All is translated, or else it is a fault; what is not yet is shown in French, and says so."""


@dataclass(frozen=True)
class Language:
    """A language: folder code, BCP 47 tag, own name, direction (ltr, rtl), ISO 15924 script.

    `stage` is one of `STAGES`.
    """

    code: str
    tag: str
    name: str
    direction: str
    script: str
    stage: str = COMPLETE

    @property
    def is_source(self) -> bool:
        """Tell whether the site's text is written in this language first."""
        return self.code == SOURCE_LANGUAGE

    @property
    def is_growing(self) -> bool:
        """Tell whether pages, sections and wordings may still be missing."""
        return self.stage == GROWING


def load_languages(config_file: Path) -> tuple[Language, ...]:
    """Return the declared languages in their order; raise `FaultsError` on a wrong entry."""
    faults: list[Fault] = []
    entries = _entries(config_file, faults)
    raise_if_any(faults)
    found = tuple(_language(entry) for entry in entries)
    languages = tuple(language for language in found if language.code != CHOOSER)
    if not any(language.is_source for language in languages):
        message = f"language '{SOURCE_LANGUAGE}' (the source text) is missing"
        faults.append(Fault(relative_name(config_file), 0, message))
    if any(language.is_source and language.is_growing for language in languages):
        message = f"language '{SOURCE_LANGUAGE}': the source text is {COMPLETE}; write it so"
        faults.append(Fault(relative_name(config_file), 0, message))
    raise_if_any(faults)
    return languages


def _entries(config_file: Path, faults: list[Fault]) -> list[Item]:
    """Return the i18n plugin's list of languages, which other tools write too: keys are free."""
    top = read_yaml(config_file, faults).mapping(("plugins",), None)
    for plugin in top["plugins"].sequence() if "plugins" in top else []:
        if plugin.is_mapping() and "i18n" in (entries := plugin.mapping((), None)):
            options = entries["i18n"].mapping(("languages",), None)
            return options["languages"].sequence() if "languages" in options else []
    return []


def _language(entry: Item) -> Language:
    keys = entry.mapping(("locale", "name"), None)
    code = keys["locale"].text() if "locale" in keys else ""
    if code == CHOOSER:
        return Language(code, "", "", "ltr", "")
    extra = _named(entry, code).mapping(("extra",), None)
    facts = _named(extra["extra"], code).mapping(_FACTS) if "extra" in extra else {}
    if len(facts) < len(_FACTS):
        return Language(code, code, code, "ltr", "")
    return Language(
        code,
        facts["tag"].text(),
        keys["name"].text() if "name" in keys else code,
        _named(facts["direction"], code).text(_DIRECTIONS),
        facts["script"].text(),
        _named(facts["stage"], code).text(STAGES),
    )


def _named(item: Item, code: str) -> Item:
    return Item(item.node, item.file, item.faults, f"language '{code}'")
