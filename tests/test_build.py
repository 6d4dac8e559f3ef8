"""The build: MkDocs' own and its plugins', nothing written after a fault, no more than needed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Set
from pathlib import Path

import pytest
from mkdocs.config import load_config
from mkdocs_macros.plugin import MacrosPlugin
from mkdocs_static_i18n.plugin import I18n
from playwright.sync_api import BrowserContext, expect

from scripts.content.project import load_project
from scripts.faults import ROOT, FaultsError
from scripts.site.macros import MACROS, OF_LANGUAGE
from scripts.site.output import equalize
from scripts.site.rebuild import every_page, touched_pages
from tests.conftest import (
    FEW,
    SITE_URL,
    ContentCopy,
    copied_project,
    go,
    run_mkdocs_build,
    serving_site,
)


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its path."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_theme_and_plugins_are_the_named_ones_as_they_come() -> None:
    config = load_config(str(ROOT / "mkdocs.yml"))
    assert config.theme.name == "material"
    assert type(config.plugins["macros"]) is MacrosPlugin
    assert type(config.plugins["i18n"]) is I18n
    assert all(language.build for language in config.plugins["i18n"].config.languages)


WAYS = {"request_way", "safety_net", "name_way"}
"""Drawings of one kind, step by step, that share the partial `drawn-way`."""


def test_every_macro_has_the_partial_of_its_name() -> None:
    partials = {file.stem for file in (ROOT / "overrides/partials").glob("*.html")}
    assert {name.replace("_", "-") for name in MACROS if name not in WAYS} <= partials
    assert "drawn-way" in partials
    assert set(MACROS) >= OF_LANGUAGE


def private_names(file: Path) -> Iterator[str]:
    """The private names that a module takes from anything but itself and its own objects."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield from (one.name for one in node.names if one.name.startswith("_"))
        elif isinstance(node, ast.Attribute) and re.match("_(?!_)", node.attr):
            yield from () if ast.unparse(node.value) in ("self", "cls") else (node.attr,)


