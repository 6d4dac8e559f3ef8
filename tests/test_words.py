"""Words that were wrong once and must not come back, in every language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts.content.misleading import check_misleading, load_misleading
from scripts.content.project import Project
from scripts.content.prose import Passage, passages, wording_passages
from scripts.faults import FaultsError
from tests.conftest import COMPLETE


def texts(project: Project, code: str) -> list[tuple[str, str]]:
    """Return everything that is said in a language, with its place."""
    found = [p for page in project.pages[code].values() for p in passages(page, None)]
    found += wording_passages(project.wordings[code], None)
    return [(f"{p.file}:{p.line}", text) for p in found for text in (p.text, p.written)]


@pytest.mark.parametrize(
    ("text", "raw", "said"),
    [
        ("Обжалуйте решение органа власти.", "", "'органа власти'"),
        ("", "Ведомство, [орган власти](cms.md)", "'орган власти'"),
        ("Обжалуйте решение ведомства.", "", ""),
    ],
)
def test_words_that_misled_are_named_with_their_reason_in_text_and_markup(
    text: str, raw: str, said: str, project: Project
) -> None:
    words = [one for one in project.misleading["ru"] if "власти" in one.pattern]
    found = list(check_misleading([Passage(text, "docs/ru/cms.md", 7, "", raw)], words))
    expected = (
        f"docs/ru/cms.md:7: {said} misleads readers: two words for the authority: ведомство; "
        f"say it in other words (scripts/rules/misleading/ru.yml:{words[0].line})"
    )
    assert [str(fault) for fault in found] == ([expected] if said else [])


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("{pattern: '(', why: a}", "1: '(' is no regular expression (missing ), unterminated"),
        ("{pattern: 'a*', why: a}", "1: 'a*' is found in every text; name words"),
        ("{pattern: a}", "1: [1]: key 'why' is missing; add it"),
    ],
)
def test_misleading_words_that_cannot_be_looked_for_are_refused(
    entry: str, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "fr.yml"
    file.write_text(f"- {entry}", encoding="utf-8")
    with pytest.raises(FaultsError, match=re.escape(said)):
        load_misleading(file)


def test_each_language_has_words_that_must_not_be_said(project: Project) -> None:
    assert all(project.misleading[code] for code in COMPLETE)


HELD_BACK = (r"\b142\b", r"effet suspensif", r"aufschiebende Wirkung", r"\b(5|7|10) ans de séjour")
"""What the fact register has as unknown: no page says it."""


@pytest.mark.parametrize("pattern", HELD_BACK)
def test_what_is_not_known_is_on_no_page(project: Project, pattern: str) -> None:
    found = [
        place
        for code in project.language
        for place, text in texts(project, code)
        if re.search(pattern, text)
    ]
    assert not found


ELSEWHERE = {"not-resident": "urgent_elsewhere", "asylum": "urgent_asylum"}
"""Where neither a CMS nor a commune of Valais decides within 5 days."""


def test_every_rule_says_where_urgent_help_is(project: Project) -> None:
    urgent = {rule.id: rule.notices[0] for rule in project.table.rules}
    assert urgent == {rule: ELSEWHERE.get(rule, "urgent_measures") for rule in urgent}


@pytest.mark.parametrize("rule", ["bc-expired", "other", "bc-valid", "bc-renewing", "l-ended"])
def test_who_has_a_permit_is_told_that_the_name_is_passed(project: Project, rule: str) -> None:
    assert "name_passed" in next(r.notices for r in project.table.rules if r.id == rule)


def test_the_sentences_to_say_are_in_french_and_german_whatever_the_language(
    project: Project,
) -> None:
    french, german = (project.wordings[code].data["say"] for code in ("fr", "de"))
    assert french["apply"] == "Je veux demander l’aide sociale."
    assert german["apply"] == "Ich möchte Sozialhilfe beantragen."
    assert list(french) == list(german)
