"""The kit while the site is served: no build makes it, so a file is made when it is asked for."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterable
from typing import Any

from scripts.bootstrap import SetupError
from scripts.faults import FaultsError

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
"""A WSGI application: takes a request and what starts the answer, returns the answer's body."""
Asked = Callable[[str], bytes | None]
"""Returns the file at a path below the site's top that is made when asked for, if it is one."""


def with_kit(app: App, top: str, asked: Asked) -> App:
    """Return an application that answers as `app` does, and with what `asked` makes.

    Args:
        app: the development server's own.
        top: the path of the site's top in the address, with a slash at both ends.
        asked: makes the files that no build makes.
    """

    def answer(request: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = request["PATH_INFO"].removeprefix(top)
        try:
            content = asked(path)
        except (FaultsError, SetupError) as error:
            start("503 Service Unavailable", [("Content-Type", "text/plain; charset=utf-8")])
            return [f"{error}\n".encode()]
        if content is None:
            return app(request, start)
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        start("200 OK", [("Content-Type", kind), ("Content-Length", str(len(content)))])
        return [content]

    return answer
