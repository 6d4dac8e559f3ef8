"""Sources that are watched: what is held back, what is due, which addresses are dead."""

from __future__ import annotations

import datetime
import os
import re
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import ClassVar

import pytest
import yaml

from scripts import commands
from scripts.content.link_check import (
    USER_AGENT,
    Answer,
    Bounds,
    State,
    ask,
    ask_addresses,
    cited_addresses,
    links_text,
)
from scripts.content.project import Project, load_project
from scripts.content.sources import Link, Register, Source
from scripts.content.unpublished import load_unpublished
from scripts.content.watch import Duty, all_duties, duties_text, load_dates
from scripts.faults import ROOT, FaultsError
from tests.conftest import ContentCopy, serving

TODAY = datetime.date(2026, 12, 1)
FRENCH = "docs/fr/rights/appeal.md"
ARABIC = "docs/ar/rights/appeal.md"
DATES = "scripts/rules/dates.yml"
HELD_BACK = "scripts/rules/unpublished.yml"
DATE = '- date: 2027-01-01\n  source: SRC-A\n  fr: "Faites !"\n  de: "Tun Sie es!"\n'
FACT = (
    "- id: SRC-A\n  status: U\n  checked_on: 2026-11-23\n"
    '  statement:\n    fr: "On ne sait pas."\n    de: "Man weiss es nicht."\n'
    '  instead:\n    fr: "Demandez."\n    de: "Fragen Sie."\n'
    "  pages: [help]\n  links: []\n"
)


def faults_of(load: Callable[[Path], object], file: Path, text: str) -> list[str]:
    """Return the faults that a loader names, without the folder."""
    file.write_text(text, encoding="utf-8")
    with pytest.raises(FaultsError) as raised:
        load(file)
    return [str(fault).replace(f"{file.parent.as_posix()}/", "") for fault in raised.value.faults]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("2027-01-01", "2027-13-01", "1: [1].date: found '2027-13-01', expected a date such as "),
        ("2027-01-01", "1.1.2027", "1: [1].date: found '1.1.2027', expected a date such as "),
        ("2027-01-01", "9999-12-31", "1: [1].date: found '9999-12-31', expected a date such as "),
        ("  source: SRC-A\n", "", "1: [1]: key 'source' is missing; add it"),
        ("  de:", "  it:", "4: unknown key 'it'; allowed: date, de, fr, source"),
        ('"Tun Sie es!"', '" "', "4: [1].de is empty; write it"),
    ],
)
def test_each_fault_of_the_known_dates_is_named(
    tmp_path: Path, old: str, new: str, fault: str
) -> None:
    found = faults_of(load_dates, tmp_path / "dates.yml", DATE.replace(old, new))
    assert any(one.startswith(f"dates.yml:{fault}") for one in found), found


def test_the_signs_of_a_known_date_keep_to_their_word_in_french(tmp_path: Path) -> None:
    file = tmp_path / "dates.yml"
    file.write_text(DATE, encoding="utf-8")
    [duty] = load_dates(file)
    assert duty.sentences == ("Faites\u00a0!", "Tun Sie es!")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("status: U", "status: X", "2: [1].status: found 'X'; allowed: K, U, V"),
        ("status: U", "status: K", "1: a source with status K needs its confidence in percent; "),
        ("2026-11-23", "soon", "3: [1].checked_on: found 'soon', expected a date such as "),
        ("  instead:\n", "  insted:\n", "1: [1]: key 'instead' is missing; add it"),
        ('    de: "Fragen Sie."\n', "", "8: [1].instead: key 'de' is missing; add it"),
        ('"Demandez."', '""', "8: [1].instead.fr is empty; write it"),
        ("links: []", 'links: [{title: "A", url: "www.a.ch"}]', "11: url: found 'www.a.ch', "),
        ("links: []\n", f"links: []\n{FACT}", "12: fact 'SRC-A' stands twice; keep one"),
    ],
)
def test_each_fault_of_what_is_held_back_is_named(
    tmp_path: Path, old: str, new: str, fault: str
) -> None:
    found = faults_of(load_unpublished, tmp_path / "unpublished.yml", FACT.replace(old, new))
    assert any(one.startswith(f"unpublished.yml:{fault}") for one in found), found


