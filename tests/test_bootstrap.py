"""From nothing to a running command: the environment, the browser, the port, the lock."""

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
from scripts.bootstrap import ROOT, SetupError

READ_BY_ANY_PYTHON = ("__init__.py", "__main__.py", "bootstrap.py")
COMMANDS = {
    "serve",
    "build",
    "publish",
    "deploy-files",
    "kit",
    "evening-pack",
    "benchmark",
    "check",
    "status",
    "test",
    "truth-table",
    "stamp",
    "translate",
    "dossier",
    "sources",
}


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
    monkeypatch.setattr(bootstrap, "run", fake.run)
    return fake


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on PATH, empty; CHROMIUM is not set."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("CHROMIUM", raising=False)
    return folder


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


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_missing_module_names_the_package_to_install(
    project: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == module else name)
    with pytest.raises(SetupError, match=f"lacks its module '{module}'.*install python3-venv"):
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
        f"-m venv {project / '.venv'}",
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
        "Installing this project's own package (a few seconds).",
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
    assert machine.ran(f"-m venv {tmp_path / 'moved'}")


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
        pytest.param(
            "WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError("
            "<HTTPSConnection>: Failed to establish a new connection: [Errno -3]')': /simple/a/\n"
            "ERROR: Could not find a version that satisfies the requirement a==1\n"
            "ERROR: No matching distribution found for a==1\n",
            "no network, or the registry does not answer. Check the connection, then start again",
            id="no network",
        ),
        pytest.param(
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on "
            "device\n",
            "the disk is full. Make room, then start again",
            id="disk full",
        ),
        pytest.param(
            "ERROR: [Errno 13] Permission denied: '/p/.venv'\n",
            "not allowed to write. Look at whom the files belong to "
            "([Errno 13] Permission denied: '/p/.venv')",
            id="not allowed",
        ),
        pytest.param(
            "Collecting a\nERROR: a has no such version.\nERROR: Nothing found for a==1\n",
            "a has no such version; Nothing found for a==1",
            id="pip's own errors",
        ),
        pytest.param("Killed\n", "Killed", id="no error line"),
        pytest.param("", "it did not say why", id="nothing"),
    ],
)
def test_a_failed_install_says_why_in_one_line(
    project: Path, machine: Machine, output: str, reason: str
) -> None:
    machine.failures["--require-hashes"] = output
    with pytest.raises(SetupError) as error:
        bootstrap.ensure_environment(project)
    assert str(error.value) == f"The packages cannot be installed: {reason}."
    assert not bootstrap.is_ready(project)


def test_a_failed_venv_says_why(project: Path, machine: Machine) -> None:
    machine.failures["-m venv"] = "Error: [Errno 28] No space left on device\n"
    with pytest.raises(SetupError, match="The environment cannot be made: the disk is full"):
        bootstrap.ensure_environment(project)


def test_a_folder_that_cannot_be_removed_is_one_line(
    project: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    (project / ".venv").mkdir()
    monkeypatch.setattr("shutil.rmtree", refuse)
    with pytest.raises(SetupError, match="cannot be made: not allowed to write"):
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
    assert set(re.findall(r"^  (\S+)  ", ended.stdout, re.MULTILINE)) == COMMANDS


@pytest.mark.skipif(os.name == "nt", reason="makes its environment with a symbolic link")
def test_a_command_is_handed_over_with_all_its_arguments_and_its_exit_code(project: Path) -> None:
    copy_of_the_bootstrap(project)
    stub = "import sys\nprint(sys.argv[1:])\nsys.exit(7)\n"
    (project / "scripts" / "commands.py").write_text(stub)
    python = bootstrap.environment_python(project)
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    bootstrap._write_stamp(project)
    ended = start(project, "serve", "--port", "8001", "two words")
    assert (ended.returncode, ended.stderr) == (7, "")
    assert ended.stdout == "['serve', '--port', '8001', 'two words']\n"


# The port


def test_a_taken_port_names_the_next_one(taken_port: int) -> None:
    assert not bootstrap.port_is_free("127.0.0.1", taken_port)
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
    assert bootstrap.port_is_free("127.0.0.1", port)
    bootstrap.require_free_port("127.0.0.1", port)


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 70000), ("192.0.2.1", 8000)])
def test_a_port_that_nobody_can_use_is_one_line(host: str, port: int) -> None:
    with pytest.raises(SetupError, match=rf"^Port {port} on {host} cannot be used: .*[^.]\.$"):
        bootstrap.require_free_port(host, port)


# The browser


def test_the_browsers_on_path_are_taken_in_order(programs: Path) -> None:
    assert bootstrap.find_chromium() is None
    for name in reversed(bootstrap.BROWSERS):
        path = make_program(programs / name)
        assert bootstrap.ensure_chromium() == path


