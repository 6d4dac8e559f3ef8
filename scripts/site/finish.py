"""After the last page: styles, scripts, data and the version of the whole."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from scripts.content.project import Project
from scripts.faults import ROOT
from scripts.site.addresses import page_folder
from scripts.site.assets import Assets, add_scripts, minified, version_of
from scripts.site.listen import listen_data
from scripts.site.render import VERSION, open_data
from scripts.site.search_index import APOSTROPHE_IS_LETTER, NOT_SEARCHED, search_index

STYLES = ROOT / "overrides" / "assets" / "stylesheets"
SCRIPTS = ROOT / "overrides" / "assets" / "javascripts"


def finish_site(site: Path, project: Project) -> None:
    """Write assets and open data into a built site and point the pages at them."""
    pages = _read_pages(site)
    assets = _assets(pages, project)
    files = {name: assets.resolve(text) for name, text in pages.items()}
    files |= assets.files | open_data(project)
    version = version_of(files)
    for name in pages:
        files[name] = files[name].replace(VERSION, version, 1)
    _write(site, files)
    (site / "sitemap.xml.gz").unlink(missing_ok=True)  # carries the time of the build


def _read_pages(site: Path) -> dict[str, str]:
    files = sorted(site.rglob("*.html"))
    return {file.relative_to(site).as_posix(): file.read_text(encoding="utf-8") for file in files}


def _assets(pages: Mapping[str, str], project: Project) -> Assets:
    assets = Assets()
    for file in sorted(STYLES.glob("*.css")):
        assets.add(file.name, minified(file.name, file.read_text(encoding="utf-8")))
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


def _write(site: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text, encoding="utf-8")
