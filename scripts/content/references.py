"""What pages point to: other pages and anchors, terms, sources, key statements, macros."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.content.pages import Block, Page, PageLink
from scripts.content.sources import Register
from scripts.content.terms import Term
from scripts.content.wording import Wording
from scripts.faults import Fault, raise_if_any, relative_name
from scripts.strict_yaml import read_yaml

TERM_SCHEME = "term:"
_OUTSIDE = ("https://", "http://", "tel:", "mailto:")
_BRACES = re.compile(r"\{\{.*?(?:\}\}|$)")
CALL = re.compile(r'\{\{\s*(\w+)\((?:"([\w-]+)")?\)\s*\}\}')


@dataclass(frozen=True)
class KeyStatement:
    """A statement that no translation may lose: its id, its pages, the source text it carries."""

    id: str
    pages: tuple[str, ...]
    quote: str
    source: str
    line: int


@dataclass(frozen=True)
class KeyStatements:
    """All key statements, and the slide titles of the source document that state nothing."""

    statements: tuple[KeyStatement, ...]
    furniture: tuple[str, ...]
    file: str


def load_key_statements(path: Path) -> KeyStatements:
    """Return the list in a YAML file; raise `FaultsError` with every fault of its form."""
    faults: list[Fault] = []
    top = read_yaml(path, faults).mapping(("statements", "furniture"))
    statements = []
    for item in top["statements"].sequence() if "statements" in top else []:
        entries = item.mapping(("id", "pages"), ("quote", "source"))
        if not {"quote", "source"} & set(entries):
            item.fault("a key statement needs a quote of the source document or a source id")
        texts = {key: e.text() for key, e in entries.items() if key != "pages"}
        pages = entries["pages"].texts() if "pages" in entries else ()
        statements.append(
            KeyStatement(
                texts.get("id", ""),
                pages,
                texts.get("quote", ""),
                texts.get("source", ""),
                item.line,
            )
        )
    furniture = top["furniture"].texts() if "furniture" in top else ()
    raise_if_any(faults)
    return KeyStatements(tuple(statements), furniture, relative_name(path))


def check_keys(page: Page, keys: KeyStatements) -> Iterator[Fault]:
    """Yield each key statement that the page lacks, holds twice or that nobody declared."""
    found = Counter(block.key for block in page.blocks if block.key)
    for statement in keys.statements:
        if page.path in statement.pages and not found[statement.id]:
            message = f"key statement '{statement.id}' is missing ({keys.file}:{statement.line})"
            yield Fault(page.file, page.body_line, message)
    declared = {s.id for s in keys.statements if page.path in s.pages}
    for block in page.blocks:
        if block.key and (block.key not in declared or found[block.key] > 1):
            problem = "stands twice" if block.key in declared else "is not declared for this page"
            yield Fault(page.file, block.line, f"key statement '{block.key}' {problem}")


def check_links(
    page: Page, pages: Mapping[str, Page], generated: Mapping[str, frozenset[str]]
) -> Iterator[Fault]:
    """Yield each internal link whose page or anchor does not exist in the page's language.

    Args:
        page: the page whose links are looked at.
        pages: the pages of its language by path.
        generated: macro name to the ids that it brings to a page.

    """
    for block in page.blocks:
        for link in block.links:
            if not link.target.startswith((*_OUTSIDE, TERM_SCHEME)):
                yield from _check_internal(page, block, link, pages, generated)


def check_terms(page: Page, wording: Wording, terms: Mapping[str, Term]) -> Iterator[Fault]:
    """Yield each term that is unknown, marked twice, or worded otherwise than the glossary."""
    seen: dict[str, int] = {}
    for block in (one for section in page.own_sections for one in section.blocks):
        for link in block.links:
            if not link.target.startswith(TERM_SCHEME):
                continue
            term = link.target.removeprefix(TERM_SCHEME)
            if term not in terms:
                allowed = ", ".join(terms)
                message = f"term '{term}' is unknown; allowed: {allowed}"
                yield Fault(page.file, block.line, message)
            elif term in seen:
                message = f"term '{term}' is marked twice (first in line {seen[term]})"
                yield Fault(page.file, block.line, message + "; keep the first")
            else:
                seen[term] = block.line
                yield from _check_form(page, block, link, wording, term)


def check_glossary(wording: Wording) -> Iterator[Fault]:
    """Yield each word that two terms share: one translation per term, one term per word."""
    owner: dict[str, str] = {}
    for term, entry in wording.data.get("glossary", {}).items():
        for word in dict.fromkeys(_folded(form) for form in (entry["word"], *entry["forms"])):
            if owner.setdefault(word, term) != term:
                message = f"'{word}' stands for '{owner[word]}' and '{term}'; give each its own"
                yield wording.fault(f"glossary.{term}.word", message)


def cited_sources(pages: Iterable[Page]) -> dict[str, list[tuple[str, int]]]:
    """Return each register id cited on the pages, with its places."""
    found: dict[str, list[tuple[str, int]]] = {}
    for page in pages:
        for block in page.blocks:
            for source in block.sources:
                found.setdefault(source, []).append((page.file, block.line))
    return found


def check_macros(
    page: Page, macros: Collection[str], arguments: Mapping[str, Collection[str]]
) -> Iterator[Fault]:
    """Yield each `{{` that would reach the reader, each macro and each argument not known.

    Args:
        page: the page whose calls are looked at.
        macros: the names of the macros.
        arguments: what the macros take that take an argument.
    """
    for number, line in enumerate(page.body.split("\n"), page.body_line):
        for found in _BRACES.findall(line):
            call = CALL.fullmatch(found)
            if call is None:
                message = f"'{found}' is no call of a macro and would reach the reader; remove it"
                yield Fault(page.file, number, message)
            elif call[1] not in macros:
                message = f"macro '{call[1]}' is unknown; allowed: {', '.join(macros)}"
                yield Fault(page.file, number, message)
            elif call[2] not in (known := arguments.get(call[1], {None})):
                allowed = ", ".join(map(str, known))
                message = f"'{found}': found {call[2]}, allowed as argument: {allowed}"
                yield Fault(page.file, number, message)


def generated_ids(terms: Mapping[str, Term], register: Register) -> dict[str, frozenset[str]]:
    """Return the ids that each macro brings to its page."""
    return {"glossary": frozenset(terms), "source_register": frozenset(register.sources)}


def _check_internal(
    page: Page,
    block: Block,
    link: PageLink,
    pages: Mapping[str, Page],
    generated: Mapping[str, frozenset[str]],
) -> Iterator[Fault]:
    path, _, anchor = link.target.partition("#")
    if path and not path.endswith(".md"):
        message = f"link '{link.target}': found '{path}', expected a page's file (….md)"
        yield Fault(page.file, block.line, message)
        return
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(page.path), path))
    target = pages.get(joined.removesuffix(".md")) if path else page
    if target is None:
        yield Fault(page.file, block.line, f"link '{link.target}' leads to no page; correct it")
        return
    ids = target.ids.union(*(generated.get(macro, frozenset()) for macro in target.macros))
    if anchor and anchor not in ids:
        allowed = ", ".join(sorted(target.ids))
        message = f"link '{link.target}': no id '{anchor}' on that page; it has: {allowed}"
        yield Fault(page.file, block.line, message)


def _check_form(
    page: Page, block: Block, link: PageLink, wording: Wording, term: str
) -> Iterator[Fault]:
    entry = wording.data.get("glossary", {}).get(term)
    if entry is None or "glossary" in wording.in_french:
        return
    forms = (entry["word"], *entry["forms"])
    if _folded(link.text) not in {_folded(form) for form in forms}:
        message = (
            f"term '{term}': found '{link.text}', expected one of: {', '.join(forms)}; "
            f"use one or add the form to {wording.file}"
        )
        yield Fault(page.file, block.line, message)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
