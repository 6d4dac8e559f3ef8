"""Recordings of pages, placed at docs/<language>/audio/<page path>.mp3 (or .m4a, .ogg)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.faults import Fault, raise_if_any, relative_name

FOLDER = "audio"
TYPES = {".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".ogg": "audio/ogg"}
"""The file endings that phones play, and the type that each is served as."""
_HEAD = 12
_MP3_SYNC = 0xE0


@dataclass(frozen=True)
class Recording:
    """A recording of one page: its file below docs/, its size in bytes and its type."""

    file: str
    size: int
    type: str

    @property
    def kilobytes(self) -> int:
        """The size as readers are told it: in thousands of bytes, rounded up."""
        return -(-self.size // 1000)


def load_recordings(
    docs: Path, paths: Mapping[str, Collection[str]]
) -> dict[str, dict[str, Recording]]:
    """Return the recordings by language and page path.

    Args:
        docs: The folder of the pages.
        paths: The pages that each language may have, by language code.

    Raises:
        FaultsError: A file of a wrong kind or without a page, one line for each.
    """
    faults: list[Fault] = []
    found: dict[str, dict[str, Recording]] = {}
    for code, pages in paths.items():
        root = docs / code / FOLDER
        found[code] = {}
        for file in sorted(one for one in root.rglob("*") if one.is_file()):
            path = file.relative_to(root).with_suffix("").as_posix()
            messages = list(_problems(file, path, pages))
            if not messages and path in found[code]:
                messages.append(f"is a second recording of '{path}'; keep one")
            faults.extend(Fault(relative_name(file), 0, message) for message in messages[:1])
            name = file.relative_to(docs).as_posix()
            kind = TYPES.get(file.suffix, "")
            found[code].setdefault(path, Recording(name, file.stat().st_size, kind))
    raise_if_any(faults)
    return found


def _problems(file: Path, path: str, pages: Collection[str]) -> Iterator[str]:
    if file.suffix not in TYPES:
        yield f"found a file '{file.suffix or file.name}'; allowed: {', '.join(TYPES)}"
    if path not in pages:
        yield f"is a recording of no page; allowed: {', '.join(sorted(pages))}"
    with file.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head:
        yield "is empty; put the recording there or remove the file"
    if _ending(head) != file.suffix:
        yield f"does not hold what '{file.suffix}' promises; save it as MP3, M4A or Ogg again"


def _ending(head: bytes) -> str:
    """Tell the ending that a file of this beginning should have, "" if none of ours."""
    if head[4:8] == b"ftyp":
        return ".m4a"
    if head.startswith(b"OggS"):
        return ".ogg"
    is_frame = len(head) > 1 and head[0] == 0xFF and head[1] & _MP3_SYNC == _MP3_SYNC
    return ".mp3" if is_frame or head.startswith(b"ID3") else ""
