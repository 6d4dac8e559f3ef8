"""Spreadsheets (.xlsx) that go out to people and come back."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
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


def read_sheet(file: Path, titles: Sequence[str], width: int) -> tuple[str, list[tuple[str, ...]]]:
    """Return the title of a spreadsheet's first sheet, and its rows as texts.

    Args:
        file: the spreadsheet.
        titles: the titles that are allowed.
        width: how many cells of each row are read; a shorter row is filled with "".

    Raises:
        FaultsError: it is no spreadsheet, or the sheet has another title.
    """
    name = relative_name(file)
    try:
        with closing(load_workbook(file, read_only=True)) as book:
            sheet = book.worksheets[0]
            title = sheet.title
            rows = [_texts(row, width) for row in sheet.iter_rows(values_only=True)]
    except _UNREADABLE:
        message = "is no spreadsheet (.xlsx) that can be read"
        raise FaultsError([Fault(name, 0, message)]) from None
    if title not in titles:
        message = f"found sheet '{title}'; allowed: {', '.join(titles)}"
        raise FaultsError([Fault(name, 0, message)])
    return title, rows


def _texts(row: Sequence[object], width: int) -> tuple[str, ...]:
    texts = tuple(_text(value) for value in row[:width])
    return (*texts, *[""] * (width - len(texts)))


def _text(value: object) -> str:
    """Return a cell as text, a day as 2026-12-03."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    return "" if value is None else str(value)
