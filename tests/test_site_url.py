"""The site's address: nothing that is none of a reader's gets onto paper or into a code."""

from __future__ import annotations

from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest

from scripts.bootstrap import SetupError
from scripts.commands import main
from scripts.content.project import Project
from scripts.share.handouts import handout
from scripts.share.posters import multilingual_poster, poster
from scripts.share.printer import pdf
from scripts.site_url import checked_site_url, is_trial
from tests.conftest import SITE_URL, copied_project, run_mkdocs_build

PRINTING = {
    "kit": ["kit", "FOLDER"],
    "kit --check": ["kit", "--check", "FOLDER"],
    "usb-zip": ["usb-zip", "--languages", "ti", "--output", "FOLDER/evening.zip"],
    "publish": ["publish", "FOLDER"],
    "build --kit": ["build", "--kit"],
}
"""The commands that print the address, or put it into codes."""
GOOD = {
    "https://cms.example": "https://cms.example/",
    "https://cms.example/": "https://cms.example/",
    "https://cms.example/aide-sociale": "https://cms.example/aide-sociale/",
    "http://127.0.0.1:8000/": "http://127.0.0.1:8000/",
    "http://[::1]:8000/": "http://[::1]:8000/",
    "https://xn--bcher-kva.example:8443/": "https://xn--bcher-kva.example:8443/",
}
WRONG = {
    "": "no http:// or https://",
    "cms.example": "no http:// or https://",
    "ftp://cms.example/": "no http:// or https://",
    "https://": "no host",
    "https:///aide": "no host",
    "https://-cms.example/": "no host",
    "https://cms..example/": "no host",
    "https://300.1.1.1/": "no host",
    "https://cms example/": "a space",
    " https://cms.example/": "a space",
    "https://cms.example/\n": "a space",
    "https://bücher.example/": "a letter beyond ASCII",
    "https://cms.example/?a=b": "a query",
    "https://cms.example/?": "a query",
    "https://cms.example/#x": "a fragment",
    "https://me:secret@cms.example/": "a user",
    "https://cms.example:0/": "a port",
    "https://cms.example:/": "a port",
    "https://cms.example:80800/": "host or port",
    "https://cms.example:http/": "host or port",
    "https://[::1/": "host or port",
    "https://cms.example/a//b/": "a path",
    "https://cms.example//": "a path",
    "https://cms.example/../b/": "a path",
    'https://cms.example/"b"/': "a path",
    "https://cms.example/%20/": "a path",
}


@pytest.mark.parametrize(("found", "expected"), GOOD.items())
def test_an_address_of_a_site_is_taken_with_a_slash_at_its_end(found: str, expected: str) -> None:
    assert checked_site_url(found) == expected


@pytest.mark.parametrize(("found", "words"), WRONG.items())
def test_what_is_no_address_of_a_site_is_refused_in_one_line(found: str, words: str) -> None:
    with pytest.raises(SetupError) as caught:
        checked_site_url(found)
    said = str(caught.value)
    assert said.startswith(f"SITE_URL: found {found!r} with ")
    assert words in said
    assert said.endswith("; expected https://cms.example/ or https://cms.example/aide-sociale/")
    assert "\n" not in said


@pytest.mark.parametrize("given", ["", "https://cms.example/?a=b"])
@pytest.mark.parametrize("arguments", PRINTING.values(), ids=PRINTING)
def test_what_prints_the_address_does_nothing_without_a_good_one(
    arguments: list[str],
    given: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("SITE_URL", given)
    assert main([one.replace("FOLDER", str(tmp_path)) for one in arguments]) == 1
    [line] = capsys.readouterr().err.splitlines()
    expected = "SITE_URL: found 'https" if given else "SITE_URL is not set, and would be printed"
    assert line.startswith(expected)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["build", "serve"])
def test_a_site_without_print_needs_no_address_but_no_wrong_one_is_taken(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SITE_URL", "https://cms.example/#x")
    assert main([command]) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("SITE_URL: found 'https://cms.example/#x' with a fragment")


def test_plain_mkdocs_refuses_a_wrong_address_too(tmp_path: Path) -> None:
    root = copied_project(tmp_path, codes=("fr",))
    done = run_mkdocs_build(root, site_url="https://me@cms.example/")
    assert done.returncode == 1
    assert "SITE_URL: found 'https://me@cms.example/' with a user" in done.stdout + done.stderr
    assert not (root / "site").exists()


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://127.0.0.1:8000/", True),
        ("http://[::1]/", True),
        ("http://192.168.1.4:8000/", False),
        ("http://0.0.0.0:8000/", True),
        ("http://localhost:8000/", True),
        ("http://aide.localhost:8000/", True),
        ("http://intranet/", False),
        (SITE_URL, False),
        ("https://9.9.9.9/", False),
    ],
)
def test_an_address_of_this_machine_is_a_trial(address: str, expected: bool) -> None:
    assert is_trial(address) is expected


MARK = "Essai : ne pas distribuer – Probe: nicht abgeben"


@pytest.mark.parametrize(("site_url", "times"), [("http://127.0.0.1:8000/", 1), (SITE_URL, 0)])
def test_every_sheet_with_the_address_of_a_trial_says_so(
    project: Project, site_url: str, times: int
) -> None:
    for sheet in (
        handout(project, site_url, "ti"),
        poster(project, site_url, "rights/appeal", "ar", "a3"),
        multilingual_poster(project, site_url, "index", list(project.language), "a4", each=True),
    ):
        for page in pypdfium2.PdfDocument(pdf(sheet)):
            text = " ".join(page.get_textpage().get_text_bounded().split())
            assert text.count(MARK) == times
