"""What readers get from the real nginx and Caddy, and how one release follows another."""

from __future__ import annotations

import base64
import gzip
import hashlib
import http.client
import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import brotli
import pytest
import yaml
from playwright.sync_api import Browser, expect

from scripts.bootstrap import PRINT_PACKAGES, ROOT, SetupError
from scripts.publish.compress import BROTLI_QUALITY, TEXT_SUFFIXES, compress_site
from scripts.publish.configs import MEDIA_TYPES, check_deploy_files, deploy_files, headers_file
from scripts.publish.headers import (
    IMMUTABLE,
    META_POLICY,
    REVALIDATE,
    SECURITY_HEADERS,
    TRANSPORT_SECURITY,
)
from scripts.publish.releases import RELEASES_KEPT, Publication
from scripts.site.plugin import POLICY_IN_PAGES
from tests.conftest import (
    PREFIX,
    SITE_URL,
    Quiet,
    cache_control,
    copied_project,
    go,
    run_mkdocs_build,
    serving,
)
from tests.machine import SERVER_PACKAGES
from tests.servers import Server, running_caddy, running_nginx
from tests.test_readme import known_commands

DECODE: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "": bytes,
}
NO_SPACE = (
    "Nothing was published: [Errno 28] No space left on device. What was served before still is."
)
LONGEST = 120
"""Seconds after which a client that waits for a new release gives up, so that the test fails."""


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers and body as sent."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def content(self) -> bytes:
        """The body, decompressed."""
        return DECODE[self.headers.get("Content-Encoding", "")](self.body)


