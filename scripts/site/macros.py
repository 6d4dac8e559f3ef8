"""The macros of the pages: each leaves its place, which is filled when Markdown is done.

What they render is HTML, and long: Markdown would read through all of it twice, to change nothing.
"""

from __future__ import annotations

import re
from functools import partial
from unittest import mock

from jinja2 import Template
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page
from mkdocs_macros.plugin import MacrosPlugin

from scripts.content.references import CALL, MACROS
from scripts.site.render import Renderer

LATE = frozenset({"topic_links"})
"""Filled when the article is finished: no terms are in it, and addresses keep their letters."""
_PLACE = re.compile(rf'<div data-macro="({"|".join(MACROS)})" data-about="(\w*)"></div>')
_ID = re.compile(r'\sid="([^"]+)"')


class PageMacros(MacrosPlugin):  # type: ignore[no-untyped-call]
    """The macros plugin without what no page of ours uses, which takes longer than the macros.

    It would ask git a dozen questions, again in every build of some languages, and read all of a
    page's text as a template. Here the calls alone are rendered, each compiled once.
    """

    def on_config(self, config: MkDocsConfig) -> None:
        """Make the environment of the macros, once for all builds."""
        if not hasattr(self, "_env"):
            with mock.patch("mkdocs_macros.context.get_git_info", dict):
                super().on_config(config)  # type: ignore[no-untyped-call]
            self._calls: dict[str, Template] = {}

    def on_page_markdown(
        self,
        markdown: str,
        page: Page,
        config: MkDocsConfig,  # noqa: ARG002
        **_: object,
    ) -> str:
        """Return a page's text with its macros called."""
        self._page = page
        if not page.meta.get("render_macros"):
            return markdown
        return CALL.sub(lambda call: self._called(call[0]), markdown)

    def _called(self, call: str) -> str:
        if call not in self._calls:
            self._calls[call] = self.env.from_string(call)
        return self._calls[call].render()


def define_env(env: MacrosPlugin) -> None:
    """Give the pages one macro for each name in `references.MACROS`."""
    for name in MACROS:
        env.macro(partial(_place, name), name)


def _place(name: str, about: str = "") -> str:
    return f'<div data-macro="{name}" data-about="{about}"></div>'


def filled(html: str, renderer: Renderer, late: bool = False) -> tuple[str, frozenset[str]]:
    """Return a page's HTML with its macros rendered, and the ids that they bring.

    Args:
        html: the page's HTML.
        renderer: renders for the page.
        late: whether the turn is that of `LATE`, else that of the others.
    """
    ids: set[str] = set()

    def rendered(place: re.Match[str]) -> str:
        if (place[1] in LATE) != late:
            return place[0]
        text = str(getattr(renderer, place[1])(*filter(None, [place[2]])))
        ids.update(_ID.findall(text))
        return text

    return _PLACE.sub(rendered, html), frozenset(ids)
