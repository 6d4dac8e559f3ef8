"""The readers' style sheet: of the theme's rules and ours those that a built page uses.

Pages are read as one tree, in which siblings that no selector tells apart are one element, so
that a rule is tried on a few thousand elements instead of half a million. What a reader, a script
or the order of elements decides is left out of a selector before it is tried: a rule is kept too
often rather than once too rarely.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from xml.etree import ElementTree

import tinycss2
from cssselect2 import ElementWrapper, Matcher, SelectorError, compile_selector_list
from lxml.etree import HTMLParser
from tinycss2.ast import (
    AtRule,
    Declaration,
    FunctionBlock,
    Node,
    ParseError,
    QualifiedRule,
    SquareBracketsBlock,
)

SET_BY_SCRIPTS = frozenset({"data-on", "open"})
"""Attributes that a script or the reader sets: a selector is tried without them."""
TAKEN_BY_SCRIPTS = SET_BY_SCRIPTS | {"hidden"}
"""Attributes that a script or the reader takes away: a selector is tried without their `:not()`."""
MADE_BY_SCRIPTS = """
<html dir="ltr"><body><main><article id="content" class="md-typeset">
<p class="listen"><button data-icon></button></p><p class="error" role="alert"></p>
<audio></audio>
<div class="check"><ul data-answer-list><li data-answer><strong></strong>
<button class="md-button"></button></li></ul><section data-result></section></div>
<ol data-results><li><strong></strong><a><mark></mark></a></li></ol>
<div data-suggestion><a></a></div>
</article></main><footer><p class="printed"></p></footer></body></html>
"""
"""What only scripts, readers or recordings bring into a page, as a page of its own."""
_EXACT = frozenset({"root", "not", "is", "where"})
"""The pseudo-classes that the tree of pages can tell; all others depend on time or order."""
_NAME = re.compile(r"[\w-]+")
_COMPARED = re.compile(r"\[([\w-]+)[~|^$*]?=")
_QUOTED = re.compile(r'="([a-z]+)"')
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)")
_ZERO = re.compile(r"^([+-]?)0(?=\.\d)")
_CONDITIONS = ("media", "supports")
_SIDE = "(?:top|right|bottom|left)"
_PART = re.compile(
    rf"(background|margin|(?:-webkit-)?mask|padding)-.+|(border)-(?:{_SIDE}|(?:{_SIDE}-)?(?:width|style|color))"
    r"|(border)-(?:top|bottom)-(?:left|right)(-radius)"
)
"""A property that a shorthand sets, too: its groups, joined, are the shorthand's name."""
Chain = list[tuple[str, list[Node]]]
"""A selector: compounds, each with the combinator before it (" ", ">", "+", "~"; first: "")."""


@dataclass(frozen=True)
class _Rule:
    """A rule: the conditions that it stands in, its selectors, its names and values."""

    within: tuple[str, ...]
    selectors: tuple[str, ...]
    declarations: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        said = ";".join(f"{name}:{value}" for name, value in self.declarations)
        return f"{','.join(self.selectors)}{{{said}}}"


class StyleError(Exception):
    """A style sheet that cannot be read; says where and why."""


def pruned(
    pages: Iterable[str], sheets: Sequence[tuple[str, str]], later: Iterable[str] = ()
) -> str:
    """Return one style sheet with the rules that the pages use, without needless space.

    Args:
        pages: the HTML of every page, as readers get it.
        sheets: names and texts of the style sheets, in the order of the cascade.
        later: sheets that scripts bring, whose variables are kept.

    Raises:
        StyleError: a sheet or one of its selectors cannot be read.

    """
    rules = [rule for name, text in sheets for rule in _parsed(name, text)]
    selectors = dict.fromkeys(_selectors(rules))
    used = _used(selectors, [*pages, MADE_BY_SCRIPTS])
    kept = _without_overridden(list(_kept(rules, used)))
    return _written(_without_variables(kept, " ".join(later)))


def unused(pages: Iterable[str], name: str, text: str) -> list[str]:
    """Return the selectors of a style sheet that no page uses."""
    selectors = dict.fromkeys(_selectors(_parsed(name, text)))
    used = _used(selectors, [*pages, MADE_BY_SCRIPTS])
    return [selector for selector in selectors if selector not in used]


