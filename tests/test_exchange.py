"""The translators' spreadsheet: out and back without a change is no change at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from scripts.content.exchange import HEADER, export_file, import_file
from scripts.content.project import Project, load_project
from scripts.faults import FaultsError
from tests.conftest import COMPLETE, ContentCopy

CODES = [code for code in COMPLETE if code != "fr"]
APPEAL = "docs/de/rights/appeal.md"


def change(file: Path, row_id: str, old: str, new: str, column: int = 3) -> None:
    """Change a cell of the spreadsheet as a translator would."""
    book = load_workbook(file)
    sheet = book.active
    assert sheet is not None
    [row] = [row for row in sheet.iter_rows(min_row=2) if row[0].value == row_id]
    cell = row[column - 1]
    assert old in str(cell.value)
    cell.value = str(cell.value).replace(old, new)
    book.save(file)


@pytest.mark.parametrize("code", CODES)
def test_export_then_import_leaves_every_file_byte_for_byte_as_it_was(
    code: str, project: Project, tmp_path: Path
) -> None:
    assert export_file(project, code, tmp_path / "all.xlsx") > 600
    assert import_file(project, tmp_path / "all.xlsx") == []


@pytest.mark.parametrize("code", CODES)
def test_every_text_can_be_changed_and_comes_back_as_written(code: str, tmp_path: Path) -> None:
    copy = ContentCopy(tmp_path, ("fr", code))
    copied = load_project(copy.root)
    file = copy.root / "all.xlsx"
    export_file(copied, code, file)
    book = load_workbook(file)
    sheet = book.active
    assert sheet is not None
    for row in sheet.iter_rows(min_row=2):
        if not str(row[0].value).endswith(".forms"):
            row[2].value = f'X "{row[2].value}'
    book.save(file)
    import_file(copied, file)
    export_file(load_project(copy.root), code, copy.root / "again.xlsx")
    again = load_workbook(copy.root / "again.xlsx").active
    assert again is not None
    texts = [[row[0], row[2]] for row in again.values]
    assert texts == [[row[0].value, row[2].value] for row in sheet.iter_rows()]


def test_a_changed_text_changes_its_lines_only(copy: ContentCopy) -> None:
    copied = load_project(copy.root)
    file = copy.root / "de.xlsx"
    export_file(copied, "de", file)
    before = (copy.root / APPEAL).read_text(encoding="utf-8").split("\n")
    change(file, "rights/appeal:2", "", "Neu: ")
    [changed] = import_file(copied, file)
    after = (copy.root / APPEAL).read_text(encoding="utf-8").split("\n")
    assert changed.endswith(APPEAL)
    assert len([1 for old, new in zip(before, after, strict=True) if old != new]) == 1


def test_the_forms_of_a_word_travel_in_one_cell(copy: ContentCopy) -> None:
    copied = load_project(copy.root)
    file = copy.root / "de.xlsx"
    export_file(copied, "de", file)
    change(file, "wording:glossary.appeal.forms", " | ", " | eine ganz neue Form | ")
    import_file(copied, file)
    entry = load_project(copy.root).wordings["de"].data["glossary"]["appeal"]
    assert "eine ganz neue Form" in entry["forms"]


@pytest.mark.parametrize(
    ("row_id", "old", "new", "expected"),
    [
        ("wording:check.progress", "{n}", "n", "'wording:check.progress' must keep {max} {n}"),
        ("rights/appeal:1", "term:appeal", "term:x", "must keep term:appeal term:decision"),
        ("wording:sources.SRC-DIR-16-5J", "5", "6", "must keep 5; found 6"),
    ],
)
def test_a_row_that_lost_something_is_refused_and_nothing_is_written(
    copy: ContentCopy, row_id: str, old: str, new: str, expected: str
) -> None:
    copied = load_project(copy.root)
    file = copy.root / "de.xlsx"
    export_file(copied, "de", file)
    change(file, row_id, old, new)
    change(file, "permit:title", "", "Neu ")
    before = (copy.root / "docs/de/permit.md").read_bytes()
    with pytest.raises(FaultsError) as caught:
        import_file(copied, file)
    assert expected in str(caught.value)
    assert "row " in str(caught.value)
    assert (copy.root / "docs/de/permit.md").read_bytes() == before


def test_a_lost_id_a_missing_row_and_other_french_are_refused_all_at_once(
    copy: ContentCopy,
) -> None:
    copied = load_project(copy.root)
    file = copy.root / "de.xlsx"
    export_file(copied, "de", file)
    change(file, "permit:title", "permit", "permits", column=1)
    change(file, "permit:description", "permis", "papier", column=2)
    with pytest.raises(FaultsError) as caught:
        import_file(copied, file)
    text = str(caught.value)
    assert "the row of 'permit:title' is missing; put it back" in text
    assert "id 'permits:title' is unknown; restore it" in text
    assert "the French text of 'permit:description' is another now; export again" in text


def test_a_file_that_is_no_spreadsheet_or_of_no_language_is_refused(
    project: Project, tmp_path: Path
) -> None:
    (tmp_path / "wrong.xlsx").write_text("no zip", encoding="utf-8")
    with pytest.raises(FaultsError, match="is no spreadsheet"):
        import_file(project, tmp_path / "wrong.xlsx")
    export_file(project, "de", tmp_path / "de.xlsx")
    book = load_workbook(tmp_path / "de.xlsx")
    assert book.active is not None
    book.active.title = "xx"
    book.save(tmp_path / "de.xlsx")
    with pytest.raises(FaultsError, match="found sheet 'xx'; allowed: de"):
        import_file(project, tmp_path / "de.xlsx")


def test_the_sheet_shows_french_beside_the_translation_and_what_must_stay(
    project: Project, tmp_path: Path
) -> None:
    export_file(project, "ar", tmp_path / "ar.xlsx")
    sheet = load_workbook(tmp_path / "ar.xlsx").active
    assert sheet is not None
    rows = {str(row[0]): row for row in sheet.values}
    assert next(iter(sheet.values)) == HEADER
    row = rows["wording:proof.summary"]
    assert row[1] == project.source_wording.texts["proof.summary"]
    assert row[3] == "{examples} {matched} {rules} {situations}"
