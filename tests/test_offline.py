"""Without network, in a real browser: pages read, a language kept, versions never mixed."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import re
import shutil
import struct
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from lxml import html
from playwright.sync_api import Browser, BrowserContext, Page, expect

from scripts.content.project import Project
from scripts.faults import ROOT
from scripts.site.offline import ICONS, offline_bundle, with_versions
from tests.conftest import (
    COMPLETE,
    PREFIX,
    SITE_URL,
    copied_project,
    go,
    run_mkdocs_build,
    started,
    wait_in_page,
)

pytestmark = pytest.mark.xdist_group("offline")
"""One worker makes both builds for all these tests."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; media-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".png": "image/png",
}
HASHED_PATH = re.compile(r"\.[0-9a-f]{8}\.\w+$")
BUNDLE_BUDGET = 180_000
"""Bytes of a whole language, gzip level 6.

German, the largest, has 175,000: 31,000 are the table of all that is shared (in the official
languages alone), 9,000 the pictures and the map, 7,000 the list of communes.
"""
WORKER_BUDGET = 1_290
SECOND_BUILD = "Voici la deuxième version."
NO_NETWORK = "Vous n’avez pas de réseau."


class Host:
    """A small host of one build, below a sub-path, as a real one: gzip, ETag, cache rules.

    It counts what is asked for and can be told to fail: `cut` answers nothing at all, `dying`
    names a path whose answer ends in the middle, `stalled` one that waits for `released`.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.asked: list[str] = []
        self.cut = False
        self.dying: str | None = None
        self.stalled: str | None = None
        self.truncated: str | None = None
        self.released = threading.Event()
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                host.answer(self)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}{PREFIX}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Let go of what waits, and of the port."""
        self.released.set()
        self.server.shutdown()
        self.server.server_close()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        path = request.path.split("?")[0].removeprefix(f"{PREFIX}/")
        if self.cut:
            return
        self.asked.append(path)
        if path == self.stalled:
            self.released.wait(60)
        file = self.root / path
        file = file / "index.html" if file.is_dir() else file
        status = 200 if file.is_file() else 404
        body = (file if status == 200 else self.root / "404.html").read_bytes()
        kind = TYPES[file.suffix if status == 200 else ".html"]
        mark = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if status == 200 and request.headers.get("If-None-Match") == mark:
            status, body = 304, b""
        if path == self.truncated:
            body = body[: len(body) // 2]
        if kind != "image/png" and body:
            body = gzip.compress(body, 6)
        request.send_response(status)
        forever = HASHED_PATH.search(path)
        rule = "public, max-age=31536000, immutable" if forever else "no-cache"
        headers = {"Content-Type": kind, "ETag": mark, "Cache-Control": rule}
        headers |= {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff"}
        if kind != "image/png" and body:
            headers["Content-Encoding"] = "gzip"
        headers["Content-Length"] = str(len(body))
        for name, value in headers.items():
            request.send_header(name, value)
        request.end_headers()
        with contextlib.suppress(BrokenPipeError):  # the reader went away
            request.wfile.write(body[: len(body) // 2] if path == self.dying else body)


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two builds of French alone, the second with one more sentence on every page."""
    folder = tmp_path_factory.mktemp("offline")
    first, second = folder / "first", folder / "second"
    root = copied_project(folder / "source", codes=("fr",))
    readings = root / "scripts/rules/readings.yml"
    if not re.search(r"^- ", readings.read_text(encoding="utf-8"), re.MULTILINE):
        readings.write_text("[]\n", encoding="utf-8")
    _build(root, first)
    wording = root / "scripts/rules/wording/fr.yml"
    text = wording.read_text(encoding="utf-8")
    changed = re.sub(r'(  not_official: "[^"]*)"', rf'\1 {SECOND_BUILD}"', text, count=1)
    assert changed != text
    wording.write_text(changed, encoding="utf-8")
    with (root / "overrides/assets/stylesheets/site.css").open("a") as styles:
        styles.write("\nmain { outline: 1px solid; }\n")
    _build(root, second)
    return first, second


def _build(root: Path, target: Path) -> None:
    done = run_mkdocs_build(root, "--strict", site_url=SITE_URL)
    assert done.returncode == 0, done.stdout + done.stderr
    shutil.copytree(root / "site", target)


@pytest.fixture
def host(builds: tuple[Path, Path]) -> Iterator[Host]:
    """The first build, served."""
    host = Host(builds[0])
    yield host
    host.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A phone of 360 pixels, with nothing stored, that notes what its pages complain of."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, service_workers="allow")
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """Its page."""
    return context.new_page()


HOLDS = """([test, argument]) => {
  const root = new URL("/valais/", location.href).href;
  const inSet = async (path, version) => {
    for (const name of await caches.keys())
      if (name.startsWith(root) && name.endsWith(version ?? ""))
        if (await (await caches.open(name)).match(root + path)) return true;
    return false;
  };
  const tests = {
    stored: async (path) => navigator.serviceWorker.controller && (await inSet(path)),
    storedIn: ([path, version]) => inSet(path, version),
    onlyVersion: async (version) => {
      const names = (await caches.keys()).filter((name) => name.startsWith(root + "fr"));
      return names.length > 0 && names.every((name) => name.endsWith(version));
    },
    told: () => window.told,
    brought: async () => {
      const urls = (await (await caches.open("sets")).keys()).map(({ url }) => url);
      return ["offline.", "offline.all."].every((name) =>
        urls.some((url) => RegExp(`/${name}[0-9a-f]{8}\\.js`).test(url)));
    },
    pages: async (count) => {
      const name = (await caches.keys()).find((one) => one.startsWith(root + "fr"));
      return (await (await caches.open(name)).keys()).length === count;
    },
    shows: (state) =>
      [...document.querySelectorAll(`p[data-when~=${state}]`)].some((one) => !one.hidden),
  };
  return tests[test](argument);
}"""


def wait_for(page: Page, test: str, argument: object = None) -> None:
    """Wait inside the page until something is so; fail after 15 seconds."""
    wait_in_page(page, HOLDS, [test, argument])


def visit(page: Page, host: Host, path: str) -> None:
    """Open a page and wait until the worker has stored it."""
    go(page, host.address + path)
    wait_for(page, "stored", path)


def version_of(build: Path) -> str:
    """Return the version that a build's pages carry."""
    found = re.search(r"data-version=(\w+)", (build / "fr/index.html").read_text("utf-8"))
    assert found
    return found[1]


def shown_version(page: Page) -> str:
    """Return the version of the page that is shown."""
    return str(page.evaluate("document.documentElement.dataset.version"))


def keep_french(page: Page, host: Host) -> None:
    """Press the button on the phone page and wait for the end."""
    visit(page, host, "fr/phone/")
    page.click("[data-do=keep]:visible")
    wait_for(page, "shows", "kept")


# Pages read ---------------------------------------------------------------------------------


def test_a_first_visit_asks_for_four_files_and_is_readable_offline(page: Page, host: Host) -> None:
    visit(page, host, "fr/rights/appeal/")
    names = [re.sub(r"\.[0-9a-f]{8}\.", ".", path) for path in host.asked]
    assert sorted(names) == ["assets/site.css", "assets/site.js", "fr/rights/appeal/", "sw.js"]
    host.cut = True
    page.reload()
    started(page)
    assert "recours" in page.inner_text("h1")
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.md-header__inner')).display")
        == "flex"
    )


def test_the_second_page_brings_what_is_said_without_network_and_a_further_one_is_one_request(
    page: Page, host: Host
) -> None:
    visit(page, host, "fr/")
    host.asked.clear()
    visit(page, host, "fr/permit/")
    wait_for(page, "brought")
    names = [re.sub(r"\.[0-9a-f]{8}\.", ".", path) for path in host.asked]
    assert names[0] == "fr/permit/"
    assert sorted(names[1:]) == ["assets/offline.all.json", "assets/offline.js"]
    host.asked.clear()
    visit(page, host, "fr/words/")
    assert host.asked == ["fr/words/"]


def test_a_page_not_stored_is_said_to_be_missing_with_those_that_are(
    page: Page, host: Host
) -> None:
    visit(page, host, "fr/rights/appeal/")
    visit(page, host, "fr/permit/")
    host.cut = True
    go(page, host.address + "fr/rights/payment/")
    assert page.inner_text("h1") == NO_NETWORK
    assert page.title() == NO_NETWORK
    assert page.evaluate("document.documentElement.lang") == "fr-CH"
    links = page.eval_on_selector_all("main a", "all => all.map((one) => one.href)")
    assert links == [host.address + "fr/rights/appeal/", host.address + "fr/permit/"]
    assert "144" in page.inner_text("footer")
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.md-header__inner')).display")
        == "flex"
    )
    page.click("main a >> nth=0")
    expect(page).to_have_url(host.address + "fr/rights/appeal/")
    assert "recours" in page.inner_text("h1")


def test_a_language_without_stored_pages_gets_the_words_of_another(page: Page, host: Host) -> None:
    visit(page, host, "fr/permit/")
    host.cut = True
    go(page, host.address + "xx/permit/")
    assert page.inner_text("h1") == NO_NETWORK
    assert page.locator("main a").count() == 1


def test_the_browsers_offline_mode_is_enough(
    page: Page, context: BrowserContext, host: Host
) -> None:
    visit(page, host, "fr/")
    visit(page, host, "fr/permit/")
    context.set_offline(True)
    go(page, host.address + "fr/")
    assert page.inner_text("h1") == "Aide sociale en Valais"


@pytest.mark.parametrize("path", ["", "fr/"])
def test_the_chooser_and_a_home_page_read_once_open_offline(
    page: Page, host: Host, path: str
) -> None:
    visit(page, host, path)
    host.cut = True
    go(page, host.address + path + "?from=poster#top")
    assert "Aide sociale" in page.inner_text("h1")


def test_an_error_page_is_shown_and_not_stored(page: Page, host: Host) -> None:
    visit(page, host, "fr/")
    go(page, host.address + "fr/no-such-page/")
    assert page.inner_text("h1") == "404"
    host.cut = True
    go(page, host.address + "fr/no-such-page/")
    assert page.inner_text("h1") == NO_NETWORK


def test_a_page_cut_in_the_middle_is_not_stored(page: Page, host: Host) -> None:
    visit(page, host, "fr/")
    host.dying = "fr/permit/"
    page.goto(host.address + "fr/permit/", wait_until="commit")
    host.cut = True
    go(page, host.address + "fr/permit/")
    assert page.inner_text("h1") == NO_NETWORK


def test_a_network_that_says_nothing_does_not_keep_a_reader_waiting(page: Page, host: Host) -> None:
    visit(page, host, "fr/permit/")
    visit(page, host, "fr/")
    host.stalled = "fr/permit/"
    go(page, host.address + "fr/permit/")
    assert "permis" in page.inner_text("h1")
    assert not host.released.is_set()


def test_no_more_than_forty_pages_are_kept_and_the_oldest_go_first(page: Page, host: Host) -> None:
    visit(page, host, "fr/permit/")
    visit(page, host, "fr/")
    count = """async (count) => {
      const name = (await caches.keys()).find((one) => one.includes("/valais/fr"));
      const cache = await caches.open(name);
      for (let number = 0; number < count; number++)
        await cache.put(`/valais/fr/more-${number}/`, new Response("more"));
    }"""
    page.evaluate(count, 39)
    visit(page, host, "fr/words/")
    wait_for(page, "pages", 40)
    names = """async () => {
      const name = (await caches.keys()).find((one) => one.includes("/valais/fr"));
      const keys = await (await caches.open(name)).keys();
      return keys.map(({ url }) => new URL(url).pathname);
    }"""
    stored = page.evaluate(names)
    assert len(stored) == 40
    assert "/valais/fr/words/" in stored
    assert "/valais/fr/permit/" not in stored


# The language asked for ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def arabic_kept(site: Path, browser: Browser) -> Iterator[tuple[Page, str]]:
    """A phone without network, with Arabic kept and two French pages read, of all languages."""
    host = Host(site)
    context = browser.new_context(viewport={"width": 360, "height": 740}, service_workers="allow")
    context.set_default_timeout(10_000)
    page = context.new_page()
    for path in ("fr/", "fr/permit/", "ar/phone/"):
        visit(page, host, path)
    page.click("[data-do=keep]:visible")
    wait_for(page, "shows", "kept")
    host.cut = True
    yield page, host.address
    context.close()
    host.close()


@pytest.mark.parametrize(
    ("asked", "opened"),
    [
        ("ar/rights/", "ar/rights/"),
        ("ar/rights", "ar/rights/"),
        ("ar", "ar/"),
        ("ar/index.html", "ar/"),
        ("ar/rights/index.html?from=poster", "ar/rights/"),
        ("ar/rights/appeal/?a=b&c=d#do", "ar/rights/appeal/?a=b&c=d#do"),
        ("q/ar-rights", "ar/rights/"),
        ("q/ar-appeal/?from=poster", "ar/rights/appeal/"),
        ("q/ar-home", "ar/"),
        ("q/rights", "ar/rights/"),
        ("q/fr-permit#rules", "fr/permit/#rules"),
        ("index.html", ""),
    ],
)
def test_without_network_every_way_to_a_stored_page_opens_it(
    asked: str, opened: str, arabic_kept: tuple[Page, str], site: Path
) -> None:
    page, address = arabic_kept
    page.goto(address + asked)
    expect(page).to_have_url(address + opened)
    file = site / re.split("[?#]", opened)[0] / "index.html"
    title = html.document_fromstring(file.read_bytes()).findtext(".//title")
    expect(page).to_have_title(" ".join((title or "").split()))


@pytest.mark.parametrize(
    ("asked", "code", "listed"),
    [
        ("de/", "de", ["ar", "fr"]),
        ("q/de-appeal", "de", ["ar", "fr"]),
        ("ti/rights", "ti", ["ar", "fr"]),
        ("fr/rights/", "fr", ["fr", "ar"]),
        ("q/fr-rights", "fr", ["fr", "ar"]),
        ("ar/no-such-page/", "ar", ["ar", "fr"]),
        ("q/permit", "ar", ["ar", "fr"]),
        ("kit/poster.pdf", "ar", ["ar", "fr"]),
    ],
)
def test_without_network_a_page_not_stored_is_told_in_the_language_asked_for(
    asked: str, code: str, listed: list[str], arabic_kept: tuple[Page, str], project: Project
) -> None:
    page, address = arabic_kept
    page.goto(address + asked)
    words = project.wordings[code].texts
    expect(page).to_have_title(words["phone.offline"])
    expect(page.locator("h1")).to_have_text(words["phone.offline"])
    expect(page.locator("article > p")).to_have_text(words["phone.offline_pages"])
    language = project.language[code]
    expect(page.locator("html")).to_have_attribute("lang", language.tag)
    expect(page.locator("html")).to_have_attribute("dir", language.direction)
    sections = page.locator("article section")
    expect(sections).to_have_count(len(listed))
    for at, one in enumerate(listed):
        expect(sections.nth(at)).to_have_attribute("lang", project.language[one].tag)
        links = sections.nth(at).locator("a").evaluate_all("all => all.map((one) => one.href)")
        assert links
        assert {link.removeprefix(address).split("/")[0] for link in links} == {one}
        titles = [project.shown_page(project.language[one], path).title for path in project.menu]
        found = sections.nth(at).locator("a").all_text_contents()
        assert [one for one in titles if one in found] == [one for one in found if one in titles]
    if code in asked:
        assert page.locator("footer").count() == (code in listed), "a frame of another language"


# A language kept ----------------------------------------------------------------------------


def test_keeping_a_language_tells_its_size_stores_every_page_and_can_be_undone(
    page: Page, host: Host, builds: tuple[Path, Path]
) -> None:
    visit(page, host, "fr/phone/")
    bundle = len(gzip.compress((builds[0] / "offline/fr.json").read_bytes(), 6))
    button = page.locator("[data-do=keep]:visible")
    assert f"({-(-bundle // 1000)}\u00a0Ko)" in button.inner_text()
    host.asked.clear()
    button.click()
    wait_for(page, "shows", "kept")
    lazy = [re.sub(r"\.[0-9a-f]{8}\.", ".", path) for path in host.asked]
    assert lazy == ["assets/keep.js", "offline/fr.json"]
    assert page.evaluate("document.activeElement.dataset.do") == "remove"
    host.cut = True
    for file in sorted((builds[0] / "fr").rglob("index.html")):
        path = file.parent.relative_to(builds[0]).as_posix() + "/"
        answer = go(page, host.address + path)
        assert answer
        assert (answer.status, answer.body()) == (200, file.read_bytes()), path
        assert answer.headers["content-security-policy"] == POLICY
    go(page, host.address + "fr/phone/")
    wait_for(page, "shows", "kept")
    page.click("[data-do=remove]:visible")
    wait_for(page, "shows", "none")
    go(page, host.address + "fr/permit/")
    assert page.inner_text("h1") == NO_NETWORK


def test_the_self_check_works_from_the_kept_language_alone(page: Page, host: Host) -> None:
    keep_french(page, host)
    host.cut = True
    go(page, host.address + "fr/self-check/")
    page.check("fieldset:not([hidden]) input[value=no]")
    page.click("[data-self-check] button[type=submit]")
    page.locator("[data-result][data-outcome=elsewhere]").wait_for()


def test_the_chooser_comes_with_a_kept_language(page: Page, host: Host) -> None:
    keep_french(page, host)
    host.cut = True
    go(page, host.address)
    assert page.locator(".choices a").count() == 1


def test_progress_is_shown_and_keeping_can_be_stopped(page: Page, host: Host) -> None:
    visit(page, host, "fr/phone/")
    host.stalled = "offline/fr.json"
    page.click("[data-do=keep]:visible")
    wait_for(page, "shows", "loading")
    assert page.get_by_role("progressbar").is_visible()
    page.click("[data-do=stop]")
    wait_for(page, "shows", "none")
    assert stored_languages(page) == []


def test_progress_tells_the_kilobytes_that_have_come(page: Page, host: Host) -> None:
    visit(page, host, "fr/phone/")
    page.evaluate(
        """() => {
          const bar = document.querySelector("[data-keep] progress");
          window.told = [];
          new MutationObserver(() => told.push(document.querySelector("[data-done]").textContent))
            .observe(document.querySelector("[data-done]"), { childList: true });
        }"""
    )
    page.click("[data-do=keep]:visible")
    wait_for(page, "shows", "kept")
    told = [int(one) for one in page.evaluate("told")]
    assert told == sorted(told)
    assert told[-1] == int(page.get_attribute("[data-keep]", "data-size") or 0)


def stored_languages(page: Page) -> list[str]:
    """Return the names of the kept sets, whole or half."""
    names = page.evaluate("caches.keys()")
    return [name.partition(PREFIX)[2] for name in names if re.search(r"/[a-z]{2}/\w+$", name)]


EVERYTHING = """async () => {
  const urls = [];
  for (const name of await caches.keys())
    for (const { url } of await (await caches.open(name)).keys()) urls.push(name + " " + url);
  return urls;
}"""
FULL = """(limit) => {
  const put = Cache.prototype.put;
  let count = 0;
  Cache.prototype.put = function (...all) {
    if (++count > limit) return Promise.reject(new DOMException("full", "QuotaExceededError"));
    return put.apply(this, all);
  };
}"""


@pytest.mark.parametrize(
    ("failure", "fault", "state"),
    [
        ("the server dies in the middle", "dying", "network"),
        ("the network is cut", "cut", "network"),
        ("the file is shorter than it was", "truncated", "broken"),
        ("the phone is full at the first file", 0, "full"),
        ("the phone is full in the middle", 12, "full"),
    ],
)
def test_a_failure_leaves_nothing_half_and_says_what_to_do(
    page: Page, host: Host, failure: str, fault: str | int, state: str
) -> None:
    visit(page, host, "fr/phone/")
    page.click("[data-do=erase]")  # loads the module, so that it is there without network
    wait_for(page, "shows", "erased")
    before = page.evaluate(EVERYTHING)
    if isinstance(fault, int):
        page.evaluate(FULL, fault)
    else:
        setattr(host, fault, True if fault == "cut" else "offline/fr.json")
    page.click("[data-do=keep]:visible")
    wait_for(page, "shows", state)
    assert "Rien n’a changé" in page.locator(f"p[data-when={state}]").inner_text()
    assert stored_languages(page) == []
    assert page.evaluate(EVERYTHING) == before, failure
    assert page.evaluate("caches.match('/valais/?fr')") is None, failure
    assert page.locator("[data-do=keep]:visible").count() == 1


def test_the_browsers_own_limit_counts_as_a_full_phone(page: Page, host: Host) -> None:
    visit(page, host, "fr/phone/")
    session = page.context.new_cdp_session(page)
    origin = host.address.removesuffix(f"{PREFIX}/")
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 100_000})
    page.click("[data-do=keep]:visible")
    wait_for(page, "shows", "full")
    assert stored_languages(page) == []


