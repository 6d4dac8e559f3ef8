"""The readers' style sheet: of the theme's rules and ours those that a built page uses.

Pages are read as one tree, in which siblings that no selector tells apart are one element, so
that a rule is tried on a few thousand elements instead of half a million. What a reader, a script
or the order of elements decides is left out of a selector before it is tried: a rule is kept too
often rather than once too rarely.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from xml.etree import ElementTree

import tinycss2
from cssselect2 import ElementWrapper, Matcher, SelectorError, compile_selector_list
from lxml.etree import HTMLParser
from tinycss2.ast import FunctionBlock, Node, SquareBracketsBlock

from scripts.faults import Fault, raise_if_any
from scripts.site.style_sheet import (
    Rule,
    read_rules,
    without_animations,
    without_defeated,
    without_overridden,
    without_variables,
    written,
)

SET_BY_SCRIPTS = frozenset({"data-on", "open"})
"""Attributes that a script or the reader sets: a selector is tried without them."""
TAKEN_BY_SCRIPTS = SET_BY_SCRIPTS | {"hidden"}
"""Attributes that a script or the reader takes away: a selector is tried without their `:not()`."""
MADE_BY_SCRIPTS = """
<html dir="ltr"><body><main><article id="content" class="md-typeset">
<audio></audio>
<ul data-answer-list><li><strong></strong><button></button></li></ul>
<ol data-results><li><strong></strong><a><mark></mark></a></li></ol>
<form data-places><ol data-results><li><a></a></li></ol></form>
<div data-suggestion><a></a></div>
<button class="md-button hear"></button>
</article></main>
<details class="languages"><ul><li class="warning"></li></ul></details>
<footer><p class="printed"></p></footer></body></html>
"""
"""What only scripts, readers or recordings bring into a page, as a page of its own."""
_BATCH = 1000
"""Elements that are tried before what they have is no longer looked for."""
_EXACT = frozenset({"root", "not", "is", "where"})
"""The pseudo-classes that the tree of pages can tell; all others depend on time or order."""
_NAME = re.compile(r"[\w-]+")
_COMPARED = re.compile(r"\[([\w-]+)[~|^$*]?=")
Attributes = tuple[tuple[str, str], ...]
Chain = list[tuple[str, list[Node]]]
"""A selector: compounds, each with the combinator before it (" ", ">", "+", "~"; first: "")."""


def pruned(
    pages: Iterable[str], sheets: Iterable[tuple[str, str]], later: Iterable[str] = ()
) -> str:
    """Return one style sheet with the rules that the pages use, without needless space.

    Args:
        pages: the HTML of every page, as readers get it.
        sheets: names and texts of the style sheets, in the order of the cascade.
        later: sheets that scripts bring, whose variables are kept.

    Raises:
        FaultsError: a sheet or a selector cannot be read.

    """
    rules = _read(sheets)
    used = _used(rules, [*pages, MADE_BY_SCRIPTS])
    kept = [
        replace(rule, selectors=tuple(one for one in rule.selectors if one in used))
        for rule in rules
        if used.intersection(rule.selectors)
    ]
    kept = without_animations(without_overridden(without_defeated(kept)))
    return written(without_variables(kept, " ".join(later)))


def unused(
    pages: Iterable[str], sheets: Iterable[tuple[str, str]], made: str = MADE_BY_SCRIPTS
) -> list[str]:
    """Return the selectors of style sheets that neither the pages nor `made` use.

    Raises:
        FaultsError: a sheet or a selector cannot be read.

    """
    rules = _read(sheets)
    used = _used(rules, [*pages, made])
    return [one for rule in rules for one in rule.selectors if one not in used]


def _read(sheets: Iterable[tuple[str, str]]) -> list[Rule]:
    """Return the rules of all sheets, whose selectors can be tried."""
    faults: list[Fault] = []
    rules = [rule for file, text in sheets for rule in read_rules(file, text, faults)]
    for rule in rules:
        for selector in rule.selectors:
            try:
                compile_selector_list(",".join(_tried(rule, selector)))
            except SelectorError as error:
                faults.append(Fault(rule.file, rule.line, f"selector '{selector}': {error}"))
    raise_if_any(faults)
    return rules


def _used(rules: Iterable[Rule], pages: Iterable[str]) -> set[str]:
    """Return those of the rules' selectors that an element of the pages has."""
    parts = {one: _tried(rule, one) for rule in rules for one in rule.selectors}
    tried = {text: compile_selector_list(text) for texts in parts.values() for text in texts}
    found: set[str] = set()
    roots = map(ElementWrapper.from_html_root, _merged(pages, " ".join(parts)))
    elements = (element for root in roots for element in root.iter_subtree())
    while batch := list(islice(elements, _BATCH)):
        matcher = Matcher()
        for text in tried.keys() - found:
            for compiled in tried[text]:
                matcher.add_selector(compiled, text)
        for element in batch:
            found.update(text for *_, text in matcher.match(element))
    return {selector for selector, texts in parts.items() if found.issuperset(texts)}


