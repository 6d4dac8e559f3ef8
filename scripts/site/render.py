"""From the model to HTML: the self-check, the readable table, the proof, the registers.

Each function returns the HTML of one macro for one page. Templates stand in overrides/partials.
"""

from __future__ import annotations

import gzip
import json
import re
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
)
from markupsafe import Markup, escape

from scripts.content.excerpts import Part, found_block, found_heading
from scripts.content.inline import inline
from scripts.content.languages import Language
from scripts.content.pages import TOP
from scripts.content.project import Project
from scripts.content.recordings import Recording
from scripts.content.review import STATES
from scripts.content.sources import SEED, Source
from scripts.faults import ROOT, Fault, relative_name
from scripts.site.addresses import CSV_TABLE, DMN_TABLE, JSON_TABLE, page_folder, relative
from scripts.site.offline import BYTES, SIZE
from scripts.table.dmn import Authority, dmn_document
from scripts.table.evaluate import evaluate
from scripts.table.model import UNKNOWN, DecisionTable, Input, Rule, Situation
from scripts.table.truth_table import truth_table as truth_table_csv
from scripts.table.verify import prove

ABOUT = "about/index"
"""The first page of the chapter on the site itself, whose links lead to the others."""
_RESERVED = re.compile(r"[\x00-\x7f](?<![\w:/.,!()~-])")
T = TypeVar("T")


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


@dataclass(frozen=True)
class Topic:
    """A page in the list of all topics: path, title, and its sections as (id, heading)."""

    path: str
    title: str
    sections: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SharedLink:
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
    links: list[SharedLink]


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


