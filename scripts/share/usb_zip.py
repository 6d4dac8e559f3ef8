"""The evening ZIP: the site in chosen languages, in one file that runs from a stick.

Its pages are opened as files, so links name `index.html`, and `usb-zip.js` does what the browser
then refuses (it says how). What leads out of it leads to the published site.
"""

from __future__ import annotations

import json
import posixpath
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

from scripts.content.languages import SOURCE_LANGUAGE
from scripts.content.project import Project
from scripts.faults import ROOT
from scripts.files import read_folder
from scripts.publish.headers import START_SCRIPT
from scripts.share.kit import FOLDER, RECORD, chosen
from scripts.share.words import official

START = "start.html"
ALWAYS = (SOURCE_LANGUAGE, "de")
"""The languages of the staff, which every ZIP has."""
LOADER = ROOT / "overrides" / "assets" / "javascripts" / "usb-zip.js"
VIDEOS = "videos"
WAYS = {"site": "", "evening": "evening/", "posters": "staff/#links", "paper": "staff-paper/"}
"""Where the large links of the start lead, in each official language's folder."""
_FIRST_WAYS = "<ul class=choices>"
"""What stands on the language chooser below its title, as the minifier writes it."""
_SCRIPT_FILE = "assets/usb-zip.js"
_LEFT_OUT = "phone"
"""The page on keeping the site on a phone, which a stick has no use for."""
_DATE = (2020, 1, 1, 0, 0, 0)
"""The time of every file, so that the same content gives the same bytes."""
_ATTRIBUTE = re.compile(r' (href|src|data-staff|data-self-check|data-notices)=("?)([^"\s>]*)\2')
_OUTSIDE = re.compile(r"^(?:[a-z]+:|#|//)")
_SCRIPT = re.compile(rf"<link id=js [^>]*>\s*<script>{re.escape(START_SCRIPT)}</script>")
_OF_LANGUAGE = re.compile(r"(?:search|listen)\.([\w-]+)\.[0-9a-f]{8}\.json")
"""An asset for one language, named by its code or its BCP 47 tag."""

README = """\
{name}

FR  Ouvrez {start} (double-clic). Aucun réseau n'est nécessaire.
    La présentation à projeter : fr/evening/index.html. Les affiches et les feuilles : kit/.
    Vos vidéos : mettez les fichiers dans le dossier videos/, sous ces noms :
DE  Öffnen Sie {start} (Doppelklick). Es braucht kein Netz.
    Die Präsentation zum Vorführen: de/evening/index.html. Plakate und Blätter: kit/.
    Ihre Videos: legen Sie die Dateien in den Ordner videos/, mit diesen Namen:

{videos}
"""


@dataclass(frozen=True)
class Source:
    """What a ZIP is made from.

    Args:
        project: the content.
        site: the folder of the built site.
        kit: the folder of the kit of these languages.
        site_url: where the site is published, with a slash at its end.
    """

    project: Project
    site: Path
    kit: Path
    site_url: str


def zip_languages(project: Project, languages: Sequence[str]) -> tuple[str, ...]:
    """Return the languages of a ZIP: the chosen ones, and those of the staff.

    Raises:
        FaultsError: an unknown language.
    """
    chosen(project, languages)
    return chosen(project, [*languages, *(code for code in ALWAYS if code in project.language)])


def usb_zip(source: Source, languages: Sequence[str]) -> bytes:
    """Return the ZIP; the same content gives the same bytes.

    Raises:
        FaultsError: an unknown language.
    """
    files = zip_files(source, languages)
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return buffer.getvalue()


def zip_files(source: Source, languages: Sequence[str]) -> dict[str, bytes]:
    """Return every file of the ZIP by its path."""
    codes = zip_languages(source.project, languages)
    prints = read_folder(source.kit)
    kit = {f"{FOLDER}/{name}": text for name, text in prints.items() if name != RECORD}
    tags = {source.project.language[code].tag for code in codes}
    read = read_folder(source.site)
    site = {name: text for name, text in read.items() if _belongs(name, codes, tags)}
    pages = {n: t.decode() for n, t in site.items() if n.endswith(".html")}
    rest = {name: text for name, text in site.items() if name not in pages}
    names = frozenset((*site, *kit, _SCRIPT_FILE))
    placed = {name: _page(name, text, names, source, codes) for name, text in pages.items()}
    placed[START] = placed.pop("index.html")
    twins = {name: text for name, text in placed.items() if name != START}
    twins |= {n: t.decode() for n, t in rest.items() if n.endswith(".json")}
    modules = {Path(n).name: t.decode() for n, t in rest.items() if n.endswith(".js")}
    texts = {
        **placed,
        **{f"{name}.js": f"given({_js(name)},{_js(text)})" for name, text in twins.items()},
        _SCRIPT_FILE: _loader(modules),
        "LISEZ-MOI.txt": _readme(source.project),
        f"{VIDEOS}/LISEZ-MOI.txt": "\n".join(_videos(source.project)) + "\n",
    }
    files = {name: text for name, text in rest.items() if not name.endswith(".js")}
    return {**files, **kit, **{name: text.encode() for name, text in texts.items()}}


