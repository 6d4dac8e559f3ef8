"""Markdown without the inline patterns that cannot match: a page's text lacks what they begin with.

Markdown tries each of its fourteen patterns at every stretch of text; a page of ours needs four.
"""

from __future__ import annotations

from collections.abc import Mapping

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

SIGNS: Mapping[str, tuple[str, ...]] = {
    "backtick": ("`",),
    "escape": ("\\",),
    "reference": ("]:",),
    "link": ("](",),
    "image_link": ("![",),
    "image_reference": ("]:",),
    "short_reference": ("]:",),
    "short_image_ref": ("]:",),
    "autolink": ("://",),
    "automail": ("@",),
    "linebreak": ("  \n",),
    "html": ("<",),
    "entity": ("&",),
    "em_strong": ("*", "_"),
}
"""Markdown's own patterns, and the texts of which one stands in all that a pattern matches.

What refers to a link (`[text][name]`) matches nothing without a line that defines it (`[name]:`).
"""
_LAST = -1


class PossiblePatterns(Extension):
    """Leaves each page the patterns that its text may need; the HTML is the same."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Look at the text once all of it is there: after the other preprocessors."""
        md.preprocessors.register(_Drop(md), "possible_patterns", _LAST)


class _Drop(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        for name, signs in SIGNS.items():
            if not any(sign in text for sign in signs):
                self.md.inlinePatterns.deregister(name, strict=False)
        return lines
