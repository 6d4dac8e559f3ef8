"""The served site: built from the files, built again on a change, not ended by a fault."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError

import pytest

from scripts.share.codes import qr_svg
from tests.conftest import copied_project, run_mkdocs_build
from tests.test_build import files_of

_VERSION = re.compile(rb'(?<=data-version=)[0-9a-f]{8}|"[0-9a-f]{8}"')
"""A version, in a page's `data-version` or in the worker."""
_NAMED_BY_CONTENT = re.compile(rb"(assets/site)\.\w{8}(?=\.css)")
LONGEST = 180
"""Seconds after which a server that says nothing is ended, so that the test fails."""


@contextmanager
def serving(root: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Serve a copy of the project; give the process and the address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (root / "tmp").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "scripts.commands", "serve", "--port", str(port)],
        cwd=root,
        env=os.environ
        | {"PYTHONPATH": str(root), "PYTHONUNBUFFERED": "1", "TMPDIR": str(root / "tmp")},
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


def read_until(process: subprocess.Popen[str], *words: str) -> str:
    """Return what the process says up to a line with any of these; fail when it ends before."""
    said = []
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line)
        if any(one in line for one in words):
            return "".join(said)
    raise AssertionError("".join(said))


def page(address: str) -> str:
    with urllib.request.urlopen(address, timeout=LONGEST) as answer:
        return str(answer.read().decode())


def assert_shown(address: str, fault: str) -> None:
    """Every address answers with the fault, and an open page is told that there is something."""
    for path in ("fr/rights/appeal/", "ar/", "nowhere/"):
        with pytest.raises(HTTPError) as caught:
            page(address + path)
        assert caught.value.code == 503
        shown = caught.value.read().decode()
        assert fault in shown
        assert '<meta http-equiv="refresh"' in shown
    assert page(f"{address}livereload/41/1") == "42"


def test_an_edit_is_served_and_a_fault_is_told_without_ending_the_server(tmp_path: Path) -> None:
    root = copied_project(tmp_path)
    source = root / "docs/fr/rights/appeal.md"
    text = source.read_text(encoding="utf-8")
    with serving(root) as (process, address):
        said = read_until(process, "Serving on")
        assert "Building 'ar' documentation" in said
        assert "C’est votre droit." in page(f"{address}fr/rights/appeal/")
        code = page(f"{address}kit/qr/ar-rights.svg")  # made when it is asked for
        assert code == qr_svg(f"{address}q/ar-rights").decode()
        source.write_text(text.replace("term:appeal", "term:nothing"), encoding="utf-8")
        read_until(process, "docs/fr/rights/appeal.md:5: term 'nothing' is unknown")
        read_until(process, "An error happened")
        assert_shown(address, "docs/fr/rights/appeal.md:5: term &#x27;nothing&#x27; is unknown")
        source.write_text(text.replace("C’est votre droit.", "C’est bien ça."), encoding="utf-8")
        read_until(process, "Reloading browsers")
        assert "C’est bien ça." in page(f"{address}fr/rights/appeal/")


