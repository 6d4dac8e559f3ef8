"""The commands, run inside the environment: serve, build, check, status, test and more."""

from __future__ import annotations

import argparse
import errno
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts.bootstrap import SetupError, ensure_print, require_free_port
from scripts.content.addresses import given_out, with_new
from scripts.content.check import check_project
from scripts.content.dossier_sheet import VERDICTS, export_dossier, import_dossier, said_text
from scripts.content.languages import SOURCE_LANGUAGE
from scripts.content.link_check import Bounds, State, ask_addresses, cited_addresses, links_text
from scripts.content.project import RULES, Project, load_project
from scripts.content.review import MACHINE, STATES
from scripts.content.staff_words import LANGUAGES as STAFF_LANGUAGES
from scripts.content.verdicts import verdicts_text
from scripts.content.watch import all_duties, duties_text
from scripts.faults import ROOT, Fault, FaultsError, raise_if_any
from scripts.files import write_whole
from scripts.site.macros import MACROS
from scripts.site.view import WITH_KIT
from scripts.site_url import VARIABLE, checked_site_url, required_site_url
from scripts.table.load import load_table
from scripts.table.truth_table import check_truth_table, truth_table
from scripts.translate.exchange import export_file
from scripts.translate.review_marks import ReviewMark, mark_reviewed
from scripts.translate.status import FORMATS, status_text
from scripts.translate.translation_import import import_file

TRUTH_TABLE = ROOT / RULES / "truth-table.csv"
HOST = "127.0.0.1"
LINK_BOUNDS = Bounds()
KIT = ROOT / "build" / "kit"
"""Where the kit of the published site is kept from build to build."""
READ = tuple(state for state in STATES if state != MACHINE)
"""What may be said of a text that somebody has read."""
DOSSIER = ROOT / "build" / "dossier"
"""Where the dossier for lawyers is written."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit code (0 done, 1 faults, 2 wrong usage, 130 stopped)."""
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
    except OSError as error:
        if error.filename is None:  # of no file: a fault of ours, to be seen whole
            raise
        print(_plain(error), file=sys.stderr)
    except KeyboardInterrupt:
        print("Stopped. The same command starts again.", file=sys.stderr)
        return 130
    return 1


