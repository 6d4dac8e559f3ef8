"""What makes a PDF of HTML: the printer, its templates, fonts and pictures, and the PDF's tags."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from lxml.html import HtmlElement, document_fromstring
from markupsafe import Markup

from scripts.bootstrap import PANGO_PACKAGES, SetupError
from scripts.content.languages import Language
from scripts.content.pictures import Picture
from scripts.faults import ROOT
from scripts.share.codes import qr_svg
from scripts.share.fonts import FAMILIES
from scripts.templates import strict_environment

if TYPE_CHECKING:
    from weasyprint import Document  # type: ignore[import-untyped]

TEMPLATES = ROOT / "overrides" / "print"
ENVIRONMENT = strict_environment(TEMPLATES)
"""What fills the templates of all that is printed."""
LARGER = {"Arab": 1.12, "Ethi": 1.04, "Taml": 0.92}
"""How much larger a script is set than Latin, so that it looks as large."""
_ROLES = {"h1": "H1", "h2": "H2", "p": "P", "li": "LI", "blockquote": "BlockQuote"}
"""The PDF tag of each element that may have a language; none of them goes on over a page's end."""
_LATIN = re.compile(
    r"<[^>]*>|(?P<run>[A-Za-zÀ-ɏ](?:[^<>\u0590-\u08ff\ufb1d-\ufeff]*[\dA-Za-zÀ-ɏ])?)(?P<end>\)?)"
)
"""A tag, or in Arabic text a run of Latin words with what stands between them."""


@dataclass(frozen=True)
class Print:
    """What a PDF is made from: its page, its style sheets from the largest size to the smallest.

    The largest with which it has no more than `pages` pages is taken. `zoom` makes a larger sheet
    of the same page.
    """

    html: str
    styles: tuple[str, ...]
    pages: int = 1
    zoom: float = 1.0


def pdf(page: Print) -> bytes:
    """Return the PDF of a page, tagged for screen readers (PDF/UA-1); the same page gives the same.

    Raises:
        SetupError: WeasyPrint's libraries are missing, or no size fits the pages.
    """
    tree = document_fromstring(page.html)
    document = _largest(page.html, page.styles, page.pages)
    if document is None:
        title = tree.findtext("head/title")
        many = f"has more than {page.pages} pages in the smallest size"
        raise SetupError(f"'{title}' {many}: shorten it")
    finish = _with_languages(tree)
    made: bytes = document.write_pdf(pdf_variant="pdf/ua-1", finisher=finish, zoom=page.zoom)
    return made


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


def style_sheet(
    name: str, languages: Sequence[Language], pictures: Mapping[str, Picture] | None = None
) -> str:
    """Return a style sheet that sets each language in the font of its script.

    Args:
        name: its file in the folder of templates.
        languages: the languages on the paper.
        pictures: those that stand behind the words, each for the elements of the class `pic-NAME`.
    """
    rules = [(TEMPLATES / name).read_text(encoding="utf-8")]
    rules.append(f"html {{ font-family: '{FAMILIES['Latn']}' }}")
    for language in dict.fromkeys(languages):
        family = FAMILIES[language.script]
        larger = LARGER.get(language.script)
        size = f".text:lang({language.tag}) {{ font-size: {larger}em }}" if larger else ""
        rules.append(f":lang({language.tag}) {{ font-family: '{family}', 'Noto Sans' }} {size}")
    rules += [rule for name, one in (pictures or {}).items() for rule in _behind(name, one)]
    return "\n".join(rules) + "\n"


def code_picture(address: str) -> str:
    """Return the QR code of an address as an image's source."""
    return svg_source(qr_svg(address))


def address_code(site_url: str, spoken: str) -> dict[str, str]:
    """Return a code and the address it leads to as people type it, without its scheme."""
    address = site_url + spoken
    shown = address.removeprefix("https://").removeprefix("http://").rstrip("/")
    return {"code": code_picture(address), "shown": shown}


def _behind(name: str, picture: Picture) -> Iterator[str]:
    """Yield the rules of a picture: drawn behind the words, it is silent for a screen reader."""
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">{}</svg>'
    path = picture.path.replace("currentColor", "#000")
    yield f".pic-{name} {{ background-image: url({svg_source(drawing.format(path).encode())}) }}"
    if picture.mirrored:
        turned = f'<g transform="matrix(-1 0 0 1 24 0)">{path}</g>'
        source = svg_source(drawing.format(turned).encode())
        yield f".pic-{name}[dir=rtl] {{ background-image: url({source}) }}"


@cache
def svg_source(svg: bytes) -> str:
    """Return a drawing as the source of an image, which needs no file beside the paper."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"


@lru_cache(maxsize=1)
def _largest(html: str, styles: tuple[str, ...], pages: int) -> Document | None:
    """Return a page in the largest size that fits, found by halving; None where none does.

    The last one is kept: the same poster is wanted on two sizes of paper, one after the other.
    """
    found, sizes = None, list(styles)
    while sizes:
        middle = (len(sizes) - 1) // 2
        document = _rendered(html, sizes[middle])
        if len(document.pages) <= pages:
            found, sizes = document, sizes[:middle]
        else:
            sizes = sizes[middle + 1 :]
    return found


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


def _with_languages(tree: HtmlElement) -> Callable[[Any, Any], None]:
    """Return what gives a PDF's elements the language of their HTML, which WeasyPrint does not."""

    def finish(_: Any, document: Any) -> None:
        from pydyf import String  # type: ignore[import-untyped]

        for name, role in _ROLES.items():
            languages = [one.get("lang") for one in tree.iter(name)]
            if any(languages):
                found = _elements(document.objects, role)
                for element, language in zip(found, languages, strict=True):
                    if language:
                        element["Lang"] = String(language)

    return finish


def _elements(objects: Collection[Any], role: str) -> list[Any]:
    """Return the structure elements of a role, in the order of the page."""
    dictionaries = [one for one in objects if isinstance(one, dict)]
    return [
        one for one in dictionaries if one.get("Type") == "/StructElem" and one["S"] == f"/{role}"
    ]
