"""Posters of a topic, in one language or in many: picture, title, one sentence, code, address."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from scripts.content.excerpts import found_block
from scripts.content.inline import inline
from scripts.content.languages import SOURCE_LANGUAGE, Language
from scripts.content.project import Project
from scripts.share.printer import (
    ENVIRONMENT,
    TEMPLATES,
    Print,
    address_code,
    code_picture,
    in_order,
    style_sheet,
    svg_source,
)
from scripts.share.words import beside, official, trial_style

PAPERS = {"a4": 1.0, "a3": 2**0.5}
"""The sizes of a poster, each by how much larger it is than A4."""
REM = 10.0
"""The root font size of a poster on A4 in points."""
MARGINS = {False: (3.6, 4.6, 9.4), True: (3.6, 4.2, 8.2)}
"""The margins of a poster in rem, and of one in many languages: above, beside, below with what
stands in small letters there."""
SIZES = (1.32, 1.18, 1.04, 0.9, 0.76, 0.62, 0.48)
"""How large a poster's words and its single code are set: the first that fits is taken."""
PHONE = (TEMPLATES / "phone.svg").read_bytes()
"""A phone that reads a code, drawn for this site."""
SAID_ON = {"help": "help:emergency-numbers"}
"""Pages whose posters say a block of theirs instead of what the page is about."""
_SHORT_NUMBER = re.compile(r"\[([^\]]*)\]\(tel:\d{3}\)")


@dataclass(frozen=True)
class _Words:
    """What a poster says in one language; the code with its alternative text where it has one."""

    language: Language
    title: str
    sentence: Markup
    site_name: Markup
    subtitle: Markup
    free: Markup
    scan: Markup
    not_official: Markup
    code: str = ""


def poster(project: Project, site_url: str, path: str, code: str, paper: str) -> Print:
    """Return the poster of a topic in one language, French (for French: German) beside it.

    Args:
        project: the content.
        site_url: where the site is published, with a slash at its end.
        path: the topic's page.
        code: the language.
        paper: `a4` or `a3`.
    """
    first = _words(project, path, project.language[code])
    other = _words(project, path, beside(project, code))
    address = project.addresses.of(path, code).spoken
    return _poster(
        project,
        path,
        paper,
        first=first,
        beside=[other],
        official=[other, first] if code != SOURCE_LANGUAGE else [first, other],
        scan=[first.scan, other.scan],
        many=False,
        trial=trial_style(project, site_url),
        texts=[],
        **address_code(site_url, address),
    )


def multilingual_poster(
    project: Project, site_url: str, path: str, codes: Sequence[str], paper: str, each: bool
) -> Print:
    """Return the poster of a topic in several languages.

    Args:
        project: the content.
        site_url: where the site is published, with a slash at its end.
        path: the topic's page.
        codes: the languages, in the order of the site.
        paper: `a4` or `a3`.
        each: whether each language has a code of its own; else one code lets choose.
    """
    first, *others = (_words(project, path, one) for one in official(project))
    texts = [_words(project, path, project.language[code]) for code in codes]
    scan = [first.scan, *(one.scan for one in others)]
    if each:
        texts = [_with_code(project, site_url, path, one) for one in texts]
        scan = [Markup(project.staff_words[one.code]["paper"]["each"]) for one in official(project)]
    return _poster(
        project,
        path,
        paper,
        first=first,
        beside=others,
        official=[first, *others],
        scan=scan,
        many=True,
        trial=trial_style(project, site_url),
        texts=texts,
        **address_code(site_url, _choosing(project, path)),
    )


def _poster(project: Project, path: str, paper: str, trial: str, **values: Any) -> Print:
    html = ENVIRONMENT.get_template("poster.html").render(is_site=path == "index", **values)
    languages = [one.language for one in (values["first"], *values["beside"], *values["texts"])]
    picture = project.pictures.pictures[project.sharing.topics[path]]
    style = style_sheet("poster.css", languages, {"topic": picture}) + trial
    style += f".code .scan {{ background-image: url({svg_source(PHONE)}) }}"
    margin = " ".join(f"{side * REM:.1f}pt" for side in MARGINS[values["many"]])
    style += f"@page {{ size: A4; margin: {margin} }} html {{ font-size: {REM}pt }}"
    sizes = tuple(f"{style} body {{ font-size: {size}rem }}" for size in SIZES)
    return Print(html, sizes, zoom=PAPERS[paper])


def _words(project: Project, path: str, language: Language) -> _Words:
    words = project.wordings[language.code].safe
    page = project.shown_page(language, path)
    return _Words(
        language,
        page.title,
        _sentence(project, path, language),
        words["ui"]["site_name"],
        words["ui"]["site_subtitle"],
        words["paper"]["free"],
        words["share"]["scan"],
        words["ui"]["not_official"],
    )


def _sentence(project: Project, path: str, language: Language) -> Markup:
    """Return what a page is about, or the block that its poster says, with its numbers bold."""
    pages = project.shown_pages(language)
    block = found_block(pages, SAID_ON[path]) if path in SAID_ON else None
    if block is None:
        return in_order(Markup.escape(pages[path].description), language)
    bold = replace(block, text=_SHORT_NUMBER.sub(r"**\1**", block.text))
    return in_order(inline(bold), language)


def _with_code(project: Project, site_url: str, path: str, words: _Words) -> _Words:
    address = site_url + project.addresses.of(path, words.language.code).spoken
    return replace(words, code=code_picture(address))


def _choosing(project: Project, path: str) -> str:
    """Return the short address that lets choose a language; for the whole site its own."""
    return "" if path == "index" else project.addresses.of(path).spoken
