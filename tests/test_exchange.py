"""The translators' spreadsheet: all of it comes back or nothing, and it says what was looked at."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.styles import PatternFill
from openpyxl.workbook import Workbook

from scripts.commands import main
from scripts.content.project import Project, load_project
from scripts.faults import ROOT, FaultsError
from scripts.translate.exchange import export_file, grouped
from scripts.translate.review_marks import ReviewMark, mark_reviewed
from scripts.translate.translation_import import import_file
from scripts.translate.translation_sheet import COLUMNS, FilledRow, read_filled
from tests.conftest import ContentCopy
from tests.sheets.make import ROWS

SCRIPTS = ("de", "pl", "ru", "ar", "fa", "ta", "ti")
"""Languages of every script and direction."""
DAY = date(2026, 12, 1)
APPEAL = "docs/de/rights/appeal.md"
MARKS = "scripts/rules/translations/de.yml"
WORDING = "scripts/rules/wording/de.yml"
LACKED = ("check", "rules", "outcomes", "glossary", "letters")
FRENCH, TRANSLATION, CONFIRMED, REMARK = (
    [*COLUMNS].index(name) for name in ("French", "translation", "confirmed", "remark")
)


class Sheet:
    """A German spreadsheet of a copy of the content, to fill in as people do."""

    def __init__(self, copy: ContentCopy, exported: bytes = b"") -> None:
        self.root, self.file = copy.root, copy.root / "de.xlsx"
        if exported:
            self.file.write_bytes(exported)
        else:
            export_file(load_project(self.root), "de", self.file)
        self.book = load_workbook(self.file)

    def write(self, row_id: str, column: int, text: str) -> None:
        """Write a text into a cell of a row."""
        for sheet in self.book:
            for row in sheet.iter_rows():
                if row[0].value == row_id:
                    row[column].value = text
                    return
        raise AssertionError(row_id)

    def texts(self, row_id: str) -> list[str]:
        """Return the texts of a row."""
        rows = (row for sheet in self.book for row in sheet.iter_rows(values_only=True))
        return next([str(cell or "") for cell in row] for row in rows if row[0] == row_id)

    def edit(self, row_id: str, old: str, new: str) -> None:
        """Change a translation."""
        text = self.texts(row_id)[TRANSLATION]
        assert old in text
        self.write(row_id, TRANSLATION, text.replace(old, new, 1))

    def confirm(self, tab: str, but: str = "") -> None:
        """Confirm every row of a tab but one."""
        for row in self.book[tab].iter_rows(min_row=2):
            if row[0].value != but:
                row[CONFIRMED].value = "oui"

    def come_back(self, state: str = "") -> list[str]:
        """Import it; return what is said."""
        self.book.save(self.file)
        return import_file(load_project(self.root), self.file, state, DAY).splitlines()

    def refused(self) -> list[str]:
        """Import it; return the faults, having seen that nothing was written."""
        before = contents(self.root)
        with pytest.raises(FaultsError) as caught:
            self.come_back()
        assert contents(self.root) == before
        return [str(fault).replace(f"{self.root.as_posix()}/", "") for fault in caught.value.faults]


def contents(root: Path) -> dict[str, bytes]:
    """The texts of a copy."""
    files = (*(root / "docs").rglob("*.*"), *(root / "scripts").rglob("*.*"))
    return {one.relative_to(root).as_posix(): one.read_bytes() for one in files if one.is_file()}


@pytest.fixture
def copy(tmp_path: Path) -> ContentCopy:
    """A copy of the content with the language of the sheet alone."""
    return ContentCopy(tmp_path, ("fr", "de"))


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The spreadsheet of a copy that is as the content is."""
    return Sheet(ContentCopy(tmp_path_factory.mktemp("de"), ("fr", "de"))).file.read_bytes()


@pytest.fixture
def sheet(copy: ContentCopy, exported: bytes) -> Sheet:
    return Sheet(copy, exported)


@pytest.mark.parametrize("code", SCRIPTS)
def test_export_then_import_leaves_every_file_byte_for_byte_as_it_was(
    code: str, project: Project, tmp_path: Path
) -> None:
    before = contents(ROOT)
    count = export_file(project, code, tmp_path / "all.xlsx")
    assert count > 600
    said = import_file(project, tmp_path / "all.xlsx", "", DAY)
    assert said == f"0 texts changed, 0 confirmed, of {count} rows.\n"
    assert contents(ROOT) == before


