"""The built site as files: what a host serves, and what a fault may not touch."""

from __future__ import annotations

import json
import posixpath
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import html

from scripts.content.project import Project
from scripts.faults import ROOT
from scripts.site.addresses import page_folder, relative
from scripts.site.assets import LAZY, STARTING
from tests.conftest import PREFIX, SITE_URL, copied_project, run_mkdocs_build


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, html.HtmlElement]:
    """Every built page by its path in the site."""
    return {
        file.relative_to(site).as_posix(): html.fromstring(file.read_text(encoding="utf-8"))
        for file in sorted(site.rglob("*.html"))
    }


def test_every_page_of_every_language_is_built(site: Path, project: Project) -> None:
    for language in project.languages:
        for path in project.expected_paths(language):
            assert (site / page_folder(language.code, path) / "index.html").exists()


def test_no_template_braces_reach_the_reader(site: Path) -> None:
    found = [
        file.name
        for file in site.rglob("*.html")
        if re.search(r"\{\{|\{%|\{:", file.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_every_internal_link_and_anchor_leads_somewhere_below_a_sub_path(
    site: Path, pages: dict[str, html.HtmlElement]
) -> None:
    ids = {path: set(page.xpath("//@id")) for path, page in pages.items()}
    broken = []
    for path, page in pages.items():
        for target in page.xpath("//a/@href | //link/@href | //script/@src"):
            parts = urlsplit(str(target))
            if parts.scheme:
                continue
            inner = parts.path.removeprefix(f"{PREFIX}/") if parts.path.startswith("/") else None
            folder = posixpath.dirname(path)
            where = posixpath.normpath(
                posixpath.join(folder, parts.path) if inner is None else inner or "."
            )
            if where.startswith("kit/"):  # no build makes it; tests/test_staff.py looks there
                continue
            file = site / where if parts.path else site / path
            if file.is_dir():
                file = file / "index.html"
            name = file.relative_to(site).as_posix() if file.exists() else ""
            if not name or (parts.fragment and parts.fragment not in ids.get(name, set())):
                broken.append(f"{path}: {target}")
    assert broken == []


def test_no_page_loads_anything_from_another_host(pages: dict[str, html.HtmlElement]) -> None:
    loaded = "//script/@src | //img/@src | //iframe/@src | //link[@rel='stylesheet']/@href"
    found = {str(one) for page in pages.values() for one in page.xpath(loaded)}
    assert [one for one in found if urlsplit(one).scheme] == []


def test_the_sitemap_carries_the_published_address_of_every_page(
    site: Path, project: Project
) -> None:
    sitemap = (site / "sitemap.xml").read_text(encoding="utf-8")
    for language in project.languages:
        for path in project.expected_paths(language):
            assert f"<loc>{SITE_URL}{page_folder(language.code, path)}</loc>" in sitemap
    assert f'hreflang="ar" href="{SITE_URL}ar/rights/appeal/"' in sitemap


def test_key_statements_can_be_found_on_the_built_pages(
    pages: dict[str, html.HtmlElement], project: Project
) -> None:
    for statement in project.keys.statements:
        for language in project.languages:
            for path in statement.pages:
                page = pages[f"{page_folder(language.code, path)}index.html"]
                [element] = page.xpath(f"//*[@data-key='{statement.id}']")
                assert len(element.text_content().strip()) > 3


def test_a_fact_shows_its_source_and_the_day_it_was_checked(
    pages: dict[str, html.HtmlElement],
) -> None:
    page = pages["fr/rights/decision/index.html"]
    [element] = page.xpath("//*[@data-key='decision-30-days']")
    [mark] = element.xpath(".//a[@class='cite']/@href")[:1]
    [entry] = page.xpath(f"//li[@id='{str(mark)[1:]}']")
    assert "contrôlé le 23.11.2026" in entry.text_content()
    assert entry.xpath(".//a/@href")[0].endswith("about/sources-law/#SRC-DIR-16-30J")


def test_official_words_stand_behind_the_first_use_of_a_term(
    pages: dict[str, html.HtmlElement],
) -> None:
    def note(code: str) -> str:
        [link] = pages[f"{code}/rights/appeal/index.html"].xpath(
            "//main//a[contains(@href, 'words/#appeal')]"
        )
        follower = link.getnext()
        official = follower is not None and follower.get("class") == "official"
        return follower.text_content() if official else ""

    assert note("ar") == "(recours / Beschwerde)"
    assert note("de") == "(recours)"
    assert note("fr") == ""


def test_a_translated_page_says_so_and_leads_to_the_french_one(
    pages: dict[str, html.HtmlElement], project: Project
) -> None:
    for language in project.languages:
        found = pages[f"{language.code}/rights/appeal/index.html"].xpath(
            "//aside[contains(@class, 'review')]"
        )
        assert len(found) == (0 if language.is_source else 1)
        if found:
            words = project.wordings[language.code].texts
            assert words["review.machine"] in found[0].text_content()
            assert "/fr/rights/appeal/" in "/" + found[0].xpath(".//a/@href")[0]


def test_every_form_has_a_button_that_submits_and_every_aside_a_name(
    pages: dict[str, html.HtmlElement],
) -> None:
    problems = []
    forms = 0
    for name, page in pages.items():
        waiting = page.xpath("//script[@type='text/html']")
        parts = [page, *(html.fragment_fromstring(one.text, "div") for one in waiting)]
        for form in (one for part in parts for one in part.xpath(".//form")):
            forms += 1
            if len(form.xpath(".//button[@type='submit'][normalize-space()]")) != 1:
                problems.append(f"{name}: form")
        for aside in page.xpath("//aside"):
            label = page.get_element_by_id(aside.get("aria-labelledby", ""), None)
            if label is None or not label.text_content().strip():
                problems.append(f"{name}: aside")
    assert problems == []
    assert forms > 20


def test_the_table_is_published_as_json_and_csv(site: Path, project: Project) -> None:
    data = json.loads((site / "rules/eligibility.json").read_text(encoding="utf-8"))
    table = project.table
    assert [rule["id"] for rule in data["rules"]] == [rule.id for rule in table.rules]
    assert [one["id"] for one in data["inputs"]] == [one.id for one in table.inputs]
    assert data["outcomes"] == list(table.outcomes)
    assert data["version"] == table.version
    assert set(data["sources"]) == {rule.source for rule in table.rules}
    committed = (ROOT / "scripts/rules/truth-table.csv").read_text(encoding="utf-8")
    assert (site / "rules/eligibility.csv").read_text(encoding="utf-8") == committed


def test_the_proof_shows_every_situation_in_every_language(
    pages: dict[str, html.HtmlElement], project: Project
) -> None:
    for language in project.languages:
        rows = pages[f"{language.code}/about/proof/index.html"].xpath("//tbody/tr")
        assert len(rows) == len(project.table.situations)
        about = pages[f"{language.code}/about/index.html"].text_content()
        assert str(len(project.table.situations)) in about


def test_only_our_own_scripts_reach_the_reader(site: Path) -> None:
    names = sorted(file.name for file in site.rglob("*.js"))
    own = {name.partition(".")[0] for name in names} - {"sw"}
    assert own == {name.removesuffix(".js") for name in (*STARTING, *LAZY)}
    assert len(names) == len(own) + 1
    assert list(site.rglob("*.map")) == []
    assert not (site / "search").exists()


def test_two_builds_give_the_same_bytes(tmp_path: Path) -> None:
    root = copied_project(tmp_path / "project")
    for name in ("once", "again"):
        done = run_mkdocs_build(root, "--strict", "--site-dir", str(tmp_path / name))
        assert done.returncode == 0, done.stdout + done.stderr
    once, again = (
        {file.relative_to(site): file.read_bytes() for file in site.rglob("*") if file.is_file()}
        for site in (tmp_path / "once", tmp_path / "again")
    )
    assert len(once) > 100
    assert once.keys() == again.keys()
    assert [name for name in once if once[name] != again[name]] == []


def test_without_an_address_none_is_invented(tmp_path: Path) -> None:
    root = copied_project(tmp_path)
    done = run_mkdocs_build(root, "--strict")
    assert done.returncode == 0, done.stdout + done.stderr
    assert 'href="/fr/"' in (root / "site/404.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        (
            "scripts/rules/eligibility.yml",
            "hit_policy: UNIQUE",
            "hit_policy: ANY",
            "hit_policy: found 'ANY'",
        ),
        ("scripts/rules/wording/de.yml", "  menu:", "  menue:", "missing wording: 'ui.menu'"),
        ("docs/fr/permit.md", "title:", "titel:", "unknown key 'titel'"),
        ("mkdocs.yml", "direction: rtl", "direction: up", "allowed: ltr, rtl"),
        ("overrides/main.html", "{{ page.content | safe }}", "{{ nonsense() }}", "nonsense"),
    ],
)
def test_bad_input_stops_the_build_and_leaves_the_old_site_untouched(
    tmp_path: Path, path: str, old: str, new: str, expected: str
) -> None:
    copied_project(tmp_path)
    (tmp_path / "site").mkdir()
    (tmp_path / "site/index.html").write_text("the site before", encoding="utf-8")
    file = tmp_path / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    done = run_mkdocs_build(tmp_path, "--strict")
    assert done.returncode == 1, done.stdout + done.stderr
    assert expected in done.stdout + done.stderr
    assert (tmp_path / "site/index.html").read_text(encoding="utf-8") == "the site before"
    assert not (tmp_path / "site.new").exists()


