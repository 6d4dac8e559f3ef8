"""The page for staff: all that is shared, by topic and language, with and without a script."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from lxml import html
from playwright.sync_api import Browser, Page, expect

from scripts.content.project import Project
from scripts.content.staff_words import load_staff_words
from scripts.faults import ROOT, FaultsError
from scripts.share.kit import kit_items
from scripts.site.addresses import page_folder
from tests.axe import violations
from tests.conftest import SITE_URL, go, started

BIGGEST = 32_000
"""Bytes (gzip) of the table of all links, which the page that leads to it says."""


@pytest.fixture
def staff(browser: Browser, address: str) -> Iterator[Page]:
    """The staff page on a laptop, allowed to write to the clipboard."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.set_default_timeout(5000)
    page = context.new_page()
    go(page, f"{address}fr/staff/")
    yield page
    context.close()


def choose(page: Page, word: str, codes: tuple[str, ...]) -> None:
    page.select_option("[name=topic]", word)
    for code in codes:
        page.check(f"[name=language][value={code}]")
    expect(page.locator("[data-shared] section")).to_have_count(len(codes))


@pytest.mark.parametrize("code", ["fr", "de"])
def test_the_table_has_every_topic_in_every_language_and_all_that_is_made_for_it(
    code: str, site: Path, project: Project
) -> None:
    file = site / code / "staff-links" / "index.html"
    page = html.document_fromstring(file.read_text(encoding="utf-8"))
    made = {f"kit/{item.path}" for item in kit_items(project, SITE_URL)}
    for path in project.sharing.topics:
        word = project.addresses.words[path]
        [table] = page.xpath(f"//h2[@id='{word}']/following-sibling::div[1]//tbody")
        assert len(table) == len(project.languages)
        for row, language in zip(table, project.languages, strict=True):
            links = [link.get("href") for link in row.iter("a")]
            target = (file.parent / links[0] / "index.html").resolve()
            assert target == (site / page_folder(language.code, path) / "index.html").resolve()
            files = [link for link in links[1:] if "kit/" in link]
            found = {(file.parent / one).resolve().relative_to(site.resolve()) for one in files}
            assert {one.as_posix() for one in found} <= made
            assert len(found) == 5
            texts = [link for link in links if link.startswith(("https:", "sms:", "mailto:"))]
            assert [message(one, language.code, project, path) for one in texts] == [True] * 3


def message(link: str, code: str, project: Project, path: str) -> bool:
    """Whether an address to send a message says the page's title and its short address."""
    query = parse_qs(urlsplit(link).query)
    text = (query.get("text") or query.get("body") or [""])[0]
    title, _, address = text.split("\n")
    own = project.addresses.of(path, code).spoken
    subject = query.get("subject", [title])[0]
    return (
        address == f"{SITE_URL}{own}"
        and project.pages[code][path].title in title
        and subject == title
        and unquote(link) != link
    )


def test_the_table_is_as_light_as_the_page_that_leads_to_it_says(
    site: Path, project: Project
) -> None:

    for code in ("fr", "de"):
        weight = len(gzip.compress((site / code / "staff-links/index.html").read_bytes(), 6))
        staff = (site / code / "staff/index.html").read_text(encoding="utf-8")
        said = re.search(r"staff-links/?\"?>[^<]*</a> \((\d+)\sK[oB]\)", staff)
        assert said, code
        assert abs(int(said[1]) * 1000 - weight) < 2000
        assert weight < BIGGEST
        assert project.pages[code]["staff-links"].only == ("fr", "de")


def test_what_is_chosen_is_shown_and_nothing_else(staff: Page, project: Project) -> None:
    choose(staff, "appeal", ("ti", "ar"))
    shown = staff.locator("[data-shared] section")
    names = [project.language[code].name for code in ("ar", "ti")]
    assert shown.locator("h3").all_inner_texts() == names
    expect(shown.nth(1).locator("bdi")).to_have_text(re.compile(r"/q/ti-appeal$"))
    assert "Affiche" in shown.nth(1).inner_text()
    expect(staff.locator("[data-shared] > p")).to_contain_text("Une affiche pour toutes")
    staff.click("[data-staff] [type=submit]")
    expect(shown.locator("h3")).to_have_text(names)
    assert "topic" not in staff.url
    staff.click("button[value=none]")
    expect(shown).to_have_count(0)
    staff.click("button[value=all]")
    expect(shown).to_have_count(len(project.complete_languages))
    links = shown.nth(0).locator("a").evaluate_all("all => all.map((one) => one.href)")
    assert [link for link in links if "/staff" in link] == []


