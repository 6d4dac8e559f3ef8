"""The pictures of an article: in its boxes, its lists and its telephone numbers; its drawings."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, fromstring

from scripts.content.pages import TOP
from scripts.content.pictures import BOXES, END
from scripts.site.view import View

_KINDS = {"ul": "pics", "ol": "way"}
"""The classes of lists with pictures; those in an order are shown as a way."""


def add_pictures(root: Element, view: View) -> None:
    """Put the pictures of `pictures.yml` into an article, each before the words it stands for."""
    for section, blocks in list(_sections(root)):
        _add_to_list(f"{view.path}#{section}", blocks, view)
        for block in blocks:
            _add_to_box(section, block, view)
        _add_drawings(root, f"{view.path}#{section}", blocks, view)
    for link in root.iter("a"):
        target = link.get("href", "")
        if target.startswith("tel:") and target[4:] in view.project.pictures.numbers:
            _put(link, view.project.pictures.numbers[target[4:]], view)


def _sections(root: Element) -> Iterator[tuple[str, list[Element]]]:
    """Yield the id of each section with its elements, heading included."""
    name, blocks = TOP, list[Element]()
    for element in root:
        if element.tag == "h2":
            yield name, blocks
            name, blocks = element.get("id", ""), []
        blocks.append(element)
    yield name, blocks


def _add_to_box(section: str, block: Element, view: View) -> None:
    key = block.get("data-key", "")
    for mark in BOXES.intersection(block.get("class", "").split()):
        if name := view.project.pictures.of_box(view.path, section, key, mark):
            _put_first(block, "strong", name, view)


def _add_to_list(place: str, blocks: list[Element], view: View) -> None:
    names = view.project.pictures.lists.get(place, ())
    found = next((block for block in blocks if block.tag in _KINDS), None) if names else None
    if found is None:
        return
    found.set("class", _KINDS[found.tag])
    for entry, name in zip(found, names, strict=False):  # a stale translation may lack one
        _put_first(entry, "a", name, view)


def _add_drawings(root: Element, place: str, blocks: list[Element], view: View) -> None:
    for at, beside in ((place, blocks[:1]), (place + END, blocks[-1:])):
        for name in view.project.pictures.drawn_at(at) if beside else ():
            mark = Element("div", {"data-about": "", "data-macro": name})
            root.insert(list(root).index(beside[0]) + 1, mark)


def _put_first(block: Element, tag: str, name: str, view: View) -> None:
    """Put a picture before a block's words: into the element of this tag that they begin with."""
    begins = len(block) and block[0].tag == tag and not (block.text or "").strip()
    _put(block[0] if begins else block, name, view)


def _put(element: Element, name: str, view: View) -> None:
    """Put a picture before an element's words."""
    svg = fromstring(view.picture(name))
    svg.tail, element.text = element.text, None
    element.insert(0, svg)
