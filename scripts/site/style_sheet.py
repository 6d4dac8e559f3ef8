"""Style sheets as flat lists of rules: read, shortened without a change of effect, written."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

import tinycss2
from tinycss2.ast import AtRule, Declaration, FunctionBlock, Node, ParseError, QualifiedRule

from scripts.faults import Fault

_NESTED = ("media", "supports", "keyframes")
_IMPORTANT = "!important"
_ANIMATION = "@keyframes "
_QUOTED = re.compile(r'="([a-z]+)"')
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)")
_ZERO = re.compile(r"^([+-]?)0(?=\.\d)")
_SIDE = "(?:top|right|bottom|left)"
_PART = re.compile(
    rf"(background|margin|(?:-webkit-)?mask|padding)-.+"
    rf"|(border)-(?:{_SIDE}|(?:{_SIDE}-)?(?:width|style|color))"
    r"|(border)-(?:top|bottom)-(?:left|right)(-radius)"
)
"""A property that a shorthand sets, too: its groups, joined, are the shorthand's name."""


@dataclass(frozen=True)
class Rule:
    """A rule: the conditions that it stands in, its selectors, its properties and values.

    `@page` stands for the selector of a rule for printed pages. `file` and `line` say where it
    was read and do not distinguish rules.
    """

    within: tuple[str, ...]
    selectors: tuple[str, ...]
    declarations: tuple[tuple[str, str], ...]
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)

    @property
    def animation(self) -> str:
        """The name of the animation that this is a step of, "" if it is a rule for elements."""
        inner = self.within[-1] if self.within else ""
        return inner.removeprefix(_ANIMATION) if inner.startswith(_ANIMATION) else ""

    def __str__(self) -> str:
        said = ";".join(f"{name}:{value}" for name, value in self.declarations)
        return f"{','.join(self.selectors)}{{{said}}}"


def read_rules(file: str, text: str, faults: list[Fault]) -> list[Rule]:
    """Return the rules of a style sheet in their order; add what cannot be read to `faults`."""
    nodes = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    return list(_rules(file, nodes, (), faults))


def without(rules: Iterable[Rule], is_unwanted: Callable[[str], bool]) -> list[Rule]:
    """Leave out the selectors and properties of which a function says, by name, that they go."""
    return [
        replace(
            rule,
            selectors=tuple(one for one in rule.selectors if not is_unwanted(one)),
            declarations=tuple(one for one in rule.declarations if not is_unwanted(one[0])),
        )
        for rule in rules
        if not all(map(is_unwanted, rule.selectors))
    ]


def without_overridden(rules: Sequence[Rule]) -> list[Rule]:
    """Leave out what a later rule with the same selector says anew: it has no effect.

    An older browser that does not know the later value needs another in the very same rule.
    """
    later: dict[tuple[tuple[str, ...], str], set[str]] = defaultdict(set)
    shorter = []
    for rule in reversed(rules):
        anew = [later[(), one] | later[rule.within, one] for one in rule.selectors]
        said = tuple(
            (name, value)
            for name, value in rule.declarations
            if not all(_is_set(name, value, names) for names in anew)
        )
        for one in rule.selectors:
            later[rule.within, one].update(_with_importance(name, value) for name, value in said)
        shorter.append(replace(rule, declarations=said))
    return shorter[::-1]


def without_defeated(rules: Sequence[Rule]) -> list[Rule]:
    """Leave out the properties that a rule for all elements sets, above all others."""
    above = {
        name
        for rule in rules
        for name, value in rule.declarations
        if "*" in rule.selectors and not rule.within and value.endswith(_IMPORTANT)
    }

    def left(rule: Rule) -> tuple[tuple[str, str], ...]:
        said = rule.declarations
        return tuple(one for one in said if one[0] not in above or one[1].endswith(_IMPORTANT))

    return [rule if rule.animation else replace(rule, declarations=left(rule)) for rule in rules]


def without_animations(rules: Sequence[Rule]) -> list[Rule]:
    """Leave out the animations that no rule names."""
    values = [v for rule in rules for name, v in rule.declarations if name.startswith("animation")]
    named = {word for value in values for word in re.findall(r"[\w-]+", value)}
    return [rule for rule in rules if not rule.animation or rule.animation in named]


def without_variables(rules: Sequence[Rule], later: str) -> list[Rule]:
    """Leave out the variables that neither a rule nor the text of a later sheet uses."""
    used = set(_VARIABLE.findall(later + written(rules)))
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
    return kept if kept == list(rules) else without_variables(kept, later)


def written(rules: Iterable[Rule]) -> str:
    """Return the rules as a style sheet with no more space than it needs."""
    full = (rule for rule in rules if rule.declarations)
    return "".join(
        "".join(f"{one}{{" for one in within) + "".join(map(str, group)) + "}" * len(within)
        for within, group in groupby(full, key=lambda rule: rule.within)
    )


def _rules(
    file: str, nodes: Iterable[Node], within: tuple[str, ...], faults: list[Fault]
) -> Iterator[Rule]:
    for node in nodes:
        if isinstance(node, ParseError):
            faults.append(Fault(file, node.source_line, node.message))
        elif isinstance(node, QualifiedRule):
            said = _declarations(file, node.content, faults)
            yield Rule(within, tuple(_selectors(node.prelude)), said, file, node.source_line)
        elif node.lower_at_keyword == "page":
            said = _declarations(file, node.content, faults)
            yield Rule(within, ("@page",), said, file, node.source_line)
        elif node.lower_at_keyword in _NESTED:
            condition = f"@{node.lower_at_keyword} {_compact(node.prelude)}"
            yield from _rules(file, _inner(node), (*within, condition), faults)
        elif node.lower_at_keyword != "charset":
            known = ", ".join(f"@{name}" for name in (*_NESTED, "page"))
            message = f"'@{node.at_keyword}' is not known here; known: {known}"
            faults.append(Fault(file, node.source_line, message))


def _inner(rule: AtRule) -> list[Node]:
    return list(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True))


def _selectors(prelude: Sequence[Node]) -> Iterator[str]:
    """Yield the selectors of a list, written shortly."""
    parts: list[list[Node]] = [[]]
    for token in prelude:
        if token == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    for part in parts:
        said = re.sub(r" ?([>+~]) ?", r"\1", _QUOTED.sub(r"=\1", _compact(part)))
        yield said.replace("::before", ":before").replace("::after", ":after")


def _declarations(
    file: str, content: Sequence[Node], faults: list[Fault]
) -> tuple[tuple[str, str], ...]:
    found = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    faults += [
        Fault(file, one.source_line, one.message) for one in found if isinstance(one, ParseError)
    ]
    return tuple(
        (one.name, _compact(one.value) + _IMPORTANT * one.important)
        for one in found
        if isinstance(one, Declaration)
    )


def _is_set(name: str, value: str, names: set[str]) -> bool:
    """Tell whether a property is set by one of these, among them shorthands, as important."""
    part = _PART.fullmatch(name)
    wholes = (name, "".join(filter(None, part.groups())) if part else name)
    important = any(f"{whole}{_IMPORTANT}" in names for whole in wholes)
    return important or (not value.endswith(_IMPORTANT) and not names.isdisjoint(wholes))


def _with_importance(name: str, value: str) -> str:
    return name + _IMPORTANT * value.endswith(_IMPORTANT)


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
        elif token == ",":
            text = f"{text.rstrip()},"
        elif token.type != "comment":
            text += token.serialize()
    return text.strip()
