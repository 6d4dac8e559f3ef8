"""Releases of the site in a folder that a web server serves, changed in one step.

    FOLDER/current                    a link to the release that readers get
    FOLDER/releases/7-0a1b2c3d/       the site: its own files and the hashed ones of before
    FOLDER/releases/7-0a1b2c3d.sha256 its own files, in the words of `sha256sum --check`

Whatever stops a publication, `current` leads to a whole release: the old one or the new one.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.bootstrap import SetupError
from scripts.publish.compress import compress_site
from scripts.publish.headers import is_hashed

KEPT = 5
"""Releases that stay; the hashed files of all but the newest are in the newest, too."""
STILL_SERVED = "What was served before still is."
_NAME = re.compile(r"([1-9]\d*)-[0-9a-f]{8}")
_COMPRESSED = (".gz", ".br")


@dataclass(frozen=True, order=True)
class Release:
    """One release: its number, counted up, and its folder."""

    number: int
    folder: Path

    @property
    def list(self) -> Path:
        """The file that lists its own files with their sums."""
        return self.folder.with_name(f"{self.folder.name}.sha256")


class Publication:
    """A folder with releases, in which one publication at a time goes on."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.releases = folder / "releases"
        self.current = folder / "current"
        self.draft = self.releases / "draft"

    def publish(self, build: Callable[[Path], None]) -> tuple[Release, bool]:
        """Build a site, and serve it in place of the one before.

        Args:
            build: writes the site into the folder it is given, which is not there yet.

        Returns:
            the release that is now served, and whether it is another than before.

        Raises:
            SetupError: nothing was published; the line says why.
        """
        try:
            with self._alone():
                build(self.draft)
                return self._release()
        except OSError as error:
            raise SetupError(f"Nothing was published: {_reason(error)}") from error

    def all_releases(self) -> list[Release]:
        """Return the releases that are there, oldest first."""
        names = {folder: _NAME.fullmatch(folder.name) for folder in self.releases.glob("*-*")}
        return sorted(
            Release(int(name[1]), folder)
            for folder, name in names.items()
            if name and folder.is_dir()
        )

    def served(self) -> Release | None:
        """Return the release that `current` leads to, None before the first one."""
        target = self.current.resolve()
        return next((one for one in self.all_releases() if one.folder.resolve() == target), None)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the folder, cleared of what a killed publication left behind."""
        for folder in (self.folder, self.releases):
            if not folder.is_dir():
                folder.mkdir(parents=True)
                folder.chmod(0o755)  # for the web server, whatever the umask
        if self.current.exists() and not self.current.is_symlink():
            raise SetupError(f"{self.current} is no link. Move it away, or name another folder.")
        with (self.releases / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise SetupError(f"Another publication into {self.folder} is going on.") from None
            self._clear()
            try:
                yield
            finally:
                self._clear()

    def _clear(self) -> None:
        for left in self.releases.glob("draft*"):
            shutil.rmtree(left, ignore_errors=True)
        known = {one.list for one in self.all_releases()}
        for listed in set(self.releases.glob("*.sha256")) - known:
            listed.unlink(missing_ok=True)

    def _release(self) -> tuple[Release, bool]:
        compress_site(self.draft)
        sums = _sums(self.draft)
        before = self.served()
        listed = "".join(f"{digest}  {path}\n" for path, digest in sums.items())
        if before and _read(before.list) == listed:
            return before, False
        kept = {*self.all_releases()[-(KEPT - 1) :], *([before] if before else [])}
        _finish_files(self.draft, sums, before)
        for old in kept:
            _carry_over(old, self.draft)
        release = self._named(listed)
        release.list.write_text(listed, encoding="utf-8")
        os.sync()  # a power cut must not leave `current` leading to files of no bytes
        self.draft.rename(release.folder)
        for old in kept:
            _carry_over(release, old.folder)  # so that one can go back to it, too
        self._switch(release)
        self._remove_old()
        return release, True

    def _named(self, listed: str) -> Release:
        number = max((one.number for one in self.all_releases()), default=0) + 1
        digest = hashlib.sha256(listed.encode()).hexdigest()[:8]
        return Release(number, self.releases / f"{number}-{digest}")

    def _switch(self, release: Release) -> None:
        """Make `current` lead to a release: renaming a link is one step for whoever reads it."""
        link = self.folder / "current.new"
        link.unlink(missing_ok=True)
        link.symlink_to(Path("releases") / release.folder.name)
        link.replace(self.current)

    def _remove_old(self) -> None:
        """Remove all but the newest; what cannot be removed is tried again the next time."""
        for old in self.all_releases()[:-KEPT]:
            shutil.rmtree(old.folder, ignore_errors=True)
        self._clear()


def _sums(site: Path) -> dict[str, str]:
    files = sorted(file for file in site.rglob("*") if file.is_file())
    return {
        file.relative_to(site).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
    }


def _finish_files(site: Path, sums: dict[str, str], before: Release | None) -> None:
    """Let the web server read all files, and give each a time that tells versions apart.

    Servers make the ETag of time and size. So a file that has not changed keeps its time, and
    any other gets one that no file of the release before has.
    """
    known = _listed(before) if before else {}
    newest = max((_time(before, path) for path in known), default=0) if before else 0
    now = max(int(time.time()), newest + 1)
    for path, digest in sums.items():
        same = before is not None and known.get(path) == digest
        when = _time(before, path) if before and same else now
        os.utime(site / path, (when, when))
        (site / path).chmod(0o644)
    for folder in (site, *(one for one in site.rglob("*") if one.is_dir())):
        folder.chmod(0o755)


def _time(release: Release, path: str) -> int:
    file = release.folder / path
    return int(file.stat().st_mtime) if file.exists() else 0


def _carry_over(release: Release, site: Path) -> None:
    """Add the hashed files of a release to another, for its pages that are open somewhere.

    By links: a file is there whole or not at all, and takes no room.
    """
    for path in _listed(release):
        plain = next((path.removesuffix(end) for end in _COMPRESSED if path.endswith(end)), path)
        source, target = release.folder / path, site / path
        if is_hashed(plain) and source.exists() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.hardlink_to(source)


def _listed(release: Release) -> dict[str, str]:
    lines = (line.split("  ", 1) for line in _read(release.list).splitlines())
    return {path: digest for digest, path in lines}


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _reason(error: OSError) -> str:
    if error.strerror:
        where = f" ({error.filename})" if error.filename else ""
        return f"{error.strerror[0].lower()}{error.strerror[1:]}{where}. {STILL_SERVED}"
    return f"{str(error).rstrip('.')}. {STILL_SERVED}"
