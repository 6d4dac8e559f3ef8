"""Make what the commands need: the environment, the libraries of print, a free port.

Standard library only, in words that Python 3.8 still reads, so that an old Python is told
in one line that it is too old. Whatever fails raises `SetupError`.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import importlib.util
import os
import platform
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NEEDED_PYTHON = (3, 11)
LOCK = "requirements.lock"
PROJECT = "pyproject.toml"
CHROMIUM_NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
FONTS_PACKAGE = "fonts-noto-core"
PRINT_LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
PANGO_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
PRINT_PACKAGES = (*PANGO_PACKAGES, "fontconfig", FONTS_PACKAGE)
"""The Debian packages of what posters and handouts are made with."""
SYSTEM_PROGRAMS = ("/usr/sbin", "/usr/local/sbin", "/sbin")
"""Where servers are, and where the PATH of a person who is not root does not lead."""


class SetupError(SystemExit):
    """Something needed is missing; uncaught, it ends with its one line on stderr and code 1."""


def ensure_environment(root: Path = ROOT) -> Path:
    """Make or update `.venv` unless it is ready, and return its Python.

    Args:
        root: the project's folder, which holds `requirements.lock` and `pyproject.toml`.

    Raises:
        SetupError: the environment cannot be made here; the line says why and what to do.
    """
    _require_python()
    for name in (LOCK, PROJECT):
        if not (root / name).is_file():
            raise SetupError(f"{root / name} is missing. Bring it back: git checkout -- {name}")
    if not is_ready(root):
        try:
            _make_environment(root)
        except OSError as error:
            raise SetupError(f"The environment cannot be made: {error}.") from error
    return environment_python(root)


def is_ready(root: Path = ROOT) -> bool:
    """Tell whether `.venv` was made to its end, from these very files, by this Python."""
    try:
        record = _record(root).read_text(encoding="utf-8")
        return environment_python(root).exists() and record == _made_from(root)
    except OSError:
        return False


def environment_python(root: Path = ROOT) -> Path:
    """Return where the environment's Python is, made or not."""
    if os.name == "nt":
        return root / ".venv" / "Scripts" / "python.exe"
    return root / ".venv" / "bin" / "python"


def ensure_print(has_fonts: Callable[[], bool]) -> None:
    """Bring what posters and handouts are made with, where apt-get may; else a later line tells.

    Args:
        has_fonts: tells whether there is a font for every script.
    """
    if sys.platform != "linux" or not can_use_apt():
        return
    if not (all(map(has_library, PRINT_LIBRARIES)) and has_fonts()):
        install_packages("Fonts and Pango for posters and handouts", PRINT_PACKAGES)


def has_library(name: str) -> bool:
    """Tell whether the system has a shared library, such as `libpango-1.0.so.0`."""
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def can_use_apt() -> bool:
    """Tell whether packages can be installed: as root, on Debian and its kin."""
    is_root = os.name == "posix" and os.geteuid() == 0
    return is_root and shutil.which("apt-get") is not None


def install_packages(what: str, packages: Sequence[str], *options: str) -> None:
    """Install Debian packages.

    Args:
        what: what they are, in the plural, to begin a sentence with.
        packages: their names.
        options: further options of `apt-get install`.

    Raises:
        SetupError: they are not installed; the line gives apt-get's reason and the remedy.
    """
    failure = "only root may, with apt-get"
    if can_use_apt():
        say(f"{what} are missing: apt-get installs them (about a minute).")
        failure = _install_with_apt([*options, *packages])
    if failure:
        raise SetupError(
            f"{what} are missing and cannot be installed ({failure}). Install them yourself "
            f"(Debian, Ubuntu: apt-get install {' '.join(packages)}), then start again."
        )


def find_chromium() -> Path | None:
    """Return the Chromium that the variable CHROMIUM names, else the first on PATH.

    Raises:
        SetupError: CHROMIUM names something that is no program.
    """
    named = os.environ.get("CHROMIUM")
    found = next(filter(None, map(shutil.which, [named] if named else CHROMIUM_NAMES)), None)
    if named and not found:
        raise SetupError(f"CHROMIUM names '{named}', which is no program. Correct or unset it.")
    return Path(found) if found else None


def find_program(name: str) -> Path | None:
    """Return a program on PATH or where the system's servers are, None without it."""
    path = os.pathsep.join((os.environ.get("PATH", ""), *SYSTEM_PROGRAMS))
    found = shutil.which(name, path=path)
    return Path(found) if found else None


