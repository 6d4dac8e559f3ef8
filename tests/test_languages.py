"""The languages: declared once, in an order that a reader can guess, with true tags."""

from __future__ import annotations

import re
import unicodedata

from scripts.content.project import Project

OFFICIAL = ["fr", "de"]
_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")


def folded(name: str) -> str:
    """Return a name as an alphabet orders it: without accents and case."""
    plain = unicodedata.normalize("NFD", name.casefold())
    return "".join(one for one in plain if not unicodedata.combining(one))


def test_every_language_has_a_tag_of_its_own_of_language_script_and_country(
    project: Project,
) -> None:
    tags = [one.tag for one in project.languages]
    assert len(set(tags)) == len(tags)
    assert [tag for tag in tags if not _TAG.fullmatch(tag)] == []


def test_the_order_is_official_languages_then_latin_by_alphabet_then_other_scripts(
    project: Project,
) -> None:
    codes = [one.code for one in project.languages]
    assert codes[:2] == OFFICIAL
    others = project.languages[2:]
    latin = [one for one in others if one.script == "Latn"]
    assert list(others[: len(latin)]) == latin
    assert [one.name for one in latin] == sorted((one.name for one in latin), key=folded)


def test_right_to_left_is_said_of_the_arabic_script_and_of_no_other(project: Project) -> None:
    for one in project.languages:
        assert (one.direction == "rtl") == (one.script == "Arab")


def test_each_language_names_itself_in_its_own_script(project: Project) -> None:
    letters = {"Latn": "LATIN", "Arab": "ARABIC", "Ethi": "ETHIOPIC", "Cyrl": "CYRILLIC",
               "Taml": "TAMIL"}  # fmt: skip
    for one in project.languages:
        first = re.sub(r"[^\w]", "", one.name)[0]
        assert unicodedata.name(first).startswith(letters[one.script])


def test_every_translation_is_read_back_and_the_hard_ones_twice(project: Project) -> None:
    twice = {"ti", "fa", "ps", "ku", "so", "sq", "ta"}
    for one in project.languages:
        if not (one.is_source or one.is_growing):
            count = sum(reading.language == one.code for reading in project.readings)
            assert count >= (2 if one.code in twice else 1), one.code
