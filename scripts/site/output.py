"""Where a build is written: beside the site, which is changed only when all has gone well."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from scripts.files import read_folder, write_whole

DRAFT = ".new"
"""What ends the name of the folder beside the site in which it is made."""


def swap(draft: Path, files: Mapping[str, bytes], target: Path) -> None:
    """Have a folder that no reader sees yet hold `files`, and put it in the site's place."""
    equalize(draft, files)
    old = target.with_name(f"{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    draft.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def equalize(
    folder: Path, files: Mapping[str, bytes], held: Mapping[str, bytes] | None = None
) -> None:
    """Have a folder hold these files; one that is equal already is not written.

    Args:
        folder: the folder.
        files: its files from now on, by path.
        held: those that it holds, where the caller knows; else they are read.
    """
    held = read_folder(folder) if held is None else held
    for name, content in files.items():
        if held.get(name) != content:
            write_whole(folder / name, content)
    gone = held.keys() - files.keys()
    for name in gone:
        (folder / name).unlink()
    for path in sorted(folder.rglob("*"), reverse=True) if gone else ():
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
