"""Files and navigation of the languages, as MkDocs takes them.

The i18n plugin makes one build for each language, and in each it pairs every file with every
language. It is left the chooser alone; the languages' pages, whose addresses are their paths in
docs/ already, go through one build, or through one in each worker.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from pathlib import Path
from typing import Any

from markdown import Markdown
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation, get_navigation
from mkdocs_static_i18n.folder import I18nFiles

from scripts.content.pages import Page
from scripts.content.project import Project
from scripts.site.changes import Plan
from scripts.site.patterns import PossiblePatterns


class PlannedFiles(I18nFiles):  # type: ignore[misc]
    """The files of some languages, all there for links and menus; only planned ones are built."""

    def __init__(self, plugin: object, files: Iterable[File], planned: frozenset[str]) -> None:
        super().__init__(plugin, list(files))
        self._planned = planned

    def get_file_from_path(self, path: str) -> File | None:
        """Return the file at a path; only the chooser's are looked for below its folder."""
        file: File | None = self.src_uris.get(path) or super().get_file_from_path(path)
        return file

    def documentation_pages(
        self, *, inclusion: Callable[[InclusionLevel], bool] = InclusionLevel.is_included
    ) -> Sequence[File]:
        """Return the planned pages only."""
        found = super().documentation_pages(inclusion=inclusion)
        return [file for file in found if file.src_uri in self._planned]


def leave_to_us(config: MkDocsConfig) -> None:
    """Have the i18n plugin build its default language, the chooser, and no other."""
    for language in config.plugins["i18n"].config.languages:
        language.build = language.default


def look_up_extensions(config: MkDocsConfig) -> None:
    """Find Markdown's extensions by their names once; Markdown would do so for each page.

    One of ours is added, which leaves out what a page does not need.
    """
    found = [
        Markdown().build_extension(name, config.mdx_configs.get(name, {}))
        for name in config.markdown_extensions
    ]
    config.data["markdown_extensions"] = [*found, PossiblePatterns()]


def split_files(files: Files, config: MkDocsConfig, codes: Iterable[str]) -> list[File]:
    """Take the theme's own files out of `files`, and the languages'; return the languages'."""
    docs = Path(config.docs_dir)
    languages = frozenset(codes)
    taken = []
    for file in list(files):
        if not Path(file.abs_src_path or docs).is_relative_to(docs):
            files.remove(file)
        elif file.src_uri.partition("/")[0] in languages:
            files.remove(file)
            taken.append(file)
    return taken


def planned_files(files: Files, plan: Plan, project: Project, config: MkDocsConfig) -> PlannedFiles:
    """Return the files for one build of some languages, with the texts that were read already.

    Where a page is not translated yet, the French text is served under its address.

    Args:
        files: what is left of the chooser.
        plan: which pages of which languages to build.
        project: the content.
        config: MkDocs' configuration.
    """
    pages = [
        File.generated(
            config,
            f"{code}/{path}.md",
            content=_source(project.shown_page(project.language[code], path)),
        )
        for code in plan
        for path in project.expected_paths(project.language[code])
    ]
    planned = frozenset(f"{code}/{path}.md" for code, paths in plan.items() for path in paths)
    chooser = [file for file in files if file.is_documentation_page()]
    return PlannedFiles(config.plugins["i18n"], [*chooser, *pages], planned)


def navigations(
    nav: list[Any], plan: Plan, files: Files, project: Project, config: MkDocsConfig
) -> dict[str, Navigation]:
    """Return each language's navigation, every page with its title, whether built or not."""
    found = {}
    for code in plan:
        scoped = copy(config)
        scoped["nav"] = _below(nav, code)
        found[code] = get_navigation(files, scoped)
        language = project.language[code]
        for page in found[code].pages:
            path = page.file.src_uri.removeprefix(f"{code}/").removesuffix(".md")
            page.title = project.shown_page(language, path).title
    return found


def deal(plan: Plan, count: int) -> list[Plan]:
    """Deal the languages out into at most `count` shares of about the same number of pages."""
    shares: list[dict[str, frozenset[str]]] = [{} for _ in range(min(count, len(plan)))]
    for code, paths in sorted(plan.items(), key=lambda one: (-len(one[1]), one[0])):
        lightest = min(shares, key=lambda share: sum(map(len, share.values())))
        lightest[code] = paths
    return list(shares)


def _below(nav: Any, code: str) -> Any:
    if isinstance(nav, list):
        return [_below(entry, code) for entry in nav]
    if isinstance(nav, dict):
        return {title: _below(entry, code) for title, entry in nav.items()}
    return f"{code}/{nav}"


def _source(page: Page) -> str:
    """Return a page's Markdown, with the front matter that MkDocs needs."""
    texts = {"title": page.title, "description": page.description}
    head = [f"{key}: {json.dumps(text, ensure_ascii=False)}" for key, text in texts.items()]
    flag = ["render_macros: true"] if page.renders_macros else []
    return "\n".join(("---", *head, *flag, "---", page.body))
