"""What lazy scripts are told in a language: how to read aloud, how two languages are offered."""

from __future__ import annotations

import json

from scripts.content.languages import Language
from scripts.content.project import Project

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
        "words": dict(spoken.words),
        "two": {key: share[key] for key in ("with_fr", "with_de", "alone")},
        "controls": {key: text for key, text in controls.items() if key not in _IN_THE_PAGE},
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
