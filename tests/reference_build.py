"""The same site made the plain way, to compare with: `python -m tests.reference_build MEND …`.

Each word takes one of the means away that make the build fast:
`one-build` (the i18n plugin makes one build for each language instead), `workers`, `macros`
(what they render goes through Markdown), `extensions` (looked up for each page), `patterns` (every
inline pattern is tried on every page).
"""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

from mkdocs.__main__ import cli
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import CombinedEvent, event_priority
from mkdocs.structure.files import File, Files

from scripts.content.languages import CHOOSER, SOURCE_LANGUAGE
from scripts.content.references import MACROS
from scripts.site import macros, patterns, plugin
from scripts.site.assets import minified
from scripts.site.output import Output


class OneBuildALanguage(plugin.SitePlugin):  # type: ignore[no-untyped-call]
    """The i18n plugin goes through the languages, one whole build for each."""

    @event_priority(100)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        if not _i18n(config).building:
            self._project = self._checked_project(config)
            self._output = Output(Path(config.site_dir), served=False)
            config.site_dir = str(self._output.written)
        return config

    def _keep_one_language(self, files: Files, *, config: MkDocsConfig) -> Files:
        docs, code = Path(config.docs_dir), _i18n(config).current_language or CHOOSER
        others = {*self.project.language, CHOOSER} - {code}
        for file in list(files):
            of_theme = not Path(file.abs_src_path or docs).is_relative_to(docs)
            if of_theme or file.src_uri.partition("/")[0] in others:
                files.remove(file)
        return files

    @event_priority(-200)
    def _add_missing(self, files: Files, *, config: MkDocsConfig) -> Files:
        code = _i18n(config).current_language
        for path in self.project.missing_paths(self.project.language[code]) if code != "zz" else ():
            source = f"{config.docs_dir}/{SOURCE_LANGUAGE}/{path}.md"
            file = File.generated(config, f"{code}/{path}.md", abs_src_path=source)
            file.locale = code  # type: ignore[attr-defined]
            files.append(file)
        return files

    on_files = CombinedEvent(_keep_one_language, _add_missing)

    def on_nav(self, nav: Any, *, config: MkDocsConfig, files: Files) -> Any:  # noqa: ARG002
        self._navigations = {_i18n(config).current_language: nav}
        return nav

    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> Any:
        self._environment = None
        return super().on_env(env, config=config, files=files)

    def on_post_page(self, output: str, *, page: Any, config: MkDocsConfig) -> str:  # noqa: ARG002
        return minified("page.html", output)

    @event_priority(-200)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        if not _i18n(config).building and self._output:
            self._output.publish({}, partial(self._finished, {}))
            config.site_dir = str(self._output.target)


macros_define = macros.define_env


def _define_env(env: Any) -> None:
    def rendered(name: str) -> str:
        return str(getattr(env.conf.plugins["social-aid"].renderer(env.page), name)())

    macros_define(env)
    for name in set(MACROS) - macros.LATE:
        env.macro(lambda name=name: rendered(name), name)


def _i18n(config: MkDocsConfig) -> Any:
    return config.plugins["i18n"]


def main(mends: list[str]) -> None:
    """Build the project in this folder strictly into site/ without the named mends."""
    if "one-build" in mends:
        plugin.SitePlugin = OneBuildALanguage  # type: ignore[misc]
    if "workers" in mends:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    if "patterns" in mends:
        patterns.SIGNS = {}
    if "macros" in mends:
        macros.define_env = _define_env
    if "extensions" in mends:
        plugin.look_up_extensions = lambda config: None  # type: ignore[attr-defined]  # noqa: ARG005
    cli(["build", "--strict"], standalone_mode=True)


if __name__ == "__main__":
    main(sys.argv[1:])
