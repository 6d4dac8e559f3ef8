"""What a set of answers means: the rules and outcomes still possible, the next question.

The self-check script (overrides/assets/javascripts/self-check.js) says the same in the browser;
the tests compare the two over every set of answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scripts.table.model import UNKNOWN, DecisionTable, Situation


@dataclass(frozen=True)
class Evaluation:
    """Rule ids and outcomes still possible, in table order; the next input to ask, or None."""

    rules: tuple[str, ...]
    outcomes: tuple[str, ...]
    question: str | None


def evaluate(table: DecisionTable, answers: Mapping[str, str]) -> Evaluation:
    """Return what follows from the answers.

    Args:
        table: a verified table.
        answers: input id to an answer of the table or `unknown`; an absent input is open.

    """
    rules = table.matching(answers)
    possible = {rule.outcome for rule in rules}
    return Evaluation(
        rules=tuple(rule.id for rule in rules),
        outcomes=tuple(outcome for outcome in table.outcomes if outcome in possible),
        question=_next_question(table, answers),
    )


def can_change_outcome(table: DecisionTable, answers: Mapping[str, str], input_id: str) -> bool:
    """Tell whether two situations that fit the answers differ in this input and in outcome."""
    outcome_of_rest: dict[tuple[str, ...], str] = {}
    for situation in table.situations:
        if not _fits(situation, answers):
            continue
        rest = tuple(answer for key, answer in situation.items() if key != input_id)
        outcome = next(rule.outcome for rule in table.rules if rule.matches(situation))
        if outcome_of_rest.setdefault(rest, outcome) != outcome:
            return True
    return False


def _next_question(table: DecisionTable, answers: Mapping[str, str]) -> str | None:
    for question in table.inputs:
        if question.id not in answers and can_change_outcome(table, answers, question.id):
            return question.id
    return None


def _fits(situation: Situation, answers: Mapping[str, str]) -> bool:
    return all(answer in (UNKNOWN, situation[key]) for key, answer in answers.items())
