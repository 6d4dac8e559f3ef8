"""Search: the index of the built site, its size, and the shipped script in a real browser."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from lxml import html
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from scripts.content.everyday import NOT_SEARCHED
from scripts.content.project import Project
from scripts.faults import ROOT
from scripts.site.addresses import page_folder
from scripts.site.search_index import (
    APOSTROPHE_IS_LETTER,
    HEADINGS_ONLY,
    Section,
    search_index,
    searched_part,
    searched_sections,
    sections_of,
    words_of,
)
from tests.axe import violations
from tests.conftest import COMPLETE, ContentCopy, go, phone_without_worker

QUERIES = yaml.safe_load((ROOT / "tests/search-queries.yml").read_text(encoding="utf-8"))
LEAST_QUERIES = 25
LEAST_WORDS = 40
AMONG = 3
"""The page that answers a query is among so many first results."""
MOST_BYTES = 20_000
"""Script and index of a language, gzip level 6."""
MOST_BYTES_OF_TOPICS = 5_000
OPEN = "fr/topics/"
POLICY = "script-src 'self'", "require-trusted-types-for 'script'"
HOSTILE = (
    "<img src=x onerror=\"document.title='broken'\">",
    "\"><script>document.title='broken'</script>",
    "javascript:document.title='broken'",
    "__proto__ constructor toString hasOwnProperty",
    "${7*7} {{7*7}} \\u0000 \U0001f600 \u202e%00 .* [ ( \\",
    "loyer " * 40,
)
READ = """async ([script, index]) => {
  const { decode } = await import(script);
  const found = decode(await (await fetch(index)).json(), document.documentElement.lang);
  return found.words.map((word) => [word.shown, word.everywhere, [...word.places.keys()]]);
}"""
ASK = """async ([script, index, queries]) => {
  const { decode, search } = await import(script);
  const found = decode(await (await fetch(index)).json(), document.documentElement.lang);
  return queries.map((query) => search(found, query));
}"""
WORDS = """async ([script, index, data, queries]) => {
  const { decode, search } = await import(script);
  const found = decode(JSON.parse(data), "fr");
  return queries.map((query) => search(found, query).flatMap((result) => result.words));
}"""
STORED = """async () => [
  location.search + location.hash, document.cookie, localStorage.length, sessionStorage.length,
  (await indexedDB.databases()).length, JSON.stringify(history.state),
]"""


def shipped(site: Path, pattern: str) -> Path:
    """Return the one asset that a pattern names."""
    (found,) = (site / "assets").glob(pattern)
    return found


def gzipped(*files: Path) -> int:
    """Return the bytes that files take on the wire."""
    return sum(len(gzip.compress(file.read_bytes(), 6)) for file in files)


def searched(site: Path, project: Project, code: str) -> dict[str, str]:
    """Return what the search knows of the built pages, by address below the language."""
    folders = [page_folder(code, path) for path in project.menu if path not in NOT_SEARCHED]
    texts = {one: (site / one / "index.html").read_text(encoding="utf-8") for one in folders}
    return {one.removeprefix(f"{code}/"): searched_part(text) for one, text in texts.items()}


def sections_by_name(site: Path, project: Project, code: str) -> dict[str, Section]:
    """Return the sections that are searched in their order, by address and id."""
    pages = searched_sections(searched(site, project, code).items())
    return {f"{address}#{one.id}": one for address, found in pages.items() for one in found}


def url_of(place: str) -> str:
    """Return where results lead whose page or page#section is named."""
    path, mark, section = place.partition("#")
    return f"..{page_folder('', path)}{mark}{section}"


def leads_to(result: dict[str, Any], place: str) -> bool:
    """Tell whether a result is a page (any part of it) or a section."""
    url = str(result["url"])
    return (url if "#" in place else url.partition("#")[0]) == url_of(place)


# The index


