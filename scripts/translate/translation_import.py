"""A translators' spreadsheet that comes back: all of it is put in its place, or nothing.

Changed texts go back where they came from, and what came back changed or confirmed is noted. A text
that did not change leaves its file byte for byte as it was.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from scripts.content.languages import SOURCE_LANGUAGE
from scripts.content.pages import Page, is_one_block, rewritten
from scripts.content.project import RULES, Project
from scripts.content.review import Review, content_hash
from scripts.content.text_checks import markdown_faults, text_faults, wording_faults
from scripts.content.translations import FOLDER, WORDING, translations_text
from scripts.content.wording import PLACEHOLDERS
from scripts.faults import Fault, raise_if_any, relative_name
from scripts.files import write_all
from scripts.strict_yaml import scalar_spans
from scripts.translate.exchange import BETWEEN, export_rows, kept
from scripts.translate.review_marks import Part, marked_review, page_parts, wording_part
from scripts.translate.translation_sheet import NEW, FilledRow, Row, read_filled, row_fault


def import_file(project: Project, file: Path, state: str, today: date) -> str:
    """Put a spreadsheet's translations back, all of them or none.

    Args:
        project: the content.
        file: the spreadsheet.
        state: who has confirmed the rows, `native` or `legal`; "" where nobody says so.
        today: the day to note.

    Returns:
        What people have to know of it: the files that changed, what is noted, the remarks.

    Raises:
        FaultsError: a file that is no such spreadsheet, a row that is unknown, missing, made from
            other French, or at fault. Nothing is written then.
        OSError: a file cannot be written; all are as they were.
    """
    codes = [one for one in project.language if one != SOURCE_LANGUAGE]
    code, filled = read_filled(file, codes)
    rows = {row.id: row for row in export_rows(project, code)}
    raise_if_any(_faults(relative_name(file), rows, filled))
    came = _Came(project, code, rows, {row.id: row for row in filled})
    files = dict(_changed_files(came))
    reviews = {name: came.review(part, state, today) for name, part in came.parts.items()}
    marks = project.root / RULES / FOLDER / f"{code}.yml"
    pages = {name: review for name, review in reviews.items() if name != WORDING}
    noted = replace(project.translations[code], wording=reviews[WORDING], pages=pages)
    if noted != project.translations[code]:
        files[marks] = translations_text(noted).encode()
    write_all(files)
    return "".join(f"{line}\n" for line in _said(came, files, reviews, state))


@dataclass(frozen=True)
class _Came:
    """What came back of a language: the rows as they are, and as they were filled in."""

    project: Project
    code: str
    rows: Mapping[str, Row]
    filled: Mapping[str, FilledRow]

    @cached_property
    def changed(self) -> dict[str, str]:
        """The new texts by the ids of their rows."""
        return {
            key: one.translation
            for key, one in self.filled.items()
            if one.translation != self.rows[key].translation
        }

    @property
    def parts(self) -> dict[str, Part]:
        """The pages and the wording with the hashes of their texts once they are put back."""
        found = page_parts(self.project, self.code)
        wording = wording_part(self.project, self.project.wordings[self.code])
        hashes = self.project.source_wording.hashes
        added = {name: hashes[name] for name in self.new_sections}
        own = dict.fromkeys(added, "") | dict(wording.own)
        found.append(replace(wording, french={**added, **wording.french}, own=own))
        for path in self.new_pages:
            french = self.project.source_pages[path].hashes
            file = f"docs/{self.code}/{path}.md"
            found.append(Part(path, file, french, dict.fromkeys(french, ""), None))
        return {part.name: replace(part, own=self._own(part)) for part in found}

    @property
    def new_pages(self) -> list[str]:
        """The paths of the pages that came back for the first time."""
        new = [row for row in self.rows.values() if _is_new(row, self.filled)]
        return list(dict.fromkeys(row.part for row in new if row.part != WORDING))

    @property
    def new_sections(self) -> list[str]:
        """The sections of the wording that came back whole for the first time."""
        new = [row for row in self.rows.values() if _is_new(row, self.filled)]
        return list(dict.fromkeys(row.section for row in new if row.part == WORDING))

    def rows_of(self, part: str, section: str = "") -> list[Row]:
        """Return the rows of a part, or of one of its sections."""
        return [
            row
            for row in self.rows.values()
            if row.part == part and (not section or row.section == section)
        ]

    def is_confirmed(self, rows: Sequence[Row]) -> bool:
        """Tell whether each of these rows was confirmed, and there is one."""
        return bool(rows) and all(
            row.id in self.filled and self.filled[row.id].is_confirmed for row in rows
        )

    def review(self, part: Part, state: str, today: date) -> Review:
        """Return what is noted of a part: sections of which every row came back are up to date."""
        rows = self.rows_of(part.name)
        if part.before and not any(self._came_back([row]) for row in rows):
            return part.before
        sections = {row.section for row in rows}
        back = {one for one in sections if self._came_back(self.rows_of(part.name, one))}
        seen = dict.fromkeys(back, today.isoformat())
        is_read = self.is_confirmed(rows)
        found = marked_review(part, state if is_read else "", today, seen)
        if not part.before:
            return found
        waiting = {
            key: replace(found.source[key], french=part.before.source[key].french)
            for key in sections - back
            if key in part.before.source and key in found.source
        }
        return replace(found, source={**found.source, **waiting}) if waiting else found

    def _came_back(self, rows: Sequence[Row]) -> bool:
        changed = self.changed
        return all(
            row.id in changed or (row.id in self.filled and self.filled[row.id].is_confirmed)
            for row in rows
        )

    def _own(self, part: Part) -> dict[str, str]:
        """Return the hashes of a part's sections with the new texts in them."""
        if not any(row.id in self.changed for row in self.rows_of(part.name)):
            return dict(part.own)
        texts: dict[str, list[str]] = defaultdict(list)
        for row in self.rows_of(part.name):
            text = self.changed.get(row.id, row.translation)
            texts[row.section] += _as_hashed(row, text)
        hashes = {section: content_hash("\n".join(found)) for section, found in texts.items()}
        return {section: hashes.get(section, part.own[section]) for section in part.own}


