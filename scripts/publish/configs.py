"""The configurations in deploy/ and the file `_headers`, made from `scripts.publish.headers`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from scripts.faults import ROOT, Fault
from scripts.publish import headers as said

COMMAND = "python3 -m scripts deploy-files"
MEDIA_TYPES = {
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
_HEADERS = tuple(said.SECURITY_HEADERS.items())


@dataclass(frozen=True)
class ServerSettings:
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


_EXAMPLE = ServerSettings()


def nginx_config(settings: ServerSettings = _EXAMPLE) -> str:
    """Return what is included in the `http` block of nginx."""
    variables = {name: f"$social_aid_{name.lower().replace('-', '_')}" for name, _ in _HEADERS}
    maps = (
        f'map $status {variables[name]} {{ volatile; 416 ""; default "{value}"; }}'
        for name, value in _HEADERS
    )
    headers = (f"    add_header {name} {variable} always;" for name, variable in variables.items())
    types = (f"        {media} {end};" for end, media in MEDIA_TYPES.items())
    return _fill_template("nginx.conf.in", settings, headers, types, maps)


def caddy_config(settings: ServerSettings = _EXAMPLE) -> str:
    """Return the Caddyfile."""
    headers = (f'\t\t{name} "{value}"' for name, value in _HEADERS)
    types = (f'\t\t~\\.{end}$ "{media}{_charset(media)}"' for end, media in MEDIA_TYPES.items())
    return _fill_template("Caddyfile.in", settings, headers, types)


def headers_file(paths: Iterable[str]) -> str:
    """Return the file `_headers`, which Netlify, Cloudflare Pages and their kin read.

    Such hosts join the values of a header that two rules give, and take `max-age=0,
    must-revalidate` where no rule speaks: so files kept for long are named one by one, and no
    rule says what is the host's own way. They speak TLS always.

    Args:
        paths: the files of the built site, relative to it.
    """
    lines = ["/*", *(f"  {name}: {value}" for name, value in _HEADERS)]
    lines.append("  {}: {}".format(*said.TRANSPORT_SECURITY))
    for path in sorted(filter(said.is_hashed, paths)):
        lines += [f"/{path}", f"  Cache-Control: {said.IMMUTABLE}"]
    return "\n".join(lines) + "\n"


def deploy_files() -> dict[str, str]:
    """Return the committed configurations by path."""
    return {"deploy/nginx.conf": nginx_config(), "deploy/Caddyfile": caddy_config()}


def check_deploy_files(root: Path = ROOT) -> list[Fault]:
    """Return a fault for each committed file that is not what the code makes."""
    return [
        Fault(path, 0, f"is not what the code makes; write it anew: {COMMAND}")
        for path, text in deploy_files().items()
        if not (root / path).is_file() or (root / path).read_text(encoding="utf-8") != text
    ]


def _fill_template(
    template: str,
    settings: ServerSettings,
    headers: Iterable[str],
    types: Iterable[str],
    maps: Iterable[str] = (),
) -> str:
    """Return a template with a value for each `@word@`; KeyError where there is none."""
    words = vars(said) | asdict(settings)
    words |= zip(("transport_name", "transport"), said.TRANSPORT_SECURITY, strict=True)
    filled = {"headers": headers, "types": types, "maps": maps}
    words |= {word: "\n".join(lines) for word, lines in filled.items()}
    words["ends"] = " ".join(f"*.{end}" for end in MEDIA_TYPES)
    text = Path(__file__).with_name(template).read_text(encoding="utf-8")
    return re.sub(r"@(\w+)@", lambda word: words[word[1]], text)


def _charset(media: str) -> str:
    of_text = media.startswith("text/") or media.endswith(("json", "xml"))
    return "; charset=utf-8" if of_text else ""
