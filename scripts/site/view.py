"""What a page's templates and macros read: links, titles, dates and words of one page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from markupsafe import Markup, escape

from scripts.content.languages import Language
from scripts.content.pages import Page
from scripts.content.project import Project
from scripts.content.recordings import Recording
from scripts.content.sources import SEED, Source
from scripts.site.addresses import page_folder, relative

WITH_KIT = "WITH_KIT"
"""The environment variable that has the pages for staff link to the kit, if it is not empty."""


@dataclass(frozen=True)
class View:
    """What is shown of one page: `path` such as `rights/appeal`, in one language.

    `site_url` is where the site is published, with a slash at its end. `has_kit` tells whether the
    codes, posters and handouts lie beside the pages.
    """

    project: Project
    language: Language
    path: str
    site_url: str = ""
    has_kit: bool = False

    @property
    def words(self) -> Any:
        """The wording as nested mappings whose texts are safe HTML."""
        return self.project.wordings[self.language.code].safe

    @property
    def is_missing(self) -> bool:
        """Tell whether the page is not translated yet: its readers get the French text."""
        return self.path not in self.project.pages[self.language.code]

    @property
    def is_whole(self) -> bool:
        """Tell whether all of the page's text is in its language."""
        return not self.is_missing and not self._page.in_french

    def of_text(self) -> View:
        """Return the view in the language of the page's text."""
        return replace(self, language=self.project.shown_language(self.language, self.path))

    def page(self, path: str, anchor: str = "") -> str:
        """Return the link to another page of the same language."""
        return self.elsewhere(self.language.code, path) + (f"#{anchor}" if anchor else "")

    def elsewhere(self, language: str, path: str) -> str:
        """Return the link to a page of another language."""
        return relative(self._folder, page_folder(language, path))

    def file(self, path: str) -> str:
        """Return the link to a file at the top of the site."""
        return relative(self._folder, path)

    def title(self, path: str, language: Language | None = None) -> str:
        """Return a page's title in a language (this one if none is named), else the French one."""
        return self.project.shown_page(language or self.language, path).title

    def picture(self, name: str) -> Markup:
        """Return a picture, silent: the words that it stands for are beside it."""
        return self.project.pictures.pictures[name].svg

    def card(self, permit: str) -> Markup:
        """Return the letters of a permit as cards, silent; nothing for an answer without one."""
        letters = self.project.pictures.cards.get(permit, "").split()
        card = Markup('<b class="card" aria-hidden="true">{}</b>')
        return Markup("").join(card.format(letter) for letter in letters)

    def text(self, key: str) -> Markup:
        """Return a wording by its dotted key."""
        return Markup(self.project.wordings[self.language.code].texts[key])

    def source_title(self, source: Source) -> Markup:
        """Return how readers know a source: its document's title, the slides in their words."""
        if source.id.startswith(SEED):
            return Markup(self.words["ui"]["seed_source"])
        title = source.links[0].title if source.links else source.id
        return escape(title.partition(" (")[0])

    def source_page(self, source: Source) -> str:
        """Return the link to a source's entry in the register."""
        return self.page(source.page, source.id)

    @property
    def colon(self) -> str:
        """The colon as the language sets it: French has a no-break space before it."""
        return "\u00a0:" if self.language.is_source else ":"

    def date(self, day: date) -> Markup:
        """Return a date as Switzerland writes it, kept in order in right-to-left text."""
        return self.figures(day.strftime("%d.%m.%Y"))

    def figures(self, text: str) -> Markup:
        """Return text that reads from left to right whatever stands around it."""
        if self.language.direction == "ltr":
            return escape(text)
        return Markup('<bdi dir="ltr">{}</bdi>').format(text)

    @property
    def voices(self) -> str:
        """The subtags of the voices that may read this language as a pattern, "" for its own."""
        subtags = "|".join(self.project.spoken[self.language.code].subtags)
        return "" if subtags == self.language.tag.partition("-")[0] else subtags

    @property
    def recording(self) -> Recording | None:
        """The recording of this page, None where there is none."""
        return self.project.recordings[self.language.code].get(self.path)

    @property
    def _page(self) -> Page:
        return self.project.shown_page(self.language, self.path)

    @cached_property
    def _folder(self) -> str:
        return page_folder(self.language.code, self.path)
