"""The words of pages as printed matter takes them: inline HTML without links."""

from __future__ import annotations

import re

from markdown import Markdown
from markupsafe import Markup

from scripts.content.pages import LINK, Block

_PARAGRAPH = re.compile(r"^<p>|</p>$")


def inline(block: Block, outside: bool = False) -> Markup:
    """Return a block's text as HTML: emphasis and the order of numbers kept, links as words.

    Args:
        block: a block of a page.
        outside: whether links to other sites stay links.
    """

    def said(link: re.Match[str]) -> str:
        return f"[{link[1]}]({link[2]})" if outside and link[2].startswith("https:") else link[1]

    plain = LINK.sub(said, block.text)
    text = Markdown().convert(plain).replace("<a ", '<a rel="external noreferrer" ')
    return Markup(_PARAGRAPH.sub("", text))
