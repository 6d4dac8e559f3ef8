"""The search index of a language: which word stands in which section of the built pages.

It is made to be small on the wire (gzip), so a reader fetches it whole and searches on the phone.
`overrides/assets/javascripts/search.js` reads it; it alone folds letters and ranks.

A section is a heading with an id and what stands under it, the top of a page, or an entry of the
glossary. The JSON holds:

- `pages`: per page its address, its title, then id and heading of each section after the top;
- `words`: the words of the texts, sorted, each as a mark for the number of letters that it shares
  with the one before (its place in `SHARED`) and its further letters;
- `places`: per word the distances from one section that holds it to the next, each a mark (its
  place in `GAPS`; the second half ends the word). A section whose heading holds the word is left
  out, the reader's phone sees it there. `EVERYWHERE` stands for a word of nearly every section;
- `everyday`: per thing that people look for, the everyday words for it with commas between them,
  then the numbers of the sections that answer it, best first;
- `joins`: whether an apostrophe is a letter of the language.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise, takewhile

from lxml import etree, html
from lxml.html import HtmlElement

from scripts.faults import ROOT
from scripts.site.addresses import page_folder

_SCRIPT = ROOT / "overrides" / "assets" / "javascripts" / "search.js"
_MARKS = dict(re.findall(r'^const (\w+) = "(.+)";$', _SCRIPT.read_text("utf-8"), re.MULTILINE))
SHARED = _MARKS["SHARED"]
"""Marks for 0 to 27 shared letters: ASCII that no word holds and JSON does not escape."""
GAPS = _MARKS["GAPS"]
"""Marks for a distance of 1 to 44 with more to come, then 1 to 44 at the end of a word."""
FURTHER = "~"
"""Adds 44 to the distance that follows: no mark of the two."""
EVERYWHERE = _MARKS["EVERYWHERE"]
"""Stands for all places of a word that is in more than a share of the sections."""
FREQUENT = 0.25
"""The share of sections above which the texts that hold a word tell nothing."""
APOSTROPHE_IS_LETTER = frozenset({"so", "uk"})
"""Languages whose words hold an apostrophe; elsewhere it cuts (l’aide)."""
HEADINGS_ONLY = re.compile("about/|phone/|letters/.")
"""Addresses of pages on the site itself, and of letters to copy, which say in French and German
what other pages explain: their headings are searched, not their texts."""
_HALF = len(GAPS) // 2
_SHORT = 25
"""Words of a section that says too little to be found where a page has its name."""
_PERMITS = frozenset("BCFGLNS")
"""The only letters that are searched alone."""
_TAGS_LEFT_OUT = frozenset({"nav", "script", "h1"})
_CLASSES_LEFT_OUT = frozenset({"cite", "sources", "register", "keep", "listen", "say"})
_NOT_SEARCHED = re.compile('<aside.*?</aside>|<div class="wide.*?</table>', re.DOTALL)
_MEANING = etree.XPath("dd//text()[not(ancestor::dd[@class='official'])]")
"""What explains a word. The parser puts a `dd` into the one before it that has no end tag."""


@dataclass
class Section:
    """A section: id ("" for the top), heading, and its text in pieces."""

    id: str
    heading: str
    text: list[str] = field(default_factory=list)


def searched_part(page: str) -> str:
    """Return what is searched of a page: not its review nor wide tables."""
    return _NOT_SEARCHED.sub("", page[page.index("<article") : page.index("</article>")])


def search_index(
    pages: Mapping[str, str],
    joins: bool = False,
    everyday: Iterable[tuple[Sequence[str], Sequence[str]]] = (),
) -> str:
    """Return the search index of one language as JSON; the same pages give the same text.

    Args:
        pages: the searched part of each page by its address below the language
            (`rights/appeal/`), in the order in which equal results are shown.
        joins: whether an apostrophe is a letter (`APOSTROPHE_IS_LETTER`).
        everyday: everyday words, and the pages and sections that answer them
            (`rights/appeal#when`), best first.

    Raises:
        KeyError: an everyday word leads to a section that the pages do not have.

    """
    frozen = tuple((tuple(words), tuple(targets)) for words, targets in everyday)
    return _search_index(tuple(pages.items()), joins, frozen)


@lru_cache(maxsize=64)  # a served site asks for every language again, of which one has changed
def _search_index(
    pages: tuple[tuple[str, str], ...],
    joins: bool,
    everyday: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...],
) -> str:
    found = searched_sections(pages)
    entries = [
        [address, top.heading, *(text for one in others for text in (one.id, one.heading))]
        for address, (top, *others) in found.items()
    ]
    places = _places([one for sections in found.values() for one in sections], joins)
    data = {
        "joins": int(joins),
        "pages": entries,
        "words": _front_coded(places),
        "places": "".join(_gaps(places[word]) for word in places),
        "everyday": _leads(everyday, found),
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def searched_sections(pages: Iterable[tuple[str, str]]) -> dict[str, list[Section]]:
    """Return the sections of each page with what is searched of them, by address.

    A short section that bears the title of another page only leads there: it is left out.

    Args:
        pages: the address and the searched part of each page.
    """
    found = {address: sections_of(part) for address, part in pages}
    titles = {top.heading for top, *_ in found.values()}
    return {
        address: [
            Section(one.id, one.heading) if HEADINGS_ONLY.match(address) else one
            for one in sections
            if not (one.id and _only_leads(one, titles))
        ]
        for address, sections in found.items()
    }


def _only_leads(section: Section, titles: Collection[str]) -> bool:
    return section.heading in titles and len("".join(section.text).split()) < _SHORT


def sections_of(part: str) -> list[Section]:
    """Return the sections of the searched part of a page in their order, its top first."""
    article = html.fragment_fromstring(part)
    found = [Section("", _text(next(article.iter("h1"))))]
    _read(article, found)
    return found


def words_of(text: str, joins: bool) -> Iterator[str]:
    """Yield the words of a text: letters, their marks and digits, without what elision leaves."""
    text = unicodedata.normalize("NFC", text).replace("\u00ad", "")
    text = text.replace("'", "’").replace("ʼ", "’")
    for run in text.translate(_PARTS).split():
        *cut, last = [run.strip("’")] if joins else run.split("’")
        yield from (word for word in cut if len(word) > 2 and _is_word(word))  # not l’, qu’
        if _is_word(last):
            yield last


class _Parts(dict[int, int]):
    """Code points as they are inside words, apostrophes too; a space for any other."""

    def __missing__(self, code: int) -> int:
        is_part = code in (0x200C, 0x2019) or unicodedata.category(chr(code))[0] in "LMN"
        return self.setdefault(code, code if is_part else 32)


_PARTS = _Parts()


def _is_word(word: str) -> bool:
    return len(word) > 1 or word.isdecimal() or word in _PERMITS


def _read(element: HtmlElement, found: list[Section]) -> None:
    """Add the words below an element to the last section, or begin one."""
    if section := _begun(element):
        found.append(section)
        return
    found[-1].text.append(element.text or "")
    for child in element:
        if isinstance(child.tag, str) and not _is_left_out(child):
            _read(child, found)
        found[-1].text.append(child.tail or "")


def _is_left_out(element: HtmlElement) -> bool:
    """Tell whether an element is no text of the page, or says again what stands elsewhere."""
    classes = element.get("class", "").split()
    return (
        element.tag in _TAGS_LEFT_OUT
        or not _CLASSES_LEFT_OUT.isdisjoint(classes)
        or "data-result" in element.attrib
    )


def _begun(element: HtmlElement) -> Section | None:
    """Return the section that an element begins: a heading, or an entry of the glossary."""
    name = element.get("id")
    if element.tag in ("h2", "h3") and name and not _is_in_check(element):
        return Section(name, _text(element))
    term = element.find("dt") if element.tag == "div" else None
    if term is None or not name:
        return None
    official = [_text(word) for word in element.iterfind(".//dd[@class='official']/bdi")]
    return Section(name, " · ".join([_text(term), *official]), _MEANING(element))


def _is_in_check(element: HtmlElement) -> bool:
    """Tell whether an element is in the self-check, whose parts are hidden from time to time."""
    return any("data-self-check" in one.attrib for one in element.iterancestors())


def _text(element: HtmlElement) -> str:
    return _one_line(str(element.text_content()))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _leads(
    everyday: Iterable[tuple[Sequence[str], Sequence[str]]], pages: Mapping[str, Sequence[Section]]
) -> list[list[str | int]]:
    """Return everyday words, each line with the numbers of the sections that it leads to."""
    names = [f"{address}#{one.id}" for address, sections in pages.items() for one in sections]
    numbers = {name: number for number, name in enumerate(names)}
    return [
        [",".join(words), *(numbers[_section_name(place)] for place in places)]
        for words, places in everyday
    ]


def _section_name(place: str) -> str:
    """Return the address and id of what a page or `page#section` names."""
    path, _, section = place.partition("#")
    return f"{page_folder('', path)[1:]}#{section}"


def _places(sections: list[Section], joins: bool) -> dict[str, list[int]]:
    """Return the numbers of the sections that hold a word outside their heading, by word."""
    places: dict[str, list[int]] = {}
    count: Counter[str] = Counter()
    for number, section in enumerate(sections):
        words = Counter(words_of(" ".join(section.text), joins))
        count.update(words)
        shown = {word.lower() for word in words_of(section.heading, joins)}
        for word in {word.lower() for word in words} - shown:
            places.setdefault(word, []).append(number)
    forms: dict[str, dict[str, int]] = {}
    for word, times in count.items():
        forms.setdefault(word.lower(), {})[word] = times
    limit = FREQUENT * len(sections)
    kept = {_shown(forms[word]): found for word, found in places.items()}
    return {word: kept[word] if len(kept[word]) <= limit else [] for word in sorted(kept)}


def _shown(forms: Mapping[str, int]) -> str:
    """Return a word as results show it: in small letters where it stands so anywhere."""
    small = next(iter(forms)).lower()
    return small if small in forms else min(forms, key=lambda form: (-forms[form], form))


def _front_coded(words: Iterable[str]) -> str:
    coded, before = "", ""
    for word in words:
        same = takewhile(lambda pair: pair[0] == pair[1], zip(before, word, strict=False))
        shared = min(len(list(same)), len(SHARED) - 1)
        coded += SHARED[shared] + word[shared:]
        before = word
    return coded


def _gaps(places: list[int]) -> str:
    coded = "" if places else EVERYWHERE
    for before, place in pairwise([-1, *places]):
        further, rest = divmod(place - before - 1, _HALF)
        coded += FURTHER * further + GAPS[rest + (_HALF if place == places[-1] else 0)]
    return coded