# What of a selector is tried


def _tried(rule: Rule, selector: str) -> list[str]:
    """Return the selectors that must all be found for a rule's selector to be used."""
    if rule.animation or selector == "@page":
        return ["*"]
    chain: Chain = [("", [])]
    for token in tinycss2.parse_component_value_list(selector):
        if token.type == "whitespace" or token in (">", "+", "~"):
            chain.append((token.serialize(), []))
        else:
            chain[-1][1].append(token)
    return _without_order(chain)


def _without_order(chain: Chain) -> list[str]:
    """Return what must be found where order is not known.

    `.x a + b` is used where both `.x a` and `.x b` are.
    """
    for at, (before, _) in enumerate(chain):
        if before in ("+", "~"):
            follower = (chain[at - 1][0], chain[at][1])
            behind = [*chain[: at - 1], follower, *chain[at + 1 :]]
            return _without_order(chain[:at]) + _without_order(behind)
    return ["".join(before + _loosened(compound) for before, compound in chain)]


def _loosened(compound: Sequence[Node]) -> str:
    """Return a compound without what the tree of pages cannot tell, `*` if nothing is left."""
    kept = ""
    tokens = list(compound)
    while tokens:
        token = tokens.pop(0)
        if token == ":":
            while tokens and tokens[0] == ":":
                tokens.pop(0)
            kept += _pseudo(tokens.pop(0)) if tokens else ":"
        elif not _names_one(token, SET_BY_SCRIPTS):
            kept += token.serialize()
    return kept or "*"


def _pseudo(token: Node) -> str:
    if isinstance(token, FunctionBlock) and token.lower_name in _EXACT:
        inner = tinycss2.serialize(token.arguments)
        if ":" in inner or any(_names_one(one, TAKEN_BY_SCRIPTS) for one in token.arguments):
            return ""
        return f":{token.lower_name}({inner})"
    return ":root" if token.type == "ident" and token.lower_value == "root" else ""


def _names_one(token: Node, attributes: Collection[str]) -> bool:
    """Tell whether a token such as `[open]` names one of these attributes."""
    names = token.content if isinstance(token, SquareBracketsBlock) else []
    return any(one.type == "ident" and one.value in attributes for one in names[:1])


# The tree of all pages


_WAITING = re.compile(r'<script type="?text/html"?>(.*?)</script>', re.DOTALL)


def _merged(pages: Iterable[str], selectors: str) -> list[ElementTree.Element]:
    """Return the roots of all pages, those that no selector tells apart as one."""
    reader = _Reader(selectors)
    for page in pages:
        parser = HTMLParser(target=reader)  # type: ignore[call-overload]  # text is not asked for
        parser.feed(_WAITING.sub(r"\1", page))  # what a script puts there
        parser.close()
    return [root.element() for root in reader.top.children.values()]


@dataclass
class _Merged:
    """An element of some pages: its children by what selectors can tell of them."""

    tag: str
    attributes: Attributes
    children: dict[tuple[str, Attributes], _Merged] = field(default_factory=dict)

    def child(self, tag: str, attributes: Attributes) -> _Merged:
        key = tag, attributes
        if key not in self.children:
            self.children[key] = _Merged(tag, attributes)
        return self.children[key]

    def element(self) -> ElementTree.Element:
        made = ElementTree.Element(self.tag, dict(self.attributes))
        made.extend(child.element() for child in self.children.values())
        return made


class _Reader:
    """Puts page after page into one tree, with what selectors name of each element."""

    def __init__(self, selectors: str) -> None:
        self.top = _Merged("", ())
        self._names = frozenset(_NAME.findall(selectors))
        self._compared = frozenset(_COMPARED.findall(selectors))
        self._path = [self.top]
        self._seen: dict[Attributes, Attributes] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        given = tuple(attributes.items())
        if given not in self._seen:
            self._seen[given] = tuple(self._told(given))
        self._path.append(self._path[-1].child(tag, self._seen[given]))

    def end(self, _: str) -> None:
        self._path.pop()

    def close(self) -> None:
        self._path = [self.top]

    def _told(self, attributes: Attributes) -> Iterator[tuple[str, str]]:
        for name, value in attributes:
            if name == "class":
                yield name, " ".join(sorted(self._names & set(value.split())))
            elif name == "id":
                yield name, value if value in self._names else ""
            elif name in self._names:
                yield name, value if name in self._compared else ""
