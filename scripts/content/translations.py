"""What each translation was made from: a generated file a language; `mark-reviewed` writes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scripts.content.review import Review, content_hash, read_review
from scripts.faults import Fault, raise_if_any, relative_name
from scripts.strict_yaml import read_yaml
from scripts.table.model import DecisionTable, Rule

FOLDER = "translations"
"""The folder below `scripts/rules/`."""
WORDING = "wording"
"""What stands for the wording where a page may be named."""
ROWS = "rows"
"""What stands for the wordings of the rules where a page may be named."""
_HEAD = """\
# Written by `python3 -m scripts mark-reviewed`; by hand only its states could be made untrue.
# Who read each text, when, and by section the hashes of the French text that it was made from and
# of its own (a day behind: looked at then, nothing to change); of which rows of the rule table
# each wording of a rule, an outcome or a notice was looked at last.
"""


@dataclass(frozen=True)
class Translations:
    """The reviews of a language's wording and pages (by path), and the rows it was worded from.

    `rows` maps a wording's key, such as `rules.swiss`, to the hash of the rows that it words.
    French, which is no translation, has rows alone.
    """

    wording: Review | None = None
    pages: Mapping[str, Review] = field(default_factory=dict)
    rows: Mapping[str, str] = field(default_factory=dict)
    file: str = ""

    def stale_rows(self, current: Mapping[str, str]) -> tuple[str, ...]:
        """Return the keys of the wordings whose rows have changed since they were looked at."""
        return tuple(key for key in current if current[key] != self.rows.get(key))


def load_translations(path: Path) -> Translations:
    """Return what a language's texts were made from; raise `FaultsError` with every fault.

    Args:
        path: a file such as `scripts/rules/translations/de.yml`.
    """
    faults: list[Fault] = []
    if not path.exists():  # of a new language nothing is noted yet
        return Translations(file=relative_name(path))
    entries = read_yaml(path, faults).mapping((ROWS,), (WORDING, "pages"))
    rows = entries[ROWS].mapping(optional=None) if ROWS in entries else {}
    pages = entries["pages"].mapping(optional=None) if "pages" in entries else {}
    found = Translations(
        read_review(entries[WORDING]) if WORDING in entries else None,
        {page: read_review(item) for page, item in pages.items()},
        {key: item.text() for key, item in rows.items()},
        relative_name(path),
    )
    raise_if_any(faults)
    return found


def translations_text(found: Translations) -> str:
    """Return the text of a language's file."""
    return _HEAD + "\n".join(_lines(found)) + "\n"


def row_hashes(table: DecisionTable) -> dict[str, str]:
    """Return, by the key of each wording, a hash of the rows of the table that it words.

    The wording of a rule words its row, that of an outcome or a notice every row that has it.
    """
    words: dict[str, list[Rule]] = {f"rules.{rule.id}": [rule] for rule in table.rules}
    for outcome in table.outcomes:
        words[f"outcomes.{outcome}"] = [one for one in table.rules if one.outcome == outcome]
    for notice in table.notices:
        words[f"notices.{notice}"] = [one for one in table.rules if notice in one.notices]
    return {key: content_hash("\n".join(map(_row, rules))) for key, rules in words.items()}


def _row(rule: Rule) -> str:
    cells = (f"{name}={' '.join(sorted(cell or ('any',)))}" for name, cell in rule.when.items())
    return f"{rule.id}: {', '.join(cells)} -> {rule.outcome} + {' '.join(sorted(rule.notices))}"


def _lines(found: Translations) -> Iterator[str]:
    if found.wording:
        yield f"{WORDING}:"
        yield from _review_lines(found.wording, "  ")
    if found.pages:
        yield "pages:"
    for page in sorted(found.pages):
        yield f"  {page}:"
        yield from _review_lines(found.pages[page], "    ")
    yield f"{ROWS}:"
    yield from (f"  {key}: {digest}" for key, digest in found.rows.items())


def _review_lines(review: Review, indent: str) -> Iterator[str]:
    yield f"{indent}state: {review.state}"
    yield f"{indent}date: {review.date.isoformat()}"
    yield f"{indent}source:"
    yield from (f"{indent}  {section}: {made}" for section, made in review.source.items())
