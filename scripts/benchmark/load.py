"""How many readers one machine carries: nginx with the committed configuration under load."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from scripts.benchmark import Table
from scripts.benchmark.projects import Workspace
from scripts.bootstrap import SetupError, find_program
from scripts.publish.releases import Publication
from tests.servers import Server, running_nginx

PAGES = ("fr/", "fr/self-check/", "fr/rights/appeal/")
CONNECTIONS = 200
SECONDS = 10
THREADS = 2
HEAD = ("page", "requests/s", "MB/s", "99 of 100 within", "errors")
NOTE = f"nginx, {CONNECTIONS} connections for {SECONDS} s a page, brotli, wrk on the same machine."
_MORE = 30
"""Seconds that wrk may take beyond those it measures."""
_UNITS = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3}


@dataclass(frozen=True)
class Load:
    """What wrk found for one page.

    Args:
        page: the path of the page.
        requests: answers a second.
        size: bytes a second, as sent.
        slowest: the time in which 99 of 100 answers came, as wrk writes it (`12.34ms`).
        errors: requests that failed, or were answered with anything but the page.
    """

    page: str
    requests: float
    size: float
    slowest: str
    errors: int


def run(workspace: Workspace) -> list[Table]:
    """Put load on nginx with the published site of all languages."""
    _require_wrk()
    site = workspace.site("ours", workspace.counts[-1])
    return [load_table(measure_load(partial(shutil.copytree, site)))]


def load_table(loads: Iterable[Load]) -> Table:
    """Return the table of all pages."""
    return Table(HEAD, tuple(map(_cells, loads)), NOTE)


def measure_load(build: Callable[[Path], None]) -> list[Load]:
    """Publish the site, put load on nginx, and return what each page bore.

    Args:
        build: writes the site into the folder it is given, which is not there yet.

    Raises:
        SetupError: wrk or nginx is missing.
    """
    _require_wrk()
    with tempfile.TemporaryDirectory(prefix="load-") as folder:
        publication = Publication(Path(folder))
        publication.publish(build)
        with running_nginx(publication.current, workers=THREADS) as server:
            return [_measure(server, page) for page in PAGES]


def read_wrk(page: str, said: str) -> Load:
    """Read what wrk printed.

    Raises:
        SetupError: it does not hold what wrk prints at its end.
    """
    requests = re.search(r"Requests/sec:\s+([\d.]+)", said)
    size = re.search(r"Transfer/sec:\s+([\d.]+)([KMG]?)B", said)
    slowest = re.search(r"99%\s+(\S+)", said)
    if not (requests and size and slowest):
        raise SetupError(f"wrk did not measure: {' '.join(said.split()) or 'it said nothing'}")
    failed = re.findall(r"(?:connect|read|write|timeout|responses:) (\d+)", said)
    rate = float(size[1]) * _UNITS[size[2]]
    return Load(page, float(requests[1]), rate, slowest[1], sum(map(int, failed)))


def _cells(load: Load) -> tuple[str, ...]:
    speed, size = f"{load.requests:,.0f}", f"{load.size / 1e6:.1f}"
    return (f"`{load.page}`", speed, size, load.slowest, str(load.errors))


def _require_wrk() -> None:
    if not find_program("wrk"):
        raise SetupError("The load test needs wrk (Debian, Ubuntu: apt-get install wrk).")


def _measure(server: Server, page: str) -> Load:
    command = [str(find_program("wrk")), f"-t{THREADS}", f"-c{CONNECTIONS}", f"-d{SECONDS}s"]
    command += ["--latency", "-H", "Accept-Encoding: br", server.address + page]
    done = subprocess.run(
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS + _MORE,
    )
    return read_wrk(page, done.stdout)