def test_erasing_leaves_nothing_of_the_site(page: Page, host: Host) -> None:
    keep_french(page, host)
    page.click("[data-do=erase]")
    wait_for(page, "shows", "erased")
    assert page.evaluate(EVERYTHING) == []


def test_another_tab_hears_what_was_kept_removed_and_erased(
    page: Page, context: BrowserContext, host: Host
) -> None:
    visit(page, host, "fr/phone/")
    other = context.new_page()
    visit(other, host, "fr/phone/")
    other.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    for press, state in (("keep", "kept"), ("remove", "none"), ("keep", "kept"), ("erase", "none")):
        page.click(f"[data-do={press}]:visible")
        wait_for(page, "shows", state)
        wait_for(other, "shows", state)


def test_what_the_browser_has_cleared_is_no_longer_said_to_be_kept(page: Page, host: Host) -> None:
    keep_french(page, host)
    session = page.context.new_cdp_session(page)
    origin = host.address.removesuffix(f"{PREFIX}/")
    session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "cache_storage"})
    page.evaluate("dispatchEvent(new Event('focus'))")
    wait_for(page, "shows", "none")


STORAGE_BLOCKED = """
for (const name of ["match", "open", "has", "keys", "delete"]) {
  CacheStorage.prototype[name] = async () => { throw new DOMException("", "SecurityError"); };
}
"""
"""What Chromium does when its settings forbid a site to store anything."""


