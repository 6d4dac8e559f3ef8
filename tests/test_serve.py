"""The served site: built from the files, built again on a change, not ended by a fault."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import copied_project

LONGEST = 180
"""Seconds after which a server that says nothing is ended, so that the test fails."""


@contextmanager
def serving(root: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Serve a copy of the project; give the process and the address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "scripts.commands", "serve", "--port", str(port)],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    guard = threading.Timer(LONGEST, os.killpg, (process.pid, signal.SIGTERM))
    guard.start()
    try:
        yield process, f"http://127.0.0.1:{port}/"
    finally:
        guard.cancel()
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """Return what the process says up to a line with these words; fail when it ends before."""
    said = []
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line)
        if words in line:
            return "".join(said)
    raise AssertionError("".join(said))


def page(address: str) -> str:
    with urllib.request.urlopen(address, timeout=LONGEST) as answer:
        return str(answer.read().decode())


def test_an_edit_is_served_and_a_fault_is_told_without_ending_the_server(tmp_path: Path) -> None:
    root = copied_project(tmp_path)
    source = root / "docs/fr/rights/appeal.md"
    text = source.read_text(encoding="utf-8")
    with serving(root) as (process, address):
        said = read_until(process, "Serving on")
        assert "social-aid: ar: 23 pages" in said
        assert "C’est votre droit." in page(f"{address}fr/rights/appeal/")
        source.write_text(text.replace("term:appeal", "term:nothing"), encoding="utf-8")
        read_until(process, "docs/fr/rights/appeal.md:5: term 'nothing' is unknown")
        source.write_text(text.replace("C’est votre droit.", "C’est bien ça."), encoding="utf-8")
        read_until(process, "Reloading browsers")
        assert "C’est bien ça." in page(f"{address}fr/rights/appeal/")
