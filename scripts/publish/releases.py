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

RELEASES_KEPT = 5
"""Releases that stay; the hashed files of all but the newest are in the newest, too."""
STILL_SERVED = "What was served before still is."
_NAME = re.compile(r"([1-9]\d*)-[0-9a-f]{8}")


@dataclass(frozen=True, order=True)
class Release:
    """One release: its number, counted up, and its folder."""

    number: int
    folder: Path

    @property
    def sums_file(self) -> Path:
        """The file that lists its own files with their sums."""
        return self.folder.with_name(f"{self.folder.name}.sha256")

    def read_sums(self) -> dict[str, str]:
        """Return the SHA-256 sum of each of its own files, by path."""
        text = self.sums_file.read_text(encoding="utf-8") if self.sums_file.exists() else ""
        lines = (line.split("  ", 1) for line in text.splitlines())
        return {path: digest for digest, path in lines}


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
            with self._locked():
                build(self.draft)
                compress_site(self.draft)
                return self._release_draft()
        except OSError as error:
            raise SetupError(f"Nothing was published: {error}. {STILL_SERVED}") from error

    def all_releases(self) -> list[Release]:
        """Return the releases that are there, oldest first."""
        names = {folder: _NAME.fullmatch(folder.name) for folder in self.releases.glob("*-*/")}
        return sorted(Release(int(name[1]), folder) for folder, name in names.items() if name)

    def served_release(self) -> Release | None:
        """Return the release that `current` leads to, None before the first one."""
        target = self.current.resolve()
        return next((one for one in self.all_releases() if one.folder.resolve() == target), None)

    @contextmanager
    def _locked(self) -> Iterator[None]:
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
            shutil.rmtree(self.draft, ignore_errors=True)
            try:
                yield
            finally:
                shutil.rmtree(self.draft, ignore_errors=True)

    def _release_draft(self) -> tuple[Release, bool]:
        before, sums = self.served_release(), _sums(self.draft)
        if before and before.read_sums() == sums:
            return before, False
        releases = self.all_releases()
        kept = {*releases[-(RELEASES_KEPT - 1) :], *([before] if before else [])}
        _finish_files(self.draft, sums, before)
        for old in kept:
            _link_hashed_files(old, self.draft)
        listed = "".join(f"{digest}  {path}\n" for path, digest in sums.items())
        number = releases[-1].number + 1 if releases else 1
        digest = hashlib.sha256(listed.encode()).hexdigest()[:8]
        release = Release(number, self.releases / f"{number}-{digest}")
        self.draft.rename(release.folder)
        release.sums_file.write_text(listed, encoding="utf-8")
        for old in kept:
            _link_hashed_files(release, old.folder)  # so that one can go back to it, too
        os.sync()  # a power cut must not leave `current` leading to files of no bytes
        self.serve(release)
        for old in self.all_releases()[:-RELEASES_KEPT]:
            shutil.rmtree(old.folder, ignore_errors=True)
            old.sums_file.unlink(missing_ok=True)
        return release, True

    def serve(self, release: Release) -> None:
        """Make `current` lead to a release: renaming a link is one step for whoever reads it."""
        link = self.folder / "current.new"
        link.unlink(missing_ok=True)
        link.symlink_to(Path("releases") / release.folder.name)
        link.replace(self.current)


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
    known = before.read_sums() if before else {}
    files = {path: before.folder / path for path in known} if before else {}
    times = {path: int(file.stat().st_mtime) for path, file in files.items() if file.exists()}
    now = max(int(time.time()), max(times.values(), default=0) + 1)
    for path, digest in sums.items():
        when = times.get(path, now) if known.get(path) == digest else now
        os.utime(site / path, (when, when))
    for one in (site, *site.rglob("*")):
        one.chmod(0o755 if one.is_dir() else 0o644)


def _link_hashed_files(release: Release, site: Path) -> None:
    """Add the hashed files of a release to another, for its pages that are open somewhere.

    By links: a file is there whole or not at all, and takes no room.
    """
    for path in release.read_sums():
        plain = path.removesuffix(".gz").removesuffix(".br")
        source, target = release.folder / path, site / path
        if is_hashed(plain) and source.exists() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.hardlink_to(source)
