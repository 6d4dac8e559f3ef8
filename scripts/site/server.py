"""The development server, looking for edits often enough that one is seen within a second."""

from __future__ import annotations

from collections.abc import Iterable

from mkdocs.livereload import LiveReloadServer

LOOKS_EVERY = 0.1
"""Seconds between two looks at the files; MkDocs waits half a second."""
SETTLED_AFTER = 0.05
"""Seconds without a further change after which a build begins; MkDocs waits a tenth."""


def watchful(server: LiveReloadServer, paths: Iterable[str]) -> LiveReloadServer:
    """Return a server that does what this one would, and looks for edits more often.

    Args:
        server: MkDocs' own, not started yet.
        paths: the files and folders that it watches already.
    """
    host, port = server.server_address[:2]
    own = LiveReloadServer(
        builder=server.builder,
        host=str(host),
        port=int(port),
        root=server.root,
        mount_path=server.mount_path,
        polling_interval=LOOKS_EVERY,
    )
    own.build_delay = SETTLED_AFTER
    own.error_handler = server.error_handler
    for path in paths:
        own.watch(path)
    server.server_close()
    return own
