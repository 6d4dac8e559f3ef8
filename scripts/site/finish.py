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
from scripts.site.offline import ICONS, WORKER, AppWords, manifest, pack, with_version
from scripts.site.render import open_data
from scripts.site.styles import minify, prune, used_in

STYLES = ROOT / "overrides" / "assets" / "stylesheets" / "site.css"
SCRIPTS = ROOT / "overrides" / "assets" / "javascripts"
PICTURES = ROOT / "overrides" / "assets" / "icons"
THEME_STYLES = Path(material.__file__).parent / "templates" / "assets" / "stylesheets"
OWN_LOOK = frozenset(
    {"details", "summary", "button", "input", "label", "nav", "aside", "hr", "dir"}
)
"""What has a look of ours alone: the theme's rules for it are left out. (`dir`: our style sheet
uses logical properties, which need no rule a direction.)"""
_ASSET = re.compile(r"assets/(?:site\.css|(?:site|self-check)\.js|icon-[\w-]+\.png)")
_IMPORT = re.compile(r'"\./([\w-]+\.js)"')
_HASHED = re.compile(r"assets/[^/]+\.[0-9a-f]{8}\.(?:css|js|json)")


def finish_site(site: Path, project: Project) -> None:
    """Write assets and open data into a built site and point the pages at them."""
    pages = {file: file.read_text(encoding="utf-8") for file in sorted(site.rglob("*.html"))}
    names = _write_assets(site, _assets(pages))
    (site / WORKER).write_text(_minified(SCRIPTS / WORKER), encoding="utf-8")
    for file, text in pages.items():
        file.write_text(_ASSET.sub(lambda match: names[match[0]], text), encoding="utf-8")
    (site / "sitemap.xml.gz").unlink(missing_ok=True)  # carries the time of the build
    for path, text in open_data(project).items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text, encoding="utf-8")
    _finish_offline(site, project, names)


def _finish_offline(site: Path, project: Project, names: Mapping[str, str]) -> None:
    """Write manifests, then the version into pages and worker, then the pack of each language."""
    icons = {name: names[f"assets/{name}"] for name in ICONS}
    for language in project.languages:
        words = project.wordings[language.code].texts
        app = AppWords(
            language.tag, language.direction, words["ui.site_name"], words["phone.short_name"]
        )
        _write(site / language.code / "manifest.webmanifest", manifest(app, icons))
    files = {
        file.relative_to(site).as_posix(): file.read_bytes()
        for file in sorted(site.rglob("*"))
        if file.is_file()
    }
    version, changed = with_version(files)
    pages = {
        path.removesuffix("index.html"): text.decode()
        for path, text in changed.items()
        if path.endswith("index.html")
    }
    assets = {path: text.decode() for path, text in files.items() if _HASHED.fullmatch(path)}
    for path, content in changed.items():
        (site / path).write_bytes(content)
    for language in project.languages:
        packed, sized = pack(version, language.code, pages, assets)
        _write(site / "offline" / f"{language.code}.json", packed)
        for path, text in sized.items():
            _write(site / path / "index.html", text)


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def _assets(pages: dict[Path, str]) -> dict[str, bytes]:
    used = used_in(pages.values(), without=OWN_LOOK)
    theme = next(THEME_STYLES.glob("main.*.min.css")).read_text(encoding="utf-8")
    styles = prune(theme, used) + STYLES.read_text(encoding="utf-8")
    scripts = {
        f"assets/{file.name}": _minified(file).encode()
        for file in sorted(SCRIPTS.glob("*.js"))
        if file.name != WORKER
    }
    pictures = {f"assets/{name}": (PICTURES / name).read_bytes() for name in ICONS}
    return {"assets/site.css": minify(styles).encode(), **pictures, **scripts}


def _minified(file: Path) -> str:
    return str(rjsmin.jsmin(file.read_text(encoding="utf-8")))


def _write_assets(site: Path, assets: dict[str, bytes]) -> dict[str, str]:
    """Write each asset under a name with its fingerprint; what names others comes after them."""
    names: dict[str, str] = {}
    for path in sorted(assets, key=lambda path: b"import(" in assets[path]):
        content = assets[path]
        if path.endswith(".js"):
            content = _IMPORT.sub(
                lambda match: f'"./{Path(names[f"assets/{match[1]}"]).name}"', content.decode()
            ).encode()
        digest = hashlib.sha256(content).hexdigest()[:8]
        stem, _, suffix = path.rpartition(".")
        names[path] = f"{stem}.{digest}.{suffix}"
        (site / names[path]).parent.mkdir(parents=True, exist_ok=True)
        (site / names[path]).write_bytes(content)
    return names