def test_the_variable_chromium_comes_first(
    programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_program(programs / "chromium")
    mine = make_program(tmp_path / "mine" / "chrome")
    monkeypatch.setenv("CHROMIUM", str(mine))
    assert bootstrap.ensure_chromium() == mine


def test_a_wrong_variable_chromium_is_not_passed_over(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_program(programs / "chromium")
    monkeypatch.setenv("CHROMIUM", "/nowhere/chrome")
    with pytest.raises(SetupError, match="CHROMIUM names '/nowhere/chrome', which is no program"):
        bootstrap.ensure_chromium()


def test_root_installs_a_missing_browser_with_apt_get(
    programs: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_program(programs / "apt-get")
    monkeypatch.setattr("os.geteuid", lambda: 0)
    machine.effects["apt-get install"] = lambda: make_program(programs / "chromium")
    assert bootstrap.ensure_chromium() == programs / "chromium"
    assert machine.commands == [
        "apt-get update",
        "apt-get install -y --no-install-recommends chromium-headless-shell fonts-noto-core",
    ]


def test_anyone_else_downloads_a_missing_browser_with_playwright(
    programs: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_program(programs / "apt-get")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    downloaded = programs / "cache" / "chrome"
    machine.effects = {
        "executable_path": lambda: f"{downloaded}\n",
        "playwright install": lambda: make_program(downloaded),
    }
    assert bootstrap.ensure_chromium() == downloaded
    machine.commands.clear()
    assert bootstrap.ensure_chromium() == downloaded
    assert not machine.ran("playwright install")


@pytest.mark.parametrize(
    ("user", "failure", "reason"),
    [
        (0, {"apt-get update": "E: Temporary failure resolving 'x'"}, "apt-get update: no network"),
        (0, {"apt-get install": "E: No package chromium"}, "apt-get install: No package chromium"),
        (0, {}, "apt-get installed it, but it is not on PATH"),
        (1000, {"executable_path": "No module named playwright"}, "playwright: No module named"),
        (1000, {"playwright install": "Error: Download failure"}, "install: Download failure"),
        (1000, {}, "playwright install: it did not say why"),
    ],
)
def test_a_browser_that_cannot_be_had_is_an_error_and_never_a_skip(
    machine: Machine,
    programs: Path,
    monkeypatch: pytest.MonkeyPatch,
    user: int,
    failure: dict[str, str],
    reason: str,
) -> None:
    make_program(programs / "apt-get")
    monkeypatch.setattr("os.geteuid", lambda: user)
    machine.failures = failure
    machine.effects = {"executable_path": lambda: f"{programs / 'chrome'}\n"}
    with pytest.raises(SetupError) as error:
        bootstrap.ensure_chromium()
    assert str(error.value).startswith("The tests need Chromium, and it cannot be installed (")
    assert reason in str(error.value)
    assert "\n" not in str(error.value)


# The other browsers


@pytest.fixture
def bare(programs: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine on Linux without Firefox and without the libraries of an old Chromium."""
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(bootstrap, "OLD_CHROMIUM_LIBRARIES", {"libnowhere.so.1": "libnowhere1"})
    make_program(programs / "apt-get")
    return programs


def test_browsers_that_are_there_are_left_alone(
    bare: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "OLD_CHROMIUM_LIBRARIES", {"libc.so.6": "libc6"})
    firefox = make_program(bare / "firefox")
    bootstrap.ensure_other_browsers()
    assert bootstrap.find_firefox() == firefox
    assert machine.commands == []


def test_root_installs_firefox_and_the_libraries_of_an_old_chromium(
    bare: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def install() -> str:
        make_program(bare / "firefox-esr")
        monkeypatch.setattr(bootstrap, "OLD_CHROMIUM_LIBRARIES", {})
        return ""

    monkeypatch.setattr("os.geteuid", lambda: 0)
    machine.effects["apt-get install"] = install
    bootstrap.ensure_other_browsers()
    assert machine.commands[1] == (
        "apt-get install -y --no-install-recommends firefox-esr libnowhere1"
    )


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize(
    ("case", "reason"),
    [
        (
            (0, {"apt-get update": "E: Temporary failure resolving 'x'"}),
            "apt-get update: no network",
        ),
        ((0, {}), "apt-get installed it, but it is not found"),
        ((1000, {}), "only root may, with apt-get"),
    ],
)
def test_other_browsers_that_cannot_be_had_are_an_error_and_never_a_skip(
    machine: Machine,
    monkeypatch: pytest.MonkeyPatch,
    case: tuple[int, dict[str, str]],
    reason: str,
) -> None:
    user, machine.failures = case
    monkeypatch.setattr("os.geteuid", lambda: user)
    with pytest.raises(SetupError) as error:
        bootstrap.ensure_other_browsers()
    said = str(error.value)
    assert said.startswith("The tests need firefox-esr, libnowhere1, and cannot install")
    assert reason in said
    assert "apt-get install firefox-esr libnowhere1" in said
    assert "\n" not in said


# The web servers


@pytest.fixture
def servers(programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without web servers: their programs go to this folder, their module beside."""
    modules = tmp_path / "modules"
    modules.mkdir()
    monkeypatch.setattr(bootstrap, "SYSTEM_PROGRAMS", (str(programs),))
    monkeypatch.setattr(bootstrap, "NGINX_MODULES", (str(modules),))
    monkeypatch.setattr(bootstrap, "SERVICE_POLICY", tmp_path / "policy-rc.d")
    return programs


def install_servers(servers: Path) -> str:
    for name in ("nginx", "caddy"):
        make_program(servers / name)
    (servers.parent / "modules" / bootstrap.NGINX_MODULE).touch()
    return ""


def test_servers_that_are_there_are_left_alone(servers: Path, machine: Machine) -> None:
    install_servers(servers)
    bootstrap.ensure_servers()
    assert machine.commands == []


def test_a_server_is_found_where_the_path_of_a_person_does_not_lead(
    servers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nginx = make_program(servers / "nginx")
    monkeypatch.setenv("PATH", "/nowhere")
    assert bootstrap.find_program("nginx") == nginx
    assert bootstrap.missing_servers() == ["nginx's brotli module", "caddy"]


def test_root_installs_missing_servers_and_none_of_them_is_started(
    servers: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("apt-get", "systemctl", "nginx"):
        make_program(servers / name)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    policy = bootstrap.SERVICE_POLICY
    during: list[tuple[str, bool]] = []

    def install() -> str:
        during.append((policy.read_text(), os.access(policy, os.X_OK)))
        return install_servers(servers)

    machine.effects["apt-get install"] = install
    bootstrap.ensure_servers()
    assert machine.commands == [
        "apt-get update",
        "apt-get install -y --no-install-recommends libnginx-mod-http-brotli-static caddy",
        "systemctl disable --quiet caddy",
    ]
    assert [(text.splitlines()[0], is_run) for text, is_run in during] == [("#!/bin/sh", True)]
    assert not policy.exists()


@pytest.mark.parametrize("is_alive", [True, False])
def test_a_policy_left_by_a_kill_no_longer_holds_and_goes(tmp_path: Path, is_alive: bool) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    policy = tmp_path / "policy-rc.d"
    pid = os.getpid() if is_alive else ended.pid
    policy.write_text(bootstrap._POLICY_TEXT.format(pid=pid))
    done = subprocess.run(["sh", str(policy)], check=False)
    assert done.returncode == (101 if is_alive else 0)
    assert policy.exists() is is_alive


def test_a_policy_of_the_machine_about_services_stays(
    servers: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_program(servers / "apt-get")
    monkeypatch.setattr("os.geteuid", lambda: 0)
    bootstrap.SERVICE_POLICY.write_text("theirs")
    machine.effects["apt-get install"] = lambda: install_servers(servers)
    bootstrap.ensure_servers()
    assert bootstrap.SERVICE_POLICY.read_text() == "theirs"


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError])
def test_an_interrupted_installation_leaves_no_policy_behind(
    servers: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch, stop: type[BaseException]
) -> None:
    def interrupt() -> None:
        raise stop

    make_program(servers / "apt-get")
    monkeypatch.setattr("os.geteuid", lambda: 0)
    machine.effects["apt-get install"] = interrupt
    with pytest.raises(stop):
        bootstrap.ensure_servers()
    assert not bootstrap.SERVICE_POLICY.exists()


@pytest.mark.parametrize(
    ("user", "failure", "reason"),
    [
        (0, {"apt-get update": "E: Temporary failure resolving 'x'"}, "apt-get update: no network"),
        (0, {"apt-get install": "E: No package caddy"}, "apt-get install: No package caddy"),
        (0, {}, "apt-get installed it, but it is not found"),
        (1000, {}, "only root may, with apt-get"),
    ],
)
def test_servers_that_cannot_be_had_are_an_error_and_never_a_skip(
    servers: Path,
    machine: Machine,
    monkeypatch: pytest.MonkeyPatch,
    user: int,
    failure: dict[str, str],
    reason: str,
) -> None:
    make_program(servers / "apt-get")
    monkeypatch.setattr("os.geteuid", lambda: user)
    machine.failures = failure
    with pytest.raises(SetupError) as error:
        bootstrap.ensure_servers()
    said = str(error.value)
    assert said.startswith("The tests need nginx, nginx's brotli module, caddy, and cannot install")
    assert reason in said
    assert "apt-get install nginx libnginx-mod-http-brotli-static caddy" in said
    assert "\n" not in said
    assert not bootstrap.SERVICE_POLICY.exists()


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
