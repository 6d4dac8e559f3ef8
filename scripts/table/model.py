"""The decision table as values. Terms are DMN's: input, rule, hit policy, outcome."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product

UNKNOWN = "unknown"
"""The answer "I don't know": no value of the table, and never a "no"."""

Situation = Mapping[str, str]
"""One answer of the table for every input id."""


@dataclass(frozen=True)
class Input:
    """A question: its id and the closed list of its answers, in the order they are shown."""

    id: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Example:
    """A case that a lawyer can sign; `answers` may leave out what does not matter.

    `said` is its name in the languages of the canton, by code.
    """

    name: str
    said: Mapping[str, str]
    answers: Mapping[str, str]
    line: int


@dataclass(frozen=True)
class Rule:
    """One row. `when` maps each input id to the answers that fit, None for any."""

    id: str
    when: Mapping[str, frozenset[str] | None]
    outcome: str
    notices: tuple[str, ...]
    source: str
    examples: tuple[Example, ...]
    line: int

    def matches(self, answers: Mapping[str, str]) -> bool:
        """Tell whether the answers given fit; an input that is absent or unknown fits."""
        return all(self._fits(input_id, answers.get(input_id, UNKNOWN)) for input_id in self.when)

    def _fits(self, input_id: str, answer: str) -> bool:
        cell = self.when[input_id]
        return cell is None or answer == UNKNOWN or answer in cell


@dataclass(frozen=True)
class DecisionTable:
    """The whole table, hit policy UNIQUE: every situation is matched by exactly one rule."""

    version: str
    inputs: tuple[Input, ...]
    outcomes: tuple[str, ...]
    notices: tuple[str, ...]
    rules: tuple[Rule, ...]
    file: str
    lines: Mapping[str, int]

    @cached_property
    def situations(self) -> tuple[Situation, ...]:
        """Every combination of answers, in the order of the table."""
        return tuple(self._combinations())

    def rule(self, rule_id: str) -> Rule:
        """Return the rule with this id; KeyError if there is none."""
        return {rule.id: rule for rule in self.rules}[rule_id]

    def _combinations(self) -> Iterator[Situation]:
        ids = [question.id for question in self.inputs]
        for answers in product(*(question.answers for question in self.inputs)):
            yield dict(zip(ids, answers, strict=True))