@dataclass(frozen=True)
class Renderer:
    """Renders for one page: `path` such as `rights/appeal`, in one language."""

    project: Project
    language: Language
    path: str
    site_url: str = ""

    @property
    def words(self) -> Any:
        """The wording as nested mappings whose texts are safe HTML."""
        return self.project.wordings[self.language.code].safe

    @property
    def is_missing(self) -> bool:
        """Tell whether the page is not translated yet: its readers get the French text."""
        return self.path not in self.project.pages[self.language.code]

    def of_text(self) -> Renderer:
        """Return the renderer in the language of the page's text."""
        return replace(self, language=self.project.shown_language(self.language, self.path))

    def marked(self, article: str) -> str:
        """Return an article, marked as French where the page is not translated yet."""
        if not self.is_missing:
            return article
        language = self.of_text().language
        return f'<div lang="{language.tag}" dir="{language.direction}">{article}</div>'

    def page(self, path: str, anchor: str = "") -> str:
        """Return the link to another page of the same language."""
        target = page_folder(self.language.code, path)
        return relative(self._folder, target) + (f"#{anchor}" if anchor else "")

    def elsewhere(self, language: str, path: str) -> str:
        """Return the link to a page of another language."""
        return relative(self._folder, page_folder(language, path))

    def title(self, path: str, language: Language | None = None) -> str:
        """Return a page's title in a language (this one if none is named), else the French one."""
        return self.project.shown_page(language or self.language, path).title

    def source_title(self, source: Source) -> Markup:
        """Return how readers know a source: its document's title, the slides in their words."""
        if source.id.startswith(SEED):
            return Markup(self.words["ui"]["seed_source"])
        title = source.links[0].title if source.links else source.id
        return escape(title.partition(" (")[0])

    def source_page(self, source: Source) -> str:
        """Return the link to a source's entry in the register."""
        return self.page(source.page, source.id)

    def file(self, path: str) -> str:
        """Return the link to a file at the top of the site."""
        return relative(self._folder, path)

    @property
    def colon(self) -> str:
        """The colon as the language sets it: French has a no-break space before it."""
        return "\u00a0:" if self.language.is_source else ":"

    def date(self, day: date) -> Markup:
        """Return a date as Switzerland writes it, kept in order in right-to-left text."""
        return self.figures(day.strftime("%d.%m.%Y"))

    def figures(self, text: str) -> Markup:
        """Return text that reads from left to right whatever stands around it."""
        if self.language.direction == "ltr":
            return escape(text)
        return Markup('<bdi dir="ltr">{}</bdi>').format(text)

    @property
    def voices(self) -> str:
        """The subtags of the voices that may read this language as a pattern, "" for its own."""
        subtags = "|".join(self.project.spoken[self.language.code].subtags)
        return "" if subtags == self.language.tag.partition("-")[0] else subtags

    @property
    def recording(self) -> Recording | None:
        """The recording of this page, None where there is none."""
        return self.project.recordings[self.language.code].get(self.path)

    def rule_table(self) -> str:
        """Return the table of rules as people read it."""
        return self._template("rule-table", rules=self.project.table.rules)

    def self_check(self) -> str:
        """Return the eligibility self-check: the questions, and the reason of each rule."""
        return self._template("self-check", data=self_check_data(self.project))

    def self_check_steps(self) -> str:
        """Return the questions as a tree to open step by step: the self-check without script."""
        tree = self._once("tree", lambda: _tree(self.project, {}))
        return self._template("self-check-steps", tree=tree)

    def self_check_results(self) -> str:
        """Return all that the self-check can answer, for readers and for its script."""
        return self._template("self-check-results")

    def glossary(self) -> str:
        """Return the words explained here, with their official French and German."""
        terms = [term for term in self.project.terms.values() if term.page == self.path]
        return self._template("glossary", terms=terms)

    def source_register(self) -> str:
        """Return the sources that are listed here: what each says, how far it was read, when."""
        sources = self.project.register.sources.values()
        listed = [source for source in sources if source.page == self.path]
        return self._template("source-register", sources=listed)

    def proof_summary(self) -> str:
        """Return how many situations were proved."""
        size = len(gzip.compress(self.truth_table().encode(), 6)) // 1024 + 1
        proof = self._once("proof", lambda: prove(self.project.table))
        return self._template("proof-summary", proof=proof, size=size)

    def truth_table(self) -> str:
        """Return every situation with its rule and outcome."""
        rows = self._once("rows", lambda: _rows(self.project.table))
        name = f"truth table {self.language.code}"  # the page of the proof says its size, too
        return self._once(name, lambda: self._template("truth-table", rows=rows))

    def data_links(self) -> str:
        """Return the links to the open data."""
        return self._template("data-links", json=JSON_TABLE, csv=CSV_TABLE, dmn=DMN_TABLE)

    def translation_status(self) -> str:
        """Return the state of every language."""
        status = self._once("status", lambda: translation_status(self.project))
        return self._template("translation-status", status=status)

    def topic_links(self) -> str:
        """Return what is shared, topic by topic: for each language its link and all made for it."""
        return self._template(
            "topic-links", topics=self._shared(), s=self._staff("share"), kit=self._kit
        )

    def share_form(self) -> str:
        """Return the form that shows of what is shared what is asked for."""
        return self._template("share-form", topics=self._shared(), s=self._staff("share"))

    def evening_steps(self) -> str:
        """Return the steps of an evening: a section each, with the code of the page it leads to."""
        pages = self.project.shown_pages(self.language)
        steps = [
            Step(
                part,
                found_heading(pages, part) or "",
                [
                    inline(block, outside=True)
                    for row in part.rows
                    if (block := found_block(pages, row))
                ],
                self.project.addresses.words[part.page],
                [name.removeprefix(part.page) for name in part.rows],
            )
            for part in self.project.evening
        ]
        return self._template("evening-steps", steps=steps, s=self._staff("evening"), kit=self._kit)

    def _staff(self, group: str) -> Mapping[str, str]:
        return self.project.staff_words[self.language.code][group]

    @property
    def _kit(self) -> str:
        return self.file("kit/")

    def _shared(self) -> list[SharedTopic]:
        return [
            SharedTopic(
                self.project.addresses.words[path],
                self.title(path),
                [self._shared_link(path, language) for language in self.project.languages],
            )
            for path in self.project.sharing.topics
        ]

    def _shared_link(self, path: str, language: Language) -> SharedLink:
        address = self.project.addresses.of(path, language.code)
        texts = self.project.wordings[language.code].texts
        title, site = self.title(path, language), texts["ui.site_name"]
        subject = title if path == "index" else f"{site}: {title}"
        link = f"{self.site_url}{address.spoken}"
        text = f"{subject}\n{texts['ui.site_subtitle']}\n{link}"
        return SharedLink(
            language,
            address.name,
            self.elsewhere(language.code, path),
            _in_address(subject),
            _in_address(text),
        )

    def all_topics(self) -> str:
        """Return the search, and every page with its sections: all there is without a script."""
        return self._template("all-topics", topics=list(self._topics()))

    def keep_language(self) -> str:
        """Return what keeps a whole language on the phone, with its size and every message."""
        return self._template("keep-language", size=SIZE, bytes=BYTES)

    def install_site(self) -> str:
        """Return the button that puts the site among the phone's applications."""
        return self._template("install-site")

    def erase_pages(self) -> str:
        """Return the button that erases every stored page."""
        return self._template("erase-pages")

    def cell(self, rule: Rule, question: Input) -> Markup:
        """Return a cell of the readable table: answers in words, or the dash for any."""
        answers = rule.when[question.id]
        words = self.words["table"]
        if answers is None or len(answers) == len(question.answers):
            return Markup('<td aria-label="{}">{}</td>').format(words["any_text"], words["any"])
        texts = [words["answers"][question.id][a] for a in question.answers if a in answers]
        return Markup("<td>{}</td>").format(Markup("<br>").join(texts))

    def _topics(self) -> Iterator[Topic]:
        """Yield the pages in the order of the menu; of the site's own chapter its first page."""
        pages = self.project.shown_pages(self.language)
        for path in self.project.menu:
            is_detail = path.startswith("about/") and path != ABOUT
            if path == self.path or path not in pages or is_detail:
                continue
            sections = () if path == ABOUT else pages[path].sections
            headings = [(one.id, one.blocks[0].words) for one in sections if one.id != TOP]
            yield Topic(path, pages[path].title, tuple(headings))

    @cached_property
    def _folder(self) -> str:
        return page_folder(self.language.code, self.path)

    def _once(self, name: str, make: Callable[[], T]) -> T:
        return self.project.memo.get(name, (), make)

    def _template(self, name: str, **values: object) -> str:
        template = _ENVIRONMENT.get_template(f"partials/{name}.html")
        return template.render(
            r=self, w=self.words, table=self.project.table, project=self.project, **values
        )


