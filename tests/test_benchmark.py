"""The benchmark compares like with like, and reads what the load test says."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import html

from scripts.benchmark import Table, print_measurements
from scripts.benchmark.load import NOTE, Load, load_table, measure_load, read_wrk
from scripts.benchmark.projects import KINDS, Workspace, choose_languages, page_address
from scripts.bootstrap import SetupError
from scripts.content.pages import Page
from scripts.content.project import Project, load_project
from scripts.faults import ROOT

LANGUAGES = 2


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Where both projects are made in two languages."""
    return Workspace(tmp_path_factory.mktemp("benchmark"), (LANGUAGES,))


def words(site: Path, path: str) -> set[str]:
    """The words of a built page."""
    page = html.fromstring((site / path / "index.html").read_text(encoding="utf-8"))
    return set(page.text_content().split())


def test_both_sites_have_the_same_text(workspace: Workspace, project: Project) -> None:
    ours, stock = (workspace.site(kind, LANGUAGES) for kind in KINDS)
    codes = choose_languages(project, LANGUAGES)
    assert load_project(workspace.project("ours", LANGUAGES)).language.keys() == set(codes)
    for code in codes:
        for path, page in project.pages[code].items():
            here = words(ours, page_address("ours", code, path))
            there = words(stock, page_address("stock", code, path))
            plain = {word for word in _sentences(page) if word in here}
            assert plain
            assert plain <= there, f"{code}/{path}"


def _sentences(page: Page) -> set[str]:
    """The words of a page's paragraphs that no term, mark or link ends."""
    texts = [block.words for block in page.blocks if block.kind in ("paragraph", "item")]
    return {word for text in texts for word in text.split() if word.isalpha()} or {page.title}


def test_a_measurement_that_there_is_not_is_named_with_those_there_are() -> None:
    with pytest.raises(
        SetupError, match=r"^benchmark: found 'wait'; allowed: build, kit, serve, weight, load$"
    ):
        print_measurements(["build", "wait"], [2])


def test_only_its_command_imports_the_benchmark() -> None:
    code = "import sys, scripts.commands; print([n for n in sys.modules if 'benchmark' in n])"
    asked = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert asked.stdout.strip() == b"[]"


def test_readme_has_the_figures_of_the_benchmark_in_one_line() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    [line] = [line for line in readme.splitlines() if "ms a page" in line]
    assert re.search(r"\d\d\.\d\d\.20\d\d", line), "the day of the measurement"


def test_a_table_is_markdown() -> None:
    assert str(Table(("a", "b"), (("1", "2"),), "note")) == (
        "| a | b |\n| --- | --- |\n| 1 | 2 |\n\nnote\n"
    )


SAID = """\
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency    12.20ms   25.66ms 390.74ms   92.71%
  Latency Distribution
     50%    4.12ms
     99%  122.28ms
  186101 requests in 10.03s, 639.07MB read
Requests/sec:  18553.76
Transfer/sec:     63.71MB
"""


@pytest.mark.parametrize(
    ("added", "errors"),
    [
        ("", 0),
        ("  Socket errors: connect 1, read 20, write 0, timeout 300\n", 321),
        ("  Non-2xx or 3xx responses: 7\n", 7),
    ],
)
def test_what_wrk_says_is_read_errors_and_all(added: str, errors: int) -> None:
    load = read_wrk("fr/", SAID + added)
    assert load == Load("fr/", 18553.76, 63.71 * 1024**2, "122.28ms", errors)
    row = f"| `fr/` | 18,554 | 66.8 | 122.28ms | {errors} |"
    assert str(load_table([load])).endswith(f"{row}\n\n{NOTE}\n")


@pytest.mark.parametrize("said", ["", "unable to connect to 127.0.0.1:9 Connection refused\n"])
def test_a_load_that_was_not_measured_is_one_line(said: str) -> None:
    with pytest.raises(SetupError, match=r"^wrk did not measure: .+$"):
        read_wrk("fr/", said)


def test_without_wrk_the_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts.benchmark.load.find_program", lambda _: None)
    with pytest.raises(SetupError) as error:
        measure_load(shutil.rmtree)
    assert str(error.value) == "The load test needs wrk (Debian, Ubuntu: apt-get install wrk)."
