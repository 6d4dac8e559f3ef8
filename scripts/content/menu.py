"""The menu in mkdocs.yml, and whether it, the French pages and their `only` agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from scripts.content.languages import SOURCE_LANGUAGE, Language
from scripts.content.pages import Page
from scripts.faults import Fault, raise_if_any, relative_name
from scripts.strict_yaml import Item, read_yaml


def load_menu(config_file: Path) -> tuple[str, ...]:
    """Return the paths of the pages of the menu in their order (`nav` in mkdocs.yml)."""
    faults: list[Fault] = []
    top = read_yaml(config_file, faults).mapping(("nav",), None)
    paths = tuple(path for path, _ in _entries(top["nav"])) if "nav" in top else ()
    raise_if_any(faults)
    return paths


def check_menu(
    config_file: Path, pages: Mapping[str, Page], languages: Mapping[str, Language]
) -> Iterator[Fault]:
    """Yield where `nav`, `not_in_nav` and the pages do not agree.

    Args:
        config_file: mkdocs.yml.
        pages: the French pages by path.
        languages: the languages by code.
    """
    file = relative_name(config_file)
    top = read_yaml(config_file, []).mapping(("nav",), None)
    shown = list(_entries(top["nav"]))
    hidden = list(_lines(top["not_in_nav"])) if "not_in_nav" in top else []
    count = Counter(path for path, _ in (*shown, *hidden))
    for path, line in (*shown, *hidden):
        if path not in pages:
            yield Fault(file, line, f"found '{path}.md', but there is no docs/fr/{path}.md")
        elif count[path] > 1:
            yield Fault(file, line, f"'{path}.md' stands in the menu lists twice; keep one")
    for path, line in shown:
        if path in pages and pages[path].only:
            message = f"'{path}.md' is for some languages alone ('only'); move it to not_in_nav"
            yield Fault(file, line, message)
    for page in pages.values():
        if page.path not in count:
            message = f"no menu shows this page; add '{page.path}.md' to nav in {file}"
            yield Fault(page.file, 1, f"{message}, or to not_in_nav")
        yield from _only_faults(page, languages)


def _only_faults(page: Page, languages: Mapping[str, Language]) -> Iterator[Fault]:
    for code in page.only:
        if code not in languages:
            message = f"only: no language '{code}'; allowed: {', '.join(languages)}"
            yield Fault(page.file, 1, message)
    if page.only and SOURCE_LANGUAGE not in page.only:
        yield Fault(
            page.file, 1, f"only: French is the source of every page; add {SOURCE_LANGUAGE}"
        )


def _entries(entry: Item) -> Iterator[tuple[str, int]]:
    if entry.is_mapping():
        for chapter in entry.mapping((), None).values():
            yield from _entries(chapter)
    elif entry.is_sequence():
        for item in entry.sequence():
            yield from _entries(item)
    else:
        yield entry.text().removesuffix(".md"), entry.line


def _lines(entry: Item) -> Iterator[tuple[str, int]]:
    """Yield the paths of a text with one on each line, below its key."""
    for number, line in enumerate(entry.text().split("\n"), entry.line + 1):
        if line.strip():
            yield line.strip().lstrip("/").removesuffix(".md"), number
