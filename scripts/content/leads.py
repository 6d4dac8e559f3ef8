"""Where the self-check leads: pages that explain outcomes and notices, and what to bring."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.content.pages import Page
from scripts.faults import Fault, raise_if_any, relative_name
from scripts.strict_yaml import Item, read_yaml
from scripts.table.load import ANY
from scripts.table.model import DecisionTable

_KEYS = ("outcomes", "notices", "bring")


@dataclass(frozen=True)
class Leads:
    """Where outcomes and notices lead, as `page#section`; the rules of each thing to bring.

    `bring` holds the ids of rules, none for a thing that goes with every rule.
    """

    outcomes: Mapping[str, str]
    notices: Mapping[str, str]
    bring: Mapping[str, tuple[str, ...]]
    lines: Mapping[str, int]
    file: str


def load_leads(path: Path) -> Leads:
    """Return the leads in a YAML file; raise `FaultsError` with every fault of its form."""
    faults: list[Fault] = []
    entries = read_yaml(path, faults).mapping(_KEYS)
    raise_if_any(faults)
    parts = {key: entries[key].mapping(optional=None) for key in _KEYS}
    outcomes, notices = ({k: v.text() for k, v in parts[key].items()} for key in _KEYS[:2])
    bring = {thing: _rules(item) for thing, item in parts["bring"].items()}
    raise_if_any(faults)
    lines = {name: item.line for part in parts.values() for name, item in part.items()}
    return Leads(outcomes, notices, bring, lines, relative_name(path))


def check_leads(
    leads: Leads, table: DecisionTable, worded: Mapping[str, str], pages: Mapping[str, Page]
) -> Iterator[Fault]:
    """Yield each outcome, notice and thing without a lead, and each lead to what is not there.

    Args:
        leads: the leads.
        table: the decision table, whose outcomes, notices and rules they speak of.
        worded: the things to bring that have a wording.
        pages: the French pages by path.
    """
    yield from _same(leads, "outcomes", leads.outcomes, table.outcomes)
    yield from _same(leads, "notices", leads.notices, table.notices)
    yield from _same(leads, "bring", leads.bring, worded)
    known = [rule.id for rule in table.rules]
    for thing, rules in leads.bring.items():
        for rule in rules:
            if rule not in known:
                message = f"bring.{thing}: rule '{rule}' is unknown; allowed: {', '.join(known)}"
                yield Fault(leads.file, leads.lines[thing], message)
    for name, target in (*leads.outcomes.items(), *leads.notices.items()):
        page, _, section = target.partition("#")
        if page not in pages or section not in pages[page].ids:
            message = f"'{name}' leads to '{target}'; expected a page and a section of it"
            yield Fault(leads.file, leads.lines[name], message)


def _rules(item: Item) -> tuple[str, ...]:
    if item.is_sequence():
        return item.texts()
    item.text({ANY})
    return ()


def _same(
    leads: Leads, section: str, found: Collection[str], expected: Collection[str]
) -> Iterator[Fault]:
    for name in expected:
        if name not in found:
            yield Fault(leads.file, 0, f"'{section}.{name}' is missing; say where it leads")
    for name in found:
        if name not in expected:
            message = f"'{section}.{name}' is left over; allowed: {', '.join(expected)}"
            yield Fault(leads.file, leads.lines[name], message)
