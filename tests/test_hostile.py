"""Addresses and fragments that carry markup or scripts do nothing, on the real server.

In the browser the content policy is on. What is fixed is what has broken sites before; the rest
is put together by chance, the same each time.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Page,
    Request,
    expect,
)

from scripts.publish.headers import SECURITY_HEADERS
from tests.conftest import PREFIX, go
from tests.servers import Server
from tests.test_publish import Answer, Client

pytestmark = pytest.mark.browser
SEED = 20261125
CANARY = "window.__pwned=1"
PIECES = (
    f"<script>{CANARY}</script>",
    f"%3Cscript%3E{CANARY}%3C/script%3E",
    f"%253Cscript%253E{CANARY}%253C/script%253E",
    f'"><img src=x onerror={CANARY}>',
    f"'><svg onload={CANARY}>",
    f"</title><script>{CANARY}</script>",
    f"javascript:{CANARY}",
    f"data:text/html,<script>{CANARY}</script>",
    f"';{CANARY};//",
    "<script src=//evil.example/x.js></script>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<base href=//evil.example/>",
    "//evil.example/",
    "/\\evil.example/",
    "http://evil.example/",
    "../",
    "..%2f",
    "%2e%2e/",
    "..\\",
    "%00",
    "%0d%0aSet-Cookie:%20a=b",
    "%0d%0a%0d%0a<script>",
    "%ff%fe",
    "%",
    "%zz",
    "%c0%ae%c0%ae/",
    "{{7*7}}",
    "${7*7}",
    "<!--",
    "]]>",
    "&lt;script&gt;",
    "\u202e",
    "\u0000",
    "😀",
    "é" * 40,
    "a" * 400,
    "/" * 20,
    "?",
    ";",
    "@",
    "s1",
    "content",
    "result",
    "r-bc-valid",
    "fr/",
    "index.html",
    "assets/",
)
FIXED_FRAGMENTS = (
    f'"><img src=x onerror={CANARY}>',
    f"<img src=x onerror={CANARY}>",
    f"s1'><script>{CANARY}</script>",
    "s1'",
    's1"]',
    "s1\\",
    "s999999999999999999999",
    f"javascript:{CANARY}",
    "__proto__",
    "constructor",
    "self-check",
    ":~:text=décision",
    "%",
    "%E0%A4%A",
    "\u0000",
    "a" * 5000,
)
FIXED_PATHS = (
    f"/<script>{CANARY}</script>",
    f"/fr/<img src=x onerror={CANARY}>/",
    f"/%3Cscript%3E{CANARY}%3C/script%3E",
    "//evil.example/",
    "///evil.example/fr/rights",
    "/fr//evil.example/",
    "/\\evil.example/",
    "/fr/rights%2f..%2f..%2f",
    "/..%2f..%2f..%2fetc/passwd",
    "/fr/%00",
    "/fr/%0d%0aLocation:%20http://evil.example/",
    "/" + "a" * 8000,
    "/fr/rights?next=//evil.example/",
    f"/fr/?q=<script>{CANARY}</script>",
    f'/fr/self-check/?status="><img src=x onerror={CANARY}>',
    f"/?lang=javascript:{CANARY}",
)
PAGES = ("/", "/fr/rights/appeal/", "/fr/self-check/")
SETTLE = """async (fragments) => {
  for (const fragment of fragments) {
    console.debug(fragment); // tells the watch what comes
    location.hash = fragment;
    await new Promise((done) => setTimeout(done)); // the event comes in a task of its own
    dispatchEvent(new Event("beforeprint"));
    if ("__pwned" in window) return;
  }
  await fetch(location.pathname); // what a picture's failure would run, has run by then
}"""
MAY_BE_SAID = ("status of 404", "status of 400", "status of 414")
"""What the browser's console may say: that there is no such page."""


def put_together(count: int) -> list[str]:
    """Return texts of one to five pieces, chosen by chance, the same each time."""
    chance = random.Random(SEED)
    return ["".join(chance.choices(PIECES, k=chance.randint(1, 5))) for _ in range(count)]


class Watch:
    """Notes whatever a hostile address made a page do."""

    def __init__(self, page: Page, host: str) -> None:
        self.page = page
        self.host = host
        self.what = ""
        self.problems: list[str] = []
        page.on("dialog", self._dismiss)
        page.on("popup", lambda _: self._note("popup"))
        page.on("pageerror", lambda error: self._note(f"error: {error}"))
        page.on("console", self._hear)
        page.on("request", self._see)

    def look(self) -> int:
        """Note it if the page ran the canary or left its server; return its links to languages."""
        found, links = self.page.evaluate(
            "[window.__pwned, document.querySelectorAll('.choices a').length]"
        )
        if found is not None:
            self._note("the canary ran")
        if urlsplit(self.page.url).netloc != self.host:
            self._note(f"left for {self.page.url}")
        return int(links)

    def _dismiss(self, dialog: Dialog) -> None:
        self._note("dialog")
        dialog.dismiss()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "debug":
            self.what = message.text
        expected = any(words in message.text for words in MAY_BE_SAID)
        if message.type == "error" and not expected:
            self._note(f"console: {message.text}")

    def _see(self, request: Request) -> None:
        place = urlsplit(request.url)
        if place.scheme != "data" and place.netloc != self.host:
            self._note(f"asked {request.url}")

    def _note(self, problem: str) -> None:
        self.problems.append(f"{self.what[:200]!r}: {problem}")


