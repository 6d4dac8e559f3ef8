"""The dossier for lawyers: all that is claimed is in it, and what an office says comes back."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest
from openpyxl import load_workbook

from scripts import commands
from scripts.content.dossier import Point, dossier_points, point_ids
from scripts.content.dossier_sheet import VERDICTS, export_dossier, import_dossier
from scripts.content.project import Project, load_project
from scripts.content.staff_words import LANGUAGES
from scripts.content.verdicts import load_verdicts, verdicts_text
from scripts.faults import ROOT, FaultsError
from tests.conftest import ContentCopy
from tests.pdf_structure import elements

TODAY = datetime.date(2026, 12, 4)
OFFICE, DATE, FIRST = "C2", "C3", 5
"""The cells of the office and the date, the first row of a point."""


def points_of(project: Project, code: str = "fr") -> dict[str, Point]:
    """The points of a language by id."""
    return {point.id: point for point in dossier_points(project, code)}


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_rule_statement_and_unknown_fact_is_a_point_in_both_languages(
    code: str, project: Project
) -> None:
    found = [point.id for point in dossier_points(project, code)]
    assert found == [point.id for point in dossier_points(project, "fr")]
    assert len(found) == len(set(found))
    assert set(found) == point_ids(project)
    assert {rule.id for rule in project.table.rules} == {
        one.removeprefix("rule:") for one in found if one.startswith("rule:")
    }
    assert {*project.register.sources, *project.unpublished} <= set(found)


def test_every_marked_sentence_of_the_menus_pages_stands_under_its_source(
    project: Project,
) -> None:
    points = points_of(project)
    for source in project.register.sources:
        keys = {key.id for key in project.keys.statements if key.source == source}
        marks = rf'data-source="[^"]*\b{source}(?![\w-])[^"]*"'
        marks += "".join(rf'|data-key="{key}"' for key in keys)
        lines = [
            line
            for path in project.menu
            for line in (ROOT / f"docs/fr/{path}.md").read_text(encoding="utf-8").splitlines()
            if re.search(marks, line)
        ]
        assert len(points[source].sentences) == len(lines), source


@pytest.mark.parametrize(
    ("code", "point_id", "text"),
    [
        (
            "fr",
            "rule:bc-renewing",
            "Vous habitez officiellement en Valais. Votre permis B ou C est échu et le "
            "renouvellement est en cours. Les règles de l’aide sociale valent pour vous.\n"
            "Conditions: Habite en Valais = oui · Papier = permis B / permis C · "
            "Validité = échu, renouvellement en cours · Salaire = toutes les réponses\n"
            "Points importants affichés: Pas d’argent pour vivre aujourd’hui ? · "
            "Renouvelez à temps et gardez la preuve · Votre nom est transmis au SPM · "
            "Vous avez peur pour votre permis ?\n"
            "Exemples: permis B échu, renouvellement demandé à temps · "
            "permis C échu, renouvellement en cours\n"
            "La source dit: La présentation dit qui est concerné : domicile en Valais, "
            "Suisses, permis B, C et L. Elle nomme les conditions particulières et le forfait "
            "réduit. (SRC-SEED-PERMIS)",
        ),
        (
            "de",
            "outcome:special",
            "Es gelten besondere Bedingungen\n"
            "Sie können Hilfe beantragen. Für die Hilfe gelten andere Regeln. Unsere Quelle sagt "
            "nicht, welche: Fragen Sie das SMZ.\n"
            "Schritte: Reichen Sie beim SMZ Ihrer Region ein Gesuch ein. Das ist gratis. · "
            "Fragen Sie, welche Bedingungen für Sie gelten und warum. · "
            "Verlangen Sie eine schriftliche Verfügung. Sie können gegen sie Beschwerde "
            "einreichen.\n"
            "Regeln: l-valid-salary",
        ),
        (
            "de",
            "SRC-SANCTION-TAUX",
            "Höhe und Dauer einer Sanktion im Wallis sind nicht geklärt. Die höchstens 30 % der "
            "SKOS sind eine nationale Empfehlung.\n"
            "Stattdessen: Die Website nennt für das Wallis weder Höhe noch Dauer. Sie sagt: Über "
            "eine Sanktion gibt es eine Verfügung, die man anfechten kann.\n"
            "Seiten: Mitwirken und weniger Hilfe brauchen · Recht auf Beschwerde",
        ),
    ],
)
def test_a_point_says_in_words_all_that_belongs_to_it(
    code: str, point_id: str, text: str, project: Project
) -> None:
    found = points_of(project, code)[point_id].statement_text
    assert found.replace("\u00a0", " ") == text


def test_a_statement_has_its_status_date_source_and_the_sentences_with_their_pages(
    project: Project,
) -> None:
    point = points_of(project, "de")["SRC-LIAS-49-30J"]
    assert point.statement == project.wordings["de"].texts["sources.SRC-LIAS-49-30J"]
    assert point.state == (
        "K, 95 % (Gesichertes Recht, nicht im Text nachgelesen), geprüft am 23.11.2026"
    )
    assert point.links[0].title.startswith("LIAS, RS/VS 850.1, art. 49")
    first = next(one for one in point.sentences if one.path == "rights/appeal")
    assert first.title == "Recht auf Beschwerde"
    assert first.words.startswith("Ihre Frist. ")
    assert points_of(project)["SRC-SANCTION-TAUX"].state.startswith("U (inconnu, ")


def test_a_sentence_of_the_slides_stands_beside_what_the_site_makes_of_it(
    project: Project,
) -> None:
    point = points_of(project, "de")["key:covered-bc-valid"]
    assert point.statement == "Permis B et C en cours de validité;"
    [sentence] = point.sentences
    assert sentence.words == "Sie haben einen Ausweis B oder Ausweis C, der noch gültig ist."


def test_a_key_statement_stands_under_its_source_without_citing_it(copy: ContentCopy) -> None:
    copy.replace("docs/fr/rights/decision.md", ' data-source="SRC-DIR-16-5J"', "")
    sentences = points_of(load_project(copy.root))["SRC-DIR-16-5J"].sentences
    assert "rights/decision" in [sentence.path for sentence in sentences]


@pytest.fixture(scope="module")
def blank(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the sheets as they go out, `fr.xlsx` and `de.xlsx`."""
    folder = tmp_path_factory.mktemp("blank")
    for code in LANGUAGES:
        export_dossier(project, code, folder / f"{code}.xlsx")
    return folder


