"""Addresses inside the site: every link is relative, so that the site works in any folder."""

from __future__ import annotations

JSON_TABLE = "rules/eligibility.json"
CSV_TABLE = "rules/eligibility.csv"


def page_folder(language: str, path: str) -> str:
    """Return the folder a page is served from: `fr/rights/appeal/`, `fr/rights/`, `fr/`."""
    name = path.removesuffix("index").rstrip("/")
    return f"{language}/{name}/" if name else f"{language}/"


def relative(origin: str, target: str) -> str:
    """Return the link from a page's folder to a folder (ends with `/`) or a file."""
    here, there = origin.split("/")[:-1], target.split("/")
    shared = 0
    while shared < min(len(here), len(there) - 1) and here[shared] == there[shared]:
        shared += 1
    return "../" * (len(here) - shared) + "/".join(there[shared:]) or "./"
