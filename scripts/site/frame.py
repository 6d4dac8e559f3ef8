"""What of Material's frame (`base.html`) reaches no reader: it serves scripts that are not here."""

from __future__ import annotations

import re

from scripts.site.offline import VERSION

_TAKEN_OUT = (
    (  # two checkboxes, an overlay and a skip link for scripts; the direction belongs on `html`
        r'<html lang="([^"]+)" class="no-js">(.*?)<body dir="(\w+)">.*?'
        r'(?=<div data-md-component="announce">)',
        rf'<html lang="\1" dir="\3" data-version="{VERSION}">\2<body>',
    ),
    (  # around the announcements, and nothing else while there are none
        r'<div data-md-component="announce">\s*(<aside.*?</aside>)?\s*</div>',
        r"\1",
    ),
    (r'<div class="md-dialog".*?</div>\s*</div>', ""),
    (r' data-md-component="\w+"', ""),
)


def without_leftovers(page: str) -> str:
    """Return a page that extends Material's `base.html` as readers get it.

    Raises:
        ValueError: what has to go is not there: Material has changed.
    """
    for pattern, kept in _TAKEN_OUT:
        page, count = re.subn(pattern, kept, page, flags=re.DOTALL)
        if not count:
            raise ValueError(f"base.html of Material has changed: found no {pattern}")
    return page