def _as_hashed(row: Row, text: str) -> list[str]:
    """Return what of a row goes into the hash of its section, as its page or wording has it."""
    if row.part != WORDING:
        return [text]
    key = row.id.partition(":")[2]
    if not key.endswith(".forms"):
        return [f"{key}={text}"]
    forms = [form.strip() for form in text.split(BETWEEN.strip())]
    return [f"{key}.{number}={form}" for number, form in enumerate(forms, 1)]


def _is_new(row: Row, filled: Mapping[str, FilledRow]) -> bool:
    return row.state == NEW and row.id in filled and bool(filled[row.id].translation.strip())


def _faults(file: str, rows: Mapping[str, Row], filled: Sequence[FilledRow]) -> Iterator[Fault]:
    """Yield a fault for each row that is at fault or missing; a tab may be left out as a whole."""
    back = {row.id: row for row in filled}
    there = {_group(rows[name]) for name in back if name in rows}
    begun = {_group(row) for row in rows.values() if _is_new(row, back)}
    for row in rows.values():
        if row.id not in back and _group(row) in there:
            yield Fault(file, 0, f"the row of '{row.id}' is missing; put it back")
        elif row.state == NEW and _group(row) in begun and not _is_new(row, back):
            what = "section" if row.part == WORDING else "page"
            message = f"'{row.id}' of a new {what} is empty; translate the whole {what}"
            yield Fault(file, 0, message)
    for one in filled:
        for message in _row_faults(one, rows.get(one.id)):
            yield row_fault(file, one, message)


def _group(row: Row) -> str:
    """Return what is there as a whole or not at all: a page, or a section of the wording."""
    return row.section if row.part == WORDING else row.part


