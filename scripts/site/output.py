"""Where a build is written: beside the site, which is changed only when all has gone well."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.memo import stamp_of

PAGES = (".html", ".xml")
"""The files that are finished; what else a build makes is published as it is."""


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

    def publish(
        self, parts: int, whole: bool, finish: Callable[[Mapping[str, str]], Mapping[str, str]]
    ) -> None:
        """Put the parts together, finish them and show them to readers.

        Args:
            parts: how many there are.
            whole: they are the whole site; otherwise they replace pages of the one before.
            finish: takes every page by its path in the site; returns every text file to publish.
        """
        rendered = self.folder / "rendered"
        if whole:
            shutil.rmtree(rendered, ignore_errors=True)
        for number in range(parts):
            _move(self.part(number), rendered)
        (rendered / "sitemap.xml.gz").unlink(missing_ok=True)  # carries the time of the build
        names = [file.relative_to(rendered) for file in _files(rendered)]
        pages = [name.as_posix() for name in names if name.suffix in PAGES]
        texts = finish({name: (rendered / name).read_text(encoding="utf-8") for name in pages})
        if self.served:
            media = [name for name in names if name.suffix not in PAGES]
            _equalize(texts, rendered, media, self.target)
        else:
            _write(texts, rendered)
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


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())


def _write(texts: Mapping[str, str], folder: Path) -> None:
    """Write the texts whose files hold something else."""
    for name, text in texts.items():
        file = folder / name
        if not file.is_file() or file.read_bytes() != text.encode():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")


def _equalize(
    texts: Mapping[str, str], rendered: Path, media: Iterable[Path], target: Path
) -> None:
    """Make a served folder hold these texts and media, and nothing else."""
    _write(texts, target)
    names = {Path(name) for name in texts} | set(media)
    for name in media:
        if stamp_of(target / name) != stamp_of(rendered / name):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(rendered / name, target / name)
    for file in _files(target):
        if file.relative_to(target) not in names:
            file.unlink()
    for folder in sorted(target.rglob("*"), reverse=True):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _swap(built: Path, target: Path) -> None:
    old = target.with_name(f"{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    built.rename(target)
    shutil.rmtree(old, ignore_errors=True)
