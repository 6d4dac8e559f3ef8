"""The kit of an evening: codes, posters, handouts, cards, letters, made again only when they must.

`kit/made.json` holds, by file, the digest of all that the file is made from.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import json
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property, partial
from importlib import metadata
from pathlib import Path
from threading import Lock
from typing import Any

from scripts.bootstrap import SetupError
from scripts.content.addresses import Address
from scripts.content.project import Project
from scripts.faults import Fault, FaultsError
from scripts.files import DRAFT, write_whole
from scripts.share import cards, codes, handouts, letters, posters, printer, words
from scripts.share.cards import card_sheet
from scripts.share.codes import qr_png, qr_svg
from scripts.share.fonts import fonts_digest, require_fonts
from scripts.share.handouts import handout
from scripts.share.letters import letter
from scripts.share.posters import PAPERS, multilingual_poster, poster
from scripts.share.printer import Print, load_printer, pdf

FOLDER = "kit"
"""The folder of the site in which the kit lies."""
RECORD = "made.json"
START = "start"
"""The name of the code of the site itself."""
PARTS = ("qr", "posters", "handouts", "cards", "letters")
"""The folders of the kit: whatever lies in them and is no file of the kit is removed."""
MODULES = {"code": (codes,), "print": (codes, printer, words, cards, handouts, letters, posters)}
"""Our own code that makes codes and prints: changed, it makes them anew."""
PACKAGES = {"code": ("segno",), "print": ("segno", "weasyprint", "pydyf", "fonttools")}
"""What makes codes and prints: another version makes them anew."""
AT_ONCE = 8
"""Files that a process makes before it takes the next ones."""
SAID_EVERY = 5.0
"""Seconds between two lines of progress where there is no terminal."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Item:
    """A file of the kit: its path below the folder, what it is made from, and how from that."""

    path: str
    source: Callable[[], str | Print]
    make: Callable[[Any], bytes]

    @cached_property
    def digest(self) -> str:
        """What changes with anything that the file is made from."""
        source = self.source()
        kind = "code" if isinstance(source, str) else "print"
        texts = (source,) if isinstance(source, str) else (source.html, *source.styles)
        text = "\0".join((self.path, *_makers(kind), *texts))
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
    chosen_codes = chosen(project, languages)
    for address in _addresses(project, chosen_codes):
        name = address.name if address else START
        url = site_url + (address.spoken if address else "")
        yield Item(f"qr/{name}.svg", partial(str, url), qr_svg)
        yield Item(f"qr/{name}.png", partial(str, url), qr_png)
    for code in chosen_codes:
        yield from _to_keep(project, site_url, code)
    for path in project.sharing.topics:
        yield from _posters(project, site_url, path, chosen_codes)


def _to_keep(project: Project, site_url: str, code: str) -> Iterator[Item]:
    """Yield what a person of a language takes home: handout, cards, letters."""
    yield Item(f"handouts/{code}.pdf", partial(handout, project, site_url, code), pdf)
    yield Item(f"cards/{code}.pdf", partial(card_sheet, project, site_url, code), pdf)
    for name in project.source_wording.data["letters"]:
        yield Item(f"letters/{code}-{name}.pdf", partial(letter, project, name, code), pdf)


def _posters(
    project: Project, site_url: str, path: str, languages: Sequence[str]
) -> Iterator[Item]:
    """Yield the posters of a topic, those that differ in their paper alone next to each other."""
    word = project.addresses.words[path]
    for code in languages:
        for paper in PAPERS:
            source = partial(poster, project, site_url, path, code, paper)
            yield Item(f"posters/{code}-{word}-{paper}.pdf", source, pdf)
    for each in (False, True):
        for paper in PAPERS:
            several = partial(multilingual_poster, project, site_url, path, languages, paper, each)
            name = f"{word}-codes" if each else word
            yield Item(f"posters/{name}-{paper}.pdf", several, pdf)


def chosen(project: Project, languages: Sequence[str]) -> tuple[str, ...]:
    """Return the codes of the named languages in the site's order, all when none is named.

    Raises:
        FaultsError: an unknown language, or one that is growing: nothing of it is printed yet.
    """
    codes = tuple(language.code for language in project.complete_languages)
    unknown = [code for code in languages if code not in codes]
    if unknown:
        allowed = ", ".join(codes)
        raise FaultsError(
            Fault("--languages", 0, f"language '{code}' is {_kind(project, code)} {allowed}")
            for code in unknown
        )
    return tuple(code for code in codes if not languages or code in languages)


