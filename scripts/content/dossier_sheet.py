"""The dossier as a spreadsheet: an office fills in its verdicts, and they are read back.

Above the points stand the instruction, the office and the date. Only what is to be filled in can be
written in; a row without verdict and remark says nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from openpyxl.styles import Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from scripts.content.dossier import Point, dossier_points, point_ids, text_digest, verdict_line
from scripts.content.project import RULES, Project
from scripts.content.sheets import add_header, add_row, new_sheet, read_sheet, saved
from scripts.content.staff_words import LANGUAGES
from scripts.content.verdicts import RIGHT, VALUES, Verdict
from scripts.faults import Fault, raise_if_any, relative_name
from scripts.files import write_whole

VERDICTS = RULES / "verdicts.yml"
_COLUMNS: Mapping[str, int] = {
    "number": 6,
    "id": 24,
    "statement": 60,
    "source": 36,
    "site": 60,
    "state": 26,
    "verdict": 12,
    "remark": 46,
    "digest": 12,
}
"""The columns with their widths in characters."""
_AT = {name: number for number, name in enumerate(_COLUMNS)}
_OFFICE, _DATE, _HEADER = 2, 3, 4
"""The rows, from 1, of the office, the date and the header."""
_WRITTEN = ("verdict", "remark")
_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y")


def export_dossier(project: Project, code: str, file: Path) -> int:
    """Write the spreadsheet of a language, `fr` or `de`; return its number of points."""
    words = project.staff_words[code]["dossier"]
    book, sheet = new_sheet(code)
    sheet.append([words["lead"]])
    sheet.append(["", words["office"]])
    sheet.append(["", words["date"]])
    add_header(sheet, [words[name] for name in _COLUMNS], tuple(_COLUMNS.values()))
    points = dossier_points(project, code)
    for number, point in enumerate(points, 1):
        row = add_row(sheet, (str(number), *_texts(point), point.state, "", "", point.digest))
        for name in _WRITTEN:
            sheet.cell(row, _AT[name] + 1).protection = Protection(locked=False)
    for row in (_OFFICE, _DATE):
        sheet.cell(row, _AT["statement"] + 1).protection = Protection(locked=False)
    listed = DataValidation("list", formula1=f'"{",".join(words[one] for one in VALUES)}"')
    letter = get_column_letter(_AT["verdict"] + 1)
    listed.add(f"{letter}{_HEADER + 1}:{letter}{sheet.max_row}")
    sheet.add_data_validation(listed)
    sheet.freeze_panes = f"C{_HEADER + 1}"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    write_whole(file, saved(book))
    return len(points)


def import_dossier(project: Project, file: Path, today: date) -> tuple[Verdict, ...]:
    """Return the verdicts in a spreadsheet that an office filled in.

    Args:
        project: the content.
        file: the spreadsheet.
        today: the last day that it may be dated.

    Raises:
        FaultsError: with every fault; a file that is no such spreadsheet, no office, a date that is
            none, an id or a verdict that is unknown, a text that was written over.
    """
    name = relative_name(file)
    code, rows = read_sheet(file, LANGUAGES, len(_COLUMNS))
    words = project.staff_words[code]["dossier"]
    raise_if_any(_other_header(name, rows, [words[one] for one in _COLUMNS]))
    sheet = _Filled(name, code, words, point_ids(project), today)
    faults = list(sheet.faults(rows))
    raise_if_any(faults)
    return tuple(sheet.verdicts(rows))


def said_text(project: Project, given: Sequence[Verdict]) -> str:
    """Return for people what verdicts say: how many of each, then what asks for something.

    Args:
        project: the content, with these verdicts in it.
        given: the verdicts of one office, at least one.
    """
    first = given[0]
    count = Counter(one.value for one in given)
    counts = ", ".join(f"{count[value]} {value}" for value in VALUES)
    lines = [f"{first.office}, {first.day}, {first.language}: {counts}."]
    points = {point.id: point for point in dossier_points(project, first.language)}
    for one in given:
        point = points[one.id]
        if one.value != RIGHT or one.remark or point.is_lost:
            lines.append(f"{point.file}:{point.line}: {verdict_line(point, one)}")
    return "\n".join(lines) + "\n"


def _texts(point: Point) -> tuple[str, ...]:
    return point.id, point.statement_text, point.links_text, point.sentences_text


def _other_header(
    name: str, rows: Sequence[tuple[str, ...]], expected: Sequence[str]
) -> Iterator[Fault]:
    found = rows[_HEADER - 1] if len(rows) >= _HEADER else ("",) * len(expected)
    for one, other in zip(found, expected, strict=True):
        if one != other:
            message = f"row {_HEADER}: found column '{one}', expected '{other}'; restore it"
            yield Fault(name, _HEADER, message)


@dataclass(frozen=True)
class _Filled:
    """A spreadsheet that came back: its name and language, its words, what it may hold."""

    name: str
    code: str
    words: Mapping[str, str]
    ids: frozenset[str]
    today: date

    def faults(self, rows: Sequence[tuple[str, ...]]) -> Iterator[Fault]:
        """Yield every fault, each with row, found and allowed."""
        if not self._office(rows):
            yield self._fault(_OFFICE, f"'{self.words['office']}' is empty; name the office")
        day = _day(self._date(rows))
        if day is None or not 2000 <= day.year < 2100 or day > self.today:
            allowed = f"expected a date such as 3.12.2026, not after {self.today}"
            yield self._fault(_DATE, f"found '{self._date(rows)}', {allowed}")
        seen: dict[str, int] = {}
        for number, row in self._said(rows):
            yield from self._row_faults(number, row, seen)
            seen.setdefault(row[_AT["id"]], number)
        if not seen:
            message = f"column '{self.words['verdict']}' is empty; allowed: {self._allowed}"
            yield Fault(self.name, 0, message)

    def verdicts(self, rows: Sequence[tuple[str, ...]]) -> Iterator[Verdict]:
        """Yield the verdicts of a sheet without faults."""
        day = _day(self._date(rows))
        assert day is not None
        for number, row in self._said(rows):
            yield Verdict(
                id=row[_AT["id"]],
                language=self.code,
                value=self._values[_folded(row[_AT["verdict"]])],
                office=self._office(rows),
                day=day,
                text=row[_AT["digest"]],
                remark=" ".join(row[_AT["remark"]].split()),
                file=self.name,
                line=number,
            )

    def _row_faults(
        self, number: int, row: tuple[str, ...], seen: Mapping[str, int]
    ) -> Iterator[Fault]:
        name, verdict = row[_AT["id"]], row[_AT["verdict"]]
        value = self._values.get(_folded(verdict))
        if name not in self.ids:
            yield self._fault(number, f"id '{name}' is unknown; restore it, or empty the row")
        elif name in seen:
            yield self._fault(number, f"'{name}' stands in row {seen[name]}, too; keep one")
        elif text_digest(row[_AT["statement"] : _AT["state"]]) != row[_AT["digest"]]:
            place = f"write it into column '{self.words['remark']}'"
            yield self._fault(number, f"the text of '{name}' was written over; restore it, {place}")
        if value is None:
            allowed = f"allowed in column '{self.words['verdict']}': {self._allowed}"
            yield self._fault(number, f"'{name}': found '{verdict}'; {allowed}")
        elif value == "change" and not row[_AT["remark"]].strip():
            message = f"'{name}': '{verdict}' without a text in column '{self.words['remark']}'"
            yield self._fault(number, f"{message}; write what would be right")

    def _said(self, rows: Sequence[tuple[str, ...]]) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield the rows in which something was filled in, with their numbers."""
        for number, row in enumerate(rows[_HEADER:], _HEADER + 1):
            if any(row[_AT[name]].strip() for name in _WRITTEN):
                yield number, row

    def _office(self, rows: Sequence[tuple[str, ...]]) -> str:
        return " ".join(rows[_OFFICE - 1][_AT["statement"]].split())

    def _date(self, rows: Sequence[tuple[str, ...]]) -> str:
        return rows[_DATE - 1][_AT["statement"]].strip()

    def _fault(self, number: int, message: str) -> Fault:
        return Fault(self.name, number, f"row {number}: {message}")

    @property
    def _values(self) -> Mapping[str, str]:
        return {_folded(self.words[value]): value for value in VALUES}

    @property
    def _allowed(self) -> str:
        return ", ".join(self.words[value] for value in VALUES)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _day(text: str) -> date | None:
    """Return a day as written in Switzerland or in ISO 8601, None where it is none."""
    for form in _FORMATS:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None
