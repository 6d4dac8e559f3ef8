"""The MkDocs plugin: reads, calls and writes at MkDocs' events. What it calls knows no MkDocs."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, TemplateError
from mkdocs.commands.build import build
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from scripts.content.check import check_project
from scripts.content.languages import CHOOSER
from scripts.content.project import Project, load_project
from scripts.faults import ROOT, FaultsError
from scripts.memo import Memo, stamp_of
from scripts.publish.headers import META_POLICY
from scripts.site.article import finish_article
from scripts.site.assets import minified
from scripts.site.changes import Plan, every_page, touched_pages
from scripts.site.finish import finished, language_index
from scripts.site.language_files import (
    deal,
    leave_to_us,
    look_up_extensions,
    navigations,
    planned_files,
    split_files,
)
from scripts.site.macros import filled
from scripts.site.output import Output
from scripts.site.page_context import chooser_context, page_context, site_context
from scripts.site.render import Renderer, fill, template_fault
from scripts.site.server import watchful
from scripts.workers import GARBAGE_AFTER, WorkerError, in_workers, worker_count

log = get_plugin_logger("social-aid")


SERVED_VERSION = "00000000"
"""The version of a site while it is served to its authors."""
POLICY_IN_PAGES = "POLICY_IN_PAGES"
"""The environment variable that puts the security policy into the pages, if it is not empty."""
WORTH_SHARING = 60
"""Pages from which on the start of a second process costs less than it saves."""
Built = tuple[dict[str, bytes], dict[str, str]]
"""Pages by path in the site, and the search indexes of the languages that were built whole."""
_ENDED = "the build was ended by a fault that is told above"


class NoOptions(Config):  # type: ignore[no-untyped-call]
    """The plugin has no options: what it needs stands in the project's files."""


