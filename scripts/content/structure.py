"""A translation must have the bones of the French page: the same blocks, links, terms, figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from scripts.content.pages import Block, Page, Section
from scripts.faults import Fault

_FIGURE = re.compile(r"\d+")
_OTHER_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


@dataclass(frozen=True)
class Pair:
    """A section of a French page, its translation (None: there is none), and how they differ."""

    source: Section
    ours: Section | None
    differences: tuple[Fault, ...]


def paired_sections(page: Page, source: Page) -> tuple[tuple[Pair, ...], tuple[Fault, ...]]:
    """Return the sections of a French page with those of its translation, in their order.

    A translation with fewer sections is taken to end early: after the first section that does not
    agree, its sections are none that can be told.

    Returns:
        The pairs, and a fault for each section of the translation that French does not have.
    """
    pairs: list[Pair] = []
    is_short = len(page.sections) < len(source.sections)
    for theirs, ours in zip_longest(source.sections, page.sections):
        if theirs is None:
            break
        if is_short and any(pair.differences for pair in pairs):
            pairs.append(Pair(theirs, None, ()))
        else:
            pairs.append(Pair(theirs, ours, tuple(_differences(page, ours, theirs, source))))
    extra = page.sections[len(source.sections) :]
    return tuple(pairs), tuple(_left_over(page, one.blocks[0], source) for one in extra)


def translatable(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks that have words: all but macros."""
    return [block for block in blocks if block.kind != "macro"]


def figures(text: str) -> list[str]:
    """Return the numbers of a text in ascending order, in European digits."""
    return sorted(figure.translate(_OTHER_DIGITS) for figure in _FIGURE.findall(text))


def _differences(
    page: Page, ours: Section | None, theirs: Section, source: Page
) -> Iterator[Fault]:
    expected = translatable(theirs.blocks)
    if ours is None:
        place = f"{source.file}:{theirs.blocks[0].line}"
        last = max((block.line for block in page.blocks), default=page.body_line)
        yield Fault(page.file, last, f"section '{theirs.id}' ({place}) is missing; translate it")
        return
    end = ours.blocks[-1].line if ours.blocks else page.body_line
    for block, original in zip_longest(ours.blocks, expected):
        if original is None:
            yield _left_over(page, block, source)
            return
        if block is None:
            place = f"{source.file}:{original.line}"
            message = (
                f"section ends too early: {_said(original)} ({place}) is missing; translate it"
            )
            yield Fault(page.file, end, message)
            return
        if _shape(block) != _shape(original):
            message = (
                f"found {_said(block)}, expected {_said(original)} "
                f"({source.file}:{original.line}); follow the French page block by block"
            )
            yield Fault(page.file, block.line, message)
            return
        yield from _same_content(page, block, original, source, expected)


def _left_over(page: Page, block: Block, source: Page) -> Fault:
    message = f"{_said(block)} '{block.words}' has no counterpart in {source.file}; remove it"
    return Fault(page.file, block.line, message)


def _same_content(
    page: Page, ours: Block, theirs: Block, source: Page, section: Sequence[Block]
) -> Iterator[Fault]:
    pairs = (
        ("links", _targets(ours), _targets(theirs)),
        ("figures", figures(ours.words), figures(theirs.words)),
    )
    if all(found == expected for _, found, expected in pairs):
        return
    if twin := next((one for one in section if _content(one) == _content(ours)), None):
        message = (
            f"found the {ours.kind} of {source.file}:{twin.line}, expected that of "
            f"{source.file}:{theirs.line}; put it in its place"
        )
        yield Fault(page.file, ours.line, message)
        return
    for name, found, expected in pairs:
        if found != expected:
            where = f" in key statement '{theirs.key}'" if theirs.key else ""
            message = (
                f"{name} differ{where}: found {', '.join(found) or 'none'}; "
                f"expected {', '.join(expected) or 'none'} ({source.file}:{theirs.line}); "
                "keep those of French"
            )
            yield Fault(page.file, ours.line, message)


def _content(block: Block) -> tuple[object, ...]:
    return (block.kind, block.level, _targets(block), figures(block.words))


def _targets(block: Block) -> list[str]:
    return sorted(link.target for link in block.links)


def _shape(block: Block) -> tuple[str, int]:
    return (block.kind, block.level)


def _said(block: Block) -> str:
    return f"{block.kind} level {block.level}" if block.kind == "heading" else block.kind