def _row_faults(filled: FilledRow, row: Row | None) -> Iterator[str]:
    if row is None:
        yield f"id '{filled.id}' is unknown; restore it"
    elif filled.french != row.french:
        yield (
            f"the French text of '{row.id}' is another now: found '{filled.french[:60]}', "
            f"expected '{row.french[:60]}'; export again"
        )
    elif filled.translation != row.translation:
        yield from (f"'{row.id}': {one}" for one in _text_faults(filled.translation, row))


def _text_faults(text: str, row: Row) -> Iterator[str]:
    """Yield what is wrong in a text that came back."""
    if not text.strip():
        yield f"is empty; expected the translation of '{row.french[:60]}'"
        return
    name = row.id.partition(":")[2]
    if row.part == WORDING:
        yield from wording_faults(text, PLACEHOLDERS.get(name, ()))
    elif name.isdigit():
        yield from markdown_faults(text)
        if not is_one_block(text, row.mark.split()[0]):
            yield f"'{text[:40]}' is no longer one {row.mark.split()[0]}; keep it in one"
    else:
        yield from text_faults(text)
        if "\n" in text:
            yield "found a line break; keep it on one line"
    found, expected = kept(text), kept(row.french)
    if found != expected:
        lists = (" ".join(one) or "nothing" for one in (expected, found))
        yield "must keep {}; found {}".format(*lists)


def _changed_files(came: _Came) -> Iterator[tuple[Path, bytes]]:
    changed, project = came.changed, came.project
    file = project.root / RULES / "wording" / f"{came.code}.yml"
    yield from _if_other(file, partial(_wording_with, came=came))
    for page in project.pages[came.code].values():
        if any(row.id in changed for row in came.rows_of(page.path)):
            path = project.root / page.file
            yield from _if_other(path, partial(_page_with, page=page, changed=changed))
    for name in came.new_pages:
        text = _new_page(project.source_pages[name], changed)
        yield project.root / f"docs/{came.code}/{name}.md", text.encode()


def _if_other(file: Path, change: Callable[[str], str]) -> Iterator[tuple[Path, bytes]]:
    before = file.read_bytes()
    after = change(before.decode("utf-8-sig").replace("\r\n", "\n")).encode()
    if after != before:
        yield file, after


def _page_with(text: str, page: Page, changed: Mapping[str, str]) -> str:
    lines = text.split("\n")
    for number, block in reversed(list(enumerate(page.blocks, 1))):
        new = changed.get(f"{page.path}:{number}")
        if new is not None:
            span = slice(block.line - 1, block.line - 1 + block.height)
            lines[span] = rewritten(lines[span], block, new)
    for key in ("title", "description"):
        new = changed.get(f"{page.path}:{key}")
        if new is not None:
            at = next(n for n, line in enumerate(lines) if line.startswith(f"{key}:"))
            lines[at] = f"{key}: {_quoted(new)}"
    return "\n".join(lines)


def _new_page(source: Page, texts: Mapping[str, str]) -> str:
    """Return the file of a page that comes back for the first time: the French one's bones."""
    lines = source.body.split("\n")
    for number, block in reversed(list(enumerate(source.blocks, 1))):
        start = block.line - source.body_line
        span = slice(start, start + block.height)
        text = texts.get(f"{source.path}:{number}", "")
        is_macro = block.kind == "macro"
        lines[span] = [] if is_macro else rewritten(lines[span], block, text, keep_list=False)
    head = [f"{key}: {_quoted(texts[f'{source.path}:{key}'])}" for key in ("title", "description")]
    body = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
    return "\n".join(["---", *head, "---", body, ""])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _wording_with(text: str, came: _Came) -> str:
    """Return a wording file with what came back; a section that has new keys is written anew."""
    new, changed = came.new_sections, came.changed
    spans = scalar_spans(text)
    for key in reversed(spans):
        name = f"wording:{key}"
        if name in changed and key.partition(".")[0] not in new:
            start, end = spans[key]
            text = text[:start] + _yaml(key, changed[name], text[:start]) + text[end:]
    for section in new:
        text = re.sub(rf"^{section}:.*\n(?:[ #].*\n|\n)*", "", text, flags=re.MULTILINE)
        rows = {row.id.partition(":")[2]: row for row in came.rows_of(WORDING, section)}
        texts = {key: changed.get(row.id, row.translation) for key, row in rows.items()}
        data = came.project.source_wording.data[section]
        text = text.rstrip("\n") + "\n\n" + "\n".join(_section_lines(section, data, texts)) + "\n"
    return text