class Sheet:
    """A dossier's spreadsheet, filled in as an office would."""

    def __init__(self, blank: Path, file: Path, code: str = "fr") -> None:
        self.file = file
        self.book = load_workbook(blank / f"{code}.xlsx")
        self.sheet = self.book.worksheets[0]
        self.sheet[OFFICE], self.sheet[DATE] = "CMS Bas-Valais", "3.12.2026"

    def saved(self) -> Path:
        """The file, as it comes back."""
        self.book.save(self.file)
        return self.file

    def row(self, point_id: str) -> int:
        """The row of a point."""
        rows = range(FIRST, self.sheet.max_row + 1)
        return next(row for row in rows if self.sheet.cell(row, 2).value == point_id)

    def say(self, point_id: str, verdict: str, remark: str = "") -> None:
        """Fill in what is said of a point."""
        row = self.row(point_id)
        self.sheet[f"G{row}"], self.sheet[f"H{row}"] = verdict, remark or None


def faults_of(project: Project, file: Path) -> list[str]:
    """The faults that the import names, without the folder."""
    with pytest.raises(FaultsError) as raised:
        import_dossier(project, file, TODAY)
    return [str(one).rpartition("/")[2] for one in raised.value.faults]


@pytest.fixture
def sheet(blank: Path, tmp_path: Path) -> Sheet:
    """The French sheet with one verdict on the rule for Swiss people."""
    made = Sheet(blank, tmp_path / "d.xlsx")
    made.say("rule:swiss", "juste")
    return made


