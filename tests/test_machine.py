"""What the tests need is installed where it is missing; nothing else of the system changes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scripts import bootstrap
from scripts.bootstrap import CHROMIUM_NAMES, SetupError, find_program
from tests import machine as needs
from tests.machine import ensure_chromium, ensure_machine, find_firefox, missing_packages
from tests.test_bootstrap import Machine, make_program

REFUSED = [
    (0, {"apt-get update": "E: Failed to fetch."}, "(apt-get update: E: Failed to fetch)"),
    (0, {"apt-get install": "E: No package"}, "(apt-get install: E: No package)"),
    (1000, {}, "(only root may, with apt-get)"),
]
"""Who runs the tests, what fails, and the reason that is given."""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Stands for all programs that are run, as root unless a test says otherwise."""
    fake = Machine(tmp_path)
    monkeypatch.setattr(bootstrap, "run_quietly", fake.run)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    return fake


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on PATH, with nothing but apt-get; CHROMIUM is not set."""
    folder = tmp_path / "programs"
    make_program(folder / "apt-get")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("CHROMIUM", raising=False)
    return folder


@pytest.fixture
def bare(programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Linux with a Chromium and nothing else of what the tests need."""
    (tmp_path / "modules").mkdir()
    make_program(programs / "chromium")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(needs, "LIBRARIES", {"libnowhere.so.1": "libnowhere1", "libc.so.6": "c"})
    monkeypatch.setattr(needs, "NGINX_MODULES", (str(tmp_path / "modules"),))
    monkeypatch.setattr(bootstrap, "SYSTEM_PROGRAMS", (str(programs),))
    return programs


def install_all(bare: Path) -> str:
    for name in ("nginx", "caddy", "firefox-esr"):
        make_program(bare / name)
    (bare.parent / "modules" / needs.NGINX_MODULE).touch()
    needs.LIBRARIES.pop("libnowhere.so.1", None)
    return ""


# Firefox, the libraries of an old Chromium, web servers


def test_what_is_there_is_left_alone(bare: Path, machine: Machine) -> None:
    install_all(bare)
    assert ensure_machine() == bare / "chromium"
    assert machine.commands == []


def test_a_server_is_found_where_the_path_of_a_person_does_not_lead(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nginx = make_program(bare / "nginx")
    firefox = make_program(bare / "firefox")
    assert find_firefox() == firefox
    monkeypatch.setenv("PATH", "/nowhere")
    assert find_program("nginx") == nginx
    assert missing_packages() == [
        "firefox-esr", "libnowhere1", "libnginx-mod-http-brotli-static", "caddy",
    ]  # fmt: skip


def test_root_installs_what_is_missing_and_no_service_is_started(
    bare: Path, machine: Machine
) -> None:
    make_program(bare / "nginx")
    starters: list[str] = []

    def install() -> str:
        option = machine.commands[-1].split()[4]
        folder = Path(option.removeprefix("-oDPkg::Path=").split(":")[0])
        starters.extend(sorted(file.name for file in folder.iterdir() if os.access(file, os.X_OK)))
        return install_all(bare)

    machine.effects["apt-get install"] = install
    ensure_machine()
    update, command = machine.commands
    assert update == "apt-get update"
    assert command.split()[5:] == [
        "firefox-esr", "libnowhere1", "libnginx-mod-http-brotli-static", "caddy",
    ]  # fmt: skip
    assert starters == sorted(needs.SERVICE_STARTERS)


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError])
def test_a_broken_installation_leaves_no_file_behind(
    bare: Path,
    machine: Machine,
    monkeypatch: pytest.MonkeyPatch,
    stop: type[BaseException],
) -> None:
    def interrupt() -> None:
        raise stop

    (bare.parent / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(bare.parent / "temporary"))
    machine.effects["apt-get install"] = interrupt
    with pytest.raises(stop):
        ensure_machine()
    assert machine.ran(f"DPkg::Path={bare.parent}/temporary/")
    assert list((bare.parent / "temporary").iterdir()) == []


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize(("user", "failures", "reason"), REFUSED)
def test_what_cannot_be_had_is_an_error_and_never_a_skip(
    machine: Machine,
    monkeypatch: pytest.MonkeyPatch,
    user: int,
    failures: dict[str, str],
    reason: str,
) -> None:
    machine.failures = failures
    monkeypatch.setattr("os.geteuid", lambda: user)
    with pytest.raises(SetupError) as error:
        ensure_machine()
    assert str(error.value) == (
        f"Firefox and web servers for the tests are missing and cannot be installed {reason}. "
        "Install them yourself (Debian, Ubuntu: apt-get install firefox-esr libnowhere1 nginx "
        "libnginx-mod-http-brotli-static caddy), then start again."
    )


@pytest.mark.usefixtures("bare", "machine")
def test_what_is_not_found_once_it_is_installed_is_named() -> None:
    with pytest.raises(SetupError, match=r"installed firefox-esr, .*, and it is not found\.$"):
        ensure_machine()


# Chromium


def test_the_browsers_on_path_are_taken_in_order(programs: Path) -> None:
    assert bootstrap.find_chromium() is None
    for name in reversed(CHROMIUM_NAMES):
        path = make_program(programs / name)
        assert ensure_chromium() == path


def test_the_variable_chromium_comes_first_and_a_wrong_one_is_not_passed_over(
    programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_program(programs / "chromium")
    mine = make_program(tmp_path / "mine" / "chrome")
    monkeypatch.setenv("CHROMIUM", str(mine))
    assert ensure_chromium() == mine
    monkeypatch.setenv("CHROMIUM", "/nowhere/chrome")
    with pytest.raises(SetupError, match="CHROMIUM names '/nowhere/chrome', which is no program"):
        ensure_chromium()


def test_root_installs_a_missing_browser_of_either_name(programs: Path, machine: Machine) -> None:
    machine.failures["chromium-headless-shell"] = "E: No package"
    machine.effects["apt-get install"] = lambda: make_program(programs / "chromium")
    assert ensure_chromium() == programs / "chromium"
    assert machine.commands[-1] == (
        "apt-get install -y --no-install-recommends chromium fonts-noto-core"
    )


def test_anyone_else_downloads_a_missing_browser_with_playwright(
    programs: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    downloaded = programs / "cache" / "chrome"
    machine.effects = {
        "executable_path": lambda: f"{downloaded}\n",
        "playwright install": lambda: make_program(downloaded),
    }
    assert ensure_chromium() == downloaded
    machine.commands.clear()
    assert ensure_chromium() == downloaded
    assert not machine.ran("playwright install")


@pytest.mark.usefixtures("programs")
@pytest.mark.parametrize(
    ("user", "failures", "reason"),
    [
        *REFUSED[:2],
        (0, {}, "apt-get installed chromium, and it is not on PATH."),
        (1000, {"executable_path": "No module named playwright"}, "(No module named playwright)"),
        (1000, {"playwright install": "Error: Download failure"}, "(Error: Download failure)"),
    ],
)
def test_a_browser_that_cannot_be_had_is_an_error_and_never_a_skip(
    machine: Machine,
    monkeypatch: pytest.MonkeyPatch,
    user: int,
    failures: dict[str, str],
    reason: str,
) -> None:
    machine.failures = failures
    machine.effects = {"executable_path": lambda: "/nowhere/chrome\n"}
    monkeypatch.setattr("os.geteuid", lambda: user)
    with pytest.raises(SetupError) as error:
        ensure_chromium()
    assert reason in str(error.value)
    assert "\n" not in str(error.value)
