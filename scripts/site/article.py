"""The last step from Markdown to a page: terms get their official words, facts their sources."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import html
from lxml.html import HtmlElement

from scripts.content.languages import SOURCE_LANGUAGE
from scripts.content.references import TERM_SCHEME
from scripts.site.render import Renderer


@dataclass(frozen=True)
class Article:
    """A page's finished HTML and the register ids that it cites, in order."""

    html: str
    sources: tuple[str, ...]


def finish_article(text: str, renderer: Renderer) -> Article:
    """Return the article with term links, citation marks and safe outside links."""
    root = html.fragment_fromstring(text, create_parent="div")
    cited: list[str] = []
    links = list(root.iter("a"))
    for element in root.xpath(".//*[@data-source]"):
        _cite(element, cited)
    for link in links:
        _finish_link(link, renderer)
    _say_otherwise(root, renderer)
    inner = (root.text or "") + "".join(html.tostring(child, encoding="unicode") for child in root)
    return Article(inner.strip(), tuple(cited))


def _say_otherwise(root: HtmlElement, renderer: Renderer) -> None:
    """Give each heading the way to the same one in French, on a French page in German."""
    project = renderer.project
    other = project.language.get("de" if renderer.language.is_source else SOURCE_LANGUAGE)
    if other is None or renderer.path not in project.expected_paths(other):
        return
    address = renderer.elsewhere(other.code, renderer.path)
    for heading in root.iterchildren("h2", "h3"):
        if name := heading.get("id"):
            link = html.Element("a", {"lang": other.code, "href": f"{address}#{name}"})
            link.text = other.name
            _behind(heading, "\u00a0")
            heading.append(link)


def _behind(element: HtmlElement, text: str) -> None:
    """Put text behind the element's last words."""
    if len(element):
        element[-1].tail = (element[-1].tail or "").rstrip() + text
    else:
        element.text = (element.text or "").rstrip() + text


def _cite(element: HtmlElement, cited: list[str]) -> None:
    for source in element.attrib.pop("data-source").split():
        if source not in cited:
            cited.append(source)
        number = str(cited.index(source) + 1)
        mark = html.Element("a", {"class": "cite", "href": f"#s{number}", "role": "doc-noteref"})
        mark.text = number
        _append(element, mark)


def _append(element: HtmlElement, mark: HtmlElement) -> None:
    """Put a citation mark behind the element's last words, kept on their line."""
    _behind(element, "\u2060")
    element.append(mark)


def _finish_link(link: HtmlElement, renderer: Renderer) -> None:
    target = link.get("href", "")
    if target.startswith(TERM_SCHEME):
        _finish_term(link, target.removeprefix(TERM_SCHEME), renderer)
    elif target.startswith("http"):
        link.set("rel", "external noreferrer")
    elif target.startswith(("tel:", "mailto:")) and renderer.language.direction == "rtl":
        _isolate(link)


def _finish_term(link: HtmlElement, term: str, renderer: Renderer) -> None:
    language = renderer.language
    official = renderer.project.terms[term]
    link.set("href", renderer.page(official.page, term))
    link.set("class", "term")
    words = [
        (code, word)
        for code, word in (("fr", official.fr), ("de", official.de))
        if word and code != language.code
    ]
    if language.is_source or not words:
        return
    note = html.Element("bdi", {"class": "official"})
    note.text = "("
    for number, (code, word) in enumerate(words):
        part = html.Element("span", {"lang": code})
        part.text = word
        part.tail = ")" if number == len(words) - 1 else " / "
        note.append(part)
    tail, link.tail = link.tail, "\u00a0"
    note.tail = tail
    link.addnext(note)


def _isolate(link: HtmlElement) -> None:
    """Keep a telephone number or address in its order inside right-to-left text."""
    if not len(link):
        part = html.Element("bdi", {"dir": "ltr"})
        part.text, link.text = link.text, None
        link.append(part)
