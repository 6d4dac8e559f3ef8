"""Make what the commands need: the environment, a browser for the tests, a free port.

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
import re
import shutil
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NEEDED_PYTHON = (3, 11)
LOCK = "requirements.lock"
PROJECT = "pyproject.toml"
BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
BROWSER_PACKAGES = ("chromium-headless-shell", "chromium")
"""The Debian packages of a browser, the fastest first; the first that there is will do."""
FONTS_PACKAGE = "fonts-noto-core"
FIREFOX = ("firefox-esr", "firefox")
"""The names of the second browser; the first is its Debian package, too."""
OLD_CHROMIUM_LIBRARIES = {
    "libnss3.so": "libnss3",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libXcomposite.so.1": "libxcomposite1",
    "libXcursor.so.1": "libxcursor1",
    "libXdamage.so.1": "libxdamage1",
    "libXi.so.6": "libxi6",
    "libXrandr.so.2": "libxrandr2",
    "libXtst.so.6": "libxtst6",
    "libxcb-dri3.so.0": "libxcb-dri3-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libGL.so.1": "libgl1",
}
"""What Chromium 83, which comes with the environment, needs of the system on Linux, and the Debian
package of each; what else it needs Firefox brings."""
SERVERS = {
    "nginx": "nginx",
    "nginx's brotli module": "libnginx-mod-http-brotli-static",
    "caddy": "caddy",
}
"""The web servers that the tests start, and the Debian package of each."""
PRINT_LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
PANGO_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
PRINT_PACKAGES = (*PANGO_PACKAGES, "fontconfig", FONTS_PACKAGE)
"""The Debian packages of what posters and handouts are made with."""
NGINX_MODULE = "ngx_http_brotli_static_module.so"
NGINX_MODULES = ("/usr/lib/nginx/modules", "/usr/share/nginx/modules", "/usr/lib64/nginx/modules")
SYSTEM_PROGRAMS = ("/usr/sbin", "/usr/local/sbin", "/sbin")
"""Where servers are, and where the PATH of a person who is not root does not lead."""
SERVICE_POLICY = Path("/usr/sbin/policy-rc.d")
_POLICY_TEXT = """\
#!/bin/sh
# Of python3 -m scripts: nothing is started while it installs; then, or if it was killed, this goes.
kill -0 {pid} 2>/dev/null && exit 101
rm -f "$0"
exit 0
"""

_NO_NETWORK = re.compile(
    r"NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|ConnectionReset"
    r"|ConnectionPool|Max retries exceeded|connection broken|[Tt]emporary failure|timed out"
    r"|Could not resolve|Network is unreachable|ERR_INTERNET|ENOTFOUND|EAI_AGAIN|ECONNREFUSED"
)
_DISK_FULL = re.compile(r"No space left on device|Errno 28|ENOSPC|[Qq]uota exceeded")
_NOT_ALLOWED = re.compile(r"Permission denied|Errno 13|EACCES|Read-only file system|Errno 30")
_ERROR_MARK = re.compile(r"^\s*(ERROR|E|Error):\s*")


class SetupError(SystemExit):
    """Something needed is missing; uncaught, it ends with its one line on stderr and code 1."""


def ensure_environment(root: Path = ROOT) -> Path:
    """Make or update `.venv` unless it is ready, and return its Python.

    Args:
        root: the project's folder, which holds `requirements.lock` and `pyproject.toml`.

    Raises:
        SetupError: the environment cannot be made here; the line says why and what to do.
    """
    require_python()
    _require_files(root)
    if not is_ready(root):
        try:
            _make_environment(root)
        except OSError as error:
            raise SetupError(f"The environment cannot be made: {_reason(str(error))}.") from error
    return environment_python(root)


def is_ready(root: Path = ROOT) -> bool:
    """Tell whether `.venv` was made to its end, from these very files, by this Python."""
    return environment_python(root).exists() and _read_stamp(root) == _stamp_lines(root)


def environment_python(root: Path = ROOT) -> Path:
    """Return where the environment's Python is, made or not."""
    if os.name == "nt":
        return root / ".venv" / "Scripts" / "python.exe"
    return root / ".venv" / "bin" / "python"


def require_python() -> None:
    """Stop unless this Python is new enough.

    Raises:
        SetupError: it is older than `NEEDED_PYTHON`.
    """
    if sys.version_info[:2] < NEEDED_PYTHON:
        needed = ".".join(map(str, NEEDED_PYTHON))
        raise SetupError(
            f"Python {platform.python_version()} is too old: this project needs Python {needed} "
            f"or newer. If you have one, call it by its name: python{needed} -m scripts …"
        )


