"""Our one step in Markdown: terms get their official words, facts their sources, boxes a class."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markdown.util import STX

from scripts.content.languages import SOURCE_LANGUAGE
from scripts.content.pages import TOP
from scripts.content.pictures import BOXES
from scripts.content.references import TERM_SCHEME
from scripts.site.picture_step import add_pictures
from scripts.site.view import View

WAYS = "ways"
"""The heading whose list of links becomes Material's cards."""
_LATE = -10
"""After MkDocs has made the links between pages relative: ours lead to where pages are served."""


class ArticleStep(Extension):
    """Finishes the article of the page that `begin` names; `cited` are its register ids, in order.

    MkDocs makes a Markdown for each page with the same extensions, so this one outlives them.
    """

    def __init__(self) -> None:
        super().__init__()
        self.cited: list[str] = []
        self._view: View | None = None

    def begin(self, view: View | None) -> None:
        """Name the page whose Markdown comes next, None for one that is none of a language."""
        self._view, self.cited = view, []

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Take part in making HTML."""
        if self._view:
            md.treeprocessors.register(_Article(self._view, self.cited), "article", _LATE)


class _Article(Treeprocessor):
    def __init__(self, view: View, cited: list[str]) -> None:
        super().__init__()
        self._view, self._cited = view, cited

    def run(self, root: Element) -> None:
        in_french = {id(one) for part in self._french_parts(root) for one in part.iter()}
        for parent in list(root.iter()):
            if "data-source" in parent.attrib:
                self._cite(parent)
            if not BOXES.isdisjoint(parent.get("class", "").split()):
                parent.set("class", f"admonition {parent.get('class')}")
            for link in parent.findall("a"):
                self._finish_link(parent, link, id(parent) in in_french)
        add_pictures(root, self._view)
        _make_cards(root)

    def _french_parts(self, root: Element) -> list[Element]:
        """Put what stands in French in a translation into parts that say so, and return these."""
        page = self._view.project.shown_page(self._view.language, self._view.path)
        french = self._view.project.language[SOURCE_LANGUAGE]
        parts: list[Element] = []
        section, into = TOP, None
        for child in list(root) if page.in_french else ():
            if child.tag == "h2":
                section = child.get("id", "")
            if section not in page.in_french:
                into = None
                continue
            if into is None:
                into = Element("div", {"lang": french.tag, "dir": french.direction})
                root.insert(list(root).index(child), into)
                parts.append(into)
            root.remove(child)
            into.append(child)
        return parts

    def _cite(self, element: Element) -> None:
        """Put citation marks behind the element's last words, kept on their line."""
        for source in element.attrib.pop("data-source").split():
            if source not in self._cited:
                self._cited.append(source)
            number = str(self._cited.index(source) + 1)
            _put_behind(element, "\u2060")
            mark = {"class": "cite", "href": f"#s{number}", "role": "doc-noteref"}
            SubElement(element, "a", mark).text = number

    def _finish_link(self, parent: Element, link: Element, is_french: bool) -> None:
        target = link.get("href", "")
        if target.startswith(TERM_SCHEME):
            self._finish_term(parent, link, target.removeprefix(TERM_SCHEME), is_french)
        elif target.startswith("http"):
            link.set("rel", "external noreferrer")
        elif target.startswith(("tel:", "mailto:")) and self._view.language.direction == "rtl":
            _isolate(link)

    def _finish_term(self, parent: Element, link: Element, name: str, is_french: bool) -> None:
        term = self._view.project.terms[name]
        link.set("href", self._view.page(term.page, name))
        link.set("class", "term")
        words = [] if is_french else list(self._official_words(term.fr, term.de))
        if not words:
            return
        note = Element("bdi", {"class": "official"})
        note.text = "("
        for code, word in words:
            part = SubElement(note, "span", {"lang": code})
            part.text, part.tail = word, " / "
        note[-1].tail = ")"
        link.tail, note.tail = "\u00a0", link.tail
        parent.insert(list(parent).index(link) + 1, note)

    def _official_words(self, fr: str, de: str) -> Iterator[tuple[str, str]]:
        """Yield what the term is called where the reader will meet it, but in no French text."""
        language = self._view.language
        if not language.is_source:
            yield from ((c, w) for c, w in (("fr", fr), ("de", de)) if w and c != language.code)


def _put_behind(element: Element, text: str) -> None:
    """Put text behind the element's last words."""
    if len(element):
        element[-1].tail = (element[-1].tail or "").rstrip() + text
    else:
        element.text = (element.text or "").rstrip() + text


def _isolate(link: Element) -> None:
    """Keep a telephone number or address in its order, where its writer has not done so (`STX`)."""
    if not len(link) and STX not in (link.text or ""):
        part = SubElement(link, "bdi", {"dir": "ltr"})
        part.text, link.text = link.text, None


def _make_cards(root: Element) -> None:
    """Put the list after the heading of the ways in into Material's grid of cards."""
    for heading, ways in pairwise(root):
        if heading.get("id") == WAYS and ways.tag == "ul":
            grid = Element("div", {"class": "grid cards"})
            root.insert(list(root).index(ways), grid)
            root.remove(ways)
            grid.append(ways)
            return
