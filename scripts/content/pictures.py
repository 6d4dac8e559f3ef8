"""The pictures: what each stands for, how it is drawn, and where the site shows it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files as package_files
from pathlib import Path

from markupsafe import Markup

from scripts.content.pages import Page
from scripts.content.references import CALL
from scripts.faults import ROOT, Fault, raise_if_any, relative_name
from scripts.strict_yaml import Item, read_yaml
from scripts.table.model import DecisionTable

BOXES = frozenset({"deadline", "authority", "protects", "warning", "example", "notice"})
"""The marks of paragraphs that become boxes."""
HERE, NOWHERE, END = "status", "-", "/end"
"""The question whose answers are permits; no step of a drawing; the end of a section."""
_ICONS = (ROOT / "overrides" / ".icons", Path(str(package_files("material"))) / "templates/.icons")
_FORM = re.compile(
    r'<svg xmlns="http://www\.w3\.org/2000/svg" viewBox="0 0 24 24">(<path [^<>]*/>)</svg>\s*'
)
_IN_PARTIAL = re.compile(r'picture\("(\w+)"\)')
_USES = ("boxes", "boxes_at", "lists", "numbers", "say", "notices", "bring")
_PARTIALS = ROOT / "overrides" / "partials"


@dataclass(frozen=True)
class Picture:
    """A picture: the wording's key of its meaning, and its drawing without the frame."""

    meaning: str
    path: str
    mirrored: bool
    line: int

    @property
    def svg(self) -> Markup:
        """The picture as it stands in a page, silent: words stand beside it.

        Its attributes are in the order of those that Markdown writes: equal texts weigh little.
        """
        name = "pic turned" if self.mirrored else "pic"
        frame = f'<svg aria-hidden="true" class="{name}" height="24" viewBox="0 0 24 24" width="24"'
        return Markup(f"{frame}>{self.path}</svg>")


@dataclass(frozen=True)
class Drawing:
    """A drawing: its places with the reader's step there, and the wording beside each picture."""

    at: Mapping[str, str]
    steps: Mapping[str, str]


@dataclass(frozen=True)
class Pictures:
    """All pictures by name, and where they stand; a list below a heading has several names."""

    pictures: Mapping[str, Picture]
    boxes: Mapping[str, str]
    boxes_at: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, str]
    say: Mapping[str, str]
    notices: Mapping[str, str]
    bring: Mapping[str, str]
    cards: Mapping[str, str]
    drawings: Mapping[str, Drawing]
    lines: Mapping[str, int]
    file: str

    def of_box(self, path: str, section: str, key: str, mark: str) -> str | None:
        """Return the name of the picture of a box, None for a mark without one."""
        by_key = self.boxes_at.get(f"{path}:{key}")
        return by_key or self.boxes_at.get(f"{path}#{section}/{mark}") or self.boxes.get(mark)

    def drawn_at(self, place: str) -> Iterator[str]:
        """Yield the names of the drawings at a place such as `rights/appeal#when`."""
        return (name for name, drawing in self.drawings.items() if place in drawing.at)

    def drawn_on(self, path: str) -> Iterator[str]:
        """Yield the names of the drawings on a page."""
        on_page = f"{path}#"
        for name, drawing in self.drawings.items():
            if any(place.startswith(on_page) for place in drawing.at):
                yield name

    def used_on(self, page: Page) -> set[str]:
        """Return the names of the pictures that a page shows, read from its French text."""
        found: set[str | None] = set()
        for section in page.sections:
            for block in section.blocks:
                marks = block.attributes.get("class", "").split()
                key = block.key or ""
                found |= {self.of_box(page.path, section.id, key, mark) for mark in marks}
                found |= {self.numbers.get(link.target[4:]) for link in block.links}
        on_page = re.compile(rf"{re.escape(page.path)}#")
        found |= {one for at, names in self.lists.items() if on_page.match(at) for one in names}
        for name in self.drawn_on(page.path):
            found |= set(self.drawings[name].steps)
        found |= {self.say.get(name) for call, name in CALL.findall(page.body) if call == "say"}
        return {one for one in found if one} | self._in_partials(page)

    def _in_partials(self, page: Page) -> set[str]:
        found: set[str] = set()
        for name in set(page.macros):
            file = _PARTIALS / f"{name.replace('_', '-')}.html"
            text = file.read_text(encoding="utf-8") if file.exists() else ""
            found.update(_IN_PARTIAL.findall(text))
            for group in ("notices", "bring"):
                found.update(getattr(self, group).values() if f"pictures.{group}" in text else ())
        return found


def load_pictures(path: Path) -> Pictures:
    """Return what a YAML file says of the pictures; raise `FaultsError` with all its faults."""
    faults: list[Fault] = []
    entries = read_yaml(path, faults).mapping(("pictures", *_USES, "cards", "drawings"))
    raise_if_any(faults)
    pictures = {name: _picture(one) for name, one in _entries(entries["pictures"])}
    lists = {at: one.texts(pictures) for at, one in _entries(entries["lists"])}
    uses = {
        use: {key: one.text(pictures) for key, one in _entries(entries[use])}
        for use in _USES
        if use != "lists"
    }
    drawings = {name: _drawing(one, pictures) for name, one in _entries(entries["drawings"])}
    cards = {answer: one.text() for answer, one in _entries(entries["cards"])}
    lines = {f"{use}.{key}": one.line for use in entries for key, one in _entries(entries[use])}
    raise_if_any(faults)
    file = relative_name(path)
    return Pictures(
        pictures, lists=lists, cards=cards, drawings=drawings, lines=lines, file=file, **uses
    )


def _entries(item: Item) -> Iterator[tuple[str, Item]]:
    yield from item.mapping(optional=None).items()


