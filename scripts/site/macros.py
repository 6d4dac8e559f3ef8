"""The macros of the pages: each is one function here, and one partial that it fills.

A call leaves its place in the Markdown, which is filled when Markdown is done: what macros render
is HTML, and long; Markdown would read through all of it to change nothing.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from markupsafe import Markup
from mkdocs_macros.plugin import MacrosPlugin

from scripts.content.excerpts import Part, found_block, found_heading
from scripts.content.inline import inline
from scripts.content.languages import Language
from scripts.content.pages import TOP
from scripts.content.places import CERTAIN, WHERE, Commune, Office, by_letter
from scripts.content.project import Project
from scripts.site.addresses import CSV_TABLE, DMN_TABLE, JSON_TABLE
from scripts.site.drawn import permit_states as states_of_permits
from scripts.site.offices import fact_text
from scripts.site.offline import BYTES, SIZE
from scripts.site.region_map import region_map as drawn_map
from scripts.site.rules_data import rules_version, self_check_data
from scripts.site.templates import filled
from scripts.site.view import View
from scripts.table.evaluate import evaluate
from scripts.table.model import UNKNOWN, Input, Rule
from scripts.table.verify import prove
from scripts.translate.status import language_statuses

ABOUT = "about/index"
"""The first page of the chapter on the site itself, whose links lead to the others."""
MODEL_LANGUAGES = ("fr", "de")
"""The canton's official languages: what a reader says at a counter or writes is in one of them."""
SUBJECT = 2
"""The place of a letter's subject among its lines."""
Macro = Callable[..., str]
"""A macro takes the view of the page that calls it, and an argument where it has one."""
MACROS: dict[str, Macro] = {}
"""The macros by the name that pages call; `macro` adds each."""
OF_LANGUAGE = frozenset({"all_pictures", "all_topics", "commune_list", "evening_steps"})
"""The macros that show texts of other pages of their language."""
_PLACE = re.compile(r'<div data-about="([\w-]*)" data-macro="(\w+)"></div>')
_ID = re.compile(r'\sid="([^"]+)"')
_RESERVED = re.compile(r"[\x00-\x7f](?<![\w:/.,!()~-])")


def define_env(env: MacrosPlugin) -> None:
    """Give the pages the macros of this module; the macros plugin calls this."""
    for name in MACROS:
        env.macro(partial(_place, name), name)


def _place(name: str, about: str = "") -> str:
    return f'<div data-about="{about}" data-macro="{name}"></div>'


def fill_places(html: str, view: View) -> tuple[str, set[str]]:
    """Return a page's HTML with its macros rendered, and the ids that they bring."""
    ids: set[str] = set()

    def rendered(place: re.Match[str]) -> str:
        text = MACROS[place[2]](view, *filter(None, [place[1]]))
        ids.update(_ID.findall(text))
        return text

    return _PLACE.sub(rendered, html), ids


def macro(render: Macro) -> Macro:
    """Let pages call a function by its name: `{{ rule_table() }}`."""
    MACROS[render.__name__] = render
    return render


@macro
def say(view: View, name: str) -> str:
    """Return a sentence to say at a counter: in French, in German, and what it means."""
    return _filled("say", view, sentence_id=name)


@macro
def letter(view: View, name: str) -> str:
    """Return a letter to copy by hand: the French and the German model, line by line."""
    wordings = view.project.wordings
    models = {c: wordings[c].data["letters"][name] for c in MODEL_LANGUAGES if c in wordings}
    return _filled("letter", view, models=models, meanings=view.words["letters"][name])


@macro
def rule_table(view: View) -> str:
    """Return the table of rules as people read it."""
    return _filled("rule-table", view, rules=view.project.table.rules, cell=partial(_cell, view))


@macro
def request_way(view: View) -> str:
    """Return the way of a request, from asking to the appeal, with the reader's place on it."""
    return _way("request_way", view)


@macro
def safety_net(view: View) -> str:
    """Return what comes before social aid, step by step down to the net."""
    return _way("safety_net", view)