def _plain(error: OSError) -> str:
    """Return in one line which file could not be read or written, and why."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{error.filename}: the disk is full. Make room, then start again."
    return f"{error.filename}: {error.strerror}. Correct that, then start again."


def serve(options: argparse.Namespace) -> int:
    """Build the site and serve it with live reload."""
    _check_given_address()
    require_free_port(HOST, options.port)
    print(f"Building the site, then serving it on http://{HOST}:{options.port}/ (Ctrl+C ends)")
    return _mkdocs("serve", "--dev-addr", f"{HOST}:{options.port}")


def build(options: argparse.Namespace) -> int:
    """Write the site to site/, with the kit of an evening where it is asked for."""
    if options.kit:
        required_site_url()
        return _mkdocs("build", "--strict", with_kit=True) or _add_kit(ROOT / "site")
    _check_given_address()
    failed = _mkdocs("build", "--strict")
    if not failed:
        print("site/ has no codes, posters and handouts, and no links to any: `build --kit`")
    return failed


def check(_: argparse.Namespace) -> int:
    """Check content and rules; print every fault and warning."""
    project = load_project(ROOT)
    report = check_project(project, date.today(), MACROS)
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


def sources(options: argparse.Namespace) -> int:
    """List what of the sources is to be looked at again; return 1 if anything is due."""
    project = load_project(ROOT)
    today = date.today()
    duties = all_duties(project.register, project.unpublished, project.dates)
    print(duties_text(duties, project.dates, today), end="")
    is_dead = options.links and _ask_links(project)
    return int(is_dead or any(duty.is_due(today) for duty in duties))


def _ask_links(project: Project) -> bool:
    """Ask the addresses of the sources and pages; tell whether any is dead."""
    places = cited_addresses(project)
    print(f"Asking {len(places)} addresses, {LINK_BOUNDS.seconds_all} s at most.", flush=True)
    answers = ask_addresses(places, LINK_BOUNDS)
    states = {answer.state for answer in answers.values()}
    if states <= {State.SILENT, State.NOT_ASKED}:
        reason = next(iter(answers.values())).detail
        raise SetupError(f"No address answers ({reason}): is there a network?")
    print(links_text(answers, places), end="")
    return bool(states & {State.GONE, State.SILENT})


def make_truth_table(options: argparse.Namespace) -> int:
    """Write the truth table, or with --check tell whether it is up to date."""
    table = load_table(ROOT / RULES / "eligibility.yml")
    if options.check:
        raise_if_any(check_truth_table(table, TRUTH_TABLE))
        return 0
    write_whole(TRUTH_TABLE, truth_table(table).encode())
    print(f"Wrote {len(table.situations)} situations to {TRUTH_TABLE.relative_to(ROOT)}")
    return 0


def write_review_marks(options: argparse.Namespace) -> int:
    """Note what translations were made from, and who has read them."""
    said = ReviewMark(
        date.today(), tuple(options.page), options.state or "", options.nothing_to_change
    )
    for file in mark_reviewed(load_project(ROOT), options.languages, said):
        print(f"noted {file}")
    return 0


def translate(options: argparse.Namespace) -> int:
    """Write a language's spreadsheet, or put a translator's one back."""
    project = load_project(ROOT)
    if options.direction == "import":
        said = import_file(project, Path(options.what), options.state or "", date.today())
        print(said, end="")
        return 0
    if options.what not in project.language or project.language[options.what].is_source:
        allowed = ", ".join(code for code in project.language if code != SOURCE_LANGUAGE)
        message = f"found language '{options.what}'; allowed: {allowed}"
        raise FaultsError([Fault("translate export", 0, message)])
    file = _output(options.output or f"{options.what}.xlsx")
    print(f"Wrote {export_file(project, options.what, file)} texts to {file}")
    return 0


def dossier(options: argparse.Namespace) -> int:
    """Write all that a lawyer signs, or take in what an office says of it."""
    project = load_project(ROOT)
    if options.filled:
        return _take_in_verdicts(project, Path(options.filled))
    from scripts.share.dossier import dossier_print
    from scripts.share.fonts import has_fonts
    from scripts.share.printer import pdf

    ensure_print(has_fonts)
    folder = Path(options.folder or DOSSIER).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for code in STAFF_LANGUAGES:
        sheet, read = (folder / f"dossier-{code}{end}" for end in (".xlsx", ".pdf"))
        count = export_dossier(project, code, sheet)
        write_whole(read, pdf(dossier_print(project, code, date.today())))
        print(f"{count} points to read in {read}, to fill in in {sheet}")
    return 0


def _take_in_verdicts(project: Project, file: Path) -> int:
    """Add the verdicts of a filled-in sheet to those there are; print what is to be changed."""
    given = import_dossier(project, file, date.today())
    text = verdicts_text((*project.verdicts, *given))
    write_whole(project.root / VERDICTS, text.encode())
    print(said_text(load_project(project.root), given), end="")
    return 0


def kit(options: argparse.Namespace) -> int:
    """Make the kit of an evening, or with --check tell what is out of date."""
    chosen = "-".join((KIT.name, *options.languages))  # in a folder of their own: a kit is whole
    folder = Path(options.folder or KIT.with_name(chosen)).resolve()
    project = load_project(ROOT)
    if not options.check:
        _make_kit(project, folder, options.languages)
        return 0
    from scripts.share.kit import kit_items, out_of_date

    items = list(kit_items(project, required_site_url(), options.languages))
    found = out_of_date(folder, items)
    for line in found:
        print(line)
    print(f"{len(found)} of {len(items)} files are out of date; run `python3 -m scripts kit`")
    return 1 if found else 0


def write_usb_zip(options: argparse.Namespace) -> int:
    """Write the ZIP of an evening, one file that runs from a stick, without network."""
    from scripts.share.usb_zip import Source, usb_zip, zip_languages

    site_url = required_site_url()
    project = load_project(ROOT)
    codes = zip_languages(project, options.languages)
    file = _output(options.output or f"evening-{'-'.join(options.languages)}.zip")
    with TemporaryDirectory(prefix="usb-") as folder:
        site = Path(folder) / "site"
        _build_site(site, "There is no ZIP: the site could not be built.", "-q")
        kit_folder = KIT.with_name("usb-kit")
        _make_kit(project, kit_folder, codes)
        archive = usb_zip(Source(project, site, kit_folder, site_url), options.languages)
    write_whole(file, archive)
    print(f"{file} has {file.stat().st_size / 1e6:.1f} MB, in {', '.join(codes)}.")
    return 0


def _output(name: str) -> Path:
    """Return the file that is to be written.

    Raises:
        SetupError: there is no such folder.
    """
    file = Path(name).resolve()
    if not file.parent.is_dir():
        raise SetupError(f"{file.parent} is no folder. Make it, or name another file.")
    return file


def publish(options: argparse.Namespace) -> int:
    """Build the site and serve it from a folder, in place of the release before."""
    from scripts.publish.releases import STILL_SERVED, Publication

    required_site_url()
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
    from scripts.publish.configs import check_deploy_files, deploy_files

    if options.check:
        raise_if_any(check_deploy_files())
        return 0
    for path, text in deploy_files().items():
        write_whole(ROOT / path, text.encode())
        print(f"Wrote {path}")
    return 0


def test(options: argparse.Namespace) -> int:
    """Run every check of the code and every test, the browser's included."""
    from scripts.share.fonts import has_fonts
    from tests.machine import ensure_machine

    ensure_print(has_fonts)
    environment = os.environ | {"CHROMIUM": str(ensure_machine())}
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