def test_a_browser_that_lets_nothing_be_stored_is_told_to_the_reader(
    browser: Browser, host: Host, project: Project
) -> None:
    context = browser.new_context(service_workers="block")
    context.add_init_script(STORAGE_BLOCKED)
    page = context.new_page()
    go(page, host.address + "fr/phone/")
    words = project.source_wording.texts
    expect(page.locator("[data-keep] .warning:visible")).to_have_text(words["phone.unsupported"])
    assert page.locator("[data-keep] button:visible").count() == 0
    page.click("[data-do=erase]")
    expect(page.locator("[data-erase] .warning")).to_have_text(words["phone.blocked"])
    assert page.locator(".told").count() == 0
    context.close()


# A new version ------------------------------------------------------------------------------


def test_pages_of_two_versions_are_never_shown_side_by_side(
    page: Page, host: Host, builds: tuple[Path, Path]
) -> None:
    old, new = (version_of(build) for build in builds)
    paths = ["fr/", "fr/permit/", "fr/rights/appeal/", "fr/words/"]
    for path in paths:
        visit(page, host, path)
    host.root = builds[1]
    host.stalled = "fr/permit/"  # fetched again, but slow to come
    go(page, host.address + "fr/words/")
    wait_for(page, "storedIn", ["fr/words/", new])
    host.cut = True
    seen = {}
    for path in paths:
        # The browser lets a second request for a page wait 20 seconds behind the stalled one.
        go(page, host.address + path, timeout=60_000)
        seen[path] = (shown_version(page), SECOND_BUILD in page.inner_text("footer"))
    assert {version for version, _ in seen.values()} == {new}
    assert all(second for _, second in seen.values())
    assert old != new


