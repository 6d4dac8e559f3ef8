"""What the tests share: the real content, a copy to break, the built site, a browser."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Response,
    ViewportSize,
    sync_playwright,
)

from scripts.bootstrap import find_chromium
from scripts.content.check import check_project
from scripts.content.languages import load_languages
from scripts.content.project import Project, load_project
from scripts.faults import ROOT, FaultsError
from scripts.publish.headers import IMMUTABLE, REVALIDATE, SECURITY_HEADERS, is_hashed
from scripts.publish.releases import Publication
from scripts.site.assets import minified
from scripts.site.macros import MACROS
from scripts.site.view import WITH_KIT
from tests.copies import BUILT_FROM, copy_project
from tests.engines import STARTED
from tests.servers import Server, running_caddy, running_nginx

TODAY = date(2026, 11, 23)
PREFIX = "/valais"
SITE_URL = f"https://cms.example{PREFIX}/"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of the built site last, so that no worker waits while another builds it."""
    items.sort(key=lambda one: "site" in getattr(one, "fixturenames", ()))


@pytest.fixture(scope="session")
def project() -> Project:
    """The real content."""
    return load_project()


COMPLETE = [one.code for one in load_languages(ROOT / "mkdocs.yml") if not one.is_growing]
"""The languages of which nothing may be missing."""
FEW = ("fr", "de", "en", "ar")
"""The languages of copies that are made to be broken: enough of each kind, and fast."""


def copied_project(
    target: Path, folders: Sequence[str] = BUILT_FROM, codes: Collection[str] = FEW
) -> Path:
    """Copy what a build needs, or some folders of it, with a few languages; return the place."""
    return copy_project(target, codes, folders)


class ContentCopy:
    """A copy of the content in a few languages, to break one thing at a time."""

    def __init__(
        self,
        root: Path,
        codes: Collection[str] = FEW,
        folders: Sequence[str] = ("docs", "scripts/rules"),
    ) -> None:
        self.root = copied_project(root, folders, codes)

    def replace(self, path: str, old: str, new: str) -> None:
        """Replace the first occurrence of a text that must be there."""
        file = self.root / path
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{path} holds no {old!r}"
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    def faults(self) -> list[str]:
        """Return the messages of all faults, with file names as in the project."""
        try:
            found = check_project(load_project(self.root), TODAY, MACROS).all_faults
        except FaultsError as error:
            found = tuple(error.faults)
        return [str(fault).replace(f"{self.root.as_posix()}/", "") for fault in found]

    def warnings(self) -> list[str]:
        """Return the messages of all warnings."""
        found = check_project(load_project(self.root), TODAY, MACROS).warnings
        return [str(fault).replace(f"{self.root.as_posix()}/", "") for fault in found]


@pytest.fixture
def copy(tmp_path: Path) -> ContentCopy:
    """A copy of the real content that a test may change."""
    return ContentCopy(tmp_path)


def run_mkdocs_build(
    root: Path, *options: str, site_url: str | None = None, with_kit: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run `mkdocs build` in a project or a copy of one, with that copy's own code.

    The pages link to the kit as those of a published site do, if it is not told otherwise.
    """
    variables = {key: value for key, value in os.environ.items() if key != "SITE_URL"}
    variables |= {"PYTHONPATH": str(root), "NO_MKDOCS_2_WARNING": "1"}
    variables |= {WITH_KIT: "1"} if with_kit else {}
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", *options],
        cwd=root,
        env=variables | ({"SITE_URL": site_url} if site_url else {}),
        capture_output=True,
        text=True,
        check=False,
    )


def build_site(target: Path) -> None:
    """Build the real site for `SITE_URL`; AssertionError with its output when it fails."""
    done = run_mkdocs_build(ROOT, "--strict", "--site-dir", str(target), site_url=SITE_URL)
    assert done.returncode == 0, done.stdout + done.stderr


def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of this test run that all workers see."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The really built site, made once for all workers."""
    target = shared_folder(tmp_path_factory) / "built-site"
    with FileLock(f"{target}.lock"):
        if not target.exists():
            build_site(target)
    return target


@functools.cache
def shipped(path: str) -> str:
    """Return the outline of a drawing as readers get it, with the fewest figures."""
    page = minified("page.html", f'<svg><path d="{path}"/></svg>')
    return page.partition('d="')[2].partition('"')[0]


class Quiet(SimpleHTTPRequestHandler):
    """A host that sends no headers of ours, and says nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def cache_control(path: str) -> str:
    """Return how long a browser or CDN may keep the file with this path."""
    return IMMUTABLE if is_hashed(path) else REVALIDATE


class SiteHandler(Quiet):
    """Serves the site below a sub-path, with its headers and 404 page, and says nothing."""

    def translate_path(self, path: str) -> str:
        inner = path.removeprefix(PREFIX) if path.startswith(PREFIX + "/") else "/outside"
        return super().translate_path(inner)

    def send_response(self, code: int, message: str | None = None) -> None:
        self.found = code < 400
        super().send_response(code, message)

    def end_headers(self) -> None:
        kept = cache_control(self.path if self.found else "")
        for name, value in {**SECURITY_HEADERS, "Cache-Control": kept}.items():
            self.send_header(name, value)
        super().end_headers()

    def send_error(self, code: int, *_: object) -> None:
        body = (Path(self.directory) / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving(handler: Callable[..., BaseHTTPRequestHandler]) -> Iterator[str]:
    """Answer requests on a free port of this machine; give the address, without a slash."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def serving_site(site: Path, asked: list[str] | None = None) -> Iterator[str]:
    """Serve a built site below a sub-path; note in `asked` the path of every request."""

    class Noting(SiteHandler):
        def do_GET(self) -> None:
            if asked is not None:
                asked.append(self.path)
            super().do_GET()

    with serving(functools.partial(Noting, directory=str(site))) as address:
        yield f"{address}{PREFIX}/"


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Where the built site is served, below a sub-path."""
    with serving_site(site) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium; a missing one is a failure."""
    chromium = os.environ.get("CHROMIUM") or find_chromium()
    assert chromium, "no Chromium: run `python3 -m scripts test`, which brings one"
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=str(chromium), args=arguments)
        yield browser
        browser.close()


