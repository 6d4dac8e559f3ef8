"""No text gets further than it should: HTML, marks, characters, codes, menus, whose fault it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import html
from markupsafe import Markup

from scripts.content.project import Project, load_project
from scripts.content.wording import PLACEHOLDERS
from scripts.faults import Fault, in_order
from tests.conftest import FEW, ContentCopy

FRENCH = "docs/fr/rights/appeal.md"
GERMAN = "docs/de/rights/appeal.md"
FR_WORDING = "scripts/rules/wording/fr.yml"
WORDING = "scripts/rules/wording/de.yml"
CONFIG = "mkdocs.yml"
SENTENCE = "Das ist Ihr Recht."
PHRASE = "C’est votre droit."
ONLY_HTML = "allowed as HTML: strong, em, br, bdi, with straight quotes"


@pytest.mark.parametrize(
    ("path", "old", "new", "message"),
    [
        (GERMAN, SENTENCE, "<script>a()</script>", f"found <script>; {ONLY_HTML}"),
        (FRENCH, PHRASE, "<img src=x onerror=a()>", f"found <img src=x onerror=a()>; {ONLY_HTML}"),
        (GERMAN, SENTENCE, "<!-- x -->", f"found <!-- x -->; {ONLY_HTML}"),
        (
            GERMAN,
            SENTENCE,
            "<https://evil.example/>",
            f"found <https://evil.example/>; {ONLY_HTML}",
        ),
        (GERMAN, SENTENCE, "<bdi dir=“ltr”>a</bdi>", f"found <bdi dir=“ltr”>; {ONLY_HTML}"),
        (GERMAN, SENTENCE, "<em>Recht", "found <em> without its other half; write both: <em>…</e"),
        (GERMAN, SENTENCE, "Recht</em>", "found </em> without its other half"),
        (FRENCH, PHRASE, "![Image](x.png)", "found '![': pages hold no pictures"),
        (GERMAN, SENTENCE, "Recht {", "found '{': braces stand in no text; remove it"),
        (GERMAN, SENTENCE, "Re\u202echt", "found U+202E (right-to-left override), which nobody se"),
        (GERMAN, SENTENCE, "Re\u0085cht", "found U+0085 (a control character), which nobody sees;"),
        (GERMAN, SENTENCE, "Re\ufeffcht", "found U+FEFF (zero width no-break space), which nobody"),
        (GERMAN, SENTENCE, "Recht\n=====", "found '=====', which pages do not use; write headings"),
        (
            FRENCH,
            PHRASE,
            "Droit\n---",
            "found '---', which pages do not use; write headings with #",
        ),
        (
            GERMAN,
            SENTENCE,
            "Oh\n> Recht",
            "found '> Recht', which pages do not use; write it as plain",
        ),
        (GERMAN, "title: ", "title: ''\nx: ", "'title' is empty; write it"),
        (GERMAN, "description: ", 'description: ""\nx: ', "'description' is empty; write it"),
        (FRENCH, "{: #what }", "{: #do }", "id 'do' stands twice (first in line "),
        (FRENCH, 'data-key="appeal-deadline"', "data-key=“appeal-deadline”", "straight quotes and"),
        (FRENCH, "{: #do }", "{:\u00a0#do }", "found '\u00a0' in an attribute list; allowed: #id"),
        (FRENCH, 'data-key="appeal-deadline"', 'onclick="a()"', "found 'onclick' in an attribute"),
        (WORDING, 'menu: "', 'menu: "{', "found a brace that belongs to no placeholder"),
        (WORDING, 'menu: "', 'menu: "{datum} ', "found placeholders {datum}; expected none"),
        (WORDING, 'menu: "', 'menu: "\\u200f', "found U+200F (right-to-left mark), which nobody"),
        (CONFIG, "  - permit.md", "  - permitt.md", "found 'permitt.md', but there is no docs/fr/"),
        (CONFIG, "      - permit.md\n", "", "no menu shows this page; add 'permit.md' to nav in m"),
        (CONFIG, "  - videos.md", "  - videos.md\n  - cms.md", "'cms.md' stands in the menu lists"),
        (
            CONFIG,
            "  - videos.md",
            "  - videos.md\n  - staff.md",
            "'staff.md' is for some languages alo",
        ),
        ("docs/fr/staff.md", "[fr, de]", "[fr, dx]", "only: no language 'dx'; allowed: fr, de, en"),
        ("docs/fr/staff.md", "[fr, de]", "[de]", "only: French is the source of every page; add f"),
    ],
)
def test_each_kind_is_named_with_file_and_line(
    copy: ContentCopy, path: str, old: str, new: str, message: str
) -> None:
    if new.endswith("x: "):  # the title is emptied in place
        text = (copy.root / path).read_text(encoding="utf-8")
        old = re.search(rf"^{old}.*$", text, re.MULTILINE)[0]  # type: ignore[index]
        new = new.partition("\n")[0]
    copy.replace(path, old, new)
    fitting = [fault for fault in copy.faults() if message in fault]
    assert fitting, copy.faults()
    assert re.match(r"(?:docs|scripts|mkdocs)[\w/.]*:\d+: ", fitting[0])


def test_an_empty_key_statement_is_named(copy: ContentCopy) -> None:
    text = (copy.root / FRENCH).read_text(encoding="utf-8")
    line = next(one for one in text.split("\n") if 'data-key="appeal-deadline"' in one)
    before = text[: text.index(line)].rstrip("\n").rpartition("\n")[2]
    owner = before if line.strip().startswith("{:") else line.partition("{:")[0]
    words = re.sub(r"^[-\d.*\s]*", "", owner).strip()
    copy.replace(FRENCH, words, "")
    assert any("is empty (key statement 'appeal-deadline')" in one for one in copy.faults()) or any(
        "key statement 'appeal-deadline' is missing" in one for one in copy.faults()
    )


@pytest.mark.parametrize("name", [GERMAN, WORDING, FRENCH])
def test_a_byte_order_mark_is_no_matter(copy: ContentCopy, name: str) -> None:
    file = copy.root / name
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert copy.faults() == []
    assert copy.warnings() == []


@pytest.mark.parametrize("name", [GERMAN, FRENCH])
def test_another_encoding_is_one_line_that_names_the_file(copy: ContentCopy, name: str) -> None:
    file = copy.root / name
    text = file.read_text(encoding="utf-8").replace("’", "'").replace("«", '"').replace("»", '"')
    file.write_bytes(text.encode("latin-1", "replace"))
    copy.replace("docs/fr/permit.md", "title:", "titel:")
    faults = copy.faults()
    line = "is not UTF-8 from here on; save the file with the encoding UTF-8"
    [fault] = [one for one in faults if "UTF-8" in one]
    assert re.fullmatch(rf"{name}:\d+: {line}", fault)
    assert any("unknown key 'titel'" in one for one in faults)  # others are told, too


MISSPELT = [
    (FRENCH, "](file-access.md#do)", "](nowhere.md)", f"{FRENCH}:", "leads to no page"),
    (FRENCH, "SRC-LIAS-49-CE", "SRC-NONE", f"{FRENCH}:", "source 'SRC-NONE' is not in"),
    (FR_WORDING, "{n} (", "{no} (", f"{FR_WORDING}:", "found placeholders {max} {no}; expected"),
]


@pytest.mark.parametrize(("path", "old", "new", "place", "message"), MISSPELT)
def test_an_error_in_french_is_one_fault_that_nobody_should_translate(
    copy: ContentCopy, path: str, old: str, new: str, place: str, message: str
) -> None:
    copy.replace(path, old, new)
    [fault] = copy.faults()
    assert fault.startswith(place)
    assert message in fault


def test_an_error_that_every_language_mirrors_is_told_of_french_alone(copy: ContentCopy) -> None:
    for code in FEW:
        copy.replace(f"scripts/rules/wording/{code}.yml", '  progress: "', '  progress: "{x} ')
        copy.replace(f"docs/{code}/rights/appeal.md", "term:appeal", "term:appeals")
    faults = copy.faults()
    assert [one.partition(":")[0] for one in faults] == [FRENCH, FR_WORDING]


def test_faults_of_french_come_first() -> None:
    faults = [Fault("docs/de/a.md", 1, "x"), Fault("docs/fr/b.md", 1, "y"), Fault("a.yml", 1, "z")]
    assert [one.file for one in in_order(faults)] == ["docs/fr/b.md", "a.yml", "docs/de/a.md"]


def test_every_placeholder_that_is_filled_in_stands_in_the_french_wording(project: Project) -> None:
    texts = project.source_wording.written
    found = {key: sorted(re.findall(r"\{(\w+)\}", text)) for key, text in texts.items()}
    assert {key: sorted(names) for key, names in PLACEHOLDERS.items()} == {
        key: names for key, names in found.items() if names
    }


def test_a_straight_quote_in_a_wording_breaks_no_attribute(copy: ContentCopy) -> None:
    copy.replace(WORDING, '  menu: "', '  menu: "\\"A\\" <bdi dir=\\"ltr\\">5</bdi> ')
    assert copy.faults() == []
    text = load_project(copy.root).wordings["de"].safe["ui"]["menu"]
    tag = html.fragment_fromstring(Markup('<p title="{}">').format(text) + Markup("</p>"))
    assert tag.get("title", "").startswith('"A" <bdi dir=')
    assert html.fragment_fromstring(f"<p>{text}</p>").text_content().startswith('"A" 5')


def test_nothing_is_wrong_with_the_real_texts_of_a_folder_with_other_line_ends(
    copy: ContentCopy,
) -> None:
    for file in Path(copy.root / "docs/de").rglob("*.md"):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert copy.faults() == []
    assert copy.warnings() == []
