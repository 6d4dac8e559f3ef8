"""Make the spreadsheets of this folder anew: what LibreOffice writes of ours.

Run by hand where LibreOffice is: `python -m tests.sheets.make`. The tests read the committed files.
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import load_workbook
from openpyxl.styles import PatternFill

from scripts.content.languages import Language
from scripts.translate.translation_sheet import STALE, Row, sheet_bytes

FOLDER = Path(__file__).parent
ARABIC = Language("ar", "ar", "العربية", "rtl", "Arab")
ROWS = (
    Row("page:title", "page", "top", "Un titre", "عنوان", "", "title"),
    Row("page:1", "page", "top", "Voir [ceci](a.md), 30 jours.", "انظر [هذا](a.md)، 30 يوما."),
    Row("page:2", "page", "do", "Une ligne\ndeux lignes", "سطر\nسطران", STALE),
    Row("page:3", "page", "do", "= pas de formule", "= ليست صيغة"),
    Row("page:4", "page", "do", "« Oui »\u00a0: 12", "«نعم»: 12"),
    Row("page:5", "page", "do", "Une aide.", "مساعدة‌ما."),
)
"""What is exported: a line break, a text that looks like a formula, quotes, a joiner."""


def exported() -> bytes:
    """Return the spreadsheet as it goes out."""
    return sheet_bytes(ARABIC, {"page": ROWS})


def through_libreoffice(file: Path, *kinds: str) -> Path:
    """Return the file after LibreOffice has opened it and saved it as each of these kinds."""
    for kind in kinds:
        out = file.parent / f"{kind}-{file.stem}"
        command = ["soffice", "--headless", "--convert-to", kind, "--outdir", str(out), str(file)]
        subprocess.run(command, check=True, capture_output=True)
        file = out / f"{file.stem}.{kind}"
    return file


def filled_in(file: Path) -> None:
    """Change it as a translator might: fill in, add a column, sort, leave formatted blanks."""
    book = load_workbook(file)
    sheet = book["page"]
    sheet.cell(2, 4).value = "oui"
    sheet.cell(3, 3).value = "انظر [ذلك](a.md)، 30 يوما."
    sheet.cell(4, 5).value = "Une question ?"
    sheet.insert_cols(2)
    sheet.cell(1, 2).value = "mes notes"
    sheet.cell(3, 2).value = "à revoir"
    sheet.move_range("A7:I7", rows=4)
    for row in range(12, 60):
        sheet.cell(row, 4).fill = PatternFill("solid", fgColor="FFFF00")
    book.save(file)


def main() -> None:
    """Write both files."""
    with TemporaryDirectory() as place:
        file = Path(place) / "as-it-went-out.xlsx"
        file.write_bytes(exported())
        done = through_libreoffice(file, "xlsx", "ods", "xlsx")
        (FOLDER / file.name).write_bytes(done.read_bytes())
        other = Path(place) / "filled-in.xlsx"
        other.write_bytes(exported())
        filled_in(other)
        (FOLDER / other.name).write_bytes(through_libreoffice(other, "xlsx").read_bytes())


if __name__ == "__main__":
    main()
