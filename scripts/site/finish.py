"""After the last page: styles, scripts, data, the version of the whole, and the offline bundles."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from scripts.content.everyday import NOT_SEARCHED
from scripts.content.project import Project
from scripts.faults import ROOT
from scripts.publish.configs import headers_file
from scripts.site.addresses import page_folder
from scripts.site.assets import Assets, add_scripts, minified, minified_block
from scripts.site.offline import ICONS, WORKER, AppWords, manifest, offline_bundle, with_versions
from scripts.site.prune import pruned
from scripts.site.rules_data import open_data
from scripts.site.search_index import APOSTROPHE_IS_LETTER, search_index, searched_part
from scripts.site.short import short_pages
from scripts.site.theme import theme_sheet
from scripts.site.words import listen_data, offline_data

OVERRIDES = ROOT / "overrides" / "assets"
STYLES = OVERRIDES / "stylesheets"
SCRIPTS = OVERRIDES / "javascripts"
PICTURES = OVERRIDES / "icons"
SHEET = "site.css"
"""The style sheet that every page has."""
SERVED_VERSION = "00000000"
"""The version of a site while it is served to its authors."""
LEGAL = ("LICENSE", "NOTICE")
"""The files of the project that the page on the site itself leads to."""
_TEXTS = (".css", ".js", ".json")


def finished(
    built: Mapping[str, bytes], project: Project, policy: str = "", served: bool = False
) -> dict[str, bytes]:
    """Return all files of the site.

    Args:
        built: what MkDocs has written, by path: pages that name their assets plainly, and pictures.
        project: the content.
        policy: the security policy that pages carry, "" for none.
        served: whether it is served to its authors: it keeps all of the theme's style sheet, of
            which an edit may need another rule, and its version.

    """
    pages = {name: text.decode() for name, text in built.items() if name.endswith(".html")}
    pages |= short_pages(project, policy)
    assets = _assets(pages, project, served)
    files = {
        **built,
        **{name: assets.resolve(text).encode() for name, text in pages.items()},
        **assets.files,
        **{name: text.encode() for name, text in open_data(project).items()},
        **_manifests(project, assets),
        **{f"{name}.txt": (ROOT / name).read_bytes() for name in LEGAL},
        WORKER: assets.resolve(_worker()).encode(),
    }
    files.pop("sitemap.xml.gz", None)  # carries the time of the build
    versions, carriers = with_versions(files, project.language, SERVED_VERSION if served else "")
    files |= carriers
    files |= _bundles(versions, files)
    files["_headers"] = headers_file(files).encode()
    return files


def _worker() -> str:
    return minified_block((SCRIPTS / WORKER).read_text(encoding="utf-8"))


def _assets(pages: Mapping[str, str], project: Project, served: bool) -> Assets:
    assets = Assets()
    for name, sheet in _styles(pages, served).items():
        assets.add(name, sheet)
    for name in ICONS:
        assets.add(name, (PICTURES / name).read_bytes())
    for language in project.languages:
        code = language.code
        assets.add(f"listen.{language.tag}.json", listen_data(project, language))
        index = search_index(
            _searched(pages, project, code),
            code in APOSTROPHE_IS_LETTER,
            project.search_leads(language),
        )
        assets.add(f"search.{code}.json", index)
    assets.add("offline.all.json", offline_data(project))
    add_scripts(assets, SCRIPTS)
    return assets


def _styles(pages: Mapping[str, str], served: bool) -> dict[str, str]:
    """Return the style sheets: one for all pages, the theme's rules in it, and those of scripts."""
    later = {file.name: file.read_text(encoding="utf-8") for file in sorted(STYLES.glob("*.css"))}
    first = [theme_sheet(), (SHEET, later.pop(SHEET))]
    sheet = "".join(text for _, text in first)
    if not served:
        sheet = pruned(pages.values(), first, later.values())
    return {SHEET: sheet, **{name: minified(name, text) for name, text in later.items()}}


def _searched(pages: Mapping[str, str], project: Project, code: str) -> dict[str, str]:
    """Return what is searched of the pages of the menu, in its order, by address below it."""
    folders = [page_folder(code, path) for path in project.menu if path not in NOT_SEARCHED]
    return {
        folder.removeprefix(f"{code}/"): searched_part(pages[f"{folder}index.html"])
        for folder in folders
    }


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


def _bundles(versions: Mapping[str, str], files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the bundle of each language, and the pages that say its size."""
    pages = {n.removesuffix("index.html"): t for n, t in files.items() if n.endswith("index.html")}
    assets = {n: t.decode() for n, t in files.items() if _is_text_asset(n)}
    found = {}
    for code, version in versions.items():
        own = {n: t.decode() for n, t in pages.items() if n.split("/")[0] in ("", code)}
        bundle, sized = offline_bundle(version, code, own, assets)
        found[f"offline/{code}.json"] = bundle.encode()
        found |= {f"{path}index.html": text.encode() for path, text in sized.items()}
    return found


def _is_text_asset(name: str) -> bool:
    return name.startswith("assets/") and Path(name).suffix in _TEXTS
