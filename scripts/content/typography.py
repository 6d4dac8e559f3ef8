"""What the machine sets, so that nobody types it: no-break spaces, and the order of numbers."""

from __future__ import annotations

import re

from scripts.content.languages import Language

NO_BREAK = "\u00a0"
_LOOSE = re.compile(
    r'(?<=\S) (?=[?!:;»](?:[\s"<)\]*.,…]|$))|(?<=«) |(?<=[\d}]) (?=%|Ko\b)', re.MULTILINE
)
"""In French a sign of two parts has a space before it, « one after it, that may not break."""
_WORD = r"[\dA-Za-zÀ-ɏ]+(?:[.:/'’&–+-]+[\dA-Za-zÀ-ɏ]+)*"
_RUN = re.compile(
    r"<bdi[^>]*>.*?</bdi>|<[^>]*>|\]\([^)]*\)|\{[^}]*\}|"
    rf"(?P<run>\+?{_WORD}(?:(?:(?<=[Aa]rt)\.|[,)]|\),)? \(?{_WORD})*(?:(?<=Cst)\.|\s?%)?)"
    r"(?P<end>\)?)"
)
"""What stands as it is, or a run of Latin words and numbers with what is between them."""
_LOSES_ORDER = re.compile(r"[(,]|\d.*[^\w\s]|[^\w\s].*\d|^\d+\D")
"""A run that right-to-left text around it puts into another order: all but words and numbers."""


def typeset(text: str, language: Language) -> str:
    """Return a text of a language as its readers get it.

    Args:
        text: Markdown or inline HTML, as people write it.
        language: the language of the text.
    """
    if language.is_source:
        return unbroken(text)
    if language.direction == "rtl":
        return _RUN.sub(_isolated, text)
    return text


def unbroken(text: str) -> str:
    """Return a French text whose signs of two parts stand with their words."""
    return _LOOSE.sub(NO_BREAK, text)


def _isolated(match: re.Match[str]) -> str:
    """Keep a run in its order where the text around it would change that."""
    run, end = match["run"], match["end"] or ""
    if not run:
        return match[0]
    if end and run.count("(") > run.count(")"):
        run, end = run + end, ""
    return f'<bdi dir="ltr">{run}</bdi>{end}' if _LOSES_ORDER.search(run) else run + end
