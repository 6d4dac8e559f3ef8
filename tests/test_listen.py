"""Listening in a real browser, with the device's voices replaced by a record of what is said."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from scripts.content.languages import load_languages
from scripts.content.project import Project
from scripts.faults import ROOT
from scripts.site.addresses import page_folder
from tests.axe import violations
from tests.conftest import (
    PHONE,
    SITE_URL,
    ContentCopy,
    copied_project,
    go,
    phone_without_worker,
    run_mkdocs_build,
    serving_site,
    wait_in_page,
)
from tests.test_two import hidden_behind

TAGS = {one.code: one.tag for one in load_languages(ROOT / "mkdocs.yml")}
CODES = list(TAGS)
OWN_VOICE = {
    "fr": "fr-FR", "de": "de-DE", "en": "en_US", "es": "es-MX", "it": "it-IT", "ku": "ku",
    "pl": "pl-PL", "pt": "pt-BR", "ro": "ro-RO", "sq": "sq", "so": "so-SO", "sr": "sr_RS_#Latn",
    "tr": "tr-TR", "ru": "ru-RU", "uk": "uk_UA", "ar": "ar-EG", "fa": "fa-IR", "ps": "ps",
    "ta": "ta-IN", "ti": "ti",
}  # fmt: skip
"""A voice that a phone may have for each language, as phones write its tag."""
NEIGHBOURS = [("ku", "ckb-IQ"), ("ti", "am-ET"), ("fa", "ar-SA"), ("ps", "fa-AF"), ("sq", "sr-RS")]
"""A voice of a language near by, which must not read ours."""
WHOLE = ("fr",)
"""The language heard on every page; the others are on the pages that hold every kind of text."""
SAMPLE = ("index", "self-check", "who-is-covered", "rights/appeal", "where-to-go", "help")
NOT_HEARD = (
    "nav, button, thead, .listen, .contents, .sources, .official, .cite, .no-listen, .recording, "
    "[aria-hidden=true]"
)
STUB = """
(() => {
  const speech = { voices: [], said: [], given: [], auto: true, speaking: false, pending: false };
  const marked = () => [...(CSS.highlights?.get('reading') ?? [])].map((one) => {
    const range = new Range();
    range.setStart(one.startContainer, one.startOffset);
    range.setEnd(one.endContainer, one.endOffset);
    return range.toString();
  }).join('');
  speech.getVoices = () => speech.voices;
  speech.fire = (type, detail = {}) => {
    const now = speech.now;
    if (type !== 'start') { speech.speaking = false; speech.now = null; }
    now?.[`on${type}`]?.({ type, ...detail });
  };
  speech.speak = (one) => {
    speech.given.push(one.text);
    if (!one.text.trim()) return;
    const { text, lang, rate, voice } = one;
    speech.said.push({ text, lang, rate, voice: voice.name, marked: marked() });
    speech.now = one;
    speech.speaking = true;
    if (speech.dead) return;
    queueMicrotask(() => {
      speech.fire('start');
      if (speech.auto) speech.fire('end');
    });
  };
  speech.cancel = () => { if (speech.now) speech.fire('error', { error: 'canceled' }); };
  Object.defineProperty(window, 'speechSynthesis', { value: speech });
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  window.hear = (...voices) => {
    speech.voices = voices.map(
      ([lang, localService, name = lang]) => ({ lang, localService, name }),
    );
    speech.onvoiceschanged?.();
  };
  window.until = (happened) => new Promise((done, fail) => {
    const late = setTimeout(() => fail(Error(`never: ${happened}`)), 5000);
    const look = () => happened() ? done(clearTimeout(late)) : requestAnimationFrame(look);
    look();
  });
})();
"""

Opener = Callable[..., Page]


@pytest.fixture
def listener(context: BrowserContext, address: str) -> Opener:
    """Open a page on a device with voices, each a tag, local or not, and a name."""

    def opened(path: str, *voices: list[Any], auto: bool = False) -> Page:
        page = context.new_page()
        page.add_init_script(STUB)
        go(page, address + path)
        page.evaluate("(voices) => hear(...voices)", list(voices))
        page.evaluate("(auto) => { speechSynthesis.auto = auto; }", auto)
        return page

    return opened


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """One page for tables, without the worker, which would keep each of its many pages."""
    with phone_without_worker(browser, STUB) as page:
        yield page


def said(page: Page) -> list[dict[str, Any]]:
    """Return what was said so far."""
    found: list[dict[str, Any]] = page.evaluate("speechSynthesis.said")
    return found


def texts(page: Page) -> list[str]:
    return [one["text"] for one in said(page)]


def wait_until(page: Page, condition: str) -> None:
    """Wait for an expression; the policy refuses those of Playwright's own `wait_for_function`."""
    page.evaluate(f"until(() => {condition})")


def wait_for_end(page: Page) -> None:
    wait_until(page, "!document.querySelector('.listen[data-on]')")


def start(page: Page, scope: str = "article") -> None:
    """Press the listen button of a part of the page and wait for the first sentence."""
    page.click(f"{scope} > .listen > button")
    wait_until(page, "speechSynthesis.said.length > 0")