@pytest.mark.parametrize("code", ["de", "ar", "ti"])
def test_every_text_can_be_changed_and_comes_back_as_written(code: str, tmp_path: Path) -> None:
    copy = ContentCopy(tmp_path, ("fr", code))
    copied = load_project(copy.root)
    file = copy.root / "all.xlsx"
    export_file(copied, code, file)
    before, rows = read_filled(file, [code])[1], load_workbook(file)
    for tab in rows.worksheets[1:]:
        for row in tab.iter_rows(min_row=2):
            if not str(row[0].value).endswith(".forms"):
                row[TRANSLATION].value = f'X "{row[TRANSLATION].value}'
    rows.save(file)
    expected = {row.id: row.translation for row in read_filled(file, [code])[1]}
    import_file(copied, file, "", DAY)
    export_file(load_project(copy.root), code, copy.root / "again.xlsx")
    after = {row.id: row.translation for row in read_filled(copy.root / "again.xlsx", [code])[1]}
    assert after == expected
    assert len(before) == len(after)


def test_a_changed_text_changes_its_lines_and_is_noted(sheet: Sheet) -> None:
    before = contents(sheet.root)
    sheet.edit("rights/appeal:2", "", "Neu: ")
    said = sheet.come_back()
    after = contents(sheet.root)
    assert said[0].startswith("1 texts changed, 0 confirmed, of ")
    assert {name for name in after if after[name] != before[name]} == {APPEAL, MARKS}
    lines = [text.decode().split("\n") for text in (before[APPEAL], after[APPEAL])]
    assert len([1 for old, new in zip(*lines, strict=True) if old != new]) == 1
    assert mark_reviewed(load_project(sheet.root), ["de"], ReviewMark(DAY)) == []


def test_the_forms_of_a_word_travel_in_one_cell(sheet: Sheet) -> None:
    sheet.edit("wording:glossary.appeal.forms", " | ", " | eine ganz neue Form | ")
    sheet.come_back()
    entry = load_project(sheet.root).wordings["de"].data["glossary"]["appeal"]
    assert "eine ganz neue Form" in entry["forms"]
    assert mark_reviewed(load_project(sheet.root), ["de"], ReviewMark(DAY)) == []


SCRIPT = "<script>alert(1)</script>"
REFUSED = {
    "permit:title": ("", "is empty; expected the translation of '"),
    "rights/appeal:5": (" ", "is empty; expected the translation of '"),
    "permit:description": ("", "is empty; expected the translation of"),
    "permit:1": (SCRIPT, "found <script>; allowed as HTML: strong, em, br, bdi"),
    "permit:2": ("<img src=x onerror=a()>", "found <img src=x onerror=a()>; allowed"),
    "wording:ui.menu": (SCRIPT, "found <script>; allowed as HTML"),
    "videos:title": (SCRIPT, "found <script>; allowed as HTML"),
    "permit:3": ("<strong>Text", "found <strong> without its other half"),
    "permit:4": ("<bdi dir=“ltr”>5</bdi>", "found <bdi dir=“ltr”>;"),
    "permit:5": ("a\u0085b", "found U+0085 (a control character), which"),
    "permit:6": ("a\u202eb", "found U+202E (right-to-left override), which nobody"),
    "permit:7": ("Text {: #do }", "found '{:': braces stand in no text"),
    "videos:1": ("Text\n\nNoch einer", "is no longer one paragraph; keep it in"),
    "assistance:1": ("- Text", "is no longer one paragraph; keep it in one"),
    "material-aid:1": ("Text\n===", "found '===', which pages do not use; write headings"),
    "rights/appeal:1": ("[a] (term:appeal)", "this is no link; write"),
    "rights/decision:1": ("[a](term:x)", "must keep term:decision term:social-aid; fou"),
    "wording:check.progress": ("n", "found placeholders none; expected {ma"),
    "wording:ui.skip": ("Menü}", "found a brace that belongs to no placeholder"),
    "wording:sources.SRC-DIR-16-5J": ("6 Tage", "must keep 5; found 6"),
}


