"""The kit of an evening: QR codes, posters and handouts, each made again only when it must be.

`kit/made.json` holds, by file, the digest of all that the file is made from.
"""

from __future__ import annotations

import errno
import hashlib
import json
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib import metadata
from pathlib import Path
from threading import Lock
from typing import Any

from scripts.bootstrap import SetupError
from scripts.content.addresses import Address
from scripts.content.project import Project
from scripts.faults import Fault, FaultsError
from scripts.share.codes import code_png, code_svg
from scripts.share.fonts import require_fonts
from scripts.share.prints import PAPERS, Print, handout, load_printer, pdf, poster, shared_poster

FOLDER = "kit"
"""The folder of the site in which the kit lies."""
RECORD = "made.json"
START = "start"
"""The name of the code of the site itself."""
DRAFT = ".new"
PACKAGES = ("segno", "weasyprint", "pydyf", "fonttools")
"""What makes the files: another version makes them anew."""
SAID_EVERY = 5.0
"""Seconds between two lines of progress where there is no terminal."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Item:
    """A file of the kit: its path below the folder, what it is made from, and how from that."""

    path: str
    source: Callable[[], str | Print]
    make: Callable[[Any], bytes]

    @property
    def digest(self) -> str:
        """What changes with anything that the file is made from."""
        source = self.source()
        texts = (source,) if isinstance(source, str) else (source.html, *source.styles)
        text = "\0".join((self.path, *_versions(), *texts))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Made:
    """What a making did: how many files there are, were made and were removed."""

    files: int
    made: int
    removed: int


def kit_items(project: Project, site_url: str, languages: Sequence[str] = ()) -> Iterator[Item]:
    """Yield every file of the kit.

    Args:
        project: the content.
        site_url: where the site is published, with a slash at its end.
        languages: the codes of the languages to make it for, none for all.

    Raises:
        FaultsError: an unknown language, or an address too long for a code.
    """
    codes = chosen(project, languages)
    for address in _addresses(project, codes):
        name = address.name if address else START
        url = site_url + (address.spoken if address else "")
        yield Item(f"qr/{name}.svg", partial(str, url), code_svg)
        yield Item(f"qr/{name}.png", partial(str, url), code_png)
    for code in codes:
        yield Item(f"handouts/{code}.pdf", partial(handout, project, site_url, code), pdf)
    for path in project.sharing.topics:
        word = project.addresses.words[path]
        for paper in PAPERS:
            for code in codes:
                source = partial(poster, project, site_url, path, code, paper)
                yield Item(f"posters/{code}-{word}-{paper}.pdf", source, pdf)
            for each in (False, True):
                source = partial(shared_poster, project, site_url, path, codes, paper, each)
                name = f"{word}-codes" if each else word
                yield Item(f"posters/{name}-{paper}.pdf", source, pdf)


def chosen(project: Project, languages: Sequence[str]) -> tuple[str, ...]:
    """Return the codes of the named languages in the site's order, all when none is named.

    Raises:
        FaultsError: an unknown language.
    """
    unknown = [code for code in languages if code not in project.language]
    if unknown:
        allowed = ", ".join(project.language)
        raise FaultsError(
            Fault("--languages", 0, f"language '{code}' is unknown; allowed: {allowed}")
            for code in unknown
        )
    return tuple(code for code in project.language if not languages or code in languages)


def out_of_date(folder: Path, items: Sequence[Item]) -> list[str]:
    """Return what a making would do: the files to make, then those to remove."""
    record = _read_record(folder)
    stale = [f"{item.path} is out of date" for item in items if not _is_made(folder, item, record)]
    return [*stale, *(f"{name} is no longer wanted" for name in _unwanted(folder, items))]


def make_kit(
    project: Project,
    site_url: str,
    folder: Path,
    languages: Sequence[str] = (),
    say: Say | None = None,
) -> Made:
    """Make what is out of date in the folder of the kit, and remove what no longer belongs there.

    Args:
        project: the content.
        site_url: where the site is published, with a slash at its end.
        folder: where the kit lies.
        languages: the codes of the languages to make it for, none for all.
        say: takes lines on the progress.

    Raises:
        FaultsError: an unknown language, an address too long, a missing font.
        SetupError: Pango is missing, the disk is full, or the folder cannot be written to.
    """
    require_fonts(project.language[code] for code in chosen(project, languages))
    load_printer()
    items = list(kit_items(project, site_url, languages))
    record = _read_record(folder)
    stale = [item for item in items if not _is_made(folder, item, record)]
    unwanted = _unwanted(folder, items)
    known = {item.path: record[item.path] for item in items if item.path in record}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in unwanted:
            (folder / name).unlink()
        for item in _made_in_turn(folder, stale, say or _silent):
            known[item.path] = item.digest
    except OSError as error:
        raise SetupError(_plain(error, folder)) from None
    finally:
        _tidy(folder, known)
    return Made(len(items), len(stale), len(unwanted))


class KitOnDemand:
    """The kit of a site that is served to its authors: a file is made when it is asked for.

    Args:
        folder: where the kit of that address lies.
        site_url: the address of the served site, with a slash at its end.
    """

    def __init__(self, folder: Path, site_url: str) -> None:
        self._folder, self._site_url = folder, site_url
        self._project: Project | None = None
        self._items: dict[str, Item] = {}
        self._one_at_a_time = Lock()

    def file(self, project: Project, path: str) -> bytes | None:
        """Return the file at a path below the site's top (`kit/…`), None where there is none.

        Raises:
            FaultsError, SetupError: as `make_kit`.
        """
        with self._one_at_a_time:
            if project is not self._project:
                self._project = project
                self._items = {one.path: one for one in kit_items(project, self._site_url)}
            item = self._items.get(path.removeprefix(f"{FOLDER}/"))
            return self._made(item) if item else None

    def _made(self, item: Item) -> bytes:
        record = _read_record(self._folder)
        try:
            if not _is_made(self._folder, item, record):
                _write(self._folder, item)
                _write_record(self._folder, {**record, item.path: item.digest})
            return (self._folder / item.path).read_bytes()
        except OSError as error:
            raise SetupError(_plain(error, self._folder)) from None


def _addresses(project: Project, codes: Sequence[str]) -> Iterator[Address | None]:
    yield None
    yield from (one for one in project.short_addresses if one.code in ("", *codes))


@cache
def _versions() -> tuple[str, ...]:
    return tuple(f"{name} {metadata.version(name)}" for name in PACKAGES)


def _is_made(folder: Path, item: Item, record: Mapping[str, str]) -> bool:
    return record.get(item.path) == item.digest and (folder / item.path).is_file()


def _unwanted(folder: Path, items: Sequence[Item]) -> list[str]:
    wanted = {RECORD, *(item.path for item in items)}
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return [name for file in files if (name := file.relative_to(folder).as_posix()) not in wanted]


def _read_record(folder: Path) -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def _write_record(folder: Path, known: Mapping[str, str]) -> None:
    draft = folder / f"{RECORD}{DRAFT}"
    draft.write_text(json.dumps(known, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    draft.replace(folder / RECORD)


def _tidy(folder: Path, known: Mapping[str, str]) -> None:
    """Note what is made, whatever came after, and leave no half-written file or empty folder."""
    try:
        for draft in folder.rglob(f"*{DRAFT}"):
            draft.unlink()
        _write_record(folder, known)
        for place in sorted(folder.rglob("*"), reverse=True):
            if place.is_dir() and not any(place.iterdir()):
                place.rmdir()
    except OSError:
        return  # what went wrong before is told; the files without a record are made again


def _made_in_turn(folder: Path, items: Sequence[Item], say: Say) -> Iterator[Item]:
    """Make the files in as many processes as there are cores, and yield each when it is there."""
    progress = _Progress(len(items), say)
    work = partial(_try_to_write, folder, items)
    for at, fault in _results(work, len(items)):
        if isinstance(fault, OSError):
            raise fault
        if fault:
            raise SetupError(str(fault))
        progress.went_on(items[at].path)
        yield items[at]


def _results(
    work: Callable[[int], tuple[int, Exception | None]], count: int
) -> Iterator[tuple[int, Exception | None]]:
    cores = min(len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1, count)
    if cores < 2:
        yield from map(work, range(count))
        return
    global _work  # noqa: PLW0603 - what a forked process finds, and need not be sent
    _work = work
    with multiprocessing.get_context("fork").Pool(cores) as pool:
        yield from pool.imap_unordered(_called, range(count), chunksize=4)


_work: Callable[[int], tuple[int, Exception | None]] | None = None


def _called(at: int) -> tuple[int, Exception | None]:
    assert _work is not None
    return _work(at)


def _try_to_write(folder: Path, items: Sequence[Item], at: int) -> tuple[int, Exception | None]:
    try:
        _write(folder, items[at])
    except OSError as error:
        return at, OSError(error.errno, error.strerror)
    except (FaultsError, SetupError) as error:
        return at, Exception(str(error))
    return at, None


def _write(folder: Path, item: Item) -> None:
    file = folder / item.path
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(file.name + DRAFT)
    try:
        draft.write_bytes(item.make(item.source()))
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def _plain(error: OSError, folder: Path) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"No space is left for {folder}. Make room, then start again: what is made stays."
    return f"{folder} cannot be written to ({error.strerror}). Correct that, then start again."


def _silent(_: str) -> None:
    return


class _Progress:
    """Says how many files are made: often on a terminal, seldom in a log."""

    def __init__(self, count: int, say: Say) -> None:
        self._count, self._say, self._done = count, say, 0
        self._next = time.monotonic() + SAID_EVERY

    def went_on(self, name: str) -> None:
        """Note that a file is made."""
        self._done += 1
        is_late = time.monotonic() >= self._next
        if sys.stderr.isatty() or is_late or self._done == self._count:
            self._say(f"{self._done} of {self._count} files of the kit: {name}")
        if is_late:
            self._next = time.monotonic() + SAID_EVERY
