"""The decision table: strict loading, proof, and that no cell can change unnoticed."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scripts.content.project import RULES, Project
from scripts.faults import ROOT, FaultsError
from scripts.table.evaluate import evaluate
from scripts.table.load import load_table
from scripts.table.model import UNKNOWN, DecisionTable, Rule
from scripts.table.truth_table import check_truth_table, truth_table
from scripts.table.verify import boundaries, prove, verify_table
from tests.conftest import ContentCopy

TABLE = "scripts/rules/eligibility.yml"
TRUTH = ROOT / RULES / "truth-table.csv"

SMALL = """
hit_policy: UNIQUE
version: 1
inputs:
  - id: home
    answers: [yes, no]
  - id: paper
    answers: [swiss, other]
outcomes: [inside, outside]
notices: [careful]
rules:
  - id: here
    when: {home: yes, paper: any}
    outcome: inside
    notices: []
    source: SRC-A
    examples:
      - {name: lives here, fr: ici, de: hier, answers: {home: yes, paper: swiss}}
  - id: away
    when: {home: no, paper: any}
    outcome: outside
    notices: [careful]
    source: SRC-A
    examples:
      - {name: lives elsewhere, fr: ailleurs, de: anderswo, answers: {home: no}}
"""


@pytest.fixture
def small(tmp_path: Path) -> Callable[[str, str], Path]:
    """A small right table with one thing replaced."""

    def written(old: str, new: str) -> Path:
        assert old in SMALL
        path = tmp_path / "table.yml"
        path.write_text(SMALL.replace(old, new, 1), encoding="utf-8")
        return path

    return written


def messages(table: DecisionTable) -> str:
    return "\n".join(str(fault) for fault in verify_table(table))


def test_the_real_table_matches_every_situation_exactly_once(project: Project) -> None:
    proof = prove(project.table)
    assert (proof.situations, proof.matched_once) == (120, 120)
    assert verify_table(project.table) == []


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_the_rows_means_nothing(project: Project, seed: int) -> None:
    rules = list(project.table.rules)
    random.Random(seed).shuffle(rules)
    shuffled = dataclasses.replace(project.table, rules=tuple(rules))
    assert verify_table(shuffled) == []
    assert truth_table(shuffled) == truth_table(project.table)


def test_the_committed_truth_table_is_that_of_the_rules(project: Project) -> None:
    assert list(check_truth_table(project.table, TRUTH)) == []
    assert len(TRUTH.read_text(encoding="utf-8").splitlines()) == 121


def test_every_example_leads_to_its_rule_and_every_boundary_has_one(project: Project) -> None:
    for rule in project.table.rules:
        assert rule.examples
        for example in rule.examples:
            assert evaluate(project.table, example.answers).rules == (rule.id,)
    assert ("l-valid-no-salary", "l-valid-salary") in boundaries(project.table)


def mutations(table: DecisionTable) -> Iterator[tuple[str, DecisionTable]]:
    """Every table that differs from this one in a single cell."""
    for number, rule in enumerate(table.rules):
        for name, mutant in _mutants(table, rule):
            rules = (*table.rules[:number], mutant, *table.rules[number + 1 :])
            yield f"{rule.id}: {name}", dataclasses.replace(table, rules=rules)


def _mutants(table: DecisionTable, rule: Rule) -> Iterator[tuple[str, Rule]]:
    for question in table.inputs:
        cell = rule.when[question.id]
        full = frozenset(question.answers)
        cells = {None, *(frozenset({one}) for one in full)}
        cells |= {(cell or full) ^ {one} for one in full}
        for other in cells - {cell}:
            if other != frozenset() and not (cell is None and other == full):
                when = {**rule.when, question.id: other}
                yield f"{question.id}={other}", dataclasses.replace(rule, when=when)
    for outcome in set(table.outcomes) - {rule.outcome}:
        yield f"outcome={outcome}", dataclasses.replace(rule, outcome=outcome)
    for notice in table.notices:
        toggled = tuple(one for one in rule.notices if one != notice)
        changed = toggled if notice in rule.notices else (*rule.notices, notice)
        yield f"notices={changed}", dataclasses.replace(rule, notices=changed)
    yield "source", dataclasses.replace(rule, source="SRC-OTHER")


def test_changing_any_single_cell_is_noticed(project: Project) -> None:
    mutants = list(mutations(project.table))
    unnoticed = [
        name
        for name, table in mutants
        if not any(check_truth_table(table, TRUTH)) and not verify_table(table)
    ]
    assert len(mutants) > 250
    assert unnoticed == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "{home: no, paper: any}",
            "{home: no, paper: swiss}",
            "gap: home=no, paper=other matches no rule",
        ),
        (
            "{home: no, paper: any}",
            "{home: any, paper: other}",
            "overlap: rules 'here' and 'away' both match home=yes, paper=other",
        ),
        ("{home: no, paper: any}", "{home: yes, paper: any}", "duplicate: rules 'here' and 'away'"),
        (
            "{home: no, paper: any}",
            "{home: yes, paper: other}",
            "overlap: rule 'away' lies within rule 'here': home=yes, paper=other",
        ),
        (
            "{home: no, paper: any}",
            "{home: yes, paper: other}",
            "dead rule: no situation is matched by 'away' alone",
        ),
        ("[inside, outside]", "[inside, outside, third]", "unused outcome: no rule gives 'third'"),
        ("[careful]\nrules", "[careful, idle]\nrules", "unused notice: no rule gives 'idle'"),
        ("version: 1", "version: 2", "unreachable question: no answer to 'paper' changes"),
        (
            "answers: {home: no}",
            "answers: {home: yes}",
            "rule 'away', example 'lives elsewhere': found here, expected away",
        ),
        (
            "examples:\n"
            "      - {name: lives here, fr: ici, de: hier, answers: {home: yes, paper: swiss}}",
            "examples: []",
            "rule 'here' has no example",
        ),
    ],
)
def test_each_fault_of_a_table_is_named_with_its_cell(
    small: Callable[[str, str], Path], old: str, new: str, expected: str
) -> None:
    assert expected in messages(load_table(small(old, new)))


def test_a_boundary_without_example_is_named(copy: ContentCopy) -> None:
    copy.replace(
        TABLE,
        "        answers: {residence: yes, status: permit_l, validity: valid, salary: yes}",
        "        answers: {status: permit_l}",
    )
    found = copy.faults()
    name = "valid permit L, a salary that is not enough for the family"
    assert any(f"example '{name}': found not-resident" in one for one in found)


def test_all_faults_are_told_at_once_with_file_line_found_and_allowed(
    small: Callable[[str, str], Path],
) -> None:
    path = small("{home: yes, paper: any}", "{home: yess, paper: any, size: big}")
    with pytest.raises(FaultsError) as caught:
        load_table(path)
    text = str(caught.value)
    assert ":13: rule 'here' names answer 'yess' for 'home'; allowed: yes, no, or any" in text
    assert ":13: unknown key 'size'; allowed: home, paper" in text


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("UNIQUE", "FIRST", "hit_policy: found 'FIRST'; allowed: UNIQUE"),
        ("outcome: inside", "outcome: insid", "found 'insid'; allowed: inside, outside"),
        ("notices: [careful]\n    source", "notices: [carefull]\n    source", "found 'carefull'"),
        ("home: yes, paper: any}", "home: yes}", "key 'paper' is missing"),
        ("id: away", "id: here", "rule 'here' stands twice"),
        ("answers: [yes, no]", "answers: [yes, yes]", "an answer stands twice"),
        ("answers: [yes, no]", "answers: [yes, no, unknown]", "'unknown' is an answer to every"),
        ("home: yes, paper: any", "home: [yes, yes], paper: any", "'home' twice; keep one"),
        ("home: yes, paper: any", "home: [], paper: any", "names no answer for 'home'"),
        ("version: 1", "version: 1\nversion: 2", "key 'version' stands twice (first in line 3)"),
        ("version: 1", "", "key 'version' is missing"),
        ("rules:", "rules: [", "is not valid YAML"),
    ],
)
def test_each_fault_of_form_is_named(
    small: Callable[[str, str], Path], old: str, new: str, expected: str
) -> None:
    with pytest.raises(FaultsError) as caught:
        load_table(small(old, new))
    assert expected in str(caught.value)


def test_yes_and_no_stay_words() -> None:
    table = load_table(ROOT / TABLE)
    assert table.inputs[0].answers == ("yes", "no")
    assert table.version == "2026-11-30"


def test_unknown_leaves_every_outcome_open_and_asks_no_more(project: Project) -> None:
    found = evaluate(project.table, {one.id: UNKNOWN for one in project.table.inputs})
    assert found.outcomes == project.table.outcomes
    assert found.question is None


@pytest.mark.parametrize(
    ("answers", "question"),
    [
        ({}, "residence"),
        ({"residence": "no"}, None),
        ({"residence": "yes"}, "status"),
        ({"residence": "yes", "status": "swiss"}, None),
        ({"residence": "yes", "status": "permit_b"}, "validity"),
        ({"residence": "yes", "status": "permit_l", "validity": "valid"}, "salary"),
        ({"residence": "yes", "status": "permit_l", "validity": "revoked"}, None),
        ({"residence": "yes", "status": "permit_b", "validity": UNKNOWN}, None),
        ({"residence": "yes", "status": "permit_l", "validity": UNKNOWN}, "salary"),
        ({"residence": UNKNOWN, "status": "asylum"}, None),
    ],
)
def test_a_question_is_asked_only_while_it_can_change_the_outcome(
    project: Project, answers: dict[str, str], question: str | None
) -> None:
    assert evaluate(project.table, answers).question == question


def test_one_outcome_left_is_an_answer_though_several_rules_lead_to_it(project: Project) -> None:
    answers = {"residence": "yes", "status": "permit_l", "validity": UNKNOWN, "salary": "no"}
    found = evaluate(project.table, answers)
    assert found.outcomes == ("special_reduced",)
    assert found.rules == ("l-valid-no-salary", "l-ended")


def test_a_changed_rule_shows_which_situation_moved(copy: ContentCopy) -> None:
    copy.replace(TABLE, "outcome: special\n", "outcome: ordinary\n")
    [fault] = [one for one in copy.faults() if "truth-table.csv" in one]
    assert "permit_l,valid,yes,l-valid-salary,special" in fault
    assert "expected 'yes,permit_l,valid,yes,l-valid-salary,ordinary" in fault
