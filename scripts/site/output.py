"""Where a build is written: beside the site, which is changed only when all has gone well."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

Finish = Callable[[Mapping[str, bytes]], Mapping[str, bytes]]


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

    def publish(self, parts: int, whole: bool, finish: Finish) -> None:
        """Put the parts together, finish them and show them to readers.

        Args:
            parts: how many there are.
            whole: they are the whole site; otherwise they replace pages of the one before.
            finish: returns all files of the site, from those that were rendered.
        """
        rendered = self.folder / "rendered"
        if whole:
            shutil.rmtree(rendered, ignore_errors=True)
        for number in range(parts):
            _move(self.part(number), rendered)
        files = finish(_read(rendered))
        if self.served:
            _equalize(self.target, files)
            return
        _equalize(rendered, files)
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


def _read(folder: Path) -> dict[str, bytes]:
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def _equalize(folder: Path, files: Mapping[str, bytes]) -> None:
    """Have a folder hold these files; one that is equal already is not written."""
    for name, content in files.items():
        file = folder / name
        if not file.is_file() or file.read_bytes() != content:
            file.parent.mkdir(parents=True, exist_ok=True)
            draft = file.with_name(f"{file.name}.new")
            draft.write_bytes(content)
            draft.replace(file)
    for file in sorted(folder.rglob("*"), reverse=True):
        if file.is_file() and file.relative_to(folder).as_posix() not in files:
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