def test_pages_read_are_brought_up_to_date_and_the_old_ones_dropped(
    page: Page, host: Host, builds: tuple[Path, Path]
) -> None:
    new = version_of(builds[1])
    visit(page, host, "fr/")
    visit(page, host, "fr/permit/")
    host.root = builds[1]
    go(page, host.address + "fr/words/")
    wait_for(page, "storedIn", ["fr/permit/", new])
    wait_for(page, "onlyVersion", new)
    host.cut = True
    for path in ("fr/", "fr/permit/"):
        go(page, host.address + path)
        assert shown_version(page) == new
        assert (
            page.evaluate("getComputedStyle(document.querySelector('main')).outlineWidth") == "1px"
        )


def test_a_page_that_still_comes_in_the_old_version_waits(
    page: Page, host: Host, builds: tuple[Path, Path], tmp_path: Path
) -> None:
    old, new = (version_of(build) for build in builds)
    visit(page, host, "fr/permit/")
    visit(page, host, "fr/")
    host.root = shutil.copytree(builds[1], tmp_path / "half")
    shutil.copy(builds[0] / "fr/permit/index.html", host.root / "fr/permit/index.html")
    host.asked.clear()
    go(page, host.address + "fr/words/")
    wait_for(page, "storedIn", ["fr/", new])
    wait_for(page, "storedIn", ["fr/permit/", old])
    host.cut = True
    go(page, host.address + "fr/permit/")
    assert page.inner_text("h1") == NO_NETWORK


