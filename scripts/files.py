"""Files read and written as a whole."""

from __future__ import annotations

from pathlib import Path

DRAFT = ".new"
"""What ends the name of a file that is being written."""


def read_folder(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder by its path there, in order."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def write_whole(file: Path, content: bytes) -> None:
    """Write a file in one step: it is there whole, or as it was.

    Raises:
        OSError: it cannot be written; no half of it is left.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}{DRAFT}")
    try:
        draft.write_bytes(content)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
