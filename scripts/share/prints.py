"""Posters and handouts: HTML for the printer, and the PDF made from it.

The words are those of the pages and of the wording; here they get their place on the paper.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import cycle
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from scripts.bootstrap import PANGO_PACKAGES, SetupError
from scripts.content.excerpts import Part, found_block, found_heading
from scripts.content.inline import inline
from scripts.content.languages import SOURCE_LANGUAGE, Language
from scripts.content.places import WHERE
from scripts.content.project import Project
from scripts.faults import ROOT
from scripts.share.codes import qr_svg
from scripts.share.fonts import FAMILIES
from scripts.site.offices import facts_text
from scripts.site.view import View
from scripts.templates import strict_environment

if TYPE_CHECKING:
    from weasyprint import Document  # type: ignore[import-untyped]

TEMPLATES = ROOT / "overrides" / "print"
ENVIRONMENT = strict_environment(TEMPLATES)
"""What fills the templates of all that is printed."""
PAPERS = {"a4": 10.0, "a3": 14.14}
"""The sizes of a poster, each with its root font size in points."""
POSTER_MARGINS = {False: (4.0, 5.0, 10.2), True: (3.6, 4.2, 8.2)}
"""The margins of a poster in rem, and of one in many languages: above, beside, below with what
stands in small letters there."""
POSTER_SIZES = (1.0, 0.92, 0.84, 0.76, 0.68, 0.6, 0.54, 0.48)
"""How large a poster's titles and its single code are set: the first that fits is taken."""
HANDOUT_PAGES = 2
HANDOUT_SIZES = (9.6, 9.2, 8.8, 8.4, 8.0, 7.6)
"""Font sizes of a handout in points: the first at which it fits its pages is taken."""
LARGER = {"Arab": 1.12, "Ethi": 1.04, "Taml": 0.92}
"""How much larger a script is set than Latin, so that it looks as large."""
GERMAN = "de"
_LATIN = re.compile(
    r"<[^>]*>|(?P<run>[A-Za-zÀ-ɏ](?:[^<>\u0590-\u08ff\ufb1d-\ufeff]*[\dA-Za-zÀ-ɏ])?)(?P<end>\)?)"
)
"""A tag, or in Arabic text a run of Latin words with what stands between them."""


@dataclass(frozen=True)
class Print:
    """What a PDF is made from: its page, its style sheets from the largest size to the smallest.

    The first style sheet with which it has no more than `pages` pages is taken. `languages` holds,
    by PDF tag, the BCP 47 tags of the elements in their order, again and again ("" for none).
    """

    html: str
    styles: tuple[str, ...]
    pages: int = 1
    languages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Words:
    """What a poster or handout says in one language."""

    language: Language
    title: str
    site_name: Markup
    subtitle: Markup
    scan: Markup
    not_official: Markup
    address: str = ""
    code: str = ""
    end: str = ""


def poster(project: Project, site_url: str, path: str, code: str, paper: str) -> Print:
    """Return the poster of a topic in one language, French (for French: German) beside it.

    Args:
        project: the content.
        site_url: where the site is published, with a slash at its end.
        path: the topic's page.
        code: the language.
        paper: `a4` or `a3`.
    """
    address = project.addresses.of(path, code)
    first = _words(project, path, project.language[code])
    beside = _words(project, path, _beside(project, code))
    return _poster(
        paper,
        path,
        first=first,
        beside=[beside],
        official=[beside, first] if code != SOURCE_LANGUAGE else [first, beside],
        scan=[first, beside],
        many=False,
        codes=False,
        texts=[],
        **_code(site_url, address.spoken),
    )


