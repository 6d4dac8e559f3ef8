"""The dossier: all that a lawyer or an office signs, as numbered points in French or German.

Five parts: the rules, what a person is told of them, the statements of the register, what the site
takes from the slides of the CMS, and what is not known. A page's sentence rests on a source where
its French block carries the mark `data-source` or `data-key`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

from markupsafe import Markup

from scripts.content.pages import Block, Page
from scripts.content.project import Project
from scripts.content.review import content_hash
from scripts.content.sources import Link, Source
from scripts.content.unpublished import UnpublishedFact
from scripts.content.verdicts import RIGHT, Verdict
from scripts.faults import Fault
from scripts.table.model import Rule

PARTS = ("rules", "results", "register", "slides", "unknown")
"""The parts in their order; each has a title and a sentence in the words for staff."""


@dataclass(frozen=True)
class Sentence:
    """A block of a page as it is read: the page's title and path, the words."""

    title: str
    path: str
    words: str


@dataclass(frozen=True)
class Detail:
    """What belongs to a statement: how it is called, its texts, whether each is a line."""

    name: str
    texts: tuple[str, ...]
    is_list: bool = False


@dataclass(frozen=True)
class Point:
    """One point to check.

    `id` is a register id, `rule:ID`, `outcome:ID`, `notice:ID` or `key:ID`; `group` is the title of
    the page under which the register lists it, "" in other parts; `state` says how the statement
    was checked so far; `verdict` is what an office said last of it, or of a text it had before;
    `file` and `line` are where it is written.
    """

    id: str
    part: str
    statement: str
    file: str
    line: int
    details: tuple[Detail, ...] = ()
    links: tuple[Link, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    state: str = ""
    group: str = ""
    verdict: Verdict | None = None

    @cached_property
    def statement_text(self) -> str:
        """The statement and what belongs to it, in lines."""
        details = (f"{one.name}: {' · '.join(one.texts)}" for one in self.details)
        return "\n".join((self.statement, *details))

    @cached_property
    def links_text(self) -> str:
        """The documents and their addresses, in lines."""
        return "\n".join(f"{link.title}  {link.url}".strip() for link in self.links)

    @cached_property
    def sentences_text(self) -> str:
        """The sentences of the site, each after its page, in lines."""
        return "\n".join(f"[{one.path}] {one.words}" for one in self.sentences)

    @cached_property
    def digest(self) -> str:
        """What changes with the text to check, its sources and its sentences."""
        return text_digest((self.statement_text, self.links_text, self.sentences_text))

    @property
    def is_lost(self) -> bool:
        """Tell whether the text is another now than the one that the verdict was given for."""
        return self.verdict is not None and self.verdict.text != self.digest

    @property
    def is_right(self) -> bool:
        """Tell whether an office said that this very text is right."""
        return self.verdict is not None and self.verdict.value == RIGHT and not self.is_lost


def text_digest(texts: Sequence[str]) -> str:
    """Return what changes with the words of some texts, not with their white space."""
    return content_hash("\n\n".join(texts))


def dossier_points(project: Project, code: str) -> tuple[Point, ...]:
    """Return every point to check, in the order of the parts.

    Args:
        project: the content.
        code: `fr` or `de`.
    """
    reader = _Reader(project, code)
    parts = (reader.rules, reader.results, reader.register, reader.slides, reader.unknown)
    return tuple(map(reader.with_verdict, chain.from_iterable(part() for part in parts)))


def point_ids(project: Project) -> frozenset[str]:
    """Return the id of every point."""
    table = project.table
    return frozenset(
        (
            *(f"rule:{rule.id}" for rule in table.rules),
            *(f"outcome:{name}" for name in table.outcomes),
            *(f"notice:{name}" for name in table.notices),
            *(f"key:{key.id}" for key in project.keys.statements if key.quote),
            *project.register.sources,
            *project.unpublished,
        )
    )


def open_verdicts(project: Project) -> Iterator[Fault]:
    """Yield what is left to do: a verdict that asks for a change, or one whose text has changed."""
    for code in sorted({one.language for one in project.verdicts}):
        for point in dossier_points(project, code):
            if point.verdict and not point.is_right:
                yield Fault(point.file, point.line, verdict_line(point, point.verdict))


def verdict_line(point: Point, verdict: Verdict) -> str:
    """Return a verdict in one line, with what follows from it."""
    said = f"{point.id}: {verdict.office} said '{verdict.value}' ({verdict.day})"
    remark = f": {verdict.remark}" if verdict.remark else ""
    lost = "; the text has changed since, have it checked" if point.is_lost else ""
    return f"{said}{remark}{lost}"


def unknown_verdicts(project: Project) -> Iterator[Fault]:
    """Yield a fault for each verdict on what is no point of the dossier."""
    known = point_ids(project)
    for one in project.verdicts:
        if one.id not in known:
            message = f"'{one.id}' is no rule and no statement; take its verdict out"
            yield Fault(one.file, one.line, message)


@dataclass(frozen=True)
class _Reader:
    """Puts the points of one language together."""

    project: Project
    code: str

    def rules(self) -> Iterator[Point]:
        """Yield each rule: its situation and result in words, its row, its examples."""
        for rule in self.project.table.rules:
            outcome = self.text(f"outcomes.{rule.outcome}.title")
            source = self.project.register.sources[rule.source]
            examples = tuple(one.said[self.code] for one in rule.examples)
            said = f"{self.text(f'sources.{source.id}')} ({source.id})"
            yield Point(
                id=f"rule:{rule.id}",
                part="rules",
                statement=f"{self.text(f'rules.{rule.id}')} {outcome}.",
                file=self.project.table.file,
                line=rule.line,
                details=(
                    Detail(self.words["when"], tuple(self._row(rule))),
                    Detail(self.words["notices"], self._notice_titles(rule)),
                    Detail(self.words["examples"], examples, is_list=True),
                    Detail(self.words["says"], (said,)),
                ),
                links=source.links,
            )

    def results(self) -> Iterator[Point]:
        """Yield each outcome with its steps, then each notice, as a person reads them."""
        table = self.project.table
        for outcome in table.outcomes:
            steps = self.texts(f"outcomes.{outcome}.steps")
            yield self._result(
                "outcome", outcome, [Detail(self.words["steps"], steps, is_list=True)]
            )
        for notice in table.notices:
            yield self._result("notice", notice, [])

    def register(self) -> Iterator[Point]:
        """Yield each statement of the register, page by page as the site lists them."""
        sources = self.project.register.sources.values()
        for page in dict.fromkeys(source.page for source in sources):
            for source in sources:
                if source.page == page:
                    yield self._statement(source)

    def slides(self) -> Iterator[Point]:
        """Yield each sentence of the slides that the site is made from, and what it makes of it."""
        keys = self.project.keys
        for key in keys.statements:
            if key.quote:
                yield Point(
                    id=f"key:{key.id}",
                    part="slides",
                    statement=key.quote,
                    file=keys.file,
                    line=key.line,
                    sentences=tuple(self._sentences[key.id]),
                )

    def unknown(self) -> Iterator[Point]:
        """Yield each fact that is held back, and what the site says in its place."""
        for fact in self.project.unpublished.values():
            pages = (self.page(path).title for path in fact.pages)
            yield Point(
                id=fact.id,
                part="unknown",
                statement=fact.statement[self.code],
                file=fact.file,
                line=fact.line,
                details=(
                    Detail(self.words["instead"], (fact.instead[self.code],)),
                    Detail(self.words["pages"], tuple(pages)),
                ),
                links=fact.links,
                state=self._reading(fact),
            )

    @property
    def words(self) -> Mapping[str, str]:
        """The dossier's own words."""
        return self.project.staff_words[self.code]["dossier"]

    def text(self, key: str) -> str:
        """Return a text of the wording without its tags."""
        return str(Markup(self.project.wordings[self.code].texts[key]).striptags())

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of the wording."""
        return tuple(
            self.text(name)
            for name in self.project.wordings[self.code].texts
            if name.startswith(f"{key}.")
        )

    def page(self, path: str) -> Page:
        """Return a page as readers of the language get it."""
        return self.project.shown_page(self.project.language[self.code], path)

    def with_verdict(self, point: Point) -> Point:
        """Return a point with what an office said last of it."""
        verdict = self._verdicts.get(point.id)
        if verdict is None:
            return point
        point = replace(point, verdict=verdict)
        said = self.words["lost" if point.is_lost else "said"].format(
            verdict=self.words[verdict.value],
            office=verdict.office,
            date=f"{verdict.day:%d.%m.%Y}",
        )
        return replace(point, state="\n".join(filter(None, (point.state, said))))

    @cached_property
    def _verdicts(self) -> Mapping[str, Verdict]:
        return {one.id: one for one in self.project.verdicts if one.language == self.code}

    def _reading(self, fact: Source | UnpublishedFact) -> str:
        """Return how a statement was read, and when."""
        meaning = self.words["U"] if fact.status == "U" else self.text(f"statuses.{fact.status}")
        confidence = f", {fact.confidence} %" if fact.status == "K" else ""
        day = self.text("ui.checked_on").format(date=f"{fact.checked_on:%d.%m.%Y}")
        return f"{fact.status}{confidence} ({meaning}), {day}"

    def _row(self, rule: Rule) -> Iterator[str]:
        for question in self.project.table.inputs:
            cell, name = rule.when[question.id], self.text(f"table.inputs.{question.id}")
            answers = [
                self.text(f"table.answers.{question.id}.{answer}")
                for answer in question.answers
                if cell and answer in cell
            ]
            yield f"{name} = {' / '.join(answers) or self.text('table.any_text')}"

    def _notice_titles(self, rule: Rule) -> tuple[str, ...]:
        return tuple(self.text(f"notices.{notice}.title") for notice in rule.notices)

    def _result(self, kind: str, name: str, details: list[Detail]) -> Point:
        key = f"{kind}s.{name}"
        rules = (
            rule.id
            for rule in self.project.table.rules
            if rule.outcome == name or name in rule.notices
        )
        wording = self.project.wordings[self.code]
        return Point(
            id=f"{kind}:{name}",
            part="results",
            statement=f"{self.text(f'{key}.title')}\n{self.text(f'{key}.text')}",
            file=wording.file,
            line=wording.lines[f"{key}.text"],
            details=(*details, Detail(self.words["rules"], tuple(rules))),
        )

    def _statement(self, source: Source) -> Point:
        wording, key = self.project.wordings[self.code], f"sources.{source.id}"
        rules = tuple(rule.id for rule in self.project.table.rules if rule.source == source.id)
        return Point(
            id=source.id,
            part="register",
            group=self.page(source.page).title,
            statement=self.text(key),
            file=wording.file,
            line=wording.lines[key],
            details=(Detail(self.words["rules"], rules),) if rules else (),
            links=source.links,
            sentences=tuple(self._sentences.get(source.id, ())),
            state=self._reading(source),
        )

    @cached_property
    def _sentences(self) -> Mapping[str, list[Sentence]]:
        """What rests on each source and key statement, in the order of the menu."""
        found: dict[str, list[Sentence]] = {}
        for path in self.project.menu:
            page, source = self.page(path), self.project.source_pages[path]
            for ours, theirs in zip(page.blocks, source.blocks, strict=False):
                for mark in self._marks(theirs):
                    sentence = Sentence(page.title, path, ours.words)
                    found.setdefault(mark, []).append(sentence)
        return found

    def _marks(self, block: Block) -> list[str]:
        """Return the sources and the key statement that a block carries, each once."""
        of_key = self._source_of_key.get(block.key or "", "")
        return list(dict.fromkeys(filter(None, (*block.sources, block.key, of_key))))

    @cached_property
    def _source_of_key(self) -> Mapping[str, str]:
        return {key.id: key.source for key in self.project.keys.statements}
