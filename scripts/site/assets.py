"""Styles, scripts and data under names that change with their content.

A page or script names a file plainly (`assets/site.css`, `./listen.js`); what readers get
carries eight hexadecimal digits of its content (`assets/site.0a1b2c3d.css`), so that a browser
may keep it for a year and never shows an old one with a new page.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import minify

FOLDER = "assets"
LAZY = (
    "offline.js",
    "self-check.js",
    "search.js",
    "places.js",
    "listen.js",
    "keep.js",
    "two.js",
    "evening.js",
    "staff.js",
    "say.js",
)
"""The modules that a first use brings: `site.js` names them; the worker names `offline.js`."""
STARTING = ("site.js", "choose.js")
"""The scripts that pages start with: those of a language, and those that offer the languages."""
_REFERENCE = re.compile(rf"{FOLDER}/([\w.-]+?\.(?:css|js|json|png))\b")
_IMPORT = re.compile(r"\./([\w-]+\.(?:css|js))\b")
_SHARED = re.compile(r'^import \{[^}]*\} from "\./([\w-]+\.js)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export ", re.MULTILINE)
_TYPES = {"html": "text/html", "css": "text/css", "js": "application/javascript"}
_KEPT = ("default-attr-vals", "document-tags", "end-tags")
"""What pages keep that HTML could do without: those who read them after us look for it."""
minify.config({f"html-keep-{name}": True for name in _KEPT})
_EVERY = re.compile(r"\./([\w-]+)\.\*\.json\b")


class Assets:
    """The files below `assets/`, by the name that carries their hash."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self._names: dict[str, str] = {}

    def add(self, name: str, content: str | bytes) -> None:
        """Take in a file whose own references have been resolved.

        Args:
            name: such as `site.css`, unique.
            content: a text already minified, or a picture.

        """
        content = content.encode() if isinstance(content, str) else content
        digest = hashlib.sha256(content).hexdigest()[:8]
        stem, _, suffix = name.rpartition(".")
        self._names[name] = f"{stem}.{digest}.{suffix}"
        self.files[f"{FOLDER}/{self._names[name]}"] = content

    def resolve(self, text: str) -> str:
        """Return a page with the hashed name of every asset that it names.

        Raises:
            KeyError: the page names an asset that was not taken in.

        """
        return _REFERENCE.sub(lambda match: f"{FOLDER}/{self._names[match[1]]}", text)

    def resolve_imports(self, script: str) -> str:
        """Return a script with the hashed name of every file beside it that it names.

        `./words.*.json` stands for every such file: their names, with spaces between.
        """
        script = _EVERY.sub(lambda match: " ".join(self._matching(match[1])), script)
        return _IMPORT.sub(lambda match: f"./{self._names[match[1]]}", script)

    def _matching(self, stem: str) -> list[str]:
        names = sorted(name for name in self._names if name.startswith(f"{stem}."))
        return [f"./{self._names[name]}" for name in names if name.endswith(".json")]


def add_scripts(assets: Assets, folder: Path) -> None:
    """Take in the lazy modules, then the scripts that name them."""
    for name in LAZY:
        script = minified(name, _whole((folder / name).read_text(encoding="utf-8"), folder))
        assets.add(name, assets.resolve_imports(script))
    for name in STARTING:
        script = minified_block(_whole((folder / name).read_text(encoding="utf-8"), folder))
        assets.add(name, assets.resolve_imports(script))


def _whole(script: str, folder: Path) -> str:
    """Return a module with what it shares with others put in, in the place of its `import`.

    One file, one request; and when it is lost on the way, the next try asks for all of it: browsers
    remember that an `import` failed, and cannot be told another address for it.
    """

    def text(match: re.Match[str]) -> str:
        shared = _whole((folder / match[1]).read_text(encoding="utf-8"), folder)
        return _EXPORT.sub("", shared)

    return _SHARED.sub(text, script)


def minified(name: str, text: str) -> str:
    """Return a page, script or style sheet without what only its authors need."""
    return str(minify.string(_TYPES[name.rpartition(".")[2]], text))


def minified_block(script: str) -> str:
    """Return a script whose names nothing else uses, minified as a block: its names are short."""
    return minified("script.js", f"{{{script}}}")
