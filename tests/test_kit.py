"""The kit of an evening: made when it must be, in one piece, the same bytes for everybody."""

from __future__ import annotations

import errno
import json
import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from scripts import commands
from scripts.bootstrap import SetupError
from scripts.commands import main
from scripts.content.project import Project
from scripts.faults import ROOT, FaultsError
from scripts.share import fonts, kit, printer
from scripts.share.kit import Item, KitOnDemand, kit_items, make_kit, out_of_date
from scripts.share.posters import PAPERS
from tests.conftest import COMPLETE, SITE_URL

CHOSEN = ("fr", "ti")


@pytest.fixture
def few_topics(project: Project) -> Project:
    """The real content with two topics, four addresses, one letter: a kit of a moment."""
    topics = {path: project.sharing.topics[path] for path in ("index", "self-check")}
    words = {path: project.addresses.words[path] for path in (*topics, "rights/index", "say")}
    french = project.wordings["fr"]
    letters = {"apply": french.data["letters"]["apply"]}
    return replace(
        project,
        wordings={
            **project.wordings,
            "fr": replace(french, data={**french.data, "letters": letters}),
        },
        sharing=replace(project.sharing, topics=topics),
        addresses=replace(project.addresses, words=words),
    )


def contents(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_every_page_of_every_language_has_its_codes_and_every_topic_its_posters(
    project: Project,
) -> None:
    names = {item.path for item in kit_items(project, SITE_URL)}
    expected = {
        f"qr/{one.name}.{kind}"
        for one in project.short_addresses
        for kind in ("svg", "png")
        if one.code in ("", *COMPLETE)
    }
    expected |= {"qr/start.svg", "qr/start.png"}
    for code in COMPLETE:
        letters = [f"letters/{code}-{name}.pdf" for name in project.source_wording.data["letters"]]
        expected |= {f"handouts/{code}.pdf", f"cards/{code}.pdf", *letters}
    for path in project.sharing.topics:
        word = project.addresses.words[path]
        kinds = [word, f"{word}-codes", *(f"{code}-{word}" for code in COMPLETE)]
        expected |= {f"posters/{kind}-{paper}.pdf" for kind in kinds for paper in PAPERS}
    assert names == expected


def test_the_same_content_gives_the_same_bytes_and_nothing_is_made_twice(
    few_topics: Project, tmp_path: Path
) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    said: list[str] = []
    made = make_kit(few_topics, SITE_URL, one, CHOSEN[1:], said.append)
    assert made.made == made.files
    assert said[-1].startswith(f"{made.files} of {made.files} files")
    times = {file: file.stat().st_mtime_ns for file in one.rglob("*.*")}
    assert make_kit(few_topics, SITE_URL, one, CHOSEN[1:]).made == 0
    kept = {file: file.stat().st_mtime_ns for file in one.rglob("*.*") if file.name != "made.json"}
    assert kept.items() <= times.items()
    make_kit(few_topics, SITE_URL, other, CHOSEN[1:])
    assert contents(one) == contents(other)


def test_a_change_makes_what_it_touches_and_no_more(few_topics: Project, tmp_path: Path) -> None:
    make_kit(few_topics, SITE_URL, tmp_path, CHOSEN)
    page = few_topics.pages["ti"]["self-check"]
    pages = {
        **few_topics.pages,
        "ti": {**few_topics.pages["ti"], "self-check": replace(page, title="ሓድሽ")},
    }
    changed = replace(few_topics, pages=pages)
    items = list(kit_items(changed, SITE_URL, CHOSEN))
    kinds = ("ti-check", "check", "check-codes")
    names = [f"posters/{kind}-{paper}.pdf" for paper in PAPERS for kind in kinds]
    assert out_of_date(tmp_path, items) == [
        f"{item.path} is out of date" for item in items if item.path in names
    ]
    assert make_kit(changed, SITE_URL, tmp_path, CHOSEN).made == len(names)
    assert out_of_date(tmp_path, items) == []


def test_what_no_longer_belongs_there_goes_and_what_is_lost_comes_back(
    few_topics: Project, tmp_path: Path
) -> None:
    make_kit(few_topics, SITE_URL, tmp_path, CHOSEN)
    (tmp_path / "posters/old.pdf").write_text("")
    (tmp_path / "qr/ti-rights.svg").unlink()
    items = list(kit_items(few_topics, SITE_URL, CHOSEN))
    assert out_of_date(tmp_path, items) == [
        "qr/ti-rights.svg is out of date",
        "posters/old.pdf is no longer wanted",
    ]
    made = make_kit(few_topics, SITE_URL, tmp_path, CHOSEN)
    assert (made.made, made.removed) == (1, 1)
    fewer = make_kit(few_topics, SITE_URL, tmp_path, ("fr",))
    assert fewer.removed > 10
    assert not (tmp_path / "handouts/ti.pdf").exists()


def test_the_files_of_others_are_never_touched(few_topics: Project, tmp_path: Path) -> None:
    theirs = tmp_path / "posters" / "concert.pdf"
    theirs.parent.mkdir()
    theirs.write_text("theirs")
    message = (
        r"no folder of a kit, and posters/concert\.pdf is there already\. Name an empty folder"
    )
    with pytest.raises(SetupError, match=message):
        make_kit(few_topics, SITE_URL, tmp_path, ("fr",))
    assert contents(tmp_path) == {"posters/concert.pdf": b"theirs"}
    theirs.rename(tmp_path / "concert.pdf")
    make_kit(few_topics, SITE_URL, tmp_path, ("fr",))
    assert make_kit(few_topics, SITE_URL, tmp_path, ("fr",)).removed == 0
    assert (tmp_path / "concert.pdf").read_text() == "theirs"


def test_other_fonts_make_the_prints_anew_and_no_code(
    few_topics: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_kit(few_topics, SITE_URL, tmp_path, ("fr",))
    items = list(kit_items(few_topics, SITE_URL, ("fr",)))
    monkeypatch.setattr(kit, "fonts_digest", lambda: "other fonts")
    kit._makers.cache_clear()
    prints_of_it = [item.path for item in items if item.path.endswith(".pdf")]
    assert out_of_date(tmp_path, items) == [f"{path} is out of date" for path in prints_of_it]
    kit._makers.cache_clear()


def test_a_making_that_is_stopped_goes_on_from_there(
    few_topics: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(_: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(kit, "SAID_EVERY", 0.0)
    with pytest.raises(KeyboardInterrupt):
        make_kit(few_topics, SITE_URL, tmp_path, ("fr",), stopped)
    assert list(tmp_path.rglob("*.new")) == []
    known = json.loads((tmp_path / "made.json").read_text())
    assert all((tmp_path / path).is_file() for path in known)
    made = make_kit(few_topics, SITE_URL, tmp_path, ("fr",))
    assert 0 < made.made == made.files - len(known)


def test_a_process_that_is_killed_is_told_and_nobody_waits_for_it(
    few_topics: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = os.getpid()

    def killed(*_: object) -> None:
        assert os.getpid() != first
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(kit, "worker_count", lambda: 2)
    monkeypatch.setattr(kit, "_write", killed)
    with pytest.raises(SetupError, match=r"was ended from outside \(is there enough memory\?\)"):
        make_kit(few_topics, SITE_URL, tmp_path, ("fr",))


def stubbed(error: Exception, after: int) -> Callable[[Path, Item], None]:
    """A writing that fails at one file, having begun to write it."""
    real = kit._write
    count = 0

    def write(folder: Path, item: Item) -> None:
        nonlocal count
        count += 1
        if count > after:
            (folder / f"{item.path}.new").write_bytes(b"half")
            raise error
        real(folder, item)

    return write


FAILURES = {
    "a full disk": (
        OSError(errno.ENOSPC, "No space left"),
        "No space is left for .*: what is made",
    ),
    "a folder of another": (OSError(errno.EACCES, "Permission denied"), "cannot be written to"),
    "a fault": (SetupError("a font is broken"), "a font is broken"),
}


@pytest.mark.parametrize(("error", "message"), FAILURES.values(), ids=FAILURES)
def test_what_goes_wrong_is_said_in_one_line_and_leaves_no_half_written_file(
    error: Exception,
    message: str,
    few_topics: Project,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kit, "_write", stubbed(error, 5))
    with pytest.raises(SetupError, match=message) as caught:
        make_kit(few_topics, SITE_URL, tmp_path, CHOSEN[:1])
    assert "\n" not in str(caught.value)
    assert list(tmp_path.rglob("*.new")) == []
    monkeypatch.undo()
    done = len(json.loads((tmp_path / "made.json").read_text()))
    assert done >= 5
    made = make_kit(few_topics, SITE_URL, tmp_path, CHOSEN[:1])
    assert made.made == made.files - done


def test_a_missing_font_is_named_with_its_script_and_its_package(
    few_topics: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "installed", lambda: frozenset({"Noto Sans", "Noto Sans Arabic"}))
    message = (
        r"fonts: no font for script Ethi \(ti\): 'Noto Sans Ethiopic' is missing; install it "
        r"\(Debian, Ubuntu: apt-get install fonts-noto-core\)"
    )
    with pytest.raises(FaultsError, match=message):
        make_kit(few_topics, SITE_URL, tmp_path, CHOSEN)
    assert list(tmp_path.iterdir()) == []


def test_missing_pango_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr("builtins.__import__", refused)
    with pytest.raises(SetupError, match=r"apt-get install libpango-1\.0-0") as caught:
        printer.load_printer()
    assert "\n" not in str(caught.value)


WRONG: Sequence[tuple[str, list[str], str]] = [
    ("SITE_URL", ["kit", "--languages", "xx"], "language 'xx' is unknown; allowed: fr, de"),
    ("long", ["kit", "--languages", "fr"], "bytes; allowed for a QR code: 213"),
]


@pytest.mark.parametrize(("address", "arguments", "message"), WRONG)
def test_the_command_refuses_a_wrong_choice_in_one_line(
    address: str,
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    long = f"https://cms.example/{'a' * 230}/"
    monkeypatch.setenv("SITE_URL", long if address == "long" else SITE_URL)
    assert main([*arguments, str(tmp_path / "kit")]) == 1
    said = capsys.readouterr().err.splitlines()
    assert message in said[0]
    assert not list(tmp_path.iterdir())


def test_chosen_languages_have_a_folder_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Path, Sequence[str]]] = []
    monkeypatch.setattr(
        commands, "_make_kit", lambda _, folder, languages: asked.append((folder, languages))
    )
    assert main(["kit"]) == main(["kit", "--languages", "ti,ar"]) == 0
    assert asked == [(ROOT / "build/kit", ()), (ROOT / "build/kit-ti-ar", ("ti", "ar"))]


def test_the_check_tells_what_is_out_of_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SITE_URL", SITE_URL)
    assert main(["kit", "--check", "--languages", "ti", str(tmp_path)]) == 1
    said = capsys.readouterr().out.splitlines()
    assert "handouts/ti.pdf is out of date" in said
    assert said[-1].endswith("files are out of date; run `python3 -m scripts kit`")


def test_the_served_kit_makes_what_is_asked_for_and_no_more(
    project: Project, tmp_path: Path
) -> None:
    served = KitOnDemand(tmp_path, SITE_URL)
    assert served.file(project, "kit/nothing.pdf") is None
    handout = served.file(project, "kit/handouts/ti.pdf")
    assert handout is not None
    assert handout.startswith(b"%PDF")
    assert sorted(contents(tmp_path)) == ["handouts/ti.pdf", "made.json"]
    before = (tmp_path / "handouts/ti.pdf").stat().st_mtime_ns
    assert served.file(project, "kit/handouts/ti.pdf") == handout
    assert (tmp_path / "handouts/ti.pdf").stat().st_mtime_ns == before


def test_the_served_kit_names_a_missing_font_too(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "installed", lambda: frozenset({"Noto Sans", "Noto Sans Arabic"}))
    with pytest.raises(FaultsError, match="'Noto Sans Ethiopic' is missing; install it"):
        KitOnDemand(tmp_path, SITE_URL).file(project, "kit/handouts/ti.pdf")