def _check_given_address() -> None:
    """Say what is missing without SITE_URL; refuse one that is no address."""
    found = os.environ.get(VARIABLE)
    if found:
        checked_site_url(found)
    else:
        print(f"{VARIABLE} is not set: the sitemap and the messages of staff name this machine.")


def _build_into(folder: Path) -> None:
    _build_site(folder, "Nothing was published: the site could not be built.")
    _add_kit(folder)


def _build_site(folder: Path, otherwise: str, *options: str) -> None:
    """Build the site into a folder; say `otherwise` where that fails."""
    code = _mkdocs("build", "--strict", *options, "--site-dir", str(folder), with_kit=True)
    if code == 130:
        raise KeyboardInterrupt
    if code:
        raise SetupError(otherwise)


def _add_kit(site: Path) -> int:
    """Make what is out of date in the kit, and put a copy of it into a site."""
    from scripts.share.kit import FOLDER, RECORD

    _make_kit(load_project(ROOT), KIT)
    shutil.rmtree(site / FOLDER, ignore_errors=True)
    shutil.copytree(KIT, site / FOLDER, ignore=shutil.ignore_patterns(RECORD))
    return 0


def _make_kit(project: Project, folder: Path, languages: Sequence[str] = ()) -> None:
    from scripts.share.fonts import has_fonts
    from scripts.share.kit import make_kit

    site_url = required_site_url()
    ensure_print(has_fonts)
    start = time.monotonic()
    made = make_kit(project, site_url, folder, languages, _say_progress)
    print(
        f"The kit has {made.files} files: {made.made} made, {made.removed} removed, "
        f"{made.files - made.made} as they were, in {time.monotonic() - start:.0f} s."
    )
    _note_addresses(project, languages, site_url)


def _note_addresses(project: Project, languages: Sequence[str], site_url: str) -> None:
    """Note the short addresses that a kit gives out: whoever holds it may use them for ever."""
    pages = project.addressed_paths
    chosen = {code: pages[code] for code in pages if not (languages and code) or code in languages}
    new = given_out(project.addresses, chosen, site_url)
    if not new:
        return
    file = project.root / project.addresses.given_file
    write_whole(file, with_new(project.addresses, new).encode())
    print(f"{len(new)} short addresses are given out now. Commit {project.addresses.given_file}.")


def _say_progress(line: str) -> None:
    """Show how far it is: on a terminal in one line that changes."""
    if sys.stderr.isatty():
        print(f"\r\033[K{line}", end="", file=sys.stderr, flush=True)
    else:
        print(line, file=sys.stderr, flush=True)


def benchmark(options: argparse.Namespace) -> int:
    """Measure this project and stock Material, and print the tables."""
    from scripts.benchmark import print_measurements

    print_measurements(options.what, options.languages)
    return 0


