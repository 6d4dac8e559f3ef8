"""Material's style sheet, as far as this site builds on it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files as package_files
from pathlib import Path

from scripts.faults import Fault, raise_if_any
from scripts.site.style_sheet import read_rules, without, written

FILE = "templates/assets/stylesheets/main.*.min.css"
"""Where the style sheet lies in the package."""
UNWANTED = frozenset(
    {
        "-moz-osx-font-smoothing",
        "-webkit-box-decoration-break",
        "-webkit-font-smoothing",
        "-webkit-print-color-adjust",
        "-webkit-tap-highlight-color",
        "box-decoration-break",
        "box-shadow",
        "color-adjust",
        "font-feature-settings",
        "touch-action",
        "transition",
        "word-break",
        "td",
        "th",
        ".md-typeset .admonition.example",
        ".md-typeset .admonition.warning",
        ".md-typeset .admonition>*",
        ".md-typeset .grid>*",
        ".md-typeset h1",
        ".md-typeset h2",
        ".md-typeset h3",
        ".md-typeset small",
        ".md-typeset table:not([class]) tbody tr:hover",
        ".md-typeset table:not([class]) td",
        ".md-typeset table:not([class]) td:not([align])",
        ".md-typeset table:not([class]) td>:first-child",
        ".md-typeset table:not([class]) td>:last-child",
        ".md-typeset table:not([class]) th",
        ".md-typeset table:not([class]) th:not([align])",
        ".md-typeset table:not([class]) th>:first-child",
        ".md-typeset table:not([class]) th>:last-child",
        ".md-typeset table:not([class])+*",
    }
)
"""Properties and selectors that cost a reader bytes and change nothing here, or that our own sheet
says in fewer."""
UNWANTED_PARTS = ("[dir=", "details", "summary")
"""What unwanted selectors hold: each direction apart, where our sheet says both at once, with
logical properties; folded blocks, which look as our menus do."""


@cache
def theme_sheet() -> tuple[str, str]:
    """Return the name and the text of the theme's style sheet without what is not wanted of it.

    Raises:
        FaultsError: the sheet cannot be read.

    """
    [file] = Path(str(package_files("material"))).glob(FILE)
    faults: list[Fault] = []
    rules = read_rules(file.name, file.read_text(encoding="utf-8"), faults)
    raise_if_any(faults)
    return file.name, written(without(rules, _is_unwanted))


def _is_unwanted(name: str) -> bool:
    return name in UNWANTED or any(part in name for part in UNWANTED_PARTS)