def test_a_kept_language_is_replaced_as_a_whole_after_a_page_of_a_new_version(
    page: Page, host: Host, builds: tuple[Path, Path]
) -> None:
    new = version_of(builds[1])
    keep_french(page, host)
    host.root = builds[1]
    host.asked.clear()
    go(page, host.address + "fr/")
    wait_for(page, "onlyVersion", new)
    assert host.asked.count("offline/fr.json") == 1
    assert [path for path in host.asked if path.endswith("/")] == ["fr/"]
    host.cut = True
    for path in ("fr/rights/payment/", "fr/permit/"):
        go(page, host.address + path)
        assert shown_version(page) == new


@pytest.mark.parametrize("fault", ["dying", "truncated", "stalled"])
def test_an_update_that_fails_leaves_the_old_language_whole(
    page: Page, host: Host, builds: tuple[Path, Path], fault: str
) -> None:
    old, new = (version_of(build) for build in builds)
    keep_french(page, host)
    host.root = builds[1]
    setattr(host, fault, "offline/fr.json")
    go(page, host.address + "fr/words/")
    wait_for(page, "storedIn", ["fr/words/", new])
    host.cut = True
    seen = set()
    for file in sorted((builds[0] / "fr").rglob("index.html")):
        go(page, host.address + file.parent.relative_to(builds[0]).as_posix() + "/")
        seen.add(shown_version(page))
    assert seen == {old}


