"""The main paths in Chromium 83, near the floor, and in Firefox ESR; files that are lost once.

Both remember a failed `import()`, as every Firefox and Chromium up to 119 do.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PREFIX, SiteHandler, serving
from tests.engines import Engine, chromium_83, firefox
from tests.test_listen import STUB

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("engines")]
HELP = """
window.until = (happened) => new Promise((done, fail) => {
  const late = setTimeout(() => fail(Error(`never: ${happened}`)), 20000);
  const look = () => happened() ? done(clearTimeout(late)) : setTimeout(look, 20);
  look();
});
window.find = (query) => [...document.querySelectorAll(query)].find((one) => one.offsetParent);
window.seen = (query) => until(() => find(query));
"""
"""`find` finds what is laid out, `seen` waits for it; both work without a window that paints."""
HEAR = "hear(['fr-FR', true]);"
CHECK = """
  for (const value of ['yes', 'permit_l', 'valid', 'no']) {
    const question = find('fieldset');
    question.querySelector(`[value=${value}]`).click();
    find('[data-self-check] [type=submit]').click();
    await until(() => !question.offsetParent);
  }
  await seen('[data-result]');
  return [find('[data-result]').dataset.rule, !!find('.outcome li')];
"""
SEARCH = """
  find('#search').value = 'délai recours';
  find('#search').dispatchEvent(new Event('input', { bubbles: true }));
  await seen('[data-results] a');
  return find('[data-results] a').href.split('/fr/')[1];
"""
TWO = """
  document.querySelector('.languages').open = true;
  await seen('.two-offer button');
  find('.two-offer button').click();
  await seen('.two-bar button');
  const [ours, theirs] = find('h1 .two').children;
  const pairs = document.querySelectorAll('.two').length;
  return [theirs.lang, ours.textContent !== theirs.textContent, pairs > 20];
"""
LISTEN = f"""
  {HEAR}
  find('article > .listen > button').click();
  await until(() => speechSynthesis.said.length > 9);
  return [speechSynthesis.said[0].lang, performance.getEntriesByType('navigation').length];
"""
KEEP = """
  await navigator.serviceWorker.ready;
  find('[data-do=keep]').click();
  await seen('[data-when=kept]');
  find('[data-do=remove]').click();
  await seen('[data-when=none]');
  find('[data-do=erase]').click();
  await seen('[data-when=erased]');
  return (await caches.keys()).filter((name) => name.includes('/fr/')).length;
"""
STAFF = """
  find('[name=language][value=ti]').click();
  await seen('[data-shared] section');
  return find('[data-shared] section button').dataset.copied;
"""
EVENING = """
  find('[data-evening] button').click();
  await seen('.slide h2');
  find('.bar [title=Suivant]').click();
  const choice = find('.bar select');
  choice.value = 'de';
  choice.dispatchEvent(new Event('change'));
  await seen('.two-sides');
  const languages = [...document.querySelectorAll('.two-sides > div')].map((one) => one.lang);
  find('.bar [title=Fermer]').click();
  return [...languages, !find('.stage'), !!find('[data-evening] button')];
"""
PLACES = """
  document.querySelector('.languages').open = true;
  const box = (query) => document.querySelector(query).getBoundingClientRect();
  const menu = box('.languages ul');
  const style = (query) => getComputedStyle(document.querySelector(query));
  return [
    box('.md-skip').bottom <= 0 || style('.md-skip').opacity === '0',
    menu.left >= 0 && menu.right <= innerWidth,
    parseFloat(style('.deadline').paddingTop) > 5,
    document.documentElement.scrollWidth <= innerWidth,
  ];
