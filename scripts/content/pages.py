"""Pages as their writers see them: front matter, sections, blocks, each with its line.

The parser reads the Markdown that docs/ is written in (headings with explicit ids, paragraphs,
list items, tables, attribute lists), not all of Markdown; what it cannot place is a fault.
Attribute lists and macros, the marks of a page, stand in the French pages alone:
`scripts/content/translated.py` gives them to the translations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from scripts.content.languages import Language
from scripts.content.review import content_hash
from scripts.content.typography import typeset
from scripts.faults import Fault, FaultsError, relative_name
from scripts.strict_yaml import Item, parse_yaml

TOP = "top"
"""The section id of what stands before the first heading, with title and description."""
_META_KEYS = ("title", "description")
_META_OF_SOURCE = ("only",)
FRONT_MATTER = re.compile(r"\A---\n(.*?\n)---\n", re.DOTALL)
_ATTRIBUTES = re.compile(r"[ \t]*\{:\s*(.*?)\s*\}[ \t]*")
_ATTRIBUTE = re.compile(r'#(?P<id>[\w-]+)|\.(?P<cls>[\w-]+)|(?P<key>[\w-]+)="(?P<value>[^"]*)"')
_HEADING = re.compile(r"^(#+)\s+(.*)$")
_ITEM = re.compile(r"^(\s*)(?:[-*]|\d+\.)\s+(.*)$")
_MARK = re.compile(r"^(?:#+\s+|\s*(?:[-*]|\d+\.)\s+)")
LINK = re.compile(r"\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
_LINK_LIST = re.compile(LINK.pattern + r"(\{:[^}]*\})")
_LISTS_AND_CALLS = re.compile(r"\{:[^}\n]*\}?|\{\{[^\n]*?(?:\}\}|$)", re.MULTILINE)
_MARKUP = re.compile(r"<[^>]+>|\*\*|(?<!\w)[*_]|[*_](?!\w)")
_MACRO = re.compile(r"\{\{\s*(\w+)\([^}]*\)\s*\}\}")


@dataclass(frozen=True)
class PageLink:
    """A link in a block: its text and its target as written."""

    text: str
    target: str


@dataclass(frozen=True)
class Block:
    """A heading, paragraph, list item, table row or macro, its attributes and its place.

    `line` is its first line in the file, `height` its number of lines, attribute list included.
    `link_lists` are the attribute lists of its links by their targets. `written` is the text of a
    translation as it stands in its file, before the machine has set it.
    """

    kind: str
    text: str
    line: int
    level: int = 0
    height: int = 1
    attributes: Mapping[str, str] = field(default_factory=dict)
    link_lists: Mapping[str, str] = field(default_factory=dict)
    written: str = ""

    @property
    def key(self) -> str | None:
        """The id of the key statement that this block carries."""
        return self.attributes.get("data-key")

    @property
    def sources(self) -> tuple[str, ...]:
        """The register ids that this block cites."""
        return tuple(self.attributes.get("data-source", "").split())

    @cached_property
    def links(self) -> tuple[PageLink, ...]:
        """The links in their order."""
        return tuple(PageLink(text, target) for text, target in LINK.findall(self.text))

    @cached_property
    def words(self) -> str:
        """The text as read: without link targets, emphasis marks and tags."""
        text = LINK.sub(r"\1", self.text) if "](" in self.text else self.text
        return " ".join(_MARKUP.sub("", text).split())


@dataclass(frozen=True)
class Section:
    """A stretch of a page under one `##` heading, or the top of the page."""

    id: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Page:
    """A page of one language; `path` is the same in every language, such as `rights/appeal`.

    `differences` tell where a translation does not agree with the French page; its sections
    `in_french` are shown in French for that.
    """

    path: str
    language: Language
    title: str
    description: str
    only: tuple[str, ...]
    sections: tuple[Section, ...]
    body: str
    body_line: int
    file: str
    differences: tuple[Fault, ...] = ()
    in_french: frozenset[str] = frozenset()

    @property
    def blocks(self) -> Iterator[Block]:
        """All blocks in their order."""
        return (block for section in self.sections for block in section.blocks)

    @property
    def own_sections(self) -> Iterator[Section]:
        """The sections that are written in the page's language."""
        return (section for section in self.sections if section.id not in self.in_french)

    @cached_property
    def ids(self) -> frozenset[str]:
        """The heading ids."""
        return frozenset(b.attributes["id"] for b in self.blocks if "id" in b.attributes)

    @cached_property
    def hashes(self) -> Mapping[str, str]:
        """The content hash of each section's words; the top covers title and description too."""
        texts = {section.id: _section_text(section) for section in self.sections}
        texts[TOP] = f"{self.title}\n{self.description}\n{texts.get(TOP, '')}"
        return {section: content_hash(text) for section, text in texts.items()}

    @cached_property
    def own_hashes(self) -> Mapping[str, str]:
        """The content hash of each section of a translation as it stands in its file."""
        texts = {one.id: "\n".join(block.written for block in one.blocks) for one in self.sections}
        texts[TOP] = f"{self.title}\n{self.description}\n{texts.get(TOP, '')}"
        return {section: content_hash(text) for section, text in texts.items()}

    @cached_property
    def macros(self) -> tuple[str, ...]:
        """The names of the macros called."""
        return tuple(_MACRO.findall(self.body))