@pytest.mark.parametrize(
    ("code", "said", "value"),
    [
        ("fr", "juste", "right"),
        ("fr", " Faux ", "wrong"),
        ("fr", "à\u00a0changer", "change"),
        ("de", "richtig", "right"),
        ("de", "falsch", "wrong"),
        ("de", "ZU ÄNDERN", "change"),
    ],
)
def test_what_is_filled_in_is_read_with_office_date_and_the_text_it_was_said_of(
    code: str, said: str, value: str, project: Project, blank: Path, tmp_path: Path
) -> None:
    made = Sheet(blank, tmp_path / "d.xlsx", code)
    made.say("SRC-LIAS-7", said, "  Art. 7\nLIAS ")
    [found] = import_dossier(project, made.saved(), TODAY)
    assert (found.id, found.language, found.value) == ("SRC-LIAS-7", code, value)
    assert (found.office, found.day) == ("CMS Bas-Valais", datetime.date(2026, 12, 3))
    assert found.remark == "Art. 7 LIAS"
    assert found.text == points_of(project, code)["SRC-LIAS-7"].digest


@pytest.mark.parametrize(
    "value", ["3.12.2026", "03.12.26", "2026-12-03", datetime.datetime(2026, 12, 3)]
)
def test_a_date_is_read_as_people_and_spreadsheets_write_it(
    value: str | datetime.datetime, sheet: Sheet, project: Project
) -> None:
    sheet.sheet[DATE] = value
    [found] = import_dossier(project, sheet.saved(), TODAY)
    assert found.day == datetime.date(2026, 12, 3)


EXPECTED_DAY = "expected a date such as 3.12.2026, not after 2026-12-04"
CELLS: dict[str, tuple[dict[str, str | None], str]] = {
    "no office": ({OFFICE: " "}, "d.xlsx:2: row 2: 'Service' is empty; name the office"),
    "no date": ({DATE: None}, f"d.xlsx:3: row 3: found '', {EXPECTED_DAY}"),
    "a bad date": ({DATE: "31.11.2026"}, f"d.xlsx:3: row 3: found '31.11.2026', {EXPECTED_DAY}"),
    "a day to come": ({DATE: "5.12.2026"}, f"d.xlsx:3: row 3: found '5.12.2026', {EXPECTED_DAY}"),
    "a day long ago": (
        {DATE: "1926-12-03"},
        f"d.xlsx:3: row 3: found '1926-12-03', {EXPECTED_DAY}",
    ),
    "an unknown verdict": (
        {"G6": "oui"},
        "d.xlsx:6: row 6: 'rule:swiss': found 'oui'; "
        "allowed in column 'avis': juste, faux, à changer",
    ),
    "a remark without verdict": (
        {"G6": None, "H6": "Non."},
        "d.xlsx:6: row 6: 'rule:swiss': found ''; allowed in column 'avis': juste, faux, à changer",
    ),
    "a change to nothing": (
        {"G6": "à changer"},
        "d.xlsx:6: row 6: 'rule:swiss': 'à changer' without a text in column "
        "'à changer en ; remarque'; write what would be right",
    ),
    "an unknown id": (
        {"B6": "rule:suisse"},
        "d.xlsx:6: row 6: id 'rule:suisse' is unknown; restore it, or empty the row",
    ),
    "an id twice": (
        {"B7": "rule:swiss", "G7": "juste"},
        "d.xlsx:7: row 7: 'rule:swiss' stands in row 6, too; keep one",
    ),
    "a text written over": (
        {"C6": "Autre texte."},
        "d.xlsx:6: row 6: the text of 'rule:swiss' was written over; restore it, "
        "write it into column 'à changer en ; remarque'",
    ),
    "another column": (
        {"G4": "x"},
        "d.xlsx:4: row 4: found column 'x', expected 'avis'; restore it",
    ),
    "nothing said": (
        {"G6": None},
        "d.xlsx: column 'avis' is empty; allowed: juste, faux, à changer",
    ),
}


