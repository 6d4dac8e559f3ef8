"""What offices said of the rules and statements that they checked, and of which text."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scripts.content.sources import read_date
from scripts.content.staff_words import LANGUAGES
from scripts.faults import Fault, raise_if_any, relative_name
from scripts.strict_yaml import Item, read_yaml

RIGHT = "right"
VALUES = (RIGHT, "wrong", "change")
"""Right as it is, wrong, or to be changed to what the remark says."""
_KEYS = ("id", "language", "verdict", "office", "date", "text")
_HEAD = """\
# What offices said of rules and statements; `python3 -m scripts dossier --import FILE.xlsx` adds.
# `text` is a digest of the text that was read: where that text is another now, the verdict is lost.

"""


@dataclass(frozen=True)
class Verdict:
    """A verdict on one text of the dossier.

    `value` is one of `VALUES`; `text` is the digest of the text, in `language`, that was read;
    `remark` says what would be right, "" if nothing.
    """

    id: str
    language: str
    value: str
    office: str
    day: date
    text: str
    remark: str
    file: str
    line: int


def load_verdicts(path: Path) -> tuple[Verdict, ...]:
    """Return the verdicts in a YAML file; raise `FaultsError` with every fault of its form."""
    faults: list[Fault] = []
    verdicts: dict[tuple[str, str], Verdict] = {}
    for item, entries in read_yaml(path, faults).records(_KEYS, ("remark",)):
        one = _verdict(item, entries, relative_name(path))
        if (one.id, one.language) in verdicts:
            item.fault(f"'{one.id}' has two verdicts for '{one.language}'; keep one")
        verdicts[one.id, one.language] = one
    raise_if_any(faults)
    return tuple(verdicts.values())


def verdicts_text(verdicts: Iterable[Verdict]) -> str:
    """Return the YAML file that holds some verdicts; of two on one text the later is kept."""
    last = {(one.id, one.language): one for one in verdicts}
    return _HEAD + ("".join(_entry(last[key]) for key in sorted(last)) or "[]\n")


def _verdict(item: Item, entries: dict[str, Item], file: str) -> Verdict:
    office = entries["office"].text()
    if not office.strip():
        entries["office"].fault(f"{entries['office'].name} is empty; name who gave the verdict")
    return Verdict(
        id=entries["id"].text(),
        language=entries["language"].text(LANGUAGES),
        value=entries["verdict"].text(VALUES),
        office=office,
        day=read_date(entries["date"]),
        text=entries["text"].text(),
        remark=entries["remark"].text() if "remark" in entries else "",
        file=file,
        line=item.line,
    )


def _entry(one: Verdict) -> str:
    lines = [
        f"- id: {one.id}",
        f"  language: {one.language}",
        f"  verdict: {one.value}",
        f"  office: {json.dumps(one.office, ensure_ascii=False)}",
        f"  date: {one.day}",
        f"  text: {one.text}",
    ]
    if one.remark:
        lines.append(f"  remark: {json.dumps(one.remark, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"
