"""After the last page: styles, scripts and open data, under names that change with them."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import material
import rjsmin

from scripts.content.project import Project
from scripts.faults import ROOT
from scripts.publish.configs import headers_file
from scripts.site.render import open_data
from scripts.site.styles import minify, prune, used_in

STYLES = ROOT / "overrides" / "assets" / "stylesheets" / "site.css"
SCRIPTS = ROOT / "overrides" / "assets" / "javascripts"
THEME_STYLES = Path(material.__file__).parent / "templates" / "assets" / "stylesheets"
OWN_LOOK = frozenset(
    {"details", "summary", "button", "input", "label", "nav", "aside", "hr", "dir"}
)
"""What has a look of ours alone: the theme's rules for it are left out. (`dir`: our style sheet
uses logical properties, which need no rule a direction.)"""
_ASSET = re.compile(r"assets/(site|self-check)\.(css|js)")


def finish_site(site: Path, project: Project) -> None:
    """Write assets and open data into a built site and point the pages at them."""
    pages = {file: file.read_text(encoding="utf-8") for file in sorted(site.rglob("*.html"))}
    names = _write_assets(site, _assets(pages))
    for file, text in pages.items():
        file.write_text(_ASSET.sub(lambda match: names[match[0]], text), encoding="utf-8")
    (site / "sitemap.xml.gz").unlink(missing_ok=True)  # carries the time of the build
    for path, text in open_data(project).items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text, encoding="utf-8")
    built = [file.relative_to(site).as_posix() for file in site.rglob("*") if file.is_file()]
    (site / "_headers").write_text(headers_file(built), encoding="utf-8")


def _assets(pages: dict[Path, str]) -> dict[str, str]:
    used = used_in(pages.values(), without=OWN_LOOK)
    theme = next(THEME_STYLES.glob("main.*.min.css")).read_text(encoding="utf-8")
    styles = prune(theme, used) + STYLES.read_text(encoding="utf-8")
    scripts = {
        f"assets/{file.name}": str(rjsmin.jsmin(file.read_text(encoding="utf-8")))
        for file in sorted(SCRIPTS.glob("*.js"))
    }
    return {"assets/site.css": minify(styles), **scripts}


def _write_assets(site: Path, assets: dict[str, str]) -> dict[str, str]:
    names = {}
    for path, text in assets.items():
        digest = hashlib.sha256(text.encode()).hexdigest()[:8]
        stem, _, suffix = path.rpartition(".")
        names[path] = f"{stem}.{digest}.{suffix}"
        (site / names[path]).parent.mkdir(parents=True, exist_ok=True)
        (site / names[path]).write_text(text, encoding="utf-8")
    return names