def load_page(file: Path, root: Path, language: Language, faults: list[Fault]) -> Page:
    """Return the page in a Markdown file below `root` (docs/<language>), noting its faults."""
    name = relative_name(file)
    text = _decoded(file.read_bytes(), name, faults)
    match = FRONT_MATTER.match(text)
    if not match:
        faults.append(Fault(name, 1, "front matter is missing; begin the file with '---'"))
    head = match[1] if match else ""
    body_line = head.count("\n") + 3 if match else 1
    body = text[match.end() :] if match else text
    optional = _META_OF_SOURCE if language.is_source else ()
    meta = parse_yaml(head, name, faults, 2).mapping(_META_KEYS, optional) if match else {}
    if language.is_source:
        body = typeset(body, language)
    else:
        faults.extend(_marks(body, body_line, name))
    blocks = list(_blocks(body, body_line))
    if language.is_source:
        faults.extend(_heading_faults(blocks, name))
    return Page(
        path=file.relative_to(root).with_suffix("").as_posix(),
        language=language,
        title=_text(meta, "title", language),
        description=_text(meta, "description", language),
        only=meta["only"].texts() if "only" in meta else (),
        sections=_sections(blocks),
        body=body,
        body_line=body_line,
        file=name,
    )


def _decoded(content: bytes, file: str, faults: list[Fault]) -> str:
    """Return a file's text, with or without a byte order mark; any other code is a fault."""
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = "is not UTF-8 from here on; save the file with the encoding UTF-8"
        raise FaultsError([*faults, Fault(file, line, message)]) from None


def rewritten(lines: list[str], block: Block, text: str, keep_list: bool = True) -> list[str]:
    """Return the lines of a block with another text; its mark and its attribute list stay.

    Args:
        lines: the lines of the block in its file.
        block: the block.
        text: what takes the place of its text.
        keep_list: whether the attribute list stays, too.
    """
    raw = "\n".join(lines)
    own = _own_list(raw)
    end = raw[len(raw[: own.start()].rstrip()) :] if own and keep_list else ""
    mark = _MARK.match(raw)
    prefix = mark[0] if mark else ""
    indent = " " * (len(prefix) if block.kind == "item" else 0)
    return (prefix + text.replace("\n", f"\n{indent}") + end).split("\n")


def is_one_block(text: str, kind: str) -> bool:
    """Tell whether a text, put in the place of a block's, is one block of that kind again.

    Args:
        text: the text without the sign that begins such a block.
        kind: heading, paragraph, item or row.
    """
    signs = {"heading": "## ", "item": "- "}
    indent = "\n  " if kind == "item" else "\n"
    found = list(_blocks(signs.get(kind, "") + text.replace("\n", indent), 1))
    return len(found) == 1 and (found[0].kind, found[0].text) == (kind, text)