def test_rows_at_fault_are_all_refused_with_their_place_and_nothing_is_written(
    sheet: Sheet,
) -> None:
    for row_id, (text, _) in REFUSED.items():
        sheet.write(row_id, TRANSLATION, text)
    sheet.edit("self-check:title", "", "Neu ")
    faults = sheet.refused()
    for row_id, (_, message) in REFUSED.items():
        of_row = [one for one in faults if f": '{row_id}': " in one]
        [fault] = [one for one in of_row if message in one] or [str(faults)]
        assert fault.startswith("de.xlsx:")
        assert ", row " in fault


def test_a_formula_and_an_unknown_confirmation_are_refused(sheet: Sheet) -> None:
    sheet.write("permit:1", TRANSLATION, "=A1&B1")
    sheet.write("permit:2", CONFIRMED, "vielleicht")
    formula, confirmation = sheet.refused()
    assert formula.endswith(
        "tab 'permit', row 4: 'translation' is a formula: =A1&B1; expected a text"
    )
    assert confirmation.endswith(
        "row 5: 'confirmed': found 'vielleicht'; allowed: oui, ja, sì, yes, x, or nothing"
    )


def test_lost_unknown_and_doubled_ids_and_other_french_are_refused_all_at_once(
    sheet: Sheet,
) -> None:
    sheet.write("permit:title", 0, "permits:title")
    sheet.write("permit:description", FRENCH, "Autre chose.")
    text = "\n".join(sheet.refused())
    assert "the row of 'permit:title' is missing; put it back" in text
    assert "tab 'permit', row 2: id 'permits:title' is unknown; restore it" in text
    assert "the French text of 'permit:description' is another now: found 'Autre chose.'" in text
    sheet.write("permit:1", 0, "permit:2")
    assert "id 'permit:2' stands in tab 'permit', row 4, too; keep one" in sheet.refused()[0]


def formatted(book: Workbook) -> None:
    for row in range(300, 340):
        book["permit"].cell(row, 3).fill = PatternFill("solid", fgColor="FFFF00")


def other_order(book: Workbook) -> None:
    tab = book["permit"]
    rows = [[cell.value for cell in row] for row in tab.iter_rows(min_row=2)]
    for number, row in enumerate(reversed(rows), 2):
        for at, value in enumerate(row, 1):
            tab.cell(number, at).value = value


def added_column(book: Workbook) -> None:
    for tab in book.worksheets[1:]:
        tab.insert_cols(1)
        tab.cell(1, 1).value = "notes"
        tab.cell(2, 1).value = "?"


def empty_rows(book: Workbook) -> None:
    book["permit"].insert_rows(4, 3)
    book["permit"].insert_rows(1)


def fewer_tabs(book: Workbook) -> None:
    del book["words"]


@pytest.mark.parametrize(
    "change",
    [formatted, other_order, added_column, empty_rows, fewer_tabs],
    ids=lambda f: f.__name__,
)
def test_what_people_do_to_a_sheet_does_no_harm(
    sheet: Sheet, change: Callable[[Workbook], None]
) -> None:
    sheet.edit("permit:title", "", "Neu ")
    change(sheet.book)
    assert sheet.come_back()[0].startswith("1 texts changed, 0 confirmed, of ")
    assert load_project(sheet.root).pages["de"]["permit"].title.startswith("Neu ")


def test_a_column_that_is_gone_is_named(sheet: Sheet) -> None:
    sheet.book["permit"].delete_cols(TRANSLATION + 1)
    [fault] = sheet.refused()
    assert "tab 'permit': no column 'translation'; expected: id (do not change), French, " in fault


def test_a_full_disk_at_any_file_leaves_all_as_they_were(sheet: Sheet) -> None:
    sheet.edit("permit:title", "", "Neu ")
    sheet.edit("wording:ui.menu", "", "Neu ")
    for name in (WORDING, "docs/de/permit.md", MARKS):
        draft = sheet.root / f"{name}.new"
        draft.with_name(f"{draft.name}.new").symlink_to("/dev/full")
        before = contents(sheet.root)
        with pytest.raises(OSError, match="No space left") as caught:
            sheet.come_back()
        assert name in str(caught.value.filename)
        assert contents(sheet.root) == before
    assert len(sheet.come_back()) > 3


