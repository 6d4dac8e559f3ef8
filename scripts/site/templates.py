"""Templates of overrides/ that are filled outside of MkDocs' own environment, strictly too."""

from __future__ import annotations

import traceback
from pathlib import Path

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
)
from markupsafe import Markup

from scripts.faults import ROOT, Fault, relative_name

_FOLDER = ROOT / "overrides"


def filled(name: str, **values: object) -> str:
    """Return a template of overrides/ with these values; every text is escaped.

    Raises:
        TemplateError: it is no template, or names what is not given.
    """
    return _ENVIRONMENT.get_template(name).render(**values)


def make_strict(environment: Environment) -> None:
    """Let a name that is not given stop the build; leave out the lines of tags alone.

    Args:
        environment: the theme's, before its first template is read.
    """
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters["fill"] = fill


def fill(text: Markup, **values: object) -> Markup:
    """Put values into the placeholders of a wording."""
    return text.format(**values)


def template_fault(error: TemplateError) -> Fault:
    """Return a template's fault with the file and line where it happened."""
    if isinstance(error, TemplateSyntaxError):
        file = relative_name(Path(error.filename or _FOLDER))
        return Fault(file, error.lineno, error.message or "")
    places = traceback.extract_tb(error.__traceback__)
    found = [one for one in places if one.filename.endswith((".html", ".xml", ".svg"))]
    if not found:
        return Fault("overrides", 0, str(error))
    return Fault(relative_name(Path(found[-1].filename)), found[-1].lineno or 0, str(error))


_ENVIRONMENT = Environment(loader=FileSystemLoader(_FOLDER), autoescape=True)
make_strict(_ENVIRONMENT)
