"""The words of pages as printed matter takes them: inline HTML without links."""

from __future__ import annotations

import re

from markdown import Markdown
from markupsafe import Markup

from scripts.content.pages import Block

_LINK = re.compile(r"\[((?:[^\[\]]|\[[^\]]*\])*)\]\([^)\s]+\)(?:\{:[^}]*\})?")
_PARAGRAPH = re.compile(r"^<p>|</p>$")


def inline(block: Block) -> Markup:
    """Return a block's text as HTML: emphasis and the order of numbers kept, links as words."""
    plain = _LINK.sub(r"\1", block.text)
    return Markup(_PARAGRAPH.sub("", Markdown().convert(plain)))