def finish_sentence(page: Page) -> None:
    page.evaluate("speechSynthesis.fire('end')")


def button(page: Page, name: str) -> Any:
    return page.get_by_role("button", name=name, exact=True)


# Where the button is


@pytest.mark.browser
@pytest.mark.parametrize("code", CODES)
def test_the_button_shows_only_where_the_device_has_a_voice_of_that_very_language(
    code: str, page: Page, address: str
) -> None:
    go(page, f"{address}{code}/rights/appeal/")
    shown = []
    for voices in (
        [],
        [[OWN_VOICE[code], True]],
        [["fr-FR", True]],
        [[OWN_VOICE[code], False]],
        [["en-US", False], [OWN_VOICE[code], True]],
    ):
        page.evaluate("(voices) => hear(...voices)", voices)
        shown.append(page.locator(".listen > button").first.is_visible())
    assert shown == [False, True, code == "fr", False, True]


@pytest.mark.browser
@pytest.mark.parametrize(("code", "tag"), NEIGHBOURS)
def test_a_voice_of_a_language_near_by_does_not_read(
    code: str, tag: str, page: Page, address: str
) -> None:
    go(page, f"{address}{code}/rights/appeal/")
    page.evaluate("(tag) => hear([tag, true])", tag)
    assert page.locator(".listen > button").first.is_hidden()


@pytest.mark.browser
def test_without_any_speech_on_the_device_the_page_works_and_shows_no_button(
    context: BrowserContext, address: str
) -> None:
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.add_init_script("Object.defineProperty(window, 'speechSynthesis', { value: undefined })")
    go(page, f"{address}fr/rights/appeal/")
    assert page.locator(".listen > button").first.is_hidden()
    assert problems == []


@pytest.mark.browser
def test_showing_the_button_moves_nothing(page: Page, address: str) -> None:
    for path in ("fr/rights/appeal/", "ar/rights/appeal/", "fr/self-check/"):
        go(page, address + path)
        measure = (
            "[...document.querySelectorAll('main *:not(.listen, .listen *)')]"
            ".map((one) => [one.tagName, one.getBoundingClientRect().top])"
        )
        before = page.evaluate(measure)
        page.evaluate("hear(['fr-FR', true], ['ar-SA', true])")
        assert page.locator(".listen > button >> visible=true").count() > 0
        assert page.evaluate(measure) == before


@pytest.mark.browser
def test_the_best_voice_reads_its_own_country_first_and_never_a_remote_one(
    listener: Opener,
) -> None:
    page = listener(
        "fr/rights/appeal/",
        ["fr-FR", True, "Paris"],
        ["fr-CH", False, "Cloud"],
        ["fr_CH", True, "Sion"],
        ["fr-CA", True, "Québec"],
    )
    start(page)
    assert [said(page)[0][key] for key in ("voice", "lang", "rate")] == ["Sion", "fr_CH", 1]


# What is fetched


@pytest.mark.browser
def test_nothing_is_fetched_before_the_button_is_pressed(listener: Opener) -> None:
    page = listener("fr/rights/appeal/", ["fr-FR", True])
    before = page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    assert [one for one in before if "listen" in one] == []
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    start(page)
    hashed = {re.sub(r"\.[0-9a-f]{8}\.", ".HASH.", name) for name in asked}
    assert hashed == {"listen.HASH.css", "listen.HASH.js", "listen.fr-CH.HASH.json"}


@pytest.mark.browser
def test_the_press_itself_speaks_a_space_as_phones_demand_and_never_an_empty_text(
    listener: Opener,
) -> None:
    page = listener("fr/rights/appeal/", ["fr-FR", True])
    given = "document.querySelector('.listen > button').click(), speechSynthesis.given"
    assert page.evaluate(given) == [" "]


@pytest.fixture
def newcomer(browser: Browser, address: str) -> Iterator[Page]:
    """An appeal page on a phone that fetched nothing before, and has no worker to keep it."""
    with phone_without_worker(browser, STUB) as page:
        go(page, f"{address}fr/rights/appeal/")
        page.evaluate("hear(['fr-FR', true])")
        yield page


@pytest.mark.browser
def test_without_network_the_press_is_answered_where_the_eye_is(newcomer: Page) -> None:
    newcomer.context.set_offline(True)
    newcomer.click("article > .listen > button")
    expect(newcomer.locator("article > .listen > [role=alert]")).to_have_text(
        "Vous n’avez pas de réseau."
    )
    overlaps = """(place) => {
      const boxes = [...place.parentElement.children].map((one) => one.getBoundingClientRect());
      const { top, bottom } = place.lastElementChild.getBoundingClientRect();
      return boxes.filter((one) => one.height && one.top < bottom && one.bottom > top).length;
    }"""
    assert newcomer.locator("article > .listen").evaluate(overlaps) == 1


