"""The table as DMN: valid, complete, and answered alike by an engine that is not ours."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pytest
from bkflow_dmn.api import decide_single_table
from lxml import etree, html

from scripts.content.project import Project
from scripts.site.rules_data import open_data
from scripts.table.dmn import DECISION, MODEL
from scripts.table.evaluate import evaluate

NAME = "rules/eligibility.dmn"
SPACES = {
    "m": MODEL,
    "dmndi": "https://www.omg.org/spec/DMN/20191111/DMNDI/",
    "dc": "http://www.omg.org/spec/DMN/20180521/DC/",
    "di": "http://www.omg.org/spec/DMN/20180521/DI/",
}


@pytest.fixture(scope="session")
def document(site: Path) -> etree._Element:
    """The document as it is published."""
    return etree.fromstring((site / NAME).read_bytes())


def found(document: etree._Element, path: str) -> list[Any]:
    """Return what an XPath finds, with `m:` for DMN's own elements."""
    result = document.xpath(path, namespaces=SPACES)
    assert isinstance(result, list)
    return result


def the_cells(rule: etree._Element, kind: str) -> list[str]:
    """Return the cells of a row as an engine takes them: empty where any answer fits."""
    return ["" if text == "-" else text for text in found(rule, f"m:{kind}/m:text/text()")]


@pytest.fixture(scope="session")
def engine_table(document: etree._Element) -> dict[str, Any]:
    """The published table in the form in which the engine takes it, cells as they are."""
    rules = found(document, "//m:rule")
    inputs = found(document, "//m:inputExpression/m:text/text()")
    outputs = found(document, "//m:output/@name")
    return {
        "title": found(document, "//m:decision/@name")[0],
        "hit_policy": found(document, "//m:decisionTable/@hitPolicy")[0].title(),
        "inputs": {
            "cols": [{"id": name} for name in inputs],
            "rows": [the_cells(rule, "inputEntry") for rule in rules],
        },
        "outputs": {
            "cols": [{"id": name} for name in outputs],
            "rows": [the_cells(rule, "outputEntry") for rule in rules],
        },
    }


def test_the_published_document_is_valid_by_the_official_schema(document: etree._Element) -> None:
    with as_file(files("SpiffWorkflow.dmn.parser") / "schema") as folder:
        schema = etree.XMLSchema(file=str(folder / "DMN13.xsd"))
    assert schema.validate(document), str(schema.error_log)


def test_an_engine_of_others_gives_our_outcome_in_every_situation(
    engine_table: dict[str, Any], project: Project
) -> None:
    table = project.table
    ours = {tuple(s.values()): evaluate(table, s).outcomes for s in table.situations}
    theirs = {}
    for situation in table.situations:  # raises where not exactly one rule fits
        decided = decide_single_table(engine_table, dict(situation), strict_mode=True)
        theirs[tuple(situation.values())] = tuple(one["outcome"] for one in decided)
    assert len(ours) == 120
    assert theirs == ours


def test_every_input_and_the_output_name_their_allowed_values(
    document: etree._Element, project: Project
) -> None:
    table = project.table
    values = {one.id: one.answers for one in table.inputs} | {"outcome": table.outcomes}
    clauses = found(document, "//m:decisionTable/m:input | //m:decisionTable/m:output")
    names = [found(one, "m:inputExpression/m:text/text() | @name")[0] for one in clauses]
    told = found(document, "//m:inputValues/m:text/text() | //m:outputValues/m:text/text()")
    assert dict(zip(names, told, strict=True)) == {
        name: ",".join(f'"{one}"' for one in some) for name, some in values.items()
    }


def test_every_rule_is_annotated_with_its_french_reason_and_its_source(
    document: etree._Element, project: Project
) -> None:
    texts, register = project.source_wording.texts, project.register.sources
    rows = {one.get("id"): one for one in found(document, "//m:rule")}
    assert list(rows) == [rule.id for rule in project.table.rules]
    for rule in project.table.rules:
        reason, source = found(rows[rule.id], "m:annotationEntry/m:text/text()")
        shown = found(rows[rule.id], "m:description/text()")[0]  # what some editors show instead
        title = register[rule.source].links[0].title
        assert reason == texts[f"rules.{rule.id}"]
        assert source.startswith(f"{rule.source}: {title}")
        assert reason in shown
        assert title in shown
    cited = {rule.source for rule in project.table.rules}
    assert set(found(document, "//m:knowledgeSource/@id")) == cited
    assert set(found(document, "//m:requiredAuthority/@href")) == {f"#{name}" for name in cited}


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("bc-valid_status", "permis B | permis C"),
        ("bc-withdrawn_validity", "révoqué | non renouvelé"),
        ("l-valid-salary_salary", "oui"),
        ("swiss_outcome", "les règles de l’aide sociale valent"),
    ],
)
def test_a_cell_says_its_values_in_french(document: etree._Element, cell: str, words: str) -> None:
    assert found(document, f"//*[@id='{cell}']/m:description/text()") == [words]


def test_texts_carry_no_markup_and_names_are_such_as_feel_takes(document: etree._Element) -> None:
    texts = found(document, "//text()[normalize-space()] | //@label | //@name")
    assert [text for text in texts if "<" in text or "&" in text or "{" in text] == []
    names = found(document, "//m:variable/@name | //m:decision/@name | //m:inputData/@name")
    assert all(name.replace(" ", "").replace("_", "").isalpha() for name in names)


def test_the_diagram_shows_every_element_and_every_requirement_apart(
    document: etree._Element,
) -> None:
    elements = found(document, "/m:definitions/m:*[@id]/@id")
    assert DECISION in elements
    assert sorted(found(document, "//dmndi:DMNShape/@dmnElementRef")) == sorted(elements)
    needs = found(document, "//m:informationRequirement/@id | //m:authorityRequirement/@id")
    assert sorted(found(document, "//dmndi:DMNEdge/@dmnElementRef")) == sorted(needs)
    boxes = [_sides(one) for one in found(document, "//dc:Bounds")]
    for at, (left, top, right, bottom) in enumerate(boxes):
        for other in boxes[at + 1 :]:
            apart = other[0] >= right or other[2] <= left or other[1] >= bottom or other[3] <= top
            assert apart, (boxes[at], other)


def test_the_same_content_gives_the_same_bytes(site: Path, project: Project) -> None:
    assert open_data(project)[NAME].encode() == (site / NAME).read_bytes()


def test_the_proof_links_it_in_every_language(site: Path, project: Project) -> None:
    for page, address in _proofs(site, project):
        links = {a.get("href"): a for a in page.xpath("//main//a[@href]")}
        dmn, json = links[f"../../../{NAME}"], links["../../../rules/eligibility.json"]
        assert dmn.get("download") is not None, address
        assert dmn.text_content() == json.text_content().replace("JSON", "DMN"), address
        assert "DMN" in dmn.text_content(), address


def _proofs(site: Path, project: Project) -> Iterator[tuple[html.HtmlElement, str]]:
    for language in project.languages:
        address = f"{language.code}/about/proof/index.html"
        yield html.fromstring((site / address).read_bytes()), address


def _sides(bounds: etree._Element) -> tuple[int, int, int, int]:
    x, y, width, height = (int(bounds.get(key, "")) for key in ("x", "y", "width", "height"))
    return x, y, x + width, y + height
