"""Words that several kinds of printed matter share."""

from __future__ import annotations

from markupsafe import Markup

from scripts.content.excerpts import OFFICIAL
from scripts.content.languages import SOURCE_LANGUAGE, Language
from scripts.content.project import Project
from scripts.share.printer import in_order
from scripts.site_url import is_trial

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


def trial_style(project: Project, site_url: str) -> str:
    """Return what marks every page as a trial where no reader's phone opens the address."""
    if not is_trial(site_url):
        return ""
    said = " – ".join(words["share"]["trial"] for words in project.staff_words.values())
    text = said.replace("\\", "").replace('"', "")
    return f'@page {{ @top-center {{ content: "{text}"; font: bold 12pt "Noto Sans" }} }}\n'
