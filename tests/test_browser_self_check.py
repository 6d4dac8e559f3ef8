"""The self-check in a real browser: the same answers as Python, for every set of answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from pathlib import Path

import pytest
from lxml import html
from playwright.sync_api import Browser, Page, Route, expect

from scripts.content.project import Project
from scripts.table.evaluate import evaluate
from scripts.table.model import UNKNOWN
from tests.conftest import COMPLETE, go, started

pytestmark = pytest.mark.browser
VISIBLE = "fieldset:not([hidden])"
CLICK_THROUGH = """async (values) => {
  const root = document.querySelector('[data-self-check]');
  const asked = [];
  for (const value of values) {
    const question = root.querySelector('fieldset:not([hidden])');
    question.querySelector(`input[value="${value}"]`).click();
    root.querySelector('button[type=submit]').click();
    while (!question.hidden && !question.closest('form').hidden) {
      await new Promise(requestAnimationFrame);
    }
    asked.push(question.dataset.question);
  }
  const result = root.querySelector('[data-result]:not([hidden])');
  const several = !root.querySelector('[data-several]').hidden;
  return { asked, outcome: result?.dataset.outcome, rule: result?.dataset.rule, several };
}"""
PRESS_TWICE = """async (button, [pointerType, counted]) => {
  const question = button.form.querySelector('fieldset:not([hidden])');
  for (const detail of [1, counted]) {
    button.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, pointerType }));
    button.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, detail }));
    while (!question.hidden) await new Promise(requestAnimationFrame);
  }
}"""
"""The second press finds the button where the first has left it, which a test's mouse may not."""
SUBMIT = "[data-self-check] button[type=submit]"


def answer(page: Page, value: str) -> None:
    """Choose an answer to the visible question, go on and wait for what comes."""
    asked = question(page)
    page.check(f"{VISIBLE} input[value={value}]")
    page.click(SUBMIT)
    page.locator(f"[data-question={asked}]").wait_for(state="hidden")


def question(page: Page) -> str | None:
    """Return the input id of the visible question, None at the result."""
    shown = page.locator("[data-question]:visible")
    return shown.get_attribute("data-question") if shown.count() else None


def every_answer_set(project: Project) -> Iterator[dict[str, str]]:
    """Every input answered, unknown or open."""
    inputs = project.table.inputs
    for values in product(*((None, UNKNOWN, *one.answers) for one in inputs)):
        yield {
            one.id: value for one, value in zip(inputs, values, strict=True) if value is not None
        }