class Client:
    """Asks on one connection, with nothing in the request but what is told."""

    def __init__(self, address: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Send a request; names of headers are written with `_` for `-`; none may come twice."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        skip_host = "Host" in named
        self.connection.putrequest(method, path, skip_accept_encoding=True, skip_host=skip_host)
        for name, value in named.items():
            self.connection.putheader(name, value)
        self.connection.endheaders()
        response = self.connection.getresponse()
        answer = response.read()
        given = {name.title(): value for name, value in response.getheaders()}
        assert len(given) == len(response.getheaders()), response.getheaders()
        return Answer(response.status, given, answer)


@pytest.fixture(params=["nginx", "caddy"])
def client(request: pytest.FixtureRequest) -> Client:
    """A client of each server in turn."""
    server: Server = request.getfixturevalue(request.param)
    return Client(server.address)


@pytest.fixture(scope="module")
def hashed(site: Path) -> str:
    """The path of a file whose name changes with its content."""
    return next(file.relative_to(site).as_posix() for file in site.glob("assets/*.css"))


def files_of(site: Path) -> list[str]:
    return sorted(file.relative_to(site).as_posix() for file in site.rglob("*") if file.is_file())


# The files that say it


def test_the_committed_configurations_are_what_the_code_makes() -> None:
    assert check_deploy_files() == []


@pytest.mark.parametrize("path", deploy_files())
def test_a_changed_or_missing_configuration_is_named_with_its_remedy(
    path: str, tmp_path: Path
) -> None:
    for name in deploy_files():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    assert check_deploy_files(tmp_path) == []
    text = (tmp_path / path).read_text(encoding="utf-8")
    (tmp_path / path).write_text(text.replace("DENY", "SAMEORIGIN"), encoding="utf-8")
    said = f"{path}: is not what the code makes; write it anew: python3 -m scripts deploy-files"
    assert [str(fault) for fault in check_deploy_files(tmp_path)] == [said]
    (tmp_path / path).unlink()
    assert [str(fault) for fault in check_deploy_files(tmp_path)] == [said]


def test_the_policy_allows_no_other_host_and_one_script_inline(site: Path) -> None:
    policy = SECURITY_HEADERS["Content-Security-Policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    digest = rules["script-src"].removeprefix("'self' ")
    allowed = {"'none'", "'self'", "data:", "'script'", digest}
    assert set(" ".join(rules.values()).split()) == allowed
    assert [name for name, value in rules.items() if "data:" in value] == ["img-src"]
    assert [name for name, value in rules.items() if digest in value] == ["script-src"]
    inline = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
    found = {one for page in site.rglob("*.html") for one in inline.findall(page.read_bytes())}
    [digested] = {base64.b64encode(hashlib.sha256(one).digest()).decode() for one in found}
    assert digest == f"'sha256-{digested}'"


@pytest.mark.browser
def test_where_a_host_sends_no_headers_each_page_with_a_script_carries_the_policy_and_works(
    tmp_path: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = copied_project(tmp_path, codes=("fr", "ar"))
    monkeypatch.setenv(POLICY_IN_PAGES, "1")
    done = run_mkdocs_build(root)
    assert done.returncode == 0, done.stdout + done.stderr
    for file in (root / "site").rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert ("<script>" in text) == (META_POLICY in text)
        assert text.find(META_POLICY) <= text.find("<script>")
    context = browser.new_context()
    page = context.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    with serving(partial(Quiet, directory=str(root / "site"))) as address:
        for path in ("", "q/rights/", "ar/self-check/"):
            go(page, f"{address}/{path}")
        page.click("fieldset label >> nth=0")
        page.click("[type=submit]")
        expect(page.locator("[data-answer-list] li")).to_have_count(1)
        context.close()
    assert told == []


def test_static_hosts_get_the_headers_and_each_hashed_file_by_name(site: Path) -> None:
    text = (site / "_headers").read_text(encoding="utf-8")
    assert text == headers_file(files_of(site))
    rules: dict[str, dict[str, str]] = {}
    for line in text.splitlines():
        if line.startswith("/"):
            path = line
            rules[path] = {}
        else:
            name, value = line.strip().split(": ", 1)
            rules[path][name] = value
    assert rules.pop("/*") == {**SECURITY_HEADERS, **dict([TRANSPORT_SECURITY])}
    kept = [f"/{path}" for path in files_of(site) if cache_control(path) == IMMUTABLE]
    assert rules == {path: {"Cache-Control": IMMUTABLE} for path in kept}
    assert len(kept) >= 2
    assert len(rules) < 100, "Cloudflare Pages reads the first 100 rules"
    assert max(map(len, text.splitlines())) <= 2000, "Cloudflare Pages reads 2000 characters a line"


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("assets/site.0a1b2c3d.css", IMMUTABLE),
        ("/valais/assets/search.fr.0a1b2c3d.json", IMMUTABLE),
        ("assets/audio/fr/home.0a1b2c3d.opus", IMMUTABLE),
        ("assets/site.css", REVALIDATE),
        ("assets/site.0a1b2c3.css", REVALIDATE),
        ("assets/site.0A1B2C3D.css", REVALIDATE),
        ("fr/site.0a1b2c3d.css", REVALIDATE),
        ("fr/rights/index.html", REVALIDATE),
        ("fr/rights/", REVALIDATE),
        ("", REVALIDATE),
        ("sw.js", REVALIDATE),
        ("offline/fr.json", REVALIDATE),
        ("fr/app.webmanifest", REVALIDATE),
        ("sitemap.xml", REVALIDATE),
        ("rules/eligibility.json", REVALIDATE),
    ],
)
def test_only_a_file_whose_name_changes_with_its_content_is_kept(path: str, kept: str) -> None:
    assert cache_control(path) == kept


# What each server answers


def test_every_file_comes_whole_in_every_encoding_with_its_type_and_time_to_keep(
    client: Client, site: Path
) -> None:
    problems = []
    for path in files_of(site):
        if path == "_headers":
            continue
        content = (site / path).read_bytes()
        media = MEDIA_TYPES[path.rpartition(".")[2]]
        is_text = Path(path).suffix in TEXT_SUFFIXES  # a picture is compressed already
        kind = f"{media}; charset=utf-8" if is_text else media
        for accepted in ("", "gzip", "gzip, deflate, br"):
            answer = client.ask(f"{PREFIX}/{path}", Accept_Encoding=accepted)
            if path.endswith("index.html") and answer.status in (301, 308):  # Caddy's way
                folder = path.removesuffix("index.html")
                answer = client.ask(f"{PREFIX}/{folder}", Accept_Encoding=accepted)
            found = (
                answer.status,
                answer.content == content,
                answer.headers["Content-Type"],
                answer.headers["Cache-Control"],
                answer.headers.get("Content-Encoding"),
            )
            best = {"": None, "gzip": "gzip"}.get(accepted, "br") if is_text else None
            vary = answer.headers.get("Vary")  # Caddy says it of pictures, too: it does no harm
            said = vary == "Accept-Encoding" or (vary is None and not is_text)
            if found != (200, True, kind, cache_control(path), best) or not said:
                problems.append((path, accepted, found, vary))
    assert problems == []


ANSWERS = [
    ("GET", "/", 200),
    ("GET", "/fr/", 200),
    ("HEAD", "/ar/self-check/", 200),
    ("GET", "/HASHED", 200),
    ("GET", "/sitemap.xml", 200),
    ("GET", "/fr/rights", (301, 308)),
    ("GET", "/no/such/page/", 404),
    ("GET", "/assets/site.00000000.css", 404),
    ("GET", "/assets/", 404),
    ("POST", "/fr/", 405),
    ("PUT", "/fr/", 405),
    ("DELETE", "/HASHED", 405),
    ("OPTIONS", "/fr/", 405),
    ("TRACE", "/fr/", 405),
    ("PROPFIND", "/", 405),
]


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
def test_every_answer_carries_every_header_and_no_version(
    client: Client, hashed: str, method: str, path: str, status: int | tuple[int, int]
) -> None:
    answer = client.ask(PREFIX + path.replace("HASHED", hashed), method)
    assert answer.status in (status if isinstance(status, tuple) else (status,))
    names = [name.title() for name in SECURITY_HEADERS]
    found = {name: answer.headers.get(name) for name in names}
    assert found == {name.title(): value for name, value in SECURITY_HEADERS.items()}
    assert "Strict-Transport-Security" not in answer.headers, "this is plain HTTP"
    assert not re.search(r"\d", answer.headers.get("Server", ""))
    assert answer.status == 200 or answer.headers["Cache-Control"] == REVALIDATE
    assert answer.headers.get("Allow") == ("GET, HEAD" if answer.status == 405 else None)


@pytest.mark.parametrize("path", ["/fr/", "/sitemap.xml", "/404.html"])
def test_a_range_that_a_file_does_not_have_is_refused_with_each_header_once(
    client: Client, path: str
) -> None:
    answer = client.ask(PREFIX + path, Range="bytes=99999999-")
    assert answer.status == 416
    assert {name: answer.headers.get(name.title()) for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert answer.headers["Cache-Control"] == REVALIDATE


def test_the_chooser_stands_at_the_root(client: Client) -> None:
    assert b"data-suggestion" in client.ask(f"{PREFIX}/").body


@pytest.mark.parametrize("path", ["/no/such/page/", "/fr/nothing", "/assets/site.00000000.js"])
def test_an_unknown_address_gets_the_404_page(client: Client, site: Path, path: str) -> None:
    for accepted in ("", "gzip", "br"):
        answer = client.ask(PREFIX + path, Accept_Encoding=accepted)
        assert (answer.status, answer.headers.get("Content-Encoding", "")) == (404, accepted)
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert answer.content == (site / "404.html").read_bytes()


@pytest.mark.parametrize("host", ["cms.example", "evil.example", "evil.example:8080"])
def test_a_redirect_names_neither_scheme_nor_host(client: Client, host: str) -> None:
    answer = client.ask(f"{PREFIX}/fr/rights", Host=host, X_Forwarded_Host="evil.example")
    assert answer.status in (301, 308)
    assert answer.headers["Location"] == "/valais/fr/rights/"


@pytest.mark.parametrize("accepted", ["", "gzip", "br"])
@pytest.mark.parametrize("path", ["/fr/", "/HASHED", "/rules/eligibility.json"])
def test_what_a_reader_has_already_is_not_sent_again(
    client: Client, hashed: str, path: str, accepted: str
) -> None:
    where = PREFIX + path.replace("HASHED", hashed)
    first = client.ask(where, Accept_Encoding=accepted)
    for condition in (
        {"If_None_Match": first.headers["Etag"]},
        {"If_Modified_Since": first.headers["Last-Modified"]},
    ):
        again = client.ask(where, Accept_Encoding=accepted, **condition)
        assert (again.status, again.body) == (304, b"")
        assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
        for name, value in SECURITY_HEADERS.items():
            assert again.headers[name.title()] == value
    other = client.ask(where, Accept_Encoding=accepted, If_None_Match='"other"')
    assert (other.status, other.body) == (200, first.body)


def test_each_encoding_has_an_etag_of_its_own(client: Client) -> None:
    found = [client.ask(f"{PREFIX}/fr/", Accept_Encoding=a) for a in ("", "gzip", "br")]
    assert len({answer.headers["Etag"] for answer in found}) == 3


REFUSED = [
    "/.env",
    "/fr/.htpasswd",
    "/.git/config",
    "/%2egit/config",
    "/fr/..%2f.env",
    "/fr/..%2F",
    "/fr/rights%2f..%2f",
    "/fr/%2e/rights/",
    "/fr/rights/../",
    "/fr/./rights/",
    "/fr//rights/",
    "//fr/rights",
    "/fr/%5c../",
    "/_headers",
    "/index.html.br",
    "/index.html.gz",
    "/fr/index.html.br",
    "/../../../etc/passwd",
    "/../releases/",
    "/..%2f..%2f..%2f..%2fetc/passwd",
    "/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/fr/../../../../../etc/passwd",
    "/..%5c..%5cetc/passwd",
    "/fr/index.html%00",
    "/%00",
    "/a%0d%0aX-Evil:%20yes",
    "/%ff%fe",
    "/" + "a" * 300,
    "/" + "a/" * 3000,
    "/" + "a" * 20000,
    "/fr/%3Cscript%3Ealert(1)%3C/script%3E",
]


@pytest.mark.parametrize("path", REFUSED, ids=lambda path: path[:40])
def test_hidden_files_ways_out_and_strange_addresses_are_refused(
    client: Client, published: Path, path: str
) -> None:
    assert (published / "current" / ".git/config").read_text() == "SECRET"
    answer = client.ask(PREFIX + path)
    assert answer.status in (400, 404, 414)
    assert b"SECRET" not in answer.content
    assert b"root:" not in answer.content
    assert b"alert(1)" not in answer.content
    assert "X-Evil" not in answer.headers
    for name, value in SECURITY_HEADERS.items():
        assert answer.headers[name.title()] == value


def test_below_no_sub_path_the_same_site_is_served_from_current(published: Path) -> None:
    for run in (running_nginx, running_caddy):
        with run(published / "current") as server:
            client = Client(server.address)
            assert client.ask("/fr/").status == 200
            assert client.ask("/fr/rights").headers["Location"] == "/fr/rights/"
            missing = client.ask("/nothing")
            assert missing.status == 404
            assert missing.body == (published / "current/404.html").read_bytes()


def test_nginx_lets_a_certificate_authority_ask_and_nobody_go_on_from_there(
    published: Path,
) -> None:
    with running_nginx(published / "current") as server:
        client = Client(server.address)
        place = "/.well-known/acme-challenge"
        assert client.ask(f"{place}/a-token_1").body == b"proof"
        for path in ("/../../.env", "/..%2f..%2f.env", "/%2e%2e/%2e%2e/.env", "/", "/.env"):
            assert client.ask(place + path).status in (400, 404), path


def test_over_tls_the_browser_is_bound_to_it(published: Path, tmp_path: Path) -> None:
    name, value = TRANSPORT_SECURITY
    trusting = ssl._create_unverified_context()
    with running_caddy(published / "current", scheme="https") as caddy:
        assert headers_over_tls(caddy, trusting)[name] == value
        for end in ("crt", "key"):
            shutil.copy(next(caddy.folder.rglob(f"localhost.{end}")), tmp_path)
    names = f"{tmp_path}/localhost"
    tls = f" ssl; ssl_certificate {names}.crt; ssl_certificate_key {names}.key"
    with running_nginx(published / "current", tls=tls) as nginx:
        assert headers_over_tls(nginx, trusting)[name] == value


def headers_over_tls(server: Server, trusting: ssl.SSLContext) -> Mapping[str, str]:
    port = urlsplit(server.address).port
    until = time.monotonic() + LONGEST
    while True:
        connection = http.client.HTTPSConnection("localhost", port, context=trusting, timeout=30)
        try:
            connection.request("GET", "/fr/")
        except ssl.SSLError:  # Caddy has its certificate a moment before it uses it
            assert time.monotonic() < until
            continue
        response = connection.getresponse()
        assert response.status == 200
        return dict(response.getheaders())


# Compression


def test_compression_is_the_same_each_time_and_only_where_it_helps(tmp_path: Path) -> None:
    contents = {f"page{number}.html": b"<p>text" * 100 for number in range(20)}
    contents |= {f"file{end}": b"words and words " * 50 for end in TEXT_SUFFIXES}
    contents |= {"short.txt": b"x", "picture.png": b"0" * 1000, "deep/er/app.js": b"let a;" * 90}
    for workers, folder in ((1, tmp_path / "one"), (3, tmp_path / "three")):
        for path, content in contents.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        written = compress_site(folder, workers)
        assert written == 2 * (len(contents) - 2)
    one, three = files_of(tmp_path / "one"), files_of(tmp_path / "three")
    assert one == three
    for path in one:
        assert (tmp_path / "one" / path).read_bytes() == (tmp_path / "three" / path).read_bytes()
    assert {path for path in one if path.startswith(("short", "picture"))} == {
        "short.txt",
        "picture.png",
    }
    assert (tmp_path / "one/deep/er/app.js.gz").read_bytes()[4:8] == bytes(4), "no time inside"


def test_brotli_does_its_best(tmp_path: Path) -> None:
    content = (ROOT / "README.md").read_bytes()
    (tmp_path / "page.html").write_bytes(content)
    compress_site(tmp_path)
    forms = [brotli.compress(content, brotli.MODE_TEXT, quality) for quality in range(12)]
    assert min(map(len, forms[:-1])) > len(forms[-1]), "worse qualities tell themselves apart"
    assert (tmp_path / "page.html.br").read_bytes() == forms[BROTLI_QUALITY] == forms[-1]


# Releases


def site_of(**files: str) -> Callable[[Path], None]:
    """Return a build of a small site; a name's `__` stands for `/`, `_` for `.`."""

    def build(folder: Path) -> None:
        for name, text in {"index_html": "home", **files}.items():
            file = folder / name.replace("__", "/").replace("_", ".")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")

    return build


def numbered(number: int) -> Callable[[Path], None]:
    asset = f"assets__site_{number:08x}_css"
    return site_of(index_html=f"release {number}", **{asset: f"styles of {number} " * 20})


def shown(publication: Publication) -> str:
    return (publication.current / "index.html").read_text(encoding="utf-8")


def test_a_release_follows_another_and_the_last_ones_stay(tmp_path: Path) -> None:
    publication = Publication(tmp_path / "new" / "folder")
    for number in range(1, RELEASES_KEPT + 4):
        release, is_new = publication.publish(numbered(number))
        assert (release.number, is_new) == (number, True)
        assert shown(publication) == f"release {number}"
        assert publication.current.readlink() == Path("releases") / release.folder.name
    numbers = [one.number for one in publication.all_releases()]
    assert numbers == list(range(4, RELEASES_KEPT + 4))
    left = {file.name for file in publication.releases.iterdir()} - {".lock"}
    kept = publication.all_releases()
    assert left == {one.folder.name for one in kept} | {one.sums_file.name for one in kept}


def test_hashed_files_of_the_releases_before_stay_and_older_ones_go(tmp_path: Path) -> None:
    publication = Publication(tmp_path)
    for number in range(1, RELEASES_KEPT + 4):
        publication.publish(numbered(number))
    found = {
        file.name: file.read_bytes() for file in (publication.current / "assets").glob("*.css")
    }
    assert found == {
        f"site.{number:08x}.css": f"styles of {number} ".encode() * 20
        for number in range(4, RELEASES_KEPT + 4)
    }
    for name in found:
        for end in ("gz", "br"):
            assert (publication.current / "assets" / f"{name}.{end}").exists()


def test_pages_of_the_releases_before_do_not_stay(tmp_path: Path) -> None:
    publication = Publication(tmp_path)
    publication.publish(site_of(gone_html="gone"))
    publication.publish(site_of(come_html="come"))
    assert not (publication.current / "gone.html").exists()


def test_the_same_site_again_changes_nothing(tmp_path: Path) -> None:
    publication = Publication(tmp_path)
    publication.publish(numbered(1))
    before = publication.current.readlink()
    release, is_new = publication.publish(numbered(1))
    assert (release.number, is_new) == (1, False)
    assert publication.current.readlink() == before
    assert len(publication.all_releases()) == 1


def test_going_back_by_hand_is_a_link_and_the_next_release_follows(tmp_path: Path) -> None:
    publication = Publication(tmp_path)
    for number in (1, 2):
        publication.publish(numbered(number))
    first = publication.all_releases()[0].folder.name
    command = f"ln -s releases/{first} current.new && mv -T current.new current"
    guide = (ROOT / "deploy/README.md").read_text(encoding="utf-8")
    assert command.replace(first, "6-0a1b2c3d") in guide
    subprocess.run(command, shell=True, cwd=tmp_path, check=True)
    assert shown(publication) == "release 1"
    release, is_new = publication.publish(numbered(2))
    assert (release.number, is_new) == (3, True)
    assert shown(publication) == "release 2"


def test_the_list_of_a_release_proves_its_files(tmp_path: Path) -> None:
    publication = Publication(tmp_path)
    for number in (1, 2):
        release, _ = publication.publish(numbered(number))
    lines = release.sums_file.read_text(encoding="utf-8").splitlines()
    assert [line.split("  ")[1] for line in lines] == [
        "assets/site.00000002.css",
        "assets/site.00000002.css.br",
        "assets/site.00000002.css.gz",
        "index.html",
    ]
    for line in lines:
        digest, path = line.split("  ")
        assert hashlib.sha256((release.folder / path).read_bytes()).hexdigest() == digest


def test_a_changed_file_of_the_same_length_gets_another_time_and_an_unchanged_one_keeps_it(
    tmp_path: Path,
) -> None:
    publication = Publication(tmp_path)
    times = []
    for text in ("one", "two", "six"):
        publication.publish(site_of(index_html=text, same_txt="same"))
        names = ("index.html", "same.txt")
        times.append([(publication.current / name).stat().st_mtime for name in names])
    changed, unchanged = zip(*times, strict=True)
    assert changed[0] < changed[1] < changed[2]
    assert len(set(unchanged)) == 1


def test_a_web_server_may_read_a_release_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        release, _ = Publication(tmp_path).publish(numbered(1))
    finally:
        os.umask(before)
    modes = {one.stat().st_mode & 0o777 for one in release.folder.rglob("*") if one.is_file()}
    assert modes == {0o644}
    assert (release.folder / "assets").stat().st_mode & 0o777 == 0o755
    assert release.folder.stat().st_mode & 0o777 == 0o755
    assert release.folder.parent.stat().st_mode & 0o777 == 0o755


# What goes wrong


def fill_the_disk(*_: object, **__: object) -> None:
    """Fail as the system does, when asked for a byte more than there is."""
    with Path("/dev/full").open("wb", buffering=0) as full:
        full.write(b"x")


@pytest.mark.parametrize(
    "stage", ["compress_site", "_finish_files", "_link_hashed_files", "os.sync", "Path.symlink_to"]
)
def test_a_full_disk_at_any_stage_leaves_what_was_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    publication = Publication(tmp_path)
    publication.publish(numbered(1))
    with monkeypatch.context() as patch:
        patch.setattr(f"scripts.publish.releases.{stage}", fill_the_disk)
        with pytest.raises(SetupError) as error:
            publication.publish(numbered(2))
    assert str(error.value) == NO_SPACE
    assert shown(publication) == "release 1"
    assert not list(publication.releases.glob("draft*"))
    publication.publish(numbered(3))
    assert shown(publication) == "release 3"


def test_a_build_that_finds_the_disk_full_leaves_what_was_served(tmp_path: Path) -> None:
    def build(folder: Path) -> None:
        numbered(2)(folder)
        fill_the_disk()

    publication = Publication(tmp_path)
    publication.publish(numbered(1))
    with pytest.raises(SetupError) as error:
        publication.publish(build)
    assert str(error.value) == NO_SPACE
    assert shown(publication) == "release 1"
    assert not list(publication.releases.glob("draft*"))


KILLED = """
import os, signal, sys
from pathlib import Path
from scripts.publish import releases

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def build(folder):
    folder.joinpath("assets").mkdir(parents=True)
    folder.joinpath("index.html").write_text("release 2")
    folder.joinpath("assets/site.00000002.css").write_text("styles of 2 " * 20)
    if sys.argv[2] == "build":
        die()

if sys.argv[2] != "build":
    owner, _, name = sys.argv[2].rpartition(".")
    setattr(eval(f"releases.{owner}") if owner else releases, name, die)
releases.Publication(Path(sys.argv[1])).publish(build)
"""


@pytest.mark.parametrize(
    "stage",
    ["build", "_sums", "_link_hashed_files", "os.sync", "Publication.serve", "Path.replace"],
)
def test_a_publication_killed_at_any_stage_leaves_what_was_served(
    tmp_path: Path, stage: str
) -> None:
    publication = Publication(tmp_path)
    publication.publish(numbered(1))
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path), stage], cwd=ROOT, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert shown(publication) == "release 1"
    publication.publish(numbered(3))
    assert shown(publication) == "release 3"
    assert not list(publication.releases.glob("draft*"))
    assert not (tmp_path / "current.new").exists()