class SitePlugin(BasePlugin[NoOptions]):  # type: ignore[no-untyped-call]
    """Check first, build the chooser, then the languages in workers, and swap at the end.

    MkDocs' own build makes what no language owns: chooser, 404 page, sitemap, shared files. When
    it is done, `on_post_build` runs further builds, each of some languages (`_share`). A server
    keeps the plugin from build to build, and builds only the pages that an edit touches.
    """

    def __init__(self) -> None:
        self._serving = False
        self._memo = Memo()
        self._output: Output | None = None
        self._project: Project | None = None
        self._shared: object = None
        self._built: tuple[Project, object] | None = None
        self._nav: list[Any] = []
        self._site_url = ""
        self._share: Plan | None = None
        self._files: list[File] = []
        self._navigations: dict[str, Navigation] = {}
        self._environment: Environment | None = None
        self._pages: dict[str, bytes] = {}
        self._rendered: dict[str, bytes] = {}
        self._cited: dict[str, tuple[str, ...]] = {}

    @property
    def project(self) -> Project:
        """The checked content of this build."""
        if self._project is None:
            raise Abort("the content is loaded by on_config, which has not run")
        return self._project

    def renderer(self, page: Page) -> Renderer:
        """Return the renderer for a page of a language."""
        code, path = _place(page)
        return Renderer(self.project, self.project.language[code], path, self._site_url)

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Remember whether the site is served, which keeps what was built for the next build."""
        self._serving = command == "serve"
        gc.set_threshold(GARBAGE_AFTER)
        logging.getLogger("mkdocs.plugins").setLevel(logging.WARNING)
        log.setLevel(logging.INFO)

    @event_priority(100)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Check everything before anything is written; a fault leaves `site/` untouched."""
        leave_to_us(config)
        if self._share is not None:
            return config
        look_up_extensions(config)
        self._project = self._checked_project(config)
        self._nav = list(config.nav or [])
        shared = _shared_stamps(config)
        if shared != self._shared:
            self._environment = None
        self._shared = shared
        self._output = Output(Path(config.site_dir), self._serving)
        if self._built is None:
            self._output.remove()  # what a build left that was cut off
        config.site_dir = str(self._output.written)
        return config

    def _take_the_languages_out(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Leave the chooser to the i18n plugin; the theme's own files reach no reader."""
        self._files = split_files(files, config, self.project.language)
        return files

    @event_priority(-200)
    def _put_the_languages_in(self, files: Files, *, config: MkDocsConfig) -> Files:
        """In MkDocs' own build their pictures and sounds, in ours the pages of its share."""
        if self._share is not None:
            return planned_files(files, self._share, self.project, config)
        for file in self._files:
            if not file.is_documentation_page():
                files.append(file)
        return files

    on_files = CombinedEvent(_take_the_languages_out, _put_the_languages_in)

    @event_priority(-200)
    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Make each language's own navigation."""
        if self._share is not None:
            self._navigations = navigations(self._nav, self._share, files, self.project, config)
        return nav

    @event_priority(-200)
    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Give every template what is the same on all pages; compile it once for all builds."""
        self._site_url = (config.site_url or "").rstrip("/") + "/"
        self._environment = self._environment or env
        self._environment.filters["fill"] = fill
        self._environment.globals.update(_site_context(self.project, config))
        return self._environment

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Put the official words and the source marks into the article."""
        if page.file.src_uri.startswith(f"{CHOOSER}/"):
            return html
        renderer = self.renderer(page)
        html, ids = filled(html, renderer)
        page.present_anchor_ids = (page.present_anchor_ids or set()) | ids
        article = finish_article(html, renderer.of_text())
        self._cited[page.file.src_uri] = article.sources
        html, ids = filled(article.html, renderer, late=True)
        page.present_anchor_ids = (page.present_anchor_ids or set()) | ids
        return renderer.marked(html)

    def on_page_context(
        self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        """Give the page's template its language, wording, sources and neighbours."""
        code, _ = _place(page)
        if code == CHOOSER:
            context.update(chooser_context(self.project))  # type: ignore[typeddict-item]
        else:
            cited = self._cited[page.file.src_uri]
            values = page_context(self.renderer(page), cited, page, self._navigations[code])
            context.update(values)  # type: ignore[typeddict-item]
        return context

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Leave out what no reader's browser needs: white space, quotes, optional tags.

        The languages' pages are kept, not written: they have to be finished first. The chooser
        waits for that, too: what leaves this out would keep the process from being copied.
        """
        if self._share is None:
            return output
        self._pages[page.file.dest_uri] = minified("page.html", output).encode()
        return ""

    @event_priority(-200)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """After the chooser: build the languages, finish the whole and show it to readers."""
        if self._share is not None or self._output is None:
            return
        whole = self._built is None or self._built[1] != self._shared
        plan = every_page(self.project)
        if self._built and not whole:
            plan = touched_pages(self._built[0], self.project)
        pages, indexes = self._build(plan, config)
        pages = pages if whole else {**self._rendered, **pages}
        self._output.publish(pages, partial(self._finished, indexes))
        if self._serving:
            self._built, self._rendered = (self.project, self._shared), pages
        config.site_dir = str(self._output.target)

    def on_build_error(self, *, error: Exception) -> None:
        """Remove what was half built; the site that stood before still stands."""
        if self._output and not self._serving and self._share is None:
            self._output.remove()

    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any
    ) -> LiveReloadServer:
        """Look for edits more often than MkDocs does, and make the kit's files when asked for."""
        from scripts.share.kit import FOLDER, KitOnDemand  # no build needs what it needs

        kit = KitOnDemand(ROOT / "build" / "served-kit", config.site_url or "")
        paths = filter(None, (config.docs_dir, config.config_file_path))

        def asked(path: str) -> bytes | None:
            return kit.file(self.project, path) if path.startswith(f"{FOLDER}/") else None

        return watchful(server, paths, asked)

    def on_shutdown(self) -> None:
        """Remove what was kept beside the served site."""
        if self._output and self._serving:
            self._output.remove()

    def _checked_project(self, config: MkDocsConfig) -> Project:
        try:
            project = load_project(ROOT, self._memo)
            report = check_project(project, date.today(), self._memo)
        except FaultsError as error:
            raise Abort(_listed(error)) from None
        faults = report.all_faults if config.strict else report.faults
        if faults:
            raise Abort(_listed(FaultsError(faults)))
        for missing in report.missing:
            log.info("%s (its readers get the French text)", missing)
        for warning in report.warnings:
            log.info("%s", warning)
        return project

    def _finished(
        self, indexes: Mapping[str, str], built: Mapping[str, bytes]
    ) -> Mapping[str, bytes]:
        """Return all files; a served site keeps its version, so that an edit stays small."""
        version = SERVED_VERSION if self._serving else ""
        return finished(built, self.project, self._memo, version, indexes, _policy())

    def _build(self, plan: Plan, config: MkDocsConfig) -> Built:
        """Build the planned pages, shared out among workers."""
        count = worker_count() if sum(map(len, plan.values())) >= WORTH_SHARING else 1
        shares = deal(plan, count)
        job = partial(self._build_share, config)
        try:
            built = in_workers(job, shares) if count > 1 else [job(share) for share in shares]
        except WorkerError as error:
            raise Abort(str(error)) from None
        for code in self.project.language:
            if code in plan:
                log.info("%s: %d pages", code, len(plan[code]))
        pages = {path: page for part, _ in built for path, page in part.items()}
        return pages, {code: index for _, part in built for code, index in part.items()}

    def _build_share(self, config: MkDocsConfig, plan: Plan) -> Built:
        """Build the pages of some languages. Runs in a worker where there is one.

        What can be done for a language as soon as its pages are there has its place here.
        """
        with self._building(plan, config):
            try:
                build(config)
            except TemplateError as error:
                raise Abort(str(template_fault(error))) from None
            except SystemExit as error:  # the macros plugin ends the program, a server too
                raise error if isinstance(error, Abort) else Abort(_ENDED) from None
            return self._pages, self._indexes(plan)

    def _indexes(self, plan: Plan) -> dict[str, str]:
        """Return the search index of each language that was built whole."""
        project = self.project
        return {
            one.code: language_index(self._pages, project, one)
            for one in project.languages
            if plan.get(one.code) == frozenset(project.expected_paths(one))
        }

    @contextmanager
    def _building(self, plan: Plan, config: MkDocsConfig) -> Iterator[None]:
        """Have MkDocs build the pages of a plan, which are kept, and write nothing."""
        messages = logging.getLogger("mkdocs.commands.build")
        before = (config.site_dir, config.theme.static_templates, messages.level)
        self._share, self._pages = plan, {}
        config.site_dir, config.theme.static_templates = f"{config.site_dir}.none", set()
        messages.setLevel(logging.WARNING)
        try:
            yield
        finally:
            self._share = None
            config.site_dir, config.theme.static_templates = before[:2]
            messages.setLevel(before[2])


def _site_context(project: Project, config: MkDocsConfig) -> dict[str, Any]:
    return site_context(project, config.site_url or "", _policy())


def _policy() -> str:
    """Return the security policy that pages carry, for a host that sends no headers of ours."""
    return META_POLICY if os.environ.get(POLICY_IN_PAGES) else ""


def _place(page: Page) -> tuple[str, str]:
    """Return the language's code and the path of a page."""
    code, _, path = page.file.src_uri.removesuffix(".md").partition("/")
    return code, path


def _shared_stamps(config: MkDocsConfig) -> object:
    """What changes with a file that any page may show: templates, configuration, pictures."""
    docs, theme = Path(config.docs_dir), ROOT / "overrides"
    files = [file for folder in (docs, theme) for file in folder.rglob("*")]
    found = sorted(file for file in files if file.is_file() and file.suffix != ".md")
    return [config.site_url, *((file, stamp_of(file)) for file in (ROOT / "mkdocs.yml", *found))]


def _listed(error: FaultsError) -> str:
    return f"{len(error.faults)} fault(s), nothing was written:\n{error}"