def require_free_port(host: str, port: int) -> None:
    """Stop unless a server may listen there.

    Raises:
        SetupError: the port is taken, or cannot be used at all.
    """
    try:
        if not 0 < port < 65536:
            raise OSError("ports go from 1 to 65535")
        socket.create_server((host, port)).close()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise SetupError(f"Port {port} on {host} cannot be used: {error}.") from error
        other = port + 1 if port < 65535 else 8000
        raise SetupError(
            f"Port {port} on {host} is taken; stop the other program or choose another: "
            f"python3 -m scripts serve --port {other}"
        ) from error


def run_quietly(command: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a program to its end without a word, and return its exit code and all it printed.

    Args:
        command: the program and its arguments.
        variables: environment variables to set for it.
    """
    return subprocess.run(
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, **variables},
    )


def last_line(output: str) -> str:
    """Return the last line that a program printed, which says why it failed."""
    lines = output.strip().splitlines() or ["it did not say why"]
    return lines[-1].strip().rstrip(".")


def say(line: str) -> None:
    """Tell the person at the keyboard what is going on, leaving stdout to the command."""
    print(line, file=sys.stderr, flush=True)


def _require_python() -> None:
    if sys.version_info[:2] < NEEDED_PYTHON:
        needed = ".".join(map(str, NEEDED_PYTHON))
        raise SetupError(
            f"Python {platform.python_version()} is too old: this project needs Python {needed} "
            f"or newer. If you have one, call it by its name: python{needed} -m scripts …"
        )


def _make_environment(root: Path) -> None:
    """Make or update `.venv`; its record goes first and comes back last: half-made has none."""
    start = time.monotonic()
    record = _record(root)
    made_from = record.read_text(encoding="utf-8") if record.exists() else ""
    record.unlink(missing_ok=True)
    if environment_python(root).exists() and made_from.startswith(_made_by(root)):
        say(f"{LOCK} or {PROJECT} has changed: updating the environment in .venv.")
    else:
        _make_empty_environment(root / ".venv")
    say(f"Installing the packages of {LOCK} (about a minute; longer on a slow connection).")
    _pip_install(root, "--require-hashes", "-r", str(root / LOCK))
    _pip_install(root, "--no-deps", "--no-build-isolation", "-e", str(root))
    record.write_text(_made_from(root), encoding="utf-8")
    say(f"The environment is ready, after {time.monotonic() - start:.0f} s.")


def _make_empty_environment(folder: Path) -> None:
    if importlib.util.find_spec("ensurepip") is None:
        raise SetupError(
            "This Python lacks its module 'ensurepip'. Install it (on Debian and Ubuntu: "
            "apt-get install python3-venv), then start again."
        )
    say("Making the environment in .venv (a few seconds).")
    base = getattr(sys, "_base_executable", None) or sys.executable  # not that of `.venv` itself
    made = run_quietly([base, "-m", "venv", "--clear", str(folder)])
    if made.returncode:
        raise SetupError(f"The environment cannot be made: {last_line(made.stdout)}.")


def _pip_install(root: Path, *arguments: str) -> None:
    """Install with the environment's pip, which follows the machine's own pip settings."""
    quiet = ("--no-input", "--disable-pip-version-check", "--progress-bar", "off")
    done = run_quietly([str(environment_python(root)), "-m", "pip", "install", *quiet, *arguments])
    if done.returncode:
        raise SetupError(
            f"The packages cannot be installed: {last_line(done.stdout)}. Look at the network and "
            "at the room on the disk, then start again."
        )


def _record(root: Path) -> Path:
    return root / ".venv" / "made-from.txt"


def _made_from(root: Path) -> str:
    """Return what the environment is made from: Python and folder, then the two files."""
    sums = (hashlib.sha256((root / name).read_bytes()).hexdigest() for name in (LOCK, PROJECT))
    return "\n".join((_made_by(root), *sums))


def _made_by(root: Path) -> str:
    return f"python {platform.python_version()} in {root}\n"


def _install_with_apt(arguments: list[str]) -> str:
    """Return why apt-get failed, nothing when it did not."""
    for command in (["update"], ["install", "-y", "--no-install-recommends", *arguments]):
        done = run_quietly(["apt-get", *command], DEBIAN_FRONTEND="noninteractive", LC_ALL="C")
        if done.returncode:
            return f"apt-get {command[0]}: {last_line(done.stdout)}"
    return ""
