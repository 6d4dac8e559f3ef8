"""The commands, run inside the environment: serve, build, check, status, test and more."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts.benchmark import MEASUREMENTS
from scripts.bootstrap import SetupError, ensure_chromium, ensure_servers, require_free_port
from scripts.content.addresses import check_addresses, with_new
from scripts.content.check import check_project
from scripts.content.exchange import export_file, import_file
from scripts.content.languages import SOURCE_LANGUAGE
from scripts.content.project import RULES, load_project
from scripts.content.review import STATES
from scripts.content.stamp import stamp
from scripts.faults import ROOT, Fault, FaultsError, raise_if_any
from scripts.site.status import FORMATS, status_text
from scripts.table.load import load_table
from scripts.table.truth_table import check_truth_table, truth_table

TRUTH_TABLE = ROOT / RULES / "truth-table.csv"
HOST = "127.0.0.1"


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit code (0 done, 1 faults, 2 wrong usage)."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except FaultsError as error:
        for fault in error.faults:
            print(fault, file=sys.stderr)
        print(f"{len(error.faults)} fault(s)", file=sys.stderr)
    except SetupError as error:
        print(error, file=sys.stderr)
    return 1


def serve(options: argparse.Namespace) -> int:
    """Build the site and serve it with live reload."""
    require_free_port(HOST, options.port)
    print(f"Building the site, then serving it on http://{HOST}:{options.port}/ (Ctrl+C ends)")
    return _mkdocs("serve", "--dev-addr", f"{HOST}:{options.port}")


def build(_: argparse.Namespace) -> int:
    """Write the site to site/."""
    _say_without_address()
    return _mkdocs("build", "--strict")


def check(_: argparse.Namespace) -> int:
    """Check content and rules; print every fault and warning."""
    project = load_project(ROOT)
    report = check_project(project, date.today())
    raise_if_any(report.all_faults)
    for warning in report.warnings:
        print(f"warning: {warning}")
    count = sum(len(pages) for pages in project.pages.values())
    print(
        f"No faults: {count} pages in {len(project.languages)} languages, "
        f"{len(project.table.rules)} rules, {len(project.table.situations)} situations."
    )
    return 0


def status(options: argparse.Namespace) -> int:
    """Print the state of the translations."""
    print(status_text(load_project(ROOT), options.format), end="")
    return 0


def make_truth_table(options: argparse.Namespace) -> int:
    """Write the truth table, or with --check tell whether it is up to date."""
    table = load_table(ROOT / RULES / "eligibility.yml")
    if options.check:
        raise_if_any(check_truth_table(table, TRUTH_TABLE))
        return 0
    TRUTH_TABLE.write_text(truth_table(table), encoding="utf-8")
    print(f"Wrote {len(table.situations)} situations to {TRUTH_TABLE.relative_to(ROOT)}")
    return 0


def make_addresses(options: argparse.Namespace) -> int:
    """Add new short addresses to the list of those given out, or with --check tell of any."""
    project = load_project(ROOT)
    file = ROOT / project.addresses.given_file
    pages = project.addressed_paths
    if options.check:
        raise_if_any(check_addresses(project.addresses, pages, project.languages))
        return 0
    file.write_text(with_new(project.addresses, pages), encoding="utf-8")
    print(f"{project.addresses.given_file} holds all {len(project.short_addresses)} addresses.")
    return 0


def make_stamp(options: argparse.Namespace) -> int:
    """Mark translations as made from the present French text."""
    for file in stamp(ROOT, options.languages, options.state, date.today(), options.page):
        print(f"stamped {file}")
    return 0


def translate(options: argparse.Namespace) -> int:
    """Write a language's spreadsheet, or put a translator's one back."""
    project = load_project(ROOT)
    if options.direction == "import":
        for name in import_file(project, Path(options.what)):
            print(f"changed {name}")
        return 0
    if options.what not in project.language or project.language[options.what].is_source:
        allowed = ", ".join(code for code in project.language if code != SOURCE_LANGUAGE)
        message = f"found language '{options.what}'; allowed: {allowed}"
        raise FaultsError([Fault("translate export", 0, message)])
    file = Path(options.output or f"{options.what}.xlsx")
    print(f"Wrote {export_file(project, options.what, file)} texts to {file}")
    return 0


def publish(options: argparse.Namespace) -> int:
    """Build the site and serve it from a folder, in place of the release before."""
    from scripts.publish.releases import STILL_SERVED, Publication

    _say_without_address()
    publication = Publication(Path(options.folder).resolve())
    try:
        release, is_new = publication.publish(_build_into)
    except KeyboardInterrupt:
        print(f"Stopped. {STILL_SERVED}", file=sys.stderr)
        return 130
    said = "now served" if is_new else "served already: nothing has changed"
    print(f"{publication.current} is release {release.folder.name}, {said}.")
    return 0


def make_deploy_files(options: argparse.Namespace) -> int:
    """Write the server configurations, or with --check tell whether they are up to date."""
    from scripts.publish.configs import check_files, write_files

    if options.check:
        raise_if_any(check_files())
        return 0
    for path in write_files():
        print(f"Wrote {path}")
    return 0


def test(options: argparse.Namespace) -> int:
    """Run every check of the code and every test, the browser's included."""
    ensure_servers()
    environment = os.environ | {"CHROMIUM": str(ensure_chromium(ROOT))}
    steps = (
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("mypy",),
        ("pytest", "-n", "2", "--dist", "loadgroup", *options.pytest),
    )
    for step in steps:
        print(f"$ {' '.join(step)}", flush=True)
        done = subprocess.run([sys.executable, "-m", *step], cwd=ROOT, env=environment, check=False)
        if done.returncode:
            return 1
    return 0


