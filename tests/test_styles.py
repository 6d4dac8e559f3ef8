"""The style sheet: the rules that pages use, no other, the same look; nothing moves."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from scripts.faults import ROOT, FaultsError
from scripts.site.prune import SET_BY_SCRIPTS, TAKEN_BY_SCRIPTS, pruned, unused
from scripts.site.style_sheet import read_rules
from scripts.site.theme import FILE, UNWANTED, theme_sheet
from tests.conftest import go, started

OURS = ROOT / "overrides" / "assets" / "stylesheets" / "site.css"
PAGE = """<!doctype html><html lang="fr" dir="ltr"><body>
<main><p class="box"><strong>a</strong></p><ul class="list"><li><a href="x">b</a></li></ul>
<details><summary>c</summary></details>
<script type="text/html"><b class="late">d</b></script></main></body>"""
KEPT = {
    "a class of the page": (".box{a:b}", ".box{a:b}"),
    "no other class": (".fox{a:b}", ""),
    "of a list what is used": (".fox, .box , p{a:b}", ".box,p{a:b}"),
    "a child": ("main > .box{a:b}", "main>.box{a:b}"),
    "no child of a child": ("main > strong{a:b}", ""),
    "an element inside": ("main strong{a:b}", "main strong{a:b}"),
    "a neighbour": (".box + .list{a:b}", ".box+.list{a:b}"),
    "neighbours inside": ("main .box ~ ul > li a{a:b}", "main .box~ul>li a{a:b}"),
    "no neighbour that is nowhere": (".box + .fox, .fox + .box{a:b}", ""),
    "no neighbour inside of another": (".list .box + li{a:b}", ""),
    "what the reader does": ("a:hover, li:focus-within{a:b}", "a:hover,li:focus-within{a:b}"),
    "nothing that he does elsewhere": (".fox:hover{a:b}", ""),
    "what is put before": (".box::before{a:b}", ".box:before{a:b}"),
    "what is opened": ("details[open] > summary{a:b}", "details[open]>summary{a:b}"),
    "the direction": ("[dir=ltr] p{a:b} [dir='rtl'] p{a:b}", "[dir=ltr] p{a:b}"),
    "what has not": ("p:not([class]){a:b} p:not([id]){a:b}", "p:not([id]){a:b}"),
    "what may be hidden later": ("p:not([hidden]){a:b}", "p:not([hidden]){a:b}"),
    "what waits for a script": (".late{a:b}", ".late{a:b}"),
    "what waits for a script, where it waits": ("main > .late{a:b}", "main>.late{a:b}"),
    "an attribute's value": ("a[href^=x]{a:b} a[href^=y]{a:b}", "a[href^=x]{a:b}"),
    "the root": (":root{a:b}", ":root{a:b}"),
    "a condition that holds a rule": (
        "@media (min-width: 60em) { @supports (a: b) { .box { a: b } } }",
        "@media (min-width:60em){@supports (a:b){.box{a:b}}}",
    ),
    "no condition without a rule": ("@media print{.fox{a:b}}", ""),
    "a variable in use": (".box{--x: 1px;a:var(--x)}", ".box{--x:1px;a:var(--x)}"),
    "no variable of one that is not": (":root{--x:1px;--y:var(--x)}", ""),
    "an animation in use": (
        "p{animation:x 1s}@keyframes x{from{a:b}50%,to{a:c}}",
        "p{animation:x 1s}@keyframes x{from{a:b}50%,to{a:c}}",
    ),
    "no animation of one that is not": (".fox{animation:x 1s}@keyframes x{to{a:b}}", ""),
    "no space": ("p { a : 0.50em   -0.5em , rgb(0, 0, 0) }", "p{a:.50em -.5em,rgb(0,0,0)}"),
    "a picture as it is": ('p{a:url("data:x, 0.5 {;}")}', 'p{a:url("data:x, 0.5 {;}")}'),
    "what is said last": ("p{a:b;c:d} p{a:e}", "p{c:d}p{a:e}"),
    "what is said last of both": ("p,a{a:b} p{a:c}", "p,a{a:b}p{a:c}"),
    "what a shorthand says": ("p{margin-top:1px;margin-up:1px} p{margin:0}", "p{margin:0}"),
    "what a shorthand does not say": ("p{border-radius:1px}p{border:0}", None),
    "what only paper says anew": ("p{a:b}@media print{p{a:c}}", None),
    "what paper says no longer": ("@media print{p{a:c}} p{a:b}", "p{a:b}"),
    "what is important": ("p{a:b!important}p{a:c}", None),
    "what is important and said last": ("p{a:b!important} p{a:c!important}", "p{a:c!important}"),
    "what is not important any more": ("p{a:b} p{a:c!important}", "p{a:c!important}"),
    "what a rule for all is above": ("p{a:b;c:d} *{c:e!important}", "p{a:b}*{c:e!important}"),
    "what a rule for all is not above": ("p{a:b}*{a:c}", None),
    "a value for older browsers": ("p{a:b;a:min(b)}", None),
}
"""A style sheet and what is left of it for `PAGE`; None: all."""
LOOK = """() => {
  const looks = {};
  for (const one of document.querySelectorAll("html, html *")) {
    const { parentElement, previousElementSibling: before } = one;
    const kind = [parentElement, before, one].map((it) => it && it.tagName + it.className).join();
    for (const part of ["", "::before", "::after"]) {
      const look = looks[kind + part] ? [] : getComputedStyle(one, part);
      if (part && look.content === "none") continue;
      for (const name of look) {
        if (!name.startsWith("--")) (looks[kind + part] ||= {})[name] = look.getPropertyValue(name);
      }
    }
  }
  return looks;
}"""
"""The look of each kind of element, and of what stands before and after it."""
ANNOUNCED = ".md-banner"
"""What an announcement has for a look: pages have one only between its days."""
MADE_BY_SCRIPTS = {
    "[data-answer-list] strong",
    "[data-results] strong",
    "[data-results] a",
    "[data-places] [data-results] a",
    "[data-suggestion] a",
    ".md-typeset [data-suggestion] a",
    "mark",
    "audio",
    "[data-answer-list] button",
    "[data-answer-list] li",
    ".md-typeset ul[data-answer-list] li",
    ".md-typeset ol[data-results] li",
    ".md-typeset .hear",
    ".languages .warning",
}
"""Our selectors of what only a script, the reader or a recording brings about."""


def sheets_of_pages() -> list[tuple[str, str]]:
    """The theme's style sheet, as far as it is wanted, and ours, by name."""
    return [theme_sheet(), (OURS.name, OURS.read_text(encoding="utf-8"))]