@pytest.mark.browser
def test_listening_works_under_the_security_policy(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport=PHONE)
    page.add_init_script(STUB)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    answer = go(page, f"{address}fr/self-check/")
    assert answer
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    page.evaluate("hear(['fr-FR', true]); speechSynthesis.auto = false")
    page.click("article > .listen > button")
    button(page, "Rapide").click()
    button(page, "Phrase suivante").click()
    button(page, "Arrêter").click()
    assert page.locator(".listen[data-on]").count() == 0
    page.close()
    assert problems == []


# What is said


READ_ALL = """async ([voice, skipped]) => {
  const main = document.querySelector('article');
  const numbers = [...main.querySelectorAll('a[href^="tel:"]')].map((one) => one.innerText.trim());
  hear([voice, true]);
  main.querySelector(':scope > .listen > button').click();
  const { said } = speechSynthesis;
  await until(() => said.length > 0 && !document.querySelector('.listen[data-on]'));
  const base = (tag) => tag.split('-')[0];
  const own = base(document.documentElement.lang);
  for (const one of main.querySelectorAll(skipped)) one.remove();
  for (const one of main.querySelectorAll('[lang]')) if (base(one.lang) !== own) one.remove();
  return [said, main.innerText, numbers];
}"""
"""Listen to a page to its end; give what was said, what was to be said, its telephone numbers."""


@pytest.mark.browser
@pytest.mark.parametrize("code", CODES)
def test_all_that_is_seen_is_said_in_order_by_sentences_and_numbers_digit_by_digit(
    code: str, page: Page, address: str, project: Project
) -> None:
    paths = project.pages[code] if code in WHOLE else SAMPLE
    problems = []
    numbers: set[str] = set()
    for path in paths:
        go(page, address + page_folder(code, path))
        heard, seen, found = page.evaluate(READ_ALL, [OWN_VOICE[code], NOT_HEARD])
        numbers |= set(found)
        differing = _differing(_bare("".join(one["marked"] for one in heard)), _bare(seen))
        problems += [f"{path}: {one}" for one in differing]
        problems += [f"{path}: empty: {one}" for one in heard if not one["text"].strip()]
        problems += [f"{path}: {one}" for one in heard if len(one["text"].split()) > 60]
        everything = " ".join(one["text"] for one in heard)
        problems += [f"{path}: {one}" for one in found if _digits(one) not in everything]
    assert problems == []
    assert len(numbers) >= 6


def _digits(number: str) -> str:
    """Write a telephone number as it is said."""
    return ", ".join(" ".join(group) for group in number.split())


def _differing(heard: str, seen: str) -> list[str]:
    """Return where what was heard first differs from what is seen."""
    pairs = enumerate(zip(heard, seen, strict=False))
    same = next((place for place, (one, other) in pairs if one != other), 0)
    around = slice(max(0, same - 20), same + 40)
    return [] if heard == seen else [f"said {heard[around]!r}, seen {seen[around]!r}"]


def _bare(text: str) -> str:
    """Leave out white space, and marks that have no sound standing alone."""
    return re.sub(r"[\s\u2060,;.:()/–-]+", "", text)