@pytest.mark.parametrize(("cells", "fault"), CELLS.values(), ids=CELLS)
def test_each_wrong_cell_is_told_in_one_line(
    cells: dict[str, str | None], fault: str, sheet: Sheet, project: Project
) -> None:
    for cell, value in cells.items():
        sheet.sheet[cell] = value
    found = faults_of(project, sheet.saved())
    assert [one.replace("\u00a0", " ") for one in found] == [fault]


def test_all_faults_of_a_sheet_are_told_at_once(sheet: Sheet, project: Project) -> None:
    for cell, value in {OFFICE: None, DATE: "x", "G6": "oui", "G9": "non"}.items():
        sheet.sheet[cell] = value
    assert [one.partition(": ")[0] for one in faults_of(project, sheet.saved())] == [
        *("d.xlsx:2", "d.xlsx:3", "d.xlsx:6", "d.xlsx:9")
    ]


def no_zip(file: Path) -> None:
    file.write_text("no zip", encoding="utf-8")


def cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:5000])


def other_zip(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "a")


def broken_xml(file: Path) -> None:
    parts = zipfile.ZipFile(io.BytesIO(file.read_bytes()))
    with zipfile.ZipFile(file, "w") as archive:
        for name in parts.namelist():
            content = parts.read(name)
            archive.writestr(name, content[:900] if "sheet1" in name else content)


@pytest.mark.parametrize("damage", [no_zip, cut_off, other_zip, broken_xml])
def test_a_broken_file_is_told_in_one_line(
    damage: Callable[[Path], None], sheet: Sheet, project: Project
) -> None:
    damage(sheet.saved())
    assert faults_of(project, sheet.file) == ["d.xlsx: is no spreadsheet (.xlsx) that can be read"]


def test_a_file_that_is_not_there_is_told_as_such(sheet: Sheet, project: Project) -> None:
    sheet.saved().unlink()
    assert faults_of(project, sheet.file) == ["d.xlsx: No such file or directory"]


def test_a_sheet_of_another_kind_is_refused(sheet: Sheet, project: Project) -> None:
    sheet.sheet.title = "Feuille 1"
    assert faults_of(project, sheet.saved()) == ["d.xlsx: found sheet 'Feuille 1'; allowed: fr, de"]


def test_only_what_is_to_be_filled_in_can_be_written_in(sheet: Sheet) -> None:
    assert sheet.sheet.protection.sheet
    cells = [cell for row in sheet.sheet.iter_rows() for cell in row]
    free = {cell.coordinate for cell in cells if not cell.protection.locked}
    last = sheet.sheet.max_row
    assert free == {
        OFFICE,
        DATE,
        *(f"{one}{row}" for one in "GH" for row in range(FIRST, last + 1)),
    }
    [listed] = sheet.sheet.data_validations.dataValidation
    assert (str(listed.sqref), listed.formula1) == (f"G5:G{last}", '"juste,faux,à changer"')


VERDICT = (
    '- id: SRC-A\n  language: fr\n  verdict: change\n  office: "CMS"\n  date: 2026-12-03\n'
    '  text: 0123456789\n  remark: "Mieux."\n'
)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("verdict: change", "verdict: maybe", "3: [1].verdict: found 'maybe'; allowed: "),
        ("language: fr", "language: it", "2: [1].language: found 'it'; allowed: de, fr"),
        ("2026-12-03", "2026-13-03", "5: [1].date: found '2026-13-03', expected a date such as "),
        ('"CMS"', '" "', "4: [1].office is empty; name who gave the verdict"),
        ("  text: 0123456789\n", "", "1: [1]: key 'text' is missing; add it"),
        ("remark", "note", "7: unknown key 'note'; allowed: date, id, language, office, remark, "),
        (VERDICT, VERDICT * 2, "8: 'SRC-A' has two verdicts for 'fr'; keep one"),
    ],
)
def test_each_fault_of_the_verdicts_is_named(
    tmp_path: Path, old: str, new: str, fault: str
) -> None:
    file = tmp_path / "verdicts.yml"
    file.write_text(VERDICT.replace(old, new), encoding="utf-8")
    with pytest.raises(FaultsError) as raised:
        load_verdicts(file)
    assert any(f"verdicts.yml:{fault}" in str(one) for one in raised.value.faults), raised.value


