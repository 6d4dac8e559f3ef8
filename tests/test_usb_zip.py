"""The ZIP of an evening: it runs from a folder, without server, network or anything installed."""

from __future__ import annotations

import re
import shutil
import wave
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from scripts.commands import main
from scripts.content.project import Project
from scripts.faults import FaultsError
from scripts.share.kit import kit_items
from scripts.share.usb_zip import WAYS, Source, usb_zip, zip_languages
from tests.conftest import SITE_URL

pytestmark = pytest.mark.xdist_group("usb-zip")
"""One worker makes it for all these tests."""
ASKED = ("ti", "ar")
CODES = ("fr", "de", "ar", "ti")


@pytest.fixture(scope="module")
def source(site: Path, project: Project, tmp_path_factory: pytest.TempPathFactory) -> Source:
    """The built site, and a kit whose codes are real and whose prints are stand-ins."""
    kit = tmp_path_factory.mktemp("kit")
    for item in kit_items(project, SITE_URL, CODES):
        file = kit / item.path
        file.parent.mkdir(parents=True, exist_ok=True)
        is_code = file.suffix == ".svg"
        file.write_bytes(item.make(item.source()) if is_code else item.path.encode())
    return Source(project, site, kit, SITE_URL)


@pytest.fixture(scope="module")
def stick(source: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the ZIP becomes on a stick."""
    folder = tmp_path_factory.mktemp("stick")
    with zipfile.ZipFile(BytesIO(usb_zip(source, ASKED))) as archive:
        archive.extractall(folder)
    return folder


Visit = Callable[[str], Page]


@pytest.fixture
def visit(browser: Browser, stick: Path) -> Iterator[Visit]:
    """Open a file of the stick, without network; nothing else may be asked for."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(5000)
    context.set_offline(True)
    wrong: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith(("file:", "data:", "blob:")):
            wrong.append(request.url)

    def opened(path: str) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", note)
        page.goto(f"file://{stick}/{path}")
        return page

    yield opened
    context.close()
    assert wrong == []


def test_the_same_content_gives_the_same_bytes_and_holds_what_was_asked_for(
    source: Source, stick: Path
) -> None:
    archived = usb_zip(source, ASKED)
    assert archived == usb_zip(source, tuple(reversed(ASKED)))
    with zipfile.ZipFile(BytesIO(archived)) as archive:
        names = set(archive.namelist())
        assert {entry.date_time for entry in archive.infolist()} == {(2020, 1, 1, 0, 0, 0)}
    folders = {name.split("/")[0] for name in names if "/" in name}
    assert folders == {*CODES, "assets", "kit", "rules", "videos"}
    for name in ("start.html", "LISEZ-MOI.txt", "kit/handouts/ti.pdf", "kit/posters/rights-a3.pdf"):
        assert name in names
    assert not [name for name in names if name.endswith((".new", "sw.js", ".webmanifest"))]
    assert "2023_ARTIAS_Aide_Sociale_Video_1_MASTER_V2.mp4" in (stick / "LISEZ-MOI.txt").read_text()


LINKING = "href|src|data-staff|data-self-check|data-notices"
"""Attributes that hold an address."""


def test_every_link_of_every_page_leads_to_a_file_or_to_the_published_site(stick: Path) -> None:
    lost, out = [], set()
    for file in sorted(stick.rglob("*.html")):
        text = file.read_text(encoding="utf-8")
        for _, link in re.findall(
            r' (?:href|src|data-staff|data-self-check|data-notices)=("?)([^"\s>]*)', text
        ):
            target = link.partition("#")[0]
            if link.startswith(SITE_URL):
                out.add(link)
            elif not re.match(r"[a-z]+:|$", target) and not (file.parent / target).is_file():
                lost.append((file.relative_to(stick).as_posix(), link))
    assert lost == []
    assert len(out) < 40
    assert not [link for link in out if re.search(r"/(ar|ti|fr|de)/(?!phone)", link)]


def test_nothing_of_other_languages_is_left_in_menus_tables_and_choices(
    stick: Path, project: Project
) -> None:
    start = (stick / "start.html").read_text(encoding="utf-8")
    assert len(re.findall("data-continue", start)) == len(CODES)
    page = (stick / "ar/rights/index.html").read_text(encoding="utf-8")
    menu = page[page.index("<details class=languages") :]
    assert menu[: menu.index("</details>")].count("<li>") == len(CODES)
    table = (stick / "fr/staff-links/index.html").read_text(encoding="utf-8")
    topics = len(project.sharing.topics)
    assert table.count("<tbody>") == topics
    assert table.count("<tr>") == topics * (1 + len(CODES))
    assert (stick / "fr/staff/index.html").read_text().count("name=language") == len(CODES)


def test_from_the_start_one_gets_to_a_language_and_from_page_to_page(
    visit: Visit, stick: Path
) -> None:
    page = visit("start.html")
    page.click(".choices a[lang=ti]")
    expect(page).to_have_url(f"file://{stick}/ti/index.html")
    page.click(".menu a[href*='rights/index.html'] >> nth=0")
    expect(page).to_have_url(f"file://{stick}/ti/rights/index.html")
    page.click(".languages > summary")
    page.click(".languages a[lang=ar]")
    expect(page).to_have_url(f"file://{stick}/ar/rights/index.html")


@pytest.mark.parametrize("code", ["fr", "de"])
def test_four_large_ways_lead_from_the_start_to_all_that_staff_need(
    code: str, visit: Visit, stick: Path, project: Project
) -> None:
    words = project.staff_words[code]["usb"]
    for name, target in WAYS.items():
        page = visit("start.html")
        link = page.get_by_role("link", name=words[name], exact=True)
        box = link.bounding_box()
        assert box
        assert box["height"] >= 44
        link.click()
        path, hash_, anchor = target.partition("#")
        expect(page).to_have_url(f"file://{stick}/{code}/{path}index.html{hash_}{anchor}")
        assert not anchor or page.locator(f"#{anchor}").count() == 1
        page.close()
    page = visit(f"{code}/staff-paper/index.html")
    rows = page.locator(".wide tbody tr")
    expect(rows).to_have_count(len(CODES))
    links = rows.locator("td a").evaluate_all("all => all.map((one) => one.href)")
    assert len(links) == 7 * len(CODES)
    assert [link for link in links if not (stick / link.partition(f"{stick}/")[2]).is_file()] == []


def test_the_self_check_gives_its_result(visit: Visit, project: Project) -> None:
    page = visit("ar/self-check/index.html")
    for question, answer in {"residence": "yes", "status": "swiss"}.items():
        page.check(f"[data-question={question}] input[value={answer}]")
        page.click("[data-self-check] button[type=submit]")
    result = page.locator("[data-result]")
    expect(result).to_be_visible()
    expect(result).to_contain_text(project.wordings["ar"].texts["outcomes.ordinary.title"])


def test_the_search_finds(visit: Visit, project: Project) -> None:
    page = visit("fr/topics/index.html")
    page.fill("[data-search] input", "recours")
    expect(page.locator("[data-results] li").first).to_be_visible()
    title = project.source_pages["rights/appeal"].title
    expect(page.locator("[data-results]")).to_contain_text(title)
    page.click("[data-results] a >> nth=0")
    expect(page).to_have_url(re.compile(r"^file:.*/index\.html"))


def test_two_languages_stand_side_by_side(visit: Visit, project: Project) -> None:
    page = visit("ti/rights/appeal/index.html")
    page.click(".languages > summary")
    words = project.wordings["ti"].texts
    page.get_by_role("button", name=words["share.with_fr"], exact=True).click()
    expect(page.locator("main .two").first).to_contain_text("Droit de faire recours")


def step_to(page: Page, project: Project, name: str) -> None:
    """Go on in the projection to a step."""
    for _ in range([part.id for part in project.evening].index(name)):
        page.keyboard.press("ArrowRight")


def test_the_evening_is_projected_with_a_second_language_and_its_codes(
    visit: Visit, project: Project, stick: Path
) -> None:
    page = visit("fr/evening/index.html")
    page.click("[data-evening] button")
    page.select_option(".bar select", "ti")
    step_to(page, project, "personal")
    expect(page.locator(".slide .sides > [lang=ti] h2")).to_have_text(
        project.pages["ti"]["personal-aid"].title
    )
    source = page.locator(".slide > img").get_attribute("src") or ""
    assert source == f"file://{stick}/kit/qr/ti-personal.svg"
    assert (stick / "kit/qr/ti-personal.svg").is_file()
    options = page.locator(".bar option").evaluate_all("all => all.map((one) => one.value)")
    assert options == ["", "de", "ar", "ti"]


def test_a_video_in_its_folder_plays_in_the_projection(
    browser: Browser, stick: Path, tmp_path: Path, project: Project
) -> None:
    folder = tmp_path / "stick"
    shutil.copytree(stick, folder)
    sound = BytesIO()
    with wave.open(sound, "wb") as file:  # the browser looks at what a file is, not at its name
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(16000))
    name = "2023_ARTIAS_Aide_Sociale_Video_1_MASTER_V2.mp4"
    (folder / "videos" / name).write_bytes(sound.getvalue())
    page = browser.new_page()
    page.goto(f"file://{folder}/de/evening/index.html")
    page.click("[data-evening] button")
    expect(page.locator(".stage")).to_be_visible()
    step_to(page, project, "assistance")
    expect(page.locator(".slide video")).to_have_count(1)
    page.keyboard.press("Home")
    step_to(page, project, "documents")
    expect(page.locator(".slide a")).to_have_count(1)
    page.close()


def test_staff_find_the_prints_on_the_stick(visit: Visit, stick: Path) -> None:
    page = visit("fr/staff/index.html")
    page.select_option("[name=topic]", "rights")
    page.check("[name=language][value=ti]")
    link = page.locator("[data-shared] a", has_text="PDF").get_attribute("href") or ""
    assert link == f"file://{stick}/kit/handouts/ti.pdf"


def test_a_wrong_choice_is_refused_in_one_line(
    project: Project,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SITE_URL", SITE_URL)
    with pytest.raises(FaultsError, match="language 'xx' is unknown; allowed: fr, de"):
        zip_languages(project, ["ti", "xx"])
    assert zip_languages(project, ["ti", "ar"]) == CODES
    assert main(["usb-zip", "--languages", "xx", "--output", str(tmp_path / "p.zip")]) == 1
    assert "language 'xx' is unknown" in capsys.readouterr().err.splitlines()[0]
    missing = str(tmp_path / "no" / "p.zip")
    assert main(["usb-zip", "--languages", "ti", "--output", missing]) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert "is no folder. Make it, or name another file." in line
    assert list(tmp_path.iterdir()) == []
