"""What of the theme's frame reaches no reader."""

from __future__ import annotations

import re

_INDENTED = re.compile(r"\s*\n\s*")


def trimmed(page: str) -> str:
    """Return a page without indentation and empty lines."""
    return _INDENTED.sub("\n", page.strip())
