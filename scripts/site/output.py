"""Where a build is written: beside the site, which is changed only when all has gone well."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from scripts.files import write_whole

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


def equalize(folder: Path, files: Mapping[str, bytes]) -> None:
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