@pytest.fixture
def watched(context: BrowserContext, nginx: Server) -> Callable[[], Watch]:
    """A new page of the real server's site, watched."""
    return lambda: Watch(context.new_page(), urlsplit(nginx.address).netloc)


def address_of(nginx: Server) -> str:
    return nginx.address.rstrip("/") + PREFIX


def assert_works(page: Page, address: str) -> None:
    """The site works as before: menu, languages, self-check."""
    go(page, f"{address}/fr/rights/appeal/")
    page.click("details.menu > summary")
    assert page.locator("details.menu[open]").count() == 1
    page.click("details.languages > summary")
    page.click("details.languages a[lang=ar]")
    expect(page).to_have_url(f"{address}/ar/rights/appeal/")
    go(page, f"{address}/fr/self-check/")
    page.check("fieldset:not([hidden]) input[value=no]")
    page.click("[data-self-check] button[type=submit]")
    expect(page.locator("[data-result]")).to_have_attribute("data-rule", "not-resident")


def test_hostile_addresses_do_nothing(watched: Callable[[], Watch], nginx: Server) -> None:
    watch = watched()
    address = address_of(nginx)
    statuses = set()
    for path in (*FIXED_PATHS, *(f"/{text}" for text in put_together(40))):
        watch.what = path
        answer = go(watch.page, address + path)
        assert answer is not None
        statuses.add(answer.status)
        links = watch.look()
        assert answer.status != 404 or links > 10, path
    assert watch.problems == []
    assert statuses <= {200, 400, 404, 414}
    assert statuses >= {200, 400, 404}
    assert_works(watch.page, address)


@pytest.mark.parametrize("path", PAGES)
def test_hostile_fragments_do_nothing(
    watched: Callable[[], Watch], nginx: Server, path: str
) -> None:
    watch = watched()
    address = address_of(nginx)
    for number, fragment in enumerate(FIXED_FRAGMENTS):
        watch.what = fragment
        go(watch.page, f"{address}{path}?{number}#{fragment}")  # the number: another document
        watch.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        watch.look()
    watch.page.evaluate(SETTLE, [*FIXED_FRAGMENTS, *put_together(40)])
    watch.look()
    assert watch.problems == []
    assert_works(watch.page, address)


def test_a_hostile_address_stands_on_paper_as_mere_text(
    watched: Callable[[], Watch], nginx: Server
) -> None:
    watch = watched()
    go(watch.page, f"{address_of(nginx)}/fr/rights/appeal/")
    watch.what = f"<img src=x onerror={CANARY}>"
    watch.page.evaluate("(text) => history.replaceState(null, '', text)", watch.what)
    watch.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    watch.look()
    assert watch.problems == []
    assert watch.page.locator(".printed *").count() == 0
    assert quote("<img") in watch.page.locator(".printed").inner_text(timeout=5000)


@pytest.mark.parametrize("name", ["nginx", "caddy"])
def test_no_server_repeats_a_hostile_address_or_leads_away(
    request: pytest.FixtureRequest, name: str
) -> None:
    server: Server = request.getfixturevalue(name)
    client = Client(server.address)
    problems = []
    for text in put_together(400):
        path = f"{PREFIX}/{quote(text, safe='/%?;&=:@<>{}()+$,.!*')}"
        for where in (path, f"//{quote(text, safe='/%?')}"):
            answer = client.ask(where)
            place = answer.headers.get("Location", "/")
            body = answer.content.decode("utf-8", "replace")
            wrong = (
                answer.status not in (200, 301, 308, 400, 403, 404, 414)
                or not place.startswith("/")
                or place.startswith(("//", "/\\"))
                or "__pwned" in body
                or "evil.example" in body
                or "Set-Cookie" in answer.headers
                or not has_policy(answer)
            )
            if wrong:
                problems.append((where[:200], answer.status, place[:100]))
    assert problems == []
    assert client.ask(f"{PREFIX}/fr/").status == 200


def has_policy(answer: Answer) -> bool:
    """Caddy's library answers what it cannot read before any configuration: with mere text."""
    if answer.status == 400 and answer.content == b"400 Bad Request":
        return answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    policy = answer.headers.get("Content-Security-Policy")
    return policy == SECURITY_HEADERS["Content-Security-Policy"]


@pytest.fixture
def open_door(browser: Browser) -> Iterator[Page]:
    """A page on which the policy is switched off."""
    context = browser.new_context(bypass_csp=True)
    yield context.new_page()
    context.close()


def test_the_watch_notes_what_it_watches_for(open_door: Page, nginx: Server) -> None:
    watch = Watch(open_door, urlsplit(nginx.address).netloc)
    open_door.route("**/evil/**", lambda route: route.abort())
    go(open_door, f"{address_of(nginx)}/fr/")
    open_door.evaluate(
        """async (canary) => {
             document.body.insertAdjacentHTML("beforeend", `<img src=x onerror=${canary}>`);
             await new Promise((done) => { document.images[0].addEventListener("error", done); });
             alert(1);
             console.error("said");
             const image = new Image();
             image.src = "http://127.0.0.2:9/evil/x.png";
             await new Promise((done) => { image.onerror = done; });
           }""",
        CANARY,
    )
    watch.look()
    told = "\n".join(watch.problems)
    for words in ("the canary ran", "dialog", "console: said", "asked http://127.0.0.2:9/evil"):
        assert words in told