def _section_lines(
    key: str, data: Any, texts: Mapping[str, str], indent: str = ""
) -> Iterator[str]:
    """Yield a section of a wording as YAML: built as the French one, with other texts."""
    name = key.rpartition(".")[2]
    if isinstance(data, dict):
        yield f"{indent}{name}:"
        for one, value in data.items():
            yield from _section_lines(f"{key}.{one}", value, texts, f"{indent}  ")
    elif name == "forms":
        yield f"{indent}{name}: {_yaml(key, texts.get(key, ''), f'{indent}{name}:')}"
    elif isinstance(data, list):
        yield f"{indent}{name}:"
        for number, value in enumerate(data, 1):
            yield from _entry_lines(f"{key}.{number}", value, texts, f"{indent}  ")
    else:
        yield f"{indent}{name}: {_quoted(texts[key])}"


def _entry_lines(key: str, data: Any, texts: Mapping[str, str], indent: str) -> Iterator[str]:
    if not isinstance(data, dict):
        yield f"{indent}- {_quoted(texts[key])}"
        return
    sign = "- "
    for one, value in data.items():
        for line in _section_lines(f"{key}.{one}", value, texts, f"{indent}  "):
            yield f"{indent}{sign}{line.removeprefix(f'{indent}  ')}"
            sign = "  "


def _yaml(key: str, text: str, before: str) -> str:
    """Return a text as a double-quoted scalar, or the forms of a word as a list of them."""
    if not key.endswith(".forms"):
        return _quoted(text)
    column = len(before) - (before.rfind("\n") + 1)
    forms = [_quoted(form.strip()) for form in text.split(BETWEEN.strip())]
    if before.rstrip(" ").endswith(":"):
        return f"[{', '.join(forms)}]"
    return f"\n{' ' * column}".join(f"- {form}" for form in forms)


def _said(
    came: _Came, files: Mapping[Path, bytes], reviews: Mapping[str, Review], state: str
) -> Iterator[str]:
    """Yield what people have to know of an import."""
    confirmed = sum(one.is_confirmed for one in came.filled.values())
    yield f"{len(came.changed)} texts changed, {confirmed} confirmed, of {len(came.filled)} rows."
    yield from (f"changed {relative_name(file)}" for file in files)
    for name, part in came.parts.items():
        rows = came.rows_of(name)
        if state and came.is_confirmed(rows):
            yield f"{part.file} is {state} now: all its {len(rows)} rows are confirmed"
        elif state and (count := sum(came.is_confirmed([row]) for row in rows)):
            yield f"{part.file} is not {state}: {count} of {len(rows)} rows are confirmed"
        stale = set(reviews[name].stale_sections(part.french))
        for section in sorted(stale & {one.section for one in rows if one.id in came.filled}):
            yield f"{part.file}: section '{section}' stays stale: not every row of it came back"
    for one in came.filled.values():
        if one.remark:
            yield f"{_place(came, one)}: remark: {' '.join(one.remark.split())}"


def _place(came: _Came, filled: FilledRow) -> str:
    """Return where the text of a row stands in the repository."""
    part, _, name = filled.id.partition(":")
    if part == WORDING:
        wording = came.project.wordings[came.code]
        line = wording.lines.get(name) or wording.lines.get(f"{name}.1", 0)
        return f"{wording.file}:{line} ({name})"
    page = came.project.pages[came.code].get(part)
    if page is None:
        return f"docs/{came.code}/{part}.md"
    blocks = list(page.blocks)
    line = blocks[int(name) - 1].line if name.isdigit() else 1
    return f"{page.file}:{line}"
