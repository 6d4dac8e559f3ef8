"""The build: fast by sharing and by leaving out, and not a byte different for it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Set
from pathlib import Path

import pytest

from scripts.content.project import Project, load_project
from scripts.content.references import MACROS
from scripts.faults import ROOT, FaultsError
from scripts.memo import Memo
from scripts.site.changes import MACROS_READ, every_page, touched_pages
from scripts.site.language_files import deal
from scripts.site.output import Output
from scripts.workers import WorkerError, in_workers
from tests.conftest import FEW, SITE_URL, ContentCopy, copied_project, run_mkdocs_build


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its path."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy in few languages, one page of it missing, built as it is built for readers."""
    root = copied_project(tmp_path_factory.mktemp("fast") / "copy")
    shutil.copytree(Path(__file__).parent, root / "tests", ignore=shutil.ignore_patterns("__py*"))
    done = run_mkdocs_build(root, "--strict", site_url=SITE_URL)
    assert done.returncode == 0, done.stdout + done.stderr
    return root


@pytest.mark.parametrize("without", ["one-build", "workers", "macros", "extensions", "patterns"])
def test_each_mend_leaves_every_byte_as_it_was(root: Path, without: str, tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    shutil.copytree(root, plain)
    shutil.rmtree(plain / "site")
    done = subprocess.run(
        [sys.executable, "-m", "tests.reference_build", without],
        cwd=plain,
        env=os.environ | {"PYTHONPATH": str(plain), "SITE_URL": SITE_URL},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    expected, found = files_of(plain / "site"), files_of(root / "site")
    assert len(expected) > 23 * len(FEW)
    assert list(found) == list(expected)
    assert [name for name in found if found[name] != expected[name]] == []


def test_a_fault_in_a_worker_stops_the_build_and_leaves_the_old_site(tmp_path: Path) -> None:
    root = copied_project(tmp_path)
    (root / "site").mkdir()
    (root / "site/index.html").write_text("the site before", encoding="utf-8")
    template = root / "overrides/main.html"
    text = template.read_text(encoding="utf-8")
    fault = '{% if language.code == "ar" %}{{ nonsense() }}{% endif %}'
    template.write_text(text.replace("{{ page.content }}", fault, 1), encoding="utf-8")
    done = run_mkdocs_build(root, "--strict")
    assert done.returncode == 1
    assert re.search(r"overrides/main.html:\d+: 'nonsense' is undefined", done.stdout + done.stderr)
    assert files_of(root / "site") == {"index.html": b"the site before"}
    assert not (root / "site.new").exists()


def test_a_build_that_was_cut_off_leaves_nothing_in_the_next_one(tmp_path: Path) -> None:
    root = copied_project(tmp_path, codes=("fr", "ar"))
    for place in ("site/fr/old/index.html", "other/fr/older/index.html"):
        (root / "site.new" / place).parent.mkdir(parents=True)
        (root / "site.new" / place).write_text("old", encoding="utf-8")
    done = run_mkdocs_build(root)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (root / "site/fr/old").exists()
    assert not (root / "site/fr/older").exists()
    assert not (root / "site.new").exists()


def test_results_come_back_in_the_order_of_the_shares() -> None:
    assert in_workers(lambda number: (number, os.getpid()), [3, 1, 2]) != []
    found = in_workers(lambda number: (number * 2, os.getpid()), [3, 1, 2])
    assert [number for number, _ in found] == [6, 2, 4]
    assert len({process for _, process in found} | {os.getpid()}) == 4


def test_no_process_is_copied_once_a_library_has_started_threads() -> None:
    """The copy would be without the threads that collect the minifier's garbage, and hang."""
    count = "print(scripts.workers.worker_count())"
    program = f"""
import scripts.site.plugin, scripts.workers
{count}
scripts.site.plugin.minified("page.html", "<p>a")
{count}
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [str(len(os.sched_getaffinity(0))), "1"]


def _fail(number: int) -> int:
    if number == 2:
        raise ValueError("docs/ar: what is wrong")
    return number


def _leave(number: int) -> int:
    if number == 2:
        os._exit(3)
    return number


def _exit(number: int) -> int:
    if number == 2:
        sys.exit("ended: why")
    return number


@pytest.mark.parametrize(
    ("job", "message"),
    [(_fail, "docs/ar: what is wrong"), (_leave, "without a word"), (_exit, "ended: why")],
)
def test_a_worker_that_fails_says_why(job: Callable[[int], int], message: str) -> None:
    with pytest.raises(WorkerError, match=message):
        in_workers(job, [1, 2, 3])


def test_the_languages_are_dealt_out_evenly_and_each_once(project: Project) -> None:
    plan = every_page(project)
    shares = deal(plan, 3)
    assert {code: paths for share in shares for code, paths in share.items()} == plan
    assert sum(map(len, shares)) == len(plan)
    sizes = [sum(map(len, share.values())) for share in shares]
    assert max(sizes) - min(sizes) <= max(len(paths) for paths in plan.values())
    assert deal({"fr": frozenset({"index"})}, 4) == [{"fr": frozenset({"index"})}]


def test_it_is_known_of_every_macro_what_it_reads() -> None:
    assert set(MACROS_READ) == set(MACROS)


EVERY = frozenset({"every page"})
ALL = dict.fromkeys(FEW, EVERY)
FRENCH_TEXT = {code: {"permit", "about/index"} for code in FEW}
"""A French text makes its translations stale, and the table of the languages tells so."""
ARABIC_TITLE = {"ar": EVERY, "fr": {"staff-links"}, "de": {"staff-links"}}
"""A title stands in the menu of its language, and in the links that staff copy."""


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        ("docs/ar/permit.md", "title:", "# a comment\ntitle:", {"ar": {"permit"}}),
        ("docs/ar/permit.md", "\n## ", "\nكلمة\n\n## ", {"ar": {"permit"}}),
        ("docs/fr/permit.md", "\n## ", "\nUne phrase.\n\n## ", FRENCH_TEXT),
        ("docs/ar/permit.md", "title: ", "title: كلمة ", ARABIC_TITLE),
        ("scripts/rules/wording/ar.yml", "  menu: ", "  menu: كلمة ", {"ar": EVERY}),
        ("scripts/rules/eligibility.yml", "version: ", "version: 1", ALL),
        ("scripts/rules/terms.yml", "fr: ", "fr: le ", ALL),
        ("docs/zz/index.md", "---\n", "---\n", {}),
    ],
)
def test_an_edit_touches_the_pages_that_show_it(
    copy: ContentCopy, path: str, old: str, new: str, expected: dict[str, Set[str]]
) -> None:
    before = load_project(copy.root)
    copy.replace(path, old, new)
    now = load_project(copy.root)
    every = every_page(now)
    plan = touched_pages(before, now)
    found = {code: EVERY if paths == every[code] else paths for code, paths in plan.items()}
    assert found == expected


def test_a_page_that_comes_or_goes_touches_its_whole_language(copy: ContentCopy) -> None:
    before = load_project(copy.root)
    (copy.root / "docs/ar/permit.md").unlink()
    now = load_project(copy.root)
    plan = touched_pages(before, now)
    assert plan["ar"] == every_page(now)["ar"]
    assert "permit" not in plan.get("de", ())


def test_content_loaded_with_a_memo_is_the_content_of_now(copy: ContentCopy) -> None:
    memo = Memo()
    first = load_project(copy.root, memo)
    assert load_project(copy.root, memo).pages["ar"]["permit"] is first.pages["ar"]["permit"]
    copy.replace("docs/ar/permit.md", "\n## ", "\nكلمة\n\n## ")
    copy.replace("scripts/rules/wording/ar.yml", "  menu: ", "  menu: كلمة ")
    again = load_project(copy.root, memo)
    assert again == load_project(copy.root)
    assert again.pages["ar"]["permit"] != first.pages["ar"]["permit"]
    assert again.pages["de"]["permit"] is first.pages["de"]["permit"]


def test_a_fault_is_told_again_until_it_is_mended(copy: ContentCopy) -> None:
    memo = Memo()
    load_project(copy.root, memo)
    copy.replace("docs/ar/permit.md", "title:", "titel:")
    for _ in range(2):
        with pytest.raises(FaultsError, match="unknown key 'titel'"):
            load_project(copy.root, memo)
    copy.replace("docs/ar/permit.md", "titel:", "title:")
    load_project(copy.root, memo)


def test_a_served_site_gets_only_the_files_that_differ(tmp_path: Path) -> None:
    output = Output(tmp_path / "site", served=True)
    (output.written / "fr").mkdir(parents=True)
    (output.written / "fr/sound.mp3").write_bytes(b"sound")
    output.target.mkdir()
    pages = {"fr/a.html": b"a", "fr/b.html": b"b", "old/c.html": b"c"}
    output.publish(pages, lambda files: {**files, "all.txt": b"%d" % len(files)})
    sound = {"fr/sound.mp3": b"sound"}
    assert files_of(output.target) == {**pages, **sound, "all.txt": b"4"}
    kept = (output.target / "fr/b.html").stat()
    output.publish({"fr/a.html": b"new", "fr/b.html": b"b"}, lambda files: files)
    assert files_of(output.target) == {"fr/a.html": b"new", "fr/b.html": b"b", **sound}
    assert (output.target / "fr/b.html").stat() == kept
    assert not (output.target / "old").exists()
    output.remove()
    assert [file.name for file in tmp_path.iterdir()] == ["site"]
