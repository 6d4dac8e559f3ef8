"""What offices filled in, as pages and paper show it in a language."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError
from markupsafe import Markup

from scripts.content.languages import Language
from scripts.content.places import DAYS, HOURS, Fact, Office
from scripts.site.view import View

_LINKED = {"telephone": "tel:+41", "email": "mailto:", "web": ""}


def fact_text(view: View, office: Office, key: str, fact: Fact, linked: bool = True) -> Markup:
    """Return what an office says of itself in the language of a view.

    Args:
        view: the view of the page that shows it.
        office: the office, whose language that of its website is.
        key: one of `FACTS`.
        fact: what it says.
        linked: whether a number or address is a link, as on no paper.
    """
    if key == "hours":
        return Markup(", ").join(_hours(view, one) for one in fact.values)
    if key == "languages":
        names = [Locale.parse(code).get_display_name() for code in fact.values]
        return Markup(", ").join(Markup("<bdi>{}</bdi>").format(name) for name in names)
    [value] = fact.values
    shown = urlsplit(value).netloc.removeprefix("www.") if key == "web" else value
    text = view.figures(shown)
    if key in _LINKED and linked:
        rest = value.replace(" ", "").removeprefix("0") if key == "telephone" else value
        relation = Markup(' rel="external noreferrer"') if key == "web" else ""
        text = Markup('<a href="{}{}"{}>{}</a>').format(_LINKED[key], rest, relation, text)
    if key == "web" and office.language != view.language.code:
        text += Markup(" (<bdi>{}</bdi>)").format(Locale.parse(office.language).get_display_name())
    return text


def facts_text(view: View, office: Office) -> Markup:
    """Return all that an office and its sites filled in as one text for paper."""
    return Markup("; ").join(_fact_texts(view, office))


def _fact_texts(view: View, office: Office) -> Iterator[Markup]:
    words = view.words["places"]
    for one in office.filled:
        yield Markup("<strong><bdi>{}</bdi></strong>").format(one.name)
        for key, fact in one.facts.items():
            text = fact_text(view, office, key, fact, linked=False)
            yield Markup("{}{} {}").format(words[key], view.colon, text)


def _hours(view: View, hours: str) -> Markup:
    match = HOURS.fullmatch(hours)
    if not match:
        raise ValueError(hours)
    names = _day_names(view.language)
    first, last, *times = match.groups()
    days = "–".join(names[DAYS.index(day)] for day in (first, last) if day)
    return Markup("{} {}").format(days, view.figures("–".join(times)))


@cache
def _day_names(language: Language) -> list[str]:
    """Return the days of the week, Monday first, from Unicode's register (CLDR)."""
    try:
        locale = Locale.parse(language.tag, sep="-")
    except UnknownLocaleError:
        locale = Locale.parse(language.code)
    names = locale.days["format"]["wide"]
    return [names[number] for number in range(len(DAYS))]
