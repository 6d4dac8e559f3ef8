"""The texts of a language as rows of a translators' spreadsheet: French beside the translation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from scripts.content.languages import Language
from scripts.content.pages import TOP, Block, Page
from scripts.content.project import Project
from scripts.content.structure import figures, translatable
from scripts.content.translations import WORDING
from scripts.files import write_whole
from scripts.translate.translation_sheet import NEW, STALE, Row, sheet_bytes

_KEPT = re.compile(r"\]\(([^)\s]+)\)|(\{\w+\})")
_FORM = re.compile(r"^(.*\.forms)\.\d+$")
BETWEEN = " | "
"""What stands between the forms of a word, which share a cell."""
_REST = "site"
"""The tab of the wordings that no single page shows."""


def export_rows(project: Project, code: str) -> Iterator[Row]:
    """Yield every text of a language: wording first, then the pages in their order."""
    yield from _wording_rows(project, code)
    for path in _in_menu_order(project, project.language[code]):
        if path in project.pages[code]:
            yield from _page_rows(project, project.pages[code][path])
        else:
            yield from _new_rows(project.source_pages[path])


def export_file(project: Project, code: str, file: Path) -> int:
    """Write the spreadsheet of a language; return its number of texts."""
    tabs: dict[str, list[Row]] = {
        path: [] for path in (*_in_menu_order(project, project.language[code]), _REST)
    }
    places = _tabs_of_wording(project, tabs)
    rows = list(export_rows(project, code))
    for row in rows:
        tabs[places.get(row.section, _REST) if row.part == WORDING else row.part].append(row)
    write_whole(file, sheet_bytes(project.language[code], tabs))
    return len(rows)


def kept(text: str) -> list[str]:
    """Return what a translation must keep of a text: link targets, placeholders, figures."""
    found = [target or placeholder for target, placeholder in _KEPT.findall(text)]
    bare = _KEPT.sub(" ", text)
    return sorted(found) + figures(bare)


def _in_menu_order(project: Project, language: Language) -> list[str]:
    held_back = project.held_back[language.code]
    paths = [one for one in project.expected_paths(language) if one not in held_back]
    return sorted(paths, key=lambda one: [*project.menu, one].index(one))


def _tabs_of_wording(project: Project, tabs: Mapping[str, object]) -> dict[str, str]:
    """Return, by section of the wording, the first page of the menu that shows it."""
    found: dict[str, str] = {}
    for path in tabs:
        if path in project.source_pages:
            for section in project.shown_sections(path):
                found.setdefault(section, path)
    return found


def _wording_rows(project: Project, code: str) -> Iterator[Row]:
    stale = project.stale_wording(code)
    ours = grouped(project.wordings[code].written)
    for key, french in grouped(project.source_wording.written).items():
        section = key.split(".")[0]
        keep, text = " ".join(kept(french)), ours.get(key, "")
        mark = key.partition(".")[2]
        state = STALE if section in stale else "" if key in ours else NEW
        yield Row(f"wording:{key}", WORDING, section, french, text, state, mark, keep)


def grouped(texts: Mapping[str, str]) -> dict[str, str]:
    """Join the forms of a word, whose number depends on the language, into one text."""
    grouped: dict[str, str] = {}
    for key, text in texts.items():
        match = _FORM.match(key)
        name = match[1] if match else key
        grouped[name] = f"{grouped[name]}{BETWEEN}{text}" if name in grouped else text
    return grouped


def _page_rows(project: Project, page: Page) -> Iterator[Row]:
    source, stale = project.source_pages[page.path], project.stale_sections(page)
    if TOP not in page.in_french:
        for name in ("title", "description"):
            texts = (getattr(source, name), getattr(page, name))
            row_id, state = f"{page.path}:{name}", STALE if TOP in stale else ""
            yield Row(row_id, page.path, TOP, *texts, state, name, " ".join(kept(texts[0])))
    numbers = {id(block): number for number, block in enumerate(page.blocks, 1)}
    originals = {id(one): two for one, two in zip(page.blocks, source.blocks, strict=True)}
    for section in page.own_sections:
        for block in translatable(section.blocks):
            french = originals[id(block)].text
            name = f"{page.path}:{numbers[id(block)]}"
            texts = (french, block.written)
            state = STALE if section.id in stale else ""
            keep = " ".join(kept(french))
            yield Row(name, page.path, section.id, *texts, state, _mark(block), keep)


def _new_rows(source: Page) -> Iterator[Row]:
    """Yield the rows of a page that a language does not have yet."""
    for name in ("title", "description"):
        french = getattr(source, name)
        keep = " ".join(kept(french))
        yield Row(f"{source.path}:{name}", source.path, TOP, french, "", NEW, name, keep)
    numbers = {id(block): number for number, block in enumerate(source.blocks, 1)}
    for section in source.sections:
        for block in translatable(section.blocks):
            name, keep = f"{source.path}:{numbers[id(block)]}", " ".join(kept(block.text))
            yield Row(name, source.path, section.id, block.text, "", NEW, _mark(block), keep)


def _mark(block: Block) -> str:
    """Return in words what a block is: its kind, its key statement, its sources."""
    about = [block.kind, block.attributes.get("class", ""), block.key or "", *block.sources]
    return " ".join(filter(None, about))