def test_two_publications_into_one_folder_do_not_meet(tmp_path: Path) -> None:
    def build(folder: Path) -> None:
        with pytest.raises(SetupError, match=f"Another publication into {tmp_path} is going on"):
            Publication(tmp_path).publish(numbered(2))
        numbered(1)(folder)

    Publication(tmp_path).publish(build)
    assert shown(Publication(tmp_path)) == "release 1"


def test_a_folder_named_current_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "current").mkdir()
    with pytest.raises(SetupError, match=r"current is no link\. Move it away"):
        Publication(tmp_path).publish(numbered(1))
    assert (tmp_path / "current").is_dir()


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SetupError) as error:
        Publication(tmp_path / "file").publish(numbered(1))
    assert "\n" not in str(error.value)
    assert str(error.value).startswith("Nothing was published: ")
    assert str(tmp_path / "file") in str(error.value)


# The command, on a copy of the project


def publish(root: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scripts.commands", "publish", str(folder)],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root), "SITE_URL": SITE_URL},
        capture_output=True,
        text=True,
        check=False,
    )


ON_A_COPY = pytest.mark.xdist_group("published-copy")
"""One worker makes them for all these tests."""


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy in two languages, which compresses fast instead of best."""
    root = copied_project(tmp_path_factory.mktemp("copied"), codes=("fr", "de"))
    code = root / "scripts/publish/compress.py"
    best = f"BROTLI_QUALITY = {BROTLI_QUALITY}\n"
    text = code.read_text(encoding="utf-8")
    assert best in text
    code.write_text(text.replace(best, "BROTLI_QUALITY = 4\n"), encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def first(copied: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the copied project was published once."""
    folder = tmp_path_factory.mktemp("first")
    done = publish(copied, folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"current is release 1-\w{8}, now served\.$", done.stdout.strip())
    return folder