"""
PATHS: dict[str, tuple[str, str, Any]] = {
    "self-check": ("fr/self-check/", CHECK, ["l-valid-no-salary", True]),
    "search": ("fr/topics/", SEARCH, "rights/appeal/#when"),
    "two languages": ("fr/rights/appeal/", TWO, ["de-CH", True, True]),
    "listening": ("fr/rights/", LISTEN, ["fr-FR", 1]),
    "keeping": ("fr/phone/", KEEP, 0),
    "sharing": ("fr/staff/", STAFF, "https://cms.example/valais/q/ti-home"),
    "projection": ("fr/evening/", EVENING, ["fr-CH", "de-CH", True, True]),
    "places": ("fr/rights/appeal/", PLACES, [True] * 4),
    "places from right to left": ("ar/rights/appeal/", PLACES, [True] * 4),
}
"""Name to page, what is done there, and what comes of it."""


@dataclass
class Loser:
    """A site that loses files: what it is asked for once, it refuses and then has."""

    address: str
    patterns: list[str] = field(default_factory=list)


@pytest.fixture
def losing(site: Path) -> Iterator[Loser]:
    """The built site on a host that can lose files, of which no browser has anything yet."""
    loser = Loser("")

    class Handler(SiteHandler):
        def do_GET(self) -> None:  # noqa: N802
            lost = [one for one in loser.patterns if re.search(one, self.path)]
            if not lost:
                return super().do_GET()
            loser.patterns.remove(lost[0])
            self.send_error(503)
            return None

    with serving(functools.partial(Handler, directory=str(site))) as address:
        loser.address = f"{address}{PREFIX}/"
        yield loser


@pytest.fixture(scope="module", params=[chromium_83, firefox], ids=["chromium-83", "firefox"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A page of each browser, with a French voice to come."""
    with request.param() as engine:
        engine.before(STUB + HELP)
        yield engine


def done(engine: Engine, script: str) -> Any:
    """Return what the body of an asynchronous function returns in the page."""
    return engine.ask(f"(async () => {{ {script} }})()")


@pytest.mark.parametrize("name", PATHS)
def test_a_main_path_works(name: str, engine: Engine, losing: Loser) -> None:
    page, script, expected = PATHS[name]
    engine.go(losing.address + page)
    assert done(engine, script) == expected


TYPE = "find('#search').value = 'recours'; find('#search').dispatchEvent(new Event('input', all));"
MENU = "find('.languages').open = false; find('.languages summary').click();"
GO_ON = "find('[name=residence]').checked = true; find('[data-self-check] [type=submit]').click();"
LOST = {
    r"/site\.\w+\.js$": ("self-check/", "", "fieldset"),
    r"/self-check\.\w+\.js": ("self-check/", GO_ON, "[data-question=status]"),
    r"/search\.\w+\.js": ("topics/", TYPE, "[data-results] a"),
    r"/listen\.\w+\.js": (
        "rights/", "find('article > .listen > button').click();", ".listen [data-icon]",
    ),
    r"/two\.\w+\.js": ("rights/", MENU, ".two-offer button"),
    r"/two\.\w+\.css": ("rights/", MENU, ".two-offer button"),
    r"/keep\.\w+\.js": ("phone/", "find('[data-do=erase]').click();", "[data-when=erased]"),
    r"/staff\.\w+\.js": (
        "staff/", "find('[name=language][value=ti]').click();", "[data-shared] section",
    ),
    r"/evening\.\w+\.js": ("evening/", "find('[data-evening] button')?.click();", ".slide h2"),
}  # fmt: skip
"""The file to page, what asks for it, and what is seen once it is there."""
PRESS_UNTIL_SEEN = """
  speechSynthesis.auto = false;
  %s
  const all = { bubbles: true };
  const press = () => { %s };
  press();
  const again = setInterval(press, 500);
  await seen('%s');
  clearInterval(again);
"""


@pytest.mark.parametrize("file", LOST)
def test_a_file_that_is_lost_once_is_asked_for_again(
    file: str, engine: Engine, losing: Loser
) -> None:
    page, press, works = LOST[file]
    losing.patterns.append(file)
    engine.go(f"{losing.address}fr/{page}")
    done(engine, PRESS_UNTIL_SEEN % (HEAR, press, works))
    assert losing.patterns == []