def _picture(item: Item) -> Picture:
    parts = item.mapping(("icon", "meaning"), ("mirrored",))
    mirrored = "mirrored" in parts and parts["mirrored"].text({"yes"}) == "yes"
    meaning = parts["meaning"].text() if "meaning" in parts else ""
    path = _read_icon(parts["icon"]) if "icon" in parts else ""
    return Picture(meaning, path, mirrored, item.line)


def _read_icon(item: Item) -> str:
    """Return the path of an icon's file; the site's own folder comes before Material's."""
    name = item.text()
    file = next((one for folder in _ICONS if (one := folder / f"{name}.svg").is_file()), None)
    if file is None:
        item.fault(f"{item.name}: no file '{name}.svg' in overrides/.icons or among Material's")
        return ""
    form = _FORM.fullmatch(file.read_text(encoding="utf-8"))
    if form is None:
        item.fault(f"{item.name}: '{name}.svg' is not one path in a square of 24; draw it so")
        return ""
    return form[1]


def _drawing(item: Item, pictures: Collection[str]) -> Drawing:
    parts = item.mapping(("at",), ("steps",))
    steps = {name: one.text() for name, one in _entries(parts["steps"])} if "steps" in parts else {}
    for name in [name for name in steps if name not in pictures]:
        parts["steps"].fault(f"no picture '{name}'; allowed: {', '.join(sorted(pictures))}")
    at = {place: one.text({*steps, NOWHERE}) for place, one in _entries(parts["at"])}
    return Drawing(at, steps)


def check_pictures(
    found: Pictures,
    table: DecisionTable,
    wording: Mapping[str, str],
    pages: Mapping[str, Page],
    macros: Collection[str],
    printed: Collection[str],
) -> Iterator[Fault]:
    """Yield each meaning without a wording, each place that is none, each picture not used.

    Args:
        found: the pictures.
        table: the decision table, whose notices and permits have pictures and cards.
        wording: the French texts by dotted key.
        pages: the French pages by path.
        macros: the names of the macros, among them one a drawing.
        printed: the names of the pictures that paper and projection show.
    """
    words = {name: one.meaning for name, one in found.pictures.items()}
    words |= {f"{name}.{k}": v for name, d in found.drawings.items() for k, v in d.steps.items()}
    for name, key in words.items():
        if key not in wording:
            yield _fault(found, name, f"'{name}': no wording '{key}'; add it to every language")
    used = {*printed, *(name for page in pages.values() for name in found.used_on(page))}
    for name in found.pictures:
        if name not in used:
            yield _fault(found, name, f"picture '{name}' is used nowhere; use it or remove it")
    permits = next(question.answers for question in table.inputs if question.id == HERE)
    expected = {
        "boxes": BOXES,
        "say": _below(wording, "say") - {"intro"},
        "notices": set(table.notices),
        "bring": _below(wording, "bring"),
        "cards": set(permits),
        "drawings": set(macros),
        "numbers": {link.target[4:] for p in pages.values() for b in p.blocks for link in b.links},
    }
    for use, allowed in expected.items():
        yield from _unknown(found, use, allowed)
    for use in ("say", "notices", "bring"):
        for key in sorted(expected[use] - set(getattr(found, use))):
            yield Fault(found.file, 0, f"'{use}.{key}' is missing; name its picture")
    yield from _misplaced(found, pages)


def _unknown(found: Pictures, use: str, allowed: Collection[str]) -> Iterator[Fault]:
    for key in getattr(found, use):
        if key not in allowed:
            message = f"'{use}.{key}' is unknown; allowed: {', '.join(sorted(allowed))}"
            yield Fault(found.file, found.lines[f"{use}.{key}"], message)


def _misplaced(found: Pictures, pages: Mapping[str, Page]) -> Iterator[Fault]:
    for place, names in found.lists.items():
        size = _first_list(pages, place)
        if size != len(names):
            message = f"'{place}': found {len(names)} pictures, expected {size}, one an entry"
            yield Fault(found.file, found.lines[f"lists.{place}"], message)
    for name, drawing in found.drawings.items():
        for place in drawing.at:
            path, _, section = place.removesuffix(END).partition("#")
            if path not in pages or section not in pages[path].ids:
                message = f"'{name}' is drawn at '{place}'; expected a page and a section of it"
                yield Fault(found.file, found.lines[f"drawings.{name}"], message)
    for place in found.boxes_at:
        if not any(place in _boxes(page) for page in pages.values()):
            message = f"no box at '{place}'; expected page:key or page#section/mark"
            yield Fault(found.file, found.lines[f"boxes_at.{place}"], message)


def _boxes(page: Page) -> Iterator[str]:
    for section in page.sections:
        for block in section.blocks:
            yield f"{page.path}:{block.key}"
            marks = block.attributes.get("class", "").split()
            yield from (f"{page.path}#{section.id}/{mark}" for mark in marks)


def _first_list(pages: Mapping[str, Page], place: str) -> int:
    """Return how many entries the first list of a section has, 0 where there is none."""
    path, _, name = place.partition("#")
    sections = pages[path].sections if path in pages else ()
    blocks = next((one.blocks for one in sections if one.id == name), ())
    kinds = "".join("i" if block.kind == "item" else " " for block in blocks)
    return len(kinds.split()[0]) if kinds.strip() else 0


def _below(wording: Mapping[str, str], section: str) -> set[str]:
    return {key.partition(".")[2] for key in wording if key.startswith(f"{section}.")}


def _fault(found: Pictures, name: str, message: str) -> Fault:
    drawing = f"drawings.{name.partition('.')[0]}"
    line = found.lines.get(f"pictures.{name}", found.lines.get(drawing, 0))
    return Fault(found.file, line, message)
