"""The decision table as data: for the self-check's script, and published for everybody."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from scripts.content.project import Project
from scripts.site.addresses import CSV_TABLE, DMN_TABLE, JSON_TABLE
from scripts.table.dmn import Authority, dmn_document
from scripts.table.model import UNKNOWN, DecisionTable, Input, Rule
from scripts.table.truth_table import truth_table


def self_check_data(table: DecisionTable) -> str:
    """Return the rules as the self-check script reads them: compact JSON, safe inside HTML.

    A row a rule: id, outcome, notices, then a cell for each question in the form's order: the
    positions of its answers in the form, empty for any. The form itself says the rest.
    """
    rows = [
        [rule.id, rule.outcome, " ".join(rule.notices), *(_cell(rule, q) for q in table.inputs)]
        for rule in table.rules
    ]
    data = {"outcomes": " ".join(table.outcomes), "rules": rows}
    return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")


def rules_version(table: DecisionTable) -> str:
    """Return 8 hexadecimal digits that change with what the self-check script reads."""
    return hashlib.sha256(self_check_data(table).encode()).hexdigest()[:8]


def open_data(project: Project) -> dict[str, str]:
    """Return the published files of the table by their path in the site."""
    table = project.table
    cited = list(dict.fromkeys(rule.source for rule in table.rules))
    data = {
        "version": table.version,
        "hit_policy": "UNIQUE",
        "unknown": UNKNOWN,
        "inputs": [{"id": q.id, "answers": list(q.answers)} for q in table.inputs],
        "outcomes": list(table.outcomes),
        "notices": list(table.notices),
        "rules": [_rule(rule) for rule in table.rules],
        "sources": {name: _source(project, name) for name in cited},
    }
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    authorities = [_authority(project, name) for name in cited]
    dmn = dmn_document(table, project.source_wording.texts, authorities)
    return {JSON_TABLE: text, CSV_TABLE: truth_table(table), DMN_TABLE: dmn}


def _cell(rule: Rule, question: Input) -> str:
    return "".join(str(question.answers.index(answer)) for answer in rule.fitting(question))


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "when": {key: sorted(cell) for key, cell in rule.when.items() if cell is not None},
        "outcome": rule.outcome,
        "notices": list(rule.notices),
        "source": rule.source,
    }


def _source(project: Project, name: str) -> dict[str, Any]:
    source = project.register.sources[name]
    return {
        "status": source.status,
        "checked_on": source.checked_on.isoformat(),
        "statement": project.source_wording.texts.get(f"sources.{name}", ""),
        "links": [{"title": link.title, "url": link.url} for link in source.links],
    }


def _authority(project: Project, name: str) -> Authority:
    source = project.register.sources[name]
    texts = project.source_wording.texts
    titles = "; ".join(link.title for link in source.links) or name
    checked = texts["ui.checked_on"].format(date=source.checked_on.strftime("%d.%m.%Y"))
    statement = f"{texts[f'sources.{name}']} {texts[f'statuses.{source.status}']}, {checked}."
    url = next((link.url for link in source.links if link.url), "")
    return Authority(name, titles, statement, url)
