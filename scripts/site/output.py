"""Where a build is written: beside the site, which is changed only when all has gone well."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Output:
    """The folders of a build.

    `target` is the site that readers get. A built site is swapped as a whole; a served one
    (`served`) stays where it is and gets only the files that differ, and its pages are kept as
    they were rendered, so that the next build can add to them.
    """

    target: Path
    served: bool

    @property
    def folder(self) -> Path:
        """The folder beside the site in which everything is made."""
        return self.target.with_name(f"{self.target.name}.new")

    def part(self, number: int) -> Path:
        """Return the folder of one share of the work: 0 is MkDocs' own, then the workers'."""
        return self.folder / f"part-{number}"

    def remove(self) -> None:
        """Remove what was made beside the site."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def publish(self, parts: int, whole: bool, finish: Callable[[Path], None]) -> None:
        """Put the parts together, finish them and show them to readers.

        Args:
            parts: how many there are.
            whole: they are the whole site; otherwise they replace pages of the one before.
            finish: writes what hangs on all pages into a folder, and may change any file there.
        """
        rendered = self.folder / "rendered"
        if whole:
            shutil.rmtree(rendered, ignore_errors=True)
        for number in range(parts):
            _move(self.part(number), rendered)
        if self.served:
            finished = self.folder / "finished"
            shutil.rmtree(finished, ignore_errors=True)
            shutil.copytree(rendered, finished)
            finish(finished)
            _equalize(finished, self.target)
        else:
            finish(rendered)
            _swap(rendered, self.target)
            self.remove()


def _move(part: Path, target: Path) -> None:
    """Move every file of a folder to the same place in another."""
    for entry in sorted(part.iterdir()) if part.exists() else ():
        there = target / entry.name
        if entry.is_dir() and there.exists():
            _move(entry, there)
        else:
            target.mkdir(parents=True, exist_ok=True)
            entry.replace(there)


def _equalize(finished: Path, target: Path) -> None:
    """Make a folder equal to another; a file that is equal already is not written."""
    names = {file.relative_to(finished) for file in finished.rglob("*") if file.is_file()}
    for name in sorted(names):
        old, new = target / name, finished / name
        if not old.is_file() or old.read_bytes() != new.read_bytes():
            old.parent.mkdir(parents=True, exist_ok=True)
            new.replace(old)
    for file in sorted(target.rglob("*"), reverse=True):
        if file.is_file() and file.relative_to(target) not in names:
            file.unlink()
        elif file.is_dir() and not any(file.iterdir()):
            file.rmdir()


def _swap(built: Path, target: Path) -> None:
    old = target.with_name(f"{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    built.rename(target)
    shutil.rmtree(old, ignore_errors=True)
