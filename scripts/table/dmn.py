"""The decision table as DMN 1.3 (Decision Model and Notation, OMG), for lawyers and engines.

Ids and values are those of the table; what people read is French. An annotation of each rule gives
its reason and its source; a diagram shows the inputs and sources that the decision rests on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree
from lxml.builder import ElementMaker

from scripts.table.model import DecisionTable, Input, Rule

DECISION = "eligibility"
"""The id of the decision."""
MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"
_DIAGRAM = "https://www.omg.org/spec/DMN/20191111/DMNDI/"
_COMMON = "http://www.omg.org/spec/DMN/20180521/DC/"
_INTERCHANGE = "http://www.omg.org/spec/DMN/20180521/DI/"
_SPACES = {None: MODEL, "dmndi": _DIAGRAM, "dc": _COMMON, "di": _INTERCHANGE}
_ANY = "-"
_E = ElementMaker(namespace=MODEL, nsmap=_SPACES)
_DI = ElementMaker(namespace=_DIAGRAM, nsmap=_SPACES)


@dataclass(frozen=True)
class Authority:
    """A source as the document cites it: its documents' titles, what it says, "" or an address."""

    id: str
    title: str
    statement: str
    url: str


@dataclass(frozen=True)
class _Box:
    """The place of a shape in the diagram, in pixels."""

    x: int
    y: int
    width: int
    height: int

    def at(self, right: float, down: float) -> tuple[int, int]:
        """Return a point of the box, given as parts of its width and height."""
        return self.x + round(self.width * right), self.y + round(self.height * down)


def dmn_document(
    table: DecisionTable, texts: Mapping[str, str], authorities: Sequence[Authority]
) -> str:
    """Return the table as a DMN 1.3 document; the same content gives the same bytes.

    Args:
        table: a verified table.
        texts: the French wording by dotted key, such as `table.inputs.status`.
        authorities: every source that a rule names.

    """
    name = texts["ui.site_name"]
    version = texts["proof.version"].format(date=table.version)
    root = _E(
        "definitions",
        _E("description", f"{version}. {texts['ui.not_official']}"),
        _decision(table, texts, authorities),
        *(_input_data(question, texts) for question in table.inputs),
        *(_knowledge_source(authority) for authority in authorities),
        _diagram(table, authorities),
        id="definitions",
        name=name,
        namespace="urn:aide-sociale-valais:rules",
    )
    document: bytes = etree.tostring(
        root, pretty_print=True, xml_declaration=True, encoding="UTF-8"
    )
    return document.decode()


def _decision(
    table: DecisionTable, texts: Mapping[str, str], authorities: Sequence[Authority]
) -> etree._Element:
    """Return the decision: what it asks, what it rests on, and its table."""
    name = texts["ui.site_name"]
    return _E(
        "decision",
        _E("question", texts["check.title"]),
        _E("allowedAnswers", _in_words((o, texts[f"outcomes.{o}.short"]) for o in table.outcomes)),
        _E("variable", id="outcome", name=name, typeRef="string"),
        *(_requirement("information", "Input", f"input_{one.id}") for one in table.inputs),
        *(_requirement("authority", "Authority", one.id) for one in authorities),
        _table(table, texts, {one.id: one for one in authorities}),
        id=DECISION,
        name=name,
    )


def _requirement(kind: str, required: str, target: str) -> etree._Element:
    reference = _E(f"required{required}", href=f"#{target}")
    return _E(f"{kind}Requirement", reference, id=f"needs_{target}")


def _table(
    table: DecisionTable, texts: Mapping[str, str], authorities: Mapping[str, Authority]
) -> etree._Element:
    return _E(
        "decisionTable",
        *(_input_clause(question, texts) for question in table.inputs),
        _E(
            "output",
            _E("outputValues", _E("text", _listed(table.outcomes)), id="outcome_values"),
            id="outcome_column",
            name="outcome",
            label=texts["table.outcome"],
            typeRef="string",
        ),
        _E("annotation", name=texts["table.rule"]),
        _E("annotation", name=texts["table.source"]),
        *(_rule(table, rule, texts, authorities[rule.source]) for rule in table.rules),
        id="table",
        hitPolicy="UNIQUE",
        preferredOrientation="Rule-as-Row",
        outputLabel=texts["table.outcome"],
    )


