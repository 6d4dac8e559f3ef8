"""README tells the truth: its commands run, its paths exist, its words are the code's."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from scripts.__main__ import USAGE
from scripts.commands import main
from scripts.content import review
from scripts.faults import ROOT
from scripts.table import model

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_two_commands_are_the_first_ones_and_ci_calls_the_second() -> None:
    commands = re.findall(r"^    (python3 -m scripts \w+)", README, re.MULTILINE)
    assert commands[:2] == ["python3 -m scripts serve", "python3 -m scripts test"]
    assert "python3 -m scripts test" in (ROOT / ".ci/run").read_text(encoding="utf-8")


def known_commands(capsys: pytest.CaptureFixture[str]) -> set[str]:
    """Return the names of all commands."""
    with pytest.raises(SystemExit):
        main(["--help"])
    return set(re.findall(r"^    ([a-z-]+)\b", capsys.readouterr().out, re.MULTILINE))


def test_every_command_that_readme_names_exists(capsys: pytest.CaptureFixture[str]) -> None:
    known = known_commands(capsys)
    named = set(re.findall(r"python3 -m scripts ([a-z-]+)", README))
    named |= {"check", "status", "mark-reviewed"}
    assert named <= known
    assert all(f"`{one}" in README or f"scripts {one}" in README for one in known)


def test_each_command_says_what_it_is_for(capsys: pytest.CaptureFixture[str]) -> None:
    names = known_commands(capsys)
    assert set(re.findall(r"^  ([a-z-]+) ", USAGE, re.MULTILINE)) == names
    for name in names:
        with pytest.raises(SystemExit):
            main([name, "--help"])
        usage, said, *_ = capsys.readouterr().out.split("\n\n")
        assert usage.startswith(f"usage: python3 -m scripts {name}")
        assert said.endswith(".")


@pytest.mark.parametrize("command", [["check"], ["status"], ["truth-table", "--check"]])
def test_the_quick_commands_run(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scripts.commands", *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_every_path_that_readme_names_exists() -> None:
    tree = README[README.index("## Where things are") : README.index("## Words")]
    paths = re.findall(r"^    ([\w./-]+)", tree, re.MULTILINE)
    paths += re.findall(r"\(([\w./-]+\.png)\)", README)
    paths += re.findall(r"`((?:scripts|overrides|docs)/[\w./-]+)`", README)
    assert len(paths) > 12
    assert [path for path in paths if not (ROOT / path.replace("LANG", "fr")).exists()] == []


def test_each_month_the_types_of_the_scripts_are_checked_by_readmes_command() -> None:
    flow = yaml.safe_load((ROOT / ".github/workflows/script-types.yml").read_text("utf-8"))
    commands = [step["run"] for step in flow["jobs"]["types"]["steps"] if "run" in step]
    files = [command.split()[-1] for command in commands]
    assert f"\n    {commands[0]}\n" in README
    assert f"`{files[1]}`" in README
    pages, worker = (json.loads((ROOT / file).read_text("utf-8")) for file in files)
    assert pages["compilerOptions"]["strict"]
    assert list((ROOT / pages["include"][0]).glob("*.js"))
    left_out = {name.removeprefix("**/") for name in pages["exclude"]}
    assert left_out == {Path(name).name for name in worker["include"]}


def test_the_words_are_those_of_the_code() -> None:
    for word, owner in (
        ("decision table", model.DecisionTable),
        ("input", model.Input),
        ("situation", model.Situation),
    ):
        assert f"| {word} |" in README
        assert owner is not None
    assert f"`{model.UNKNOWN}`" in README
    assert all(state in README or state == "machine" for state in review.STATES)
