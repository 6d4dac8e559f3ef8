"""The MkDocs plugin: at MkDocs' events it calls what is done elsewhere.

The i18n plugin has MkDocs build language after language, the chooser first, so that most events
come once a language; its `building` is true in all builds but the first, which ends last.
"""

from __future__ import annotations

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
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from scripts.bootstrap import SetupError
from scripts.content.check import checked_project
from scripts.content.languages import CHOOSER, SOURCE_LANGUAGE
from scripts.content.project import Project
from scripts.faults import ROOT, FaultsError
from scripts.files import read_folder
from scripts.publish.headers import META_POLICY
from scripts.site.article_step import ArticleStep
from scripts.site.assets import minified
from scripts.site.fault_page import POLL_SECONDS, FaultPage
from scripts.site.finish import finished
from scripts.site.frame import without_leftovers
from scripts.site.macros import MACROS, fill_places
from scripts.site.output import DRAFT, swap
from scripts.site.page_context import chooser_context, page_context, site_context
from scripts.site.served_kit import with_kit
from scripts.site.serving import Serving
from scripts.site.templates import pages_environment, template_fault
from scripts.site.view import WITH_KIT, View
from scripts.site_url import checked_site_url

log = get_plugin_logger("social-aid")
RENDERED = {"render_macros": True}
"""What tells the macros plugin to call the macros of a page."""
POLICY_IN_PAGES = "POLICY_IN_PAGES"
"""The environment variable that puts the security policy into the pages, if it is not empty."""


class NoOptions(Config):  # type: ignore[no-untyped-call]
    """The plugin has no options: what it needs stands in the project's files."""


class SitePlugin(BasePlugin[NoOptions]):  # type: ignore[no-untyped-call]
    """Check first, let MkDocs build beside the site, finish the whole, and swap at the end."""

    def __init__(self) -> None:
        self.project: Project
        self._serving: Serving | None = None
        self._site_dir = Path()
        self._site_url = ""
        self._has_kit = False
        self._policy = META_POLICY if os.environ.get(POLICY_IN_PAGES) else ""
        self._shared: list[File] = []
        self._step = ArticleStep()
        self._environment: Environment | None = None

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Note whether the site is served. A plugin with this event outlives rebuilds."""
        self._serving = Serving() if command == "serve" else None

    @event_priority(100)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Check everything before anything is written; a fault leaves `site/` untouched."""
        i18n = _i18n(config)
        if i18n.building:
            config.theme.dirs, config.theme.static_templates = [], set()  # once is enough
            return config
        try:
            self._site_url = checked_site_url(config.site_url or "")
            self.project, said = checked_project(ROOT, date.today(), MACROS, config.strict)
        except FaultsError as error:
            raise Abort(f"{len(error.faults)} fault(s), nothing was written:\n{error}") from None
        except SetupError as error:
            raise Abort(str(error)) from None
        for message in said:
            log.info("%s", message)
        self._has_kit = bool(self._serving or os.environ.get(WITH_KIT))
        self._site_dir = Path(config.site_dir)
        config.site_dir += DRAFT
        config.markdown_extensions.append(self._step)  # type: ignore[arg-type]
        if self._serving:
            self._serving.begin(self.project, config, i18n.config.languages)
        return config

    def _leave_out_other_languages(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Leave each language its own files; the theme's reach no reader."""
        code, codes = _i18n(config).current_language, {*self.project.language, CHOOSER}
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
        if language := self.project.language.get(_i18n(config).current_language):
            for path in self.project.missing_paths(language):
                source = f"{config.docs_dir}/{SOURCE_LANGUAGE}/{path}.md"
                uri = f"{language.code}/{path}.md"
                files.append(File.generated(config, uri, abs_src_path=source))
        return files

    on_files = CombinedEvent(_leave_out_other_languages, _add_what_is_shared)

    @event_priority(-200)
    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """While serving, leave out the pages that stand."""
        language = self.project.language.get(_i18n(config).current_language)
        if self._serving and language:
            self._serving.leave_out(files.documentation_pages(), self.project, language)
        return nav

    @event_priority(50)
    def on_page_markdown(
        self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> str:
        """Give a page the Markdown of its language; tell our step in Markdown which page comes."""
        view = self._view(page)
        self._step.begin(view and view.of_text())
        if view is None:
            return markdown
        shown = self.project.shown_page(view.language, view.path)
        page.meta = {"title": shown.title, "description": shown.description, **RENDERED}
        return shown.body

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Fill the places of the macros; mark a text in French as such."""
        view = self._view(page)
        if not view:
            return html
        page.meta["cited"] = tuple(self._step.cited)
        html, ids = fill_places(html, view.of_text())
        page.present_anchor_ids = (page.present_anchor_ids or set()) | ids
        if not view.is_missing:
            return html
        language = view.of_text().language
        return f'<div lang="{language.tag}" dir="{language.direction}">{html}</div>'

    @event_priority(-200)
    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Fill all pages, in whichever language, with our environment, which is strict."""
        if self._environment is None:
            self._environment = pages_environment(env)
        if not _i18n(config).building:
            self._environment.globals.update(
                site_context(self.project, self._site_url, self._policy)
            )
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
        """Take out what no reader needs: of the theme's frame, of the spelling of HTML."""
        return minified("page.html", without_leftovers(output) if self._view(page) else output)

    @event_priority(-200)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """After the last language: finish the whole and show it to readers."""
        if _i18n(config).building:
            return
        draft, config.site_dir = Path(config.site_dir), str(self._site_dir)
        built = read_folder(draft)
        if self._serving:
            pages = self._serving.with_pages_that_stand(built)
            files = finished(pages, self.project, self._policy, served=True)
            self._serving.show(self._site_dir, files)
        else:
            swap(draft, finished(built, self.project, self._policy), self._site_dir)

    def on_build_error(self, *, error: Exception) -> None:
        """Tell which template or file is at fault; the site that stood before still stands."""
        self._remove_draft()
        if isinstance(error, OSError) and error.errno:
            where = error.filename or self._site_dir
            raise Abort(f"{where}: {error.strerror}. Correct that, then start again.") from None
        if isinstance(error, TemplateError):
            raise Abort(str(template_fault(error))) from error

    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any
    ) -> LiveReloadServer:
        """Serve the kit, too, whose files are made when asked for, and show faults as a page."""
        from scripts.share.kit import FOLDER, KitOnDemand  # no build needs what it needs

        kit = KitOnDemand(ROOT / "build" / "served-kit", self._site_url)

        def asked(path: str) -> bytes | None:
            return kit.file(self.project, path) if path.startswith(f"{FOLDER}/") else None

        faults = FaultPage()
        server.builder = faults.noting(server.builder)
        server.poll_response_timeout = POLL_SECONDS
        app = with_kit(server.serve_request, server.mount_path, asked)
        server.set_app(faults.in_place_of(app))
        return server

    def on_shutdown(self) -> None:
        """Remove what was kept beside the served site."""
        self._remove_draft()

    def _remove_draft(self) -> None:
        if self._site_dir.name:
            shutil.rmtree(f"{self._site_dir}{DRAFT}", ignore_errors=True)

    def _view(self, page: Page) -> View | None:
        """Return the view of a page of a language, None for the chooser."""
        code, _, path = page.file.src_uri.removesuffix(".md").partition("/")
        language = self.project.language.get(code)
        if language is None:
            return None
        return View(self.project, language, path, self._site_url, self._has_kit)


def _i18n(config: MkDocsConfig) -> Any:
    """Return the i18n plugin, which knows the language that is built."""
    return config.plugins["i18n"]