@dataclass(frozen=True)
class LanguageStatus:
    """A language's state.

    Pages and texts of the wording present and expected; stale parts; the lowest review state
    (`source` for French); how often it was read back, and the drifts mended then.
    """

    language: Language
    pages: int
    expected: int
    texts: int
    expected_texts: int
    stale: int
    state: str
    readings: int
    drifts: int


def translation_status(project: Project) -> tuple[LanguageStatus, ...]:
    """Return the state of every language, in their order."""
    return tuple(_status(project, language) for language in project.languages)


def self_check_data(project: Project) -> str:
    """Return the rules as the self-check script reads them: compact JSON, safe inside HTML.

    A row a rule: id, outcome, notices, then a cell for each question in the form's order: the
    positions of its answers in the form, empty for any. The form itself says the rest.
    """
    table = project.table
    rows = [
        [rule.id, rule.outcome, " ".join(rule.notices), *(_cell(rule, q) for q in table.inputs)]
        for rule in table.rules
    ]
    data = {"outcomes": " ".join(table.outcomes), "rules": rows}
    return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")


def open_data(project: Project) -> dict[str, str]:
    """Return the published files of the table by their path in the site."""
    table = project.table
    cited = dict.fromkeys(rule.source for rule in table.rules)
    data = {
        "version": table.version,
        "hit_policy": "UNIQUE",
        "unknown": UNKNOWN,
        "inputs": [{"id": q.id, "answers": list(q.answers)} for q in table.inputs],
        "outcomes": list(table.outcomes),
        "notices": list(table.notices),
        "rules": [
            {
                "id": rule.id,
                "when": _when(rule),
                "outcome": rule.outcome,
                "notices": list(rule.notices),
                "source": rule.source,
            }
            for rule in table.rules
        ],
        "sources": {name: _source_data(project, name) for name in cited},
    }
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    authorities = [_authority(project, name) for name in cited]
    dmn = dmn_document(table, project.source_wording.texts, authorities)
    return {JSON_TABLE: text, CSV_TABLE: truth_table_csv(table), DMN_TABLE: dmn}