def test_a_page_becomes_native_only_where_every_row_is_confirmed(sheet: Sheet) -> None:
    sheet.confirm("permit")
    sheet.confirm("rights appeal", but="rights/appeal:3")
    said = sheet.come_back("native")
    project = load_project(sheet.root)
    states = {page: project.translations["de"].pages[page].state for page in project.pages["de"]}
    assert {page for page, state in states.items() if state == "native"} == {"permit"}
    assert states["rights/appeal"] == "machine"
    count = len(list(sheet.book["permit"].iter_rows(min_row=2)))
    assert f"docs/de/permit.md is native now: all its {count} rows are confirmed" in [
        line.replace(f"{sheet.root.as_posix()}/", "") for line in said
    ]
    assert any("appeal.md is not native: " in line for line in said)


def test_what_somebody_read_is_a_machines_again_when_either_text_changes(
    sheet: Sheet, copy: ContentCopy
) -> None:
    def state() -> str:
        project = load_project(copy.root)
        review = project.review(project.pages["de"]["permit"])
        assert review
        return review.state

    sheet.confirm("permit")
    sheet.come_back("legal")
    assert state() == "legal"
    french = (copy.root / "docs/fr/permit.md").read_text(encoding="utf-8")
    copy.replace("docs/fr/permit.md", "title: ", "title: Oui ")
    assert state() == "machine"
    (copy.root / "docs/fr/permit.md").write_text(french, encoding="utf-8")
    assert state() == "legal"
    copy.replace("docs/de/permit.md", "title: ", "title: Ja ")
    assert state() == "machine"
    mark_reviewed(load_project(copy.root), ["de"], ReviewMark(DAY))
    assert load_project(copy.root).translations["de"].pages["permit"].state == "machine"


def test_only_sections_of_which_every_row_came_back_are_up_to_date(copy: ContentCopy) -> None:
    copy.replace("docs/fr/rights/appeal.md", "Gardez l’enveloppe.", "Gardez bien l’enveloppe.")
    sheet = Sheet(copy)
    stale = [
        str(row[0].value)
        for row in sheet.book["rights appeal"].iter_rows(min_row=2)
        if row[[*COLUMNS].index("state")].value == "stale"
    ]
    assert len(stale) > 2
    sheet.edit(stale[0], "", "Neu ")
    said = sheet.come_back()
    assert any("section 'do' stays stale: not every row of it came back" in one for one in said)
    page = load_project(copy.root).pages["de"]["rights/appeal"]
    assert load_project(copy.root).stale_sections(page) == ("do",)
    sheet = Sheet(copy)
    for name in stale:
        sheet.write(name, CONFIRMED, "ja")
    sheet.come_back()
    project = load_project(copy.root)
    assert project.stale_sections(project.pages["de"]["rights/appeal"]) == ()
    made = project.translations["de"].pages["rights/appeal"].source["do"]
    assert made.looked_at == DAY.isoformat()


def test_a_page_that_a_language_lacks_comes_back_whole_or_not_at_all(copy: ContentCopy) -> None:
    before = load_project(copy.root).pages["de"]["rights/appeal"]
    (copy.root / APPEAL).unlink()
    sheet = Sheet(copy)
    rows = {row.id: row for row in read_filled(sheet.file, ["de"])[1]}
    new = [row for row in rows.values() if row.id.startswith("rights/appeal:")]
    assert {sheet.texts(row.id)[-1] for row in new} == {"new"}
    blocks = list(before.blocks)
    for row in new:
        name = row.id.partition(":")[2]
        text = blocks[int(name) - 1].written if name.isdigit() else getattr(before, name)
        sheet.write(row.id, TRANSLATION, text)
    sheet.write("rights/appeal:title", TRANSLATION, "")
    assert "'rights/appeal:title' of a new page is empty; translate the whole page" in (
        "\n".join(sheet.refused())
    )
    sheet.write("rights/appeal:title", TRANSLATION, before.title)
    sheet.come_back()
    project = load_project(copy.root)
    after = project.pages["de"]["rights/appeal"]
    assert after.own_hashes == before.own_hashes
    assert after.differences == ()
    assert copy.faults() == []
    assert mark_reviewed(project, ["de"], ReviewMark(DAY)) == []


