"""What lazy scripts are told: how to read aloud, how two languages are offered, words offline."""

from __future__ import annotations

import json

from scripts.content.languages import Language
from scripts.content.project import Project
from scripts.site.addresses import page_folder

_IN_THE_PAGE = frozenset({"start", "question", "result", "recording"})
"""The words of the wording section `listen` that stand in the pages themselves."""


def listen_data(project: Project, language: Language) -> str:
    """Return what a language's file holds."""
    spoken = project.spoken[language.code]
    controls = project.wordings[language.code].data["listen"]
    share = project.wordings[language.code].data["share"]
    data = {
        "lang": language.tag,
        "voices": spoken.voices,
        "letters": spoken.letters,
        "percent": spoken.percent,
        "first": spoken.first,
        "year": spoken.year,
        "words": dict(spoken.words),
        "two": {key: share[key] for key in ("with_fr", "with_de", "alone")},
        "controls": {key: text for key, text in controls.items() if key not in _IN_THE_PAGE},
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def offline_data(project: Project) -> str:
    """Return what is told without network: words of each language, where short addresses lead.

    The addresses stand in the order of the menu, in which stored pages are listed.
    """
    languages = {
        one.code: {
            "lang": one.tag,
            "dir": one.direction,
            "name": one.name,
            "title": project.wordings[one.code].texts["phone.offline"],
            "hint": project.wordings[one.code].texts["phone.offline_pages"],
        }
        for one in project.languages
    }
    words = project.addresses.words
    in_menu = dict.fromkeys(path for path in (*project.menu, *words) if path in words)
    leads = {words[path]: page_folder("", path).lstrip("/") for path in in_menu}
    return json.dumps(
        {"languages": languages, "leads": leads}, ensure_ascii=False, separators=(",", ":")
    )