@pytest.mark.parametrize("code", COMPLETE)
def test_script_and_index_of_every_language_are_small_and_so_is_the_page_of_all_topics(
    code: str, site: Path
) -> None:
    script, index = shipped(site, "search.????????.js"), shipped(site, f"search.{code}.*.json")
    topics = site / code / "topics" / "index.html"
    print(f"{code}: index {gzipped(index)}, script {gzipped(script)}, topics {gzipped(topics)}")
    assert gzipped(script, index) <= MOST_BYTES
    assert gzipped(topics) <= MOST_BYTES_OF_TOPICS


@pytest.mark.parametrize("code", COMPLETE)
def test_every_section_of_the_index_stands_on_its_page(
    code: str, site: Path, project: Project
) -> None:
    data = json.loads(shipped(site, f"search.{code}.*.json").read_text(encoding="utf-8"))
    pages = searched(site, project, code)
    assert [entry[0] for entry in data["pages"]] == list(pages)
    for address, title, *sections in data["pages"]:
        root = html.document_fromstring(pages[address])
        assert title == " ".join(next(root.iter("h1")).text_content().split())
        missing = [name for name in sections[::2] if not root.xpath("//*[@id=$id]", id=name)]
        assert not missing, f"{code}/{address}: {missing}"
        assert all(sections[1::2])


def test_a_section_that_only_leads_to_another_page_is_not_found_beside_it() -> None:
    long = f"<h2 id=c>C</h2><p>{'word ' * 30}</p>"
    pages = {
        "a/": f"<article><h1>A</h1><h2 id=b>B</h2><p>Go on</p>{long}</article>",
        "b/": "<article><h1>B</h1><p>All of it</p></article>",
        "c/": "<article><h1>C</h1><h2 id=d>D</h2><p>short</p></article>",
    }
    found = searched_sections(pages.items())
    ids = {address: [one.id for one in sections] for address, sections in found.items()}
    assert ids == {"a/": ["", "c"], "b/": [""], "c/": ["", "d"]}


PAGE = """<body><nav>menu</nav><main><nav>crumbs</nav><article id="content"><h1>Page title</h1>
<aside class="review">machine</aside><p>Opening <a class="cite" href="#s1">1</a>word l’aide.</p>
{middle}<details class="sources">register</details></article></main><footer>footer</footer>"""
MIDDLES = {
    "": [("", "Page title", "Opening word aide")],
    '<h2 id="do">Do it</h2><p>go</p><h3 id="now">Now</h3><ul><li>run</li></ul>': [
        ("", "Page title", "Opening word aide"),
        ("do", "Do it", "go"),
        ("now", "Now", "run"),
    ],
    '<h2 id="do">Do <em>it</em></h2><p>go</p>': [
        ("", "Page title", "Opening word aide"),
        ("do", "Do it", "go"),
    ],
    '<dl class="glossary"><div id="appeal"><dt>Word</dt><dd>meaning</dd>'
    '<dd class="official">French: <bdi>recours</bdi></dd></div></dl>': [
        ("", "Page title", "Opening word aide"),
        ("appeal", "Word · recours", "meaning"),
    ],
    "<dl class=glossary><div id=appeal><dt>Word<dd>meaning<dd class=official>"
    "French: <bdi>recours</bdi>. German: <bdi>Beschwerde</bdi></div></dl>": [
        ("", "Page title", "Opening word aide"),
        ("appeal", "Word · recours · Beschwerde", "meaning"),
    ],
    "<p class=listen>Listen</p><div class=keep data-size=84>84 KB</div>": [
        ("", "Page title", "Opening word aide"),
    ],
    '<div class="wide"><table><tr><td>cell</td></tr></table></div>'
    '<dl class="register">entry</dl>': [
        ("", "Page title", "Opening word aide"),
    ],
    '<div data-self-check><script type="application/json">{}</script><p>Question</p>'
    '<section data-result><h2 id="result">again</h2></section><h2 id="results">All</h2></div>': [
        ("", "Page title", "Opening word aide Question All"),
    ],
}


