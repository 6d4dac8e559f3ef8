"""The style sheet: no rule that no page uses, nothing that moves while a page appears."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from scripts.content.project import Project
from scripts.site.addresses import page_folder
from tests.conftest import go, started

pytestmark = pytest.mark.browser
SET_BY_SCRIPT = {
    ".check label:has(:checked)",
    "tr:target > *",
    "li:target",
    "[data-answer-list] button",
    "[data-answer-list] li",
    "[data-answer-list] strong",
    "[data-results] a",
    "[data-results] li",
    "[data-results] strong",
    "[open] > summary",
    "audio",
    "mark",
}
"""Selectors of what only a script, the reader or a recording brings about."""
UNUSED = """() => {
  const states = /::[\\w-]+|:(hover|focus-visible|focus-within|focus)\\b/g;
  const found = new Set();
  const walk = (rules) => {
    for (const rule of rules) {
      for (const one of (rule.selectorText ?? '').split(/,(?![^(]*\\))/)) {
        const plain = one.replace(states, '').replace(/:is\\([ ,]*\\)/g, '').trim();
        if (plain && !document.querySelector(plain)) found.add(plain);
      }
      if (rule.cssRules) walk(rule.cssRules);
    }
  };
  for (const sheet of document.styleSheets) walk(sheet.cssRules);
  return [...found];
}"""


def test_every_style_rule_is_used_by_a_page_or_is_set_by_a_script(
    browser: Browser, address: str, project: Project
) -> None:
    page = browser.new_page()
    where = ["", "no/such/page/", "ar/results/", "ta/results/", "ti/results/"]
    where += [page_folder("fr", path) for path in project.pages["fr"]]
    unused: set[str] | None = None
    for path in where:
        go(page, address + path)
        found = set(page.evaluate(UNUSED))
        unused = found if unused is None else unused & found
    page.close()
    assert unused == SET_BY_SCRIPT


def test_the_script_is_asked_for_once_the_page_is_there(browser: Browser, address: str) -> None:
    page = browser.new_page()
    with page.expect_request("**/assets/site.*.js"):
        page.goto(f"{address}ta/self-check/")
    started(page)
    asked = page.evaluate("""[
      performance.getEntriesByType("navigation")[0].loadEventStart,
      ...performance.getEntriesByType("resource").flatMap((one) =>
        one.name.endsWith(".js") ? [one.startTime] : []),
    ]""")
    page.close()
    assert asked == sorted(asked)


@pytest.mark.parametrize(
    "path", ["fr/", "ar/", "fr/self-check/", "fr/topics/", "fr/rights/appeal/"]
)
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_moves_while_a_page_appears(
    path: str, width: int, open_page: Callable[[str], Page], address: str
) -> None:
    page = open_page("")
    page.set_viewport_size({"width": width, "height": 740})
    page.add_init_script(
        "window.shifts = 0; new PerformanceObserver((list) => {"
        "  for (const one of list.getEntries()) window.shifts += one.value;"
        "}).observe({ type: 'layout-shift', buffered: true });"
    )
    go(page, address + path)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    assert page.evaluate("window.shifts") == 0