def render_page(name: str, **values: object) -> str:
    """Return a page that MkDocs does not make, from a template of overrides/."""
    return _ENVIRONMENT.get_template(name).render(**values)


def fill(text: Markup, **values: object) -> Markup:
    """Put values into the placeholders of a wording."""
    return text.format(**values)


def _cell(rule: Rule, question: Input) -> str:
    cell = rule.when[question.id] or ()
    return "".join(str(at) for at, answer in enumerate(question.answers) if answer in cell)


def template_fault(error: TemplateError) -> Fault:
    """Return a template's fault with the file and line where it happened."""
    places = traceback.extract_tb(error.__traceback__)
    if isinstance(error, TemplateSyntaxError):
        return Fault(
            relative_name(Path(error.filename or "overrides")), error.lineno, error.message or ""
        )
    templates = ROOT / "overrides"
    found = [one for one in places if Path(one.filename).is_relative_to(templates)]
    if not found:
        return Fault("overrides", 0, str(error))
    return Fault(relative_name(Path(found[-1].filename)), found[-1].lineno or 0, str(error))


def _in_address(text: str) -> str:
    """Return a text as a part of an address; browsers encode letters beyond ASCII themselves."""
    return _RESERVED.sub(lambda match: quote(match[0], safe=""), text)


def _when(rule: Rule) -> dict[str, list[str]]:
    return {key: sorted(cell) for key, cell in rule.when.items() if cell is not None}


def _source_data(project: Project, name: str) -> dict[str, Any]:
    source = project.register.sources[name]
    return {
        "status": source.status,
        "checked_on": source.checked_on.isoformat(),
        "statement": project.source_wording.texts.get(f"sources.{name}", ""),
        "links": [{"title": link.title, "url": link.url} for link in source.links],
    }


def _authority(project: Project, name: str) -> Authority:
    source = project.register.sources[name]
    texts = project.source_wording.texts
    titles = "; ".join(link.title for link in source.links) or name
    checked = texts["ui.checked_on"].format(date=source.checked_on.strftime("%d.%m.%Y"))
    statement = f"{texts[f'sources.{name}']} {texts[f'statuses.{source.status}']}, {checked}."
    url = next((link.url for link in source.links if link.url), "")
    return Authority(name, titles, statement, url)


def _rows(table: DecisionTable) -> list[tuple[Situation, Rule]]:
    return [(s, next(r for r in table.rules if r.matches(s))) for s in table.situations]


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


def _status(project: Project, language: Language) -> LanguageStatus:
    pages = project.pages[language.code]
    wording = project.wordings[language.code]
    reviews = [page.review for page in pages.values()] + [wording.review]
    stale = sum(bool(project.stale_sections(page)) for page in pages.values())
    stale += bool(project.stale_wording(language.code))
    states = {review.state for review in reviews if review}
    state = next((name for name in STATES if name in states), "source")
    readings = [one for one in project.readings if one.language == language.code]
    return LanguageStatus(
        language=language,
        pages=len(pages),
        expected=len(project.expected_paths(language)),
        texts=len(wording.required_keys),
        expected_texts=len(project.source_wording.required_keys),
        stale=stale,
        state=state,
        readings=len(readings),
        drifts=sum(reading.drifts for reading in readings),
    )


_ENVIRONMENT = Environment(
    loader=FileSystemLoader(ROOT / "overrides"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters["fill"] = fill
_ENVIRONMENT.tests["branch"] = lambda node: isinstance(node, Branch)
