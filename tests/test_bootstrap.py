"""From nothing to a running command: the environment, the port, the lock."""

from __future__ import annotations

import ast
import os
import re
import shutil
import socket
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scripts import bootstrap
from scripts.__main__ import USAGE
from scripts.bootstrap import ROOT, SetupError

READ_BY_ANY_PYTHON = ("__init__.py", "__main__.py", "bootstrap.py")


class Machine:
    """Stands for the programs that the bootstrap runs: notes each, fails where it is told to."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.commands: list[str] = []
        self.failures: dict[str, str] = {}
        self.effects: dict[str, Callable[[], object]] = {"-m venv": self.make_empty_environment}

    def run(self, command: list[str], **_: str) -> subprocess.CompletedProcess[str]:
        line = " ".join(command)
        self.commands.append(line)
        for words, output in self.failures.items():
            if words in line:
                return subprocess.CompletedProcess(command, 1, stdout=output)
        printed = [effect() for words, effect in self.effects.items() if words in line]
        return subprocess.CompletedProcess(command, 0, stdout="".join(map(str, printed)))

    def make_empty_environment(self) -> str:
        shutil.rmtree(self.root / ".venv", ignore_errors=True)
        make_program(bootstrap.environment_python(self.root))
        return ""

    def ran(self, words: str) -> bool:
        return any(words in line for line in self.commands)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    (root / bootstrap.LOCK).write_text("one==1\n")
    (root / bootstrap.PROJECT).write_text("[project]\n")
    return root


@pytest.fixture
def machine(project: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    fake = Machine(project)
    monkeypatch.setattr(bootstrap, "run_quietly", fake.run)
    return fake


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def make_program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def copy_of_the_bootstrap(folder: Path) -> Path:
    (folder / "scripts").mkdir(parents=True, exist_ok=True)
    for name in READ_BY_ANY_PYTHON:
        shutil.copy(ROOT / "scripts" / name, folder / "scripts" / name)
    return folder


def start(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scripts", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )


# Python


def test_an_old_python_is_told_in_one_line(
    project: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 8, 18, "final", 0))
    monkeypatch.setattr("platform.python_version", lambda: "3.8.18")
    with pytest.raises(SetupError) as error:
        bootstrap.ensure_environment(project)
    assert str(error.value).startswith(
        "Python 3.8.18 is too old: this project needs Python 3.11 or newer."
    )
    assert "\n" not in str(error.value)
    assert machine.commands == []


@pytest.mark.parametrize("name", READ_BY_ANY_PYTHON)
def test_an_old_python_can_read_what_tells_it(name: str) -> None:
    ast.parse((ROOT / "scripts" / name).read_text("utf-8"), feature_version=(3, 8))


@pytest.mark.parametrize("name", READ_BY_ANY_PYTHON)
def test_the_start_needs_the_standard_library_only(name: str) -> None:
    tree = ast.parse((ROOT / "scripts" / name).read_text("utf-8"))
    nodes = list(ast.walk(tree))
    imported = {
        alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names
    }
    imported |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    assert {module.split(".")[0] for module in imported} <= {*sys.stdlib_module_names, "scripts"}


def test_a_missing_module_names_the_package_to_install(
    project: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(SetupError, match=r"lacks its module 'ensurepip'.*install python3-venv"):
        bootstrap.ensure_environment(project)
    assert machine.commands == []


def test_a_failure_that_nobody_catches_is_one_line_and_code_1(tmp_path: Path) -> None:
    ended = start(copy_of_the_bootstrap(tmp_path), "check")
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr == (
        f"{tmp_path / 'requirements.lock'} is missing. "
        "Bring it back: git checkout -- requirements.lock\n"
    )


# The environment


@pytest.mark.parametrize("name", [bootstrap.LOCK, bootstrap.PROJECT])
def test_a_missing_file_is_named(project: Path, machine: Machine, name: str) -> None:
    (project / name).unlink()
    with pytest.raises(SetupError, match=f"{name} is missing"):
        bootstrap.ensure_environment(project)
    assert machine.commands == []


def test_the_first_start_makes_the_environment_and_says_so(
    project: Path, machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    python = bootstrap.ensure_environment(project)
    assert python == bootstrap.environment_python(project)
    assert [re.sub(r"^\S+ ", "", line) for line in machine.commands] == [
        f"-m venv --clear {project / '.venv'}",
        "-m pip install --no-input --disable-pip-version-check --progress-bar off "
        f"--require-hashes -r {project / 'requirements.lock'}",
        "-m pip install --no-input --disable-pip-version-check --progress-bar off "
        f"--no-deps --no-build-isolation -e {project}",
    ]
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.splitlines() == [
        "Making the environment in .venv (a few seconds).",
        "Installing the packages of requirements.lock (about a minute; longer on a slow "
        "connection).",
        "The environment is ready, after 0 s.",
    ]


def test_the_second_start_does_and_says_nothing(
    project: Path, machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    bootstrap.ensure_environment(project)
    machine.commands.clear()
    capsys.readouterr()
    bootstrap.ensure_environment(project)
    assert machine.commands == []
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("name", [bootstrap.LOCK, bootstrap.PROJECT])
def test_a_changed_file_updates_the_environment(project: Path, machine: Machine, name: str) -> None:
    bootstrap.ensure_environment(project)
    machine.commands.clear()
    (project / name).write_text("two==2\n")
    assert not bootstrap.is_ready(project)
    bootstrap.ensure_environment(project)
    assert machine.ran("--require-hashes")
    assert not machine.ran("-m venv")
    assert bootstrap.is_ready(project)


def test_another_python_makes_the_environment_anew(
    project: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    bootstrap.ensure_environment(project)
    monkeypatch.setattr("platform.python_version", lambda: "3.99.0")
    bootstrap.ensure_environment(project)
    assert sum("-m venv" in line for line in machine.commands) == 2


def test_a_moved_project_makes_the_environment_anew(
    project: Path, machine: Machine, tmp_path: Path
) -> None:
    bootstrap.ensure_environment(project)
    machine.root = project.rename(tmp_path / "moved")
    bootstrap.ensure_environment(machine.root)
    assert machine.ran(f"-m venv --clear {tmp_path / 'moved'}")


def test_an_environment_whose_python_is_gone_is_made_anew(project: Path, machine: Machine) -> None:
    python = bootstrap.ensure_environment(project)
    python.unlink()
    (project / bootstrap.LOCK).write_text("two==2\n")
    machine.commands.clear()
    bootstrap.ensure_environment(project)
    assert machine.ran("-m venv")


@pytest.mark.parametrize("step", ["-m venv", "--require-hashes", "--no-deps"])
def test_an_interrupted_set_up_is_made_anew(project: Path, machine: Machine, step: str) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    leftover = project / ".venv" / "leftover"
    machine.effects[step] = interrupt
    with pytest.raises(KeyboardInterrupt):
        bootstrap.ensure_environment(project)
    leftover.parent.mkdir(exist_ok=True)
    leftover.touch()
    machine.effects = {"-m venv": machine.make_empty_environment}
    bootstrap.ensure_environment(project)
    assert not leftover.exists()
    assert bootstrap.is_ready(project)


def test_an_interrupted_update_is_made_anew(project: Path, machine: Machine) -> None:
    bootstrap.ensure_environment(project)
    (project / bootstrap.LOCK).write_text("two==2\n")
    machine.failures["--require-hashes"] = "ERROR: broken"
    with pytest.raises(SetupError, match="broken"):
        bootstrap.ensure_environment(project)
    machine.failures.clear()
    machine.commands.clear()
    bootstrap.ensure_environment(project)
    assert machine.ran("-m venv")


# What pip says when it fails


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("Collecting a\nERROR: Nothing found for a==1\n", "ERROR: Nothing found for a==1"),
        ("ERROR: [Errno 28] No space left.\n\n", "ERROR: [Errno 28] No space left"),
        ("", "it did not say why"),
    ],
)
def test_a_failed_install_passes_on_the_last_line_of_pip(
    project: Path, machine: Machine, output: str, reason: str
) -> None:
    machine.failures["--require-hashes"] = output
    with pytest.raises(SetupError) as error:
        bootstrap.ensure_environment(project)
    assert str(error.value) == (
        f"The packages cannot be installed: {reason}. Look at the network and at the room on the "
        "disk, then start again."
    )
    assert not bootstrap.is_ready(project)


def test_a_failed_venv_says_why(project: Path, machine: Machine) -> None:
    machine.failures["-m venv"] = "Error: [Errno 28] No space left on device\n"
    with pytest.raises(SetupError, match=r"The environment cannot be made: .* No space left on"):
        bootstrap.ensure_environment(project)


def test_an_environment_that_cannot_be_written_is_one_line(
    project: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", ".venv")

    monkeypatch.setattr("pathlib.Path.unlink", refuse)
    with pytest.raises(SetupError, match=r"cannot be made: .*Permission denied: '\.venv'\.$"):
        bootstrap.ensure_environment(project)
    assert machine.commands == []


# The command line


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"]])
def test_the_usage_is_printed_without_making_an_environment(
    tmp_path: Path, arguments: list[str]
) -> None:
    ended = start(copy_of_the_bootstrap(tmp_path), *arguments)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert not (tmp_path / ".venv").exists()
    assert ended.stdout == f"{USAGE}\n"


@pytest.mark.skipif(os.name == "nt", reason="makes its environment with a symbolic link")
def test_a_command_is_handed_over_with_all_its_arguments_and_its_exit_code(project: Path) -> None:
    copy_of_the_bootstrap(project)
    stub = "import sys\nprint(sys.argv[1:])\nsys.exit(7)\n"
    (project / "scripts" / "commands.py").write_text(stub)
    python = bootstrap.environment_python(project)
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    bootstrap._record(project).write_text(bootstrap._made_from(project))
    ended = start(project, "serve", "--port", "8001", "two words")
    assert (ended.returncode, ended.stderr) == (7, "")
    assert ended.stdout == "['serve', '--port', '8001', 'two words']\n"


# The port


def test_a_taken_port_names_the_next_one(taken_port: int) -> None:
    with pytest.raises(SetupError) as error:
        bootstrap.require_free_port("127.0.0.1", taken_port)
    other = taken_port + 1 if taken_port < 65535 else 8000
    assert str(error.value) == (
        f"Port {taken_port} on 127.0.0.1 is taken; stop the other program or choose another: "
        f"python3 -m scripts serve --port {other}"
    )


def test_a_port_is_free_again_once_the_other_program_stops() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    bootstrap.require_free_port("127.0.0.1", port)


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 70000), ("192.0.2.1", 8000)])
def test_a_port_that_nobody_can_use_is_one_line(host: str, port: int) -> None:
    with pytest.raises(SetupError, match=rf"^Port {port} on {host} cannot be used: .*[^.]\.$"):
        bootstrap.require_free_port(host, port)


# The files


@pytest.mark.parametrize("name", [bootstrap.LOCK, bootstrap.PROJECT])
def test_no_address_host_or_path_of_a_machine_is_in_a_file(name: str) -> None:
    place = re.compile(
        r"://|\b[\w-]+\.(org|com|net|io|ch)\b|(?<!no-emit-)(index-url|find-links)"
        r"|(?<![\w.])/\w+/|\b[A-Z]:\\"
    )
    lines = (ROOT / name).read_text("utf-8").splitlines()
    assert [line for line in lines if place.search(line)] == []


def test_every_package_of_the_lock_has_hashes() -> None:
    lock = (ROOT / bootstrap.LOCK).read_text("utf-8")
    packages = re.split(r"^(?=\w)", lock, flags=re.MULTILINE)[1:]
    assert packages
    assert [text for text in packages if "--hash=sha256:" not in text] == []


def test_every_package_of_the_project_is_pinned_and_in_the_lock() -> None:
    project = tomllib.loads((ROOT / bootstrap.PROJECT).read_text("utf-8"))
    named = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *project["dependency-groups"]["dev"],
    ]
    wanted = [one.split(";")[0].strip() for one in named]
    lock = (ROOT / bootstrap.LOCK).read_text("utf-8")
    locked = set(re.findall(r"^\w\S*==\S+", lock, re.MULTILINE))
    assert set(wanted) <= locked


def test_ci_runs_the_test_command_of_the_readme() -> None:
    command = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()[-1]
    assert command == "python3 -m scripts test"
    assert command in (ROOT / "README.md").read_text("utf-8")