def test_verdicts_are_written_as_they_are_read_and_the_later_one_counts(tmp_path: Path) -> None:
    file = tmp_path / "verdicts.yml"
    file.write_text(VERDICT, encoding="utf-8")
    [first] = load_verdicts(file)
    german, later = replace(first, language="de"), replace(first, value="right", remark="")
    file.write_text(verdicts_text([first, german, later]), encoding="utf-8")
    values = {one.language: (one.value, one.remark) for one in load_verdicts(file)}
    assert values == {"de": ("change", "Mieux."), "fr": ("right", "")}


@pytest.fixture
def run(
    copy: ContentCopy, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[Path], tuple[int, str, str]]:
    """Import a sheet into a copy by the command; give its code and what it says."""

    class Day(datetime.date):
        @classmethod
        def today(cls) -> datetime.date:  # type: ignore[override]
            return TODAY

    monkeypatch.setattr(commands, "date", Day)
    monkeypatch.setattr(commands, "load_project", lambda _: load_project(copy.root))

    def run(file: Path) -> tuple[int, str, str]:
        code = commands.main(["dossier", "--import", str(file)])
        output, errors = capsys.readouterr()
        return code, output.replace(f"{copy.root}/", ""), errors.replace(f"{copy.root}/", "")

    return run


def test_an_import_sets_the_verdicts_and_lists_what_is_to_be_changed(
    copy: ContentCopy, blank: Path, run: Callable[[Path], tuple[int, str, str]]
) -> None:
    copied = load_project(copy.root)
    points = points_of(copied)
    made = Sheet(blank, copy.root / "d.xlsx")
    made.say("rule:swiss", "juste")
    made.say("rule:other", "faux")
    made.say("SRC-LIAS-7", "à changer", "Art. 7 et 8 LIAS.")
    told = [
        f"scripts/rules/wording/fr.yml:{points['SRC-LIAS-7'].line}: SRC-LIAS-7: CMS Bas-Valais "
        "said 'change' (2026-12-03): Art. 7 et 8 LIAS.",
        f"scripts/rules/eligibility.yml:{points['rule:other'].line}: rule:other: CMS Bas-Valais "
        "said 'wrong' (2026-12-03)",
    ]
    code, output, _ = run(made.saved())
    assert code == 0
    first, *rest = output.splitlines()
    assert first == "CMS Bas-Valais, 2026-12-03, fr: 1 right, 1 wrong, 1 change."
    assert sorted(rest) == sorted(told)
    now = points_of(load_project(copy.root))
    assert {name for name, point in now.items() if point.is_right} == {"rule:swiss"}
    assert now["rule:swiss"].state == "Dernier avis\u00a0: juste, CMS Bas-Valais, 03.12.2026"
    assert set(told) <= set(copy.warnings())
    assert not any("rule:swiss" in one for one in copy.warnings())


@pytest.mark.parametrize(
    ("point_id", "path", "old", "new"),
    [
        ("rule:swiss", "scripts/rules/eligibility.yml", "qui habite à Monthey", "de Monthey"),
        (
            "rule:swiss",
            "scripts/rules/wording/fr.yml",
            'swiss: "Vous habitez',
            'swiss: "Vous vivez',
        ),
        ("SRC-LPJA-48", "docs/fr/rights/appeal.md", "Sans raisons, le", "Sinon, le"),
        ("SRC-LPJA-51", "scripts/rules/unpublished.yml", "n’est pas établi", "est inconnu"),
    ],
)
def test_what_is_changed_loses_its_verdict_and_nothing_else_does(
    point_id: str, path: str, old: str, new: str, copy: ContentCopy, blank: Path
) -> None:
    copied = load_project(copy.root)
    made = Sheet(blank, copy.root / "d.xlsx")
    for name in (point_id, "SRC-LIAS-7"):
        made.say(name, "juste")
    given = import_dossier(copied, made.saved(), TODAY)
    (copy.root / VERDICTS).write_text(verdicts_text(given), encoding="utf-8")
    copy.replace(path, old, new)
    now = points_of(load_project(copy.root))
    assert {name: point.is_right for name, point in now.items() if point.verdict} == {
        point_id: False,
        "SRC-LIAS-7": True,
    }
    said = "CMS Bas-Valais, 03.12.2026. Le texte a changé depuis."
    assert now[point_id].state.endswith(said)