def _say_without_address() -> None:
    if not os.environ.get("SITE_URL"):
        print("SITE_URL is not set: the sitemap will name this machine.")


def _build_into(folder: Path) -> None:
    code = _mkdocs("build", "--strict", "--site-dir", str(folder))
    if code == 130:
        raise KeyboardInterrupt
    if code:
        raise SetupError("Nothing was published: the site could not be built.")


def benchmark(options: argparse.Namespace) -> int:
    """Measure this project and stock Material; print the tables, or put them into README."""
    from scripts.benchmark import measured, put_into
    from scripts.benchmark.projects import Place

    sections = []
    with TemporaryDirectory(prefix="benchmark-") as folder:
        place = Place(Path(folder), tuple(sorted(options.languages)))
        for name in options.what or MEASUREMENTS:
            sections.append(measured(name, place))
            print(sections[-1], flush=True)
    if options.readme:
        readme = ROOT / "README.md"
        text = put_into(readme.read_text(encoding="utf-8"), sections)
        readme.write_text(text, encoding="utf-8")
    return 0


def _mkdocs(*arguments: str) -> int:
    """Run MkDocs; Ctrl+C ends it, and its own exit code is ours."""
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "mkdocs", *arguments]
    try:
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 -m scripts")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    command = commands.add_parser("serve", help="build and serve with live reload")
    command.add_argument("--port", type=int, default=8000, help="default 8000")
    command.set_defaults(run=serve)
    commands.add_parser("build", help="write site/").set_defaults(run=build)
    commands.add_parser("check", help="check content and rules").set_defaults(run=check)
    command = commands.add_parser("publish", help="build, and serve it from a folder in one step")
    command.add_argument("folder", metavar="FOLDER", help="a web server serves FOLDER/current")
    command.set_defaults(run=publish)
    command = commands.add_parser("deploy-files", help="write the server configurations anew")
    command.add_argument("--check", action="store_true", help="only tell whether they differ")
    command.set_defaults(run=make_deploy_files)
    command = commands.add_parser("status", help="state of the translations")
    command.add_argument("--format", choices=FORMATS, default="text")
    command.set_defaults(run=status)
    command = commands.add_parser("test", help="run all tests")
    command.add_argument("pytest", nargs="*", help="arguments for pytest, after --")
    command.set_defaults(run=test)
    command = commands.add_parser("truth-table", help="write the truth table anew")
    command.add_argument("--check", action="store_true", help="only tell whether it differs")
    command.set_defaults(run=make_truth_table)
    command = commands.add_parser("addresses", help="note new short addresses as given out")
    command.add_argument("--check", action="store_true", help="only tell whether all is right")
    command.set_defaults(run=make_addresses)
    command = commands.add_parser("translate", help="a spreadsheet for translators, out and back")
    command.add_argument("direction", choices=("export", "import"))
    command.add_argument("what", metavar="LANG|FILE", help="export: a language; import: a file")
    command.add_argument("--output", help="export: the file, default LANG.xlsx")
    command.set_defaults(run=translate)
    command = commands.add_parser("stamp", help="mark translations as up to date")
    command.add_argument("languages", nargs="+", metavar="LANG")
    command.add_argument("--page", default="", help="one page, such as rights/appeal, or wording")
    command.add_argument("--state", choices=STATES, default="machine")
    command.set_defaults(run=make_stamp)
    command = commands.add_parser("benchmark", help="compare with stock Material")
    command.add_argument("what", nargs="*", metavar="|".join(MEASUREMENTS), help="default all")
    command.add_argument("--languages", type=int, nargs="+", default=(4, 10, 20), metavar="N")
    command.add_argument("--readme", action="store_true", help="put the tables into README.md")
    command.set_defaults(run=benchmark)
    return parser


if __name__ == "__main__":
    sys.exit(main())
