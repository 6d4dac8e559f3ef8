"""Blocks of the pages that are said again on handouts and on the wall: never typed twice.

A block is named by its page and its key (`rights/decision:urgent-5-days`) or, where it has none,
by its place in a section (`who-is-covered#asylum/1`: the first block after that heading). Several
that follow each other are one row (`where-to-go#bring/2-7`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.content.pages import Block, Page
from scripts.content.pictures import Pictures
from scripts.faults import Fault, raise_if_any
from scripts.strict_yaml import Item, read_yaml

_NAME = re.compile(
    r"(?P<page>[\w/-]+)(?::(?P<key>[\w-]+)|#(?P<section>[\w-]+)"
    r"(?:/(?P<at>\d+)(?:-(?P<to>\d+))?)?)?"
)

OFFICIAL = ("fr", "de")
"""The canton's official languages, in which staff have notes."""
_TEXTS = ("id", "page", "picture", "heading")
_LISTS = ("rows", "say")


@dataclass(frozen=True)
class Part:
    """A stretch of a handout or a step on the wall.

    `page` is where it leads; `heading` names a section (`rights/decision#when`) or a page, whose
    title it is then; `picture` stands beside it; `rows` name blocks, `say` sentences to say. A part
    may be set in `large` letters. `notes` tell staff, by language, what no reader sees. `lines`
    holds the line of each name.
    """

    id: str
    page: str
    heading: str
    picture: str
    rows: tuple[str, ...]
    say: tuple[str, ...]
    large: bool
    notes: Mapping[str, str]
    lines: Mapping[str, int]
    file: str


def load_parts(path: Path) -> tuple[Part, ...]:
    """Return the parts in a YAML file; raise `FaultsError` with every fault of its form."""
    faults: list[Fault] = []
    parts = [_part(item) for item in read_yaml(path, faults).sequence()]
    for number, part in enumerate(parts):
        if part.id in [one.id for one in parts[:number]]:
            faults.append(Fault(part.file, part.lines[""], f"part '{part.id}' stands twice"))
    raise_if_any(faults)
    return tuple(parts)


def check_parts(
    parts: tuple[Part, ...], pages: Mapping[str, Page], found: Pictures
) -> Iterator[Fault]:
    """Yield a fault for each name in the parts that names nothing.

    Args:
        parts: the parts.
        pages: the French pages by path.
        found: the pictures, among them one for each sentence to say.
    """
    for part in parts:
        for kind, name, allowed in (
            ("picture", part.picture, found.pictures),
            *(("sentence", one, found.say) for one in part.say),
        ):
            if name not in allowed:
                yield Fault(part.file, part.lines[name], _unknown(kind, name, allowed))
        if part.page not in pages:
            yield Fault(part.file, part.lines[part.page], _unknown("page", part.page, pages))
            continue
        if found_heading(pages, part) is None:
            message = f"heading '{part.heading}' is unknown; allowed: a page, or page#section"
            yield Fault(part.file, part.lines[part.heading], message)
        for row in part.rows:
            if found_block(pages, row) is None:
                yield Fault(part.file, part.lines[row], _unknown_block(pages, row))


def found_heading(pages: Mapping[str, Page], part: Part) -> str | None:
    """Return the heading of a part in the language of the pages, None where there is none."""
    page, _, section = part.heading.partition("#")
    if page not in pages:
        return None
    if not section:
        return pages[page].title
    blocks = _section(pages[page], section)
    return blocks[0].words if blocks else None


def found_block(pages: Mapping[str, Page], name: str) -> Block | None:
    """Return the block that a name stands for, the first of several, None where there is none."""
    return next(iter(found_blocks(pages, name)), None)


def found_blocks(pages: Mapping[str, Page], name: str) -> list[Block]:
    """Return the blocks that a name stands for, in their order; none where one is missing."""
    match = _NAME.fullmatch(name)
    if not match or match["page"] not in pages:
        return []
    page = pages[match["page"]]
    if match["key"]:
        return [block for block in page.blocks if block.key == match["key"]][:1]
    blocks = _section(page, match["section"] or "")
    first = int(match["at"] or 0)
    last = int(match["to"] or first)
    return blocks[first : last + 1] if 0 < first <= last < len(blocks) else []


def _section(page: Page, name: str) -> list[Block]:
    """Return a heading, whatever its level, and the blocks up to the next one."""
    blocks = list(page.blocks)
    starts = [at for at, one in enumerate(blocks) if one.attributes.get("id") == name]
    if not starts or blocks[starts[0]].kind != "heading":
        return []
    rest = blocks[starts[0] + 1 :]
    count = next((at for at, one in enumerate(rest) if one.kind == "heading"), len(rest))
    return [blocks[starts[0]], *rest[:count]]


def _part(item: Item) -> Part:
    entries = item.mapping(_TEXTS[:3], (*_TEXTS[3:], *_LISTS, "large", "note"))
    lists = {key: entries[key].sequence() if key in entries else [] for key in _LISTS}
    texts = {key: entries[key].text() for key in _TEXTS if key in entries}
    named = [*(entries[key] for key in texts), *lists["rows"], *lists["say"]]
    notes = entries["note"].mapping(OFFICIAL) if "note" in entries else {}
    return Part(
        texts.get("id", ""),
        texts.get("page", ""),
        texts.get("heading", texts.get("page", "")),
        texts.get("picture", ""),
        tuple(row.text() for row in lists["rows"]),
        tuple(name.text() for name in lists["say"]),
        "large" in entries and entries["large"].text({"yes"}) == "yes",
        {code: note.text() for code, note in notes.items()},
        {"": item.line, **{one.text(): one.line for one in named}},
        item.file,
    )


def _unknown(kind: str, name: str, allowed: Collection[str]) -> str:
    return f"{kind} '{name}' is unknown; allowed: {', '.join(allowed)}"


def _unknown_block(pages: Mapping[str, Page], name: str) -> str:
    match = _NAME.fullmatch(name)
    if not match or not (match["key"] or match["at"]):
        return f"found '{name}', expected page:key or page#section/number"
    if match["page"] not in pages:
        return _unknown("page", match["page"], pages)
    page = pages[match["page"]]
    if match["key"]:
        keys = ", ".join(block.key for block in page.blocks if block.key)
        return f"page '{page.path}' has no key '{match['key']}'; it has: {keys}"
    count = len(_section(page, match["section"]))
    if not count:
        return f"page '{page.path}' has no section '{match['section']}'; it has: {_ids(page)}"
    last = match["to"] or match["at"]
    return f"section '{match['section']}' of '{page.path}' has {count - 1} blocks, not {last}"


def _ids(page: Page) -> str:
    return ", ".join(sorted(page.ids))