@pytest.mark.parametrize(("middle", "expected"), MIDDLES.items())
def test_sections_hold_their_words_and_nothing_of_menus_marks_tables_and_sources(
    middle: str, expected: list[tuple[str, str, str]]
) -> None:
    found = sections_of(searched_part(PAGE.replace("{middle}", middle)))
    shown = [(s.id, s.heading, " ".join(words_of(" ".join(s.text), False))) for s in found]
    assert shown == expected


def test_of_pages_on_the_site_itself_and_of_letters_only_headings_are_searched(
    site: Path, project: Project
) -> None:
    sections = sections_by_name(site, project, "fr")
    without = {name for name, section in sections.items() if not "".join(section.text).strip()}
    assert {one for one in sections if HEADINGS_ONLY.match(one.partition("#")[0])} <= without
    assert "help/#today" not in without


@pytest.mark.parametrize(
    ("text", "joins", "expected"),
    [
        ("L’aide, c'est 30 jours.", False, ["aide", "est", "30", "jours"]),
        ("aujourd’hui quelqu’un", False, ["aujourd", "hui", "quelqu", "un"]),
        ("Permis B, C ou à l’essai", False, ["Permis", "B", "C", "ou", "essai"]),
        ("go’aan ‘qof’ go'aanka", True, ["go’aan", "qof", "go’aanka"]),
        ("می‌شود تصريح B", False, ["می‌شود", "تصريح", "B"]),
        ("தீர்மானம், ውሳነ።", False, ["தீர்மானம்", "ውሳነ"]),
    ],
)
def test_words_are_cut_as_the_language_writes_them(
    text: str, joins: bool, expected: list[str]
) -> None:
    assert list(words_of(text, joins)) == expected


def test_the_same_pages_give_the_same_index_byte_for_byte(site: Path, project: Project) -> None:
    for code in COMPLETE:
        text = shipped(site, f"search.{code}.*.json").read_text(encoding="utf-8")
        leads = project.search_leads(project.language[code])
        pages = searched(site, project, code)
        assert text == search_index(pages, code in APOSTROPHE_IS_LETTER, leads)


# The script


@pytest.fixture(scope="module")
def reader(browser: Browser, address: str) -> Iterator[Callable[..., Any]]:
    """Run a text of JavaScript with the shipped script and index of a language."""
    context = browser.new_context()
    page = context.new_page()

    def run(code: str, site: Path, text: str, *values: object) -> Any:
        go(page, f"{address}{code}/topics/")
        files = (shipped(site, "search.????????.js"), shipped(site, f"search.{code}.*.json"))
        return page.evaluate(text, [*(f"{address}assets/{file.name}" for file in files), *values])

    yield run
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("code", COMPLETE)
def test_the_phone_reads_every_word_in_the_section_where_it_stands(
    code: str, site: Path, project: Project, reader: Callable[..., Any]
) -> None:
    joins = code in APOSTROPHE_IS_LETTER
    sections = sections_by_name(site, project, code)
    numbers = {f"../{name}".removesuffix("#"): number for number, name in enumerate(sections)}
    texts = [
        (" ".join([section.heading, *section.text]), number)
        for number, section in enumerate(sections.values())
    ]
    texts += [
        (" ".join(words), numbers[url_of(place)])
        for words, places in project.search_leads(project.language[code])
        for place in places
    ]
    expected = {(word.lower(), number) for text, number in texts for word in words_of(text, joins)}
    found = reader(code, site, READ)
    everywhere = {shown.lower() for shown, flag, _ in found if flag}
    read = {(shown.lower(), number) for shown, _, places in found for number in places}
    wanted = {(word, number) for word, number in expected if word not in everywhere}
    assert len(everywhere) < 40
    assert not wanted - read
    # In headings the phone keeps small letters too: whoever asks for permit b means B.
    assert not {pair for pair in read - expected if len(pair[0]) > 1}


