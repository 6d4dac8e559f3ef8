"""The macros of the pages: each leaves its place, which is filled when Markdown is done.

What they render is HTML, and long: Markdown would read through all of it twice, to change nothing.
"""

from __future__ import annotations

import re

from mkdocs_macros.plugin import MacrosPlugin

from scripts.content.references import MACROS
from scripts.site.render import Renderer

_PLACE = re.compile(rf'<div data-macro="({"|".join(MACROS)})"></div>')
_ID = re.compile(r'\sid="([^"]+)"')


def define_env(env: MacrosPlugin) -> None:
    """Give the pages one macro for each name in `references.MACROS`."""
    for name in MACROS:
        env.macro(lambda name=name: f'<div data-macro="{name}"></div>', name)


def filled(html: str, renderer: Renderer) -> tuple[str, frozenset[str]]:
    """Return a page's HTML with its macros rendered, and the ids that they bring."""
    ids: set[str] = set()

    def rendered(place: re.Match[str]) -> str:
        text = str(getattr(renderer, place[1])())
        ids.update(_ID.findall(text))
        return text

    return _PLACE.sub(rendered, html), frozenset(ids)