def paths(project: Project, answers: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Every way through the questions, as the reader meets them."""
    asked = evaluate(project.table, answers).question
    if asked is None:
        yield dict(answers)
        return
    domain = next(one.answers for one in project.table.inputs if one.id == asked)
    for value in (*domain, UNKNOWN):
        yield from paths(project, {**answers, asked: value})


def test_script_and_python_agree_on_every_set_of_answers(
    open_page: Callable[[str], Page], project: Project, site: Path, address: str
) -> None:
    page = open_page("fr/self-check/")
    [script] = site.glob("assets/self-check.*.js")
    sets = list(every_answer_set(project))
    found = page.evaluate(
        """async (text) => {
             const { evaluate, readTable } = await import(SCRIPT);
             const table = readTable(document.querySelector('[data-self-check]'));
             return JSON.stringify(JSON.parse(text).map((answers) => evaluate(table, answers)));
           }""".replace("SCRIPT", json.dumps(address + script.relative_to(site).as_posix())),
        json.dumps(sets),
    )
    expected = [evaluate(project.table, answers) for answers in sets]
    assert len(sets) == 4 * 8 * 7 * 4
    assert json.loads(found) == [
        {"rules": list(e.rules), "outcomes": list(e.outcomes), "question": e.question}
        for e in expected
    ]


def test_every_path_clicked_through_leads_to_what_python_says(
    open_page: Callable[[str], Page], project: Project
) -> None:
    page = open_page("fr/self-check/")
    seen = set()
    for path in paths(project, {}):
        page.reload()
        started(page)
        found = page.evaluate(CLICK_THROUGH, list(path.values()))
        expected = evaluate(project.table, path)
        assert found == {
            "asked": list(path),
            "outcome": " ".join(expected.outcomes),
            "rule": " ".join(expected.rules),
            "several": len(expected.outcomes) > 1,
        }
        seen |= set(expected.rules)
    assert seen == {rule.id for rule in project.table.rules}


@pytest.mark.parametrize("code", COMPLETE)
def test_every_outcome_rule_and_notice_has_its_text_in_every_language(
    code: str, site: Path, project: Project
) -> None:
    table = project.table
    for path, ids in (
        ("self-check", [f"r-{rule.id}" for rule in table.rules]),
        ("steps", [f"r-{rule.id}" for rule in table.rules]),
        ("results", [f"o-{one}" for one in table.outcomes]),
        ("important", [f"n-{one}" for one in table.notices]),
    ):
        text = (site / code / path / "index.html").read_text(encoding="utf-8")
        page = html.document_fromstring(text.replace("<script type=text/html>", ""))
        texts = {name: page.xpath(f"string(//*[@id='{name}'])").strip() for name in ids}
        assert [name for name, text in texts.items() if len(text) < 20] == []


def test_the_result_gives_reason_source_steps_what_to_bring_and_the_code(
    open_page: Callable[[str], Page], project: Project
) -> None:
    page = open_page("fr/self-check/")
    for value in ("yes", "permit_b", "revoked"):
        answer(page, value)
    text = page.locator("[data-result]").inner_text()
    words = project.source_wording.texts
    for key in (
        "rules.bc-withdrawn",
        "outcomes.special_reduced.title",
        "outcomes.special_reduced.steps.1",
        "notices.permit_advice.title",
        "notices.emergency_aid.title",
        "bring.identity",
        "check.only_decision",
    ):
        assert words[key] in text, key
    assert page.locator("[data-code]").inner_text() == "bc-withdrawn"
    assert page.locator("[data-result] a[href*='about/sources']").count() == 1
    assert page.locator("[data-result] a[href*='where-to-go']").count() > 0


def test_going_on_without_an_answer_says_what_is_missing_and_stays(
    open_page: Callable[[str], Page],
) -> None:
    page = open_page("fr/self-check/")
    page.click(SUBMIT)
    page.locator("[role=alert]:has-text('Choisissez une réponse')").wait_for()
    assert question(page) == "residence"


def test_enter_goes_on_and_focus_moves_to_the_next_question_and_the_result(
    open_page: Callable[[str], Page],
) -> None:
    page = open_page("fr/self-check/")
    page.focus("[name=residence][value=yes]")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.locator("[data-question=status]:focus").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.locator("[data-result]:focus").wait_for()
    assert page.get_attribute("[data-result]", "data-rule") == "swiss"


def test_the_beginning_of_the_result_comes_into_view(open_page: Callable[[str], Page]) -> None:
    page = open_page("fr/self-check/")
    for value in ("yes", "permit_l", "valid", "no"):
        answer(page, value)
    top = page.evaluate("document.querySelector('#result').getBoundingClientRect().top")
    assert 0 <= top < 200


def test_the_browsers_back_leads_to_the_question_before_with_its_answer(
    open_page: Callable[[str], Page],
) -> None:
    page = open_page("fr/self-check/")
    answer(page, "yes")
    answer(page, "permit_c")
    page.go_back()
    started(page)
    assert question(page) == "status"
    assert page.is_checked("[name=status][value=permit_c]")
    page.click("[data-back]")
    assert question(page) == "residence"
    page.go_forward()
    started(page)
    assert question(page) == "status"


def test_one_answer_can_be_changed_without_starting_again(
    open_page: Callable[[str], Page],
) -> None:
    page = open_page("fr/self-check/")
    for value in ("yes", "permit_b", "valid"):
        answer(page, value)
    assert page.get_attribute("[data-result]", "data-rule") == "bc-valid"
    page.click("[data-answer-list] li:nth-child(2) button")
    answer(page, "permit_l")
    assert question(page) == "salary"
    answer(page, "no")
    assert page.get_attribute("[data-result]", "data-rule") == "l-valid-no-salary"


def test_starting_again_forgets_every_answer(open_page: Callable[[str], Page]) -> None:
    page = open_page("fr/self-check/")
    answer(page, "yes")
    answer(page, "swiss")
    page.click("[data-restart]")
    assert question(page) == "residence"
    assert page.locator("[data-self-check] input:checked").count() == 0


def test_a_reload_starts_at_the_first_question(open_page: Callable[[str], Page]) -> None:
    page = open_page("fr/self-check/")
    answer(page, "yes")
    answer(page, "permit_b")
    page.reload()
    started(page)
    assert question(page) == "residence"
    assert page.locator("[data-self-check] input:checked").count() == 0


def test_i_do_not_know_is_never_counted_as_no(
    open_page: Callable[[str], Page], project: Project
) -> None:
    page = open_page("fr/self-check/")
    while question(page):
        answer(page, UNKNOWN)
    assert page.get_attribute("[data-result]", "data-outcome") == " ".join(project.table.outcomes)
    assert page.locator("[data-several]").is_visible()


def test_answers_stand_neither_in_address_nor_storage_nor_history_nor_network(
    open_page: Callable[[str], Page], address: str
) -> None:
    page = open_page("fr/self-check/")
    before = page.url
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    for value in ("yes", "permit_l", "valid", "no"):
        answer(page, value)
    assert page.url == before
    assert [url.removeprefix(address) for url in requests] == [
        re.search(r"assets/self-check\.[0-9a-f]{8}\.js", "\n".join(requests))[0],  # type: ignore[index]
        "fr/results/",
        "fr/important/",
    ]
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [
        0,
        0,
        "",
    ]
    assert page.evaluate("JSON.stringify(history.state)") == '{"step":4}'
    assert page.evaluate("async () => (await indexedDB.databases()).length") == 0


@pytest.mark.parametrize(("pointer", "counted"), [("mouse", 2), ("touch", 1)])
def test_the_second_press_of_a_double_one_says_nothing_of_a_question_never_seen(
    pointer: str, counted: int, open_page: Callable[[str], Page]
) -> None:
    page = open_page("fr/self-check/")
    answer(page, "yes")
    page.check("[name=status][value=permit_b]")
    page.locator(SUBMIT).evaluate(PRESS_TWICE, [pointer, counted])
    page.locator("[data-question=validity]:focus").wait_for()
    assert page.locator("[data-error]").text_content() == ""
    page.click(SUBMIT)
    expect(page.locator("[data-error]")).not_to_be_empty()


@pytest.fixture
def unkept(browser: Browser, address: str) -> Iterator[Page]:
    """The self-check in a browser without a worker, whose requests can be lost."""
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    go(page, f"{address}fr/self-check/")
    yield page
    context.close()


@pytest.mark.parametrize("lost", ["assets/self-check.*.js*", "fr/results/", "fr/important/"])
@pytest.mark.parametrize("status", [None, 404])
def test_what_was_lost_is_told_the_plain_way_shown_and_asked_for_again_by_the_next_press(
    lost: str, status: int | None, unkept: Page, address: str, project: Project
) -> None:
    page = unkept

    def refuse(route: Route) -> None:
        if status:
            route.fulfill(status=status)
        else:
            route.abort()

    page.route(f"{address}{lost}", refuse)
    page.check("[name=residence][value=no]")
    page.click(SUBMIT)
    failed = project.source_wording.texts["check.failed"]
    expect(page.locator("[data-self-check] form [role=alert]:visible")).to_contain_text([failed])
    expect(page.locator("[data-plain] a")).to_be_visible()
    assert page.is_checked("[name=residence][value=no]")
    page.unroute(f"{address}{lost}")
    page.click(SUBMIT)
    page.locator("[data-result][data-rule=not-resident]").wait_for()
    expect(page.locator("[data-plain] a")).to_be_hidden()
    page.click("[data-answer] button")
    expect(page.locator("form [role=alert]")).to_have_text([""])


@pytest.mark.parametrize(
    ("path", "old", "is_shown"),
    [
        ("results", "data-version=", True),
        ("important", "data-version=", True),
        ("results", "data-table=", False),
        ("important", "n-renew_now", False),
    ],
)
def test_results_of_another_version_are_shown_while_the_rules_are_the_same(
    path: str, old: str, is_shown: bool, unkept: Page, address: str
) -> None:
    page = unkept

    def changed(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace(old, f"{old}0"))

    page.route(f"{address}fr/{path}/", changed)
    page.check("[name=residence][value=no]")
    page.click(SUBMIT)
    seen = "[data-result][data-rule=not-resident]" if is_shown else ".error:not(:empty)"
    expect(page.locator(f"[data-self-check] {seen}")).to_be_visible()
    assert page.is_checked("[name=residence][value=no]")


def test_the_menu_of_languages_says_that_answers_begin_anew_while_there_are_any(
    open_page: Callable[[str], Page], project: Project
) -> None:
    page = open_page("ar/self-check/")
    warning = page.locator(".languages li:first-child")
    words = project.wordings["ar"].texts["check.new_language"]
    page.click(".languages summary")
    expect(warning).not_to_have_text(words)
    page.check("[name=residence][value=yes]")
    page.click(".languages summary")
    expect(warning).to_have_text(words)
    expect(warning).to_be_visible()
    expect(page.locator(".languages summary")).to_have_accessible_description(words)
    page.click(SUBMIT)
    page.click("[data-restart]")
    expect(warning).not_to_have_text(words)
    expect(page.locator(".languages summary")).to_have_accessible_description("")


def test_no_form_is_in_the_page_before_the_script_has_come(site: Path) -> None:
    file = site / "fr/self-check/index.html"
    controls = "//*[(self::form or self::button or self::input) and not(ancestor::template)]"
    assert "<form" in file.read_text(encoding="utf-8")
    assert html.parse(file).xpath(controls) == []


def test_without_script_nested_questions_lead_to_the_same_results(
    browser: Browser, address: str, project: Project
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}fr/self-check/")
    assert page.locator("[data-self-check] form").count() == 0
    page.click("[data-plain] a")
    texts = project.source_wording.texts
    full = [path for path in paths(project, {}) if UNKNOWN not in path.values()]
    labels = [[texts[f"questions.{key}.answers.{a}"] for key, a in p.items()] for p in full]
    found = page.evaluate(
        """(all) => all.map((labels) => {
             let here = document.querySelector('.tree');
             for (const label of labels) {
               const named = (one) => one.firstElementChild?.textContent === label;
               const branch = [...here.children].find(named);
               here = branch.querySelector(':scope > div') ?? branch;
             }
             return here.querySelector(':scope > p a').hash;
           })""",
        labels,
    )
    assert found == [f"#r-{evaluate(project.table, path).rules[0]}" for path in full]
    assert page.locator("#r-l-ended").is_visible()
    context.close()
