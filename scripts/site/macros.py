"""The macros of the pages: each hands over to the renderer."""

from __future__ import annotations

from mkdocs_macros.plugin import MacrosPlugin

from scripts.content.references import MACROS


def define_env(env: MacrosPlugin) -> None:
    """Give the pages one macro for each name in `references.MACROS`."""

    def rendered(name: str) -> str:
        return str(getattr(env.conf.plugins["social-aid"].renderer(env.page), name)())

    for name in MACROS:
        env.macro(lambda name=name: rendered(name), name)