@pytest.fixture
def edited(copied: Path) -> Iterator[Callable[[str, str, str], None]]:
    """Edit files of the copied project; after the test all is as it was."""
    before: dict[Path, str] = {}

    def edit(path: str, old: str, new: str) -> None:
        file = copied / path
        text = before.setdefault(file, file.read_text(encoding="utf-8"))
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")

    yield edit
    for file, text in before.items():
        file.write_text(text, encoding="utf-8")


@ON_A_COPY
def test_a_fault_in_the_texts_leaves_what_was_served(
    copied: Path, first: Path, edited: Callable[[str, str, str], None]
) -> None:
    again = publish(copied, first)
    assert "served already: nothing has changed." in again.stdout
    edited("docs/fr/rights/appeal.md", "term:appeal", "term:nothing")
    failed = publish(copied, first)
    assert failed.returncode == 1
    assert "term 'nothing' is unknown" in failed.stdout + failed.stderr
    last = failed.stderr.strip().splitlines()[-1]
    assert last == "Nothing was published: the site could not be built."
    assert [one.number for one in Publication(first).all_releases()] == [1]


class Reader(threading.Thread):
    """Opens a page and all its styles and scripts, over and over, and notes what is wrong."""

    def __init__(self, address: str, accepted: str) -> None:
        super().__init__(daemon=True)
        self.client = Client(address)
        self.accepted = accepted
        self.goes_on = True
        self.problems: list[str] = []
        self.seen: dict[str, int] = {}
        self.has_seen = threading.Condition()
        self.files: dict[str, str] = {}
        """The sum of each style and script, by name: one name, one content."""

    def run(self) -> None:
        while self.goes_on:
            try:
                self._open_page()
            except (OSError, http.client.HTTPException, KeyError) as error:
                self.problems.append(repr(error))
                self.goes_on = False

    def _open_page(self) -> None:
        page = self._get("/fr/rights/appeal/").decode()
        for link in re.findall(r'<link [^>]*href="?([^" >]+\.(?:css|js))', page):
            path = urljoin("/fr/rights/appeal/", link)
            digest = hashlib.sha256(self._get(path)).hexdigest()
            if self.files.setdefault(path, digest) != digest:
                self.problems.append(f"{path} has two contents")
        found = re.search(r"C’est (votre droit|bien ça)\.", page)
        with self.has_seen:
            version = found[1] if found else "none"
            self.seen[version] = self.seen.get(version, 0) + 1
            self.has_seen.notify_all()

    def _get(self, path: str) -> bytes:
        answer = self.client.ask(path, Accept_Encoding=self.accepted)
        if answer.status != 200:
            self.problems.append(f"{path}: {answer.status}")
        return answer.content

    def wait_until_seen(self, version: str, times: int) -> bool:
        """Wait until this version was seen so often; False when that takes too long."""
        with self.has_seen:
            return self.has_seen.wait_for(
                lambda: self.seen.get(version, 0) >= times or not self.goes_on, LONGEST
            )


