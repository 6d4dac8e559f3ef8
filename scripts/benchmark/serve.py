"""How long it takes from saving a page until the served site shows it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from scripts.benchmark import Table
from scripts.benchmark.projects import Workspace
from scripts.content.pages import FRONT_MATTER

EDITS = 5
LONGEST = 60.0
"""Seconds after which an edit that is not seen ends the measurement."""
PAGE = "rights/appeal"
ALPHABETS = {"fr": "abcdefghij", "ar": "ابتثجحخدذر"}
"""Letters of the language, in which each edit writes a word that was never there before."""


def run(workspace: Workspace) -> list[Table]:
    """Edit a page of some languages several times and wait for it."""
    root = workspace.project("ours", workspace.counts[-1])
    rows = []
    with _serving(root) as address:
        for code, letters in ALPHABETS.items():
            file = root / "docs" / code / f"{PAGE}.md"
            text = file.read_text(encoding="utf-8")
            times = [
                _seconds_until_shown(file, text, _new_word(letters), address, code)
                for _ in range(EDITS)
            ]
            rows.append((code, *(f"{value:.2f}" for value in (median(times), max(times)))))
    note = (
        f"Seconds from saving docs/LANG/{PAGE}.md to the new text in an answer, {EDITS} edits "
        f"each, {workspace.counts[-1]} languages served. An edit in French changes the pages of "
        "its translations, too: they are stale then."
    )
    return [Table(("edited in", "median", "longest"), tuple(rows), note)]


def _new_word(letters: str) -> str:
    return "".join(letters[int(digit)] for digit in str(time.time_ns()))


def _seconds_until_shown(file: Path, text: str, word: str, address: str, code: str) -> float:
    head = FRONT_MATTER.match(text)
    end = head.end() if head else 0
    page = f"{address}{code}/{PAGE}/"
    file.write_text(f"{text[:end]}{word} {text[end:].lstrip()}", encoding="utf-8")
    start = time.perf_counter()
    while word not in _fetch(page):
        if time.perf_counter() - start > LONGEST:
            raise TimeoutError(f"{file} was edited, and {page} does not show it")
        time.sleep(0.01)
    return time.perf_counter() - start


def _fetch(address: str) -> str:
    with urllib.request.urlopen(address, timeout=LONGEST) as answer:
        return str(answer.read().decode())


@contextmanager
def _serving(root: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "scripts.commands", "serve", "--port", str(port)],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}/"
    try:
        _wait_until_served(process, address)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def _wait_until_served(process: subprocess.Popen[bytes], address: str) -> None:
    start = time.perf_counter()
    while time.perf_counter() - start < 3 * LONGEST:
        if process.poll() is not None:
            raise RuntimeError("the server has ended before it served")
        try:
            _fetch(address)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"nothing is served on {address}")
