"""What a reader pays for: bytes and requests of every page, counted where they are served."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from statistics import median

import pytest
from playwright.sync_api import Browser

from scripts.content.languages import load_languages
from scripts.content.project import Project
from scripts.faults import ROOT
from scripts.site.addresses import page_folder
from tests.conftest import PREFIX, go, serving_site, wait_in_page

pytestmark = pytest.mark.browser
CODES = [language.code for language in load_languages(ROOT / "mkdocs.yml")]
FIRST_VISIT, FIRST_VISIT_MEDIAN, FIRST_REQUESTS = 14_000, 13_000, 4
"""Bytes of any page and of the median page of the site, requests: an empty cache, gzip level 6.

It comes in the first flight of a TCP connection (10 segments of 1,460 bytes).
"""
FURTHER_PAGE, FURTHER_MEDIAN, FURTHER_REQUESTS = 5_000, 4_200, 1
"""Bytes of any page and of the median page of the site, requests, with all else in the cache."""
LISTS = {"where-to-go", "communes"}
"""Pages that list all there is, so that a reader need not look on several: they may weigh more."""
LIST_FIRST_VISIT, LIST_FURTHER = 17_500, 8_000
EVENING = "evening"
"""Every step of an information evening on one page, so that the network may fail in the hall."""
EVENING_FURTHER = 8_500
THOROUGH = ("fr",)
"""The languages whose every page is opened for a first visit; of the others the first page is.

