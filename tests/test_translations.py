"""A translation is plain Markdown: its marks come from French, where both agree block by block."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from scripts.content.languages import Language
from scripts.content.pages import Page, load_page
from scripts.content.project import load_project
from scripts.content.translated import translated
from scripts.content.translations import row_hashes
from scripts.content.typography import typeset
from scripts.faults import ROOT, Fault
from scripts.site.page_context import review_texts
from scripts.site.view import View
from scripts.translate.review_marks import ReviewMark, mark_reviewed
from tests.conftest import COMPLETE, ContentCopy

FRENCH = Language("fr", "fr-CH", "Français", "ltr", "Latn")
GERMAN = Language("de", "de-CH", "Deutsch", "ltr", "Latn")
ARABIC = Language("ar", "ar", "العربية", "rtl", "Arab")
SOURCE = """\
Voici [un mot](term:appeal) en 30 jours.
{: .deadline data-key="appeal" }

{{ say("apply") }}

## Que faire ? {: #do }

1. Appelez.
  {: data-source="SRC-A" }
2. Lisez [un site](https://a.ch){: hreflang="fr" } ou [un autre](https://b.ch){: hreflang="de" }.

Une phrase
sur deux lignes.
{: .warning }

## Qui {: #who }

| a | b |
|---|---|
| 1 | 2 |

Venez.
"""
OURS = """\
Das ist [ein Wort](term:appeal) in 30 Tagen.

## Was tun?

1. Rufen Sie an.
2. Lesen Sie [eine andere](https://b.ch) oder [eine Website](https://a.ch).

Ein Satz
auf zwei Zeilen.

## Wer

| x | y |
|---|---|
| 1 | 2 |

Kommen Sie.
"""
MARKED = """\
Das ist [ein Wort](term:appeal) in 30 Tagen.
{: .deadline data-key="appeal" }

{{ say("apply") }}

## Was tun? {: #do }

1. Rufen Sie an.
  {: data-source="SRC-A" }
2. Lesen Sie [eine andere](https://b.ch){: hreflang="de" } oder [eine Website](https://a.ch){: hreflang="fr" }.

Ein Satz
auf zwei Zeilen.
{: .warning }

## Wer {: #who }

| x | y |
|---|---|
| 1 | 2 |

Kommen Sie.
"""  # noqa: E501


def read(folder: Path, language: Language, body: str) -> tuple[Page, list[str]]:
    """Return the page of a text, and the faults of its form."""
    root = folder / language.code
    root.mkdir(exist_ok=True)
    (root / "page.md").write_text(f"---\ntitle: T\ndescription: D\n---\n{body}", encoding="utf-8")
    faults: list[Fault] = []
    page = load_page(root / "page.md", root, language, faults)
    return page, [fault.message for fault in faults]


def merged(folder: Path, ours: str, source: str = SOURCE, language: Language = GERMAN) -> Page:
    """Return a translation with the marks of French."""
    page, faults = read(folder, language, ours)
    assert faults == []
    return translated(page, read(folder, FRENCH, source)[0])


def told(page: Page) -> list[str]:
    """Return the differences of a translation as line and message."""
    return [
        f"{one.line}: {one.message}".replace(f"{Path(page.file).parent.parent}/", "")
        for one in page.differences
    ]


def test_a_translation_gets_every_mark_from_french_and_links_theirs_by_target(
    tmp_path: Path,
) -> None:
    page = merged(tmp_path, OURS)
    assert page.body == MARKED
    assert page.differences == ()
    assert page.ids == {"do", "who"}
    assert [block.key for block in page.blocks if block.key] == ["appeal"]
    assert [(b.line, b.words) for b in page.blocks if b.kind == "heading"] == [
        (7, "Was tun?"),
        (15, "Wer"),
    ]


def test_a_translation_in_place_of_french_is_french_to_the_letter(tmp_path: Path) -> None:
    plain = "\n".join(line for line in SOURCE.split("\n") if not line.strip().startswith("{"))
    for mark in (" {: #do }", " {: #who }", '{: hreflang="fr" }', '{: hreflang="de" }'):
        plain = plain.replace(mark, "")
    page = merged(tmp_path, plain.replace("\n\n\n", "\n\n"))
    assert page.body.replace("\u00a0", " ") == SOURCE


DIFFERENCES = {
    "another kind of block": (
        "Ein Satz\nauf zwei Zeilen.",
        "- Ein Satz.",
        "12: found item, expected paragraph (fr/page.md:16); follow the French page block by block",
    ),
    "a heading of another level": (
        "## Wer",
        "### Wer",
        "15: heading level 3 'Wer' has no counterpart in fr/page.md; remove it",
    ),
    "a paragraph too few": (
        "\nEin Satz\nauf zwei Zeilen.\n",
        "",
        "10: section ends too early: paragraph (fr/page.md:16) is missing; translate it",
    ),
    "a paragraph too many": (
        "\nKommen Sie.",
        "\nKommen Sie.\n\nMehr.",
        "23: paragraph 'Mehr.' has no counterpart in fr/page.md; remove it",
    ),
    "another figure": (
        "30 Tagen",
        "20 Tagen",
        "5: figures differ in key statement 'appeal': found 20; expected 30 (fr/page.md:5); "
        "keep those of French",
    ),
    "a lost term": (
        "[ein Wort](term:appeal)",
        "ein Wort",
        "5: links differ in key statement 'appeal': found none; expected term:appeal "
        "(fr/page.md:5); keep those of French",
    ),
    "another link": (
        "https://b.ch",
        "https://c.ch",
        "10: links differ: found https://a.ch, https://c.ch; expected https://a.ch, "
        "https://b.ch (fr/page.md:14); keep those of French",
    ),
    "a section too many": (
        "\nKommen Sie.",
        "\nKommen Sie.\n\n## Mehr",
        "23: heading level 2 'Mehr' has no counterpart in fr/page.md; remove it",
    ),
    "swapped items, told by their links": (
        "1. Rufen Sie an.\n2. Lesen Sie [eine andere](https://b.ch) oder [eine Website]"
        "(https://a.ch).",
        "1. Lesen Sie [eine andere](https://b.ch) oder [eine Website](https://a.ch).\n"
        "2. Rufen Sie an.",
        "9: found the item of fr/page.md:14, expected that of fr/page.md:12; put it in its place",
    ),
}


@pytest.mark.parametrize(("old", "new", "message"), DIFFERENCES.values(), ids=DIFFERENCES)
def test_a_section_that_does_not_agree_is_named_and_stays_in_french(
    old: str, new: str, message: str, tmp_path: Path
) -> None:
    assert old in OURS
    page = merged(tmp_path, OURS.replace(old, new))
    assert message in told(page)
    in_french = {"top", "do", "who"} & page.in_french
    kept = {one.id for one in page.own_sections}
    assert kept == {"top", "do", "who"} - in_french
    assert ("Que faire" in page.body) == ("do" in in_french)
    assert ("Rufen Sie an." in page.body) == ("do" not in in_french)


def test_a_translation_that_ends_early_keeps_what_it_has(tmp_path: Path) -> None:
    page = merged(tmp_path, OURS[: OURS.index("## Wer")])
    assert page.in_french == {"who"}
    assert told(page) == ["12: section 'who' (fr/page.md:20) is missing; translate it"]


def test_where_a_section_is_left_out_no_later_one_takes_its_place(tmp_path: Path) -> None:
    source = "Un.\n\n## A {: #a }\n\n7\n\n## B {: #b }\n\nDeux.\n\n## C {: #c }\n\nTrois.\n"
    page = merged(tmp_path, "Eins.\n\n## B\n\nZwei.\n\n## C\n\nDrei.\n", source)
    assert page.in_french == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("## Kopf {: #head }", 5),
        ("Text.\n{: .warning }", 6),
        ('Text [a](https://a.ch){: hreflang="fr" }', 5),
        ('{{ say("apply") }}', 5),
        ("Text {{ w", 5),
    ],
)
def test_a_mark_in_a_translation_is_refused(text: str, line: int, tmp_path: Path) -> None:
    (tmp_path / "de").mkdir()
    file = tmp_path / "de/page.md"
    file.write_text(f"---\ntitle: T\ndescription: D\n---\n{text}\n", encoding="utf-8")
    faults: list[Fault] = []
    load_page(file, tmp_path / "de", GERMAN, faults)
    mark = text[text.index("{") :].rsplit("\n", maxsplit=1)[-1]
    assert [(one.line, one.message) for one in faults] == [
        (line, f"found '{mark}': marks stand in the French page alone; remove it")
    ]


@pytest.mark.parametrize("key", ["only: [fr, de]", "translation: {}", "render_macros: true"])
def test_the_head_of_a_translation_is_its_title_and_description(key: str, tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    file.write_text(f"---\ntitle: T\ndescription: D\n{key}\n---\n", encoding="utf-8")
    faults: list[Fault] = []
    load_page(file, tmp_path, GERMAN, faults)
    unknown = f"unknown key '{key.split(':', maxsplit=1)[0]}'; allowed: description, title"
    assert [fault.message for fault in faults] == [unknown]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Oui ? Non !", "Oui~? Non~!"),
        ("Ici : « là ».", "Ici~: «~là~»."),
        ("**Où ?** Là ; ici", "**Où~?** Là~; ici"),
        ("95 % et {size} Ko", "95~% et {size}~Ko"),
        ("à 8:30 sur https://a.ch/?b", "à 8:30 sur https://a.ch/?b"),
        ("## Tête {: #head }", "## Tête {: #head }"),
        ("déjà\u00a0: là", "déjà~: là"),
    ],
)
def test_french_signs_stand_with_their_words(written: str, shown: str) -> None:
    assert typeset(written, FRENCH) == shown.replace("~", "\u00a0")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("هاتف 027 606 55 96.", "هاتف <027 606 55 96>."),
        ("[027 606 55 96](tel:+41276065596)", "[<027 606 55 96>](tel:+41276065596)"),
        ("في rue de Lausanne 69, 1950 Sion.", "في <rue de Lausanne 69, 1950 Sion>."),
        ("(CMS Sion (Sion, Nendaz))", "(<CMS Sion (Sion, Nendaz)>)"),
        ("المادة art. 29 Cst. تقول", "المادة <art. 29 Cst.> تقول"),
        ("في 25.11.2026، 95 %", "في <25.11.2026>، <95 %>"),
        ("خلال 30 يوماً", "خلال 30 يوماً"),
        ("تصريح L أو La Main Tendue (SAS)", "تصريح L أو <La Main Tendue (SAS)>"),
        ("تصريح L أو La Main Tendue", "تصريح L أو La Main Tendue"),
        ("{size} و <strong>5</strong>", "{size} و <strong>5</strong>"),
        ("[موقع](https://a.ch/1-2)", "[موقع](https://a.ch/1-2)"),
    ],
)
def test_numbers_and_addresses_keep_their_order_in_right_to_left_text(
    written: str, shown: str
) -> None:
    found = typeset(written, ARABIC)
    for tag, sign in (('<bdi dir="ltr">', "<"), ("</bdi>", ">")):
        found = found.replace(tag, sign)
    assert found == shown
    assert typeset(typeset(written, ARABIC), ARABIC) == typeset(written, ARABIC)
    assert typeset(written, GERMAN) == written


@pytest.mark.parametrize("code", COMPLETE)
def test_nobody_types_what_the_machine_sets(code: str) -> None:
    files = [*(ROOT / "docs" / code).rglob("*.md"), ROOT / f"scripts/rules/wording/{code}.yml"]
    texts = {file: file.read_text(encoding="utf-8") for file in files}
    found = [file for file, text in texts.items() if "\u00a0" in text or "<bdi dir" in text]
    assert found == []


def with_another_outcome(copy: ContentCopy) -> ContentCopy:
    """Change the outcome of the rule `bc-expired` as a lawyer would ask for."""
    rules = (copy.root / "scripts/rules/eligibility.yml").read_text(encoding="utf-8")
    rule = rules[rules.index("- id: bc-expired") :].split("outcome: ", 1)[0]
    copy.replace(
        "scripts/rules/eligibility.yml", f"{rule}outcome: ask_cms", f"{rule}outcome: special"
    )
    return copy


def test_a_changed_row_makes_its_wordings_stale_in_every_language(copy: ContentCopy) -> None:
    with_another_outcome(copy)
    project = load_project(copy.root)
    for code in project.language:
        keys = set(project.stale_rows(code))
        assert {"rules.bc-expired", "outcomes.ask_cms", "outcomes.special"} <= keys
        assert not {"rules.swiss", "outcomes.ordinary"} & keys
    line = project.wordings["fr"].lines["rules.bc-expired"]
    assert (
        f"scripts/rules/wording/fr.yml:{line}: the rows of scripts/rules/eligibility.yml that "
        "'rules.bc-expired' words have changed since it was looked at; change it where it is "
        "untrue now, then run `python3 -m scripts mark-reviewed fr --page rows`"
    ) in copy.faults()
    assert any(one.startswith("scripts/rules/wording/de.yml") for one in copy.warnings())


def test_a_page_that_words_a_changed_row_says_so_until_it_was_looked_at(copy: ContentCopy) -> None:
    project = load_project(with_another_outcome(copy).root)
    stale = project.wordings["de"].safe["review"]["stale"]

    def says_so(path: str) -> bool:
        project = load_project(copy.root)
        return stale in review_texts(View(project, project.language["de"], path))

    assert all(says_so(path) for path in ("self-check", "results", "important"))
    assert not says_so("rights/appeal")
    mark_reviewed(project, ["fr", "de"], ReviewMark(date(2026, 12, 1), ("rows",)))
    assert not says_so("results")
    assert not says_so("important")
    assert not [fault for fault in copy.faults() if "looked at" in fault]


def test_what_words_no_row_is_no_matter_to_a_row(copy: ContentCopy) -> None:
    table = load_project(copy.root).table
    moved = replace(table, rules=tuple(replace(rule, line=1, examples=()) for rule in table.rules))
    assert row_hashes(moved) == row_hashes(table)


def test_a_page_of_which_nothing_is_noted_is_named_with_what_to_type(copy: ContentCopy) -> None:
    text = (copy.root / "scripts/rules/translations/de.yml").read_text(encoding="utf-8")
    start = text.index("  rights/appeal:")
    end = text.index("  rights/decision:")
    copy.replace("scripts/rules/translations/de.yml", text[start:end], "")
    assert copy.faults() == [
        "docs/de/rights/appeal.md:1: nothing is noted of its French text; run "
        "`python3 -m scripts mark-reviewed de --page rights/appeal`"
    ]
    mark_reviewed(
        load_project(copy.root), ["de"], ReviewMark(date(2026, 11, 30), ("rights/appeal",))
    )
    assert copy.faults() == []


@pytest.mark.parametrize(
    ("codes", "page", "message"),
    [
        (["xx"], "", "mkdocs.yml: no language 'xx'; allowed: fr, de, en, ar"),
        (["fr"], "permit", "docs/fr: found page 'permit', nothing to note; allowed: rows"),
        (["de"], "gone", "docs/de: found page 'gone', nothing to note; allowed: rows, wording, "),
    ],
)
def test_what_cannot_be_marked_is_refused(
    codes: list[str], page: str, message: str, copy: ContentCopy
) -> None:
    with pytest.raises(Exception, match="allowed") as caught:
        mark_reviewed(
            load_project(copy.root), codes, ReviewMark(date(2026, 12, 1), (page,) if page else ())
        )
    assert str(caught.value).startswith(message)