def _parsed(name: str, text: str) -> list[Node]:
    rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    for rule in rules:
        if isinstance(rule, ParseError):
            raise StyleError(f"{name}:{rule.source_line}: {rule.message}")
        if isinstance(rule, QualifiedRule):
            for chain in _chains(rule.prelude):
                _check(name, rule.source_line, chain)
    return list(rules)


def _check(name: str, line: int, chain: Chain) -> None:
    for text in _tried(chain):
        try:
            compile_selector_list(text)
        except SelectorError as error:
            raise StyleError(f"{name}:{line}: selector '{text}': {error}") from None


def _selectors(rules: Iterable[Node]) -> Iterator[str]:
    """Yield every selector of the rules, also of those inside conditions."""
    for rule in rules:
        if isinstance(rule, QualifiedRule):
            yield from map(_said, _chains(rule.prelude))
        elif isinstance(rule, AtRule) and rule.lower_at_keyword in _CONDITIONS:
            yield from _selectors(_inner(rule))


def _inner(rule: AtRule) -> list[Node]:
    return list(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True))


# Selectors


def _chains(prelude: Sequence[Node]) -> list[Chain]:
    """Return the selectors of a list, each as its compounds."""
    chains: list[Chain] = [[("", [])]]
    for token in prelude:
        chain = chains[-1]
        if token == ",":
            chains.append([("", [])])
        elif token.type == "whitespace":
            if chain[-1][1]:
                chain.append((" ", []))
        elif token in (">", "+", "~"):
            if len(chain) > 1 and not chain[-1][1]:
                chain.pop()
            chain.append((token.value, []))
        elif token.type != "comment":
            chain[-1][1].append(token)
    return [[part for part in chain if part[1]] for chain in chains]


def _said(chain: Chain) -> str:
    said = _QUOTED.sub(r"=\1", "".join(before + _compact(compound) for before, compound in chain))
    return said.replace("::before", ":before").replace("::after", ":after")  # what all engines take


def _tried(chain: Chain) -> list[str]:
    """Return the selectors that must all be found for a selector to be used.

    Order is not known in the tree: `a + b` is used where both have the same parent.
    """
    for at, (before, _) in enumerate(chain):
        if before in ("+", "~"):
            follower = (chain[at - 1][0], chain[at][1])
            return _tried(chain[:at]) + _tried([*chain[: at - 1], follower, *chain[at + 1 :]])
    return ["".join(before + _loosened(compound) for before, compound in chain)]


def _loosened(compound: Sequence[Node]) -> str:
    """Return a compound without what the tree of pages cannot tell, `*` if nothing is left."""
    kept = ""
    tokens = list(compound)
    while tokens:
        token = tokens.pop(0)
        if token == ":":
            while tokens[0] == ":":
                tokens.pop(0)
            kept += _pseudo(tokens.pop(0))
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


