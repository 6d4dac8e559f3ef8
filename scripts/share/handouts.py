"""The bilingual handout: what a person keeps, French and the reader's language side by side.

The words are those of the pages and of the wording; here they get their place on the paper.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from scripts.content.excerpts import Part, found_blocks, found_heading
from scripts.content.inline import inline
from scripts.content.languages import SOURCE_LANGUAGE, Language
from scripts.content.pages import Block
from scripts.content.places import WHERE
from scripts.content.project import Project
from scripts.share.printer import ENVIRONMENT, Print, address_code, in_order, style_sheet
from scripts.share.words import beside, quoted, trial_style
from scripts.site.offices import facts_text
from scripts.site.view import View

PAGES = 2
SIZES = (10.0, 9.2, 8.6, 8.4, 8.2, 8.0, 7.6)
"""Font sizes of a handout in points: the first at which it fits its pages is taken."""
_ENDS = " \u00a0.,;،؛።፣፤"
"""What ends an entry of a list in any script."""
ASK = "ask"
"""The part below which offices stand that have filled in where they are."""
BLANKS = ("cms", "person", "phone", "appointment")
"""What is filled in by hand, below what is set large; the last day of a deadline beside it."""


@dataclass(frozen=True)
class _Side:
    """What stands in one language around the parts."""

    language: Language
    site_name: Markup
    subtitle: Markup
    scan: Markup
    paper: dict[str, Markup]
    end: Markup


@dataclass(frozen=True)
class _Pair:
    """A part in both languages: its headings, its rows, its sentences to say."""

    part: Part
    headings: tuple[str, str]
    rows: tuple[tuple[Markup, ...], ...]
    say: tuple[tuple[Markup, ...], ...]


def handout(project: Project, site_url: str, code: str) -> Print:
    """Return the bilingual handout of a language: French, for French German, beside it.

    Args:
        project: the content.
        site_url: where the site is published, with a slash at its end.
        code: the language.
    """
    left, right = project.language[SOURCE_LANGUAGE], project.language[code]
    if right == left:
        right = beside(project, code)
    html = ENVIRONMENT.get_template("handout.html").render(
        sides=[_side(project, left, right), _side(project, right, right)],
        parts=[_pair(project, part, left, right) for part in project.handout],
        blanks=BLANKS,
        **address_code(site_url, project.addresses.of("rights/index", code).spoken),
    )
    shown = {part.picture: project.pictures.pictures[part.picture] for part in project.handout}
    style = style_sheet("handout.css", [left, right], shown) + trial_style(project, site_url)
    sizes = tuple(f"{style}html {{ font-size: {size}pt }}" for size in SIZES)
    return Print(html, sizes, PAGES)


def row_text(blocks: Sequence[Block]) -> Markup:
    """Return the words of a row; entries of a list follow one another, with dots."""
    text = Markup("")
    for before, block in zip((None, *blocks), blocks, strict=False):
        both = before is not None and before.kind == block.kind == "item"
        text = (text.rstrip(_ENDS) + " • " if both else text + " " * bool(text)) + inline(block)
    return text


def _side(project: Project, language: Language, theirs: Language) -> _Side:
    words = project.wordings[language.code].safe
    return _Side(
        language,
        words["ui"]["site_name"],
        words["ui"]["site_subtitle"],
        words["share"]["scan"],
        words["paper"],
        _end(project, language, theirs),
    )


def _end(project: Project, language: Language, theirs: Language) -> Markup:
    """Return what a handout says of itself in a language: its use, its date, its translation.

    Who hands it out reads French: the French side says, too, that a machine made the other one.
    """
    words = project.wordings[language.code].safe
    pages = [project.shown_page(theirs, part.page) for part in project.handout]
    reviews = [review for review in map(project.review, pages) if review]
    sources = project.register.sources.values()
    days = [one.date for one in reviews] or [one.checked_on for one in sources]
    day = Markup('<bdi dir="ltr">{}</bdi>').format(max(days).strftime("%d.%m.%Y"))
    said = [words["ui"]["not_official"], words["ui"]["version_of"].format(date=day) + "."]
    if any(one.state == "machine" for one in reviews):
        by_machine = words["review"]["machine"]
        if language != theirs:
            by_machine = Markup(project.staff_words[language.code]["paper"]["machine"])
        said += [by_machine, words["review"]["french_counts"]]
    return in_order(Markup(" ").join(said), language)


def _pair(project: Project, part: Part, left: Language, right: Language) -> _Pair:
    sides = (left, right)
    pages = [project.shown_pages(language) for language in sides]
    rows = [
        [in_order(row_text(found_blocks(found, row)), language) for row in part.rows]
        for found, language in zip(pages, sides, strict=True)
    ]
    say = [[quoted(project, name, language) for name in part.say] for language in sides]
    ours, theirs = (found_heading(found, part) or "" for found in pages)
    filled_in = _offices(project, sides) if part.id == ASK else ()
    return _Pair(
        part,
        (ours, theirs),
        (*zip(*rows, strict=True), *filled_in),
        tuple(zip(*say, strict=True)),
    )


def _offices(project: Project, sides: Sequence[Language]) -> Iterator[tuple[Markup, ...]]:
    """Yield what each office filled in, in both languages."""
    views = [View(project, language, WHERE) for language in sides]
    for office in project.places.offices.values():
        if office.filled:
            yield tuple(in_order(facts_text(view, office), view.language) for view in views)