@pytest.fixture
def readers() -> Iterator[Callable[[str], list[Reader]]]:
    """Start readers, one an encoding, and end them after the test."""
    started: list[Reader] = []

    def start(address: str) -> list[Reader]:
        started.extend(Reader(address, accepted) for accepted in ("", "gzip", "br"))
        for reader in started:
            reader.start()
        return started

    yield start
    for reader in started:
        reader.goes_on = False
        reader.join()


@ON_A_COPY
def test_a_new_version_while_readers_read_breaks_no_page(
    copied: Path,
    first: Path,
    edited: Callable[[str, str, str], None],
    readers: Callable[[str], list[Reader]],
    tmp_path: Path,
) -> None:
    shutil.copytree(first, tmp_path, symlinks=True, dirs_exist_ok=True)
    publication = Publication(tmp_path)
    with running_nginx(publication.current) as nginx:
        reading = readers(nginx.address)
        assert all(one.wait_until_seen("votre droit", 3) for one in reading)
        edited("docs/fr/rights/appeal.md", "C’est votre droit.", "C’est bien ça.")
        edited(
            "overrides/assets/stylesheets/site.css", ".brand {", ".brand {\n  outline-color: red;"
        )
        done = publish(copied, tmp_path)
        assert "release 2-" in done.stdout, done.stdout + done.stderr
        assert all(one.wait_until_seen("bien ça", 3) for one in reading)
        releases_there = publication.all_releases()
        for turn in range(200):  # far more often than anybody publishes
            publication.serve(releases_there[turn % 2])
        publication.serve(releases_there[-1])
        old = [dict(one.seen) for one in reading]
        more = [counts["bien ça"] + 3 for counts in old]
        assert all(
            one.wait_until_seen("bien ça", count) for one, count in zip(reading, more, strict=True)
        )
        for one in reading:
            one.goes_on = False
            one.join()
    assert [one.problems for one in reading] == [[], [], []]
    assert [set(one.seen) for one in reading] == [{"votre droit", "bien ça"}] * 3
    sheets = {path for one in reading for path in one.files if path.endswith(".css")}
    assert len(sheets) == 2, "each version has its styles"
    for one in reading:
        for path, digest in one.files.items():
            content = (publication.current / path.lstrip("/")).read_bytes()
            assert hashlib.sha256(content).hexdigest() == digest


