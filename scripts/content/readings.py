"""The record of the readings: how often a translation was read back, and what drifted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from scripts.faults import Fault, raise_if_any
from scripts.strict_yaml import Item, read_yaml


@dataclass(frozen=True)
class Reading:
    """One reading of a language: text blocks read, and drifts found and mended."""

    language: str
    blocks: int
    drifts: int


def load_readings(path: Path, codes: Collection[str]) -> tuple[Reading, ...]:
    """Return the readings in a YAML file; raise `FaultsError` with every fault of its form."""
    faults: list[Fault] = []
    readings = []
    for _, entries in read_yaml(path, faults).records(("language", "blocks", "drifts")):
        language = entries["language"].text(codes)
        readings.append(Reading(language, *(_count(entries[k]) for k in ("blocks", "drifts"))))
    raise_if_any(faults)
    return tuple(readings)


def _count(item: Item) -> int:
    text = item.text()
    if text.isdigit():
        return int(text)
    item.fault(f"{item.name}: found '{text}', expected a whole number")
    return 0