PHONE: ViewportSize = {"width": 360, "height": 740}


@contextmanager
def phone_without_worker(browser: Browser, script: str = "") -> Iterator[Page]:
    """Give a page on a phone whose worker keeps no file, with a script before each page's own."""
    with browser.new_context(viewport=PHONE, service_workers="block") as context:
        context.set_default_timeout(5000)
        context.add_init_script(script)
        yield context.new_page()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A phone of 360 pixels, whose worker keeps no file."""
    with browser.new_context(viewport=PHONE, service_workers="block") as context:
        context.set_default_timeout(5000)
        yield context


def wait_in_page(page: Page, condition: str, argument: object = None) -> None:
    """Wait until a function of the page says that something is so; fail after 15 seconds.

    Playwright's own `wait_for_function` takes the promise of an asynchronous one for a yes.

    Args:
        page: the page.
        condition: the function in JavaScript; it may be asynchronous.
        argument: what it is called with.
    """
    page.evaluate(
        f"""(argument) => new Promise((resolve, reject) => {{
          const holds = {condition};
          const look = async () => {{
            if (await holds(argument)) resolve();
            else setTimeout(look, 20);
          }};
          setTimeout(reject, 15_000, Error(`never: ${{JSON.stringify(argument)}}`));
          look();
        }})""",
        argument,
    )


def started(page: Page) -> None:
    """Wait for the page's script, which comes after the first paint, where there is one."""
    page.evaluate(STARTED)


def go(page: Page, address: str, **options: Any) -> Response | None:
    """Open an address and wait for the page and its script; return the answer."""
    answer = page.goto(address, **options)
    started(page)
    return answer


@pytest.fixture
def open_page(context: BrowserContext, address: str) -> Callable[[str], Page]:
    """Open a page of the site by its path, such as `fr/self-check/`."""

    def opened(path: str) -> Page:
        page = context.new_page()
        go(page, address + path)
        return page

    return opened


@pytest.fixture(scope="session")
def published(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the built site as its first release, below the sub-path of `SITE_URL`.

    Made once for all workers, and compressed in a second, not in half a minute: servers send the
    forms that lie there, however small they are.

    It holds `current`, and `www`, which a server with a sub-path serves. In the release lie
    hidden files, as an editor or a version control would leave them.
    """
    folder = shared_folder(tmp_path_factory) / "published"

    def build(draft: Path) -> None:
        shutil.copytree(site, draft)
        for name in (".env", "fr/.htpasswd", ".git/config"):
            (draft / name).parent.mkdir(exist_ok=True)
            (draft / name).write_text("SECRET")
        (draft / ".well-known/acme-challenge").mkdir(parents=True)
        (draft / ".well-known/acme-challenge/a-token_1").write_text("proof")

    with FileLock(f"{folder}.lock"), pytest.MonkeyPatch.context() as patch:
        patch.setattr("scripts.publish.compress.BROTLI_QUALITY", 4)
        if not (folder / "www").exists():
            Publication(folder).publish(build)
            (folder / "www").mkdir()
            (folder / "www" / PREFIX.strip("/")).symlink_to("../current")
    return folder


@pytest.fixture(scope="session")
def nginx(published: Path) -> Iterator[Server]:
    """The real nginx with the committed configuration, serving what is published."""
    with running_nginx(published / "www", f"{PREFIX}/") as server:
        yield server


@pytest.fixture(scope="session")
def caddy(published: Path) -> Iterator[Server]:
    """The real Caddy, likewise."""
    with running_caddy(published / "www", f"{PREFIX}/") as server:
        yield server
