"""A translation must have the bones of the French page: the same blocks, ids, links, figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from scripts.content.pages import Block, Page
from scripts.faults import Fault

_FIGURE = re.compile(r"\d+")
_OTHER_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


def check_structure(page: Page, source: Page) -> Iterator[Fault]:
    """Yield every difference in blocks between a translated page and its French source."""
    if page.renders_macros != source.renders_macros or page.macros != source.macros:
        found, expected = ", ".join(page.macros) or "none", ", ".join(source.macros) or "none"
        yield Fault(page.file, 1, f"macros differ: found {found}, expected {expected}")
    for ours, theirs in zip_longest(page.blocks, source.blocks):
        if ours is None:
            message = f"ends too early: {_said(theirs)} ({source.file}:{theirs.line}) is missing"
            yield Fault(page.file, page.body_line, message)
            return
        if theirs is None:
            yield Fault(page.file, ours.line, f"{_said(ours)} has no counterpart in {source.file}")
            return
        if _shape(ours) != _shape(theirs):
            message = f"found {_said(ours)}, expected {_said(theirs)} ({source.file}:{theirs.line})"
            yield Fault(page.file, ours.line, message)
            return
        yield from _same_content(page, ours, theirs)


def _same_content(page: Page, ours: Block, theirs: Block) -> Iterator[Fault]:
    pairs = (
        ("links", _targets(ours), _targets(theirs)),
        ("figures", figures(ours.words), figures(theirs.words)),
    )
    for name, found, expected in pairs:
        if found != expected:
            where = f" in key statement '{ours.key}'" if ours.key else ""
            message = (
                f"{name} differ{where}: found {', '.join(found) or 'none'}; "
                f"expected {', '.join(expected) or 'none'}"
            )
            yield Fault(page.file, ours.line, message)


def figures(text: str) -> list[str]:
    """Return the numbers of a text in ascending order, in European digits."""
    return sorted(figure.translate(_OTHER_DIGITS) for figure in _FIGURE.findall(text))


def _targets(block: Block) -> list[str]:
    return sorted(link.target for link in block.links)


def _shape(block: Block) -> tuple[object, ...]:
    return (block.kind, block.level, sorted(block.attributes.items()))


def _said(block: Block) -> str:
    attributes = " ".join(f"{key}={value}" for key, value in sorted(block.attributes.items()))
    level = f" level {block.level}" if block.kind == "heading" else ""
    return f"{block.kind}{level}{' ' + attributes if attributes else ''}"
