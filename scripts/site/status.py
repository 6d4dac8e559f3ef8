"""The state of the translations as text or Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.content.pages import TOP
from scripts.content.project import Project
from scripts.site.render import LanguageStatus, translation_status

FORMATS = ("text", "markdown")
_HEAD = ("language", "pages", "wording", "review", "stale", "read back", "mended")


def status_text(project: Project, form: str) -> str:
    """Return a line a language; as text, then each stale section with the French text of now."""
    rows: list[tuple[str, ...]] = [_HEAD, *(_row(one) for one in translation_status(project))]
    if form == "markdown":
        rows.insert(1, ("---",) * len(_HEAD))
        return "".join(f"| {' | '.join(row)} |\n" for row in rows)
    lines = [f"{row[0]:<26}" + "".join(f"{cell:>11}" for cell in row[1:]) for row in rows]
    return "\n".join([*lines, *_stale_sections(project)]) + "\n"


def _row(status: LanguageStatus) -> tuple[str, ...]:
    return (
        f"{status.language.tag} {status.language.name}",
        f"{status.pages}/{status.expected}",
        f"{status.texts}/{status.expected_texts}",
        status.state,
        str(status.stale),
        str(status.readings),
        str(status.drifts),
    )


def _stale_sections(project: Project) -> Iterator[str]:
    for pages in project.pages.values():
        for page in pages.values():
            for section in project.stale_sections(page):
                yield f"\n{page.file}, section '{section}': the French text is now"
                yield from (f"  > {line}" for line in _french(project, page.path, section))


def _french(project: Project, path: str, name: str) -> Iterator[str]:
    """Yield a section's French text as it stands; nothing where the section is gone."""
    page = project.source_pages[path]
    if name == TOP:
        yield from (page.title, page.description)
    for section in page.sections:
        if section.id == name:
            yield from (block.words for block in section.blocks)
