"""The development server: it looks for edits often, and serves the kit that no build makes."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterable
from typing import Any

from mkdocs.livereload import LiveReloadServer

from scripts.bootstrap import SetupError
from scripts.faults import FaultsError

LOOKS_EVERY = 0.1
"""Seconds between two looks at the files; MkDocs waits half a second."""
SETTLED_AFTER = 0.05
"""Seconds without a further change after which a build begins; MkDocs waits a tenth."""

Asked = Callable[[str], bytes | None]
"""Returns the file at a path below the site's top that is made when asked for, if it is one."""


class DevelopmentServer(LiveReloadServer):
    """MkDocs' server, and what is made when it is asked for."""

    asked: Asked

    def _serve_request(self, environ: Any, start_response: Any) -> Iterable[bytes] | None:
        path = environ["PATH_INFO"].removeprefix(self.mount_path)
        try:
            content = self.asked(path)
        except (FaultsError, SetupError) as error:
            start_response("503 Service Unavailable", [("Content-Type", "text/plain")])
            return [f"{error}\n".encode()]
        if content is None:
            return super()._serve_request(environ, start_response)
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        start_response("200 OK", [("Content-Type", kind), ("Content-Length", str(len(content)))])
        return [content]


def watchful(server: LiveReloadServer, paths: Iterable[str], asked: Asked) -> LiveReloadServer:
    """Return a server that does what this one would, and more.

    Args:
        server: MkDocs' own, not started yet.
        paths: the files and folders that it watches already.
        asked: makes the files that no build makes.
    """
    host, port = server.server_address[:2]
    own = DevelopmentServer(
        builder=server.builder,
        host=str(host),
        port=int(port),
        root=server.root,
        mount_path=server.mount_path,
        polling_interval=LOOKS_EVERY,
    )
    own.build_delay = SETTLED_AFTER
    own.error_handler = server.error_handler
    own.asked = asked
    for path in paths:
        own.watch(path)
    server.server_close()
    return own
