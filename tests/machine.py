"""What the tests need of the machine: browsers and web servers, installed where they are not.

Whatever is missing and cannot be had is an error: no test is ever skipped for it.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts import bootstrap
from scripts.bootstrap import FONTS_PACKAGE, SetupError, find_chromium, find_program, last_line

CHROMIUM_PACKAGES = ("chromium-headless-shell", "chromium")
"""The Debian packages of a Chromium, the fastest first; the first that there is will do."""
FIREFOX_NAMES = ("firefox-esr", "firefox")
LIBRARIES = {
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
NGINX_MODULE = "ngx_http_brotli_static_module.so"
NGINX_MODULES = ("/usr/lib/nginx/modules", "/usr/share/nginx/modules", "/usr/lib64/nginx/modules")
SERVER_PACKAGES = ("nginx", "libnginx-mod-http-brotli-static", "caddy")
SERVICE_STARTERS = ("invoke-rc.d", "update-rc.d", "deb-systemd-invoke", "deb-systemd-helper")
"""The programs by which a Debian package starts its service, now and with the machine."""


def ensure_machine() -> Path:
    """Install what is missing, and return the Chromium to test with.

    Raises:
        SetupError: something is missing and cannot be installed.
    """
    packages = missing_packages()
    if packages:
        with _no_service_starts() as option:
            bootstrap.install_packages("Firefox and web servers for the tests", packages, option)
        if still := missing_packages():
            raise SetupError(f"apt-get installed {', '.join(still)}, and it is not found.")
    return ensure_chromium()


def missing_packages() -> list[str]:
    """Return the Debian packages of what is not on this machine, Chromium apart."""
    libraries = LIBRARIES if sys.platform == "linux" else {}
    found = {
        FIREFOX_NAMES[0]: find_firefox(),
        **{package: bootstrap.has_library(name) for name, package in libraries.items()},
        **dict(
            zip(
                SERVER_PACKAGES,
                (find_program("nginx"), nginx_module(), find_program("caddy")),
                strict=True,
            )
        ),
    }
    return [package for package, is_there in found.items() if not is_there]


def find_firefox() -> Path | None:
    """Return the Firefox on PATH, None without it."""
    found = next(filter(None, map(shutil.which, FIREFOX_NAMES)), None)
    return Path(found) if found else None


def nginx_module() -> Path | None:
    """Return nginx's module for brotli files, None without it."""
    files = (Path(folder) / NGINX_MODULE for folder in NGINX_MODULES)
    return next((file for file in files if file.is_file()), None)


def ensure_chromium() -> Path:
    """Return a Chromium, installed with apt-get or else with Playwright where there is none.

    Raises:
        SetupError: there is none and none can be installed.
    """
    if found := find_chromium():
        return found
    if not bootstrap.can_use_apt():
        return _chromium_of_playwright()
    for package in CHROMIUM_PACKAGES:
        try:
            bootstrap.install_packages("Chromium and fonts", (package, FONTS_PACKAGE))
        except SetupError as error:
            failure = error
        else:
            if found := find_chromium():
                return found
            failure = SetupError(f"apt-get installed {package}, and it is not on PATH.")
    raise failure


@contextmanager
def _no_service_starts() -> Iterator[str]:
    """Give the option by which apt-get starts no service that it installs.

    Packages find idle programs in place of those that start services. Whatever happens, no file
    is left in the system.
    """
    with TemporaryDirectory(prefix="no-services-") as folder:
        for name in SERVICE_STARTERS:
            (Path(folder) / name).write_text("#!/bin/sh\n", encoding="utf-8")
            (Path(folder) / name).chmod(0o755)
        yield f"-oDPkg::Path={folder}:/usr/sbin:/usr/bin:/sbin:/bin"


def _chromium_of_playwright() -> Path:
    """Return Playwright's own Chromium, downloaded first unless an earlier run did."""
    code = (
        "from playwright.sync_api import sync_playwright as start\n"
        "with start() as playwright: print(playwright.chromium.executable_path)"
    )
    path = Path(_said([sys.executable, "-c", code]))
    if not path.exists():
        bootstrap.say("Downloading Chromium for the tests with Playwright (a few minutes).")
        _said([sys.executable, "-m", "playwright", "install", "chromium"])
    return path


def _said(command: list[str]) -> str:
    """Return the last line that a program prints.

    Raises:
        SetupError: it fails.
    """
    done = bootstrap.run_quietly(command)
    if done.returncode:
        raise SetupError(
            f"The tests need Chromium, and Playwright cannot bring it ({last_line(done.stdout)}). "
            "Install Chromium or Google Chrome, or set CHROMIUM to its path, then start again."
        )
    return last_line(done.stdout)