def test_a_section_of_the_wording_that_a_growing_language_lacks_comes_back(
    tmp_path: Path,
) -> None:
    copy = ContentCopy(tmp_path, ("fr", "de"))
    whole = load_project(copy.root).wordings["de"]
    german = "tag: de-CH, direction: ltr, script: Latn, stage: "
    copy.replace("mkdocs.yml", f"{german}complete", f"{german}growing")
    text = (copy.root / WORDING).read_text(encoding="utf-8")
    kept = [part for part in re.split(r"(?m)^(?=\w)", text) if not part.startswith(LACKED)]
    (copy.root / WORDING).write_text("".join(kept), encoding="utf-8")
    assert load_project(copy.root).wordings["de"].in_french == set(LACKED)
    sheet = Sheet(copy)
    for key, one in grouped(whole.written).items():
        if key.startswith(LACKED):
            sheet.write(f"wording:{key}", TRANSLATION, one)
    sheet.come_back()
    after = load_project(copy.root).wordings["de"]
    assert after.in_french == set()
    assert after.data == whole.data
    assert after.own_hashes == whole.own_hashes


def test_remarks_are_printed_with_the_place_of_their_text(sheet: Sheet) -> None:
    sheet.write("permit:1", REMARK, "Ist das\nrichtig?")
    sheet.write("wording:ui.menu", REMARK, "Oder «Inhalt»?")
    said = [line.replace(f"{sheet.root.as_posix()}/", "") for line in sheet.come_back()]
    project = load_project(sheet.root)
    line = next(iter(project.pages["de"]["permit"].blocks)).line
    assert f"docs/de/permit.md:{line}: remark: Ist das richtig?" in said
    line = project.wordings["de"].lines["ui.menu"]
    assert f"{WORDING}:{line} (ui.menu): remark: Oder «Inhalt»?" in said


def test_the_sheet_has_a_tab_a_page_with_the_wording_that_it_shows(sheet: Sheet) -> None:
    names = sheet.book.sheetnames
    assert names[:3] == ["de", "index", "self-check"]
    ids = [str(row[0]) for row in sheet.book["self-check"].iter_rows(values_only=True)]
    assert {"self-check:title", "wording:check.progress"} <= set(ids)
    assert any(one.startswith("wording:rules.bc-expired") for one in ids)
    at = [*COLUMNS].index("mark")
    marks = [str(row[at]) for row in sheet.book["rights appeal"].iter_rows(values_only=True)]
    assert any("appeal-deadline" in mark for mark in marks)
    assert {"title", "description", "heading"} <= set(marks)


def test_a_file_that_is_no_spreadsheet_or_of_no_language_is_refused(
    project: Project, tmp_path: Path
) -> None:
    (tmp_path / "text.xlsx").write_text("no spreadsheet", encoding="utf-8")
    with pytest.raises(FaultsError, match="is no spreadsheet"):
        import_file(project, tmp_path / "text.xlsx", "", DAY)
    with pytest.raises(FaultsError, match="No such file"):
        import_file(project, tmp_path / "none.xlsx", "", DAY)
    export_file(project, "de", tmp_path / "de.xlsx")
    book = load_workbook(tmp_path / "de.xlsx")
    book["de"].title = "xx"
    book.save(tmp_path / "de.xlsx")
    with pytest.raises(FaultsError, match=r"found sheets xx, index, .*one must name the language"):
        import_file(project, tmp_path / "de.xlsx", "", DAY)


def test_an_export_to_nowhere_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["translate", "export", "de", "--output", "/nonexistent/x.xlsx"]) == 1
    assert main(["translate", "export", "de", "--output", "/proc/x.xlsx"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert said == [
        "/nonexistent is no folder. Make it, or name another file.",
        "/proc/x.xlsx: No such file or directory. Correct that, then start again.",
    ]


def test_what_libreoffice_saves_reads_as_it_went_out() -> None:
    code, rows = read_filled(ROOT / "tests/sheets/as-it-went-out.xlsx", ["ar"])
    assert code == "ar"
    assert rows == tuple(
        FilledRow(row.id, row.french, row.translation, False, "", "page", number)
        for number, row in enumerate(ROWS, 2)
    )


def test_what_was_filled_in_and_saved_by_libreoffice_is_read() -> None:
    _, rows = read_filled(ROOT / "tests/sheets/filled-in.xlsx", ["ar"])
    found = {row.id: row for row in rows}
    assert list(found) == [row.id for row in ROWS]
    assert [row.id for row in rows if row.is_confirmed] == ["page:title"]
    assert found["page:1"].translation == "انظر [ذلك](a.md)، 30 يوما."
    assert {row.remark for row in rows} == {"", "Une question ?"}
    assert [found[row.id].translation for row in ROWS[2:]] == [row.translation for row in ROWS[2:]]
