"""Words that several kinds of printed matter share."""

from __future__ import annotations

from markupsafe import Markup

from scripts.content.excerpts import OFFICIAL
from scripts.content.languages import SOURCE_LANGUAGE, Language
from scripts.content.project import Project
from scripts.share.printer import in_order

GERMAN = "de"
QUOTES = {SOURCE_LANGUAGE: ("«\u00a0", "\u00a0»"), GERMAN: ("«", "»")}


def beside(project: Project, code: str) -> Language:
    """Return the language that stands beside one: French, beside French itself German."""
    other = GERMAN if code == SOURCE_LANGUAGE and GERMAN in project.language else SOURCE_LANGUAGE
    return project.language[other]


def official(project: Project) -> list[Language]:
    """Return the canton's official languages, in which staff read."""
    return [project.language[code] for code in OFFICIAL if code in project.language]


def quoted(project: Project, name: str, language: Language) -> Markup:
    """Return a sentence to say; in an official language, as it is said, in its quotation marks."""
    text = Markup(project.wordings[language.code].texts[f"say.{name}"])
    opened, closed = QUOTES.get(language.code, ("", ""))
    return in_order(Markup(f"{opened}{text}{closed}"), language)
