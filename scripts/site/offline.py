"""What the built site needs to work without network: its versions, bundles, manifests.

The worker (`sw.js`) keeps the pages that were read. A bundle is one JSON file a language, with all
its pages, the language chooser and every style, script and index that they name: `keep.js` stores
it as a whole. A manifest lets a phone put the site among its applications.

Pages and worker are written with placeholders: what they stand for depends on all files.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

VERSION = "@version"
"""Stands for a version, 8 hexadecimal digits: as long as what replaces it."""
BYTES = "@bytes@@"
"""Stands for a bundle's size unzipped, in bytes, in as many digits."""
SIZE = "@size"
"""Stands for what a bundle costs to fetch, in kilobytes of 1000 bytes, rounded up."""
WORKER = "sw.js"
ICONS = {"icon-192.png": 192, "icon-512.png": 512, "icon-maskable-512.png": 512}
"""The pictures of overrides/assets/icons with their size in pixels."""
THEME_COLOR = "#124c60"
BACKGROUND_COLOR = "#ffffff"
_HASHED = re.compile(r"\.([0-9a-f]{8}\.(css|js|json))\b")
_TYPES = {"css": "text/css", "js": "text/javascript", "json": "application/json"}


@dataclass(frozen=True)
class AppWords:
    """What a manifest says of a language: its tag, direction and names."""

    tag: str
    direction: str
    name: str
    short_name: str


def with_versions(
    files: Mapping[str, bytes], languages: Iterable[str], version: str = ""
) -> tuple[dict[str, str], dict[str, bytes]]:
    """Return the version of each language, and the files that carry one, with it put in.

    A language has a version of its own, so that a change in one costs the readers of the others
    nothing. What belongs to no language (chooser, 404 page, worker) has that of the whole build.

    Args:
        files: every file of the built site by its path, with `VERSION` where a version goes.
        languages: the codes, which are the first part of the path of a language's files.
        version: the version to put in everywhere, "" for those that the files have.

    Returns:
        8 hexadecimal digits a language, which change with any byte of its files and of the styles
        and scripts that they name; then the pages and the worker.

    """
    of_whole = version or _digest(files)
    versions = {}
    for code in languages:
        own = {path: text for path, text in files.items() if path.startswith(f"{code}/")}
        versions[code] = version or _digest(own)
    carriers = {}
    for path, content in files.items():
        if path == WORKER or path.endswith(".html"):
            its = versions.get(path.partition("/")[0], of_whole)
            carriers[path] = content.replace(VERSION.encode(), its.encode())
    return versions, carriers


def offline_bundle(
    version: str, language: str, pages: Mapping[str, str], assets: Mapping[str, str]
) -> tuple[str, dict[str, str]]:
    """Return the bundle of a language, and its pages that say its size.

    Args:
        version: the version of the language.
        language: the language's code, such as `fr`.
        pages: the site's pages by address (`fr/permit/`), with `SIZE` and `BYTES` where they go.
        assets: the site's fingerprinted text files by path (`assets/site.01234567.css`).

    Returns:
        Compact JSON with `version`, `pages` (address to HTML) and `assets` (path, type, text), and
        the pages of the language in which a size was put in.

    """
    own = {path: pages[path] for path in sorted(pages) if path in ("", f"{language}/")}
    own |= {path: pages[path] for path in sorted(pages) if path.startswith(f"{language}/")}
    used = _named(own.values(), assets)
    return _bundle(version, tuple(own.items()), tuple(map(tuple, used)))


@lru_cache(maxsize=64)  # a served site asks for every language again, of which one has changed
def _bundle(
    version: str, pages: tuple[tuple[str, str], ...], assets: tuple[tuple[str, ...], ...]
) -> tuple[str, dict[str, str]]:
    text = _json({"version": version, "pages": dict(pages), "assets": assets})
    size = str(kilobytes(text))
    length = f"{len(text.replace(SIZE, size).encode()):0{len(BYTES)}d}"

    def sized(page: str) -> str:
        return page.replace(SIZE, size).replace(BYTES, length)

    return sized(text), {path: sized(page) for path, page in pages if page != sized(page)}


def _digest(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(b"%s\0%d\0" % (path.encode(), len(files[path])))
        digest.update(files[path])
    return digest.hexdigest()[:8]


def kilobytes(text: str) -> int:
    """Return what a text costs to fetch, gzip level 6, in kilobytes rounded up."""
    return -(-len(gzip.compress(text.encode(), 6)) // 1000)


def manifest(words: AppWords, icons: Mapping[str, str]) -> str:
    """Return the manifest of a language, to be served from the language's folder.

    Args:
        words: the language's names.
        icons: the path in the site of each picture in `ICONS`.

    """
    return _json(
        {
            "name": words.name,
            "short_name": words.short_name,
            "lang": words.tag,
            "dir": words.direction,
            "start_url": "./",
            "scope": "../",
            "display": "standalone",
            "background_color": BACKGROUND_COLOR,
            "theme_color": THEME_COLOR,
            "icons": [_icon(name, size, icons[name]) for name, size in ICONS.items()],
        }
    )


def _icon(name: str, size: int, path: str) -> dict[str, str]:
    purpose = "maskable" if "maskable" in name else "any"
    sizes = f"{size}x{size}"
    return {"src": f"../{path}", "sizes": sizes, "type": "image/png", "purpose": purpose}


def _named(pages: Iterable[str], assets: Mapping[str, str]) -> list[list[str]]:
    """Return the assets that pages name, and those that these name, each with type and text."""
    paths = {path[-len(match[1]) :]: path for path in assets if (match := _HASHED.search(path))}
    found: dict[str, list[str]] = {}
    waiting = list(pages)
    while waiting:
        for match in _HASHED.finditer(waiting.pop()):
            path = paths.get(match[1])
            if path and path not in found:
                found[path] = [path, _TYPES[match[2]], assets[path]]
                waiting.append(assets[path])
    return [found[path] for path in sorted(found)]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
