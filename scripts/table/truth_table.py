"""The truth table: every situation with its rule and what it gives, committed and compared.

A change of the rules then shows, in a difference of one file, which situations move.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from scripts.faults import Fault, relative_name
from scripts.table.model import DecisionTable, Situation

REMEDY = "run `python3 -m scripts truth-table` and look at what moved"


def truth_table(table: DecisionTable) -> str:
    """Return the table as CSV text, a row a situation, in the order of the answers."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    inputs = [question.id for question in table.inputs]
    writer.writerow([*inputs, "rule", "outcome", "notices", "source"])
    for situation in table.situations:
        writer.writerow([*situation.values(), *_results(table, situation)])
    return buffer.getvalue()


def check_truth_table(table: DecisionTable, path: Path) -> Iterator[Fault]:
    """Yield a fault for the first line in which the committed file differs."""
    name = relative_name(path)
    if not path.exists():
        yield Fault(name, 0, f"is missing; {REMEDY}")
        return
    found = path.read_text(encoding="utf-8").splitlines()
    expected = truth_table(table).splitlines()
    for number in range(max(len(found), len(expected))):
        ours = found[number] if number < len(found) else "nothing"
        theirs = expected[number] if number < len(expected) else "nothing"
        if ours != theirs:
            message = f"differs from {table.file}: found '{ours}', expected '{theirs}'; {REMEDY}"
            yield Fault(name, number + 1, message)
            return


def _results(table: DecisionTable, situation: Situation) -> list[str]:
    rules = table.matching(situation)
    return [
        "|".join(rule.id for rule in rules),
        "|".join(rule.outcome for rule in rules),
        "|".join(notice for rule in rules for notice in rule.notices),
        "|".join(rule.source for rule in rules),
    ]
