"""The templates of pages: the same environment fills whole pages and what macros show."""

from __future__ import annotations

import traceback
from pathlib import Path

from jinja2 import Environment, TemplateError, TemplateSyntaxError
from markupsafe import Markup

from scripts.faults import ROOT, Fault, relative_name
from scripts.templates import strict_environment

_FOLDER = ROOT / "overrides"
_ENVIRONMENT = strict_environment(_FOLDER)


def filled(name: str, **values: object) -> str:
    """Return a template of overrides/ with these values; every text is escaped.

    Raises:
        TemplateError: it is no template, or names what is not given.
    """
    return _ENVIRONMENT.get_template(name).render(**values)


def pages_environment(theme: Environment) -> Environment:
    """Return the environment of pages, with the templates and filters of the theme.

    Args:
        theme: the theme's own environment, which does not escape texts.
    """
    _ENVIRONMENT.filters.update(theme.filters)
    return _ENVIRONMENT.overlay(loader=theme.loader)


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


_ENVIRONMENT.filters["fill"] = fill