# The workflow for a static host


def test_the_workflow_runs_readmes_commands_with_few_rights_and_pinned_actions() -> None:
    text = (ROOT / ".github/workflows/publish.yml").read_text(encoding="utf-8")
    flow = yaml.safe_load(text)
    steps = [step for job in flow["jobs"].values() for step in job["steps"]]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = [step["run"] for step in steps if "run" in step]
    ours = [command for command in commands if "python3 -m scripts" in command]
    assert ours == ["python3 -m scripts test", "python3 -m scripts build --kit"]
    assert all(command in readme for command in ours)
    packages = " ".join((*SERVER_PACKAGES, *PRINT_PACKAGES))
    assert [one for one in commands if one not in ours] == [
        f"sudo apt-get update && sudo apt-get install -y --no-install-recommends {packages}"
    ]
    actions = [step["uses"] for step in steps if "uses" in step]
    assert all(re.fullmatch(r"actions/[\w-]+@v\d+(\.\d+\.\d+)?", action) for action in actions)
    assert flow["permissions"] == {"contents": "read"}
    assert flow["jobs"]["publish"]["permissions"] == {"pages": "write", "id-token": "write"}
    assert "://" not in text


# The guide


def test_the_guide_names_real_commands_and_files(capsys: pytest.CaptureFixture[str]) -> None:
    guide = (ROOT / "deploy/README.md").read_text(encoding="utf-8")
    known = known_commands(capsys)
    named = set(re.findall(r"python3 -m scripts ([a-z-]+)", guide))
    assert named >= {"publish", "build", "deploy-files", "benchmark"}
    assert named <= known
    paths = re.findall(r"`((?:tests|scripts|deploy|\.github)/[\w./-]+)`", guide)
    paths += [f"deploy/{link}" for link in re.findall(r"\]\(([\w./-]+)\)", guide)]
    assert len(paths) >= 5
    assert [path for path in paths if not (ROOT / path).exists()] == []
    packages = re.findall(r"apt-get install (.+)", guide)
    assert " ".join(packages).split() == list(SERVER_PACKAGES)
    assert "](deploy/README.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
