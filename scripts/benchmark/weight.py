"""What a reader's phone fetches: bytes and requests, counted by the server Chromium asks."""

from __future__ import annotations

import gzip
import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from typing import Any

from scripts.benchmark import Table
from scripts.benchmark.projects import KINDS, Workspace, choose_languages, page_address
from scripts.content.project import load_project
from scripts.faults import ROOT
from tests.machine import ensure_chromium

FURTHER = "rights/appeal"
_TEXT = ("text/", "application/javascript", "application/json", "image/svg", "application/xml")


@dataclass(frozen=True)
class Visit:
    """What was fetched: how many answers, and the bytes of their bodies as sent."""

    requests: int
    bytes: int


def run(workspace: Workspace) -> list[Table]:
    """Open the home page, then a further one, in every language of both sites."""
    from playwright.sync_api import sync_playwright

    count = workspace.counts[-1]
    codes = choose_languages(load_project(ROOT), count)
    chromium = str(ensure_chromium())
    found = {}
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        for kind in KINDS:
            with _served_and_counted(workspace.site(kind, count)) as (home, log):
                found[kind] = [_measure_visits(browser, home, kind, code, log) for code in codes]
        browser.close()
    rows = [_row(name, *([one[i] for one in found[kind]] for kind in KINDS)) for i, name in _NAMES]
    note = (
        f"Median (largest) of {count} languages; gzip level 6; Chromium, first visit with an empty "
        f"cache on the home page, then {FURTHER}. Stock: without web fonts."
    )
    head = ("", "ours: bytes", "stock: bytes", "ratio", "ours: requests", "stock: requests")
    return [Table(head, tuple(rows), note)]


_NAMES = ((0, "first visit"), (1, "further page"))


def _row(name: str, ours: list[Visit], stock: list[Visit]) -> tuple[str, ...]:
    sizes = [[visit.bytes for visit in visits] for visits in (ours, stock)]
    requests = [[visit.requests for visit in visits] for visits in (ours, stock)]
    return (
        name,
        *(f"{median(one):.0f} ({max(one)})" for one in sizes),
        f"{median(sizes[0]) / median(sizes[1]):.3f}",
        *(f"{median(one):.0f} ({max(one)})" for one in requests),
    )


def _measure_visits(
    browser: Any, home: str, kind: str, code: str, log: list[int]
) -> tuple[Visit, Visit]:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    visits = []
    for path in ("index", FURTHER):
        log.clear()
        page.goto(home + page_address(kind, code, path), wait_until="networkidle")
        visits.append(Visit(len(log), sum(log)))
    context.close()
    return visits[0], visits[1]


@contextmanager
def _served_and_counted(site: Path) -> Iterator[tuple[str, list[int]]]:
    """Serve a site as a host does; give its address and the sizes of the answers."""
    log: list[int] = []
    handler = partial(_CountingHandler, log, directory=str(site))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", log
    finally:
        server.shutdown()
        server.server_close()


class _CountingHandler(SimpleHTTPRequestHandler):
    """Compresses text, lets pages be asked for again and everything else be kept."""

    protocol_version = "HTTP/1.1"

    def __init__(self, log: list[int], *args: Any, **kwargs: Any) -> None:
        self._log = log
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        """Answer with a file, or with the 404 page."""
        file = Path(self.translate_path(self.path))
        file = file / "index.html" if file.is_dir() else file
        status = 200 if file.is_file() else 404
        file = file if file.is_file() else Path(self.directory) / "404.html"
        body, kind = file.read_bytes(), mimetypes.guess_type(file.name)[0] or "text/plain"
        self.send_response(status)
        if kind.startswith(_TEXT):
            body = gzip.compress(body, 6)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        kept = "no-cache" if file.suffix == ".html" else "max-age=31536000"
        self.send_header("Cache-Control", kept)
        self.end_headers()
        self._log.append(len(body))
        with suppress(BrokenPipeError):  # the page was left before its answer came
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