@pytest.mark.parametrize(
    ("origin", "target", "link"),
    [
        ("fr/", "fr/words/", "words/"),
        ("fr/rights/appeal/", "fr/words/", "../../words/"),
        ("fr/rights/", "fr/rights/", "./"),
        ("fr/about/proof/", "rules/eligibility.json", "../../../rules/eligibility.json"),
    ],
)
def test_links_are_relative_so_that_the_site_works_in_any_folder(
    origin: str, target: str, link: str
) -> None:
    assert relative(origin, target) == link


def test_a_page_not_translated_yet_shows_the_french_text_and_says_so(
    tmp_path: Path, project: Project
) -> None:
    root = copied_project(tmp_path)
    (root / "docs/ar/rights/appeal.md").unlink()
    assert run_mkdocs_build(root).returncode == 0
    page = html.fromstring((root / "site/ar/rights/appeal/index.html").read_text(encoding="utf-8"))
    assert (page.get("lang"), page.get("dir")) == ("ar", "rtl")
    [notice] = page.xpath("//aside[contains(@class, 'review')]")
    assert project.wordings["ar"].texts["review.missing"] in notice.text_content()
    [text] = page.xpath("//article/div[@lang='fr-CH' and @dir='ltr']")
    assert "Vous pouvez faire" in text.text_content()


def test_a_strict_build_refuses_a_page_not_translated_yet(tmp_path: Path) -> None:
    root = copied_project(tmp_path)
    (root / "docs/ar/rights/appeal.md").unlink()
    done = run_mkdocs_build(root, "--strict")
    assert done.returncode == 1
    assert "docs/ar: page 'rights/appeal.md' is missing" in done.stdout + done.stderr
    assert not (root / "site").exists()
