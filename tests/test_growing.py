"""A new language grows page by page: Hungarian comes, with three pages, and goes again."""

from __future__ import annotations

import inspect
import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from lxml import html

from scripts.content.check import check_project
from scripts.content.project import Project, load_project
from scripts.content.wording import FRAME, SHOWN_BY
from scripts.faults import ROOT, FaultsError
from scripts.files import read_folder
from scripts.share.kit import kit_items
from scripts.site.macros import MACROS
from scripts.translate.review_marks import ReviewMark, mark_reviewed
from tests.conftest import SITE_URL, TODAY, ContentCopy, copied_project, run_mkdocs_build

HUNGARIAN = Path(__file__).parent / "hungarian"
LINE = (
    "        - {locale: hu, name: Magyar, extra: {tag: hu, direction: ltr, script: Latn, "
    "stage: growing}}\n"
)
FEW = ("fr", "de")


def add(root: Path) -> None:
    """Add Hungarian as README says."""
    config = root / "mkdocs.yml"
    before, german, after = config.read_text(encoding="utf-8").partition("- {locale: de,")
    first, end, rest = f"{german}{after}".partition("\n")
    config.write_text(f"{before}{first}{end}{LINE}{rest}", encoding="utf-8")
    shutil.copytree(HUNGARIAN / "docs", root / "docs/hu")
    wording = root / "scripts/rules/wording"
    german = (wording / "de.yml").read_text(encoding="utf-8")
    (wording / "hu.yml").write_text(_frame(german), encoding="utf-8")
    with (root / "scripts/rules/spoken.yml").open("a", encoding="utf-8") as spoken:
        spoken.write((HUNGARIAN / "spoken.yml").read_text(encoding="utf-8"))
    mark_reviewed(load_project(root), ["hu"], ReviewMark(date(2026, 12, 1)))


def _frame(wording: str) -> str:
    """Return the sections of a wording that no language is without, in whatever words."""
    sections = re.split(r"^(?=\w+:)", wording, flags=re.MULTILINE)
    return "".join(one for one in sections if one.partition(":")[0] in FRAME)


def withdraw(root: Path) -> None:
    """Take Hungarian out again as README says."""
    for name in ("mkdocs.yml", "scripts/rules/spoken.yml"):
        file = root / name
        added = LINE if name == "mkdocs.yml" else (HUNGARIAN / "spoken.yml").read_text("utf-8")
        file.write_text(file.read_text(encoding="utf-8").replace(added, ""), encoding="utf-8")
    shutil.rmtree(root / "docs/hu")
    for folder in ("wording", "translations"):
        (root / f"scripts/rules/{folder}/hu.yml").unlink()


@pytest.fixture
def few(tmp_path: Path) -> ContentCopy:
    """A copy of the content in French and German."""
    return ContentCopy(tmp_path, FEW)


def test_a_growing_language_may_lack_pages_sections_and_wordings(few: ContentCopy) -> None:
    add(few.root)
    assert few.faults() == []
    told = [one for one in few.warnings() if "/hu" in one]
    assert told.count("docs/hu: page 'index.md' is missing; translate docs/fr/index.md") == 1
    assert (
        "docs/hu/rights/payment.md:11: section 'do' (docs/fr/rights/payment.md:16) is missing; "
        "translate it"
    ) in told
    assert (
        "docs/hu/letters/decision.md:1: stays in French until the wording it shows is translated "
        "(scripts/rules/wording/hu.yml)"
    ) in told
    assert (
        "scripts/rules/wording/hu.yml: section 'check' is not whole; translate it from "
        "scripts/rules/wording/fr.yml"
    ) in told


def test_what_a_language_has_is_checked_however_little_it_is(few: ContentCopy) -> None:
    add(few.root)
    few.replace("scripts/rules/wording/hu.yml", '  menu: "Menü"\n', "")
    few.replace("docs/hu/obligations/index.md", "Kötelességeim", "TODO")
    faults = few.faults()
    assert "scripts/rules/wording/hu.yml: missing wording: 'ui.menu' ('Menu'); add it" in faults
    assert any("docs/hu/obligations/index.md" in fault for fault in faults)


def test_a_section_that_does_not_agree_is_a_warning_until_the_language_is_complete(
    few: ContentCopy,
) -> None:
    add(few.root)
    few.replace("docs/hu/obligations/index.md", "](information.md)", "](cms.md)")
    message = "links differ in key statement 'duty-inform': found cms.md; expected information.md"
    assert few.faults() == []
    assert any(message in warning for warning in few.warnings())
    assert load_project(few.root).pages["hu"]["obligations/index"].in_french == {"list"}
    few.replace("mkdocs.yml", "stage: growing", "stage: complete")
    words = few.root / "scripts/rules/everyday"
    shutil.copy(words / "de.yml", words / "hu.yml")
    assert any(message in fault for fault in few.faults())
    assert any("docs/hu: page 'index.md' is missing" in fault for fault in few.faults())


