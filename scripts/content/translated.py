"""A translation as its readers get it: its own words in the French page's Markdown.

Ids, classes, key statements, sources, languages of links and macros stand in the French page
alone. What does not agree with French stays in French.
"""

from __future__ import annotations

import re
from dataclasses import replace

from scripts.content.pages import LINK, Block, Page, Section, rewritten
from scripts.content.structure import Pair, paired_sections
from scripts.content.typography import typeset


def translated(page: Page, source: Page) -> Page:
    """Return a translation, as it stands in its file, with all that the French page marks.

    Args:
        page: the translation.
        source: the French page.
    """
    pairs, extra = paired_sections(page, source)
    sections = tuple(_with_marks(pair, page) for pair in pairs)
    return replace(
        page,
        only=source.only,
        sections=sections,
        body=_body(source, sections),
        differences=(*(fault for pair in pairs for fault in pair.differences), *extra),
        in_french=frozenset(pair.source.id for pair in pairs if not _agrees(pair)),
    )


def _agrees(pair: Pair) -> bool:
    return pair.ours is not None and not pair.differences


def _with_marks(pair: Pair, page: Page) -> Section:
    """Return a section's French blocks with the words of the translation, where both agree."""
    if pair.ours is None or pair.differences:
        return pair.source
    words = iter(pair.ours.blocks)
    blocks = tuple(
        original if original.kind == "macro" else _with_words(original, next(words), page)
        for original in pair.source.blocks
    )
    return Section(pair.source.id, blocks)


def _with_words(original: Block, ours: Block, page: Page) -> Block:
    text = typeset(ours.text, page.language)
    return replace(original, text=text, written=ours.text, line=ours.line, height=ours.height)


def _body(source: Page, sections: tuple[Section, ...]) -> str:
    """Return the French page's Markdown with the words of these sections."""
    lines = source.body.split("\n")
    pairs = list(zip(source.sections, sections, strict=True))
    for theirs, ours in reversed(pairs):
        for original, block in reversed(list(zip(theirs.blocks, ours.blocks, strict=True))):
            if block is not original:
                start = original.line - source.body_line
                span = slice(start, start + original.height)
                lines[span] = rewritten(lines[span], original, _with_link_lists(block))
    return "\n".join(lines)


def _with_link_lists(block: Block) -> str:
    """Return a block's text with the attribute lists of its links, found by their targets."""

    def marked(link: re.Match[str]) -> str:
        return link[0] + block.link_lists.get(link[2], "")

    return LINK.sub(marked, block.text) if block.link_lists else block.text
