"""Short addresses to print and to say: `/q/ti-rights`. One that was given out never goes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.content.languages import Language
from scripts.faults import Fault, raise_if_any, relative_name
from scripts.site_url import is_trial
from scripts.strict_yaml import read_yaml

FOLDER = "q"
"""The folder of the site below which the short addresses are."""
_WORD = re.compile(r"[a-z]{3,}")
_GIVEN_AS = re.compile(r"(?:[a-z]{2}-)?[a-z]{3,}")


@dataclass(frozen=True)
class Address:
    """A short address: its name (`ti-rights`), its word, its page, its language.

    Without a language (`rights`, code "") it lets the reader choose one.
    """

    name: str
    word: str
    path: str
    code: str

    @property
    def folder(self) -> str:
        """The folder that it is served from: `q/ti-rights/`."""
        return f"{FOLDER}/{self.name}/"

    @property
    def spoken(self) -> str:
        """The address as it is printed and sent, below the site's: `q/ti-rights`."""
        return f"{FOLDER}/{self.name}"


@dataclass(frozen=True)
class Addresses:
    """The words of the addresses by page, and the names of all addresses ever given out."""

    words: Mapping[str, str]
    lines: Mapping[str, int]
    file: str
    given: tuple[str, ...]
    given_file: str

    def of(self, path: str, code: str = "") -> Address:
        """Return the address of a page in a language, "" for that which lets choose."""
        word = self.words[path]
        return Address(f"{code}-{word}" if code else word, word, path, code)

    def all(self, pages: Mapping[str, Iterable[str]]) -> Iterator[Address]:
        """Yield every address: of each page of each language, then those that let choose.

        Args:
            pages: the paths of the pages by language code; under "" those of every language.
        """
        for code, paths in pages.items():
            yield from (self.of(path, code) for path in paths if path in self.words)


def load_addresses(path: Path) -> Addresses:
    """Return the addresses of a YAML file and of `addresses-given.txt` beside it.

    Raises:
        FaultsError: every fault of form: a word that is none or stands for two pages, a name in
            the list of given addresses that is none.
    """
    faults: list[Fault] = []
    words: dict[str, str] = {}
    lines: dict[str, int] = {}
    for word, item in read_yaml(path, faults).mapping(optional=None).items():
        page = item.text()
        if not _WORD.fullmatch(word):
            item.fault(f"address '{word}': allowed: one word of 3 or more letters a to z")
        if page in words:
            item.fault(f"page '{page}' has the address '{words[page]}' already; keep that one")
            continue
        words[page], lines[page] = word, item.line
    given_file = path.with_name("addresses-given.txt")
    given = _given(given_file, faults)
    raise_if_any(faults)
    return Addresses(words, lines, relative_name(path), given, relative_name(given_file))


def check_addresses(
    addresses: Addresses, pages: Mapping[str, Iterable[str]], languages: Iterable[Language]
) -> Iterator[Fault]:
    """Yield a fault for each page without address, address without page, and lost address.

    Args:
        addresses: the table.
        pages: the paths of the pages that each language must have, by its code; under "" those
            of every language.
        languages: the languages of the site.
    """
    known = {path for paths in pages.values() for path in paths}
    for path in sorted(known - set(addresses.words)):
        yield Fault(addresses.file, 0, f"page '{path}' has no address; give it a word")
    for path in sorted(set(addresses.words) - known):
        message = f"'{addresses.words[path]}' leads to no page '{path}'; give it another page"
        yield Fault(addresses.file, addresses.lines[path], message)
    now = {address.name for address in addresses.all(pages)}
    codes = ", ".join(language.code for language in languages)
    for number, name in enumerate(addresses.given, 1):
        if name not in now:
            message = (
                f"'{name}' was given out and leads nowhere now; bring its word back to "
                f"{addresses.file}, or its language to mkdocs.yml (languages: {codes})"
            )
            yield Fault(addresses.given_file, number, message)


def given_out(addresses: Addresses, pages: Mapping[str, Iterable[str]], site_url: str) -> set[str]:
    """Return the addresses that are given out for the first time.

    Args:
        addresses: the table, and what was given out before.
        pages: the paths of the pages by language code; under "" those of every language.
        site_url: where the site is published. What names this machine is a trial: it gives out
            nothing.
    """
    if is_trial(site_url):
        return set()
    return {address.name for address in addresses.all(pages)} - set(addresses.given)


def with_new(addresses: Addresses, new: Iterable[str]) -> str:
    """Return the text of `addresses-given.txt` with new addresses; none is ever left out."""
    return "".join(f"{name}\n" for name in sorted({*addresses.given, *new}))


def _given(path: Path, faults: list[Fault]) -> tuple[str, ...]:
    try:
        names = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        reason = f"cannot be read ({error.strerror}); bring it back: git checkout -- {path.name}"
        faults.append(Fault(relative_name(path), 0, reason))
        return ()
    for number, name in enumerate(names, 1):
        if not _GIVEN_AS.fullmatch(name):
            message = f"found '{name}', expected an address such as ti-rights; one a line"
            faults.append(Fault(relative_name(path), number, message))
    return tuple(names)
