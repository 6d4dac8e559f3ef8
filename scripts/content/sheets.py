"""Spreadsheets (.xlsx) that go out to people and come back."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from scripts.faults import Fault, FaultsError, relative_name

_UNREADABLE = (
    *(OSError, EOFError, zlib.error, BadZipFile, InvalidFileException),
    *(LookupError, TypeError, ValueError, SyntaxError),  # a ZIP whose XML is no spreadsheet's
)


def new_sheet(title: str) -> tuple[Workbook, Worksheet]:
    """Return a new spreadsheet and its only sheet."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    return book, sheet


def add_row(sheet: Worksheet, texts: Sequence[str], right_to_left: Collection[int] = ()) -> int:
    """Add a row of texts, none of which is taken for a formula; return its number.

    Args:
        sheet: where the row is added.
        texts: the texts of the row.
        right_to_left: the places, from 0, of the texts that read from right to left.
    """
    sheet.append([*texts])
    for number, cell in enumerate(sheet[sheet.max_row]):
        order = 2 if number in right_to_left else 1
        cell.alignment = Alignment(wrap_text=True, vertical="top", readingOrder=order)
        cell.data_type = "s" if cell.value else "n"
    return sheet.max_row


def add_header(sheet: Worksheet, texts: Sequence[str], widths: Sequence[int]) -> int:
    """Add the row that names the columns, in bold, and set their widths; return its number."""
    sheet.append([*texts])
    for number, width in enumerate(widths, 1):
        sheet.cell(sheet.max_row, number).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = width
    return sheet.max_row


def saved(book: Workbook) -> bytes:
    """Return a spreadsheet as the bytes of its file."""
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@dataclass(frozen=True)
class Tab:
    """A sheet of a spreadsheet that came back: its title, and its rows as texts.

    A formula stands there as it is written, with `=` before it; `formulas` holds its places as
    (row, column), both from 1.
    """

    title: str
    rows: tuple[tuple[str, ...], ...]
    formulas: frozenset[tuple[int, int]]


def read_tabs(file: Path) -> tuple[Tab, ...]:
    """Return the sheets of a spreadsheet; formatted rows without a text below all others go.

    Raises:
        FaultsError: it is no spreadsheet.
    """
    try:
        with closing(load_workbook(file, read_only=True)) as book:
            return tuple(_tab(sheet) for sheet in book.worksheets)
    except _UNREADABLE as error:
        reason = error.strerror if isinstance(error, OSError) and error.errno else None
        message = reason or "is no spreadsheet (.xlsx) that can be read"
        raise FaultsError([Fault(relative_name(file), 0, message)]) from None


def read_sheet(file: Path, titles: Sequence[str], width: int) -> tuple[str, list[tuple[str, ...]]]:
    """Return the title of a spreadsheet's first sheet, and its rows as texts.

    Args:
        file: the spreadsheet.
        titles: the titles that are allowed.
        width: how many cells of each row are read; a shorter row is filled with "".

    Raises:
        FaultsError: it is no spreadsheet, or the sheet has another title.
    """
    tab = read_tabs(file)[0]
    if tab.title not in titles:
        message = f"found sheet '{tab.title}'; allowed: {', '.join(titles)}"
        raise FaultsError([Fault(relative_name(file), 0, message)])
    return tab.title, [(*row[:width], *[""] * (width - len(row))) for row in tab.rows]


def _tab(sheet: Any) -> Tab:
    rows: list[tuple[str, ...]] = []
    formulas: set[tuple[int, int]] = set()
    for number, row in enumerate(sheet.iter_rows(), 1):
        rows.append(tuple(_text(cell.value) for cell in row))
        formulas.update((number, at) for at, cell in enumerate(row, 1) if cell.data_type == "f")
    while rows and not any(rows[-1]):
        rows.pop()
    return Tab(sheet.title, tuple(rows), frozenset(formulas))


def _text(value: object) -> str:
    """Return a cell as text: a day as 2026-12-03, a whole number without a point."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = "" if value is None else str(value)
    return text.replace("_x000D_", "").replace("\r\n", "\n")
