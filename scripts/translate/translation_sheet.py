"""The spreadsheet of translators and reviewers: French beside the translation, a page a tab."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from scripts.content.languages import Language
from scripts.content.sheets import Tab, add_header, add_row, new_sheet, read_tabs, saved
from scripts.faults import Fault, FaultsError, raise_if_any, relative_name

COLUMNS: Mapping[str, int] = {
    "id (do not change)": 30,
    "French": 60,
    "translation": 60,
    "confirmed": 11,
    "remark": 40,
    "mark": 24,
    "keep as they are": 28,
    "state": 9,
}
"""The columns with their widths in characters."""
ID, FRENCH, TRANSLATION, CONFIRMED, REMARK = [*COLUMNS][:5]
_WRITTEN = (ID, FRENCH, TRANSLATION, CONFIRMED, REMARK)
YES = ("oui", "ja", "sì", "yes", "x")
"""What confirms a row; anything else but nothing is refused."""
STALE, NEW = "stale", "new"
_LEAD = (
    "Pour chaque ligne : lisez le français et la traduction, l’un à côté de l’autre.",
    "La traduction n’est pas juste ? Corrigez-la dans la colonne « translation ».",
    "Elle est juste ? Écrivez « oui » dans la colonne « confirmed ».",
    "Vous avez une question ? Écrivez-la dans la colonne « remark ».",
    "Ne changez ni les liens entre parenthèses, ni les {mots} entre accolades, ni les chiffres.",
    "",
    "For each row: read the French and the translation side by side.",
    "The translation is wrong? Correct it in the column “translation”.",
    "It is right? Write “yes” in the column “confirmed”.",
    "You have a question? Write it in the column “remark”.",
    "Change neither the links in brackets, nor the {words} in braces, nor the figures.",
)
_TITLE_LENGTH = 31


@dataclass(frozen=True)
class Row:
    """A text to translate: where it stands, the French, the translation, its state.

    `part` is the page's path or `wording`, `section` the section of it, `mark` what the text is:
    a heading, a key statement, its sources. `state` is `STALE`, `NEW` (the page is not there yet)
    or "".
    """

    id: str
    part: str
    section: str
    french: str
    translation: str
    state: str = ""
    mark: str = ""
    keep: str = ""


@dataclass(frozen=True)
class FilledRow:
    """A row that came back, with its tab and its number there."""

    id: str
    french: str
    translation: str
    is_confirmed: bool
    remark: str
    tab: str
    number: int

    @property
    def place(self) -> str:
        """Where the row stands, as people find it."""
        return f"tab '{self.tab}', row {self.number}"


def sheet_bytes(language: Language, tabs: Mapping[str, Sequence[Row]]) -> bytes:
    """Return the spreadsheet of a language.

    Args:
        language: whose translations it holds.
        tabs: the rows by the name of their tab.
    """
    book, first = new_sheet(language.code)
    for line in _LEAD:
        add_row(first, [line])
    first.column_dimensions["A"].width = 100
    for name, rows in tabs.items():
        if rows:
            title = name.replace("/", " ")[:_TITLE_LENGTH]
            _fill(book.create_sheet(title), rows, language)
    return saved(book)


def read_filled(file: Path, codes: Collection[str]) -> tuple[str, tuple[FilledRow, ...]]:
    """Return the language of a spreadsheet that came back, and its rows.

    Columns are found by their names, in whatever order they stand and whatever stands beside them.

    Raises:
        FaultsError: with every fault: it is no such spreadsheet, a column is gone, a formula, a
            confirmation that is none, an id that stands twice.
    """
    name = relative_name(file)
    tabs = read_tabs(file)
    found = [tab.title for tab in tabs if tab.title in codes]
    if len(found) != 1:
        titles = ", ".join(tab.title for tab in tabs)
        message = f"found sheets {titles}; one must name the language: {', '.join(codes)}"
        raise FaultsError([Fault(name, 0, message)])
    others = [tab for tab in tabs if tab.title not in codes and tab.rows]
    faults: list[Fault] = []
    rows = [row for tab in others for row in _filled_rows(tab, name, faults)]
    faults.extend(_doubled(name, rows))
    raise_if_any(faults)
    return found[0], tuple(rows)


def _fill(sheet: Worksheet, rows: Iterable[Row], language: Language) -> None:
    add_header(sheet, [*COLUMNS], tuple(COLUMNS.values()))
    right_to_left = (2,) if language.direction == "rtl" else ()
    for row in rows:
        texts = (row.id, row.french, row.translation, "", "", row.mark, row.keep, row.state)
        add_row(sheet, texts, right_to_left)
    listed = DataValidation("list", formula1=f'"{",".join(YES)}"', allow_blank=True)
    letter = "ABCDEFGH"[[*COLUMNS].index(CONFIRMED)]
    listed.add(f"{letter}2:{letter}{sheet.max_row}")
    sheet.add_data_validation(listed)
    sheet.freeze_panes = "C2"


def _filled_rows(tab: Tab, file: str, faults: list[Fault]) -> Iterator[FilledRow]:
    """Yield the rows of a tab below the one that names the columns."""
    head = next((at for at, row in enumerate(tab.rows) if ID in row), None)
    missing = [name for name in _WRITTEN if head is None or name not in tab.rows[head]]
    if head is None or missing:
        message = f"tab '{tab.title}': no column '{missing[0]}'; expected: {', '.join(_WRITTEN)}"
        faults.append(Fault(file, 0, f"{message}; restore it, or remove the tab"))
        return
    at = {name: tab.rows[head].index(name) for name in _WRITTEN}
    for number, row in enumerate(tab.rows[head + 1 :], head + 2):
        cells = {name: row[place] if place < len(row) else "" for name, place in at.items()}
        if not any(text.strip() for text in cells.values()):
            continue
        for name, place in at.items():
            if (number, place + 1) in tab.formulas:
                message = f"'{name}' is a formula: {cells[name]}; expected a text"
                faults.append(_row_fault(file, tab.title, number, message))
        said = cells[CONFIRMED].strip()
        if said and said.casefold() not in YES:
            message = f"'{CONFIRMED}': found '{said}'; allowed: {', '.join(YES)}, or nothing"
            faults.append(_row_fault(file, tab.title, number, message))
        texts = (cells[ID].strip(), cells[FRENCH], cells[TRANSLATION])
        yield FilledRow(*texts, bool(said), cells[REMARK].strip(), tab.title, number)


def _doubled(file: str, rows: Iterable[FilledRow]) -> Iterator[Fault]:
    seen: dict[str, FilledRow] = {}
    for row in rows:
        if first := seen.get(row.id):
            message = f"id '{row.id}' stands in {first.place}, too; keep one"
            yield _row_fault(file, row.tab, row.number, message)
        seen.setdefault(row.id, row)


def _row_fault(file: str, tab: str, number: int, message: str) -> Fault:
    return Fault(file, number, f"tab '{tab}', row {number}: {message}")


def row_fault(file: str, row: FilledRow, message: str) -> Fault:
    """Return a fault of a row."""
    return _row_fault(file, row.tab, row.number, message)
