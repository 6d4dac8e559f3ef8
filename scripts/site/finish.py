"""After the last page: styles, scripts and open data, under names that change with them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

import material
import rjsmin

from scripts.content.project import Project
from scripts.faults import ROOT
from scripts.memo import Memo
from scripts.site.render import open_data
from scripts.site.styles import minify, prune, used_in

Files = dict[str, str]
"""Text by path in the site."""
STYLES = ROOT / "overrides" / "assets" / "stylesheets" / "site.css"
SCRIPTS = ROOT / "overrides" / "assets" / "javascripts"
THEME_STYLES = Path(material.__file__).parent / "templates" / "assets" / "stylesheets"
OWN_LOOK = frozenset(
    {"details", "summary", "button", "input", "label", "nav", "aside", "hr", "dir"}
)
"""What has a look of ours alone: the theme's rules for it are left out. (`dir`: our style sheet
uses logical properties, which need no rule a direction.)"""
_ASSET = re.compile(r"assets/(site|self-check)\.(css|js)")


def finished(pages: Mapping[str, str], project: Project, memo: Memo | None = None) -> Files:
    """Return the text files of the site: its pages pointed at their assets, and the assets.

    Args:
        pages: every page as rendered, by its path in the site.
        project: the content, of which the open data are a part.
        memo: what an earlier build left.
    """
    assets = _assets(pages, memo or Memo())
    names = {path: _with_digest(path, text) for path, text in assets.items()}
    return {
        **{path: _ASSET.sub(lambda match: names[match[0]], text) for path, text in pages.items()},
        **{names[path]: text for path, text in assets.items()},
        **open_data(project),
    }


def _assets(pages: Mapping[str, str], memo: Memo) -> dict[str, str]:
    used = used_in((text for path, text in pages.items() if path.endswith(".html")), OWN_LOOK)
    theme = next(THEME_STYLES.glob("main.*.min.css")).read_text(encoding="utf-8")
    own = STYLES.read_text(encoding="utf-8")
    styles = memo.get("styles", (used, theme, own), lambda: minify(prune(theme, used) + own))
    scripts = {
        f"assets/{file.name}": str(rjsmin.jsmin(file.read_text(encoding="utf-8")))
        for file in sorted(SCRIPTS.glob("*.js"))
    }
    return {"assets/site.css": styles, **scripts}


def _with_digest(path: str, text: str) -> str:
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    stem, _, suffix = path.rpartition(".")
    return f"{stem}.{digest}.{suffix}"
