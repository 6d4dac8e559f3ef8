"""The languages of the site, declared once: the i18n plugin's list in mkdocs.yml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mkdocs.utils.yaml import yaml_load

from scripts.faults import Fault, FaultsError, relative_name

SOURCE_LANGUAGE = "fr"
CHOOSER = "zz"
"""The unused code whose folder holds only the language chooser, served at `/`."""
_DIRECTIONS = ("ltr", "rtl")


@dataclass(frozen=True)
class Language:
    """A language: folder code, BCP 47 tag, own name, direction (ltr, rtl), ISO 15924 script."""

    code: str
    tag: str
    name: str
    direction: str
    script: str

    @property
    def is_source(self) -> bool:
        """Tell whether the site's text is written in this language first."""
        return self.code == SOURCE_LANGUAGE


def load_languages(config_file: Path) -> tuple[Language, ...]:
    """Return the declared languages in their order; raise `FaultsError` on a wrong entry."""
    with config_file.open(encoding="utf-8") as stream:
        config = yaml_load(stream)
    faults: list[Fault] = []
    file = relative_name(config_file)
    found = tuple(_language(entry, file, faults) for entry in _entries(config))
    if not any(language.is_source for language in found):
        faults.append(Fault(file, 0, f"language '{SOURCE_LANGUAGE}' (the source text) is missing"))
    if faults:
        raise FaultsError(faults)
    return found


def _entries(config: dict[str, Any]) -> list[dict[str, Any]]:
    for plugin in config.get("plugins", []):
        if isinstance(plugin, dict) and "i18n" in plugin:
            return [e for e in plugin["i18n"]["languages"] if e["locale"] != CHOOSER]
    return []


def _language(entry: dict[str, Any], file: str, faults: list[Fault]) -> Language:
    extra = entry.get("extra") or {}
    code = str(entry["locale"])
    for key in ("tag", "direction", "script"):
        if not extra.get(key):
            faults.append(Fault(file, 0, f"language '{code}': extra.{key} is missing; add it"))
    direction = str(extra.get("direction", "ltr"))
    if direction not in _DIRECTIONS:
        allowed = ", ".join(_DIRECTIONS)
        message = f"language '{code}': found direction '{direction}'; allowed: {allowed}"
        faults.append(Fault(file, 0, message))
    return Language(
        code,
        str(extra.get("tag", code)),
        str(entry.get("name", code)),
        direction,
        str(extra.get("script", "")),
    )
