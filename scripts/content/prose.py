"""Sentences that readers can take in, in their own language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from statistics import mean

from scripts.content.languages import Language
from scripts.content.pages import Page
from scripts.content.wording import Wording
from scripts.faults import Fault

MEASURED_LANGUAGES = ("fr", "de", "en")
MAXIMUM_WORDS = 20
AVERAGE_WORDS = 12
_SENTENCE_END = re.compile(r"([.!?…](?:\s*[»“”\"’)])*)\s+(?=\S)")
_ABBREVIATION = re.compile(
    r"\b(?:art|al|ch|let|Cst|Art|Abs|Nr|z\. B|bzw|p\. ex|e\.g|i\.e|St|No)\.$"
)
_WORD = re.compile(r"[^\W_]+(?:[’'.\-/][^\W_]+)*")
_LEAKS = re.compile(
    r"as an ai\b|language model|here is the translation|voici la traduction|hier ist die "
    r"übersetzung|translation:|traduction\s?:|übersetzung:|i can(?:not|'t) translate|"
    r"\[(?:note|todo|tbd)\b|(?-i:\bTODO\b)|\bfixme\b|lorem ipsum|```|<!--|إليك الترجمة|كنموذج لغوي",
    re.IGNORECASE,
)
_LEAK_SIGNS = (
    *("as an ai", "language model", "translation", "traduction", "bersetzung", "i can", "[note"),
    *("[todo", "[tbd", "todo", "fixme", "lorem ipsum", "```", "<!--", "الترجمة", "كنموذج"),
)
"""One of these stands in every text that `_LEAKS` finds; far faster to look for."""
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_LETTER = re.compile(r"[^\W\d_]")
_PROPER_NAME = re.compile(r"\b[A-ZÀ-Ý][\w’'\-]*|\S+@\S+|\b\w+\.ch\b|\b(?:du|de|la|et)\b")

_LETTERS_THAT_TELL = 15
_MOSTLY = 0.6


@dataclass(frozen=True)
class Passage:
    """A stretch of text, with its place and as it is marked up (`written`).

    `source` is the French text that it translates, or "".
    """

    text: str
    file: str
    line: int
    source: str = ""
    written: str = ""


def passages(page: Page, source: Page | None) -> Iterator[Passage]:
    """Yield a page's title, description, paragraphs, items and headings in its language."""
    theirs = {one.id: one.blocks for one in source.sections} if source else {}
    yield Passage(page.title, page.file, 2, source.title if source else "")
    yield Passage(page.description, page.file, 3, source.description if source else "")
    for section in page.own_sections:
        for block, original in zip_longest(section.blocks, theirs.get(section.id, ())):
            if block and block.kind != "macro":
                french = original.words if original else ""
                yield Passage(block.words, page.file, block.line, french, block.text)


def wording_passages(wording: Wording, source: Wording | None) -> Iterator[Passage]:
    """Yield the texts of a wording file, without the glossary's forms."""
    for key, text in wording.texts.items():
        if key in wording.required_keys and key.partition(".")[0] not in wording.in_french:
            original = source.texts.get(key, "") if source else ""
            plain = re.sub(r"<[^>]+>", "", text)
            yield Passage(plain, wording.file, wording.lines[key], original, text)


def check_passages(found: Sequence[Passage], language: Language) -> Iterator[Fault]:
    """Yield what is wrong with the passages of one file in its language."""
    yield from _leaks(found)
    for passage in found:
        if passage.source:
            yield from _untranslated(passage, language)


def long_sentences(passage: Passage) -> Iterator[Fault]:
    """Yield each sentence of more than 20 words."""
    for sentence in sentences(passage.text):
        count = count_words(sentence)
        if count > MAXIMUM_WORDS:
            message = f"sentence of {count} words (at most {MAXIMUM_WORDS}): '{sentence}'; cut it"
            yield Fault(passage.file, passage.line, message)


def average_faults(found: list[Passage], file: str) -> Iterator[Fault]:
    """Yield a fault when a page's sentences have more than 12 words on average."""
    counts = [(n, s) for p in found for s in sentences(p.text) if (n := count_words(s)) > 0]
    average = mean(count for count, _ in counts) if counts else 0
    if average > AVERAGE_WORDS:
        message = (
            f"sentences have {average:.1f} words on average (at most {AVERAGE_WORDS}); "
            f"the longest is '{max(counts)[1]}'"
        )
        yield Fault(file, 0, message)


def sentences(text: str) -> list[str]:
    """Cut a text into sentences; abbreviations such as `art.` end none."""
    found: list[str] = []
    for part in _SENTENCE_END.sub(r"\1\n", text).split("\n"):
        if found and _ABBREVIATION.search(found[-1]):
            found[-1] = f"{found[-1]} {part}"
        elif part.strip():
            found.append(part.strip())
    return found


def count_words(sentence: str) -> int:
    """Count the words; an elided word (l’aide) counts with the one that follows."""
    return len(_WORD.findall(sentence))


def _leaks(found: Sequence[Passage]) -> Iterator[Fault]:
    folded = "\n".join(passage.text for passage in found).lower()
    if not any(sign in folded for sign in _LEAK_SIGNS):
        return
    for passage in found:
        if match := _LEAKS.search(passage.text):
            message = f"'{match[0]}' looks like a translation tool's own words; remove it"
            yield Fault(passage.file, passage.line, message)


def _untranslated(passage: Passage, language: Language) -> Iterator[Fault]:
    if len(passage.text.split()) >= 4 and passage.text == passage.source:
        yield Fault(passage.file, passage.line, f"untranslated: '{passage.text}'; translate it")
    elif language.script != "Latn" and _mostly_latin(passage.text):
        message = f"untranslated: found Latin letters, expected {language.script}: '{passage.text}'"
        yield Fault(passage.file, passage.line, message)


def _mostly_latin(text: str) -> bool:
    """Tell whether a text is written mostly in Latin letters, proper names aside."""
    if len(_LATIN.findall(text)) < _LETTERS_THAT_TELL * _MOSTLY:
        return False
    rest = _PROPER_NAME.sub("", text)
    letters = len(_LETTER.findall(rest))
    return letters >= _LETTERS_THAT_TELL and len(_LATIN.findall(rest)) > letters * _MOSTLY