def _text(meta: Mapping[str, Item], key: str, language: Language) -> str:
    text = meta[key].text() if key in meta else ""
    return typeset(text, language) if language.is_source else text


def _marks(body: str, first_line: int, file: str) -> Iterator[Fault]:
    """Yield each attribute list and macro of a translation."""
    for match in _LISTS_AND_CALLS.finditer(body):
        message = f"found '{match[0]}': marks stand in the French page alone; remove it"
        yield Fault(file, first_line + body.count("\n", 0, match.start()), message)


def _blocks(body: str, first_line: int) -> Iterator[Block]:
    current: Block | None = None
    for number, line in enumerate(body.split("\n"), first_line):
        started = _start(line, number)
        if started or not line.strip():
            if current:
                yield _finished(current)
            current = started
        elif current is None or current.kind in ("heading", "macro", "row"):
            if current:
                yield _finished(current)
            current = Block("paragraph", line.strip(), number)
        else:
            text, height = f"{current.text}\n{line.strip()}", current.height + 1
            current = replace(current, text=text, height=height)
    if current:
        yield _finished(current)


def _start(line: str, number: int) -> Block | None:
    """Return the block that begins on this line, None where it goes on or is blank."""
    if match := _HEADING.match(line):
        return Block("heading", match[2], number, len(match[1]))
    if match := _ITEM.match(line):
        return Block("item", match[2], number, len(match[1]) // 4)
    if line.startswith("|"):
        return Block("row", line.strip(), number)
    if _MACRO.fullmatch(line.strip()):
        return Block("macro", line.strip(), number)
    return None


def _finished(block: Block) -> Block:
    """Move the attribute lists of the block and of its links out of its text."""
    own = _own_list(block.text)
    text = block.text[: own.start()].rstrip() if own else block.text
    attributes = _read(own[1]) if own else {}
    if "{:" not in text:
        return replace(block, text=text, attributes=attributes) if own else block
    lists = {match[2]: match[3] for match in _LINK_LIST.finditer(text)}
    text = _LINK_LIST.sub(r"[\1](\2)", text)
    return replace(block, text=text, attributes=attributes, link_lists=lists)


def _own_list(text: str) -> re.Match[str] | None:
    """Return the attribute list at the very end of a block that is not that of a link."""
    match = None
    for match in _ATTRIBUTES.finditer(text):  # noqa: B007
        pass
    if match is None or match.end() < len(text.rstrip()):
        return None
    is_of_link = text[: match.start()].endswith(")") and match[0].startswith("{")
    return None if is_of_link else match


def _read(text: str) -> dict[str, str]:
    attributes: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text):
        if match["id"]:
            attributes["id"] = match["id"]
        elif match["cls"]:
            attributes["class"] = f"{attributes.get('class', '')} {match['cls']}".strip()
        else:
            attributes[match["key"]] = match["value"]
    return attributes


def _heading_faults(blocks: list[Block], file: str) -> Iterator[Fault]:
    level = 1
    for block in blocks:
        if block.kind != "heading":
            continue
        if "id" not in block.attributes:
            message = f"heading '{block.text}' has no id; add {{: #name }} in ASCII"
            yield Fault(file, block.line, message)
        if block.level == 1 or block.level > level + 1:
            message = f"heading '{block.text}' has level {block.level}; expected 2 to {level + 1}"
            yield Fault(file, block.line, message)
        level = max(block.level, 1)


def _sections(blocks: list[Block]) -> tuple[Section, ...]:
    sections: list[tuple[str, list[Block]]] = [(TOP, [])]
    for block in blocks:
        if block.kind == "heading" and block.level <= 2:
            sections.append((block.attributes.get("id", ""), []))
        sections[-1][1].append(block)
    return tuple(Section(name, tuple(found)) for name, found in sections)


def _section_text(section: Section) -> str:
    """Return what a translation is made from: marks are none of its translators' business."""
    return "\n".join(f"{one.kind} {one.text}" for one in section.blocks if one.kind != "macro")
