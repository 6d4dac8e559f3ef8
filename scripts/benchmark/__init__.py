"""Measurements of this project, beside the same content made with stock Material.

Each measurement is a module of this package with a function `run(workspace) -> list[Table]`; its
name in `MEASUREMENTS` makes it a choice of `python3 -m scripts benchmark`. It starts servers and
copies the project as the tests do. Only its command imports it.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib import import_module, metadata
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts.bootstrap import SetupError

MEASUREMENTS = ("build", "kit", "serve", "weight", "load")
PACKAGES = ("mkdocs", "mkdocs-material", "mkdocs-static-i18n")
"""What the stock site is made with; their versions stand in the report."""


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


def print_measurements(names: Sequence[str], counts: Sequence[int]) -> None:
    """Measure, and print a section for each measurement: its tables, the date and the machine.

    Args:
        names: some of `MEASUREMENTS`; none for all.
        counts: how many languages the compared sites have.

    Raises:
        SetupError: there is no such measurement, or something that it needs is missing.
    """
    from scripts.benchmark.projects import Workspace

    if unknown := sorted({*names} - {*MEASUREMENTS}):
        raise SetupError(f"benchmark: found '{unknown[0]}'; allowed: {', '.join(MEASUREMENTS)}")
    with TemporaryDirectory(prefix="benchmark-") as folder:
        workspace = Workspace(Path(folder), tuple(sorted(counts)))
        for name in names or MEASUREMENTS:
            tables: list[Table] = import_module(f"scripts.benchmark.{name}").run(workspace)
            print(f"## {name}", *tables, circumstances(), sep="\n\n", flush=True)


def circumstances() -> str:
    """Return the date, the machine and the versions in one line."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES)
    cores, load = len(os.sched_getaffinity(0)), os.getloadavg()[0]
    return (
        f"Measured on {date.today():%d.%m.%Y}: {platform.system()} {platform.machine()}, "
        f"{cores} cores (load {load:.1f}), Python {platform.python_version()}, {versions}."
    )