class Served:
    """A server of a copy of the project, in three languages, and what it shows."""

    def __init__(self, root: Path, process: subprocess.Popen[str], address: str) -> None:
        self.root, self.process, self.address = root, process, address
        read_until(process, "Serving on")
        [self.folder] = (one for one in (root / "tmp").glob("mkdocs_*") if not one.suffix)

    def replace(self, path: str, old: str, new: str) -> None:
        """Edit a file and wait until the edit is served."""
        file = self.root / path
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        self.wait()

    def wait(self) -> None:
        """Wait until the browsers are told to load again; fail on a fault."""
        said = read_until(self.process, "Reloading browsers", "An error happened")
        assert "Reloading browsers" in said, said

    def changed(self, path: str, old: str, new: str) -> set[str]:
        """Edit a file; return the names of the served files that are others now."""
        before = files_of(self.folder)
        self.replace(path, old, new)
        now = files_of(self.folder)
        return {name for name in now.keys() | before.keys() if now.get(name) != before.get(name)}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for all edits, each of which begins where the one before ended."""
    root = copied_project(tmp_path_factory.mktemp("served") / "copy", codes=("fr", "de", "ar"))
    with serving(root) as (process, address):
        yield Served(root, process, address)


def languages_of(names: set[str]) -> set[str]:
    """The languages to which files belong: by folder, or by name (`search.fr.json`)."""
    return {re.split(r"[/.]", re.sub(r"^(?:offline/|assets/\w+\.)", "", name))[0] for name in names}


def pages_of(names: set[str]) -> set[str]:
    """The pages among files, without the one that says the size of its language."""
    return {name for name in names if name.endswith(".html") and "/phone/" not in name}


def test_an_edited_page_changes_no_other_page(served: Served) -> None:
    changed = served.changed("docs/ar/permit.md", "description: ", "description: كلمة ")
    assert languages_of(changed) == {"ar"}
    assert pages_of(changed) == {"ar/permit/index.html"}


def test_an_edited_wording_changes_its_language_alone(served: Served) -> None:
    changed = served.changed("scripts/rules/wording/ar.yml", "  menu: ", "  menu: كلمة ")
    assert languages_of(changed) == {"ar"}
    assert {name for name in files_of(served.folder / "ar") if name.endswith(".html")} == {
        name.removeprefix("ar/") for name in changed if name.startswith("ar/")
    }


def test_an_edited_french_text_makes_its_translations_stale(served: Served) -> None:
    changed = served.changed("docs/fr/permit.md", "description: ", "description: Mot ")
    pages = ("permit", "about")
    expected = {f"{code}/{one}/index.html" for code in ("fr", "de", "ar") for one in pages}
    assert pages_of(changed) == expected


def test_an_edited_title_changes_every_page_of_its_language(served: Served) -> None:
    changed = served.changed("docs/de/videos.md", "title: ", "title: Wort ")
    own = pages_of({f"de/{name}" for name in files_of(served.folder / "de")})
    shared = {"fr/staff-links/index.html", "q/videos/index.html", "q/de-videos/index.html"}
    assert pages_of(changed) == own | shared


def test_an_edited_rule_or_template_changes_every_language(served: Served) -> None:
    changed = served.changed("scripts/rules/eligibility.yml", "version: 20", "version: 21")
    assert {"fr/about/index.html", "ar/about/index.html", "rules/eligibility.json"} <= changed
    changed = served.changed("overrides/main.html", "<h1>", '<h1 class="new">')
    pages = {name for name in files_of(served.folder) if name.endswith("/index.html")}
    assert {name for name in pages if not name.startswith("q/")} <= changed


def test_a_page_that_goes_is_served_no_more_and_comes_back(served: Served) -> None:
    page = served.root / "docs/ar/permit.md"
    shown = served.folder / "ar/permit/index.html"
    text = page.read_text(encoding="utf-8")
    description = text.partition("description: ")[2].partition("\n")[0]
    french = "<div lang=fr-CH dir=ltr>"
    page.unlink()
    served.wait()
    assert french in shown.read_text(encoding="utf-8")
    assert description not in shown.read_text(encoding="utf-8")
    page.write_text(text, encoding="utf-8")
    served.wait()
    assert french not in shown.read_text(encoding="utf-8")
    assert description in shown.read_text(encoding="utf-8")


def test_a_fault_leaves_what_is_served_and_its_mend_is_seen(served: Served) -> None:
    before = files_of(served.folder)
    file = served.root / "overrides/main.html"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("<h1", "{{ nonsense() }}<h1"), encoding="utf-8")
    said = read_until(served.process, "An error happened")
    assert re.search(r"^overrides/main.html:\d+: 'nonsense' is undefined$", said, re.MULTILINE)
    assert "Traceback" not in said
    assert files_of(served.folder) == before
    assert_shown(served.address, "&#x27;nonsense&#x27; is undefined")
    file.write_text(text, encoding="utf-8")
    served.wait()
    assert files_of(served.folder) == before


def test_after_all_edits_a_full_build_gives_the_same_site(served: Served) -> None:
    done = run_mkdocs_build(served.root, site_url=served.address)
    assert done.returncode == 0, done.stdout + done.stderr
    expected, found = alike(served.root / "site"), alike(served.folder)
    assert list(found) == list(expected)
    assert [name for name in found if found[name] != expected[name]] == []


def alike(site: Path) -> dict[str, bytes]:
    """The files of a site without what differs while it is served: versions, the style sheet.

    It is the whole of the theme's then, and stands in the bundles, whose size a page says; the
    headers name it in the order of its digits.
    """
    found = {}
    for name, text in files_of(site).items():
        if not re.search(r"^offline/|/phone/|^assets/site\.\w+\.css$", name):
            plain = _VERSION.sub(b"", _NAMED_BY_CONTENT.sub(rb"\1", text))
            found[name] = b"\n".join(sorted(plain.split(b"\n"))) if name == "_headers" else plain
    return found
