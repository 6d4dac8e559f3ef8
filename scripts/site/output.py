"""Where a build is written: beside the site, which is changed only when all has gone well."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.files import read_folder, write_whole

Finish = Callable[[Mapping[str, bytes]], Mapping[str, bytes]]


@dataclass(frozen=True)
class Output:
    """The folders of a build.

    `target` is the site that readers get. A built site is swapped as a whole; a served one
    (`served`) stays where it is and gets only the files that differ.
    """

    target: Path
    served: bool

    @property
    def folder(self) -> Path:
        """The folder beside the site in which everything is made."""
        return self.target.with_name(f"{self.target.name}.new")

    @property
    def written(self) -> Path:
        """The folder into which MkDocs writes what it writes itself: all but languages' pages."""
        return self.folder / "site"

    def remove(self) -> None:
        """Remove what was made beside the site."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def publish(self, pages: Mapping[str, bytes], finish: Finish) -> None:
        """Finish what was written and the languages' pages, and show it all to readers.

        Args:
            pages: the languages' pages as rendered, by their path in the site.
            finish: returns all files of the site, from those that were rendered.
        """
        written = read_folder(self.written)
        files = finish({**written, **pages})
        if self.served:
            _equalize(self.target, files)
            return
        _fill(self.written, written, files)
        _swap(self.written, self.target)
        self.remove()


def _fill(folder: Path, written: Mapping[str, bytes], files: Mapping[str, bytes]) -> None:
    """Have a folder that no reader sees yet, and that holds `written`, hold `files`."""
    for name in written.keys() - files.keys():
        (folder / name).unlink()
    changed = {name: text for name, text in files.items() if written.get(name) != text}
    for place in {os.path.dirname(name) for name in changed}:
        os.makedirs(folder / place, exist_ok=True)
    for name, content in changed.items():
        with open(f"{folder}/{name}", "wb", buffering=0) as file:
            file.write(content)


def _equalize(folder: Path, files: Mapping[str, bytes]) -> None:
    """Have a folder hold these files; one that is equal already is not written."""
    for name, content in files.items():
        file = folder / name
        if not file.is_file() or file.read_bytes() != content:
            write_whole(file, content)
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
