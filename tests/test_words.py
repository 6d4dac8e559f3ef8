"""Words that were wrong once and must not come back, in every language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from scripts.content.project import Project
from scripts.content.prose import passages, wording_passages
from tests.conftest import COMPLETE

LOST: dict[str, list[dict[str, str]]] = yaml.safe_load(
    (Path(__file__).parent / "lost-wordings.yml").read_text(encoding="utf-8")
)
"""By language: patterns of words that misled a reader, each with the reason."""


def texts(project: Project, code: str) -> list[tuple[str, str]]:
    """Return everything that is said in a language, with its place."""
    found = [p for page in project.pages[code].values() for p in passages(page, None)]
    found += wording_passages(project.wordings[code], None)
    return [(f"{p.file}:{p.line}", text) for p in found for text in (p.text, p.written)]


@pytest.mark.parametrize("code", COMPLETE)
def test_no_wording_that_misled_comes_back(project: Project, code: str) -> None:
    said = texts(project, code)
    found = [
        f"{place}: '{lost['pattern']}' ({lost['why']})"
        for lost in LOST[code]
        for place, text in said
        if re.search(lost["pattern"], text)
    ]
    assert not found, "\n".join(found)


def test_each_language_has_wordings_that_must_not_come_back() -> None:
    assert set(LOST) >= set(COMPLETE)


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