SPOKEN = [
    ("fr", "Téléphone : 027 606 55 96.", "Téléphone : 0 2 7, 6 0 6, 5 5, 9 6."),
    ("fr", "Ambulance : 144, police : 117.", "Ambulance : 1 4 4, police : 1 1 7."),
    ("fr", "120 situations, 1440 francs, 14 jours", "120 situations, 1440 francs, 14 jours"),
    ("fr", "Permis N, F ou S. L’aide, c’est ici.", "Permis enne, effe ou esse. L’aide, c’est ici."),
    ("fr", "C’est le permis C", "C’est le permis cé"),
    ("fr", "(G, Ci…)", "(gé, cé i…)"),
    ("fr", "le CMS et le SMZ", "le cé emme esse et le esse emme zède"),
    ("fr", "SPM, SAS, OASI, RS, UE", "esse pé emme, esse a esse, o a esse i, erre esse, u e"),
    ("fr", "Vidéos d’ARTIAS", "Vidéos d’Artias"),
    ("fr", "(art. 29 Cst.)", "(article 29 Constitution)"),
    ("fr", "Art. 12 et cartes", "article 12 et cartes"),
    ("fr", "le 23.11.2026, 95 %", "le 23 novembre 2026, 95 pour cent"),
    ("fr", "le 01.07.2026 ou le 1.8.2026", "le 1er juillet 2026 ou le 1er août 2026"),
    ("fr", "le 11.07.2026, le 2026-07-21", "le 11 juillet 2026, le 21 juillet 2026"),
    ("it", "il 01.07.2026 e il 11.07.2026", "il 1º luglio 2026 e il 11 luglio 2026"),
    ("ro", "la 01.07.2026 și 21.07.2026", "la întâi iulie 2026 și 21 iulie 2026"),
    ("de", "am 01.07.2026", "am 1. Juli 2026"),
    ("es", "el 01.07.2026", "el 1 de julio de 2026"),
    ("pt", "em 01.07.2026", "em 1 de julho de 2026"),
    ("pl", "dnia 01.07.2026.", "dnia 1 lipca 2026 roku."),
    ("sr", "do 01.07.2026. i 23.11.2026.", "do 1. jul 2026. godine i 23. novembar 2026. godine."),
    ("ru", "с 01.07.2026 по 23.11.2026.", "с 1 июля 2026 года по 23 ноября 2026 года."),
    ("uk", "з 01.07.2026.", "з 1 липня 2026 року."),
    ("tr", "01.07.2026", "1 Temmuz 2026"),
    ("ku", "01.07.2026", "1, 7, 2026"),
    ("de", "Ausweis L, B-Ausweis", "Ausweis ell, B-Ausweis"),
    ("de", "beim SMZ am 23.11.2026", "beim ess emm zett am 23. November 2026"),
    ("de", "EU und EFTA (Art. 29 BV): 95 %", "e u und Efta (Artikel 29 be vau): 95 Prozent"),
    ("de", "Telefon: 027 606 55 96.", "Telefon: 0 2 7, 6 0 6, 5 5, 9 6."),
    ("en", "Your CMS, the L permit", "Your C M S, the L permit"),
    ("en", "I can call 112. A decision (art. 29)", "I can call 1 1 2. A decision (article 29)"),
    ("en", "23.11.2026: 95%", "November 23, 2026: 95 percent"),
    ("ar", "تصريح B أو C", "تصريح بي أو سي"),
    ("ar", "لدى الـCMS وSPM", "لدى الـسي إم إس وإس بي إم"),
    ("ar", "هاتف: 027 606 55 96، الإسعاف: 144", "هاتف: 0 2 7, 6 0 6, 5 5, 9 6، الإسعاف: 1 4 4"),
    ("ar", "في 23.11.2026، 95 %", "في 23 نوفمبر 2026، 95 بالمئة"),
    ("tr", "CMS’ye, %95, B izni", "ce me se’ye, yüzde 95, be izni"),
    ("ru", "CMS, ст. 12, разрешение C", "цэ эм эс, статья 12, разрешение цэ"),
    ("sq", "S’ka nevojë. Leja S", "S’ka nevojë. Leja së"),
    ("ro", "N-am permis N", "N-am permis en"),
    ("it", "Ci sono. L’aiuto, permesso L", "Ci sono. L’aiuto, permesso elle"),
    ("ta", "CMS-இல் B அனுமதி", "சி எம் எஸ்-இல் பி அனுமதி"),
    ("ti", "ን144፣ CMS", "ን1 4 4፣ ሲ ኤም ኤስ"),
    ("so", "23.11.2026", "23, 11, 2026"),
]


@pytest.mark.browser
def test_numbers_letters_and_abbreviations_are_said_as_people_say_them(
    listener: Opener, address: str, site: Path
) -> None:
    page = listener("fr/")
    files = {one.name.split(".")[1]: one.name for one in (site / "assets").glob("listen.*.json")}
    script = next((site / "assets").glob("listen.*.js")).name
    found = page.evaluate(
        """async ([script, cases]) => {
          const { spoken } = await import(script);
          const say = async ([file, text]) => spoken(text, await (await fetch(file)).json());
          return Promise.all(cases.map(say));
        }""",
        [
            f"{address}assets/{script}",
            [[f"{address}assets/{files[TAGS[code]]}", text] for code, text, _ in SPOKEN],
        ],
    )
    expected = [(code, text, spoken) for code, text, spoken in SPOKEN]
    pairs = zip(SPOKEN, found, strict=True)
    assert [(code, text, one) for (code, text, _), one in pairs] == expected


@pytest.mark.browser
def test_abbreviations_and_dates_end_no_sentence(listener: Opener) -> None:
    page = listener("fr/rights/appeal/", ["fr-FR", True], auto=True)
    page.evaluate(
        """document.querySelector('article').append('La loi (art. 29 Cst.) le dit. Le 1.7.2021 ! '
           + 'Dites : « J’ai faim. » Et alors ? On vous aide… toujours. Le 18. November.')"""
    )
    start(page)
    wait_for_end(page)
    assert texts(page)[-6:] == [
        "La loi (article 29 Constitution) le dit.",
        "Le 1er juillet 2021 !",
        "Dites : « J’ai faim. »",
        "Et alors ?",
        "On vous aide… toujours.",
        "Le 18. November.",
    ]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("code", "sentences"),
    [
        ("de", ["Am 18. November.", "„Ich habe Hunger.“", "Kommen Sie!"]),
        ("ar", ["هل تحتاج إلى المساعدة؟", "اطلبها.", "هذا مجاني!"]),
        ("ti", ["ሓገዝ የድልየኩም ድዩ፧", "ሕተቱ።", "ነጻ እዩ።"]),
        ("ta", ["உதவி வேண்டுமா?", "கேளுங்கள்.", "இது இலவசம்."]),
    ],
)
def test_sentences_end_as_each_script_ends_them(
    code: str, sentences: list[str], listener: Opener
) -> None:
    page = listener(f"{code}/rights/appeal/", [OWN_VOICE[code], True], auto=True)
    page.evaluate("(text) => document.querySelector('article').append(text)", " \n".join(sentences))
    start(page)
    wait_for_end(page)
    assert texts(page)[-len(sentences) :] == sentences


