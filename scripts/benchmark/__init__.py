"""Measurements of this project, beside the same content made with stock Material.

Each measurement is a module of this package with a function `run(place) -> list[Table]`; its name
in `MEASUREMENTS` makes it a choice of `python3 -m scripts benchmark`.
"""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from importlib import import_module, metadata

MEASUREMENTS = ("build", "kit", "serve", "weight", "load")
PACKAGES = ("mkdocs", "mkdocs-material", "mkdocs-static-i18n")
"""What the stock site is made with; their versions stand in the report."""
_REGION = re.compile(r"(<!-- benchmark -->\n).*?(<!-- /benchmark -->)", re.DOTALL)
_SECTION = re.compile(r"^### (\w+)\n.*?(?=^### |\Z)", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Table:
    """What was measured: column names, rows, and what has to be known to read them."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    def __str__(self) -> str:
        lines = [self.head, ("---",) * len(self.head), *self.rows]
        text = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        return f"{text}\n\n{self.note}\n" if self.note else f"{text}\n"


def measured(name: str, place: object) -> str:
    """Run one measurement and return its section: a heading, its tables, date and machine.

    Args:
        name: one of `MEASUREMENTS`.
        place: the `projects.Place` in which the projects to measure are made.
    """
    tables: list[Table] = import_module(f"scripts.benchmark.{name}").run(place)
    return f"### {name}\n\n" + "\n".join(map(str, tables)) + f"\n{circumstances()}\n"


def circumstances() -> str:
    """Return the date, the machine and the versions in one line."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES)
    cores, load = len(os.sched_getaffinity(0)), os.getloadavg()[0]
    return (
        f"Measured on {date.today():%d.%m.%Y}: {platform.system()} {platform.machine()}, "
        f"{cores} cores (load {load:.1f}), Python {platform.python_version()}, {versions}."
    )


def put_into(text: str, sections: Iterable[str]) -> str:
    """Return README with these sections in place of those of the same name, others kept.

    Raises:
        ValueError: there is no `<!-- benchmark -->` … `<!-- /benchmark -->`.
    """
    region = _REGION.search(text)
    if not region:
        raise ValueError("README.md: no <!-- benchmark --> … <!-- /benchmark -->; add the two")
    found = {match[1]: match[0] for match in _SECTION.finditer(region[0], 0, len(region[0]) - 19)}
    found |= {match[1]: match[0] for one in sections if (match := _SECTION.match(one))}
    body = "\n".join(f"{found[name].strip()}\n" for name in sorted(found))
    return _REGION.sub(lambda match: f"{match[1]}{body}{match[2]}", text)