@macro
def name_way(view: View) -> str:
    """Return whom a name is passed to, step by step."""
    return _way("name_way", view)


@macro
def sample_decision(view: View) -> str:
    """Return a drawn decision, with notes on what stands where."""
    return _filled("sample-decision", view)


@macro
def permit_states(view: View) -> str:
    """Return what the rules give for each permit in each of its states."""
    return _filled("permit-states", view, groups=states_of_permits(view.project.table))


@macro
def all_pictures(view: View) -> str:
    """Return the pictures of this page: what each stands for, and the pages that show it.

    The pages that call this share all pictures evenly, in their order.
    """
    pages = view.project.shown_pages(view.language)
    shown = [path for path in pages if not pages[path].only]
    uses = {path: view.project.pictures.used_on(view.project.source_pages[path]) for path in shown}
    names = list(view.project.pictures.pictures)
    sharing = sorted(view.project.pages_calling("all_pictures"), key=view.project.menu.index)
    share = -(-len(names) // len(sharing))
    first = sharing.index(view.path) * share
    own = names[first : first + share]
    used = {name: [path for path in shown if name in uses[path]] for name in own}
    return _filled("all-pictures", view, used=used)


@macro
def self_check(view: View) -> str:
    """Return the eligibility self-check: the questions, and the reason of each rule."""
    table = view.project.table
    return _filled("self-check", view, data=self_check_data(table), version=rules_version(table))


@macro
def self_check_steps(view: View) -> str:
    """Return the questions as a tree to open step by step: the self-check without script."""
    return _filled("self-check-steps", view, tree=_tree(view.project, {}))


@macro
def self_check_results(view: View) -> str:
    """Return all outcomes of the self-check, for readers and for its script."""
    return _filled("self-check-results", view, version=rules_version(view.project.table))


@macro
def self_check_notices(view: View) -> str:
    """Return all notices of the self-check, for readers and for its script, and its frame."""
    table, leads = view.project.table, view.project.leads.outcomes
    of_cms = [rule.id for rule in table.rules if leads[rule.outcome] == f"{WHERE}#ask"]
    return _filled("self-check-notices", view, of_cms=of_cms)


@macro
def glossary(view: View) -> str:
    """Return the words explained here, with their official French and German."""
    terms = [term for term in view.project.terms.values() if term.page == view.path]
    return _filled("glossary", view, terms=terms)


@macro
def source_register(view: View) -> str:
    """Return the sources that are listed here: what each says, how far it was read, when."""
    sources = view.project.register.sources.values()
    listed = [source for source in sources if source.page == view.path]
    return _filled("source-register", view, sources=listed)


@macro
def proof_summary(view: View) -> str:
    """Return how many situations were proved."""
    size = len(gzip.compress(truth_table(view).encode(), 6)) // 1024 + 1
    return _filled("proof-summary", view, proof=prove(view.project.table), size=size)


@macro
def truth_table(view: View) -> str:
    """Return every situation with its rule and outcome."""
    table = view.project.table
    rows = [(situation, table.matching(situation)[0]) for situation in table.situations]
    return _filled("truth-table", view, rows=rows)


@macro
def data_links(view: View) -> str:
    """Return the links to the open data."""
    return _filled("data-links", view, json=JSON_TABLE, csv=CSV_TABLE, dmn=DMN_TABLE)


@macro
def licence_links(view: View) -> str:
    """Return the links to the licence and to what it does not cover."""
    return _filled("licence-links", view)


@macro
def translation_status(view: View) -> str:
    """Return the state of every language."""
    return _filled("translation-status", view, status=language_statuses(view.project))


@macro
def topic_links(view: View) -> str:
    """Return what is shared, topic by topic: for each language its link and all made for it."""
    return _staff("topic-links", view, "share", topics=_shared(view))


@macro
def paper_links(view: View) -> str:
    """Return what is printed to take home: for each language its handout, cards and letters."""
    letters = {
        name: lines[SUBJECT]
        for name, lines in view.project.wordings[view.language.code].data["letters"].items()
    }
    return _staff("paper-links", view, "share", letters=letters)


@macro
def share_form(view: View) -> str:
    """Return the form that shows of what is shared what is asked for."""
    return _staff("share-form", view, "share", topics=_shared(view))


@macro
def evening_steps(view: View) -> str:
    """Return the steps of an evening: a section each, with the code of the page it leads to."""
    steps = [_step(view, part) for part in view.project.evening]
    return _staff("evening-steps", view, "evening", steps=steps)


@macro
def all_topics(view: View) -> str:
    """Return the search, and every page with its sections: all there is without a script."""
    return _filled("all-topics", view, topics=list(_topics(view)))


@macro
def find_commune(view: View) -> str:
    """Return the field that finds a commune while its name is typed, and the way to the list."""
    return _filled("find-commune", view)


@macro
def commune_list(view: View) -> str:
    """Return every name of every commune by letter, with its region and CMS."""
    told = partial(_told, view)
    return _filled("commune-list", view, letters=by_letter(view.project.places), told=told)


@macro
def region_map(view: View) -> str:
    """Return the map of the regions, each a link to its section."""
    offices = list(view.project.places.offices.values())
    region = partial(_region, view)
    return _filled("region-map", view, map=drawn_map(), offices=offices, region=region)


@macro
def office(view: View, name: str) -> str:
    """Return an office's sites and what it filled in."""
    return _filled("office", view, office=view.project.places.offices[name])


@macro
def published_by(view: View) -> str:
    """Return who publishes the site, or that nobody does yet."""
    return _filled("published-by", view)


@macro
def keep_language(view: View) -> str:
    """Return what keeps a whole language on the phone, with its size and every message."""
    return _filled("keep-language", view, size=SIZE, bytes=BYTES)


@macro
def install_site(view: View) -> str:
    """Return the button that puts the site among the phone's applications."""
    return _filled("install-site", view)


@macro
def erase_pages(view: View) -> str:
    """Return the button that erases every stored page."""
    return _filled("erase-pages", view)


def _way(name: str, view: View) -> str:
    """Fill the drawing of a sequence; `here` is the picture of the step where the reader is."""
    drawing = view.project.pictures.drawings[name]
    here = {place.partition("#")[0]: step for place, step in drawing.at.items()}
    return _filled("drawn-way", view, drawing=drawing, here=here.get(view.path))


def _filled(name: str, view: View, **values: object) -> str:
    shown = {"r": view, "w": view.words, "project": view.project, "table": view.project.table}
    shown["fact_text"] = partial(fact_text, view)
    return filled(f"partials/{name}.html", **shown, **values)


def _staff(name: str, view: View, group: str, **values: object) -> str:
    """Fill a partial of the pages for staff, which have words of their own."""
    words = view.project.staff_words[view.language.code][group]
    kit = view.file("kit/") if view.has_kit else ""
    return _filled(name, view, s=words, kit=kit, **values)


def _region(view: View, office: Office) -> str:
    """Return how readers know a region: its heading on the page, without what brackets add."""
    pages = view.project.shown_pages(view.language)
    [heading] = [b for b in pages[WHERE].blocks if b.attributes.get("id") == office.id]
    return heading.words.partition(" (")[0]


def _told(view: View, commune: Commune) -> Markup:
    """Return what is told of a commune: its region, its CMS where that is certain, a merger."""
    words, places = view.words["places"], view.project.places
    office = places.offices[commune.office]
    link = view.page(WHERE, office.id)
    parts = [Markup('<a href="{}">{}</a>').format(link, _region(view, office))]
    if commune.status in CERTAIN:
        site = places.site(commune)
        names = f"{office.name}, {site.name}" if site else office.name
        parts.append(Markup("<bdi>{}</bdi>").format(names))
    else:
        parts.append(words["ask"])
    if commune.joins:
        values = {"date": view.date(commune.since), "commune": commune.joins}
        parts.append(words["joins"].format(**values))
    return Markup(" · ").join(parts)


def _cell(view: View, rule: Rule, question: Input) -> Markup:
    """Return a cell of the readable table: answers in words, or the dash for any."""
    answers, words = rule.fitting(question), view.words["table"]
    if len(answers) in (0, len(question.answers)):
        return Markup('<td aria-label="{}">{}</td>').format(words["any_text"], words["any"])
    texts = [words["answers"][question.id][answer] for answer in answers]
    return Markup("<td>{}</td>").format(Markup("<br>").join(texts))


@dataclass(frozen=True)
class Branch:
    """A question of the self-check without script, after some answers."""

    question: Input
    answers: tuple[tuple[str, Branch | Leaf], ...]


@dataclass(frozen=True)
class Leaf:
    """Where answers lead: the rules and outcomes still possible."""

    rules: tuple[str, ...]
    outcomes: tuple[str, ...]
    question: None = None


def _tree(project: Project, answers: Mapping[str, str]) -> Branch | Leaf:
    found = evaluate(project.table, answers)
    question = next((q for q in project.table.inputs if q.id == found.question), None)
    if question is None:
        return Leaf(found.rules, found.outcomes)
    branches: list[tuple[str, Branch | Leaf]] = [
        (answer, _tree(project, {**answers, question.id: answer})) for answer in question.answers
    ]
    unsure = evaluate(project.table, {**answers, question.id: UNKNOWN})
    return Branch(question, (*branches, (UNKNOWN, Leaf(unsure.rules, unsure.outcomes))))


@dataclass(frozen=True)
class Topic:
    """A page in the list of all topics: path, title, and its sections as (id, heading)."""

    path: str
    title: str
    sections: tuple[tuple[str, str], ...]


def _topics(view: View) -> Iterator[Topic]:
    """Yield the pages in the order of the menu; of the site's own chapter its first page."""
    pages = view.project.shown_pages(view.language)
    for path in view.project.menu:
        is_detail = path.startswith("about/") and path != ABOUT
        if path == view.path or path not in pages or is_detail:
            continue
        sections = () if path == ABOUT else pages[path].sections
        headings = [(one.id, one.blocks[0].words) for one in sections if one.id != TOP]
        yield Topic(path, pages[path].title, tuple(headings))


@dataclass(frozen=True)
class TopicLink:
    """A topic in a language: its short address's name, link, and texts as addresses take them."""

    language: Language
    name: str
    link: str
    subject: str
    text: str


@dataclass(frozen=True)
class SharedTopic:
    """A topic: the word of its short address, its title, and its link in every language."""

    word: str
    title: str
    links: list[TopicLink]


def _shared(view: View) -> list[SharedTopic]:
    project = view.project
    return [
        SharedTopic(
            project.addresses.words[path],
            view.title(path),
            [_topic_link(view, path, language) for language in project.complete_languages],
        )
        for path in project.sharing.topics
    ]


def _topic_link(view: View, path: str, language: Language) -> TopicLink:
    address = view.project.addresses.of(path, language.code)
    texts = view.project.wordings[language.code].texts
    title, site = view.title(path, language), texts["ui.site_name"]
    subject = title if path == "index" else f"{site}: {title}"
    text = f"{subject}\n{texts['ui.site_subtitle']}\n{view.site_url}{address.spoken}"
    link = view.elsewhere(language.code, path)
    return TopicLink(language, address.name, link, _in_address(subject), _in_address(text))


def _in_address(text: str) -> str:
    """Return a text as a part of an address; browsers encode letters beyond ASCII themselves."""
    return _RESERVED.sub(lambda match: quote(match[0], safe=""), text)


@dataclass(frozen=True)
class Step:
    """A step of an evening: heading, texts, the word of the page that it leads to.

    `names` are those of the texts, as they follow on the page's own.
    """

    part: Part
    heading: str
    rows: list[Markup]
    word: str
    names: list[str]


def _step(view: View, part: Part) -> Step:
    pages = view.project.shown_pages(view.language)
    blocks = [found_block(pages, row) for row in part.rows]
    return Step(
        part,
        found_heading(pages, part) or "",
        [inline(block, outside=True) for block in blocks if block],
        view.project.addresses.words[part.page],
        [name.removeprefix(part.page) for name in part.rows],
    )