@pytest.mark.browser
def test_a_cell_is_said_with_the_head_of_its_column(listener: Opener) -> None:
    page = listener("fr/about/rules/", ["fr-FR", True], auto=True)
    start(page)
    wait_for_end(page)
    head = page.locator("article table th[scope=col] >> nth=1").inner_text()
    cell = page.locator("article table tbody td >> nth=0").inner_text()
    assert f"{head}: {cell}" in texts(page)


# The sentence that is marked, and the controls


@pytest.mark.browser
def test_the_sentence_that_is_said_is_marked_and_in_view(listener: Opener) -> None:
    page = listener("fr/rights/appeal/", ["fr-FR", True])
    page.emulate_media(reduced_motion="reduce")
    start(page)
    for _ in range(25):
        finish_sentence(page)
    last = said(page)[-1]
    assert last["marked"].split() == [*last["text"].split()]
    place = page.evaluate(
        """() => {
          const [one] = CSS.highlights.get('reading');
          const range = new Range();
          range.setStart(one.startContainer, one.startOffset);
          range.setEnd(one.endContainer, one.endOffset);
          const { top, bottom } = range.getBoundingClientRect();
          const bar = document.querySelector('.listen').getBoundingClientRect();
          return [bar.top, top - bar.bottom, innerHeight - bottom];
        }"""
    )
    assert place[0] == 0
    assert min(place) >= 0


@pytest.mark.browser
def test_in_a_browser_without_highlights_the_block_is_marked(
    context: BrowserContext, address: str
) -> None:
    page = context.new_page()
    page.add_init_script("delete window.Highlight;" + STUB)
    go(page, f"{address}fr/rights/appeal/")
    page.evaluate("hear(['fr-FR', true]); speechSynthesis.auto = false")
    start(page)
    assert page.locator(".reading").inner_text() == texts(page)[0]
    button(page, "Arrêter").click()
    assert page.locator(".reading").count() == 0


@pytest.mark.browser
def test_pause_remembers_the_sentence_and_going_on_says_it_again(listener: Opener) -> None:
    page = listener("fr/rights/appeal/", ["fr-FR", True])
    start(page)
    finish_sentence(page)
    button(page, "Pause").click()
    button(page, "Continuer").wait_for()
    assert page.evaluate("speechSynthesis.speaking") is False
    assert page.evaluate("CSS.highlights.has('reading')")
    button(page, "Continuer").click()
    button(page, "Pause").wait_for()
    assert [texts(page)[index] for index in (1, 2)] == [texts(page)[1]] * 2
    assert len(texts(page)) == 3


@pytest.mark.browser
def test_one_goes_a_sentence_back_and_forward_with_the_keyboard_alone(listener: Opener) -> None:
    page = listener("fr/rights/appeal/", ["fr-FR", True])
    page.focus("article > .listen > button")
    page.keyboard.press("Enter")
    wait_until(page, "speechSynthesis.said.length > 0")
    for name in ("Phrase suivante", "Phrase suivante", "Phrase précédente"):
        button(page, name).focus()
        count = len(texts(page))
        page.keyboard.press("Enter")
        wait_until(page, f"speechSynthesis.said.length > {count}")
    first, second, third, again = texts(page)
    assert len({first, second, third}) == 3
    assert again == second


@pytest.mark.browser
def test_the_speed_holds_from_the_sentence_being_said_and_is_kept_nowhere(
    listener: Opener,
) -> None:
    page = listener("fr/rights/appeal/", ["fr-FR", True])
    start(page)
    button(page, "Lent").click()
    wait_until(page, "speechSynthesis.said.length > 1")
    finish_sentence(page)
    assert [one["rate"] for one in said(page)] == [1, 0.8, 0.8]
    assert texts(page)[0] == texts(page)[1]
    pressed = page.locator(".listen [aria-pressed=true]")
    assert pressed.all_inner_texts() == ["Lent"]
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [
        0,
        0,
        "",
    ]


@pytest.mark.browser
def test_stopping_takes_mark_and_controls_away_and_gives_the_focus_back(
    listener: Opener,
) -> None:
    page = listener("fr/rights/appeal/", ["fr-FR", True])
    start(page)
    button(page, "Arrêter").click()
    assert page.evaluate("CSS.highlights.has('reading')") is False
    assert page.evaluate("document.activeElement.textContent") == "Écouter"
    assert page.locator(".listen button >> visible=true").count() == 1
    start_count = len(texts(page))
    assert start_count == 1
    assert page.evaluate("speechSynthesis.speaking") is False


@pytest.mark.browser
@pytest.mark.parametrize("event", ["pagehide", "beforeprint"])
def test_leaving_or_printing_the_page_ends_the_reading(event: str, listener: Opener) -> None:
    page = listener("fr/rights/appeal/", ["fr-FR", True])
    start(page)
    page.evaluate("(event) => dispatchEvent(new Event(event))", event)
    assert page.evaluate("speechSynthesis.speaking") is False
    assert page.locator(".listen[data-on]").count() == 0