def _mkdocs(*arguments: str, with_kit: bool = False) -> int:
    """Run MkDocs; Ctrl+C ends it, and its own exit code is ours."""
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1", WITH_KIT: "1" if with_kit else ""}
    if not environment.get(VARIABLE):
        environment.pop(VARIABLE, None)  # mkdocs.yml says what stands in its place
    command = [sys.executable, "-m", "mkdocs", *arguments]
    try:
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    except KeyboardInterrupt:
        return 130


def _codes(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (code.strip() for code in text.split(","))))


def _add_publishing(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("publish", help="build, and serve it from a folder in one step")
    command.add_argument("folder", metavar="FOLDER", help="a web server serves FOLDER/current")
    command.set_defaults(run=publish)
    command = commands.add_parser("kit", help="QR codes, posters, handouts, cards and letters")
    command.add_argument("folder", nargs="?", help="default build/kit, or build/kit-ti-ar")
    command.add_argument("--languages", type=_codes, default=(), metavar="ti,ar,…")
    command.add_argument("--check", action="store_true", help="only tell what is out of date")
    command.set_defaults(run=kit)
    command = commands.add_parser("usb-zip", help="one ZIP that runs from a USB stick")
    command.add_argument("--languages", type=_codes, required=True, metavar="ti,ar,…")
    command.add_argument("--output", help="default evening-LANGUAGES.zip")
    command.set_defaults(run=write_usb_zip)
    command = commands.add_parser("deploy-files", help="write the server configurations anew")
    command.add_argument("--check", action="store_true", help="only tell whether they differ")
    command.set_defaults(run=make_deploy_files)


def _add_editing(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("translate", help="a spreadsheet for translators, out and back")
    command.add_argument("direction", choices=("export", "import"))
    command.add_argument("what", metavar="LANG|FILE", help="export: a language; import: a file")
    command.add_argument("--output", help="export: the file, default LANG.xlsx")
    command.add_argument("--state", choices=READ, help="import: who has confirmed the rows")
    command.set_defaults(run=translate)
    command = commands.add_parser("dossier", help="all facts and rules for a lawyer, out and back")
    command.add_argument("folder", nargs="?", help="default build/dossier")
    command.add_argument("--import", dest="filled", metavar="FILE.xlsx", help="take verdicts in")
    command.set_defaults(run=dossier)
    command = commands.add_parser("mark-reviewed", help="note what translations were made from")
    command.add_argument("languages", nargs="+", metavar="LANG")
    command.add_argument(
        "--page", action="append", default=[], help="a page as `check` names it, wording or rows"
    )
    command.add_argument("--state", choices=READ, help="who has read these pages")
    command.add_argument(
        "--nothing-to-change", action="store_true", help="the French has changed, these are right"
    )
    command.set_defaults(run=write_review_marks)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 -m scripts",
        description="Write, check, translate, print and publish the site on social aid in Valais.",
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    command = commands.add_parser("serve", help="build and serve with live reload")
    command.add_argument("--port", type=int, default=8000, help="default 8000")
    command.set_defaults(run=serve)
    command = commands.add_parser("build", help="write site/")
    command.add_argument("--kit", action="store_true", help="with codes, posters and handouts")
    command.set_defaults(run=build)
    commands.add_parser("check", help="check content and rules").set_defaults(run=check)
    _add_publishing(commands)
    command = commands.add_parser("status", help="state of the translations")
    command.add_argument("--format", choices=FORMATS, default="text")
    command.set_defaults(run=status)
    command = commands.add_parser("sources", help="what of the sources is to be looked at again")
    command.add_argument("--links", action="store_true", help="ask each address, too (network)")
    command.set_defaults(run=sources)
    command = commands.add_parser("test", help="run all tests")
    command.add_argument("pytest", nargs="*", help="arguments for pytest, after --")
    command.set_defaults(run=test)
    command = commands.add_parser("truth-table", help="write the truth table anew")
    command.add_argument("--check", action="store_true", help="only tell whether it differs")
    command.set_defaults(run=make_truth_table)
    _add_editing(commands)
    command = commands.add_parser("benchmark", help="compare with stock Material")
    command.add_argument("what", nargs="*", metavar="NAME", help="build, kit, …")
    command.add_argument("--languages", type=int, nargs="+", default=(4, 10, 20), metavar="N")
    command.set_defaults(run=benchmark)
    for command in commands.choices.values():
        command.description = command.get_default("run").__doc__
    return parser


if __name__ == "__main__":
    sys.exit(main())
