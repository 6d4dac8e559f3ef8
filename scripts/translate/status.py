"""The state of the translations as text or Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from scripts.content.languages import Language
from scripts.content.pages import TOP
from scripts.content.project import Project
from scripts.content.review import STATES

FORMATS = ("text", "markdown")
_HEAD = ("language", "pages", "wording", "review", "stale", "read back", "mended")


@dataclass(frozen=True)
class LanguageStatus:
    """A language's state.

    Pages and texts of the wording present and expected; stale parts; the lowest review state
    (`source` for French); how often it was read back, and the drifts mended then.
    """

    language: Language
    pages: int
    expected: int
    texts: int
    expected_texts: int
    stale: int
    state: str
    readings: int
    drifts: int


@lru_cache(maxsize=2)  # each language's page on the site asks; while serving, two are compared
def language_statuses(project: Project) -> tuple[LanguageStatus, ...]:
    """Return the state of every language, in their order."""
    return tuple(_status(project, language) for language in project.languages)


def status_text(project: Project, form: str) -> str:
    """Return a line a language; as text, then each stale section with the French text of now."""
    rows: list[tuple[str, ...]] = [_HEAD, *(_row(one) for one in language_statuses(project))]
    if form == "markdown":
        rows.insert(1, ("---",) * len(_HEAD))
        return "".join(f"| {' | '.join(row)} |\n" for row in rows)
    lines = [f"{row[0]:<26}" + "".join(f"{cell:>11}" for cell in row[1:]) for row in rows]
    return "\n".join([*lines, *_stale_sections(project)]) + "\n"


def _status(project: Project, language: Language) -> LanguageStatus:
    pages = project.pages[language.code]
    wording = project.wordings[language.code]
    reviews = [*map(project.review, pages.values()), project.wording_review(language.code)]
    stale = sum(bool(project.stale_sections(page)) for page in pages.values())
    stale += bool(project.stale_wording(language.code))
    states = {review.state for review in reviews if review}
    state = next((name for name in STATES if name in states), "source")
    readings = [one for one in project.readings if one.language == language.code]
    return LanguageStatus(
        language=language,
        pages=len(pages),
        expected=len(project.expected_paths(language)),
        texts=len([key for key in wording.written if key in wording.required_keys]),
        expected_texts=len(project.source_wording.required_keys),
        stale=stale,
        state=state,
        readings=len(readings),
        drifts=sum(reading.drifts for reading in readings),
    )


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