SAVING = """
Object.defineProperty(navigator, "connection", { value: { saveData: true } });
navigator.serviceWorker.addEventListener("message", () => { window.told = true; });
"""


def test_saving_data_nothing_is_fetched_unasked(
    page: Page, context: BrowserContext, host: Host, builds: tuple[Path, Path]
) -> None:
    context.add_init_script(SAVING)
    new = version_of(builds[1])
    keep_french(page, host)
    host.root = builds[1]
    host.asked.clear()
    go(page, host.address + "fr/phone/")
    wait_for(page, "storedIn", ["fr/phone/", new])
    wait_for(page, "shows", "newer")
    wait_for(page, "told")
    page.evaluate("navigator.locks.request(new URL('/valais/', location).href, () => {})")
    assert "offline/fr.json" not in host.asked
    page.click("[data-do=keep]:visible")
    wait_for(page, "shows", "kept")
    assert "offline/fr.json" in host.asked


def test_an_old_page_that_the_browser_remembers_does_not_count_as_news(
    page: Page, context: BrowserContext, host: Host, builds: tuple[Path, Path]
) -> None:
    context.add_init_script(SAVING)
    old, new = (version_of(build) for build in builds)
    visit(page, host, "fr/permit/")
    visit(page, host, "fr/")
    host.root = builds[1]
    for path in ("fr/words/", "fr/videos/"):
        go(page, host.address + path)
        wait_for(page, "storedIn", [path, new])
    page.go_back()
    started(page)
    page.go_back()
    started(page)
    assert shown_version(page) == old
    host.cut = True
    for path in ("fr/words/", "fr/videos/"):
        go(page, host.address + path)
        assert shown_version(page) == new


