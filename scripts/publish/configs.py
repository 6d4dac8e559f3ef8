"""The configurations in deploy/ and the file `_headers`, made from `scripts.publish.headers`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.faults import ROOT, Fault
from scripts.files import write_all
from scripts.publish.headers import (
    ASK_AGAIN,
    FOREVER,
    HASHED,
    SECURITY_HEADERS,
    STRANGE,
    TRANSPORT_SECURITY,
    is_hashed,
)

COMMAND = "python3 -m scripts deploy-files"
TYPES = {
    "css": "text/css",
    "csv": "text/csv",
    "dmn": "text/xml",
    "gif": "image/gif",
    "html": "text/html",
    "ico": "image/x-icon",
    "jpg": "image/jpeg",
    "js": "text/javascript",
    "json": "application/json",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "txt": "text/plain",
    "webmanifest": "application/manifest+json",
    "webp": "image/webp",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "text/xml",
}
"""Media types by the end of a file's name; what is missing here is sent as mere bytes."""
_TEMPLATES = Path(__file__).parent


@dataclass(frozen=True)
class Place:
    """Where a server finds the site and where readers find the server.

    Args:
        root: the folder that holds the site, or holds the sub-path that leads to it.
        host: the name of the server; for Caddy with scheme and port where they are not usual.
        path: the path of the site in the address, with a slash at both ends.
        listen: nginx's `listen` directives.
    """

    root: str = "/srv/aide-sociale/current"
    host: str = "cms.example"
    path: str = "/"
    listen: str = "listen 80; listen [::]:80;"


def nginx_config(place: Place | None = None) -> str:
    """Return what is included in the `http` block of nginx."""
    headers = [
        f'    add_header {name} "{value}" always;' for name, value in SECURITY_HEADERS.items()
    ]
    types = [f"        {media} {end};" for end, media in TYPES.items()]
    return _filled("nginx.conf.in", place or Place(), headers, types)


def caddy_config(place: Place | None = None) -> str:
    """Return the Caddyfile."""
    headers = [f'\t\t{name} "{value}"' for name, value in SECURITY_HEADERS.items()]
    types = [f'\t\t~\\.{end}$ "{media}{_charset(media)}"' for end, media in TYPES.items()]
    return _filled("Caddyfile.in", place or Place(), headers, types)


def headers_file(paths: Iterable[str]) -> str:
    """Return the file `_headers`, which Netlify, Cloudflare Pages and their kin read.

    Such hosts join the values of a header that two rules give, and take `max-age=0,
    must-revalidate` where no rule speaks: so files kept for long are named one by one, and no
    rule says what is the host's own way. They speak TLS always.

    Args:
        paths: the files of the built site, relative to it.
    """
    lines = ["/*", *(f"  {name}: {value}" for name, value in SECURITY_HEADERS.items())]
    lines.append("  {}: {}".format(*TRANSPORT_SECURITY))
    for path in sorted(filter(is_hashed, paths)):
        lines += [f"/{path}", f"  Cache-Control: {FOREVER}"]
    return "\n".join(lines) + "\n"


FILES: Mapping[str, Callable[[], str]] = {
    "deploy/nginx.conf": nginx_config,
    "deploy/Caddyfile": caddy_config,
}
"""The committed files, and what makes each."""


def write_files(root: Path = ROOT) -> list[str]:
    """Write the committed files anew; return their paths."""
    write_all({root / path: make().encode() for path, make in FILES.items()})
    return list(FILES)


def check_files(root: Path = ROOT) -> list[Fault]:
    """Return a fault for each committed file that is not what the code makes."""
    return [
        Fault(path, 0, f"is not what the code makes; write it anew: {COMMAND}")
        for path, make in FILES.items()
        if not (root / path).is_file() or (root / path).read_text(encoding="utf-8") != make()
    ]


def _filled(template: str, place: Place, headers: list[str], types: list[str]) -> str:
    name, value = TRANSPORT_SECURITY
    text = (_TEMPLATES / template).read_text(encoding="utf-8")
    for word, filling in {
        "root": place.root,
        "host": place.host,
        "path": place.path,
        "listen": place.listen,
        "hashed": HASHED,
        "strange": STRANGE,
        "forever": FOREVER,
        "ask_again": ASK_AGAIN,
        "transport_name": name,
        "transport": value,
        "headers": "\n".join(headers),
        "types": "\n".join(types),
        "ends": " ".join(f"*.{end}" for end in TYPES),
    }.items():
        text = text.replace(f"@{word}@", filling)
    return text


def _charset(media: str) -> str:
    of_text = media.startswith("text/") or media.endswith(("json", "xml"))
    return "; charset=utf-8" if of_text else ""