def ensure_chromium(root: Path = ROOT) -> Path:
    """Return a Chromium for the tests, installed first where there is none.

    Looked for in the variable CHROMIUM, then on PATH; then installed with apt-get (as root on
    Debian and its kin) or else with Playwright.

    Raises:
        SetupError: there is none and none can be installed. Tests are never skipped for it.
    """
    found = find_chromium()
    if found:
        return found
    if not _can_use_apt():
        return _chromium_from_playwright(environment_python(root))
    _install_chromium_with_apt()
    found = find_chromium()
    if found:
        return found
    raise SetupError(_no_chromium("apt-get installed it, but it is not on PATH"))


def find_chromium() -> Path | None:
    """Return the Chromium that CHROMIUM names, else the first of `BROWSERS` on PATH.

    Raises:
        SetupError: CHROMIUM names something that is no program.
    """
    named = os.environ.get("CHROMIUM")
    found = shutil.which(named) if named else _first_on_path(BROWSERS)
    if named and not found:
        raise SetupError(f"CHROMIUM names '{named}', which is no program. Correct or unset it.")
    return Path(found) if found else None


def ensure_other_browsers() -> None:
    """Make sure of Firefox and of what Chromium 83 needs, installed first where they are not.

    Raises:
        SetupError: one is missing and cannot be installed. Tests are never skipped for it.
    """
    packages = _missing_of_other_browsers()
    if not packages:
        return
    failure = "only root may, with apt-get"
    if _can_use_apt():
        say("Installing Firefox and libraries of an old Chromium for the tests (about a minute).")
        failure = _apt_install(packages) or "apt-get installed it, but it is not found"
    if _missing_of_other_browsers():
        raise SetupError(
            f"The tests need {', '.join(packages)}, and cannot install it ({failure}). Install it "
            f"yourself (Debian: apt-get install {' '.join(packages)}), then start again."
        )


def _missing_of_other_browsers() -> list[str]:
    found = [] if find_firefox() else [FIREFOX[0]]
    libraries = OLD_CHROMIUM_LIBRARIES if sys.platform == "linux" else {}
    return found + [package for name, package in libraries.items() if not _is_library(name)]


def find_firefox() -> Path | None:
    """Return the first of `FIREFOX` on PATH, None without it."""
    found = _first_on_path(FIREFOX)
    return Path(found) if found else None


def ensure_servers() -> None:
    """Make sure of the web servers for the tests, installed first where there are none.

    Installed with apt-get, as root on Debian and its kin; then nothing of them is started, now
    or with the machine: the tests start their own.

    Raises:
        SetupError: one is missing and cannot be installed. Tests are never skipped for it.
    """
    missing = missing_servers()
    if not missing:
        return
    packages = [SERVERS[name] for name in missing]
    if not _can_use_apt():
        raise SetupError(_no_servers(missing, "only root may, with apt-get"))
    _install_servers_with_apt(missing, packages)
    still = missing_servers()
    if still:
        raise SetupError(_no_servers(still, "apt-get installed it, but it is not found"))


def ensure_print(has_fonts: Callable[[], bool]) -> None:
    """Bring what posters and handouts are made with, where apt-get may; else a later line tells.

    Args:
        has_fonts: tells whether there is a font for every script.
    """
    if sys.platform != "linux" or not _can_use_apt():
        return
    if all(map(_is_library, PRINT_LIBRARIES)) and has_fonts():
        return
    say("Installing fonts and Pango for posters and handouts with apt-get (about a minute).")
    failure = _apt_install(PRINT_PACKAGES)
    if failure:
        packages = " ".join(PRINT_PACKAGES)
        raise SetupError(
            f"Posters and handouts need fonts and Pango, and they cannot be installed ({failure}). "
            f"Install them yourself (Debian, Ubuntu: apt-get install {packages}), then start again."
        )


