"""The dossier to read and to sign on paper: every point with its number and boxes to tick."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from scripts.content.dossier import PARTS, Point, dossier_points
from scripts.content.languages import SOURCE_LANGUAGE
from scripts.content.project import Project
from scripts.content.verdicts import VALUES
from scripts.share.printer import ENVIRONMENT, Print, style_sheet

_MOST_PAGES = 200


@dataclass(frozen=True)
class _Part:
    """A part: its id, title and introduction, its numbered points by group."""

    id: str
    title: str
    text: str
    first: int
    last: int
    groups: tuple[tuple[str, tuple[tuple[int, Point], ...]], ...]


def dossier_print(project: Project, code: str, today: date) -> Print:
    """Return the dossier in a language, `fr` or `de`.

    Args:
        project: the content.
        code: the language.
        today: the day that it bears.
    """
    language, words = project.language[code], project.staff_words[code]["dossier"]
    slides = project.language[SOURCE_LANGUAGE].tag
    points = dossier_points(project, code)
    right = sum(point.is_right for point in points)
    html = ENVIRONMENT.get_template("dossier.html").render(
        language=language,
        slides_language=slides,
        words=words,
        site_name=project.wordings[code].texts["ui.site_name"],
        made=words["made"].format(date=f"{today:%d.%m.%Y}", n=len(points), right=right),
        parts=list(_parts(points, words)),
        values=VALUES,
        colon="\u00a0:" if language.is_source else ":",
    )
    return Print(html, (style_sheet("dossier.css", [language]),), _MOST_PAGES)


def _parts(points: Sequence[Point], words: Mapping[str, str]) -> Iterator[_Part]:
    numbered = list(enumerate(points, 1))
    for name in PARTS:
        found = [(number, point) for number, point in numbered if point.part == name]
        groups = groupby(found, key=lambda one: one[1].group)
        yield _Part(
            name,
            words[f"{name}_title"],
            words[f"{name}_text"],
            found[0][0],
            found[-1][0],
            tuple((group, tuple(several)) for group, several in groups),
        )