def test_every_language_has_queries() -> None:
    assert set(QUERIES) >= set(COMPLETE)
    for code, rows in QUERIES.items():
        assert len({query for query, *_ in rows}) == len(rows) >= LEAST_QUERIES, code


@pytest.mark.browser
@pytest.mark.parametrize("code", COMPLETE)
def test_every_query_finds_its_page_among_the_first_three_and_none_that_misleads_first(
    code: str, site: Path, reader: Callable[..., Any]
) -> None:
    rows = QUERIES[code]
    answers = reader(code, site, ASK, [query for query, *_ in rows])
    problems = []
    for (query, place, kind, *misleading), results in zip(rows, answers, strict=True):
        found = [result["url"] for result in results[:AMONG]]
        if not any(leads_to(result, place) for result in results[:AMONG]):
            problems.append(f"{query!r} ({kind}): found {found}, expected {place}")
        if any(leads_to(results[0], one) for several in misleading for one in several):
            problems.append(f"{query!r} ({kind}): {found[0]} comes first and misleads")
        if not results or not results[0]["words"] or len(results) > 10:
            problems.append(f"{query!r}: {len(results)} results, the first without its words")
    assert not problems, "\n".join(problems)


# Everyday words


LONG = re.compile(r"[^\s\u200c’'-]{6,}")
"""A word that has five letters when one is left out, and is one."""


def without_a_letter(word: str) -> str:
    """Return a word without the letter in its middle."""
    half = len(word) // 2
    return word[:half] + word[half + 1 :]


@pytest.mark.browser
@pytest.mark.parametrize("code", COMPLETE)
def test_every_everyday_word_finds_one_of_its_pages_and_so_does_a_slip_in_it(
    code: str, site: Path, project: Project, reader: Callable[..., Any]
) -> None:
    wanted = []
    for words, places in project.everyday.leads(code):
        slips = [without_a_letter(word) for word in words if LONG.fullmatch(word)]
        wanted += [(query, places) for query in (*words, *slips)]
    answers = reader(code, site, ASK, [query for query, _ in wanted])
    missed = [
        f"{query}: {[result['url'] for result in results[:AMONG]]}, expected {places}"
        for (query, places), results in zip(wanted, answers, strict=True)
        if not any(leads_to(result, one) for result in results[:AMONG] for one in places)
    ]
    assert not missed, "\n".join(missed)


@pytest.mark.browser
@pytest.mark.parametrize("code", COMPLETE)
def test_official_words_of_both_languages_find_their_entry_from_every_language(
    code: str, site: Path, project: Project, reader: Callable[..., Any]
) -> None:
    glossary = project.wordings[code].data["glossary"]
    words = [
        (word, f"{term.page}#{term.id}")
        for term in project.terms.values()
        for word in f"{term.fr}, {term.de}".strip(", ").split(", ")
        if word.casefold() != glossary[term.id]["word"].casefold()  # pages of its own come first
    ]
    answers = reader(code, site, ASK, [word for word, _ in words])
    for (word, place), results in zip(words, answers, strict=True):
        found = [result["url"] for result in results]
        assert any(leads_to(result, place) for result in results), f"{word}: {found}"


SLIPS = {
    "recours": ["recours"],
    "recurs": ["recours"],
    "recourss": ["recours"],
    "tecours": ["recours"],
    "rceours": ["recours"],
    "rcurs": [],  # two slips in five letters
    "obligatoin": ["obligation"],
    "oblgatoin": ["obligation"],  # two slips in nine letters
    "ogatoin": [],
    "loer": [],  # a slip that leaves four letters
    "lpyer": ["loyer"],
    "faim": ["faim"],
    "gaim": [],
    "fiam": [],
    "décsion": ["décisions"],  # a slip, and the word goes on
}


