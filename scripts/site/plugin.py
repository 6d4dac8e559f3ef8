"""The MkDocs plugin: at MkDocs' events it calls what knows nothing of MkDocs.

The i18n plugin has MkDocs build language after language, the chooser first, so that every event
but the last steps comes once a language; `building` is true in all builds but the first.
"""

from __future__ import annotations

import logging
import os
import shutil
from datetime import date
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, TemplateError
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from scripts.content.check import check_project
from scripts.content.languages import CHOOSER, SOURCE_LANGUAGE
from scripts.content.project import Project, load_project
from scripts.faults import ROOT, FaultsError
from scripts.files import read_folder
from scripts.publish.headers import META_POLICY
from scripts.site.article_step import ArticleStep
from scripts.site.finish import finished
from scripts.site.frame import unindented, without_leftovers
from scripts.site.macros import MACROS, fill_places
from scripts.site.output import DRAFT, equalize, swap
from scripts.site.page_context import chooser_context, page_context, site_context
from scripts.site.rebuild import Plan, every_page, shared_stamps, touched_pages
from scripts.site.served_kit import with_kit
from scripts.site.templates import make_strict, template_fault
from scripts.site.view import View

log = get_plugin_logger("social-aid")

POLICY_IN_PAGES = "POLICY_IN_PAGES"
"""The environment variable that puts the security policy into the pages, if it is not empty."""


class NoOptions(Config):  # type: ignore[no-untyped-call]
    """The plugin has no options: what it needs stands in the project's files."""


