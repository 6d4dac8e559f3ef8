"""The state of the translations as text or Markdown."""

from __future__ import annotations

from scripts.content.project import Project
from scripts.site.render import LanguageStatus, translation_status

FORMATS = ("text", "markdown")
_HEAD = ("language", "pages", "review", "stale")


def status_text(project: Project, form: str) -> str:
    """Return a line a language: pages present and expected, review state, stale parts."""
    rows: list[tuple[str, ...]] = [_HEAD, *(_row(status) for status in translation_status(project))]
    if form == "markdown":
        rows.insert(1, ("---",) * len(_HEAD))
        return "".join(f"| {' | '.join(row)} |\n" for row in rows)
    return "".join(f"{row[0]:<24}{row[1]:>8}  {row[2]:<8}{row[3]:>6}\n" for row in rows)


def _row(status: LanguageStatus) -> tuple[str, str, str, str]:
    name = f"{status.language.tag} {status.language.name}"
    return name, f"{status.pages}/{status.expected}", status.state, str(status.stale)
