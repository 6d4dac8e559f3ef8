"""What no text of the site may hold: HTML beyond four tags, stray marks, characters nobody sees."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from scripts.content.pages import LINK, Block, Page
from scripts.faults import Fault

_TAG = re.compile(r"<[/!?A-Za-z][^>]*>?")
_ALLOWED_TAG = re.compile(r'</?(?:strong|em|bdi)>|<br>|<bdi dir="(?:ltr|rtl)">')
_TAGS = "strong, em, br, bdi"
_SEEN = "\n\u00ad\u200c\u200d"
"""The line break, the soft hyphen, and what joins and parts letters in Persian and Tamil."""
_UNSEEN = ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")
_BRACES = re.compile(r"\{\w+\}|\{\S*\s?|\}")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_UNREAD = re.compile(
    r"(?P<heading>=+$|-+$)|(?P<other>>|\+\s|```|~~~|\[[^\]]+\]:|:\s|[*_](?:\s*[*_]){2,}$)"
)
"""Markdown that stands for something, and that the site's pages do not use."""
_LINK_LIKE = re.compile(r"\]\s*\([^)]*\)?|\]\[")
_LIST = re.compile(r"\{:([^}]*)\}?")
_LIST_PART = re.compile(r'#[\w-]+|\.[\w-]+|(?P<name>[\w-]+)="[^"“”„«»]*"')
_LIST_NAMES = frozenset({"data-key", "data-source", "hreflang"})


def text_faults(text: str) -> Iterator[str]:
    """Yield in words what is wrong in any text, be it of a page, a wording or a spreadsheet."""
    unprinted = [] if text.isprintable() else dict.fromkeys(text)  # most texts are: looked at fast
    for character in unprinted:
        if character not in _SEEN and unicodedata.category(character) in _UNSEEN:
            name = unicodedata.name(character, "a control character")
            yield f"found U+{ord(character):04X} ({name.lower()}), which nobody sees; remove it"
    opened: list[str] = []
    for tag in _TAG.findall(text):
        if not _ALLOWED_TAG.fullmatch(tag):
            yield f"found {tag}; allowed as HTML: {_TAGS}, with straight quotes"
            return
        _follow(tag, opened)
    if opened:
        name = opened[-1].strip("/")
        yield f"found <{opened[-1]}> without its other half; write both: <{name}>…</{name}>"


def wording_faults(text: str, placeholders: tuple[str, ...]) -> Iterator[str]:
    """Yield what is wrong in a text of a wording.

    Args:
        text: the text as it stands in its file.
        placeholders: the names that are filled in there.
    """
    yield from text_faults(text)
    found = tuple(sorted(_PLACEHOLDER.findall(text)))
    if found != tuple(sorted(placeholders)):
        yield f"found placeholders {_named(found)}; expected {_named(placeholders)}"
    if re.search(r"[{}]", _PLACEHOLDER.sub("", text)):
        yield "found a brace that belongs to no placeholder such as {date}; remove it"


def markdown_faults(text: str) -> Iterator[str]:
    """Yield what is wrong in the text of a block of a page, its attribute lists aside."""
    yield from text_faults(text)
    if brace := _BRACES.search(text):
        yield f"found '{brace[0].strip()}': braces stand in no text; remove it"
    for line in text.split("\n"):
        if match := _UNREAD.match(line):
            remedy = "write headings with ##" if match["heading"] else "write it as plain text"
            yield f"found '{line[:40]}', which pages do not use; {remedy}"
    if "![" in text:
        yield "found '![': pages hold no pictures of their own; remove it"
    elif found := _LINK_LIKE.search(LINK.sub("", text)):
        yield f"found '{found[0]}': this is no link; write [words](target) without a space"


def page_faults(page: Page) -> Iterator[Fault]:
    """Yield what is wrong in the texts of a page, whatever its language."""
    for name, text in (("title", page.title), ("description", page.description)):
        if not text.strip():
            yield Fault(page.file, 1, f"'{name}' is empty; write it")
        for message in (*text_faults(text), *_braces_in(text)):
            yield Fault(page.file, 1, f"'{name}': {message}")
    for section in page.own_sections:
        for block in section.blocks:
            if block.kind != "macro":
                yield from (Fault(page.file, block.line, one) for one in _block_faults(block))


def mark_faults(page: Page) -> Iterator[Fault]:
    """Yield what is wrong in the marks of a French page: attribute lists, ids."""
    for number, line in enumerate(page.body.split("\n"), page.body_line):
        for attributes in _LIST.findall(line):
            yield from (Fault(page.file, number, one) for one in _list_faults(attributes))
    seen: dict[str, int] = {}
    for block in page.blocks:
        name = block.attributes.get("id", "")
        if name and name in seen:
            message = f"id '{name}' stands twice (first in line {seen[name]}); keep one"
            yield Fault(page.file, block.line, message)
        seen.setdefault(name, block.line)


def _list_faults(attributes: str) -> Iterator[str]:
    allowed = ", ".join(sorted(_LIST_NAMES))
    names = [match["name"] for match in _LIST_PART.finditer(attributes) if match["name"]]
    rest = _LIST_PART.sub("", attributes).strip(" ")
    for found in (*filter(None, [rest]), *(one for one in names if one not in _LIST_NAMES)):
        yield (
            f"found '{found}' in an attribute list; allowed: #id, .class, and with straight quotes "
            f'and plain spaces name="value" ({allowed})'
        )


def _block_faults(block: Block) -> Iterator[str]:
    yield from markdown_faults(block.written or block.text)
    if not block.words.strip():
        where = f" (key statement '{block.key}')" if block.key else ""
        yield f"the {block.kind} is empty{where}; write its text"


def _braces_in(text: str) -> Iterator[str]:
    if re.search(r"[{}]", text):
        yield "found a brace; remove it"


def _follow(tag: str, opened: list[str]) -> None:
    """Note a tag that opens, or take out the one that it closes."""
    name = re.sub(r"\W.*", "", tag.strip("</>"))
    if tag == "<br>":
        return
    if not tag.startswith("</"):
        opened.append(name)
    elif opened and opened[-1] == name:
        opened.pop()
    else:
        opened.append(f"/{name}")


def _named(names: tuple[str, ...]) -> str:
    return " ".join(f"{{{name}}}" for name in names) or "none"