def test_a_language_that_was_only_tried_leaves_nothing_behind(few: ContentCopy) -> None:
    before = read_folder(few.root)
    add(few.root)
    withdraw(few.root)
    assert read_folder(few.root) == before


def test_nothing_is_printed_in_a_language_that_grows(few: ContentCopy) -> None:
    add(few.root)
    project = load_project(few.root)
    names = {item.path for item in kit_items(project, SITE_URL)}
    assert names == {item.path for item in kit_items(project, SITE_URL, FEW)}
    with pytest.raises(FaultsError, match="'hu' is growing, and printed when it is complete; all"):
        list(kit_items(project, SITE_URL, ("hu",)))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("stage: growing", "stage: new", "language 'hu': found 'new'; allowed: complete, growing"),
        (", stage: growing", "", "language 'hu': key 'stage' is missing; add it"),
        ("fr-CH, direction: ltr, script: Latn, stage: complete",
         "fr-CH, direction: ltr, script: Latn, stage: growing",
         "language 'fr': the source text is complete; write it so"),
    ],
)  # fmt: skip
def test_a_language_says_how_far_it_is(old: str, new: str, message: str, few: ContentCopy) -> None:
    add(few.root)
    few.replace("mkdocs.yml", old, new)
    assert any(message in fault for fault in few.faults())


def test_readers_of_a_growing_language_are_told_what_is_in_french(tmp_path: Path) -> None:
    root = copied_project(tmp_path / "copy", codes=FEW)
    add(root)
    assert check_project(load_project(root), TODAY, MACROS).all_faults == ()
    done = run_mkdocs_build(root, "--strict", "--site-dir", str(tmp_path / "site"))
    assert done.returncode == 0, done.stdout + done.stderr

    def page(path: str) -> html.HtmlElement:
        text = (tmp_path / "site/hu" / path / "index.html").read_text(encoding="utf-8")
        return html.fromstring(text)

    whole, part, none = page("obligations"), page("rights/payment"), page("self-check")
    for shown in (whole, part, none):
        assert (shown.get("lang"), shown.get("dir")) == ("hu", "ltr")
    assert whole.xpath("//article//div[@lang]") == []
    [french] = part.xpath("//article//div[@lang='fr-CH'][@dir='ltr']")
    assert [one.get("id") for one in french.xpath("h2")] == ["do", "when", "who"]
    assert part.xpath("//article//h2[@id='what']/following-sibling::p[@data-key='payment']")
    assert french.xpath(".//a[@class='term']")
    assert not french.xpath(".//bdi[@class='official']")
    said = load_project(root).wordings["hu"].texts
    assert said["review.partial"] in part.xpath("//aside")[0].text_content()
    assert not part.xpath("//*[@data-voices]")
    assert said["review.missing"] in none.xpath("//aside")[0].text_content()
    [french] = none.xpath("//article//div[@lang='fr-CH']")
    assert french.xpath(".//*[@data-self-check]")


def test_every_section_of_the_wording_that_a_macro_shows_is_known(project: Project) -> None:
    pictures = project.pictures
    keys = {name: set(one.steps.values()) for name, one in pictures.drawings.items()}
    keys["all_pictures"] = {one.meaning for one in pictures.pictures.values()}
    for name, macro in MACROS.items():
        partials = re.findall(r'_(?:filled|staff)\(\s*"([\w-]+)"', inspect.getsource(macro))
        assert partials or name in pictures.drawings, name
        shown = set(re.findall(r"\bw\.([a-z_]+)", "".join(map(_partial, partials))))
        shown |= {key.partition(".")[0] for key in keys.get(name, ())}
        assert shown - FRAME <= SHOWN_BY.get(name, frozenset()), name


def test_readme_names_the_sections_that_no_language_is_without() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    told = readme[readme.index("A growing language needs") :].split(" of `wording/fr.yml`")[0]
    assert set(re.findall(r"`(\w+)`", told)) == FRAME


def test_a_page_whose_drawing_is_not_translated_stays_in_french(few: ContentCopy) -> None:
    add(few.root)
    shutil.copy(few.root / "docs/de/permit.md", few.root / "docs/hu/permit.md")
    shutil.copy(few.root / "docs/de/videos.md", few.root / "docs/hu/videos.md")
    held_back = load_project(few.root).held_back["hu"]
    assert "permit" in held_back
    assert "videos" not in held_back


def _partial(name: str) -> str:
    """Return a partial with those that it includes."""
    file = ROOT / f"overrides/partials/{name}.html"
    text = file.read_text(encoding="utf-8")
    included = re.findall(r'(?:include|from) "partials/([\w-]+)\.html"', text)
    return text + "".join(map(_partial, included))