@pytest.mark.browser
def test_one_slip_is_forgiven_from_five_letters_two_from_nine_and_none_below(
    site: Path, reader: Callable[..., Any]
) -> None:
    words = "recours obligation loyer faim décisions"
    page = '<main id="content"><h1>Titre</h1><p>{}</p></main>'
    pages = {"": page.format(words)} | {f"{n}/": page.format("rien") for n in range(4)}
    index = search_index(pages)
    found = reader("fr", site, WORDS, index, list(SLIPS))
    assert dict(zip(SLIPS, found, strict=True)) == SLIPS


@pytest.mark.parametrize("code", COMPLETE)
def test_everyday_words_of_every_language_are_many_and_in_its_own_script(
    code: str, project: Project
) -> None:
    script = {"Arab": "ARABIC", "Cyrl": "CYRILLIC", "Ethi": "ETHIOPIC", "Taml": "TAMIL"}
    name = script.get(project.language[code].script, "LATIN")
    words = project.everyday.words[code]
    assert len(words) >= LEAST_WORDS
    for word in (word for several in words.values() for word in several):
        assert any(unicodedata.name(letter).startswith(name) for letter in word), word


CONCEPTS = "scripts/rules/everyday.yml"
ENGLISH = "scripts/rules/everyday/en.yml"
BROKEN = {
    "unknown": (
        ENGLISH,
        "lawyer: [",
        "lawyers: [",
        "en.yml:2: unknown key 'lawyers'; allowed: afr",
    ),
    "missing": (ENGLISH, "lawyer: [", "# [", "en.yml:3: file: key 'lawyer' is missing; add it"),
    "empty": (ENGLISH, "[rent, landlord]", "[]", "en.yml:5: rent: found an empty list"),
    "text": (ENGLISH, "[rent, landlord]", "rent", "en.yml:5: rent: found text, expected a list"),
    "twice": (ENGLISH, "landlord]", "Rent]", "en.yml:5: rent: 'rent' stands 2 times; keep one"),
    "comma": (ENGLISH, "landlord]", '"a, b"]', "en.yml:5: rent: found 'a, b', expected text with"),
    "key": (
        CONCEPTS,
        "official: [loyer",
        "fr: [loyer",
        "unknown key 'fr'; allowed: official, pages",
    ),
    "page": (
        CONCEPTS,
        "[permit-special#nat",
        "[no-page#nat",
        "found 'no-page#naturalisation', no pa",
    ),
    "section": (
        CONCEPTS,
        "permit-special#nat",
        "permit-special#x",
        "no section 'xuralisation'; it has: eu",
    ),
    "leading": (
        CONCEPTS,
        "pages: [self-check,",
        "pages: [topics,",
        "entitled.pages: found 'topics', no page",
    ),
    "other glossary": (
        CONCEPTS,
        "words#sanction",
        "words#cms",
        "found 'words#cms', no section 'cms'",
    ),
}


@pytest.mark.parametrize(("file", "old", "new", "fault"), BROKEN.values(), ids=BROKEN)
def test_a_faulty_list_of_everyday_words_is_refused_with_its_place(
    copy: ContentCopy, file: str, old: str, new: str, fault: str
) -> None:
    copy.replace(file, old, new)
    faults = [one for one in copy.faults() if fault in one]
    assert faults, copy.faults()
    assert faults[0].startswith(file)


def test_words_of_no_declared_language_are_named(copy: ContentCopy) -> None:
    (copy.root / "scripts/rules/everyday/xx.yml").write_text("", encoding="utf-8")
    assert copy.faults() == [
        "scripts/rules/everyday/xx.yml: no language 'xx' in mkdocs.yml; "
        "declare it or remove the file"
    ]


# The page


@pytest.fixture
def topics(browser: Browser, address: str) -> Iterator[Page]:
    """The French page of all topics; its requests can be held and refused, by no worker kept."""
    with phone_without_worker(browser) as page:
        go(page, address + OPEN)
        yield page


def ask(page: Page, query: str) -> None:
    """Type a query and wait until the count or its absence is told."""
    page.fill("#search", query)
    expect(page.get_by_role("status")).not_to_be_empty()


