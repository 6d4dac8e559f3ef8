"""Templates: one way of filling them, with every text escaped and every name known."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def strict_environment(folder: Path) -> Environment:
    """Return what fills the templates of a folder.

    Text is escaped unless it is Markup; a name that is not given is an error; the lines of tags
    leave nothing behind.
    """
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
