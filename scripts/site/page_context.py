"""What templates are given: language, wording, where the page stands, what it cites."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup
from mkdocs.structure import StructureItem
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page

from scripts.content.languages import Language
from scripts.content.project import Project
from scripts.content.sources import SEED
from scripts.publish.headers import START_SCRIPT
from scripts.site.offline import VERSION
from scripts.site.templates import fill
from scripts.site.view import View

_CONTENTS_FROM = 6
"""A page with at least this many headings of level 2 shows its contents."""


@dataclass(frozen=True)
class MenuEntry:
    """A page in the menu; a chapter opens (shows its pages) while the reader is in it."""

    title: str
    url: str
    current: bool
    inside: bool
    children: tuple[MenuEntry, ...]


def head_context(policy: str) -> dict[str, Markup]:
    """Return what the head of every page needs.

    Args:
        policy: the security policy that pages carry, "" for none.

    """
    return {"start_script": Markup(START_SCRIPT), "meta_policy": Markup(policy)}


def site_context(project: Project, site_url: str, policy: str) -> dict[str, Any]:
    """Return what is the same on every page.

    Args:
        project: the content.
        site_url: where the site is published.
        policy: the security policy that pages carry, "" for none.

    """
    return {
        "project": project,
        "announcements": [one for one in project.announcements if one.is_shown(date.today())],
        "version_mark": VERSION,
        **head_context(policy),
        "site_root": site_url if site_url.endswith("/") else f"{site_url}/",
        "site_path": urlsplit(site_url).path.rstrip("/") + "/",
        "translations_of": lambda path: _translations(project, path),
        "words_of": lambda language: project.wordings[language.code].safe,
    }


def chooser_context(project: Project) -> dict[str, Any]:
    """Return what the language chooser needs: every language with its own wording."""
    return {"choices": [(one, project.wordings[one.code].safe["ui"]) for one in project.languages]}


def page_context(view: View, page: Page, nav: Navigation) -> dict[str, Any]:
    """Return what the template of one page needs."""
    menu = tuple(_entries(nav.items, page))
    return {
        "r": view,
        "w": view.words,
        "language": view.language,
        "translations": _translations(view.project, view.path),
        "menu": menu,
        "crumbs": [entry for entry in menu if entry.inside and not entry.current],
        "neighbors": _neighbors(page),
        "sources": [view.project.register.sources[name] for name in _with_seed(page.meta["cited"])],
        "review_texts": review_texts(view),
        "contents": _contents(page),
        "version": view.date(_version(view)),
    }


def review_texts(view: View) -> list[Markup]:
    """Return what a page says of its review, in its own language; a French page says nothing."""
    project, path = view.project, view.path
    words = view.words["review"]
    if view.is_missing:
        return [words["missing"]]
    page = project.pages[view.language.code][path]
    review = project.review(page)
    if review is None:
        return []
    texts = [fill(words[review.state], date=view.date(review.date))]
    if page.in_french:
        texts.append(words["partial"])
    if project.stale_sections(page) or _shows_stale_rows(view):
        texts.append(words["stale"])
    return texts


def _shows_stale_rows(view: View) -> bool:
    """Tell whether the page shows a wording of a row of the table that has changed since."""
    sections = view.project.shown_sections(view.path)
    stale = view.project.stale_rows(view.language.code)
    return any(key.partition(".")[0] in sections for key in stale)


def _translations(project: Project, path: str) -> list[Language]:
    return [one for one in project.languages if path in project.expected_paths(one)]


def _entries(items: list[StructureItem], page: Page) -> Iterator[MenuEntry]:
    for item in items:
        if isinstance(item, Section):
            first, *rest = _entries(item.children, page)
            inside = first.inside or any(entry.inside for entry in rest)
            children = tuple(rest) if inside else ()
            yield MenuEntry(first.title, first.url, first.current, inside, children)
        elif isinstance(item, Page):
            current = item == page
            yield MenuEntry(str(item.title), item.url, current, current, ())


def _neighbors(page: Page) -> tuple[Page | None, Page | None] | None:
    """The pages before and after in the same chapter; a page outside of chapters has none."""
    chapter = page.parent.children if page.parent else ()
    before = page.previous_page if page.previous_page in chapter else None
    after = page.next_page if page.next_page in chapter else None
    return (before, after) if before or after else None


def _with_seed(cited: tuple[str, ...]) -> tuple[str, ...]:
    """Cited sources keep their numbers; the source document closes the list."""
    return tuple(dict.fromkeys([*cited, SEED]))


def _contents(page: Page) -> list[Any]:
    found = [item for item in page.toc.items if item.level == 2] if page.toc else []
    return found if len(found) >= _CONTENTS_FROM else []


def _version(view: View) -> date:
    """The day of the translation, for French the day the sources were last checked."""
    text = view.of_text()
    review = text.project.review(text.project.pages[text.language.code][text.path])
    if review:
        return review.date
    return max(source.checked_on for source in view.project.register.sources.values())
