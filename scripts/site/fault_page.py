"""While the site is served: a build that failed shows its faults in the browser.

MkDocs' own server lets every request wait until a build goes well.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterable
from html import escape
from threading import Condition
from typing import Any

from mkdocs.exceptions import MkDocsException

from scripts.site.served_kit import App

POLL_SECONDS = 2
"""How long an open page may not know that a build failed."""
_POLL = re.compile(r"/livereload/(\d+)/")
_PAGE = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="{seconds}">
<title>The site could not be built</title></head>
<body><h1>The site could not be built</h1>
<p>Once this is mended, the page comes back by itself.</p>
<pre style="white-space: pre-wrap">{text}</pre></body></html>
"""


class FaultPage:
    """Knows what the last build said, and shows it in place of every page while it failed."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._is_building = False
        self._text = ""

    def noting(self, build: Callable[[], None]) -> Callable[[], None]:
        """Return a build that does the same, and whose fault is noted.

        Args:
            build: builds the site; raises where it cannot.
        """

        def noted() -> None:
            self._now(True, self._text)
            text = ""
            try:
                build()
            except Exception as error:
                text = str(error) if isinstance(error, MkDocsException) else traceback.format_exc()
                raise
            finally:
                self._now(False, text)

        return noted

    def in_place_of(self, app: App) -> App:
        """Return an application that answers as `app` does, and with the fault while there is one.

        Args:
            app: the development server's own.
        """

        def answer(request: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
            poll = _POLL.match(request["PATH_INFO"])
            with self._changed:
                if not poll:
                    self._changed.wait_for(lambda: not self._is_building)
                text = self._text
            if not text:
                return app(request, start)
            if poll:  # a later version is there, says this: the open page loads again
                return _sent(start, "200 OK", "text/plain", str(int(poll[1]) + 1))
            page = _PAGE.format(seconds=POLL_SECONDS, text=escape(text))
            return _sent(start, "503 Service Unavailable", "text/html; charset=utf-8", page)

        return answer

    def _now(self, is_building: bool, text: str) -> None:
        with self._changed:
            self._is_building, self._text = is_building, text
            self._changed.notify_all()


def _sent(start: Callable[..., Any], status: str, kind: str, text: str) -> list[bytes]:
    content = text.encode()
    start(status, [("Content-Type", kind), ("Content-Length", str(len(content)))])
    return [content]
