"""After the last page: styles, scripts and open data, under names that change with them."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import material
import rjsmin

from scripts.content.project import Project
from scripts.faults import ROOT
from scripts.site.addresses import page_folder
from scripts.site.render import open_data
from scripts.site.search_index import APOSTROPHE_IS_LETTER, NOT_SEARCHED, search_index
from scripts.site.styles import minify, prune, used_in

STYLES = ROOT / "overrides" / "assets" / "stylesheets" / "site.css"
SCRIPTS = ROOT / "overrides" / "assets" / "javascripts"
THEME_STYLES = Path(material.__file__).parent / "templates" / "assets" / "stylesheets"
OWN_LOOK = frozenset(
    {"details", "summary", "button", "input", "label", "nav", "aside", "hr", "dir"}
)
"""What has a look of ours alone: the theme's rules for it are left out. (`dir`: our style sheet
uses logical properties, which need no rule a direction.)"""
_ASSET = re.compile(r"assets/(site|self-check)\.(css|js)|assets/search\.\w+\.json")
_IMPORT = re.compile(r'"\./(search\.js)"')


def finish_site(site: Path, project: Project) -> None:
    """Write assets and open data into a built site and point the pages at them."""
    pages = {file: file.read_text(encoding="utf-8") for file in sorted(site.rglob("*.html"))}
    names = _write_assets(site, _assets(pages) | _search_indexes(site, pages, project))
    for file, text in pages.items():
        file.write_text(_ASSET.sub(lambda match: names[match[0]], text), encoding="utf-8")
    (site / "sitemap.xml.gz").unlink(missing_ok=True)  # carries the time of the build
    for path, text in open_data(project).items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text, encoding="utf-8")


def _assets(pages: dict[Path, str]) -> dict[str, str]:
    used = used_in(pages.values(), without=OWN_LOOK)
    theme = next(THEME_STYLES.glob("main.*.min.css")).read_text(encoding="utf-8")
    styles = prune(theme, used) + STYLES.read_text(encoding="utf-8")
    scripts = {
        f"assets/{file.name}": str(rjsmin.jsmin(file.read_text(encoding="utf-8")))
        for file in sorted(SCRIPTS.glob("*.js"))
    }
    return {"assets/site.css": minify(styles), **scripts}


def _search_indexes(site: Path, pages: dict[Path, str], project: Project) -> dict[str, str]:
    return {
        f"assets/search.{language.code}.json": search_index(
            _searched(site, pages, project, language.code), language.code in APOSTROPHE_IS_LETTER
        )
        for language in project.languages
    }


def _searched(site: Path, pages: dict[Path, str], project: Project, code: str) -> dict[str, str]:
    """Return the HTML of the pages of the menu, in its order, by address below the language."""
    folders = [page_folder(code, path) for path in project.menu if path not in NOT_SEARCHED]
    return {
        folder.removeprefix(f"{code}/"): pages[site / folder / "index.html"] for folder in folders
    }


def _write_assets(site: Path, assets: dict[str, str]) -> dict[str, str]:
    names: dict[str, str] = {}
    for path, source in sorted(assets.items(), key=lambda asset: "import(" in asset[1]):
        text = _IMPORT.sub(lambda match: f'"./{Path(names[f"assets/{match[1]}"]).name}"', source)
        digest = hashlib.sha256(text.encode()).hexdigest()[:8]
        stem, _, suffix = path.rpartition(".")
        names[path] = f"{stem}.{digest}.{suffix}"
        (site / names[path]).parent.mkdir(parents=True, exist_ok=True)
        (site / names[path]).write_text(text, encoding="utf-8")
    return names
