"""What a served site keeps from build to build, so that an edit builds only what it touches."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, InclusionLevel

from scripts.content.languages import Language
from scripts.content.project import Project
from scripts.site.output import equalize
from scripts.site.rebuild import Plan, every_page, shared_stamps, touched_pages


class Serving:
    """The state of the site that is shown, and the plan of the build that goes on."""

    def __init__(self) -> None:
        self._plan: Plan = {}
        self._begun: tuple[Project, object] | None = None
        self._shown: tuple[Project, object] | None = None
        self._pages: Mapping[str, bytes] = {}
        self._files: Mapping[str, bytes] | None = None

    def begin(self, project: Project, config: MkDocsConfig, languages: Iterable[Any]) -> None:
        """Have only those languages built that an edit touches.

        Args:
            project: the content of now.
            config: MkDocs' configuration, which is made anew for each build.
            languages: the i18n plugin's options of each language.
        """
        stamps = shared_stamps(Path(config.docs_dir))
        self._begun = project, stamps
        self._plan = every_page(project)
        if self._shown and self._shown[1] == stamps:
            self._plan = touched_pages(self._shown[0], project)
        for one in languages:
            one.build = one.default or one.locale in self._plan
        config.validation.links.not_found = logging.DEBUG  # the page linked to may stand already

    def leave_out(self, files: Iterable[File], project: Project, language: Language) -> None:
        """Exclude the pages of a language that stand; menus still need their titles."""
        for file in files:
            path = file.src_uri.removeprefix(f"{language.code}/").removesuffix(".md")
            if path not in self._plan[language.code]:
                file.inclusion = InclusionLevel.EXCLUDED
                if file.page:
                    file.page.title = project.shown_page(language, path).title

    def with_pages_that_stand(self, built: Mapping[str, bytes]) -> Mapping[str, bytes]:
        """Return all that MkDocs has written in this build and, where that stands, in earlier ones.

        From now on the site of this build is the one that is shown.
        """
        whole = self._begun is None or self._plan == every_page(self._begun[0])
        self._pages = built if whole else {**self._pages, **built}
        self._shown = self._begun
        return self._pages

    def show(self, site: Path, files: Mapping[str, bytes]) -> None:
        """Have the folder that is served hold these files; it is read where a build was cut off."""
        held, self._files = self._files, None
        equalize(site, files, held)
        self._files = files