def test_a_link_is_copied_and_said_to_be(staff: Page) -> None:
    stub = "navigator.clipboard.writeText = async (text) => { document.title = text; }"
    staff.evaluate(f"() => {{ {stub} }}")  # a page of ours may not read what is copied
    choose(staff, "rights", ("ti",))
    staff.click("[data-shared] button")
    expect(staff.locator("[data-shared] [role=status]")).to_have_text("Le lien est copié.")
    assert staff.title() == f"{SITE_URL}q/ti-rights"


def test_each_button_names_its_language_and_a_choice_is_told_in_few_words(
    staff: Page, project: Project
) -> None:
    choose(staff, "rights", ("ti", "ar"))
    told = staff.locator("form > [role=status]")
    expect(told).to_have_text("Langues affichées : 2")
    for code in ("ti", "ar"):
        named = f"Copier le lien {project.language[code].name}"
        expect(staff.get_by_role("button", name=named, exact=True)).to_have_count(1)
    assert staff.locator("[aria-live]").count() == 0
    staff.click("button[value=none]")
    expect(told).to_have_text("Langues affichées : 0")


def test_nothing_chosen_is_kept_or_gets_into_the_address(staff: Page, address: str) -> None:
    choose(staff, "permit", ("ar",))
    kept = "[localStorage.length, sessionStorage.length, document.cookie]"
    assert staff.evaluate(kept) == [0, 0, ""]
    assert staff.url == f"{address}fr/staff/"
    staff.reload()
    started(staff)
    assert staff.locator("input:checked").count() == 0


def test_without_network_it_says_so(browser: Browser, address: str, project: Project) -> None:
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    page.route("**/staff-links/", lambda route: route.abort())
    go(page, f"{address}fr/staff/")
    page.check("[name=language][value=ti]")
    failed = project.staff_words["fr"]["share"]["failed"]
    expect(page.locator("form > .told")).to_have_text(failed)
    context.close()


def test_the_keyboard_alone_chooses_and_copies(staff: Page) -> None:
    staff.focus("[name=topic]")
    staff.keyboard.press("ArrowDown")
    staff.focus("[name=language][value=so]")
    staff.keyboard.press("Space")
    expect(staff.locator("[data-shared] p > bdi")).to_have_text(re.compile(r"/q/so-check$"))
    staff.focus("[data-shared] button")
    staff.keyboard.press("Enter")
    expect(staff.locator("[data-shared] [role=status]")).to_have_text("Le lien est copié.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_form_with_its_results_is_accessible(width: int, scheme: Any, staff: Page) -> None:
    staff.set_viewport_size({"width": width, "height": 900})
    staff.emulate_media(color_scheme=scheme)
    choose(staff, "rights", ("ti", "ar"))
    assert violations(staff) == []
    assert staff.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_without_script_the_table_is_there_and_the_form_is_not(
    browser: Browser, address: str, project: Project
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}de/staff/")
    assert page.locator("form").is_hidden()
    page.click("main a[href*=staff-links]")
    expect(page.locator("table >> visible=true")).to_have_count(len(project.sharing.topics))
    context.close()


BAD = {
    "a missing key": ('    copy: "Copier le lien"\n', "", "fr.share: key 'copy' is missing"),
    "an unknown key": ("    copy:", "    copied_: x\n    copy:", "unknown key 'copied_'"),
    "an empty text": ('copy: "Copier le lien"', 'copy: " "', "fr.share.copy is empty"),
}


@pytest.mark.parametrize(("old", "new", "found"), BAD.values(), ids=BAD)
def test_a_wrong_word_for_staff_is_told(old: str, new: str, found: str, tmp_path: Path) -> None:
    text = (ROOT / "scripts/rules/staff.yml").read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "staff.yml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FaultsError, match=found):
        load_staff_words(file)
