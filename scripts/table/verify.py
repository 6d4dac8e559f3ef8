"""Proof that the table is complete and free of contradiction, or every fault it has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from scripts.faults import Fault
from scripts.table.model import UNKNOWN, DecisionTable, Example, Rule, Situation


@dataclass(frozen=True)
class Proof:
    """What verification counted: situations, and how many were matched by exactly one rule."""

    situations: int
    matched_once: int
    rules: int
    examples: int


def verify_table(table: DecisionTable) -> list[Fault]:
    """Return every gap, overlap, dead rule, unused outcome or notice, unreachable question,
    wrong example and missing example, each with file, line, rule and cell.
    """  # noqa: D205
    checks: tuple[Callable[[DecisionTable], Iterator[Fault]], ...] = (
        _gaps,
        _overlaps,
        _dead_rules,
        _unused,
        _unreachable_questions,
        _wrong_examples,
        _missing_examples,
    )
    return [fault for check in checks for fault in check(table)]


def prove(table: DecisionTable) -> Proof:
    """Count the situations and those matched by exactly one rule."""
    once = sum(len(table.matching(situation)) == 1 for situation in table.situations)
    examples = sum(len(rule.examples) for rule in table.rules)
    return Proof(len(table.situations), once, len(table.rules), examples)


def boundaries(table: DecisionTable) -> set[tuple[str, str]]:
    """Return the pairs of rules (sorted ids) that one changed answer leads between."""
    owner = {_key(situation): table.matching(situation) for situation in table.situations}
    pairs = set()
    for situation in table.situations:
        for neighbour in _neighbours(table, situation):
            for one in owner[_key(situation)]:
                pairs |= {_pair(one, other) for other in owner[_key(neighbour)] if other != one}
    return pairs


def _gaps(table: DecisionTable) -> Iterator[Fault]:
    missing = [s for s in table.situations if not table.matching(s)]
    while missing:
        cube = _widest_gap(table, missing[0], missing)
        yield Fault(table.file, 0, f"gap: {_said(cube)} matches no rule; add a rule or widen one")
        missing = [situation for situation in missing if not _inside(situation, cube)]


def _widest_gap(table: DecisionTable, situation: Situation, missing: list[Situation]) -> Situation:
    """Leave out each answer without which the whole remaining block is still missing."""
    cube = dict(situation)
    for question in reversed(table.inputs):
        wider = {key: answer for key, answer in cube.items() if key != question.id}
        if all(s in missing for s in table.situations if _inside(s, wider)):
            cube = wider
    return cube


def _overlaps(table: DecisionTable) -> Iterator[Fault]:
    for first, second in combinations(table.rules, 2):
        shared = [s for s in table.situations if first.matches(s) and second.matches(s)]
        if shared:
            yield Fault(table.file, second.line, _overlap_message(table, first, second))


def _overlap_message(table: DecisionTable, first: Rule, second: Rule) -> str:
    ones, others = _extent(table, first), _extent(table, second)
    cells = _shared_cells(table, first, second)
    if ones == others:
        return f"duplicate: rules '{first.id}' and '{second.id}' match the same: {cells}; keep one"
    if ones < others or others < ones:
        inner, outer = (first, second) if ones < others else (second, first)
        return f"overlap: rule '{inner.id}' lies within rule '{outer.id}': {cells}; separate them"
    return f"overlap: rules '{first.id}' and '{second.id}' both match {cells}; separate them"


def _shared_cells(table: DecisionTable, first: Rule, second: Rule) -> str:
    """Say which answers two rules share, leaving out the inputs that neither looks at."""
    shown = []
    for question in table.inputs:
        cells = [rule.when[question.id] for rule in (first, second)]
        if any(cell is not None for cell in cells):
            both = [a for a in question.answers if all(cell is None or a in cell for cell in cells)]
            shown.append(f"{question.id}={'|'.join(both)}")
    return ", ".join(shown)


def _dead_rules(table: DecisionTable) -> Iterator[Fault]:
    for rule in table.rules:
        alone = [s for s in table.situations if table.matching(s) == [rule]]
        if not alone:
            message = (
                f"dead rule: no situation is matched by '{rule.id}' alone; remove or narrow it"
            )
            yield Fault(table.file, rule.line, message)


def _unused(table: DecisionTable) -> Iterator[Fault]:
    given = {rule.outcome for rule in table.rules}
    shown = {notice for rule in table.rules for notice in rule.notices}
    for kind, names, used in (("outcome", table.outcomes, given), ("notice", table.notices, shown)):
        for name in names:
            if name not in used:
                message = f"unused {kind}: no rule gives '{name}'; use it or remove it"
                yield Fault(table.file, table.lines.get(name, 0), message)


def _unreachable_questions(table: DecisionTable) -> Iterator[Fault]:
    for question in table.inputs:
        if not any(_decides(table, situation, question.id) for situation in table.situations):
            message = f"unreachable question: no answer to '{question.id}' changes the outcome"
            yield Fault(table.file, table.lines.get(question.id, 0), message + "; remove it")


def _decides(table: DecisionTable, situation: Situation, input_id: str) -> bool:
    outcomes = {rule.outcome for rule in table.matching(situation)}
    for neighbour in _neighbours(table, situation, input_id):
        outcomes |= {rule.outcome for rule in table.matching(neighbour)}
    return len(outcomes) > 1


def _wrong_examples(table: DecisionTable) -> Iterator[Fault]:
    for rule in table.rules:
        for example in rule.examples:
            found = [other.id for other in table.matching(example.answers)]
            if found != [rule.id]:
                message = (
                    f"rule '{rule.id}', example '{example.name}': found "
                    f"{', '.join(found) or 'no rule'}, expected {rule.id}"
                )
                yield Fault(table.file, example.line, message + "; correct the answers")


def _missing_examples(table: DecisionTable) -> Iterator[Fault]:
    for rule in table.rules:
        if not rule.examples:
            message = f"rule '{rule.id}' has no example; add a case that a lawyer can sign"
            yield Fault(table.file, rule.line, message)
    shown = _boundaries_with_example(table)
    for pair in sorted(boundaries(table) - shown):
        message = (
            f"boundary between rules '{pair[0]}' and '{pair[1]}' has no example; "
            "add a case that one changed answer leads across"
        )
        yield Fault(table.file, table.rule(pair[0]).line, message)


def _boundaries_with_example(table: DecisionTable) -> set[tuple[str, str]]:
    pairs = set()
    for rule in table.rules:
        for example in rule.examples:
            for situation in _covered(table, example):
                for neighbour in _neighbours(table, situation):
                    pairs |= {_pair(rule, other) for other in table.matching(neighbour)}
    return pairs


def _covered(table: DecisionTable, example: Example) -> Iterable[Situation]:
    return (s for s in table.situations if _inside(s, example.answers))


def _neighbours(
    table: DecisionTable, situation: Situation, only: str | None = None
) -> Iterator[Situation]:
    for question in table.inputs:
        if only in (None, question.id):
            for answer in question.answers:
                if answer != situation[question.id]:
                    yield {**situation, question.id: answer}


def _extent(table: DecisionTable, rule: Rule) -> set[tuple[str, ...]]:
    return {_key(situation) for situation in table.situations if rule.matches(situation)}


def _inside(situation: Situation, cube: Situation) -> bool:
    return all(answer in (UNKNOWN, situation[key]) for key, answer in cube.items())


def _key(situation: Situation) -> tuple[str, ...]:
    return tuple(situation.values())


def _pair(one: Rule, other: Rule) -> tuple[str, str]:
    first, second = sorted((one.id, other.id))
    return first, second


def _said(answers: Situation) -> str:
    return ", ".join(f"{key}={answer}" for key, answer in answers.items()) or "everything"