def test_what_is_held_back_may_neither_be_cited_nor_published_nor_lie_astray(
    copy: ContentCopy,
) -> None:
    fact, other, *_ = load_project(copy.root).unpublished.values()
    cited = (
        f"source '{fact.id}' may not be cited: it has status U in {HELD_BACK}:{fact.line}; "
        f"take it out. {fact.instead['fr']}"
    )
    copy.replace(FRENCH, "SRC-LIAS-49-CE", fact.id)
    mark = f'{{: data-source="{fact.id}" }}'
    with (copy.root / ARABIC).open("a", encoding="utf-8") as arabic:
        arabic.write(f"{mark}\n")
    refused = f"found '{mark}': marks stand in the French page alone; remove it"
    assert [one.partition(": ")[2] for one in copy.faults() if one.startswith(ARABIC)] == [refused]
    copy.replace(ARABIC, f"{mark}\n", "")
    copy.replace("scripts/rules/eligibility.yml", "source: SRC-SEED-PERMIS", f"source: {fact.id}")
    copy.replace("scripts/rules/key-statements.yml", "source: SRC-CST", f"source: {fact.id} #")
    copy.replace(HELD_BACK, f"id: {other.id}", "id: SRC-CSI")
    copy.replace(HELD_BACK, "pages: [videos]", "pages: [video]")
    copy.replace(DATES, "- date", f"{DATE.strip()}\n- date")
    faults = "\n".join(copy.faults())
    places = re.findall(rf"^(\S+):\d+: {re.escape(cited)}", faults, re.MULTILINE)
    assert Counter(places) == {
        FRENCH: 1,
        "scripts/rules/eligibility.yml": 1,
        "scripts/rules/key-statements.yml": 1,
    }
    assert "'SRC-CSI' is in scripts/rules/sources.yml, too; keep it in one of the two" in faults
    assert ", pages: found 'video', expected a page of docs/fr" in faults
    assert "source 'SRC-A' is in neither sources.yml nor unpublished.yml; correct it or" in faults


def test_no_file_of_the_site_shows_what_is_held_back(site: Path, project: Project) -> None:
    facts = project.unpublished.values()
    hidden = {fact.id for fact in facts} | {fact.statement["fr"] for fact in facts}
    files = [file for kind in ("html", "json", "js") for file in site.rglob(f"*.{kind}")]
    assert len(files) > 700
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert [one for one in hidden if one in text] == [], file


def source(name: str, checked_on: str, *urls: str) -> Source:
    """Return a source of the register, in line 7."""
    links = tuple(Link("", url) for url in urls)
    return Source(name, "", "V", 100, datetime.date.fromisoformat(checked_on), links, 7)


def told(today: str, *sources: Source) -> str:
    """Return what is told on a day of some sources and one known date, 2027-01-01."""
    dates = (Duty(datetime.date(2027, 1, 1), "SRC-B", ("Faites.", "Tun."), "dates.yml", 3, 31),)
    register = Register({one.id: one for one in sources}, "sources.yml")
    day = datetime.date.fromisoformat(today)
    return duties_text(all_duties(register, {}, dates), dates, day)


KNOWN = "2027-01-01  SRC-B  {}  (dates.yml:3)\n    Faites.\n    Tun.\n"
OLD = (
    "2026-12-02  SRC-A  {}  (sources.yml:7)\n"
    "    last checked on 2025-12-01; check it again, mend the pages, set checked_on\n"
    "    https://a.ch/\n"
)
NEXT = "Next to grow older than 12 months: 1 source(s), on 2026-12-02.\n"


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2026-11-30", KNOWN.format("in 32 day(s)") + "0 to do, 1 to expect.\n" + NEXT),
        ("2026-12-01", KNOWN.format("in 31 day(s)") + "1 to do, 0 to expect.\n" + NEXT),
        (
            "2026-12-02",
            OLD.format("today") + KNOWN.format("in 30 day(s)") + "2 to do, 0 to expect.\n",
        ),
        (
            "2027-01-03",
            OLD.format("32 day(s) ago") + KNOWN.format("2 day(s) ago") + "2 to do, 0 to expect.\n",
        ),
    ],
)
def test_one_list_by_date_tells_what_is_old_and_what_will_change(today: str, expected: str) -> None:
    assert told(today, source("SRC-A", "2025-12-01", "https://a.ch/")) == expected


