"""Pages as their writers see them: front matter, sections, blocks, each with its line.

The parser reads the Markdown that docs/ is written in (headings with explicit ids, paragraphs,
list items, tables, attribute lists), not all of Markdown; what it cannot place is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from scripts.content.languages import Language
from scripts.content.review import Review, content_hash, read_review
from scripts.faults import Fault, relative_name
from scripts.strict_yaml import Item, parse_yaml

TOP = "top"
"""The section id of what stands before the first heading, with title and description."""
_META_KEYS = ("title", "description")
_META_OPTIONAL = ("render_macros", "only", "translation")
FRONT_MATTER = re.compile(r"\A---\n(.*?\n)---\n", re.DOTALL)
_ATTRIBUTES = re.compile(r"[ \t]*\{:\s*(.*?)\s*\}[ \t]*")
_ATTRIBUTE = re.compile(r'#(?P<id>[\w-]+)|\.(?P<cls>[\w-]+)|(?P<key>[\w-]+)="(?P<value>[^"]*)"')
_HEADING = re.compile(r"^(#+)\s+(.*)$")
_ITEM = re.compile(r"^(\s*)(?:[-*]|\d+\.)\s+(.*)$")
_MARK = re.compile(r"^(?:#+\s+|\s*(?:[-*]|\d+\.)\s+)")
LINK = re.compile(r"\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
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
    """

    kind: str
    text: str
    line: int
    level: int = 0
    height: int = 1
    attributes: Mapping[str, str] = field(default_factory=dict)

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
        text = self.text
        if "{:" in text:
            text = _ATTRIBUTES.sub(" ", text)
        if "](" in text:
            text = LINK.sub(r"\1", text)
        return " ".join(_MARKUP.sub("", text).split())


@dataclass(frozen=True)
class Section:
    """A stretch of a page under one `##` heading, or the top of the page."""

    id: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Page:
    """A page of one language; `path` is the same in every language, such as `rights/appeal`."""

    path: str
    language: Language
    title: str
    description: str
    only: tuple[str, ...]
    renders_macros: bool
    review: Review | None
    sections: tuple[Section, ...]
    body: str
    body_line: int
    file: str

    @property
    def blocks(self) -> Iterator[Block]:
        """All blocks in their order."""
        return (block for section in self.sections for block in section.blocks)

    @cached_property
    def ids(self) -> frozenset[str]:
        """The heading ids."""
        return frozenset(b.attributes["id"] for b in self.blocks if "id" in b.attributes)

    @cached_property
    def hashes(self) -> Mapping[str, str]:
        """The content hash of each section; the top covers title and description too."""
        texts = {section.id: _section_text(section) for section in self.sections}
        texts[TOP] = f"{self.title}\n{self.description}\n{texts.get(TOP, '')}"
        return {section: content_hash(text) for section, text in texts.items()}

    @cached_property
    def macros(self) -> tuple[str, ...]:
        """The names of the macros called."""
        return tuple(_MACRO.findall(self.body))


def load_page(file: Path, root: Path, language: Language, faults: list[Fault]) -> Page:
    """Return the page in a Markdown file below `root` (docs/<language>), noting its faults."""
    name = relative_name(file)
    text = file.read_bytes().decode().replace("\r\n", "\n")
    match = FRONT_MATTER.match(text)
    if not match:
        faults.append(Fault(name, 1, "front matter is missing; begin the file with '---'"))
    head = match[1] if match else ""
    body_line = head.count("\n") + 3 if match else 1
    body = text[match.end() :] if match else text
    meta = parse_yaml(head, name, faults, 2).mapping(_META_KEYS, _META_OPTIONAL) if match else {}
    blocks = list(_blocks(body, body_line))
    faults.extend(_heading_faults(blocks, name))
    return Page(
        path=file.relative_to(root).with_suffix("").as_posix(),
        language=language,
        title=_text(meta, "title"),
        description=_text(meta, "description"),
        only=meta["only"].texts() if "only" in meta else (),
        renders_macros=_text(meta, "render_macros") == "true",
        review=_review(meta, language, name, faults),
        sections=_sections(blocks),
        body=body,
        body_line=body_line,
        file=name,
    )


def rewritten(lines: list[str], block: Block, text: str) -> list[str]:
    """Return a block's source lines with another text, its marks and attributes kept."""
    if text == block.text:
        return lines
    mark = _MARK.match(lines[0])
    prefix = mark[0] if mark else ""
    kept: list[str] = []
    suffix = ""
    if block.attributes and lines[-1].strip().startswith("{:"):
        kept = [lines[-1]]
    elif block.attributes:
        suffix = lines[-1][lines[-1].rindex("{:") - 1 :]
    first, *others = text.split("\n")
    indent = " " * (len(prefix) if block.kind == "item" else 0)
    written = [f"{prefix}{first}", *(f"{indent}{line}" for line in others)]
    written[-1] += suffix
    return [*written, *kept]


def _text(meta: Mapping[str, Item], key: str) -> str:
    return meta[key].text() if key in meta else ""


def _review(
    meta: Mapping[str, Item], language: Language, file: str, faults: list[Fault]
) -> Review | None:
    if "translation" in meta:
        return read_review(meta["translation"])
    if not language.is_source:
        message = "key 'translation' is missing; add state, date and source"
        faults.append(Fault(file, 1, message))
    return None


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
    """Move the block's own attribute list (at its very end) from its text to its attributes."""
    match = None
    for match in _ATTRIBUTES.finditer(block.text):  # noqa: B007
        pass
    if match is None or match.end() < len(block.text.rstrip()) or _belongs_to_link(block, match):
        return block
    return replace(block, text=block.text[: match.start()].rstrip(), attributes=_read(match[1]))


def _belongs_to_link(block: Block, match: re.Match[str]) -> bool:
    """An attribute list right behind a link, without a space, is the link's."""
    return block.text[: match.start()].endswith(")") and block.text[match.start()] == "{"


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
    return "\n".join(
        f"{block.kind} {block.text} {sorted(block.attributes.items())}" for block in section.blocks
    )