@pytest.mark.browser
@pytest.mark.parametrize("error", ["interrupted", "canceled"])
def test_an_interruption_is_a_pause_and_no_failure(error: str, listener: Opener) -> None:
    page = listener("fr/rights/appeal/", ["fr-FR", True])
    start(page)
    page.evaluate("(error) => speechSynthesis.fire('error', { error })", error)
    assert button(page, "Continuer").is_visible()
    assert page.locator("article > .listen [role=status]").inner_text() == ""


@pytest.mark.browser
def test_a_voice_that_fails_is_told_in_one_sentence(listener: Opener) -> None:
    page = listener("fr/rights/appeal/", ["fr-FR", True])
    start(page)
    page.evaluate("speechSynthesis.fire('error', { error: 'synthesis-failed' })")
    status = page.locator("article > .listen [role=status]")
    assert "ne marche pas" in status.inner_text()
    assert button(page, "Écouter").is_visible()


@pytest.mark.browser
def test_a_voice_that_never_begins_is_told_too(listener: Opener) -> None:
    page = listener("fr/rights/appeal/", ["fr-FR", True])
    page.clock.install()
    page.evaluate("speechSynthesis.dead = true")
    start(page)
    page.clock.fast_forward(8100)
    assert "ne marche pas" in page.locator("article > .listen [role=status]").inner_text()


@pytest.mark.browser
def test_a_voice_that_never_tells_the_end_of_a_sentence_is_not_waited_for(
    listener: Opener,
) -> None:
    page = listener("fr/rights/appeal/", ["fr-FR", True])
    page.clock.install()
    start(page)
    for count in (1, 2, 3):
        assert len(said(page)) == count
        longest = 8000 + 250 * len(texts(page)[-1])
        page.clock.run_for(longest - 1000)
        assert len(said(page)) == count, "no voice needs so long, but it may"
        page.clock.run_for(1100)
    button(page, "Pause").click()
    count = len(said(page))
    page.clock.run_for(300_000)
    assert len(said(page)) == count, "paused is paused"


THROWS = "() => { throw new Error('no engine'); }"
BROKEN = {
    "it throws when it is to speak": f"speechSynthesis.speak = {THROWS}",
    "it throws when it is to be silent": "speechSynthesis.speaking = true; "
    f"speechSynthesis.cancel = speechSynthesis.speak = {THROWS}",
    "it has no utterances": "window.SpeechSynthesisUtterance = undefined",
    "it lost its voices": f"speechSynthesis.getVoices = {THROWS}",
    "it takes no voice": "window.SpeechSynthesisUtterance = class "
    "{ set voice(one) { throw new TypeError('no voice'); } }",
}


@pytest.mark.browser
@pytest.mark.parametrize("fault", BROKEN)
def test_an_engine_that_breaks_is_told_and_the_page_stays(fault: str, listener: Opener) -> None:
    page = listener("fr/rights/appeal/", ["fr-FR", True])
    page.evaluate(f"() => {{ window.mark = true; {BROKEN[fault]} }}")
    page.click("article > .listen > button")
    expect(page.locator("article > .listen [role=status]")).to_contain_text("ne marche pas")
    assert button(page, "Écouter").is_visible()
    assert page.evaluate("window.mark")
    assert page.locator(".told").count() == 0


@pytest.mark.browser
def test_an_engine_that_throws_from_the_first_leaves_the_page_whole(
    browser: Browser, address: str
) -> None:
    with browser.new_context(viewport=PHONE) as context:
        page = context.new_page()
        page.add_init_script(STUB)
        page.add_init_script(f"speechSynthesis.getVoices = {THROWS}")
        go(page, f"{address}fr/rights/appeal/")
        assert page.locator(".listen > button").first.is_hidden()
        wait_in_page(page, "() => navigator.serviceWorker.getRegistration()")


@pytest.mark.browser
def test_voices_that_come_late_without_an_event_are_offered(
    context: BrowserContext, address: str
) -> None:
    page = context.new_page()
    page.add_init_script(STUB)
    page.clock.install()
    go(page, f"{address}fr/rights/appeal/")
    page.clock.run_for(500)
    assert page.locator(".listen > button").first.is_hidden()
    page.evaluate("speechSynthesis.onvoiceschanged = null; hear(['fr-FR', true])")
    page.clock.run_for(20_000)
    expect(page.locator(".listen > button").first).to_be_visible()


@pytest.mark.browser
def test_a_sentence_for_the_counter_that_cannot_be_heard_is_told(listener: Opener) -> None:
    page = listener("ar/say/", ["fr-FR", True])
    page.locator(".say .hear").first.click()
    assert len(said(page)) == 1
    page.evaluate(f"() => {{ {BROKEN['it throws when it is to speak']} }}")
    page.locator(".say .hear").first.click()
    expect(page.locator(".say").first.locator(".told")).to_be_visible()


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height"), [(320, 480), (640, 320), (360, 740), (1280, 720)])
@pytest.mark.parametrize("code", ["fr", "ar", "ta"])
def test_the_bar_takes_a_fifth_of_the_height_at_most_and_hides_nothing_that_has_the_focus(
    code: str, width: int, height: int, listener: Opener
) -> None:
    page = listener(f"{code}/help/", [OWN_VOICE[code], True])
    page.set_viewport_size({"width": width, "height": height})
    start(page)
    page.wait_for_load_state("networkidle")
    bar = "article > .listen"
    assert page.locator(bar).evaluate("(bar) => bar.offsetHeight") <= height / 5
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.locator("footer a").last.focus()
    assert hidden_behind(page, bar, "Shift+Tab", 60) == []


