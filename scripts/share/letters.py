"""Letters to complete or to copy by hand: the model, what each line means, lines to write on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from scripts.content.excerpts import OFFICIAL, found_block
from scripts.content.inline import inline
from scripts.content.languages import Language
from scripts.content.project import Project
from scripts.share.printer import ENVIRONMENT, Print, in_order, style_sheet
from scripts.share.words import official

PAGES = len(OFFICIAL)
"""A page for each official language."""
SIZES = (13.0, 12.0, 11.0, 10.2, 9.4, 8.6, 8.0)
"""Font sizes of a letter in points: the first at which it fits its pages is taken."""
HOW = ("letters/index#how/3", "letters/index#how/4", "letters/index#how/5")
"""What to do with the letter, said below it in the reader's language."""


@dataclass(frozen=True)
class _Line:
    """A line of a letter: what is written, what it means, and how many lines are left free."""

    text: str
    meaning: Markup
    ruled: int


def letter(project: Project, name: str, code: str) -> Print:
    """Return a letter in French and in German, each line with its meaning in a language.

    Args:
        project: the content.
        name: the letter's name in the wording.
        code: the language of the reader.
    """
    reader, models = project.language[code], official(project)
    path = f"letters/{name}"
    html = ENVIRONMENT.get_template("letter.html").render(
        models=[
            (one, project.shown_page(one, path).title, list(_lines(project, name, one, reader)))
            for one in models
        ],
        reader=reader,
        title=in_order(Markup.escape(project.shown_page(reader, path).title), reader),
        end=in_order(_end(project, reader), reader),
    )
    style = style_sheet("letter.css", [*models, reader])
    sizes = tuple(f"{style}html {{ font-size: {size}pt }}" for size in SIZES)
    return Print(html, sizes, PAGES)


def _lines(project: Project, name: str, model: Language, reader: Language) -> Iterator[_Line]:
    texts = project.wordings[model.code].data["letters"][name]
    meanings = project.wordings[reader.code].safe["letters"][name]
    ruled = project.sharing.ruled.get(name, {})
    for number, (text, meaning) in enumerate(zip(texts, meanings, strict=True), 1):
        said = Markup("") if model == reader else in_order(meaning, reader)
        yield _Line(text, said, ruled.get(number, 1) if text.endswith(":") else 0)


def _end(project: Project, reader: Language) -> Markup:
    """Return what to do with the letter, and that a machine translated it where one did."""
    pages = project.shown_pages(reader)
    said = [inline(block) for name in HOW if (block := found_block(pages, name))]
    review = project.wording_review(reader.code)
    if review and review.state == "machine":
        said.append(project.wordings[reader.code].safe["review"]["machine"])
    return Markup(" ").join(said)