def _belongs(name: str, codes: Collection[str], tags: Collection[str]) -> bool:
    """Tell whether a file of the site belongs into the ZIP."""
    top, _, rest = name.partition("/")
    if top in codes:
        return not rest.startswith((f"{_LEFT_OUT}/", "manifest"))
    if top == "assets":
        match = _OF_LANGUAGE.fullmatch(rest)
        return match is None or match[1] in (*codes, *tags)
    return name == "index.html" or top == "rules"


def _page(
    name: str, text: str, names: Collection[str], source: Source, codes: Collection[str]
) -> str:
    """Return a page whose links name files, with the ZIP's script and languages."""
    folder = posixpath.dirname(name)

    def link(match: re.Match[str]) -> str:
        return f' {match[1]}="{_target(match[3], folder, names, source)}"'

    text = _without(text, source.project, codes)
    if name == "index.html":
        text = text.replace(_FIRST_WAYS, _ways(source.project) + _FIRST_WAYS, 1)
    script = posixpath.relpath(_SCRIPT_FILE, folder or ".")
    text = _SCRIPT.sub(f'<script src="{script}" defer></script>', text)
    return _ATTRIBUTE.sub(link, text)


def _ways(project: Project) -> str:
    """Return the ways from the start, in French and in German: one press to all that staff need."""
    lists = []
    for language in official(project):
        words, folder = project.staff_words[language.code]["usb"], language.code
        links = (
            f'<a class="md-button" href="{folder}/{target}"><strong>{words[name]}</strong></a>'
            for name, target in WAYS.items()
        )
        items = "".join(f"<li>{link}</li>" for link in links)
        lists.append(f'<ul class="choices" lang="{language.tag}">{items}</ul>')
    return "".join(lists)


def _target(link: str, folder: str, names: Collection[str], source: Source) -> str:
    """Return where a link leads from a page of the ZIP."""
    if _OUTSIDE.match(link) or not link:
        return link
    address, hash_, anchor = link.partition("#")
    target = posixpath.normpath(posixpath.join(folder, address))
    if address.endswith("/") or target == ".":
        target = posixpath.normpath(f"{target}/index.html")
    if target in names:
        shown = START if target == "index.html" else target
        return posixpath.relpath(shown, folder or ".") + hash_ + anchor
    return source.site_url + quote(target.removesuffix("index.html")) + hash_ + anchor


def _without(text: str, project: Project, codes: Collection[str]) -> str:
    """Leave out what is for other languages: menu, choices, rows, boxes; and the left-out page."""
    others = [one for one in project.languages if one.code not in codes]
    left_out = rf'<li><a href="?[^" >]*\b{_LEFT_OUT}/[^>]*>[^<]*</a>\s*(?:<ul>.*?</ul>)?</li>'
    text = re.sub(left_out, "", text, flags=re.DOTALL)
    if not others:
        return text
    tag = f'lang="?(?:{"|".join(one.tag for one in others)})[" >]'
    code = f'value="?(?:{"|".join(one.code for one in others)})[" >]'
    for pattern in (
        rf"<li><a [^>]*\b{tag}.*?</li>",
        rf"<li [^>]*\b{tag}.*?</li>",
        rf'<tr><th scope="?row"?><a [^>]*\b{tag}.*?</tr>',
        rf"<label><input [^>]*\b{code}.*?</label>",
    ):
        text = re.sub(pattern, "", text, flags=re.DOTALL)
    return text


def _loader(modules: Mapping[str, str]) -> str:
    """Return the script that runs the modules where the browser refuses modules."""
    sources = {
        name: text.replace("import(", "self.zipImport(").replace("import.meta.url", "self.zipBase")
        for name, text in modules.items()
    }
    return f"self.zipModules={_js(sources)};\n{LOADER.read_text(encoding='utf-8')}"


def _js(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")


def _readme(project: Project) -> str:
    name = project.source_wording.texts["ui.site_name"]
    videos = "\n".join(f"  {VIDEOS}/{one}" for one in _videos(project))
    return README.format(name=name, start=START, videos=videos)


def _videos(project: Project) -> Iterator[str]:
    """Yield the names that the projection looks for in the folder of videos."""
    for block in project.source_pages["videos"].blocks:
        for link in block.links:
            if link.target.endswith(".mp4"):
                yield link.target.rpartition("/")[2]
