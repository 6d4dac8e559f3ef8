"""The fonts of printed matter: a family for each script, and who brings it where it is missing."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from scripts.bootstrap import FONTS_PACKAGE
from scripts.content.languages import Language
from scripts.faults import Fault, FaultsError

FAMILIES: Mapping[str, str] = {
    "Latn": "Noto Sans",
    "Cyrl": "Noto Sans",
    "Arab": "Noto Sans Arabic",
    "Taml": "Noto Sans Tamil",
    "Ethi": "Noto Sans Ethiopic",
}
"""The font family of each script (ISO 15924); one Debian package brings all of them."""


def require_fonts(languages: Iterable[Language]) -> None:
    """Stop unless there is a font for every language.

    Raises:
        FaultsError: with a line for each script that has none.
    """
    found = installed()
    missing: dict[str, list[str]] = {}
    for language in languages:
        if FAMILIES.get(language.script) not in found:
            missing.setdefault(language.script, []).append(language.code)
    faults = [_missing(script, codes) for script, codes in missing.items()]
    if faults:
        raise FaultsError(faults)


def has_fonts() -> bool:
    """Tell whether there is a font for every script."""
    installed.cache_clear()
    return installed() >= frozenset(FAMILIES.values())


@cache
def installed() -> frozenset[str]:
    """Return the names of the font families on this machine, none without fontconfig."""
    if not shutil.which("fc-list"):
        return frozenset()
    asked = subprocess.run(["fc-list", ":", "family"], check=False, capture_output=True, text=True)
    return frozenset(name.strip() for line in asked.stdout.splitlines() for name in line.split(","))


@cache
def fonts_digest() -> str:
    """Return what changes with the font files of all scripts, "" without fontconfig."""
    if not shutil.which("fc-list"):
        return ""
    names = [name for family in sorted(set(FAMILIES.values())) for name in _font_files(family)]
    return hashlib.sha256(b"".join(Path(name).read_bytes() for name in names)).hexdigest()


def _font_files(family: str) -> list[str]:
    """Return the files of a family's upright fonts, in an order that is the same everywhere."""
    asked = ["fc-list", f":family={family}:slant=0", "file"]
    found = subprocess.run(asked, check=False, capture_output=True, text=True).stdout
    return sorted((line.rpartition(":")[0] for line in found.splitlines()), key=os.path.basename)


def _missing(script: str, codes: list[str]) -> Fault:
    family = FAMILIES.get(script)
    if family is None:
        message = f"script {script} ({', '.join(codes)}) has no font family; add one here"
        return Fault("scripts/share/fonts.py", 0, message)
    message = f"no font for script {script} ({', '.join(codes)}): '{family}' is missing; install it"
    return Fault("fonts", 0, f"{message} (Debian, Ubuntu: apt-get install {FONTS_PACKAGE})")
