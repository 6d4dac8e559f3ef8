"""What drawings show that is worked out: permits, and what the rules give in each state of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from scripts.table.model import DecisionTable

PERMIT, STATE = "status", "validity"
"""The inputs whose answers are permits, and the states of a permit."""
_AT_HOME = {"residence": "yes"}
"""The drawing is of those who live in the canton: the page says so before it."""


@dataclass(frozen=True)
class StateRow:
    """A state of a permit and its outcome; `salary` is the answer it holds for, "" for any."""

    state: str
    salary: str
    outcome: str


@dataclass(frozen=True)
class PermitStates:
    """Permits for which the rules give the same, state by state."""

    permits: tuple[str, ...]
    rows: tuple[StateRow, ...]


def permit_states(table: DecisionTable) -> list[PermitStates]:
    """Return what the rules give for each permit whose state changes the outcome."""
    questions = {question.id: question.answers for question in table.inputs}
    rows = {permit: _rows(table, permit, questions) for permit in questions[PERMIT]}
    told = [one for one in rows if len({row.outcome for row in rows[one]}) > 1]
    return [PermitStates(tuple(same), found) for found, same in groupby(told, rows.__getitem__)]


def _rows(
    table: DecisionTable, permit: str, questions: dict[str, tuple[str, ...]]
) -> tuple[StateRow, ...]:
    states = questions[STATE]
    return tuple(row for state in states for row in _outcomes(table, permit, state, questions))


def _outcomes(
    table: DecisionTable, permit: str, state: str, questions: dict[str, tuple[str, ...]]
) -> Iterator[StateRow]:
    answers = {**_AT_HOME, PERMIT: permit, STATE: state}
    outcomes = {rule.outcome for rule in table.matching(answers)}
    if len(outcomes) == 1:
        yield StateRow(state, "", *outcomes)
        return
    for salary in questions["salary"]:
        [rule] = table.matching({**answers, "salary": salary})
        yield StateRow(state, salary, rule.outcome)