def test_a_verdict_on_a_text_that_changed_while_the_office_read_is_told_and_counts_for_nothing(
    copy: ContentCopy, blank: Path, run: Callable[[Path], tuple[int, str, str]]
) -> None:
    made = Sheet(blank, copy.root / "d.xlsx")
    made.say("SRC-LPJA-48", "juste")
    copy.replace("docs/fr/rights/appeal.md", "Sans raisons, le", "Sinon, le")
    code, output, _ = run(made.saved())
    assert code == 0
    assert "said 'right' (2026-12-03); the text has changed since, have it checked\n" in output
    assert not points_of(load_project(copy.root))["SRC-LPJA-48"].is_right


def test_an_import_with_a_fault_writes_nothing_and_ends_with_1(
    copy: ContentCopy, blank: Path, run: Callable[[Path], tuple[int, str, str]]
) -> None:
    made = Sheet(blank, copy.root / "d.xlsx")
    made.say("rule:swiss", "juste")
    made.say("rule:other", "peut-être")
    before = (copy.root / VERDICTS).read_bytes()
    code, output, errors = run(made.saved())
    assert (code, output) == (1, "")
    assert errors == (
        "d.xlsx:15: row 15: 'rule:other': found 'peut-être'; "
        "allowed in column 'avis': juste, faux, à changer\n1 fault(s)\n"
    )
    assert (copy.root / VERDICTS).read_bytes() == before


def test_a_verdict_on_what_is_no_point_is_a_fault(copy: ContentCopy) -> None:
    (copy.root / VERDICTS).write_text(VERDICT, encoding="utf-8")
    message = f"{VERDICTS}:1: 'SRC-A' is no rule and no statement; take its verdict out"
    assert message in copy.faults()


def test_the_command_writes_a_sheet_and_a_tagged_a4_file_that_says_every_point(
    tmp_path: Path, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "de"
    monkeypatch.setattr(commands, "STAFF_LANGUAGES", (code,))
    assert commands.main(["dossier", str(tmp_path)]) == 0
    assert {file.name for file in tmp_path.iterdir()} == {"dossier-de.pdf", "dossier-de.xlsx"}
    file = tmp_path / "dossier-de.pdf"
    text = "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(file))
    said = plain(text)
    for number, point in enumerate(dossier_points(project, code), 1):
        first = point.statement.split("\n")[0]
        assert plain(f"{number}{point.id}{first}") in said, point.id
        assert all(plain(one.words) in said for one in point.sentences[:1]), point.id
    with pikepdf.open(file) as document:
        assert str(document.Root.Lang) == project.language[code].tag
        assert document.Root.MarkInfo.Marked
        assert b"pdfuaid:part" in document.Root.Metadata.read_bytes()
        assert [round(float(side)) for side in document.pages[0].MediaBox] == [0, 0, 595, 842]
        quotes = [one for one in elements(document.Root.StructTreeRoot) if one.S == "/BlockQuote"]
        assert {str(one.Lang) for one in quotes} == {project.language["fr"].tag}


def plain(text: str) -> str:
    """A text without white space; the PDF's reader says U+0002 for a hyphen that ends a line."""
    return "".join(text.replace("\u00ad", "").replace("\x02", "-").split())


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_sheet_holds_every_point_in_the_same_order_under_one_line_of_instruction(
    code: str, blank: Path, project: Project
) -> None:
    rows = list(load_workbook(blank / f"{code}.xlsx").worksheets[0].values)
    assert rows[0][0] == project.staff_words[code]["dossier"]["lead"]
    points = dossier_points(project, code)
    assert [(row[0], row[1]) for row in rows[FIRST - 1 :]] == [
        (str(number), point.id) for number, point in enumerate(points, 1)
    ]