def _is_library(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def missing_servers() -> list[str]:
    """Return those of `SERVERS` that are not on this machine."""
    have = {
        "nginx": find_program("nginx"),
        "nginx's brotli module": nginx_module(),
        "caddy": find_program("caddy"),
    }
    return [name for name in SERVERS if not have[name]]


def find_program(name: str) -> Path | None:
    """Return a program on PATH or where the system's servers are, None without it."""
    path = os.pathsep.join((os.environ.get("PATH", ""), *SYSTEM_PROGRAMS))
    found = shutil.which(name, path=path)
    return Path(found) if found else None


def nginx_module() -> Path | None:
    """Return nginx's module for brotli files, None without it."""
    places = (Path(folder) / NGINX_MODULE for folder in NGINX_MODULES)
    return next((place for place in places if place.is_file()), None)


def port_is_free(host: str, port: int) -> bool:
    """Tell whether a server may listen there.

    Raises:
        OSError: nobody may, taken or not (no such port, no such host, not allowed).
    """
    if not 0 < port < 65536:
        raise OSError("ports go from 1 to 65535")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return False
        raise
    return True


def require_free_port(host: str, port: int) -> None:
    """Stop unless `serve` may listen there.

    Raises:
        SetupError: the port is taken, or cannot be used at all.
    """
    try:
        free = port_is_free(host, port)
    except OSError as error:
        reason = str(error).rstrip(".")
        raise SetupError(f"Port {port} on {host} cannot be used: {reason}.") from error
    if not free:
        other = port + 1 if port < 65535 else 8000
        raise SetupError(
            f"Port {port} on {host} is taken; stop the other program or choose another: "
            f"python3 -m scripts serve --port {other}"
        )


def run(command: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
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


def say(line: str) -> None:
    """Tell the person at the keyboard what is going on, leaving stdout to the command."""
    print(line, file=sys.stderr, flush=True)


def _require_files(root: Path) -> None:
    for name in (LOCK, PROJECT):
        if not (root / name).is_file():
            raise SetupError(f"{root / name} is missing. Bring it back: git checkout -- {name}")


def _make_environment(root: Path) -> None:
    """Make or update `.venv`; its stamp goes first and comes back last, so half-made has none."""
    start = time.monotonic()
    kept = _can_be_updated(root)
    _stamp(root).unlink(missing_ok=True)
    if kept:
        say(f"{LOCK} or {PROJECT} has changed: updating the environment in .venv.")
    else:
        _make_empty_environment(root)
    _install_packages(root)
    _write_stamp(root)
    say(f"The environment is ready, after {time.monotonic() - start:.0f} s.")


def _make_empty_environment(root: Path) -> None:
    _require_modules()
    folder = root / ".venv"
    again = folder.exists()
    say(f"Making the environment in .venv{' anew' if again else ''} (a few seconds).")
    if again:
        shutil.rmtree(folder)
    made = run([_base_python(), "-m", "venv", str(folder)])
    if made.returncode:
        raise SetupError(f"The environment cannot be made: {_reason(made.stdout)}.")


def _require_modules() -> None:
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            raise SetupError(
                f"This Python lacks its module '{module}'. Install it (on Debian and Ubuntu: "
                "apt-get install python3-venv), then start again."
            )


def _base_python() -> str:
    """Return the Python that lies under any environment, `.venv` itself among them."""
    return getattr(sys, "_base_executable", None) or sys.executable


def _install_packages(root: Path) -> None:
    say(f"Installing the packages of {LOCK} (about a minute; longer on a slow connection).")
    _pip(root, "--require-hashes", "-r", str(root / LOCK))
    say("Installing this project's own package (a few seconds).")
    _pip(root, "--no-deps", "--no-build-isolation", "-e", str(root))


def _pip(root: Path, *arguments: str) -> None:
    """Install with the environment's pip, which follows the machine's own pip settings."""
    quiet = ("--no-input", "--disable-pip-version-check", "--progress-bar", "off")
    done = run([str(environment_python(root)), "-m", "pip", "install", *quiet, *arguments])
    if done.returncode:
        raise SetupError(f"The packages cannot be installed: {_reason(done.stdout)}.")


def _reason(output: str) -> str:
    """Put a program's failure into one line: a known cause in plain words, else its last errors."""
    if _DISK_FULL.search(output):
        return "the disk is full. Make room, then start again"
    if _NOT_ALLOWED.search(output):
        return f"not allowed to write. Look at whom the files belong to ({_last_errors(output)})"
    if _NO_NETWORK.search(output):
        return "no network, or the registry does not answer. Check the connection, then start again"
    return _last_errors(output)


def _last_errors(output: str, most: int = 3) -> str:
    lines = [line for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if _ERROR_MARK.match(line)] or lines
    last = [_ERROR_MARK.sub("", line).strip().rstrip(".") for line in errors[-most:]]
    return "; ".join(textwrap.shorten(line, 200) for line in last) or "it did not say why"


def _stamp(root: Path) -> Path:
    return root / ".venv" / "made-from.txt"


def _stamp_lines(root: Path) -> list[str]:
    """Return what the environment is made from: Python and folder, then the two files."""
    place = [f"python {platform.python_version()}", f"folder {root}"]
    return place + [f"{name} {_sha256(root / name)}" for name in (LOCK, PROJECT)]


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "missing"


def _read_stamp(root: Path) -> list[str]:
    try:
        return _stamp(root).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def _write_stamp(root: Path) -> None:
    """Write the stamp in one step, so that it is whole or not there."""
    draft = _stamp(root).with_suffix(".new")
    draft.write_text("\n".join(_stamp_lines(root)) + "\n", encoding="utf-8")
    draft.replace(_stamp(root))


def _can_be_updated(root: Path) -> bool:
    """Tell whether a whole environment is there, by this Python and in this folder."""
    made = _read_stamp(root)
    return environment_python(root).exists() and made[:2] == _stamp_lines(root)[:2]


def _first_on_path(names: tuple[str, ...]) -> str | None:
    return next(filter(None, map(shutil.which, names)), None)


def _can_use_apt() -> bool:
    is_root = os.name == "posix" and os.geteuid() == 0
    return is_root and shutil.which("apt-get") is not None


def _install_chromium_with_apt() -> None:
    say("Installing Chromium and fonts for the tests with apt-get (about a minute).")
    for package in BROWSER_PACKAGES:
        failure = _apt_install((package, FONTS_PACKAGE))
        if not failure:
            return
    raise SetupError(_no_chromium(failure))


def _apt_install(packages: Sequence[str]) -> str:
    """Install packages with apt-get; return why it failed, nothing when it did not."""
    install = ["install", "-y", "--no-install-recommends", *packages]
    for arguments in (["update"], install):
        done = run(["apt-get", *arguments], DEBIAN_FRONTEND="noninteractive", LC_ALL="C")
        if done.returncode:
            return f"apt-get {arguments[0]}: {_reason(done.stdout)}"
    return ""


def _install_servers_with_apt(missing: list[str], packages: list[str]) -> None:
    say(f"Installing {' and '.join(packages)} for the tests with apt-get (about a minute).")
    with _no_service_starts():
        failure = _apt_install(packages)
    if failure:
        raise SetupError(_no_servers(missing, failure))
    if shutil.which("systemctl"):
        services = [name for name in missing if " " not in name]
        run(["systemctl", "disable", "--quiet", *services])


@contextmanager
def _no_service_starts() -> Iterator[None]:
    """Tell Debian not to start the services that it installs, unless it is told already.

    What a killed run left behind says itself that it no longer holds.
    """
    if SERVICE_POLICY.exists() and _POLICY_TEXT[:40] not in SERVICE_POLICY.read_text("utf-8"):
        yield
        return
    SERVICE_POLICY.write_text(_POLICY_TEXT.format(pid=os.getpid()), encoding="utf-8")
    try:
        SERVICE_POLICY.chmod(0o755)
        yield
    finally:
        SERVICE_POLICY.unlink()


def _no_servers(missing: list[str], reason: str) -> str:
    packages = " ".join(SERVERS[name] for name in missing)
    return (
        f"The tests need {', '.join(missing)}, and cannot install it ({reason}). Install it "
        f"yourself (Debian, Ubuntu: apt-get install {packages}), then start again."
    )


def _chromium_from_playwright(python: Path) -> Path:
    """Return Playwright's own Chromium, downloaded first unless an earlier run did."""
    path = _playwright_path(python)
    if not path.exists():
        say("Downloading Chromium for the tests with Playwright (a few minutes).")
        done = run([str(python), "-m", "playwright", "install", "chromium"])
        if done.returncode or not path.exists():
            raise SetupError(_no_chromium(f"playwright install: {_reason(done.stdout)}"))
    return path


def _playwright_path(python: Path) -> Path:
    code = (
        "from playwright.sync_api import sync_playwright as start\n"
        "with start() as playwright: print(playwright.chromium.executable_path)"
    )
    asked = run([str(python), "-c", code])
    if asked.returncode:
        raise SetupError(_no_chromium(f"playwright: {_reason(asked.stdout)}"))
    return Path(asked.stdout.splitlines()[-1])


def _no_chromium(reason: str) -> str:
    return (
        f"The tests need Chromium, and it cannot be installed ({reason}). Install Chromium or "
        "Google Chrome yourself, or set CHROMIUM to its path, then start again."
    )
