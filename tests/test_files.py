"""Files are written whole, or not at all; what cannot be read or written is one line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scripts import commands
from scripts.commands import main
from scripts.faults import ROOT
from scripts.files import write_all, write_whole

OLD, NEW = b"old", b"new"


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


def test_a_full_disk_leaves_the_file_as_it_was_and_is_named(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(OLD)
    (tmp_path / "a.txt.new").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left") as caught:
        write_whole(file, NEW)
    assert caught.value.filename == str(file)
    assert contents(tmp_path) == {"a.txt": OLD}


@pytest.mark.parametrize("at", ["a.txt", "b.txt", "c.txt"])
def test_of_several_files_all_are_written_or_none(tmp_path: Path, at: str) -> None:
    files = {tmp_path / name: NEW for name in ("a.txt", "b.txt", "c.txt")}
    for file in files:
        file.write_bytes(OLD)
    write_all(files)
    assert set(contents(tmp_path).values()) == {NEW}
    assert len(contents(tmp_path)) == 3
    broken = tmp_path / at
    broken.unlink()
    broken.mkdir()  # no file can take its place
    (broken / "kept").touch()
    with pytest.raises(OSError, match="directory"):
        write_all(dict.fromkeys([*files, tmp_path / "d.txt"], OLD))
    assert contents(tmp_path) == {one.name: NEW for one in files if one.name != at}


def test_a_command_that_cannot_write_says_which_file_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "table.csv"
    file.with_name("table.csv.new").symlink_to("/dev/full")
    monkeypatch.setattr(commands, "TRUTH_TABLE", file)
    assert main(["truth-table"]) == 1
    assert capsys.readouterr().err == f"{file}: the disk is full. Make room, then start again.\n"
    assert contents(tmp_path) == {}


def test_a_build_that_cannot_write_says_which_file_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-q", "--site-dir", f"{tmp_path}/file/site"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr + done.stdout
    assert f"{tmp_path}/file/site" in done.stderr + done.stdout


def test_an_unknown_measurement_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["benchmark", "foo"]) == 1
    expected = "benchmark: found 'foo'; allowed: build, kit, serve, weight, load\n"
    assert capsys.readouterr().err == expected