def _input_clause(question: Input, texts: Mapping[str, str]) -> etree._Element:
    name = question.id
    words = ((answer, texts[f"table.answers.{name}.{answer}"]) for answer in question.answers)
    expression = {"id": f"{name}_expression", "typeRef": "string"}
    return _E(
        "input",
        _E("description", _in_words(words)),
        _E("inputExpression", _E("text", name), **expression),
        _E("inputValues", _E("text", _listed(question.answers)), id=f"{name}_values"),
        id=f"{name}_column",
        label=texts[f"table.inputs.{name}"],
    )


def _rule(
    table: DecisionTable, rule: Rule, texts: Mapping[str, str], authority: Authority
) -> etree._Element:
    """Return a row; editors show its description or its annotations: both name the source."""
    reason = texts[f"rules.{rule.id}"]
    return _E(
        "rule",
        _E("description", f"{reason} ({authority.title})"),
        *(_input_entry(rule, question, texts) for question in table.inputs),
        _E(
            "outputEntry",
            _E("description", texts[f"outcomes.{rule.outcome}.short"]),
            _E("text", _listed([rule.outcome])),
            id=f"{rule.id}_outcome",
        ),
        _E("annotationEntry", _E("text", reason)),
        _E("annotationEntry", _E("text", f"{authority.id}: {authority.title}")),
        id=rule.id,
    )


def _input_entry(rule: Rule, question: Input, texts: Mapping[str, str]) -> etree._Element:
    cell = rule.when[question.id]
    entry = _E("inputEntry", id=f"{rule.id}_{question.id}")
    if cell is None:
        entry.append(_E("text", _ANY))
        return entry
    answers = [answer for answer in question.answers if answer in cell]
    words = (texts[f"table.answers.{question.id}.{answer}"] for answer in answers)
    entry.append(_E("description", " | ".join(words)))
    entry.append(_E("text", _listed(answers)))
    return entry


def _input_data(question: Input, texts: Mapping[str, str]) -> etree._Element:
    return _E(
        "inputData",
        _E("description", texts[f"questions.{question.id}.text"]),
        _E("variable", id=f"{question.id}_variable", name=question.id, typeRef="string"),
        id=f"input_{question.id}",
        name=question.id,
        label=texts[f"table.inputs.{question.id}"],
    )


def _knowledge_source(authority: Authority) -> etree._Element:
    place = {"locationURI": authority.url} if authority.url else {}
    description = _E("description", authority.statement)
    return _E("knowledgeSource", description, id=authority.id, name=authority.title, **place)


def _listed(values: Iterable[str]) -> str:
    """Return values as FEEL's list of tests: a cell fits when one of them does."""
    return ",".join(f'"{value}"' for value in values)


def _in_words(values: Iterable[tuple[str, str]]) -> str:
    return "; ".join(f"{value} = {words}" for value, words in values)


def _diagram(table: DecisionTable, authorities: Sequence[Authority]) -> etree._Element:
    """Return the diagram: the inputs in a row below the decision, its sources on the right."""
    decision = _Box(340, 120, 240, 80)
    inputs = {
        f"input_{question.id}": _Box(120 + 180 * at, 300, 140, 50)
        for at, question in enumerate(table.inputs)
    }
    sources = {one.id: _Box(880, 20 + 100 * at, 280, 80) for at, one in enumerate(authorities)}
    below = [(name, box.at(0.5, 0), decision.at(0.5, 1)) for name, box in inputs.items()]
    beside = [(name, box.at(0, 0.5), decision.at(1, 0.5)) for name, box in sources.items()]
    boxes = {DECISION: decision, **inputs, **sources}
    diagram = _DI("DMNDiagram", id="diagram")
    diagram.extend(_shape(name, box) for name, box in boxes.items())
    diagram.extend(_edge(name, *points) for name, *points in [*below, *beside])
    return _DI("DMNDI", diagram)


def _shape(name: str, box: _Box) -> etree._Element:
    place = {key: str(value) for key, value in vars(box).items()}
    bounds = etree.Element(f"{{{_COMMON}}}Bounds", place)
    return _DI("DMNShape", bounds, id=f"shape_{name}", dmnElementRef=name)


def _edge(name: str, *points: tuple[int, int]) -> etree._Element:
    tag = f"{{{_INTERCHANGE}}}waypoint"
    waypoints = (etree.Element(tag, x=str(x), y=str(y)) for x, y in points)
    return _DI("DMNEdge", *waypoints, id=f"edge_{name}", dmnElementRef=f"needs_{name}")