def test_what_is_not_wanted_of_the_theme_is_in_it() -> None:
    [theme] = Path(str(files("material"))).glob(FILE)
    rules = read_rules(theme.name, theme.read_text(encoding="utf-8"), [])
    names = {name for rule in rules for name in (*rule.selectors, *dict(rule.declarations))}
    assert names >= UNWANTED


@pytest.fixture(scope="module")
def pages(site: Path) -> list[str]:
    """Every page that readers get."""
    return [file.read_text(encoding="utf-8") for file in site.rglob("*.html")]


@pytest.mark.parametrize("kept", KEPT)
def test_of_a_style_sheet_is_kept(kept: str) -> None:
    sheet, expected = KEPT[kept]
    assert pruned([PAGE], [("a.css", sheet)]) == (sheet if expected is None else expected)


def test_pages_are_not_taken_for_one_another() -> None:
    one = '<html><body><div class="a"><p class="b"></p></div></body></html>'
    other = '<html><body><div class="c"><p class="d"></p></div></body></html>'
    sheet = ".a .b{x:y}.c .d{x:y}.a .d{x:y}.a~.c{x:y}"
    assert pruned([one, other], [("a.css", sheet)]) == ".a .b{x:y}.c .d{x:y}.a~.c{x:y}"


def test_variables_of_sheets_that_come_later_are_kept() -> None:
    sheet = [("a.css", ":root{--x:1px}")]
    assert pruned([PAGE], sheet) == ""
    assert pruned([PAGE], sheet, ["p{a:var( --x, 2px)}"]) == ":root{--x:1px}"


def test_all_faults_of_style_sheets_are_told_with_their_lines() -> None:
    sheets = [("a.css", "p{a:b}\n\np:is({a:b}\n"), ("b.css", "p{a b}\n.1{a:b}\n@layer x{p{a:b}}")]
    with pytest.raises(FaultsError) as error:
        pruned([PAGE], sheets)
    told = [f"{fault.file}:{fault.line}" for fault in error.value.faults]
    assert told == ["a.css:3", "b.css:1", "b.css:2", "b.css:3"]


def test_every_rule_of_ours_is_used_by_a_page_or_is_set_by_a_script(pages: list[str]) -> None:
    sheet = sheets_of_pages()[1:]
    assert [one for one in unused(pages, sheet) if ANNOUNCED not in one] == []
    made = {one for one in unused(pages, sheet, made="") if ANNOUNCED not in one}
    assert made == MADE_BY_SCRIPTS


@pytest.mark.parametrize("name", sorted(SET_BY_SCRIPTS | TAKEN_BY_SCRIPTS))
def test_every_state_is_one_of_which_a_rule_speaks(name: str) -> None:
    assert f"[{name}]" in "".join(text for _, text in sheets_of_pages())


@pytest.mark.browser
@pytest.mark.parametrize(
    ("path", "width", "media", "scheme"),
    [
        ("fr/", 360, "screen", "light"),
        ("ar/self-check/", 1280, "screen", "dark"),
        ("fr/about/rules/", 360, "print", "light"),
        ("", 1280, "screen", "dark"),
    ],
)
def test_a_page_looks_as_with_all_of_the_theme_s_rules_and_ours(
    path: str, width: int, media: str, scheme: str, browser: Browser, address: str
) -> None:
    every = "".join(text for _, text in sheets_of_pages())
    looks = []
    for whole in (False, True):
        page = browser.new_page(viewport={"width": width, "height": 740})
        page.emulate_media(media=media, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        if whole:
            page.route("**/assets/site.*.css", lambda route: _answer(route, every))
        go(page, address + path)
        started(page)
        looks.append(page.evaluate(LOOK))
        page.close()
    assert len(looks[0]) > 15
    assert looks[0] == looks[1]


def _answer(route: Route, text: str) -> None:
    route.fulfill(body=text, content_type="text/css")


@pytest.mark.browser
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


@pytest.mark.browser
@pytest.mark.parametrize(
    "path", ["fr/", "ar/", "fr/self-check/", "fr/topics/", "ta/topics/", "fr/rights/appeal/"]
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
    started(page)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    assert page.evaluate("window.shifts") == 0