def shared_poster(
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
    french = _words(project, path, project.language[SOURCE_LANGUAGE])
    german = [_words(project, path, project.language[GERMAN])] if GERMAN in project.language else []
    texts = [_words(project, path, project.language[code], site_url) for code in codes]
    return _poster(
        paper,
        path,
        first=french,
        beside=german,
        official=[french, *german],
        scan=[french, *german],
        many=True,
        codes=each,
        texts=texts,
        **_code(site_url, _choosing(project, path)),
    )


def handout(project: Project, site_url: str, code: str) -> Print:
    """Return the bilingual handout of a language: French, for French German, beside it."""
    other = _beside(project, code)
    left, right = (project.language[SOURCE_LANGUAGE], project.language[code])
    if code == SOURCE_LANGUAGE:
        right = other
    ours, theirs = (_words(project, "index", one, ends=True) for one in (left, right))
    html = ENVIRONMENT.get_template("handout.html").render(
        ours=ours,
        theirs=theirs,
        parts=[_part(project, part, left, right) for part in project.handout],
        **_code(site_url, project.addresses.of("rights/index", code).spoken),
    )
    style = style_sheet("handout.css", [left, right])
    sizes = tuple(f"{style}html {{ font-size: {size}pt }}" for size in HANDOUT_SIZES)
    both = (left.tag, right.tag)
    tags = {"TH": both, "TD": both, "P": (left.tag, "", right.tag, right.tag)}
    return Print(html, sizes, HANDOUT_PAGES, tags)


def in_order(text: Markup, language: Language) -> Markup:
    """Return inline HTML whose Latin words keep their order where a line ends among them.

    The printer orders each line by itself: of `CMS Sion (Sion, Nendaz)` in Arabic it would set the
    comma and the bracket on the wrong side, were it not told where the Latin text begins and ends.
    """
    if language.direction == "ltr":
        return text

    def isolated(match: re.Match[str]) -> str:
        run, end = match["run"], match["end"] or ""
        if not run or run.isalnum():  # a tag, or one word: no line ends within it
            return match[0]
        if end and run.count("(") > run.count(")"):
            run, end = run + end, ""
        return f'<bdi dir="ltr">{run}</bdi>{end}'

    return Markup(_LATIN.sub(isolated, str(text)))


def pdf(page: Print) -> bytes:
    """Return the PDF of a page, tagged for screen readers (PDF/UA-1); the same page gives the same.

    Raises:
        SetupError: WeasyPrint's libraries are missing, or no size fits the pages.
    """
    for style in page.styles:
        document = _rendered(page.html, style)
        if len(document.pages) <= page.pages:
            finish = _with_languages(page.languages)
            made: bytes = document.write_pdf(pdf_variant="pdf/ua-1", finisher=finish)
            return made
    title = page.html.partition("<title>")[2].partition("</title>")[0]
    raise SetupError(f"'{title}' has more than {page.pages} pages in the smallest size: shorten it")


def load_printer() -> Any:
    """Return the module of WeasyPrint.

    Raises:
        SetupError: the libraries that it needs are missing.
    """
    try:
        import weasyprint
    except OSError as error:
        raise SetupError(
            f"Printed matter needs Pango, which is missing ({str(error).splitlines()[0]}). Install "
            f"it (Debian, Ubuntu: apt-get install {' '.join(PANGO_PACKAGES)}), then start again."
        ) from None
    return weasyprint


def _rendered(html: str, style: str) -> Document:
    printer = load_printer()
    document: Document = printer.HTML(string=html, base_url=str(TEMPLATES)).render(
        stylesheets=[printer.CSS(string=style, font_config=_font_config())],
        font_config=_font_config(),
        pdf_variant="pdf/ua-1",
    )
    return document


@cache
def _font_config() -> Any:
    load_printer()
    from weasyprint.text.fonts import FontConfiguration  # type: ignore[import-untyped]

    return FontConfiguration()


def _poster(paper: str, path: str, **values: Any) -> Print:
    html = ENVIRONMENT.get_template("poster.html").render(is_site=path == "index", **values)
    languages = [one.language for one in (values["first"], *values["beside"], *values["texts"])]
    style = style_sheet("poster.css", languages)
    rem = PAPERS[paper]
    margin = " ".join(f"{side * rem:.1f}pt" for side in POSTER_MARGINS[values["many"]])
    style += f"@page {{ size: {paper.upper()}; margin: {margin} }} html {{ font-size: {rem}pt }}"
    sizes = tuple(f"{style} body {{ font-size: {size}rem }}" for size in POSTER_SIZES)
    said = {key: _tags(values[key]) for key in ("official", "beside", "texts", "scan")}
    address = () if values["codes"] else ("",)
    paragraphs = (*said["official"], *address, *said["scan"], *said["scan"])
    tags = {"H2": said["beside"], "LI": said["texts"], "P": paragraphs}
    return Print(html, sizes, 1, tags)


def _tags(words: Sequence[Words]) -> tuple[str, ...]:
    return tuple(one.language.tag for one in words)


def _with_languages(languages: Mapping[str, tuple[str, ...]]) -> Callable[[Any, Any], None]:
    """Return what gives a PDF's elements their language, which WeasyPrint does not."""

    def finish(_: Any, document: Any) -> None:
        from pydyf import String  # type: ignore[import-untyped]

        left = {f"/{tag}": cycle(tags) for tag, tags in languages.items() if tags}
        for element in document.objects:
            tags = left.get(str(element.get("S"))) if isinstance(element, dict) else None
            language = next(tags) if tags and element.get("Type") == "/StructElem" else ""
            if language:
                element["Lang"] = String(language)

    return finish


def style_sheet(name: str, languages: Sequence[Language]) -> str:
    """Return a style sheet that sets each language in the font of its script."""
    rules = [(TEMPLATES / name).read_text(encoding="utf-8")]
    rules.append(f"html {{ font-family: '{FAMILIES['Latn']}' }}")
    for language in dict.fromkeys(languages):
        family = FAMILIES[language.script]
        larger = LARGER.get(language.script)
        size = f"td:lang({language.tag}) {{ font-size: {larger}em }}" if larger else ""
        rules.append(f":lang({language.tag}) {{ font-family: '{family}', 'Noto Sans' }} {size}")
    return "\n".join(rules) + "\n"


def _beside(project: Project, code: str) -> Language:
    other = GERMAN if code == SOURCE_LANGUAGE and GERMAN in project.language else SOURCE_LANGUAGE
    return project.language[other]


def _choosing(project: Project, path: str) -> str:
    """Return the short address that lets choose a language; for the whole site its own."""
    return "" if path == "index" else project.addresses.of(path).spoken


def _code(site_url: str, spoken: str) -> dict[str, str]:
    address = site_url + spoken
    shown = address.removeprefix("https://").removeprefix("http://").rstrip("/")
    return {"code": _picture(address), "address": address, "shown": shown}


@cache
def _picture(address: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(qr_svg(address)).decode()}"


def _words(
    project: Project, path: str, language: Language, site_url: str = "", ends: bool = False
) -> Words:
    words = project.wordings[language.code].safe
    address = site_url + project.addresses.of(path, language.code).spoken if site_url else ""
    return Words(
        language=language,
        title=project.shown_page(language, path).title,
        site_name=words["ui"]["site_name"],
        subtitle=words["ui"]["site_subtitle"],
        scan=words["share"]["scan"],
        not_official=words["ui"]["not_official"],
        address=address,
        code=_picture(address) if address else "",
        end=_end(project, language) if ends else "",
    )


def _end(project: Project, language: Language) -> Markup:
    """Return what a handout says of itself in a language: its use, its date, its translation."""
    words = project.wordings[language.code].safe
    pages = [project.shown_page(language, part.page) for part in project.handout]
    reviews = [review for review in map(project.review, pages) if review]
    sources = project.register.sources.values()
    days = [one.date for one in reviews] or [one.checked_on for one in sources]
    day = Markup('<bdi dir="ltr">{}</bdi>').format(max(days).strftime("%d.%m.%Y"))
    said = [words["ui"]["not_official"], words["ui"]["version_of"].format(date=day) + "."]
    if any(one.state == "machine" for one in reviews):
        said += [words["review"]["machine"], words["review"]["french_counts"]]
    return Markup(" ").join(said)


@dataclass(frozen=True)
class _Pair:
    """A part of a handout in both languages."""

    ours: str | None
    theirs: str | None
    rows: tuple[tuple[Markup, ...], ...]


def _part(project: Project, part: Part, left: Language, right: Language) -> _Pair:
    pages = [project.shown_pages(language) for language in (left, right)]
    rows = ([found_block(found, name) for name in part.rows] for found in pages)
    texts = (
        [in_order(inline(block), language) for block in side if block]
        for side, language in zip(rows, (left, right), strict=True)
    )
    ours, theirs = (found_heading(found, part) for found in pages)
    filled_in = _offices(project, left, right) if part.page == WHERE else ()
    return _Pair(ours, theirs, (*zip(*texts, strict=True), *filled_in))


def _offices(project: Project, *both: Language) -> Iterator[tuple[Markup, ...]]:
    """Yield what each office filled in, in both languages."""
    views = [View(project, language, WHERE) for language in both]
    for office in project.places.offices.values():
        if office.filled:
            yield tuple(in_order(facts_text(view, office), view.language) for view in views)