def _kind(project: Project, code: str) -> str:
    growing = "growing, and printed when it is complete; allowed until then:"
    return growing if code in project.language else "unknown; allowed:"


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
        SetupError: Pango is missing, the disk is full, the folder cannot be written to, or it
            holds other files where those of the kit go.
    """
    require_fonts(project.language[code] for code in chosen(project, languages))
    load_printer()
    items = list(kit_items(project, site_url, languages))
    _require_own(folder)
    record = _read_record(folder)
    stale = [item for item in items if not _is_made(folder, item, record)]
    unwanted = _unwanted(folder, items)
    known = {item.path: record[item.path] for item in items if item.path in record}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_record(folder, known)
        for name in unwanted:
            (folder / name).unlink()
        _make(folder, stale, known, say or _silent)
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
                require_fonts(project.complete_languages)
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


def _addresses(project: Project, languages: Sequence[str]) -> Iterator[Address | None]:
    yield None
    yield from (one for one in project.short_addresses if one.code in ("", *languages))


@cache
def _makers(kind: str) -> tuple[str, ...]:
    """What changes with whatever makes a code or a print: packages, our own code, the fonts."""
    versions = [f"{name} {metadata.version(name)}" for name in PACKAGES[kind]]
    files = [Path(str(module.__file__)) for module in MODULES[kind]]
    ours = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
    return (*versions, *ours, fonts_digest() if kind == "print" else "")


def _is_made(folder: Path, item: Item, record: Mapping[str, str]) -> bool:
    return record.get(item.path) == item.digest and (folder / item.path).is_file()


def _require_own(folder: Path) -> None:
    """Stop where `posters` and the like are somebody's own: no file of theirs must go.

    Raises:
        SetupError: there are such files, and no record of a kit.
    """
    if not (folder / RECORD).exists():
        foreign = next(_files(folder), None)
        if foreign:
            message = f"{folder} is no folder of a kit, and {foreign} is there already"
            raise SetupError(f"{message}. Name an empty folder, or a new one.")


def _unwanted(folder: Path, items: Sequence[Item]) -> list[str]:
    wanted = {item.path for item in items}
    return [name for name in _files(folder) if name not in wanted]


def _files(folder: Path) -> Iterator[str]:
    """Yield the path of every file in the folders of a kit."""
    for part in PARTS:
        for file in sorted((folder / part).rglob("*")):
            if file.is_file() or file.is_symlink():
                yield file.relative_to(folder).as_posix()


def _read_record(folder: Path) -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def _write_record(folder: Path, known: Mapping[str, str]) -> None:
    write_whole(folder / RECORD, (json.dumps(known, indent=0, sort_keys=True) + "\n").encode())


def _tidy(folder: Path, known: Mapping[str, str]) -> None:
    """Note what is made, whatever came after, and leave no half-written file or empty folder."""
    with suppress(OSError):  # what went wrong is told; files without a record are made again
        for name in _files(folder):
            if name.endswith(DRAFT):
                (folder / name).unlink()
        if known:
            _write_record(folder, known)
        elif (folder / RECORD).exists() and not any(_files(folder)):
            (folder / RECORD).unlink()
    for part in PARTS:
        with suppress(OSError):
            (folder / part).rmdir()


def _make(folder: Path, items: Sequence[Item], known: dict[str, str], say: Say) -> None:
    """Make the files in as many processes as there are cores, and note each when it is there.

    Raises:
        OSError: one cannot be written.
        SetupError: one cannot be made, or a process was ended from outside.
    """
    progress = _Progress(len(items), say)
    for at, fault in _results(partial(_try_to_write, folder, items), len(items)):
        if isinstance(fault, OSError):
            raise fault
        if fault:
            raise SetupError(str(fault))
        known[items[at].path] = items[at].digest
        if progress.went_on(items[at].path):
            _write_record(folder, known)


def worker_count() -> int:
    """Return how many processes can work at once, 1 where this one cannot be copied.

    Only Linux copies a process safely, and only while it has no second thread: the copy is
    without it, and would wait for ever for a lock that it holds.
    """
    if sys.platform != "linux" or len(os.listdir("/proc/self/task")) > 1:
        return 1
    return len(os.sched_getaffinity(0))


_Result = tuple[int, Exception | None]


def _results(work: Callable[[int], _Result], count: int) -> Iterator[_Result]:
    cores = min(worker_count(), count)
    if cores < 2:
        yield from map(work, range(count))
        return
    global _work  # noqa: PLW0603 - what a forked process finds, and need not be sent
    _work = work
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(cores, context, initializer=_depend_on_the_first) as pool:
        shares = [range(at, min(at + AT_ONCE, count)) for at in range(0, count, AT_ONCE)]
        try:
            for done in as_completed([pool.submit(_worked, share) for share in shares]):
                yield from _shared_result(done)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


_work: Callable[[int], _Result] | None = None
_PR_SET_PDEATHSIG = 1


def _depend_on_the_first() -> None:
    """Leave Ctrl+C to the process that started this one, and end when that is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _worked(share: range) -> list[_Result]:
    assert _work is not None
    return [_work(at) for at in share]


def _shared_result(done: Future[list[_Result]]) -> list[_Result]:
    try:
        return done.result()
    except BrokenProcessPool:
        message = "A process that made the kit was ended from outside (is there enough memory?)"
        raise SetupError(f"{message}. Start again: what is made stays.") from None


def _try_to_write(folder: Path, items: Sequence[Item], at: int) -> _Result:
    try:
        _write(folder, items[at])
    except OSError as error:
        return at, OSError(error.errno, error.strerror)
    except (FaultsError, SetupError) as error:
        return at, Exception(str(error))
    return at, None


def _write(folder: Path, item: Item) -> None:
    write_whole(folder / item.path, item.make(item.source()))


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

    def went_on(self, name: str) -> bool:
        """Note that a file is made, and tell whether a while has passed since the last time."""
        self._done += 1
        is_late = time.monotonic() >= self._next
        if sys.stderr.isatty() or is_late or self._done == self._count:
            self._say(f"{self._done} of {self._count} files of the kit: {name}")
        if is_late:
            self._next = time.monotonic() + SAID_EVERY
        return is_late
