"""Note what translations were made from, who has read them, and that rows were looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from scripts.content.languages import SOURCE_LANGUAGE
from scripts.content.pages import Page
from scripts.content.project import RULES, Project
from scripts.content.review import MACHINE, Review
from scripts.content.translations import (
    FOLDER,
    ROWS,
    WORDING,
    Translations,
    row_hashes,
    translations_text,
)
from scripts.content.wording import Wording
from scripts.faults import Fault, raise_if_any, relative_name
from scripts.files import write_whole


@dataclass(frozen=True)
class ReviewMark:
    """What somebody says of translations.

    Args:
        today: the day on which it is said.
        pages: paths such as `rights/appeal`, `WORDING`, `ROWS`; none for all that has changed.
        state: `native` or `legal`, "" where nobody has read them.
        nothing_to_change: whether stale texts were looked at, and are right as they are.
    """

    today: date
    pages: tuple[str, ...] = ()
    state: str = ""
    nothing_to_change: bool = False


@dataclass(frozen=True)
class Part:
    """A page or the wording of a language, with the hashes of the French text and of its own."""

    name: str
    file: str
    french: Mapping[str, str]
    own: Mapping[str, str]
    before: Review | None


def mark_reviewed(project: Project, codes: Sequence[str], said: ReviewMark) -> list[str]:
    """Write what is said of translations into the generated file of their language.

    Args:
        project: the content.
        codes: language codes; French has nothing but the wordings of the rules.
        said: what is said of them.

    Returns:
        The files that changed.

    Raises:
        FaultsError: an unknown language or page, a state without pages or of a stale page, a
            stale text that is as it was. Nothing is written then.
    """
    raise_if_any(_faults(project, codes, said))
    changed = []
    for code in codes:
        after = _marked(project, code, said)
        file = project.root / RULES / FOLDER / f"{code}.yml"
        text = translations_text(after)
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            write_whole(file, text.encode())
            changed.append(relative_name(file))
    return changed


def page_parts(project: Project, code: str) -> list[Part]:
    """Return the translated pages of a language as parts of which things are noted."""
    pages = project.pages[code].values()
    return [_page_part(project, page) for page in pages if page.path in project.source_pages]


def _page_part(project: Project, page: Page) -> Part:
    code = page.language.code
    french = project.source_pages[page.path].hashes
    own = {section.id: page.own_hashes[section.id] for section in page.own_sections}
    before = project.translations[code].pages.get(page.path)
    return Part(page.path, page.file, {key: french[key] for key in own}, own, before)


def wording_part(project: Project, wording: Wording) -> Part:
    """Return the wording of a language as a part of which things are noted."""
    french = project.source_wording.hashes
    own = {k: v for k, v in wording.own_hashes.items() if k not in wording.in_french}
    before = project.translations[wording.language.code].wording
    shared = {key: french[key] for key in own if key in french}
    return Part(WORDING, wording.file, shared, {key: own[key] for key in shared}, before)


def marked_review(part: Part, state: str, today: date, looked_at: Mapping[str, str]) -> Review:
    """Return what is noted of a part now; what says the same already keeps its day.

    Args:
        part: a page or the wording.
        state: who has read it, "" for nobody: then a text that has changed is a machine's.
        today: the day to note.
        looked_at: the sections in which somebody found nothing to change, with the day.
    """
    before = part.before or Review(MACHINE, today, {})
    made = dict(before.brought_along(part.french, part.own, looked_at))
    kept = before.as_it_stands(part.french, part.own).state
    after = Review(state or kept, today, made)
    if part.before and (part.before.state, part.before.source) == (after.state, made):
        return part.before
    return after


def unmoved(part: Part) -> list[str]:
    """Return the sections whose French text has changed while their own has not."""
    if part.before is None:
        return []
    made = part.before.brought_along(part.french, part.own, {})
    return [key for key, one in made if one.french != part.french[key]]


def _faults(project: Project, codes: Sequence[str], said: ReviewMark) -> Iterator[Fault]:
    if not said.pages and (said.state or said.nothing_to_change):
        what = f"--state {said.state}" if said.state else "--nothing-to-change"
        yield Fault(
            "mark-reviewed", 0, f"{what} is said of pages that somebody has read; add --page PATH"
        )
    for code in codes:
        if code not in project.language:
            allowed = ", ".join(project.language)
            yield Fault("mkdocs.yml", 0, f"no language '{code}'; allowed: {allowed}")
            continue
        parts = {part.name: part for part in _parts(project, code)}
        named = [_name(one, code) for one in said.pages]
        for name in named:
            if name not in (ROWS, *parts):
                allowed = ", ".join((ROWS, *parts))
                message = f"found page '{name}', nothing to note; allowed: {allowed}"
                yield Fault(f"docs/{code}", 0, message)
        for name, part in parts.items():
            if name in named or not said.pages:
                yield from _stale_faults(part, code, said)


def _stale_faults(part: Part, code: str, said: ReviewMark) -> Iterator[Fault]:
    command = f"python3 -m scripts mark-reviewed {code} --page {part.name}"
    if said.state and part.before and part.before.stale_sections(part.french):
        yield Fault(part.file, 0, f"is stale, and so not {said.state}; first: `{command}`")
    elif not said.nothing_to_change:
        for section in unmoved(part):
            message = (
                f"the French text of section '{section}' has changed, and this one has not; "
                f"translate it, or where nothing is to change: `{command} --nothing-to-change`"
            )
            yield Fault(part.file, 0, message)


def _name(page: str, code: str) -> str:
    """Return the name of a page that may be given as `check` prints it."""
    name = page.removeprefix(f"docs/{code}/").removesuffix(".md")
    return WORDING if page == f"{RULES.as_posix()}/wording/{code}.yml" else name


def _parts(project: Project, code: str) -> list[Part]:
    if code == SOURCE_LANGUAGE:
        return []
    return [wording_part(project, project.wordings[code]), *page_parts(project, code)]


def _marked(project: Project, code: str, said: ReviewMark) -> Translations:
    """Return what a language's file holds after a mark; entries of pages that are gone go."""
    before = project.translations[code]
    named = [_name(one, code) for one in said.pages]
    if ROWS in named or not before.rows:
        before = replace(before, rows=row_hashes(project.table))
    parts = {part.name: part for part in _parts(project, code)}
    reviews = {WORDING: before.wording} if before.wording else {}
    reviews |= {path: one for path, one in before.pages.items() if path in parts}
    for name, part in parts.items():
        if name in named or not said.pages:
            day = said.today.isoformat()
            looked = dict.fromkeys(unmoved(part), day) if said.nothing_to_change else {}
            reviews[name] = marked_review(part, said.state, said.today, looked)
    wording = reviews.pop(WORDING, None)
    return replace(before, wording=wording, pages=reviews)