class Host(BaseHTTPRequestHandler):
    """A host with one address for each thing that an address can do."""

    statuses: ClassVar = {"/gone": 410, "/missing": 404, "/busy": 503, "/forbidden": 403}
    leads: ClassVar = {"/moved": "/here", "/loop": "/loop", "/old": "/gone"}
    agents: ClassVar[set[str | None]] = set()
    asked: ClassVar[Counter[str]] = Counter()
    held = threading.Event()

    def do_GET(self) -> None:
        """Answer as the path says."""
        self.agents.add(self.headers["User-Agent"])
        self.asked[self.path] += 1
        if self.path == "/held":
            self.held.wait()
        if self.path == "/broken":
            self.wfile.write(b"nonsense\r\n\r\n")
            return
        self.send_response(301 if self.path in self.leads else self.statuses.get(self.path, 200))
        if self.path in self.leads:
            self.send_header("Location", self.leads[self.path])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a running host, asked past any proxy."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    Host.agents, Host.asked = set(), Counter()
    Host.held.clear()
    with serving(Host) as address:
        yield address
        Host.held.set()


@pytest.mark.parametrize(
    ("path", "state", "detail"),
    [
        ("/here", State.ANSWERS, ""),
        ("/déjà vu?a=b%20c#d", State.ANSWERS, ""),
        ("/moved", State.MOVED, "{host}/here"),
        ("/gone", State.GONE, "410"),
        ("/missing", State.GONE, "404"),
        ("/old", State.GONE, "410"),
        ("/busy", State.REFUSES, "503"),
        ("/forbidden", State.REFUSES, "403"),
        ("/loop", State.REFUSES, "301"),
        ("/broken", State.SILENT, "nonsense"),
        ("/held", State.SILENT, "timed out"),
    ],
)
def test_each_kind_of_answer_is_told_apart(host: str, path: str, state: State, detail: str) -> None:
    seconds = 0.2 if path == "/held" else 30
    found = ask(host + path, seconds)
    assert found.state is state
    assert found.detail.strip() == detail.format(host=host)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://127.0.0.1:1/", "Connection refused"),
        ("http://[::1", "Invalid IPv6 URL"),
        ("http://127.0.0.1:port/", "nonnumeric port"),
    ],
)
def test_where_nothing_listens_or_no_address_is_there_is_no_answer(
    monkeypatch: pytest.MonkeyPatch, address: str, reason: str
) -> None:
    monkeypatch.setenv("no_proxy", "*")
    found = ask(address, 30)
    assert found.state is State.SILENT
    assert reason in found.detail


def test_each_address_is_asked_once_by_name(host: str) -> None:
    paths = [f"/{number}" for number in range(20)]
    answers = ask_addresses([host + path for path in paths], Bounds())
    assert {answer.state for answer in answers.values()} == {State.ANSWERS}
    assert Host.asked == dict.fromkeys(paths, 1)
    assert Host.agents == {USER_AGENT}


def test_a_host_is_asked_one_address_after_the_other_as_long_as_the_time_allows(host: str) -> None:
    held = ask_addresses([f"{host}/held", f"{host}/here"], Bounds(5, 0.3))
    assert set(held.values()) == {Answer(State.NOT_ASKED)}
    assert Host.asked["/here"] == 0


def test_the_list_of_addresses_says_the_worst_first_and_where_they_stand() -> None:
    answers = {
        "https://a.ch/": Answer(State.ANSWERS),
        "https://b.ch/": Answer(State.MOVED, "https://c.ch/"),
        "https://d.ch/": Answer(State.GONE, "404"),
        "https://e.ch/": Answer(State.NOT_ASKED),
    }
    places = {address: ["SRC-A", "docs/fr/help.md:9"] for address in answers}
    places["https://d.ch/"] = ["SRC-D"]
    assert links_text(answers, places) == (
        "4 addresses: 1 gone, 1 not asked in time, 1 redirects, 1 answers.\n"
        "gone (404): https://d.ch/\n    SRC-D\n"
        "not asked in time: https://e.ch/\n    SRC-A and 1 more\n"
        "redirects (https://c.ch/): https://b.ch/\n    SRC-A and 1 more\n"
    )


def test_addresses_of_published_and_held_back_sources_and_of_pages_are_asked(
    project: Project,
) -> None:
    found = cited_addresses(project)
    places = {place.partition(":")[0] for several in found.values() for place in several}
    assert {"SRC-LIAS-LAW", "docs/fr/videos.md", "docs/ar/videos.md"} <= places
    assert places & set(project.unpublished)
    assert all(address.startswith("http") for address in found)