What a visit asks for besides the page is the same on all pages of a language.
"""
FURTHER_OPENED = 9
"""Of how many pages it is seen that a further visit asks for the page alone."""
SAYS_ITS_SIZE = "staff-links"
"""The table of all that is shared: too large, so the page that leads to it says how large it is."""
OFFLINE = 2
"""The files that the second page brings: what is said without network, in all languages."""
STORED = """async (count) => {
  const stored = await (await caches.open("sets")).keys();
  return stored.filter(({ url }) => url.includes("/offline.")).length === count;
}"""
WORKER_READY = "navigator.serviceWorker.ready.then(() => caches.keys())"


class Counter:
    """The paths that were asked for since the last look."""

    def __init__(self, site: Path) -> None:
        self._site = site
        self.paths: list[str] = []

    def take(self) -> list[str]:
        """Return the paths asked for and forget them."""
        return [self.paths.pop(0) for _ in range(len(self.paths))]  # others may be added meanwhile

    @cache  # noqa: B019 - one counter a module
    def bytes_of(self, path: str) -> int:
        """Return what the answer to a path weighs, compressed as hosts commonly do."""
        file = self._site / path.removeprefix(PREFIX).lstrip("/")
        file = file / "index.html" if file.is_dir() else file
        return len(gzip.compress(file.read_bytes(), 6))


@pytest.fixture(scope="module")
def counted(site: Path) -> Iterator[tuple[str, Counter]]:
    counter = Counter(site)
    with serving_site(site, counter.paths) as address:
        yield address, counter


@pytest.mark.parametrize("code", CODES)
def test_every_first_visit_and_every_further_page_is_within_its_budget(
    code: str,
    counted: tuple[str, Counter],
    browser: Browser,
    project: Project,
    record_property: Callable[[str, object], None],
) -> None:
    address, counter = counted
    paths = [path for path in project.pages[code] if path != SAYS_ITS_SIZE]
    folders = [page_folder(code, path) for path in paths]
    phone = Phone(browser, counter)
    opened = folders if code in THOROUGH else folders[:1]
    first = {folder: phone.first_visit(address + folder) for folder in opened}
    second = phone.second_visit(address + folders[0])
    further = {folder: phone.further_visit(address + folder) for folder in opened[:FURTHER_OPENED]}
    phone.close()
    assert len(second) == 1 + OFFLINE, (first, second)
    [kept] = {frozenset(asked[1:]) for asked in first.values()}  # by a browser, for all pages
    for folder in folders:
        first.setdefault(folder, [f"{PREFIX}/{folder}", *kept])
        further.setdefault(folder, [f"{PREFIX}/{folder}"])
    lines = [*_table("first visit", first, counter), *_table("further page", further, counter)]
    print("\n".join(lines))
    record_property("weights", lines)
    budgets = {page_folder(code, path): _budgets(path) for path in paths}
    faults = [
        *_over("first visit", first, counter, FIRST_REQUESTS, budgets),
        *_over("further page", further, counter, FURTHER_REQUESTS, budgets),
    ]
    assert faults == [], "\n".join([*faults, *lines])


def _budgets(path: str) -> dict[str, int]:
    """Return the bytes that a page may weigh, by the name of the visit."""
    if path == EVENING:
        return {"first visit": LIST_FIRST_VISIT, "further page": EVENING_FURTHER}
    if path in LISTS:
        return {"first visit": LIST_FIRST_VISIT, "further page": LIST_FURTHER}
    return {"first visit": FIRST_VISIT, "further page": FURTHER_PAGE}


def test_the_median_page_of_the_site_is_within_its_budgets(
    counted: tuple[str, Counter], browser: Browser, site: Path
) -> None:
    address, counter = counted
    _, *kept = Phone(browser, counter).first_visit(f"{address}fr/")
    pages = [file for file in site.glob("*/**/index.html") if file.parts[len(site.parts)] in CODES]
    weights = [len(gzip.compress(file.read_bytes(), 6)) for file in pages]
    assert len(weights) > len(CODES) * 30
    assert median(weights) <= FURTHER_MEDIAN
    assert median(weights) + _weight(kept, counter) <= FIRST_VISIT_MEDIAN


@pytest.mark.parametrize("path", ["", "no/such/page/"])
def test_the_chooser_and_the_404_page_are_within_the_budget_of_a_first_visit(
    path: str, counted: tuple[str, Counter], browser: Browser
) -> None:
    address, counter = counted
    paths = Phone(browser, counter).first_visit(address + path)
    weights = [
        counter.bytes_of(f"{PREFIX}/404.html" if path and one.endswith(path) else one)
        for one in paths
    ]
    assert len(paths) <= FIRST_REQUESTS
    assert sum(weights) <= FIRST_VISIT


class Phone:
    """A phone whose browser can be made to forget all that it has fetched."""

    def __init__(self, browser: Browser, counter: Counter) -> None:
        self._context = browser.new_context(viewport={"width": 360, "height": 740})
        self._page = self._context.new_page()
        self._session = self._context.new_cdp_session(self._page)
        self._counter = counter

    def first_visit(self, url: str) -> list[str]:
        """Open a page with an empty cache, wait for the worker; return the paths asked for."""
        self._page.goto("about:blank")
        origin = "/".join(url.split("/")[:3])
        data = {"origin": origin, "storageTypes": "service_workers,cache_storage"}
        self._session.send("Storage.clearDataForOrigin", data)
        self._session.send("Network.clearBrowserCache")
        return self.further_visit(url)

    def further_visit(self, url: str) -> list[str]:
        """Open a page with what is there from earlier ones; return the paths asked for."""
        self._counter.take()
        go(self._page, url)
        self._page.evaluate(WORKER_READY)
        return self._counter.take()

    def second_visit(self, url: str) -> list[str]:
        """Open the page after a first visit, which brings what is needed without network."""
        paths = self.further_visit(url)
        wait_in_page(self._page, STORED, OFFLINE)
        return paths + self._counter.take()

    def close(self) -> None:
        self._context.close()


def _weight(paths: Sequence[str], counter: Counter) -> int:
    return sum(counter.bytes_of(path) for path in paths)


def _table(name: str, visits: dict[str, list[str]], counter: Counter) -> list[str]:
    rows = sorted(
        ((_weight(paths, counter), folder) for folder, paths in visits.items()), reverse=True
    )
    return [f"{name:12} {weight:6} {folder}" for weight, folder in rows]


def _over(
    name: str,
    visits: Mapping[str, list[str]],
    counter: Counter,
    requests: int,
    budgets: Mapping[str, Mapping[str, int]],
) -> Iterator[str]:
    for folder, paths in visits.items():
        weight, most = _weight(paths, counter), budgets[folder][name]
        if weight > most:
            yield f"{name} of {folder}: {weight} bytes; allowed: {most}"
        if len(paths) > requests:
            yield f"{name} of {folder}: {len(paths)} requests {paths}"
