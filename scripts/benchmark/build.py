"""How long a full build takes, beside stock Material with static-i18n on the same content."""

from __future__ import annotations

from scripts.benchmark import Table
from scripts.benchmark.projects import BuildCost, Workspace, choose_languages, page_count
from scripts.content.project import load_project
from scripts.faults import ROOT

HEAD = (
    "languages",
    "pages",
    "ours: processor ms a page",
    "stock: processor ms a page",
    "ratio",
    "ours: wall s",
    "stock: wall s",
    "ratio",
)


def run(workspace: Workspace) -> list[Table]:
    """Build both projects in 4, 10 and all languages, in turn, and compare."""
    content = load_project(ROOT)
    rows = []
    for count in workspace.counts:
        pages = page_count(content, choose_languages(content, count))
        before = workspace.build("ours", count)
        stock = workspace.build("stock", count)
        after = workspace.build("ours", count)
        ours = BuildCost((before.cpu + after.cpu) / 2, (before.wall + after.wall) / 2)
        rows.append(_row(count, pages, ours, stock))
    note = (
        "Full builds from nothing; processor time is that of all processes. Ours: mean of a build "
        "before and one after stock's."
    )
    return [Table(HEAD, tuple(rows), note)]


def _row(count: int, pages: int, ours: BuildCost, stock: BuildCost) -> tuple[str, ...]:
    return (
        str(count),
        str(pages),
        f"{ours.cpu / pages * 1000:.1f}",
        f"{stock.cpu / pages * 1000:.1f}",
        f"{ours.cpu / stock.cpu:.2f}",
        f"{ours.wall:.1f}",
        f"{stock.wall:.1f}",
        f"{ours.wall / stock.wall:.2f}",
    )
