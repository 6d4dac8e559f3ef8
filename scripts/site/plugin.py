"""The MkDocs plugin: reads, calls and writes at MkDocs' events. What it calls knows no MkDocs."""

from __future__ import annotations

import logging
import shutil
from datetime import date
from pathlib import Path
from typing import Literal

from jinja2 import Environment
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from scripts.content.check import check_project
from scripts.content.languages import CHOOSER, SOURCE_LANGUAGE
from scripts.content.project import Project, load_project
from scripts.faults import ROOT, FaultsError
from scripts.site.article import finish_article
from scripts.site.assets import minified
from scripts.site.finish import finish_site
from scripts.site.page_context import chooser_context, page_context, site_context
from scripts.site.render import Renderer, fill

log = get_plugin_logger("social-aid")


class NoOptions(Config):  # type: ignore[no-untyped-call]
    """The plugin has no options: what it needs stands in the project's files."""


class SitePlugin(BasePlugin[NoOptions]):  # type: ignore[no-untyped-call]
    """One build of all languages: check first, write to a folder beside, swap at the end."""

    def __init__(self) -> None:
        self._serving = False
        self._target: Path | None = None
        self._project: Project | None = None
        self._cited: dict[str, tuple[str, ...]] = {}

    @property
    def project(self) -> Project:
        """The checked content of this build."""
        if self._project is None:
            raise Abort("the content is loaded by on_config, which has not run")
        return self._project

    def renderer(self, page: Page) -> Renderer:
        """Return the renderer for a page of a language."""
        code, _, path = page.file.src_uri.removesuffix(".md").partition("/")
        return Renderer(self.project, self.project.language[code], path)

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Remember whether the site is served: a served site is written where MkDocs says."""
        self._serving = command == "serve"
        logging.getLogger("mkdocs.plugins").setLevel(logging.WARNING)
        log.setLevel(logging.INFO)

    @event_priority(100)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Check everything before anything is written; a fault leaves `site/` untouched."""
        if _is_further_language(config):
            return config
        try:
            self._project = load_project(ROOT)
            report = check_project(self._project, date.today())
        except FaultsError as error:
            raise Abort(_listed(error)) from None
        faults = report.all_faults if config.strict else report.faults
        if faults:
            raise Abort(_listed(FaultsError(faults)))
        for missing in report.missing:
            log.info("%s (its readers get the French text)", missing)
        for warning in report.warnings:
            log.info("%s", warning)
        if not self._serving:
            self._target = Path(config.site_dir)
            config.site_dir = f"{config.site_dir}.new"
            shutil.rmtree(config.site_dir, ignore_errors=True)
        return config

    def _keep_what_this_language_needs(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Leave out the theme's own files, which no reader gets, and the other languages' pages.

        The i18n plugin would pair every file with every language otherwise: half the build time.
        """
        docs = Path(config.docs_dir)
        others = {*self.project.language, CHOOSER} - {_language_of(config)}
        for file in list(files):
            of_theme = not Path(file.abs_src_path or docs).is_relative_to(docs)
            if of_theme or file.src_uri.partition("/")[0] in others:
                files.remove(file)
        return files

    @event_priority(-200)
    def _add_missing_pages(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Where a page is not translated yet, serve the French text under its address."""
        code = _language_of(config)
        if code != CHOOSER:
            for path in self.project.missing_paths(self.project.language[code]):
                files.append(_french_file(config, code, path))
        return files

    on_files = CombinedEvent(_keep_what_this_language_needs, _add_missing_pages)

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Give every template, 404.html included, what is the same on all pages."""
        log.info("%s: %d pages", _language_of(config), len(files.documentation_pages()))
        env.filters["fill"] = fill
        env.globals.update(site_context(self.project, config.site_url or ""))
        return env

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Put the official words and the source marks into the article."""
        if page.file.src_uri.startswith(f"{CHOOSER}/"):
            return html
        renderer = self.renderer(page)
        article = finish_article(html, renderer.of_text())
        self._cited[page.file.src_uri] = article.sources
        return renderer.marked(article.html)

    def on_page_context(
        self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        """Give the page's template its language, wording, sources and neighbours."""
        if page.file.src_uri.startswith(f"{CHOOSER}/"):
            context.update(chooser_context(self.project))  # type: ignore[typeddict-item]
        else:
            cited = self._cited[page.file.src_uri]
            values = page_context(self.renderer(page), cited, page, nav)
            context.update(values)  # type: ignore[typeddict-item]
        return context

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Leave out what no reader's browser needs: white space, quotes, optional tags."""
        return minified("page.html", output)

    @event_priority(-200)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """After the last language: write styles, scripts and open data, then swap."""
        if _is_further_language(config):
            return
        built = Path(config.site_dir)
        finish_site(built, self.project)
        if self._target:
            _swap(built, self._target)
            config.site_dir = str(self._target)

    def on_build_error(self, *, error: Exception) -> None:
        """Remove what was half built; the site that stood before still stands."""
        if self._target:
            shutil.rmtree(f"{self._target}.new", ignore_errors=True)


def _is_further_language(config: MkDocsConfig) -> bool:
    """The i18n plugin builds the first language, then the others from within."""
    return bool(getattr(config.plugins.get("i18n"), "building", False))


def _language_of(config: MkDocsConfig) -> str:
    return str(getattr(config.plugins["i18n"], "current_language", CHOOSER))


def _french_file(config: MkDocsConfig, code: str, path: str) -> File:
    source = Path(config.docs_dir) / SOURCE_LANGUAGE / f"{path}.md"
    file = File.generated(config, f"{code}/{path}.md", abs_src_path=str(source))
    file.locale = code  # type: ignore[attr-defined]
    return file


def _swap(built: Path, target: Path) -> None:
    old = target.with_name(f"{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    built.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _listed(error: FaultsError) -> str:
    return f"{len(error.faults)} fault(s), nothing was written:\n{error}"
