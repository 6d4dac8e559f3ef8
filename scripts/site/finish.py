"""After the last page: styles, scripts, data, the version of the whole, and the offline packs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from scripts.content.project import Project
from scripts.faults import ROOT
from scripts.publish.configs import headers_file
from scripts.site.addresses import page_folder
from scripts.site.assets import Assets, add_scripts, minified
from scripts.site.listen import listen_data
from scripts.site.offline import ICONS, WORKER, AppWords, manifest, pack, with_version
from scripts.site.render import open_data
from scripts.site.search_index import APOSTROPHE_IS_LETTER, NOT_SEARCHED, search_index

OVERRIDES = ROOT / "overrides" / "assets"
STYLES = OVERRIDES / "stylesheets"
SCRIPTS = OVERRIDES / "javascripts"
PICTURES = OVERRIDES / "icons"


def finish_site(site: Path, project: Project) -> None:
    """Write what hangs on all pages into a built site and point the pages at it."""
    (site / "sitemap.xml.gz").unlink(missing_ok=True)  # carries the time of the build
    built = _read(site)
    pages = {name: text.decode() for name, text in built.items() if name.endswith(".html")}
    assets = _assets(pages, project)
    files = {
        **built,
        **{name: assets.resolve(text).encode() for name, text in pages.items()},
        **assets.files,
        **{name: text.encode() for name, text in open_data(project).items()},
        **_manifests(project, assets),
        WORKER: minified(WORKER, (SCRIPTS / WORKER).read_text(encoding="utf-8")).encode(),
    }
    version, carriers = with_version(files)
    files |= carriers
    files |= _packs(version, project, files)
    files["_headers"] = headers_file(files).encode()
    _write(site, files)


def _read(site: Path) -> dict[str, bytes]:
    files = (file for file in sorted(site.rglob("*")) if file.is_file())
    return {file.relative_to(site).as_posix(): file.read_bytes() for file in files}


def _assets(pages: Mapping[str, str], project: Project) -> Assets:
    assets = Assets()
    for file in sorted(STYLES.glob("*.css")):
        assets.add(file.name, minified(file.name, file.read_text(encoding="utf-8")))
    for name in ICONS:
        assets.add(name, (PICTURES / name).read_bytes())
    for language in project.languages:
        assets.add(f"listen.{language.code}.json", listen_data(project, language))
        searched = _searched(pages, project, language.code)
        index = search_index(searched, language.code in APOSTROPHE_IS_LETTER)
        assets.add(f"search.{language.code}.json", index)
    add_scripts(assets, SCRIPTS)
    return assets


def _searched(pages: Mapping[str, str], project: Project, code: str) -> dict[str, str]:
    """Return the HTML of the pages of the menu, in its order, by address below the language."""
    folders = [page_folder(code, path) for path in project.menu if path not in NOT_SEARCHED]
    return {folder.removeprefix(f"{code}/"): pages[f"{folder}index.html"] for folder in folders}


def _manifests(project: Project, assets: Assets) -> dict[str, bytes]:
    """Return the manifest of each language, by its path in the site."""
    icons = {name: assets.resolve(f"assets/{name}") for name in ICONS}
    found = {}
    for one in project.languages:
        words = project.wordings[one.code].texts
        names = (words["ui.site_name"], words["phone.short_name"])
        app = AppWords(one.tag, one.direction, *names)
        found[f"{one.code}/manifest.webmanifest"] = manifest(app, icons).encode()
    return found


def _packs(version: str, project: Project, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the pack of each language, and the pages that say its size."""
    pages = {
        name.removesuffix("index.html"): text.decode()
        for name, text in files.items()
        if name.endswith("index.html")
    }
    texts = (".css", ".js", ".json")
    assets = {
        name: text.decode()
        for name, text in files.items()
        if name.startswith("assets/") and name.endswith(texts)
    }
    found = {}
    for language in project.languages:
        packed, sized = pack(version, language.code, pages, assets)
        found[f"offline/{language.code}.json"] = packed.encode()
        found |= {f"{path}index.html": text.encode() for path, text in sized.items()}
    return found


def _write(site: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_bytes(content)