@pytest.mark.browser
def test_nothing_is_fetched_before_the_reader_turns_to_the_field(
    context: BrowserContext, address: str
) -> None:
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(address)))
    go(page, address + OPEN, wait_until="networkidle")
    before = len(asked)
    assert not [url for url in asked if "search" in url]
    ask(page, "recours")
    after = asked[before:]
    assert [url.split(".")[0] for url in after] == ["assets/search", "assets/search"], after
    ask(page, "loyer")
    assert len(asked) == before + 2


@pytest.mark.browser
def test_the_field_stands_there_from_the_first_paint_without_a_shift(topics: Page) -> None:
    shift = topics.evaluate(
        "() => new Promise((done) => new PerformanceObserver((list) =>"
        " done(list.getEntries().reduce((sum, entry) => sum + entry.value, 0)))"
        ".observe({ type: 'layout-shift', buffered: true }) || setTimeout(() => done(0), 300))"
    )
    assert shift == 0
    expect(topics.locator("#search")).to_be_visible()


@pytest.mark.browser
def test_what_is_typed_before_the_script_is_there_is_not_lost(topics: Page) -> None:
    held: list[Route] = []
    topics.route("**/search.*.js", lambda route, _: held.append(route))
    with topics.expect_request("**/search.*.js"):
        topics.focus("#search")
    topics.fill("#search", "recours")
    topics.keyboard.press("Enter")
    while not held:
        topics.evaluate("0")
    expect(topics.get_by_role("status")).to_be_empty()
    held[0].continue_()
    expect(topics.locator("[data-results] a").first).to_contain_text("Droit de faire recours")


@pytest.mark.browser
def test_a_result_shows_title_heading_and_words_and_leads_there(
    topics: Page, project: Project
) -> None:
    ask(topics, "naturalisation")
    first = topics.locator("[data-results] li").first
    assert first.locator("a strong").inner_text() == "Permis : cas particuliers"
    assert "Naturalisation et attestation" in first.locator("a").inner_text()
    assert first.locator("mark").all_inner_texts() == ["naturalisation"]
    count = topics.locator("[data-results] li").count()
    told = project.source_wording.texts["search.count"].format(n=count)
    assert topics.get_by_role("status").inner_text() == told
    expect(topics.locator("[data-topics]")).to_be_hidden()
    first.locator("a").click()
    topics.wait_for_url("**/fr/permit-special/#naturalisation")
    expect(topics.locator("#naturalisation")).to_contain_text("Naturalisation et attestation")


@pytest.mark.browser
@pytest.mark.parametrize("code", ["fr", "ar"])
def test_without_a_result_the_glossary_and_the_cms_are_offered(
    code: str, open_page: Callable[[str], Page], project: Project
) -> None:
    page = open_page(f"{code}/topics/")
    ask(page, "xyzzy")
    texts = project.wordings[code].texts
    assert page.get_by_role("status").inner_text() == texts["search.none"]
    links = page.locator("[data-none-found] a")
    assert [link.get_attribute("href") for link in links.all()] == [
        "../words/",
        "../where-to-go/#regions",
    ]
    expect(links.first).to_be_visible()
    expect(page.locator("[data-topics]")).to_be_visible()
    page.fill("#search", "")
    expect(page.locator("[data-none-found]")).to_be_hidden()


@pytest.mark.browser
def test_the_keyboard_goes_from_the_field_to_the_results_and_back(topics: Page) -> None:
    ask(topics, "recours")
    field, status = topics.locator("#search"), topics.get_by_role("status")
    links = topics.locator("[data-results] a")
    for key, place in (
        ("ArrowDown", links.nth(0)),
        ("ArrowDown", links.nth(1)),
        ("ArrowUp", links.nth(0)),
        ("ArrowUp", field),
        ("Enter", status),
        ("Tab", links.nth(0)),
        ("Escape", field),
    ):
        topics.keyboard.press(key)
        expect(place).to_be_focused()
    expect(field).to_have_value("")
    expect(status).to_be_empty()
    expect(topics.locator("[data-topics]")).to_be_visible()


