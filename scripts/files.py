"""Files read and written as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

DRAFT = ".new"
"""What ends the name of a file that is being written."""
_KEPT = ".old"
"""What ends the name of a file's copy while several are put in place."""


def read_folder(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder by its path there, in order."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def write_whole(file: Path, content: bytes) -> None:
    """Write a file in one step: it is there whole, or as it was.

    Raises:
        OSError: it cannot be written, and which it is; no half of it is left.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = _beside(file, DRAFT)
        try:
            draft.write_bytes(content)
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:  # a full disk does not say for which file it was full
        raise OSError(error.errno, error.strerror, str(file)) from None


def write_all(files: Mapping[Path, bytes]) -> None:
    """Write files together: all of them are there whole, or every one is as it was.

    Raises:
        OSError: one cannot be written, and which it is.
    """
    drafts = {file: _beside(file, DRAFT) for file in files}
    kept = {file: _beside(file, _KEPT) for file in files if file.is_file()}
    try:
        for file, content in files.items():
            write_whole(drafts[file], content)
        for file, copy in kept.items():
            write_whole(copy, file.read_bytes())
        _put_in_place(drafts, kept)
    finally:
        for left in (*drafts.values(), *kept.values()):
            with suppress(OSError):
                left.unlink(missing_ok=True)


def _put_in_place(drafts: Mapping[Path, Path], kept: Mapping[Path, Path]) -> None:
    """Give each draft its name; where one cannot have it, put back what was there before."""
    done: list[Path] = []
    try:
        for file, draft in drafts.items():
            draft.replace(file)
            done.append(file)
    except OSError as error:
        for file in done:
            if file in kept:
                kept[file].replace(file)
            else:
                file.unlink()
        raise OSError(error.errno, error.strerror, str(file)) from None


def _beside(file: Path, end: str) -> Path:
    return file.with_name(f"{file.name}{end}")