AT_ONCE = """(after) => {
  const wait = setTimeout;
  self.waits = [];
  self.setTimeout = (act, time) => { waits.push(time); wait(act, time > after ? 1e6 : 0); };
}"""
"""In the worker: what waits for so many milliseconds at most goes on at once, the rest never."""


def test_after_a_release_a_slow_line_loses_no_answer_and_reloads_nothing(
    page: Page, context: BrowserContext, host: Host, builds: tuple[Path, Path], tmp_path: Path
) -> None:
    context.add_init_script(SAVING)
    old, new = (version_of(build) for build in builds)
    keep_french(page, host)
    host.root = shutil.copytree(builds[1], tmp_path / "new")
    results = host.root / "fr/results/index.html"
    text = results.read_text(encoding="utf-8")
    assert "data-table=" in text
    results.write_text(text.replace("data-table=", "data-table=0"), encoding="utf-8")
    host.stalled = "fr/self-check/"
    context.service_workers[0].evaluate(AT_ONCE, 4000)
    go(page, host.address + "fr/self-check/")
    assert shown_version(page) == old
    page.evaluate("window.mark = true")
    page.check("fieldset:not([hidden]) input[value=no]")
    page.click("[data-self-check] button[type=submit]")
    page.locator("[data-result][data-outcome=elsewhere]").wait_for()
    assert page.evaluate("window.mark")
    assert page.locator(".told").count() == 0
    host.released.set()
    page.reload()
    started(page)
    assert shown_version(page) == new
    assert context.service_workers[-1].evaluate("waits") == [4000, 30_000]


def test_a_page_whose_files_are_gone_says_so_and_is_loaded_anew_when_asked(
    page: Page, host: Host, builds: tuple[Path, Path], tmp_path: Path
) -> None:
    visit(page, host, "fr/self-check/")
    host.root = shutil.copytree(builds[1], tmp_path / "new")
    for file in host.root.glob("assets/self-check.*.js"):
        file.rename(file.with_name("self-check.00000000.js"))
    page.check("fieldset:not([hidden]) input[value=no]")
    page.click("[data-self-check] button[type=submit]")
    told = page.locator("form > .told")
    expect(told).to_contain_text("Il y a une version plus récente.")
    assert page.is_checked("input[value=no] >> nth=0")
    told.locator("a").click()
    expect(page.locator("html")).to_have_attribute("data-version", version_of(builds[1]))


def test_a_page_open_while_a_new_version_comes_keeps_the_new_one(
    page: Page, host: Host, builds: tuple[Path, Path]
) -> None:
    visit(page, host, "fr/phone/")
    host.root = builds[1]
    page.click("[data-do=keep]:visible")
    wait_for(page, "shows", "newer")
    host.cut = True
    go(page, host.address + "fr/permit/")
    assert shown_version(page) == version_of(builds[1])


# On the home screen -------------------------------------------------------------------------


def test_the_manifest_is_fetched_only_after_a_press_and_makes_the_site_installable(
    page: Page, host: Host
) -> None:
    visit(page, host, "fr/phone/")
    assert page.locator("link[rel=manifest]").count() == 0
    page.click("[data-do=install]")
    page.wait_for_selector("link[rel=manifest]", state="attached")
    session = page.context.new_cdp_session(page)
    found = session.send("Page.getAppManifest")
    assert found["errors"] == []
    assert found["url"] == host.address + "fr/manifest.webmanifest"
    errors = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert {error["errorId"] for error in errors} <= {"in-incognito"}
    assert page.locator("link[rel=apple-touch-icon]").count() == 1


