"""After the last page: styles, scripts, data, the version of the whole, and the offline packs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from scripts.content.everyday import NOT_SEARCHED
from scripts.content.languages import Language
from scripts.content.project import Project
from scripts.faults import ROOT
from scripts.memo import Memo
from scripts.publish.configs import headers_file
from scripts.site.addresses import page_folder
from scripts.site.assets import Assets, add_scripts, minified
from scripts.site.offline import ICONS, WORKER, AppWords, manifest, pack, with_versions
from scripts.site.render import open_data
from scripts.site.search_index import APOSTROPHE_IS_LETTER, search_index, searched_part
from scripts.site.short import short_pages
from scripts.site.words import listen_data

OVERRIDES = ROOT / "overrides" / "assets"
STYLES = OVERRIDES / "stylesheets"
SCRIPTS = OVERRIDES / "javascripts"
PICTURES = OVERRIDES / "icons"
_TEXTS = (".css", ".js", ".json")
_OF_NO_LANGUAGE = ("index.html", "404.html")
"""The pages that come as MkDocs has made them."""


def finished(
    built: Mapping[str, bytes],
    project: Project,
    memo: Memo,
    version: str = "",
    indexes: Mapping[str, str] | None = None,
    policy: str = "",
) -> dict[str, bytes]:
    """Return all files of the site.

    Args:
        built: what MkDocs has written, by path: pages that name their assets plainly, those of the
            languages minified, and pictures.
        project: the content.
        memo: what an earlier call left; a language whose pages are the same costs nothing.
        version: the version to give the site; "" for the one that its content has.
        indexes: the search indexes that were made with the pages, by language code.
        policy: the security policy that pages carry, "" for none.

    """
    pages = {name: text.decode() for name, text in built.items() if name.endswith(".html")}
    pages |= {name: minified(name, pages[name]) for name in _OF_NO_LANGUAGE}
    assets = _assets(pages, project, memo, indexes or {})
    pages |= short_pages(project, policy)
    files = {
        **built,
        **{name: assets.resolve(text).encode() for name, text in pages.items()},
        **assets.files,
        **{name: text.encode() for name, text in open_data(project).items()},
        **_manifests(project, assets),
        WORKER: minified(WORKER, (SCRIPTS / WORKER).read_text(encoding="utf-8")).encode(),
    }
    files.pop("sitemap.xml.gz", None)  # carries the time of the build
    versions, carriers = with_versions(files, project.language, version)
    files |= carriers
    files |= _packs(versions, files, memo)
    files["_headers"] = headers_file(files).encode()
    return files


def language_index(built: Mapping[str, bytes], project: Project, language: Language) -> str:
    """Return the search index of a language, all of whose pages are in `built`."""
    own = {n: text.decode() for n, text in built.items() if n.startswith(f"{language.code}/")}
    return _index(_searched(own, project, language), project, language)


def _assets(
    pages: Mapping[str, str], project: Project, memo: Memo, indexes: Mapping[str, str]
) -> Assets:
    assets = Assets()
    for file in sorted(STYLES.glob("*.css")):
        assets.add(file.name, minified(file.name, file.read_text(encoding="utf-8")))
    for name in ICONS:
        assets.add(name, (PICTURES / name).read_bytes())
    for language in project.languages:
        code = language.code
        assets.add(f"listen.{language.tag}.json", listen_data(project, language))
        searched = _searched(pages, project, language)
        make = partial(_index, searched, project, language, indexes.get(code))
        origin = (searched, project.search_leads(language))
        assets.add(f"search.{code}.json", memo.get(("search", code), origin, make))
    add_scripts(assets, SCRIPTS)
    return assets


def _index(
    searched: Mapping[str, str], project: Project, language: Language, made: str | None = None
) -> str:
    joins = language.code in APOSTROPHE_IS_LETTER
    return made or search_index(searched, joins, project.search_leads(language))


def _searched(pages: Mapping[str, str], project: Project, language: Language) -> dict[str, str]:
    """Return what is searched of the pages of the menu, in its order, by address below it."""
    own = f"{language.code}/"
    folders = [page_folder(language.code, p) for p in project.menu if p not in NOT_SEARCHED]
    parts = ((one.removeprefix(own), pages[f"{one}index.html"]) for one in folders)
    return {address: searched_part(page) for address, page in parts}


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


def _packs(versions: Mapping[str, str], files: Mapping[str, bytes], memo: Memo) -> dict[str, bytes]:
    """Return the pack of each language, and the pages that say its size."""
    pages = {n.removesuffix("index.html"): t for n, t in files.items() if n.endswith("index.html")}
    assets = {n: t for n, t in files.items() if n.startswith("assets/") and n.endswith(_TEXTS)}
    packs = []
    for code, version in versions.items():
        own = {path: text for path, text in pages.items() if path.split("/")[0] in ("", code)}
        make = partial(_pack, version, code, own, assets)
        packs.append((("pack", code), (version, own, assets), make))
    made = [memo.get(*one) for one in packs]
    return {name: data for pack in made for name, data in pack.items()}


def _pack(
    version: str, code: str, pages: Mapping[str, bytes], assets: Mapping[str, bytes]
) -> dict[str, bytes]:
    texts = {path: text.decode() for path, text in pages.items()}
    packed, sized = pack(version, code, texts, {n: t.decode() for n, t in assets.items()})
    changed = {f"{path}index.html": text.encode() for path, text in sized.items()}
    return {f"offline/{code}.json": packed.encode(), **changed}
