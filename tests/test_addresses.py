"""Short addresses: each leads to its page, and one that was given out never goes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.content.addresses import (
    Addresses,
    check_addresses,
    given_out,
    load_addresses,
    with_new,
)
from scripts.content.project import Project
from scripts.content.sharing import check_sharing, load_sharing
from scripts.faults import ROOT, FaultsError
from scripts.site_url import is_trial

RULES = ROOT / "scripts/rules"
Change = Callable[[str, str], tuple[str, str]]


def written(folder: Path, table: str, given: str) -> Path:
    (folder / "addresses-given.txt").write_text(given, encoding="utf-8")
    file = folder / "addresses.yml"
    file.write_text(table, encoding="utf-8")
    return file


def changed(folder: Path, old: str, new: str, in_given: bool = False) -> Addresses:
    """The real table with a change in it, or in the list of what was given out."""
    texts = [(RULES / name).read_text() for name in ("addresses.yml", "addresses-given.txt")]
    assert old in texts[in_given]
    texts[in_given] = texts[in_given].replace(old, new)
    return load_addresses(written(folder, *texts))


def test_every_page_of_every_language_has_an_address_of_its_own(project: Project) -> None:
    pages = project.addressed_paths
    found = [(one.code, one.path) for one in project.short_addresses]
    assert len(set(found)) == len(found) == len({one.name for one in project.short_addresses})
    assert set(found) >= {(code, path) for code, paths in pages.items() for path in paths}
    assert ("", "rights/index") in found
    assert ("", "staff") not in found


def test_the_addresses_that_were_printed_are_what_they_were(project: Project) -> None:
    names = {one.name: (one.code, one.path) for one in project.short_addresses}
    assert names["ti-rights"] == ("ti", "rights/index")
    assert names["ar-appeal"] == ("ar", "rights/appeal")
    assert names["check"] == ("", "self-check")


FAULTS = {
    "a removed word": ("appeal: rights/appeal\n", "", "page 'rights/appeal' has no address"),
    "a renamed word": ("appeal: rights", "recours: rights", "'ti-appeal' was given out and leads"),
    "a page that went": ("appeal: rights/appeal", "appeal: rights/gone", "no page 'rights/gone'"),
}


@pytest.mark.parametrize(("old", "new", "message"), FAULTS.values(), ids=FAULTS)
def test_an_address_that_is_lost_or_new_fails_the_check(
    old: str, new: str, message: str, tmp_path: Path, project: Project
) -> None:
    addresses = changed(tmp_path, old, new)
    faults = check_addresses(addresses, project.addressed_paths, project.languages)
    assert message in "\n".join(map(str, faults))


def test_a_language_that_goes_fails_the_check(project: Project) -> None:
    pages = {code: paths for code, paths in project.addressed_paths.items() if code != "ti"}
    faults = [*check_addresses(project.addresses, pages, project.languages)]
    assert len(faults) == sum(name.startswith("ti-") for name in project.addresses.given)
    assert "'ti-" in faults[0].message


BAD = {
    "a capital": ("home: index", "Home: index", "address 'Home': allowed: one word"),
    "a hyphen": ("home: index", "my-home: index", "address 'my-home': allowed: one word"),
    "too short": ("home: index", "ho: index", "address 'ho': allowed: one word"),
    "two words for a page": ("home: index", "home: index\nfirst: index", "has the address 'home'"),
}


@pytest.mark.parametrize(("old", "new", "message"), BAD.values(), ids=BAD)
def test_a_word_that_cannot_be_said_is_refused(
    old: str, new: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(FaultsError, match=message):
        changed(tmp_path, old, new)


def test_a_list_of_given_addresses_that_is_spoilt_or_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FaultsError, match="found 'x', expected an address such as ti-rights"):
        changed(tmp_path, "ti-rights", "x", in_given=True)
    (tmp_path / "addresses-given.txt").unlink()
    with pytest.raises(FaultsError, match="bring it back"):
        load_addresses(tmp_path / "addresses.yml")


def test_noting_new_addresses_keeps_every_old_one(tmp_path: Path, project: Project) -> None:
    addresses = changed(tmp_path, "home: index", "begin: index")
    assert list(check_addresses(addresses, project.addressed_paths, ())) != []  # home is lost
    new = given_out(addresses, project.addressed_paths, "https://cms.example/")
    assert new >= {"begin", *(f"{code}-begin" for code in project.language)}
    names = with_new(addresses, new).split()
    assert {"ti-home", "ti-begin", "home", "begin"} <= set(names)
    assert names == sorted(set(names))


TRIALS = {
    "http://127.0.0.1:8000/": True,
    "http://localhost/valais/": True,
    "http://aide.localhost:8000/": True,
    "http://[::1]:8000/": True,
    "https://cms.example/": False,
    "https://192.168.1.7/": False,
}


@pytest.mark.parametrize(("address", "expected"), TRIALS.items())
def test_a_trial_on_this_machine_gives_out_no_address(
    address: str, expected: bool, tmp_path: Path, project: Project
) -> None:
    assert is_trial(address) == expected
    addresses = changed(tmp_path, "home: index", "begin: index")
    assert bool(given_out(addresses, project.addressed_paths, address)) != expected


def test_a_topic_that_is_no_page_of_every_language_is_told(
    tmp_path: Path, project: Project
) -> None:
    file = tmp_path / "share.yml"
    text = "topics: {index: bed, staff: bed, rights/gone: tent}\nruled: {apply: {3: 2}, gone: {}}\n"
    file.write_text(text, encoding="utf-8")
    letters = project.source_wording.data["letters"]
    pictures = project.pictures.pictures
    faults = list(check_sharing(load_sharing(file), project.source_pages, pictures, letters))
    assert [fault.message.split(";")[0] for fault in faults] == [
        "topic 'staff' is unknown",
        "topic 'rights/gone' is unknown",
        "picture 'tent' is unknown",
        "letter 'gone' is unknown",
        "letter 'apply' leaves nothing to write in line 3",
    ]
    assert "allowed: about/accessibility, " in faults[0].message
    file.write_text("topics: {index: net, index: net}\nruled: {}\n", encoding="utf-8")
    with pytest.raises(
        FaultsError, match=r"key 'index' stands twice \(first in line 1\); keep one"
    ):
        load_sharing(file)
