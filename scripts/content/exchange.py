"""Work for translators outside the repository: one spreadsheet a language, out and back.

Export writes French and the translation side by side. Import puts changed texts back where they
came from; it refuses the whole file when one row lost a placeholder, link, figure or id. A text
that did not change leaves its file byte for byte as it was.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.content.languages import SOURCE_LANGUAGE
from scripts.content.pages import TOP, Block, Page, rewritten
from scripts.content.project import RULES, Project
from scripts.content.sheets import add_header, add_row, new_sheet, read_sheet
from scripts.content.structure import figures, translatable
from scripts.faults import Fault, raise_if_any, relative_name
from scripts.strict_yaml import scalar_spans

HEADER = ("id (do not change)", "French", "translation", "keep as they are", "state")
_WIDTHS = (34, 60, 60, 30, 12)
_KEPT = re.compile(r"\]\(([^)\s]+)\)|(\{\w+\})")
_FORM = re.compile(r"^(.*\.forms)\.\d+$")
_BETWEEN = " | "


@dataclass(frozen=True)
class Row:
    """A text to translate: where it stands, the French, the translation, whether it is stale."""

    id: str
    french: str
    translation: str
    stale: bool


def export_rows(project: Project, code: str) -> Iterator[Row]:
    """Yield every text of a language: wording first, then the pages in their order."""
    yield from _wording_rows(project, code)
    for path in project.expected_paths(project.language[code]):
        if path in project.pages[code]:
            page = project.pages[code][path]
            yield from _page_rows(page, project.source_pages[path], project.stale_sections(page))


def export_file(project: Project, code: str, file: Path) -> int:
    """Write the spreadsheet of a language; return its number of texts."""
    book, sheet = new_sheet(code)
    add_header(sheet, HEADER, _WIDTHS)
    sheet.freeze_panes = "C2"
    right_to_left = (2,) if project.language[code].direction == "rtl" else ()
    rows = list(export_rows(project, code))
    for row in rows:
        state = "stale" if row.stale else ""
        texts = (row.id, row.french, row.translation, " ".join(kept(row.french)), state)
        add_row(sheet, texts, right_to_left)
    book.save(file)
    return len(rows)


def import_file(project: Project, file: Path) -> list[str]:
    """Put a spreadsheet's translations back; return the files that changed.

    Raises:
        FaultsError: a file that is no such spreadsheet, a row that is unknown, missing, made from
            other French, or without something that must be kept. Nothing is written then.

    """
    codes = [one for one in project.language if one != SOURCE_LANGUAGE]
    code, rows = read_sheet(file, codes, 3)
    cells = _cells(rows[1:])
    expected = {row.id: row for row in export_rows(project, code)}
    raise_if_any(_faults(relative_name(file), expected, cells))
    changed = {
        key: text for key, (_, text, _) in cells.items() if text != expected[key].translation
    }
    written = _write_wording(project, code, changed)
    for page in project.pages[code].values():
        written += _write_page(project.root / page.file, page, changed)
    return written


def kept(text: str) -> list[str]:
    """Return what a translation must keep of a text: link targets, placeholders, figures."""
    found = [target or placeholder for target, placeholder in _KEPT.findall(text)]
    bare = _KEPT.sub(" ", text)
    return sorted(found) + figures(bare)


def _wording_rows(project: Project, code: str) -> Iterator[Row]:
    stale = project.stale_wording(code)
    ours = _grouped(project.wordings[code].written)
    for key, french in _grouped(project.source_wording.written).items():
        yield Row(f"wording:{key}", french, ours.get(key, ""), key.split(".")[0] in stale)


def _grouped(texts: Mapping[str, str]) -> dict[str, str]:
    """Join the forms of a word, whose number depends on the language, into one text."""
    grouped: dict[str, str] = {}
    for key, text in texts.items():
        match = _FORM.match(key)
        name = match[1] if match else key
        grouped[name] = f"{grouped[name]}{_BETWEEN}{text}" if name in grouped else text
    return grouped


def _page_rows(page: Page, source: Page, stale: tuple[str, ...]) -> Iterator[Row]:
    yield Row(f"{page.path}:title", source.title, page.title, TOP in stale)
    yield Row(f"{page.path}:description", source.description, page.description, TOP in stale)
    numbers = {id(block): number for number, block in enumerate(page.blocks, 1)}
    originals = {id(one): two for one, two in zip(page.blocks, source.blocks, strict=True)}
    for section in page.own_sections:
        for block in translatable(section.blocks):
            french = originals[id(block)].text
            name = f"{page.path}:{numbers[id(block)]}"
            yield Row(name, french, block.written, section.id in stale)


def _cells(rows: Iterable[tuple[str, ...]]) -> dict[str, tuple[str, str, int]]:
    """Return, by id, French text, translation and row number."""
    return {
        key or f"(row {number})": (french, text, number)
        for number, (key, french, text) in enumerate(rows, 2)
        if key or french or text
    }


def _faults(
    file: str, expected: Mapping[str, Row], cells: Mapping[str, tuple[str, str, int]]
) -> Iterator[Fault]:
    for key in expected:
        if key not in cells:
            yield Fault(file, 0, f"the row of '{key}' is missing; put it back")
    for key, (french, text, number) in cells.items():
        row = expected.get(key)
        if row is None:
            yield Fault(file, number, f"row {number}: id '{key}' is unknown; restore it")
        elif french != row.french:
            message = f"row {number}: the French text of '{key}' is another now; export again"
            yield Fault(file, number, message)
        elif kept(text) != kept(row.french) and text != row.translation:
            yield Fault(file, number, _lost(number, key, kept(text), kept(row.french)))


def _lost(number: int, key: str, found: list[str], expected: list[str]) -> str:
    return (
        f"row {number}: '{key}' must keep {' '.join(expected) or 'nothing'}; "
        f"found {' '.join(found) or 'nothing'}"
    )


def _write_page(file: Path, page: Page, changed: Mapping[str, str]) -> list[str]:
    lines = file.read_text(encoding="utf-8").split("\n")
    before = list(lines)
    blocks = list(enumerate(page.blocks, 1))
    for number, block in reversed(blocks):
        text = changed.get(f"{page.path}:{number}")
        if text is not None:
            lines[_span(block)] = rewritten(lines[_span(block)], block, text)
    for key in ("title", "description"):
        text = changed.get(f"{page.path}:{key}")
        if text is not None:
            at = next(n for n, line in enumerate(lines) if line.startswith(f"{key}:"))
            lines[at] = f"{key}: {json.dumps(text, ensure_ascii=False)}"
    if lines == before:
        return []
    file.write_text("\n".join(lines), encoding="utf-8")
    return [relative_name(file)]


def _span(block: Block) -> slice:
    return slice(block.line - 1, block.line - 1 + block.height)


def _write_wording(project: Project, code: str, changed: Mapping[str, str]) -> list[str]:
    file = project.root / RULES / "wording" / f"{code}.yml"
    text = file.read_text(encoding="utf-8")
    after = text
    spans = scalar_spans(text)
    for key in reversed(spans):
        name = f"wording:{key}"
        if name in changed:
            start, end = spans[key]
            after = after[:start] + _yaml(key, changed[name], after[:start]) + after[end:]
    if after == text:
        return []
    file.write_text(after, encoding="utf-8")
    return [relative_name(file)]


def _yaml(key: str, text: str, before: str) -> str:
    """Return a text as a double-quoted scalar, or the forms of a word as a list of them."""
    if not key.endswith(".forms"):
        return json.dumps(text, ensure_ascii=False)
    column = len(before) - before.rindex("\n") - 1
    forms = [json.dumps(form.strip(), ensure_ascii=False) for form in text.split(_BETWEEN.strip())]
    if before.rstrip(" ").endswith(":"):
        return f"[{', '.join(forms)}]"
    return f"\n{' ' * column}".join(f"- {form}" for form in forms)