def test_the_browsers_offer_is_taken_up_and_else_the_menu_is_explained(
    page: Page, host: Host
) -> None:
    visit(page, host, "fr/phone/")
    page.evaluate(
        """() => {
          window.asked = 0;
          new MutationObserver(() => {
            const offer = new Event("beforeinstallprompt", { cancelable: true });
            offer.prompt = async () => { asked++; };
            dispatchEvent(offer);
          }).observe(document.head, { childList: true });
        }"""
    )
    page.click("[data-do=install]")
    page.wait_for_selector("link[rel=apple-touch-icon]", state="attached")
    assert page.evaluate("new Promise((done) => setTimeout(() => done(asked)))") == 1
    page.reload()
    started(page)
    page.click("[data-do=install]")
    wait_for(page, "shows", "menu")


@pytest.mark.parametrize("code", COMPLETE)
def test_each_language_has_a_bundle_within_budget_and_a_manifest(code: str, site: Path) -> None:
    bundle = (site / f"offline/{code}.json").read_bytes()
    size = len(gzip.compress(bundle, 6))
    assert size <= BUNDLE_BUDGET
    pages = json.loads(bundle)["pages"]
    for path, text in pages.items():
        assert (site / path / "index.html").read_text("utf-8") == text
    built = {
        file.parent.relative_to(site).as_posix() + "/" for file in (site / code).rglob("index.html")
    }
    assert set(pages) == built | {""}
    phone = pages[f"{code}/phone/"]
    assert f"data-size={-(-size // 1000)}" in phone
    assert int(re.search(r"data-bytes=(\d+)", phone)[1]) == len(bundle)  # type: ignore[index]
    found = json.loads((site / code / "manifest.webmanifest").read_bytes())
    page = pages[f"{code}/"]
    assert f"lang={found['lang']} dir={found['dir']}" in page
    assert (found["start_url"], found["scope"], found["display"]) == ("./", "../", "standalone")
    assert found["name"] in page
    assert 0 < len(found["short_name"]) <= 15
    for icon in found["icons"]:
        data = (site / code / icon["src"]).read_bytes()
        width, height = struct.unpack(">II", data[16:24])
        assert (data[:8], icon["sizes"]) == (b"\x89PNG\r\n\x1a\n", f"{width}x{height}")
    assert {icon["purpose"] for icon in found["icons"]} == {"any", "maskable"}


def test_the_worker_is_small(site: Path) -> None:
    assert len(gzip.compress((site / "sw.js").read_bytes(), 6)) <= WORKER_BUDGET


# Without a browser --------------------------------------------------------------------------


def test_any_changed_byte_of_a_language_gives_it_another_version_and_no_other() -> None:
    files = {
        "index.html": b"<html @version>",
        "fr/index.html": b"<html @version>",
        "de/index.html": b"<html @version>",
        "sw.js": b"@version",
        "assets/a.css": b"a",
    }
    versions, changed = with_versions(files, ("fr", "de"))
    assert all(re.fullmatch(r"[0-9a-f]{8}", version) for version in versions.values())
    assert set(changed) == {"index.html", "fr/index.html", "de/index.html", "sw.js"}
    assert changed["fr/index.html"] == f"<html {versions['fr']}>".encode()
    assert changed["index.html"] == b"<html " + changed["sw.js"] + b">"
    for path, content in files.items():
        others, further = with_versions({**files, path: content + b"."}, ("fr", "de"))
        assert further["sw.js"].removesuffix(b".") != changed["sw.js"]
        assert {code for code in others if others[code] != versions[code]} == (
            {path[:2]} & {"fr", "de"}
        )


def test_a_bundle_holds_what_its_pages_name_and_nothing_else() -> None:
    assets = {
        "assets/site.00000001.js": 'import("./keep.00000002.js")',
        "assets/keep.00000002.js": "keep",
        "assets/search.fr.00000003.json": "{}",
        "assets/search.de.00000004.json": "{}",
    }
    pages = {
        "": "chooser",
        "fr/": "<script src=../assets/site.00000001.js>",
        "fr/phone/": "search.fr.00000003.json @size @bytes@@",
        "de/": "search.de.00000004.json",
    }
    text, sized = offline_bundle("01234567", "fr", pages, assets)
    found = json.loads(text)
    assert list(found["pages"]) == ["", "fr/", "fr/phone/"]
    assert [path for path, _, _ in found["assets"]] == [
        "assets/keep.00000002.js",
        "assets/search.fr.00000003.json",
        "assets/site.00000001.js",
    ]
    length = f"{len(text.encode()):08d}"
    assert sized == {"fr/phone/": f"search.fr.00000003.json 1 {length}"}
    assert found["pages"]["fr/phone/"] == sized["fr/phone/"]


def test_the_icons_are_drawn_from_one_picture() -> None:
    folder = ROOT / "overrides/assets/icons"
    assert {file.name for file in folder.glob("*.png")} == set(ICONS)
    assert (folder / "icon.svg").exists()
