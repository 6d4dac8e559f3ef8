"""Seeded random walks through the self-check: whatever a reader does, view and answers agree.

SELF_CHECK_WALKS=125 makes ten thousand acts of it, by hand.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page

from scripts.bootstrap import find_chromium
from scripts.content.project import Project
from scripts.table.evaluate import evaluate
from scripts.table.model import UNKNOWN, DecisionTable
from tests.conftest import go, started

pytestmark = pytest.mark.browser
WALKS = int(os.environ.get("SELF_CHECK_WALKS", "3"))
ACTS = 80
SUBMIT = "[data-self-check] button[type=submit]"
LOOK = """() => {
  const root = document.querySelector('[data-self-check]');
  const isSeen = (one) => one.getClientRects().length > 0;
  const seen = (query) => [...root.querySelectorAll(query)].filter(isSeen);
  const [result] = seen('[data-result]');
  const inputs = [...root.querySelectorAll('input:checked')];
  return {
    views: seen('[data-question],[data-result]').map((one) => one.dataset.question ?? null),
    outcome: result?.dataset.outcome,
    rule: result?.dataset.rule,
    listed: seen('[data-answer]').map((one) => one.dataset.answer.split('=')),
    picked: Object.fromEntries(inputs.map((one) => [one.name, one.value])),
    error: seen('.error').map((one) => one.textContent).join('').trim(),
    back: seen('[data-back]').length > 0,
    number: seen('[data-progress]')[0]?.textContent.match(/\\d+/)[0],
    warned: Boolean(document.querySelector('.languages #new-language')),
    address: location.href.replace(/#.*/, ''),
    state: JSON.stringify(history.state),
    stored: localStorage.length + sessionStorage.length + document.cookie.length,
    isSame: Boolean(window.isSame),
  };
}"""


@dataclass
class Expected:
    """What follows from the answers picked: the questions asked, the answers that count."""

    asked: list[str]
    answers: dict[str, str]
    open: str | None


def expected(table: DecisionTable, picked: Mapping[str, str]) -> Expected:
    """Ask as Python would, from the first question on."""
    found = Expected([], {}, None)
    while question := evaluate(table, found.answers).question:
        found.asked.append(question)
        if question not in picked:
            found.open = question
            break
        found.answers[question] = picked[question]
    return found


@dataclass
class Walk:
    """A reader who does what comes to mind, and what must then be on the screen."""

    page: Page
    table: DecisionTable
    address: str
    random: random.Random
    view: str | None = None
    picked: dict[str, str] = field(default_factory=dict)
    has_error: bool = False
    done: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """Open the page."""
        go(self.page, self.address)
        self._begin_anew()

    def act(self) -> None:
        """Do one thing and look at the page."""
        before = self.view
        name = self.random.choice(self._possible())
        self.done.append(name)
        must_be = getattr(self, name)()
        found = self._look()
        self.view = found["views"][0]
        if self.view != before:
            self.has_error = False
        if must_be:
            assert (self.view,) == must_be, self.done
        self._check(found)

    def _possible(self) -> list[str]:
        names = ["back"] * 3 + ["forward", "reload", "source_mark", "skip_link", "leave_and_return"]
        if self.view:
            names += ["answer"] * 8 + ["double_answer"] * 2 + ["pick"]
            names += ["press"] * 2
        if self.view != self.table.inputs[0].id:
            names += ["change", "start_again"] * 2
        if self.view and self.view != self.table.inputs[0].id:
            names += ["own_back"] * 3
        return names

    def answer(self) -> tuple[str | None]:
        self.pick()
        return self.press()

    def double_answer(self) -> tuple[str | None]:
        self.pick()
        return self.press(2)

    def pick(self) -> tuple[str | None]:
        assert self.view
        domain = next(one.answers for one in self.table.inputs if one.id == self.view)
        value = self.random.choice((*domain, UNKNOWN))
        self.page.check(f"fieldset:not([hidden]) input[value={value}]")
        self.page.locator("#new-language").wait_for(state="attached")
        if self.picked.get(self.view) != value:
            self.has_error = False
        self.picked[self.view] = value
        return (self.view,)

    def press(self, times: int = 1) -> tuple[str | None]:
        assert self.view
        self.page.click(SUBMIT, click_count=times)
        if self.view not in self.picked:
            self.page.locator("[data-error]:not(:empty)").wait_for()
            self.has_error = True
            return (self.view,)
        self.page.locator(f"[data-question={self.view}]").wait_for(state="hidden")
        return (expected(self.table, self.picked).open,)

    def own_back(self) -> None:
        self.page.click("[data-back]")
        self.page.locator(f"[data-question={self.view}]").wait_for(state="hidden")

    def change(self) -> tuple[str | None]:
        lines = self.page.locator("[data-answer]:visible")
        line = lines.nth(self.random.randrange(lines.count()))
        question = (line.get_attribute("data-answer") or "").split("=")[0]
        line.locator("button").click()
        return (question,)

    def start_again(self) -> tuple[str | None]:
        self.page.click("[data-restart]")
        return self._begin_anew()

    def reload(self) -> tuple[str | None]:
        self.page.reload()
        started(self.page)
        return self._begin_anew()

    def source_mark(self) -> tuple[str | None]:
        self.page.click("main a.cite >> nth=0")
        return (self.view,)

    def skip_link(self) -> tuple[str | None]:
        self.page.focus(".md-skip")
        self.page.keyboard.press("Enter")
        return (self.view,)

    def back(self) -> tuple[str | None] | None:
        self._go(self.page.go_back)
        return self._arrive(self.page.go_forward)

    def forward(self) -> tuple[str | None] | None:
        self._go(self.page.go_forward)
        return self._arrive(self.page.go_back)

    def leave_and_return(self) -> tuple[str | None] | None:
        before = self.view
        self.page.click(".brand")
        started(self.page)
        self._go(self.page.go_back)
        return self._arrive(self.page.go_forward) or (before,)

    def _go(self, step: Callable[..., object]) -> None:
        """Go a step in the history, once the page of the last one is in its place."""
        self.page.wait_for_load_state()
        try:
            step(wait_until="commit")
        except Error as error:
            if "Not attached to an active page" not in str(error):
                raise
            self.page.wait_for_load_state()
            step(wait_until="commit")

    def _arrive(self, return_: Callable[..., object]) -> tuple[str | None] | None:
        """Come back to the page where the browser has left it; tell what a new page shows."""
        if self.page.url.split("#")[0] != self.address:
            self._go(return_)
        self.page.locator("[data-self-check] form").wait_for(state="attached")
        return None if self.page.evaluate("window.isSame") else self._begin_anew()

    def _begin_anew(self) -> tuple[str | None]:
        self.picked = {}
        self.has_error = False
        self.page.evaluate("window.isSame = true")
        self.view = self.table.inputs[0].id
        return (self.view,)

    def _look(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate(LOOK)
        assert len(found["views"]) == 1, (found, self.done)
        return found

    def _check(self, found: Mapping[str, Any]) -> None:
        """Compare what is on the screen with what the answers mean to Python."""
        meant = expected(self.table, self.picked)
        result = evaluate(self.table, meant.answers)
        is_result = self.view is None
        place = len(meant.asked) if self.view is None else meant.asked.index(self.view)
        assert not (is_result and meant.open), self.done
        assert found == {
            "views": [self.view],
            "outcome": " ".join(result.outcomes) if is_result else None,
            "rule": " ".join(result.rules) if is_result else None,
            "listed": [list(one) for one in meant.answers.items() if one[0] != self.view],
            "picked": self.picked,
            "error": found["error"] if self.has_error else "",
            "back": place > 0 and not is_result,
            "number": None if is_result else str(place + 1),
            "warned": bool(self.picked),
            "address": self.address,
            "state": found["state"],
            "stored": 0,
            "isSame": True,
        }, self.done
        assert bool(found["error"]) == self.has_error, self.done
        assert re.fullmatch(r'null|\{"step":\d\}', found["state"]), self.done


@pytest.fixture(scope="module")
def browser(browser: Browser) -> Iterator[Browser]:
    """A browser that keeps the pages left, as readers' browsers do, for their return."""
    keeping = browser.browser_type.launch(
        executable_path=find_chromium(),
        args=["--no-sandbox", "--disable-background-networking"],
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield keeping
    keeping.close()


@pytest.fixture
def requests(context: BrowserContext) -> list[str]:
    """What is asked of the network: method, address and what goes with it."""
    found: list[str] = []
    context.on("request", lambda one: found.append(f"{one.method} {one.url} {one.post_data or ''}"))
    return found


@pytest.mark.parametrize("seed", range(WALKS))
def test_whatever_a_reader_does_one_view_is_shown_and_it_follows_from_the_answers(
    seed: int, context: BrowserContext, address: str, project: Project, requests: list[str]
) -> None:
    walk = Walk(context.new_page(), project.table, f"{address}fr/self-check/", random.Random(seed))
    walk.begin()
    for _ in range(ACTS):
        walk.act()
    pages = r"|fr/(self-check/|results/|important/)?"
    files = r"sw\.js|assets/[\w-]+(\.\w+)?\.[0-9a-f]{8}\.(css|js|json)"
    asked = {one.replace(address, "") for one in requests}
    assert [one for one in asked if not re.fullmatch(f"GET ({pages}|{files}) ", one)] == []
