"""Strict loading of the decision table: a closed vocabulary, all faults at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from scripts.faults import Fault, raise_if_any, relative_name
from scripts.strict_yaml import Item, read_yaml
from scripts.table.model import UNKNOWN, DecisionTable, Example, Input, Rule

ANY = "any"
_KEYS = ("hit_policy", "version", "inputs", "outcomes", "notices", "rules")
_SAID_IN = ("fr", "de")
"""The languages in which an example is told."""
_EXAMPLE_KEYS = ("name", *_SAID_IN, "answers")
_RULE_KEYS = ("id", "when", "outcome", "notices", "source", "examples")


def load_table(path: Path) -> DecisionTable:
    """Return the table in a YAML file; raise `FaultsError` with every fault of its form."""
    faults: list[Fault] = []
    entries = read_yaml(path, faults).mapping(_KEYS)
    raise_if_any(faults)
    entries["hit_policy"].text({"UNIQUE"})
    inputs = tuple(_input(item) for item in entries["inputs"].sequence())
    outcomes = _lines_by_id(entries["outcomes"])
    notices = _lines_by_id(entries["notices"])
    domains = {question.id: question.answers for question in inputs}
    rules = tuple(
        _rule(item, domains, tuple(outcomes), tuple(notices))
        for item in entries["rules"].sequence()
    )
    _refuse_duplicates(entries["rules"], [rule.id for rule in rules], "rule")
    _refuse_duplicates(entries["inputs"], [question.id for question in inputs], "input")
    raise_if_any(faults)
    return DecisionTable(
        version=entries["version"].text(),
        inputs=inputs,
        outcomes=tuple(outcomes),
        notices=tuple(notices),
        rules=rules,
        file=relative_name(path),
        lines={**outcomes, **notices, **_input_lines(entries["inputs"])},
    )


def _input(item: Item) -> Input:
    entries = item.mapping(("id", "answers"))
    if len(entries) < 2:
        return Input("", ())
    answers = entries["answers"].texts()
    if UNKNOWN in answers:
        entries["answers"].fault(f"'{UNKNOWN}' is an answer to every question; leave it out here")
    if len(set(answers)) < len(answers):
        entries["answers"].fault(f"{entries['answers'].name}: an answer stands twice; keep one")
    return Input(entries["id"].text(), answers)


def _input_lines(item: Item) -> dict[str, int]:
    return {entry.mapping(("id", "answers"))["id"].text(): entry.line for entry in item.sequence()}


def _lines_by_id(item: Item) -> dict[str, int]:
    lines: dict[str, int] = {}
    for entry in item.sequence():
        name = entry.text()
        if name in lines:
            entry.fault(f"{item.name}: '{name}' stands twice; keep one")
        lines.setdefault(name, entry.line)
    return lines


def _rule(
    item: Item,
    domains: Mapping[str, tuple[str, ...]],
    outcomes: tuple[str, ...],
    notices: tuple[str, ...],
) -> Rule:
    entries = item.mapping(_RULE_KEYS)
    if len(entries) < len(_RULE_KEYS):
        return Rule("", {}, "", (), "", (), item.line)
    rule_id = entries["id"].text()
    named = Item(item.node, item.file, item.faults, f"rule '{rule_id}'")
    cells = _named_within(named, entries["when"]).mapping(domains)
    return Rule(
        id=rule_id,
        when={key: _cell(cell, rule_id, key, domains[key]) for key, cell in cells.items()},
        outcome=_named_within(named, entries["outcome"], "outcome").text(outcomes),
        notices=_named_within(named, entries["notices"], "notices").texts(notices),
        source=entries["source"].text(),
        examples=tuple(
            _example(entry, rule_id, domains) for entry in entries["examples"].sequence()
        ),
        line=item.line,
    )


def _named_within(owner: Item, item: Item, name: str = "when") -> Item:
    return Item(item.node, item.file, item.faults, f"{owner.name}, {name}")


def _cell(
    item: Item, rule_id: str, input_id: str, domain: tuple[str, ...]
) -> frozenset[str] | None:
    entries = item.sequence() if item.is_sequence() else [item]
    answers = [entry for entry in entries if not _is_any(entry, alone=len(entries) == 1)]
    for entry in answers:
        answer = entry.text()
        if answer not in domain:
            entry.fault(
                f"rule '{rule_id}' names answer '{answer}' for '{input_id}'; "
                f"allowed: {', '.join(domain)}, or {ANY}"
            )
    values = [entry.text() for entry in answers]
    if len(set(values)) < len(values):
        item.fault(f"rule '{rule_id}' names an answer for '{input_id}' twice; keep one")
    if not entries:
        item.fault(f"rule '{rule_id}' names no answer for '{input_id}'; name one, or {ANY}")
    return frozenset(values) if values else None


def _is_any(item: Item, *, alone: bool) -> bool:
    return alone and item.text() == ANY


def _example(item: Item, rule_id: str, domains: Mapping[str, tuple[str, ...]]) -> Example:
    entries = item.mapping(_EXAMPLE_KEYS)
    if len(entries) < len(_EXAMPLE_KEYS):
        return Example("", {}, {}, item.line)
    answers = _named_within(
        Item(None, item.file, item.faults, f"rule '{rule_id}'"), entries["answers"], "example"
    ).mapping((), domains)
    return Example(
        name=entries["name"].text(),
        said={code: entries[code].text() for code in _SAID_IN},
        answers={key: answer.text(domains[key]) for key, answer in answers.items()},
        line=item.line,
    )


def _refuse_duplicates(item: Item, ids: list[str], kind: str) -> None:
    for entry, name in zip(item.sequence(), ids, strict=True):
        if ids.index(name) != item.sequence().index(entry):
            entry.fault(f"{kind} '{name}' stands twice; give each {kind} an id of its own")