@pytest.mark.browser
def test_controls_are_large_enough_and_their_names_are_words(listener: Opener) -> None:
    page = listener("fr/rights/appeal/", ["fr-FR", True])
    page.set_viewport_size({"width": 320, "height": 640})
    sizes = (
        "all => all.map((one) => one.getBoundingClientRect()).map((one) => [one.width, one.height])"
    )
    idle = page.eval_on_selector_all("article > .listen button", sizes)
    start(page)
    found = idle + page.eval_on_selector_all("article > .listen button", sizes)
    assert len(found) == 8
    assert min(min(size) for size in found) >= 44
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    for name in ("Pause", "Arrêter", "Phrase précédente", "Phrase suivante", "Lent", "Rapide"):
        assert button(page, name).is_visible()


@pytest.mark.browser
@pytest.mark.parametrize("code", ["fr", "ar"])
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_button_and_controls_are_accessible(
    mode: Literal["light", "dark"], code: str, listener: Opener
) -> None:
    page = listener(f"{code}/rights/appeal/", [OWN_VOICE[code], True])
    page.emulate_media(color_scheme=mode)
    idle = violations(page)
    start(page)
    assert idle + violations(page) == []


# The self-check


@pytest.mark.browser
def test_a_question_is_heard_with_its_hint_and_all_its_answers(
    listener: Opener, project: Project
) -> None:
    page = listener("fr/self-check/", ["fr-FR", True], auto=True)
    for answer, asked in (("yes", "residence"), ("permit_l", "status"), ("valid", "validity")):
        page.locator(f"fieldset[data-question={asked}]").wait_for()
        page.evaluate("speechSynthesis.said.length = 0")
        start(page, "form")
        wait_for_end(page)
        words = project.source_wording.data
        question = words["questions"][asked]
        expected = [
            question["text"],
            question["hint"],
            *question["answers"].values(),
            words["check"]["unknown"],
        ]
        heard = " ".join(one["marked"] for one in said(page))
        assert [text for text in expected if text not in heard.replace("  ", " ")] == []
        page.check(f"fieldset:not([hidden]) input[value={answer}]")
        page.click("[data-self-check] button[type=submit]")


@pytest.mark.browser
def test_the_result_is_heard(listener: Opener, project: Project) -> None:
    page = listener("fr/self-check/", ["fr-FR", True], auto=True)
    page.check("fieldset:not([hidden]) input[value=no]")
    page.click("[data-self-check] button[type=submit]")
    start(page, "[data-result]")
    wait_for_end(page)
    outcome = project.source_wording.data["outcomes"]["elsewhere"]
    heard = texts(page)
    assert outcome["title"] in heard
    assert heard[0] == "Votre résultat"
    assert project.source_wording.texts["check.only_decision"].startswith(
        next(one for one in heard if "informe" in one)
    )


@pytest.mark.browser
@pytest.mark.parametrize("leave", ["submit", "back"])
def test_a_question_that_goes_is_not_read_on(leave: str, listener: Opener) -> None:
    page = listener("fr/self-check/", ["fr-FR", True])
    page.check("fieldset:not([hidden]) input[value=yes]")
    page.click("[data-self-check] button[type=submit]")
    status = page.locator("fieldset[data-question=status]")
    status.wait_for()
    start(page, "form")
    while "Quel papier" not in texts(page)[-1]:
        finish_sentence(page)
    if leave == "submit":
        page.check("fieldset:not([hidden]) input[value=swiss]")
        page.click("[data-self-check] button[type=submit]")
    else:
        page.click("[data-back]")
        page.locator("fieldset[data-question=residence]").wait_for()
    status.wait_for(state="hidden")
    assert page.evaluate("speechSynthesis.speaking") is False
    assert page.locator(".listen[data-on]").count() == 0


@pytest.mark.browser
def test_only_one_part_is_read_at_a_time(listener: Opener) -> None:
    page = listener("fr/self-check/", ["fr-FR", True])
    start(page)
    page.click("form > .listen > button")
    wait_until(page, "speechSynthesis.said.length > 1")
    assert page.locator(".listen[data-on]").count() == 1
    assert page.locator("form > .listen[data-on]").count() == 1


# Recordings

FRAME = bytes([0xFF, 0xFB, 0x90, 0x00]) + bytes(413)
"""A silent frame of MPEG-1 layer III at 128 kbit/s and 44.1 kHz, 26 milliseconds long."""
MP3 = FRAME * 40


def recorded(root: Path, name: str, content: bytes = MP3) -> None:
    file = root / "docs" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