def test_no_private_name_of_a_package_is_used_and_nothing_is_patched() -> None:
    for file in sorted((ROOT / "scripts/site").rglob("*.py")):
        assert list(private_names(file)) == [], file
        assert not re.search(r"\bmock\b|\bgc\b|\bfork\b|setattr", file.read_text("utf-8")), file


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy in few languages, built once, with a page missing and a picture for all."""
    root = copied_project(tmp_path_factory.mktemp("build") / "copy")
    (root / "docs/ar/permit.md").unlink()
    (root / "docs/assets").mkdir(exist_ok=True)
    (root / "docs/assets/dot.svg").write_text("<svg/>", encoding="utf-8")
    done = run_mkdocs_build(root, site_url=SITE_URL, with_kit=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stderr
    return root


def test_readers_of_a_missing_page_get_the_french_text_marked_as_such(root: Path) -> None:
    page = (root / "site/ar/permit/index.html").read_text(encoding="utf-8")
    assert "<html lang=ar dir=rtl" in page
    assert "<div lang=fr-CH dir=ltr>" in page
    assert load_project(root).source_pages["permit"].title in page


def test_a_site_without_the_kit_links_to_nothing_of_it_and_says_so(root: Path) -> None:
    pages = {name: text for name, text in files_of(root / "site").items() if name.endswith(".html")}
    assert [name for name, text in pages.items() if b"kit/" in text] == []
    links = pages["fr/staff-links/index.html"].decode()
    assert "les affiches et les feuilles manquent dans cette copie du site" in links
    assert "https://wa.me/?text=" in links


def test_without_the_kit_staff_still_share_links_and_project(
    root: Path, context: BrowserContext
) -> None:
    page = context.new_page()
    with serving_site(root / "site") as address:
        go(page, f"{address}fr/staff/")
        for code in ("ar", "de"):
            page.check(f"[name=language][value={code}]")
        expect(page.locator("[data-shared] section")).to_have_count(2)
        expect(page.locator("[data-shared]")).to_contain_text("/q/ar-home")
        expect(page.locator("[data-shared] > p")).to_contain_text("manquent")
        assert page.locator("[data-shared] img").count() == 0
        go(page, f"{address}fr/evening/")
        page.click("[data-evening] button")
        expect(page.locator(".slide")).to_be_visible()
        assert page.locator(".slide img").count() == 0


def test_a_shared_picture_is_served_once_for_all_languages(root: Path) -> None:
    found = [name for name in files_of(root / "site") if name.endswith("dot.svg")]
    assert found == ["assets/dot.svg"]


def test_nothing_of_the_theme_but_its_styles_reaches_a_reader(root: Path) -> None:
    names = files_of(root / "site")
    assert not [name for name in names if "/images/" in name or "bundle" in name or "lunr" in name]
    page = (root / "site/fr/index.html").read_text(encoding="utf-8")
    assert not re.search(r"<input|md-overlay|md-dialog|__config|data-md-component|no-js", page)
    assert len(re.findall(r"<script(?! type=text/html)", page)) == 1


def broken(tmp_path: Path, file: str, old: str, new: str) -> tuple[Path, str]:
    """Build a copy that is broken in one place, over a site that stands; return what is said."""
    root = copied_project(tmp_path, codes=("fr", "ar"))
    (root / "site").mkdir()
    (root / "site/index.html").write_text("the site before", encoding="utf-8")
    text = (root / file).read_text(encoding="utf-8")
    assert old in text
    (root / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    done = run_mkdocs_build(root, "--strict")
    assert done.returncode == 1
    assert files_of(root / "site") == {"index.html": b"the site before"}
    assert not (root / "site.new").exists()
    return root, done.stdout + done.stderr


def test_a_misspelt_name_in_a_template_is_told_with_file_and_line(tmp_path: Path) -> None:
    fault = '{% if language.code == "ar" %}{{ nonsense }}{% endif %}'
    _, said = broken(tmp_path, "overrides/main.html", "{{ page.content | safe }}", fault)
    assert re.search(r"overrides/main.html:\d+: 'nonsense' is undefined", said)


def test_a_fault_in_the_partial_of_a_macro_is_told_with_file_and_line(tmp_path: Path) -> None:
    partial = "overrides/partials/rule-table.html"
    _, said = broken(tmp_path, partial, "{% for rule in rules %}", "{% for rule in ruels %}")
    assert re.search(rf"{partial}:\d+: 'ruels' is undefined", said)


def test_a_fault_in_our_code_shows_its_traceback(tmp_path: Path) -> None:
    line = "    terms = [term for term in view.project.terms.values()"
    _, said = broken(tmp_path, "scripts/site/macros.py", line, f"    print(1 / 0)\n{line}")
    assert "Traceback" in said
    assert re.search(r'File ".*scripts/site/macros.py", line \d+, in glossary', said)
    assert "ZeroDivisionError" in said


def test_a_build_that_was_cut_off_leaves_nothing_in_the_next_one(root: Path) -> None:
    (root / "site.new/fr/old").mkdir(parents=True)
    (root / "site.new/fr/old/index.html").write_text("old", encoding="utf-8")
    before = files_of(root / "site")
    done = run_mkdocs_build(root, site_url=SITE_URL, with_kit=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert files_of(root / "site") == before  # the same bytes again, and no more
    assert not (root / "site.new").exists()


EVERY = frozenset({"every page"})
ALL = dict.fromkeys(FEW, EVERY)
OTHERS = {"topics", "communes", "words-pictures", "words-pictures-2"}
TOPICS = {code: OTHERS | ({"evening"} if code in ("fr", "de") else set()) for code in FEW}
"""The pages that show texts of others of their language."""
FRENCH_TEXT = {code: {"permit", "about/index"} | TOPICS[code] for code in FEW}
"""A new French paragraph is shown in French to all, and the table of the languages tells so."""
FRENCH_WORD = {code: {"permit", "about/index"} for code in FEW} | {"fr": FRENCH_TEXT["fr"]}
"""Another French word makes its translations stale, which stay as they are."""
ARABIC_TITLE = {"ar": EVERY, "fr": {"staff-links"}, "de": {"staff-links"}}
"""A title stands in the menu of its language, and in the links that staff copy."""


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        ("docs/ar/permit.md", "title:", "# a comment\ntitle:", {"ar": {"permit"} | OTHERS}),
        ("docs/ar/permit.md", "\n## ", "\nكلمة\n\n## ", {"ar": {"permit"} | OTHERS}),
        ("docs/fr/permit.md", "\n## ", "\nUne phrase.\n\n## ", FRENCH_TEXT),
        ("docs/fr/permit.md", "Vous avez peur", "Vous avez un peu peur", FRENCH_WORD),
        ("docs/ar/permit.md", "title: ", "title: كلمة ", ARABIC_TITLE),
        ("scripts/rules/wording/ar.yml", "  menu: ", "  menu: كلمة ", {"ar": EVERY}),
        ("scripts/rules/eligibility.yml", "version: ", "version: 1", ALL),
        ("scripts/rules/terms.yml", "fr: ", "fr: le ", ALL),
        ("scripts/rules/leads.yml", "elsewhere: help#emergency", "elsewhere: help#today", ALL),
        ("docs/zz/index.md", "---\n", "---\n", {}),
    ],
)
def test_an_edit_touches_the_pages_that_show_it(
    copy: ContentCopy, path: str, old: str, new: str, expected: dict[str, Set[str]]
) -> None:
    before = load_project(copy.root)
    copy.replace(path, old, new)
    now = load_project(copy.root)
    every = every_page(now)
    plan = touched_pages(before, now)
    found = {code: EVERY if paths == every[code] else paths for code, paths in plan.items()}
    assert found == expected


def test_a_page_that_comes_or_goes_touches_its_whole_language(copy: ContentCopy) -> None:
    before = load_project(copy.root)
    (copy.root / "docs/ar/permit.md").unlink()
    now = load_project(copy.root)
    plan = touched_pages(before, now)
    assert plan["ar"] == every_page(now)["ar"]
    assert "permit" not in plan.get("de", ())


def test_content_loaded_again_is_the_content_of_now(copy: ContentCopy) -> None:
    first = load_project(copy.root)
    assert load_project(copy.root).pages["ar"]["permit"] is first.pages["ar"]["permit"]
    copy.replace("docs/ar/permit.md", "description: ", "description: كلمة ")
    again = load_project(copy.root)
    assert "كلمة" in again.pages["ar"]["permit"].description
    assert again.pages["de"]["permit"] is first.pages["de"]["permit"]


def test_a_fault_is_told_again_until_it_is_mended(copy: ContentCopy) -> None:
    copy.replace("docs/ar/permit.md", "title:", "titel:")
    for _ in range(2):
        with pytest.raises(FaultsError, match="unknown key 'titel'"):
            load_project(copy.root)
    copy.replace("docs/ar/permit.md", "titel:", "title:")
    load_project(copy.root)


def test_a_folder_gets_only_the_files_that_differ(tmp_path: Path) -> None:
    files = {"fr/a.html": b"a", "fr/b.html": b"b", "old/c.html": b"c"}
    equalize(tmp_path, files)
    assert files_of(tmp_path) == files
    kept = (tmp_path / "fr/b.html").stat()
    equalize(tmp_path, {"fr/a.html": b"new", "fr/b.html": b"b"})
    assert files_of(tmp_path) == {"fr/a.html": b"new", "fr/b.html": b"b"}
    assert (tmp_path / "fr/b.html").stat() == kept
    assert not (tmp_path / "old").exists()


def test_what_a_folder_holds_is_not_read_again_where_it_is_known(tmp_path: Path) -> None:
    files = {"fr/a.html": b"a", "old/c.html": b"c"}
    equalize(tmp_path, files)
    (tmp_path / "fr/a.html").write_bytes(b"changed by somebody else")
    equalize(tmp_path, {"fr/a.html": b"a", "fr/d.html": b"d"}, held=files)
    assert files_of(tmp_path) == {"fr/a.html": b"changed by somebody else", "fr/d.html": b"d"}
