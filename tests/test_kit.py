"""The kit of an evening: made when it must be, in one piece, the same bytes for everybody."""

from __future__ import annotations

import errno
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest
from filelock import FileLock
from PIL import Image
from zxingcpp import read_barcodes

from scripts.bootstrap import SetupError
from scripts.commands import main
from scripts.content.project import Project
from scripts.faults import FaultsError
from scripts.share import fonts, kit, prints
from scripts.share.kit import Item, KitOnDemand, kit_items, make_kit, out_of_date
from scripts.share.prints import PAPERS, pdf, poster, shared_poster
from tests.conftest import SITE_URL, shared_folder

CHOSEN = ("fr", "ti")


@pytest.fixture
def few_topics(project: Project) -> Project:
    """The real content with two topics, so that a kit is made in a moment."""
    topics = {path: line for path, line in project.sharing.topics.items() if "/" not in path}
    topics = dict(list(topics.items())[:2])
    return replace(project, sharing=replace(project.sharing, topics=topics))


@pytest.fixture(scope="session")
def whole(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The QR codes, handouts and two topics' posters of a few languages, made once."""
    folder = shared_folder(tmp_path_factory) / "kit"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            make_kit(project, SITE_URL, folder, ("fr", "ar"))
    return folder


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
        f"qr/{one.name}.{kind}" for one in project.short_addresses for kind in ("svg", "png")
    }
    expected |= {"qr/start.svg", "qr/start.png"}
    expected |= {f"handouts/{code}.pdf" for code in project.language}
    for path in project.sharing.topics:
        word = project.addresses.words[path]
        kinds = [word, f"{word}-codes", *(f"{code}-{word}" for code in project.language)]
        expected |= {f"posters/{kind}-{paper}.pdf" for kind in kinds for paper in PAPERS}
    assert names == expected


def test_the_same_content_gives_the_same_bytes_and_nothing_is_made_twice(
    few_topics: Project, tmp_path: Path
) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    said: list[str] = []
    made = make_kit(few_topics, SITE_URL, one, CHOSEN, said.append)
    assert made.made == made.files
    assert said[-1].startswith(f"{made.files} of {made.files} files")
    times = {file: file.stat().st_mtime_ns for file in one.rglob("*.*")}
    assert make_kit(few_topics, SITE_URL, one, CHOSEN).made == 0
    kept = {file: file.stat().st_mtime_ns for file in one.rglob("*.*") if file.name != "made.json"}
    assert kept.items() <= times.items()
    make_kit(few_topics, SITE_URL, other, CHOSEN)
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
    names = [f"posters/{kind}-{paper}.pdf" for paper in PAPERS for kind in ("ti-check", "check")]
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
    assert fewer.removed > 20
    assert not (tmp_path / "handouts/ti.pdf").exists()


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
        make_kit(few_topics, SITE_URL, tmp_path, CHOSEN)
    assert "\n" not in str(caught.value)
    assert list(tmp_path.rglob("*.new")) == []
    monkeypatch.undo()
    done = len(json.loads((tmp_path / "made.json").read_text()))
    assert done >= 5
    made = make_kit(few_topics, SITE_URL, tmp_path, CHOSEN)
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
        prints.load_printer()
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
    if address == "long":
        monkeypatch.setenv("SITE_URL", f"https://cms.example/{'a' * 230}/")
    assert main([*arguments, str(tmp_path / "kit")]) == 1
    said = capsys.readouterr().err.splitlines()
    assert message in said[0]
    assert not list(tmp_path.iterdir())


def test_the_check_tells_what_is_out_of_date(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
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


# Posters


def codes_on(page: bytes, width: int = 2000) -> list[str]:
    """What a decoder reads on the first page of a PDF."""
    sheet = pypdfium2.PdfDocument(page)[0]
    image: Image.Image = sheet.render(scale=width / sheet.get_width()).to_pil()
    return [found.text for found in read_barcodes(image.convert("L"))]


@pytest.mark.parametrize("code", ["fr", "ar", "ti", "ta"])
@pytest.mark.parametrize("paper", PAPERS)
def test_a_poster_is_one_page_black_on_white_with_a_large_code(
    code: str, paper: str, project: Project
) -> None:
    made = pdf(poster(project, SITE_URL, "rights/appeal", code, paper))
    document = pypdfium2.PdfDocument(made)
    size = {"a4": (595, 842), "a3": (842, 1191)}[paper]
    assert (len(document), *map(round, document[0].get_size())) == (1, *size)
    assert codes_on(made) == [f"{SITE_URL}q/{code}-appeal"]
    text = document[0].get_textpage().get_text_bounded()
    assert project.source_pages["rights/appeal"].title in text
    assert f"cms.example/valais/q/{code}-appeal" in text
    colors = (
        document[0].render(scale=1, may_draw_forms=False).to_pil().convert("RGB").getcolors(9999)
    )
    assert all(red == green == blue for _, (red, green, blue) in colors or [(0, (1, 2, 3))])


def test_the_poster_of_all_languages_says_its_title_in_each_and_leads_to_the_choice(
    project: Project,
) -> None:
    codes = list(project.language)
    made = pdf(shared_poster(project, SITE_URL, "rights/index", codes, "a4", each=False))
    assert codes_on(made) == [f"{SITE_URL}q/rights"]
    text = pypdfium2.PdfDocument(made)[0].get_textpage().get_text_bounded()
    latin = [one for one in project.languages if one.script in ("Latn", "Cyrl", "Ethi")]
    assert [one.code for one in latin if one.name not in text] == []
    assert [
        one.code for one in latin if project.pages[one.code]["rights/index"].title not in text
    ] == []
    whole = pdf(shared_poster(project, SITE_URL, "index", codes, "a4", each=False))
    assert codes_on(whole) == [SITE_URL]


@pytest.mark.parametrize("paper", PAPERS)
def test_the_poster_with_a_code_a_language_can_be_read_for_each_of_them(
    paper: str, project: Project
) -> None:
    codes = list(project.language)
    made = pdf(shared_poster(project, SITE_URL, "self-check", codes, paper, each=True))
    assert len(pypdfium2.PdfDocument(made)) == 1
    assert sorted(codes_on(made)) == sorted(f"{SITE_URL}q/{code}-check" for code in codes)


def test_the_poster_of_chosen_languages_has_these_and_no_other(project: Project) -> None:
    made = pdf(shared_poster(project, SITE_URL, "permit", ["ti", "ar"], "a4", each=True))
    assert sorted(codes_on(made)) == [f"{SITE_URL}q/ar-permit", f"{SITE_URL}q/ti-permit"]


def test_every_poster_of_the_kit_fits_its_page(whole: Path) -> None:
    files = sorted((whole / "posters").glob("*-a4.pdf"))
    assert len(files) == 20 * 4
    assert [file.name for file in files if len(pypdfium2.PdfDocument(file)) != 1] == []


def test_posters_are_tagged_for_screen_readers_with_title_and_language(whole: Path) -> None:
    with pikepdf.open(io.BytesIO((whole / "posters/ar-rights-a4.pdf").read_bytes())) as document:
        assert str(document.Root.Lang) == "ar"
        assert document.Root.MarkInfo.Marked
        assert document.Root.StructTreeRoot
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert "حقوقي" in str(document.docinfo["/Title"])
