"""How long the whole kit of an evening takes, from nothing and when nothing has changed."""

from __future__ import annotations

import time

from scripts.benchmark import Table
from scripts.benchmark.projects import SITE_URL, Workspace
from scripts.content.project import load_project
from scripts.faults import ROOT
from scripts.share.kit import make_kit

HEAD = ("languages", "files", "MB", "from nothing: s", "nothing to do: s")


def run(workspace: Workspace) -> list[Table]:
    """Make the kit of all languages twice."""
    project = load_project(ROOT)
    folder = workspace.folder / "kit"
    start = time.perf_counter()
    made = make_kit(project, SITE_URL, folder)
    middle = time.perf_counter()
    make_kit(project, SITE_URL, folder)
    end = time.perf_counter()
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    row = (
        str(len(project.languages)),
        str(made.files),
        f"{size / 1e6:.1f}",
        f"{middle - start:.1f}",
        f"{end - middle:.1f}",
    )
    return [Table(HEAD, (row,))]