@pytest.fixture
def run(
    copy: ContentCopy, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Run the command on a copy that knows one date, 2027-01-01; give its code and what it says."""
    (copy.root / DATES).write_text(DATE.replace("SRC-A", "SRC-SEED"), encoding="utf-8")

    def run(today: datetime.date, *options: str) -> tuple[int, str, str]:
        class Day(datetime.date):
            @classmethod
            def today(cls) -> datetime.date:  # type: ignore[override]
                return today

        monkeypatch.setattr(commands, "date", Day)
        monkeypatch.setattr(commands, "load_project", lambda _: load_project(copy.root))
        code = commands.main(["sources", *options])
        return code, *capsys.readouterr()

    return run


def point_all_addresses_to(copy: ContentCopy, place: str) -> None:
    """Let every source and page point to one place, and to nothing else."""
    files = [copy.root / "scripts/rules/sources.yml", copy.root / HELD_BACK]
    for file in (*files, *copy.root.rglob("docs/*/**/*.md")):
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub(r"https?://[^\s\"\)]+", place, text), encoding="utf-8")


def test_the_command_ends_with_0_where_nothing_is_due_and_with_1_on_the_day(
    run: Callable[..., tuple[int, str, str]],
) -> None:
    expected = "2027-01-01  SRC-SEED  in {} day(s)  (", "{} to do, {} to expect.\n"
    for day, days, due in ((datetime.date(2026, 11, 30), 32, 0), (TODAY, 31, 1)):
        code, output, _ = run(day)
        assert code == due
        assert output.startswith(expected[0].format(days))
        assert expected[1].format(due, 1 - due) in output


def test_the_command_names_a_bad_date_and_lists_nothing(
    copy: ContentCopy, run: Callable[..., tuple[int, str, str]]
) -> None:
    copy.replace(DATES, "2027-01-01", "2027-02-30")
    code, output, errors = run(TODAY)
    assert (code, output) == (1, "")
    assert f"{DATES}:1: [1].date: found '2027-02-30', expected a date such as 2026-11-23" in errors


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        ("/here", 0, "1 addresses: 1 answers."),
        ("/moved", 0, "1 addresses: 1 redirects.\nredirects ("),
        ("/busy", 0, "1 addresses: 1 refuses, look by hand.\nrefuses, look by hand (503): "),
        ("/gone", 1, "1 addresses: 1 gone.\ngone (410): "),
    ],
)
def test_with_links_a_dead_address_ends_the_command_with_1(
    copy: ContentCopy,
    run: Callable[..., tuple[int, str, str]],
    host: str,
    path: str,
    code: int,
    words: str,
) -> None:
    point_all_addresses_to(copy, host + path)
    found, output, _ = run(datetime.date(2026, 11, 30), "--links")
    assert found == code
    assert f"Asking 1 addresses, 300 s at most.\n{words}" in output


def test_without_network_the_command_says_so_in_one_line(
    copy: ContentCopy,
    run: Callable[..., tuple[int, str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("no_proxy", "*")
    point_all_addresses_to(copy, "http://127.0.0.1:1/")
    code, output, errors = run(TODAY, "--links")
    assert code == 1
    assert "2027-01-01  SRC-SEED" in output
    refused = "[Errno 111] Connection refused"
    assert errors == f"No address answers ({refused}): is there a network?\n"


def test_no_address_is_asked_unless_links_is_given(
    copy: ContentCopy, run: Callable[..., tuple[int, str, str]], host: str
) -> None:
    point_all_addresses_to(copy, f"{host}/here")
    run(TODAY)
    assert not Host.asked


@pytest.mark.parametrize("code", [0, 1])
def test_the_monthly_run_shows_what_was_found_and_ends_as_the_command_does(
    tmp_path: Path, code: int
) -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/sources.yml").read_text(encoding="utf-8"))
    *_, last = workflow["jobs"]["sources"]["steps"]
    python = tmp_path / "python3"
    python.write_text(f'#!/bin/sh\necho "$@"\nexit {code}\n', encoding="utf-8")
    python.chmod(0o755)
    summary = tmp_path / "summary.md"
    path = f"{tmp_path}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-e", "-c", last["run"]],
        cwd=tmp_path,
        env={"PATH": path, "GITHUB_STEP_SUMMARY": str(summary)},
        check=False,
    )
    assert done.returncode == code
    assert summary.read_text(encoding="utf-8") == "```\n-m scripts sources --links\n```\n"
