"""Only the style rules that the built pages use: the theme's pruned, ours behind them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import rcssmin
import tinycss2

MADE_BY_SCRIPT = frozenset({"li", "span", "strong", "button"})
"""Tags that a script may add to a page that has none."""
_ELEMENT = re.compile(r"<([a-z][a-z0-9]*)((?:\s[^<>]*)?)>")
_ATTRIBUTE = re.compile(r'([a-z-]+)(?:="([^"]*)"|=([^\s"]+))?')
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)")
_DEFINITION = re.compile(r"(--[\w-]+)\s*:(?:[^;{}\"']|\"[^\"]*\"|'[^']*')*;?")
_VENDOR = re.compile(r"::?-(?:moz|ms|o)-")
_LEFT_OUT = re.compile(r"transition|-(?:moz|ms|o|webkit)-(?!text-size-adjust)")


@dataclass(frozen=True)
class Used:
    """The tags, classes, ids and attributes that stand in the pages."""

    tags: frozenset[str]
    classes: frozenset[str]
    ids: frozenset[str]
    attributes: frozenset[str]


def used_in(pages: Iterable[str], without: frozenset[str] = frozenset()) -> Used:
    """Collect what the HTML of all pages uses, leaving out some tags and attributes."""
    tags, classes, ids, attributes = set(MADE_BY_SCRIPT), set(), set(), set()
    seen: set[tuple[str, str]] = set()
    for page in pages:
        for tag, rest in set(_ELEMENT.findall(page)) - seen:
            seen.add((tag, rest))
            tags.add(tag)
            for name, quoted, bare in _ATTRIBUTE.findall(rest):
                attributes.add(name)
                if name == "class":
                    classes.update((quoted or bare).split())
                elif name == "id":
                    ids.add(quoted or bare)
    return Used(
        frozenset(tags - without),
        frozenset(classes),
        frozenset(ids),
        frozenset(attributes - without),
    )


def prune(css: str, used: Used) -> str:
    """Return the style sheet without the rules, and then the variables, that nothing uses."""
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return _without_unused_variables("".join(_kept(rule, used) for rule in rules))


def minify(css: str) -> str:
    """Return the style sheet without white space and comments."""
    return str(rcssmin.cssmin(css))


def _kept(rule: Any, used: Used) -> str:
    if rule.type == "qualified-rule":
        return _kept_rule(rule, used)
    if rule.type != "at-rule":
        return ""
    if rule.lower_at_keyword in ("media", "supports") and rule.content is not None:
        inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
        body = "".join(_kept(one, used) for one in inner)
        prelude = tinycss2.serialize(rule.prelude)
        return f"@{rule.at_keyword}{prelude}{{{body}}}" if body else ""
    return ""


def _kept_rule(rule: Any, used: Used) -> str:
    selectors = [one for one in _selectors(rule.prelude) if _is_used(one, used)]
    if not selectors:
        return ""
    prelude = ",".join(tinycss2.serialize(one).strip() for one in selectors)
    return f"{prelude}{{{_declarations(rule.content)}}}"


def _declarations(content: list[Any]) -> str:
    found = tinycss2.parse_declaration_list(content, skip_comments=True, skip_whitespace=True)
    return ";".join(
        one.serialize()
        for one in found
        if one.type == "declaration" and not _LEFT_OUT.match(one.name)
    )


def _selectors(prelude: list[Any]) -> list[list[Any]]:
    """Cut a selector list at its commas."""
    found: list[list[Any]] = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            found.append([])
        else:
            found[-1].append(token)
    return found


def _is_used(selector: list[Any], used: Used) -> bool:
    """Tell whether every name in a selector stands somewhere in the pages."""
    if _VENDOR.search(tinycss2.serialize(selector)):
        return False
    before = ""
    for token in selector:
        if token.type == "ident" and not _names(before, token.lower_value, token.value, used):
            return False
        if token.type == "hash" and token.value not in used.ids:
            return False
        if token.type == "[] block" and token.content[0].value not in used.attributes:
            return False
        before = token.value if token.type == "literal" else ""
    return True


def _names(before: str, lower: str, value: str, used: Used) -> bool:
    if before == ".":
        return value in used.classes
    return before == ":" or lower in used.tags


def _without_unused_variables(css: str) -> str:
    while (kept := _only_variables(css, set(_VARIABLE.findall(css)))) != css:
        css = kept
    return re.sub(r"[^{}]+\{\}", "", css)


def _only_variables(css: str, needed: set[str]) -> str:
    return _DEFINITION.sub(lambda match: match[0] if match[1] in needed else "", css)