@pytest.fixture(scope="module")
def recorded_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a small copy of the site with one recording; give its address."""
    root = copied_project(tmp_path_factory.mktemp("recorded"), codes=("fr", "ar"))
    recorded(root, "fr/audio/rights/appeal.mp3")
    done = run_mkdocs_build(root, site_url=SITE_URL)
    assert done.returncode == 0, done.stdout + done.stderr
    with serving_site(root / "site") as address:
        yield address


@pytest.mark.browser
def test_a_recording_takes_the_place_of_the_voice_and_comes_only_when_it_is_asked_for(
    context: BrowserContext, recorded_site: str
) -> None:
    page = context.new_page()
    page.add_init_script(STUB)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    go(page, f"{recorded_site}fr/rights/appeal/")
    page.evaluate("hear(['fr-FR', true])")
    assert page.locator(".listen").count() == 0
    assert (
        page.locator("figcaption").inner_text() == "Écouter l’enregistrement (environ 17\u00a0Ko)"
    )
    assert page.get_by_label("Écouter l’enregistrement").count() == 1
    assert [url for url in asked if "audio" in url] == []
    length = page.evaluate(
        """() => new Promise((done) => {
          const audio = document.querySelector('audio');
          audio.onloadedmetadata = () => done(audio.duration);
          audio.load();
          audio.play();
        })"""
    )
    assert length == pytest.approx(1, abs=0.1)
    assert {url for url in asked if "audio" in url} == {
        f"{recorded_site}fr/audio/rights/appeal.mp3"
    }


@pytest.mark.browser
def test_a_page_without_recording_keeps_its_button_and_a_recording_needs_no_script(
    browser: Browser, recorded_site: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{recorded_site}fr/rights/appeal/")
    assert page.locator("audio[controls][preload=none]").is_visible()
    page.goto(f"{recorded_site}fr/rights/decision/")
    assert page.locator("audio").count() == 0
    assert page.locator("article > [type='text/html']").count() == 1
    context.close()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "fr/audio/rights/apeal.mp3",
            MP3,
            "is a recording of no page; allowed: about/accessibility, ",
        ),
        ("ar/audio/staff.mp3", MP3, "is a recording of no page; allowed: about/accessibility, "),
        ("fr/audio/permit.mp3", b"", "is empty; put the recording there or remove the file"),
        ("fr/audio/permit.mp3", b"RIFF\0\0\0\0WAVE", "does not hold what '.mp3' promises"),
        ("fr/audio/permit.ogg", MP3, "does not hold what '.ogg' promises"),
        ("fr/audio/permit.wav", b"RIFF\0\0\0\0WAVE", "found a file '.wav'; allowed: .mp3, .m4a"),
    ],
)
def test_a_recording_of_no_page_or_of_a_wrong_kind_is_one_fault(
    copy: ContentCopy, name: str, content: bytes, message: str
) -> None:
    recorded(copy.root, name, content)
    (fault,) = copy.faults()
    assert fault.startswith(f"docs/{name}: {message}")


def test_two_recordings_of_a_page_are_a_fault_and_every_good_kind_is_none(
    copy: ContentCopy,
) -> None:
    recorded(copy.root, "fr/audio/permit.mp3", b"ID3\4" + MP3)
    recorded(copy.root, "de/audio/index.m4a", b"\0\0\0\x20ftypM4A ")
    recorded(copy.root, "ar/audio/rights/appeal.ogg", b"OggS\0\2")
    assert copy.faults() == []
    recorded(copy.root, "fr/audio/permit.ogg", b"OggS\0\2")
    assert copy.faults() == [
        "docs/fr/audio/permit.ogg: is a second recording of 'permit'; keep one"
    ]


# The file of spoken forms

FILE = "scripts/rules/spoken.yml"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("ar:\n", "am:\n", "unknown key 'am'; allowed: ar, de, en, fr"),
        ("ar:\n", "am:\n", "file: key 'ar' is missing; add it"),
        (
            "  percent: ",
            "  per_cent: ",
            "unknown key 'per_cent'; allowed: first, letters, percent, ",
        ),
        (" a bé cé", " a bé", "fr.letters: found 25 names, expected 26, for A to Z"),
        ("{n} pour cent", "pour cent", "fr.percent: found 'pour cent', expected a text with {n}"),
        ("Cst.: Constitution,", "", "fr.words: key 'Cst.' is missing; add it"),
        ("AVIC: Avic", "AVIC: ''", "fr.words: 'AVIC' is empty; write how it is said"),
        ("fr-FR,", "french,", "fr.voices[2]: found 'french', expected a tag such as fr or fr-CH"),
        ("[ar-SY,", "[fr-FR, ar-SY,", "ar.voices: 'fr' already reads 'fr'; keep it under one"),
    ],
)
def test_a_wrong_spoken_form_is_named_with_its_line(
    copy: ContentCopy, old: str, new: str, message: str
) -> None:
    copy.replace(FILE, old, new)
    faults = [fault for fault in copy.faults() if message in fault]
    assert len(faults) == 1, copy.faults()
    assert re.match(rf"{FILE}:\d+: ", faults[0])