@dataclass
class _Merged:
    """An element of some pages: its children by what selectors can tell of them."""

    tag: str
    attributes: tuple[tuple[str, str], ...]
    children: dict[tuple[str, tuple[tuple[str, str], ...]], _Merged] = field(default_factory=dict)

    def child(self, tag: str, attributes: tuple[tuple[str, str], ...]) -> _Merged:
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
        self._seen: dict[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        given = tuple(attributes.items())
        if given not in self._seen:
            self._seen[given] = tuple(self._told(given))
        self._path.append(self._path[-1].child(tag, self._seen[given]))

    def end(self, _: str) -> None:
        self._path.pop()

    def close(self) -> None:
        self._path = [self.top]

    def _told(self, attributes: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        for name, value in attributes:
            if name == "class":
                yield name, " ".join(sorted(self._names & set(value.split())))
            elif name == "id":
                yield name, value if value in self._names else ""
            elif name in self._names:
                yield name, value if name in self._compared else ""


def _used(selectors: Iterable[str], pages: Iterable[str]) -> set[str]:
    """Return those of the selectors that an element of the pages has."""
    matcher = Matcher()
    parts: dict[str, list[str]] = {}
    for selector in selectors:
        [chain] = _chains(tinycss2.parse_component_value_list(selector))
        parts[selector] = _tried(chain)
    for text in dict.fromkeys(text for texts in parts.values() for text in texts):
        for compiled in compile_selector_list(text):
            matcher.add_selector(compiled, text)
    reader = _Reader(" ".join(parts))
    for page in pages:
        parser = HTMLParser(target=reader)
        parser.feed(page)
        parser.close()
    found: set[str] = set()
    for page_root in reader.top.children.values():
        for element in ElementWrapper.from_html_root(page_root.element()).iter_subtree():
            found.update(text for *_, text in matcher.match(element))
    return {selector for selector, texts in parts.items() if found.issuperset(texts)}


# Writing


def _kept(rules: Iterable[Node], used: set[str], within: tuple[str, ...] = ()) -> Iterator[_Rule]:
    """Yield the rules with those of their selectors that are used."""
    for rule in rules:
        if isinstance(rule, QualifiedRule):
            said = tuple(one for one in map(_said, _chains(rule.prelude)) if one in used)
            if said:
                yield _Rule(within, said, _declarations(rule.content))
        elif rule.lower_at_keyword == "page":
            yield _Rule(within, ("@page",), _declarations(rule.content))
        elif rule.lower_at_keyword in _CONDITIONS:
            condition = f"@{rule.lower_at_keyword} {_compact(rule.prelude)}"
            yield from _kept(_inner(rule), used, (*within, condition))


def _declarations(content: Sequence[Node]) -> tuple[tuple[str, str], ...]:
    found = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    return tuple(
        (one.name, _compact(one.value) + "!important" * one.important)
        for one in found
        if isinstance(one, Declaration)
    )


def _without_overridden(rules: Sequence[_Rule]) -> list[_Rule]:
    """Leave out what a later rule with the same selector says anew: it has no effect."""
    later: dict[tuple[tuple[str, ...], str], set[str]] = defaultdict(set)
    shorter = []
    for rule in reversed(rules):
        anew = [later[(), one] | later[rule.within, one] for one in rule.selectors]
        said = tuple(
            (name, value)
            for name, value in rule.declarations
            if value.endswith("!important") or not all(_is_set(name, names) for names in anew)
        )
        for one in rule.selectors:
            later[rule.within, one].update(name for name, _ in said)
        shorter.append(replace(rule, declarations=said))
    return shorter[::-1]


def _is_set(name: str, names: set[str]) -> bool:
    """Tell whether a property is set by one of these, among them shorthands."""
    part = _PART.fullmatch(name)
    return name in names or (part is not None and "".join(filter(None, part.groups())) in names)


def _without_variables(rules: Sequence[_Rule], later: str) -> list[_Rule]:
    """Leave out the variables that neither a rule nor a later sheet uses."""
    used = set(_VARIABLE.findall(later + _written(rules)))
    kept = [
        replace(
            rule,
            declarations=tuple(
                (name, value)
                for name, value in rule.declarations
                if name in used or not name.startswith("--")
            ),
        )
        for rule in rules
    ]
    return kept if kept == list(rules) else _without_variables(kept, later)


def _written(rules: Iterable[_Rule]) -> str:
    full = (rule for rule in rules if rule.declarations)
    return "".join(
        "".join(f"{one}{{" for one in within) + "".join(map(str, group)) + "}" * len(within)
        for within, group in groupby(full, key=lambda rule: rule.within)
    )


def _compact(tokens: Sequence[Node]) -> str:
    """Return tokens with no more space than they need."""
    text = ""
    for token in tokens:
        if token.type == "whitespace":
            text += "" if text.endswith((" ", ",", ":")) else " "
        elif token.type in ("number", "percentage", "dimension"):
            text += _ZERO.sub(r"\1", token.serialize())
        elif isinstance(token, FunctionBlock):
            text += f"{token.name}({_compact(token.arguments)})"
        elif token.type == "() block":
            text += f"({_compact(token.content)})"
        elif token in (",", ":"):
            text = (text if token == ":" else text.rstrip()) + token.value
        elif token.type != "comment":
            text += token.serialize()
    return text.strip()