class SitePlugin(BasePlugin[NoOptions]):  # type: ignore[no-untyped-call]
    """Check first, let MkDocs build beside the site, finish the whole, and swap at the end."""

    def __init__(self) -> None:
        self._serving = False
        self._site_dir = Path()
        self._shared: list[File] = []
        self._step = ArticleStep()
        self._project: Project | None = None
        self._site_url = ""
        self._environment: Environment | None = None
        self._plan: Plan = {}
        self._stamps: object = None
        self._shown: tuple[Project, object] | None = None
        self._pages: dict[str, bytes] = {}

    @property
    def project(self) -> Project:
        """The checked content of this build."""
        if self._project is None:
            raise Abort("the content is loaded by on_config, which has not run")
        return self._project

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Remember whether the site is served. With this event the plugin outlives rebuilds."""
        self._serving = command == "serve"

    @event_priority(100)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Check everything before anything is written; a fault leaves `site/` untouched."""
        if config.plugins["i18n"].building:
            config.theme.dirs, config.theme.static_templates = [], set()  # listed and made once
            return config
        self._project = _checked_project(config.strict)
        self._environment = None
        self._site_url = (config.site_url or "").rstrip("/") + "/"
        self._site_dir = Path(config.site_dir)
        config.site_dir += DRAFT
        if self._serving:
            self._build_what_is_touched(config)
        config.markdown_extensions.append(self._step)  # type: ignore[arg-type]
        return config

    def _build_what_is_touched(self, config: MkDocsConfig) -> None:
        """While serving, have i18n and MkDocs build what an edit touches; the rest stands."""
        self._stamps = shared_stamps(Path(config.docs_dir))
        self._plan = every_page(self.project)
        if self._shown and self._shown[1] == self._stamps:
            self._plan = touched_pages(self._shown[0], self.project)
        for language in config.plugins["i18n"].config.languages:
            language.build = language.default or language.locale in self._plan
        config.validation.links.not_found = logging.DEBUG  # a link to a page that stands

    def _leave_out_other_languages(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Leave each language its own files; the theme's reach no reader."""
        code, codes = _language(config), {*self.project.language, CHOOSER}
        self._shared = []
        for file in list(files):
            folder = file.src_uri.partition("/")[0]
            if file.src_dir != config.docs_dir or folder != code:
                files.remove(file)
            if file.src_dir == config.docs_dir and folder not in codes:
                self._shared.append(file)
        return files

    @event_priority(-200)
    def _add_what_is_shared(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Show the French text where a language lacks a page, and the pictures of all of them."""
        for file in self._shared:
            files.append(file)
        if language := self.project.language.get(_language(config)):
            for path in self.project.missing_paths(language):
                source = f"{config.docs_dir}/{SOURCE_LANGUAGE}/{path}.md"
                uri = f"{language.code}/{path}.md"
                files.append(File.generated(config, uri, abs_src_path=source))
        return files

    on_files = CombinedEvent(_leave_out_other_languages, _add_what_is_shared)

    @event_priority(-200)
    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """While serving, leave out the pages that stand; menus still need their titles."""
        language = self.project.language.get(_language(config))
        if self._serving and language:
            for file in files.documentation_pages():
                path = file.src_uri.removeprefix(f"{language.code}/").removesuffix(".md")
                if path not in self._plan[language.code]:
                    file.inclusion = InclusionLevel.EXCLUDED
                    if file.page:
                        file.page.title = self.project.shown_page(language, path).title
        return nav

    @event_priority(50)
    def on_page_markdown(
        self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> str:
        """Tell our step in Markdown which page comes."""
        view = self._view(page)
        self._step.begin(view and view.of_text())
        return markdown

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Fill the places of the macros; mark a text in French as such."""
        view = self._view(page)
        if not view:
            return html
        page.meta["cited"] = tuple(self._step.cited)
        html, ids = fill_places(html, view)
        page.present_anchor_ids = (page.present_anchor_ids or set()) | ids
        if not view.is_missing:
            return html
        language = view.of_text().language
        return f'<div lang="{language.tag}" dir="{language.direction}">{html}</div>'

    @event_priority(-200)
    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Make the templates strict, and compile each once for all languages."""
        if self._environment is None:
            make_strict(env)
            env.globals.update(site_context(self.project, config.site_url or "", _policy()))
            self._environment = env
        return self._environment

    def on_page_context(
        self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        """Give the page's template its language, wording, sources and neighbours."""
        view = self._view(page)
        values = page_context(view, page, nav) if view else chooser_context(self.project)
        context.update(values)  # type: ignore[typeddict-item]
        return context

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Take out of the theme's frame what no reader needs."""
        return without_leftovers(output) if self._view(page) else unindented(output)

    @event_priority(-200)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """After the last language: finish the whole and show it to readers."""
        if config.plugins["i18n"].building:
            return
        draft, config.site_dir = Path(config.site_dir), str(self._site_dir)
        built = read_folder(draft)
        if not self._serving:
            swap(draft, finished(built, self.project, _policy()), self._site_dir)
            return
        whole = self._plan == every_page(self.project)
        self._pages = built if whole else {**self._pages, **built}
        equalize(self._site_dir, finished(self._pages, self.project, _policy(), served=True))
        self._shown = (self.project, self._stamps)

    def on_build_error(self, *, error: Exception) -> None:
        """Tell where a template is at fault; the site that stood before still stands."""
        if isinstance(error, TemplateError):
            log.error("%s", template_fault(error))

    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any
    ) -> LiveReloadServer:
        """Serve the kit, too, whose files are made when they are asked for."""
        from scripts.share.kit import FOLDER, KitOnDemand  # no build needs what it needs

        kit = KitOnDemand(ROOT / "build" / "served-kit", self._site_url)

        def asked(path: str) -> bytes | None:
            return kit.file(self.project, path) if path.startswith(f"{FOLDER}/") else None

        server.set_app(with_kit(server.get_app(), server.mount_path, asked))
        return server

    def on_shutdown(self) -> None:
        """Remove what was kept beside the served site."""
        shutil.rmtree(f"{self._site_dir}{DRAFT}", ignore_errors=True)

    def _view(self, page: Page) -> View | None:
        """Return the view of a page of a language, None for the chooser."""
        code, _, path = page.file.src_uri.removesuffix(".md").partition("/")
        language = self.project.language.get(code)
        return View(self.project, language, path, self._site_url) if language else None


def _language(config: MkDocsConfig) -> str:
    """Return the code of the language that is built."""
    return str(config.plugins["i18n"].current_language or CHOOSER)


def _policy() -> str:
    """Return the security policy that pages carry, for a host that sends no headers of ours."""
    return META_POLICY if os.environ.get(POLICY_IN_PAGES) else ""


def _checked_project(strict: bool) -> Project:
    try:
        project = load_project(ROOT)
        report = check_project(project, date.today(), MACROS)
    except FaultsError as error:
        raise Abort(_listed(error)) from None
    faults = report.all_faults if strict else report.faults
    if faults:
        raise Abort(_listed(FaultsError(faults)))
    for missing in report.missing:
        log.info("%s (its readers get the French text)", missing)
    for warning in report.warnings:
        log.info("%s", warning)
    return project


def _listed(error: FaultsError) -> str:
    return f"{len(error.faults)} fault(s), nothing was written:\n{error}"
