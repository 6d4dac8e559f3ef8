"""Pocket cards: the sentences to say at a counter, eight cards of a bank card's size on a sheet."""

from __future__ import annotations

from markupsafe import Markup

from scripts.content.languages import Language
from scripts.content.project import Project
from scripts.share.printer import ENVIRONMENT, Print, address_code, style_sheet
from scripts.share.words import official, quoted, trial_style

SHEETS = 2
"""Fronts with a sentence each, to show; backs with all of them."""
SIZES = (1.5, 1.3, 1.14, 1.0, 0.88, 0.76, 0.66)
"""How large the sentences are set: the first at which every card keeps its size is taken."""


def card_sheet(project: Project, site_url: str, code: str) -> Print:
    """Return the cards of a language, in French and German too, to print on both sides.

    Args:
        project: the content.
        site_url: where the site is published, with a slash at its end.
        code: the language of the reader.
    """
    reader, others = project.language[code], official(project)
    names = [name for name in project.source_wording.data["say"] if name != "intro"]
    html = ENVIRONMENT.get_template("card.html").render(
        reader=reader,
        official=others,
        titles=[project.shown_page(one, "say").title for one in others],
        title=project.shown_page(reader, "say").title,
        how=[project.staff_words[one.code]["paper"]["sheet"] for one in others],
        cards=[_card(project, name, [reader, *others]) for name in names],
        **address_code(site_url, project.addresses.of("say", code).spoken),
    )
    shown = {name: project.pictures.pictures[project.pictures.say[name]] for name in names}
    style = style_sheet("card.css", [reader, *others], shown) + trial_style(project, site_url)
    return Print(html, tuple(f"{style}.card {{ font-size: {size}em }}" for size in SIZES), SHEETS)


def _card(
    project: Project, name: str, languages: list[Language]
) -> tuple[str, list[tuple[Language, Markup]]]:
    """Return a card: its sentence's name, and the sentence in each language, each of them once."""
    return name, [(one, quoted(project, name, one)) for one in dict.fromkeys(languages)]
