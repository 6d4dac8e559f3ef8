"""The content check: each fault with the smallest broken input, all at once, with its place."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from scripts.content.check import check_project
from scripts.content.languages import Language
from scripts.content.pages import load_page
from scripts.content.project import Project, load_project
from scripts.content.prose import Passage, average_faults, count_words, sentences
from scripts.faults import ROOT, Fault, FaultsError
from scripts.site.macros import MACROS
from scripts.site.page_context import review_texts
from scripts.site.view import View
from scripts.translate.review_marks import ReviewMark, mark_reviewed
from scripts.translate.status import status_text
from tests.conftest import TODAY, ContentCopy

APPEAL = "docs/ar/rights/appeal.md"
GERMAN = "docs/de/rights/appeal.md"
FRENCH = "docs/fr/rights/appeal.md"
WORDING = "scripts/rules/wording/de.yml"
MADE = "scripts/rules/translations/de.yml"
SOURCES = "scripts/rules/sources.yml"

DAY = date(2026, 12, 1)


def test_the_real_content_has_no_fault(project: Project) -> None:
    assert check_project(project, TODAY, MACROS).all_faults == ()


def found(copy: ContentCopy, *parts: str) -> str:
    """Return the one fault that holds all parts."""
    faults = copy.faults()
    fitting = [fault for fault in faults if all(part in fault for part in parts)]
    assert fitting, "\n".join(faults) or "no fault at all"
    return fitting[0]


def test_a_missing_page_is_named(copy: ContentCopy) -> None:
    (copy.root / GERMAN).unlink()
    found(copy, "docs/de: page 'rights/appeal.md' is missing; translate docs/fr/rights/appeal.md")


def test_a_page_that_french_does_not_have_is_named(copy: ContentCopy) -> None:
    (copy.root / "docs/de/extra.md").write_text(
        (copy.root / GERMAN).read_text(encoding="utf-8"), encoding="utf-8"
    )
    found(copy, "docs/de/extra.md", "no page 'extra.md' in docs/fr")


def test_a_folder_of_no_declared_language_is_named(copy: ContentCopy) -> None:
    (copy.root / "docs/xx").mkdir()
    found(copy, "docs/xx", "no language 'xx' in mkdocs.yml")


@pytest.mark.parametrize(
    ("path", "old", "new", "parts"),
    [
        (FRENCH, "\n## ", "\n### ", ("has level 3; expected 2 to 2",)),
        (FRENCH, " {: #what }", "", ("has no id; add {: #name }",)),
        (FRENCH, 'data-key="appeal-deadline" ', "", ("'appeal-deadline' is missing",)),
        (
            FRENCH,
            'data-key="appeal-deadline"',
            'data-key="appeal-council-of-state"',
            ("key statement 'appeal-council-of-state'",),
        ),
        (FRENCH, 'data-key="appeal-deadline"', 'data-key="invented"', ("is not declared",)),
        (GERMAN, "30 Tage", "20 Tage", ("figures differ in key statement 'appeal-deadline'",)),
        (GERMAN, "](file-access.md#do)", "](payment.md)", ("links differ", "file-access.md#do")),
        (FRENCH, "](file-access.md#do)", "](nowhere.md)", ("link 'nowhere.md' leads to no page",)),
        (FRENCH, "](file-access.md#do)", "](file-access.md#x)", ("no id 'x' on that page",)),
        (FRENCH, "](file-access.md#do)", "](file-access/)", ("expected a page's file",)),
        (FRENCH, "term:appeal", "term:appeals", ("term 'appeals' is unknown; allowed:",)),
        (FRENCH, "[recours](term:appeal)", "[plainte](term:appeal)", ("found 'plainte'",)),
        (FRENCH, "C’est votre droit.", "[recours](term:appeal)", ("is marked twice",)),
        (FRENCH, "SRC-LIAS-49-CE", "SRC-NONE", ("source 'SRC-NONE' is not in",)),
        (FRENCH, "C’est votre droit.", "{{ w }}", ("'{{ w }}' is no call of a macro",)),
        (FRENCH, "C’est votre droit.", "{{ w", ("'{{ w' is no call of a macro",)),
        ("docs/fr/words.md", "glossary()", "glosary()", ("macro 'glosary' is unknown",)),
        (FRENCH, "C’est votre droit.", " mot" * 21 + ".", ("sentence of 21 words",)),
        (GERMAN, "Das ist Ihr Recht.", " Wort" * 21 + ".", ("sentence of 21 words",)),
        (
            GERMAN,
            "Das ist Ihr Recht.",
            "Das ist Ihr Recht. As an AI language model I help.",
            ("looks like a translation tool's own words",),
        ),
        (FRENCH, "title:", "titel:", ("unknown key 'titel'; allowed:",)),
        (FRENCH, "title:", "only: fr\ntitle:", ("found text, expected a list",)),
        (FRENCH, "---\n", "", ("front matter is missing",)),
        (MADE, "state: machine", "state: human", ("found 'human'; allowed: legal",)),
        (MADE, "date: 2026", "date: 26", ("expected a date such as 2026-11-23",)),
        (MADE, "  rights/appeal:", "  rights/gone:", ("'rights/gone' is a page that is gone",)),
        (MADE, "rows:", "row:", ("unknown key 'row'; allowed: pages, rows, wording",)),
        (WORDING, "  menu:", "  menue:", ("missing wording: 'ui.menu'",)),
        (WORDING, "  menu:", "  menue:", ("wording left over: 'ui.menue'",)),
        (WORDING, "{n} (", "(", ("found placeholders {max}; expected {max} {n}",)),
        (WORDING, 'text: "', 'text: "<a>', ("found <a>; allowed as HTML: strong, em, br, bdi",)),
        ("scripts/rules/wording/fr.yml", "\n  swiss: ", "\n  suisse: ", ("'rules.swiss'",)),
        (SOURCES, "status: V", "status: U", ("has status U (unknown): it may not be published",)),
        (SOURCES, "confidence: 95", "confidence: 94", ("status K with 94 %",)),
        (SOURCES, "confidence: 95", "confidence: high", ("expected 0 to 100 (percent)",)),
        (SOURCES, "status: V", "status: W", ("found 'W'; allowed: K, U, V",)),
        (SOURCES, "https://", "htps://", ("expected an address with https://",)),
        ("scripts/rules/readings.yml", "blocks: ", "blocks: x", ("expected a whole number",)),
        ("scripts/rules/readings.yml", "language: de", "language: dx", ("found 'dx'; allowed:",)),
        ("scripts/rules/terms.yml", "fr:", "french:", ("unknown key 'french'",)),
        (
            "scripts/rules/key-statements.yml",
            "- id: safety-net",
            "- id: safety-nets",
            ("key statement 'safety-nets' is missing", "docs/fr/assistance.md"),
        ),
        ("mkdocs.yml", "direction: rtl", "direction: left", ("allowed: ltr, rtl",)),
        ("mkdocs.yml", "tag: de-CH, ", "", ("language 'de': key 'tag' is missing",)),
        ("mkdocs.yml", "locale: de", "place: de", ("key 'locale' is missing; add it",)),
        ("mkdocs.yml", "plugins:", "plugins: [", ("mkdocs.yml", "is not valid YAML")),
        ("mkdocs.yml", "locale: fr,", "locale: fq,", ("language 'fr' (the source text)",)),
    ],
)
def test_each_fault_of_the_content_is_named(
    copy: ContentCopy, path: str, old: str, new: str, parts: tuple[str, ...]
) -> None:
    copy.replace(path, old, new)
    found(copy, *parts)


def test_a_page_of_long_sentences_is_named_with_its_longest(copy: ContentCopy) -> None:
    long = "Vous pouvez faire ceci et cela et encore cela et encore ceci avec vos papiers"
    many = "\n\n".join(f"{long} {number}." for number in range(60))
    copy.replace("docs/fr/words.md", "{{ glossary() }}", f"{many}\n\n{{{{ glossary() }}}}")
    found(copy, "docs/fr/words.md: sentences have", "(at most 12)", "the longest is 'Vous pouvez")


def test_a_long_sentence_counts_as_often_as_it_stands() -> None:
    long = " ".join(["mot"] * 20) + "."
    found_passages = [Passage(text, "page.md", 1) for text in (long, long, long, "Oui.")]
    [fault] = average_faults(found_passages, "page.md")
    assert "15.2 words on average" in str(fault)


def test_untranslated_text_is_named(copy: ContentCopy) -> None:
    french = "Notez le jour où vous recevez la décision. Gardez l’enveloppe."
    german = (copy.root / GERMAN).read_text(encoding="utf-8")
    first = german[german.index("\n1. ") + 4 :].split("\n")[0]
    copy.replace(GERMAN, first, french)
    found(copy, f"untranslated: '{french}'")


def test_latin_sentences_in_another_script_are_named(copy: ContentCopy) -> None:
    arabic = (copy.root / APPEAL).read_text(encoding="utf-8")
    first = arabic[arabic.index("\n1. ") + 4 :].split("\n")[0]
    copy.replace(APPEAL, first, "Please write down the day and keep the envelope.")
    found(copy, "found Latin letters, expected Arab")


def test_one_word_for_two_terms_is_named(copy: ContentCopy) -> None:
    copy.replace(WORDING, '    word: "Verfügung"', '    word: "Beschwerde"')
    found(copy, WORDING, "give each its own")


def test_several_faults_come_all_at_once_with_their_lines(copy: ContentCopy) -> None:
    copy.replace(FRENCH, "term:appeal", "term:appeals")
    copy.replace(FRENCH, "SRC-LIAS-49-CE", "SRC-NONE")
    copy.replace(WORDING, "  menu:", "  menue:")
    faults = copy.faults()
    assert any(fault.startswith(f"{FRENCH}:5: term") for fault in faults)
    assert len(faults) >= 4


def test_a_source_checked_more_than_a_year_ago_is_a_warning(copy: ContentCopy) -> None:
    copy.replace(SOURCES, "checked_on: 2026-11-23", "checked_on: 2025-11-22")
    assert any("SRC-SEED: last checked on 2025-11-22; check it again" in w for w in copy.warnings())


def test_a_changed_french_section_makes_its_translations_stale_and_no_other(
    copy: ContentCopy,
) -> None:
    copy.replace(FRENCH, "Gardez l’enveloppe.", "Gardez bien l’enveloppe.")
    stale = [warning for warning in copy.warnings() if "has changed since" in warning]
    [warning] = [one for one in stale if one.startswith("docs/de/")]
    assert re.fullmatch(
        rf"{GERMAN}:\d+: the French text of section 'do' has changed since \({FRENCH}:\d+\); "
        "change this one, then `python3 -m scripts mark-reviewed de --page rights/appeal`; "
        "where nothing is to change: "
        "`python3 -m scripts mark-reviewed de --page rights/appeal --nothing-to-change`",
        warning,
    )


def test_a_stale_page_says_so_to_its_readers(copy: ContentCopy) -> None:
    copy.replace(FRENCH, "Gardez l’enveloppe.", "Gardez bien l’enveloppe.")
    broken = load_project(copy.root)
    page = View(broken, broken.language["de"], "rights/appeal")
    texts = [str(text) for text in review_texts(page)]
    assert texts == [page.words["review"]["machine"], page.words["review"]["stale"]]


def test_status_shows_each_stale_section_with_the_french_text_of_now(copy: ContentCopy) -> None:
    copy.replace(FRENCH, "Gardez l’enveloppe.", "Gardez bien l’enveloppe.")
    text = status_text(load_project(copy.root), "text")
    assert "docs/de/rights/appeal.md, section 'do': the French text is now" in text
    assert "  > Notez le jour où vous recevez la décision. Gardez bien l’enveloppe." in text


def test_status_as_markdown_is_one_table(project: Project) -> None:
    lines = status_text(project, "markdown").splitlines()
    assert len(lines) == len(project.languages) + 2
    assert {line.count("|") for line in lines} == {8}


def test_a_cosmetic_line_break_makes_nothing_stale(copy: ContentCopy) -> None:
    copy.replace(FRENCH, "Vous pouvez faire", "Vous pouvez\nfaire")
    assert copy.warnings() == []


def changed_french(copy: ContentCopy) -> Project:
    copy.replace(FRENCH, "Gardez l’enveloppe.", "Gardez bien l’enveloppe.")
    return load_project(copy.root)


def test_a_text_that_was_brought_along_is_noted_and_nothing_else(copy: ContentCopy) -> None:
    changed_french(copy)
    copy.replace(GERMAN, "Das ist Ihr Recht.", "Das ist Ihr gutes Recht.")
    copy.replace(GERMAN, "\n1. ", "\n1. Gut: ")
    before = (copy.root / MADE).read_text(encoding="utf-8").splitlines()
    said = ReviewMark(DAY, (GERMAN,))  # as `check` prints it
    [changed] = mark_reviewed(load_project(copy.root), ["de"], said)
    assert changed.endswith(MADE)
    after = (copy.root / MADE).read_text(encoding="utf-8").splitlines()
    others = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert {new.strip().split(":")[0] for _, new in others} <= {"date", "top", "do", "what"}
    assert not any(GERMAN in warning for warning in copy.warnings())
    assert mark_reviewed(load_project(copy.root), ["de"], said) == []


def test_a_stale_text_that_is_as_it_was_is_not_up_to_date_by_a_mark(copy: ContentCopy) -> None:
    project = changed_french(copy)
    for pages in ((), ("rights/appeal",)):
        with pytest.raises(FaultsError) as caught:
            mark_reviewed(project, ["de", "en"], ReviewMark(DAY, pages))
        [first, _] = caught.value.faults
        assert str(first).endswith(
            f"{GERMAN}: the French text of section 'do' has changed, and this one has not; "
            "translate it, or where nothing is to change: "
            "`python3 -m scripts mark-reviewed de --page rights/appeal --nothing-to-change`"
        )


def test_what_was_looked_at_with_nothing_to_change_is_recorded(copy: ContentCopy) -> None:
    project = changed_french(copy)
    mark_reviewed(project, ["de"], ReviewMark(DAY, ("rights/appeal",), nothing_to_change=True))
    assert re.search(
        r"\n      do: \w{10} \w{10} 2026-12-01\n", (copy.root / MADE).read_text("utf-8")
    )
    assert not any(GERMAN in warning for warning in copy.warnings())


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (
            ReviewMark(DAY, (), "native"),
            "--state native is said of pages that somebody has read; add",
        ),
        (
            ReviewMark(DAY, (), "", True),
            "--nothing-to-change is said of pages that somebody has read;",
        ),
        (
            ReviewMark(DAY, ("rights/appeal",), "legal"),
            "is stale, and so not legal; first: "
            "`python3 -m scripts mark-reviewed de --page rights/appeal`",
        ),
    ],
)
def test_nobody_reads_all_pages_or_stale_ones_by_a_mark(
    copy: ContentCopy, said: ReviewMark, message: str
) -> None:
    project = changed_french(copy)
    before = (copy.root / MADE).read_bytes()
    with pytest.raises(FaultsError, match=re.escape(message)):
        mark_reviewed(project, ["de"], said)
    assert (copy.root / MADE).read_bytes() == before


def test_a_read_page_keeps_its_state_and_day_while_nothing_changes(copy: ContentCopy) -> None:
    mark_reviewed(load_project(copy.root), ["de"], ReviewMark(DAY, ("permit", "videos"), "native"))
    mark_reviewed(load_project(copy.root), ["de"], ReviewMark(date(2027, 1, 1)))
    pages = load_project(copy.root).translations["de"].pages
    assert {path for path, one in pages.items() if one.state == "native"} == {"permit", "videos"}
    assert pages["permit"].date == DAY


def test_blocks_carry_their_line_attributes_and_links(tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    file.write_text(
        "---\ntitle: T ?\ndescription: D\n---\nIntro [a](b.md).\n\n## Head {: #one }\n\n"
        '- First\n  {: data-key="k" }\n- [Link](x){: hreflang="fr" }\n',
        encoding="utf-8",
    )
    faults: list[Fault] = []
    page = load_page(file, tmp_path, Language("fr", "fr-CH", "Français", "ltr", "Latn"), faults)
    shown = [(b.kind, b.line, dict(b.attributes), b.words) for b in page.blocks]
    assert faults == []
    assert shown == [
        ("paragraph", 5, {}, "Intro a."),
        ("heading", 7, {"id": "one"}, "Head"),
        ("item", 9, {"data-key": "k"}, "First"),
        ("item", 11, {}, "Link"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Un. Deux ? Trois !", ["Un.", "Deux ?", "Trois !"]),
        ("Voir art. 29 Cst. pour lire.", ["Voir art. 29 Cst. pour lire."]),
        ("« Oui. » Puis non.", ["« Oui. »", "Puis non."]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_an_elided_word_counts_once() -> None:
    assert count_words("L’aide sociale, c’est gratuit : 30 jours.") == 6


def test_every_word_of_the_source_document_has_its_place(project: Project) -> None:
    document = ROOT / "scripts/rules/source/soiree-droits-et-obligations.txt"
    rest = _letters(document.read_text(encoding="utf-8"))
    quotes = [statement.quote for statement in project.keys.statements]
    for quote in sorted({*quotes, *project.keys.furniture}, key=len, reverse=True):
        rest = rest.replace(_letters(quote), "|")
    assert rest.replace("|", "") == ""


def test_every_statement_of_the_source_document_stands_in_every_language(project: Project) -> None:
    for statement in project.keys.statements:
        assert statement.pages
        for language in project.languages:
            for path in statement.pages:
                keys = [block.key for block in project.shown_page(language, path).blocks]
                assert keys.count(statement.id) == 1, (language.code, path, statement.id)


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())
