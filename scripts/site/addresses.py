"""Addresses inside the site: every link is relative, so that the site works in any folder."""

from __future__ import annotations

from functools import cache

JSON_TABLE = "rules/eligibility.json"
CSV_TABLE = "rules/eligibility.csv"
DMN_TABLE = "rules/eligibility.dmn"


@cache
def page_folder(language: str, path: str) -> str:
    """Return the folder a page is served from: `fr/rights/appeal/`, `fr/rights/`, `fr/`."""
    name = path.removesuffix("index").rstrip("/")
    return f"{language}/{name}/" if name else f"{language}/"


def relative(origin: str, target: str) -> str:
    """Return the link from a page's folder to a folder (ends with `/`) or a file."""
    shared, ups = origin, 0
    while not target.startswith(shared):
        shared = shared[: shared.rfind("/", 0, -1) + 1]
        ups += 1
    return "../" * ups + target[len(shared) :] or "./"