@pytest.mark.browser
def test_the_link_to_the_search_puts_the_reader_into_the_field(
    open_page: Callable[[str], Page],
) -> None:
    expect(open_page("fr/topics/#find").locator("#search")).to_be_focused()


@pytest.mark.browser
@pytest.mark.parametrize("query", HOSTILE)
def test_markup_and_script_in_a_query_do_nothing(
    query: str, context: BrowserContext, address: str
) -> None:
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda it: problems.append(it.text) if it.type == "error" else None)
    page.on("dialog", lambda dialog: problems.append(dialog.message))
    answer = go(page, address + OPEN)
    assert answer
    assert all(part in answer.headers["content-security-policy"] for part in POLICY)
    title, before = page.title(), page.evaluate("document.querySelectorAll('img,script').length")
    page.fill("#search", query)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).not_to_be_empty()
    assert page.title() == title
    assert page.evaluate("document.querySelectorAll('img,script').length") == before
    assert not problems


@pytest.mark.browser
def test_a_query_gets_into_no_address_history_or_store(topics: Page) -> None:
    asked: list[str] = []
    topics.on("request", lambda request: asked.append(f"{request.url} {request.post_data}"))
    entries = topics.evaluate("history.length")
    ask(topics, "recours")
    topics.keyboard.press("Enter")
    expect(topics.get_by_role("status")).to_be_focused()
    assert topics.evaluate(STORED) == ["", "", 0, 0, 0, "null"]
    assert topics.evaluate("history.length") == entries
    assert asked
    assert not [line for line in asked if "recours" in line]


@pytest.mark.browser
def test_it_goes_on_without_network_once_the_index_is_there(topics: Page) -> None:
    ask(topics, "recours")
    topics.context.set_offline(True)
    topics.fill("#search", "loyer")
    expect(topics.locator("[data-results] mark").first).to_have_text("loyer")


@pytest.mark.browser
@pytest.mark.parametrize("missing", ["search.*.js", "search.fr.*.json"])
def test_without_network_it_says_so_and_the_next_letter_tries_again(
    missing: str, topics: Page, project: Project
) -> None:
    topics.route(f"**/{missing}", lambda route: route.abort())
    topics.fill("#search", "recour")
    expect(topics.get_by_role("alert")).to_have_text(project.source_wording.texts["search.failed"])
    expect(topics.locator("[data-topics]")).to_be_visible()
    topics.unroute(f"**/{missing}")
    topics.fill("#search", "recours")
    expect(topics.locator("[data-results] mark").first).to_have_text("recours")
    expect(topics.get_by_role("alert")).to_have_count(0)


@pytest.mark.browser
@pytest.mark.parametrize("code", ["fr", "ar"])
def test_results_are_accessible(code: str, open_page: Callable[[str], Page]) -> None:
    page = open_page(f"{code}/topics/")
    for query in ("recours", "xyzzy"):
        ask(page, query)
        assert violations(page) == []


@pytest.mark.browser
def test_without_a_script_there_are_all_topics_and_no_field(
    browser: Browser, address: str, project: Project
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + OPEN)
    expect(page.locator("#search")).to_be_hidden()
    found = [link.get_attribute("href") or "" for link in page.locator("[data-topics] a").all()]
    context.close()
    details = {path for path in project.menu if path.startswith("about/")} - {"about/index"}
    paths = [path for path in project.menu if path not in details]
    folders = [page_folder("fr", path).removeprefix("fr/") for path in paths]
    assert [url for url in found if "#" not in url] == [f"../{folder}" for folder in folders]
    for path, folder in zip(paths, folders, strict=True):
        sections = [one.id for one in project.source_pages[path].sections if one.id != "top"]
        expected = [] if path == "about/index" else [f"../{folder}#{name}" for name in sections]
        assert [url for url in found if url.startswith(f"../{folder}#")] == expected
