"""Where to go: communes and their CMS, the map, offices, the publisher, announcements."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from playwright.sync_api import Browser, Page, expect

from scripts.content.announcements import check_announcements, load_announcements
from scripts.content.languages import load_languages
from scripts.content.places import CERTAIN, Commune, Places
from scripts.content.project import Project, load_project
from scripts.faults import ROOT, FaultsError
from scripts.share.handouts import handout
from scripts.site.region_map import BOUNDARIES
from tests.axe import violations
from tests.conftest import SITE_URL, ContentCopy, go, run_mkdocs_build
from tests.copies import BUILT_FROM

CODES = [language.code for language in load_languages(ROOT / "mkdocs.yml")]
MERGER = date(2027, 1, 1)
JOINING = ("Baltschieder", "Eggerberg")
OFFICES, COMMUNES = "scripts/rules/offices.yml", "scripts/rules/communes.yml"
ANNOUNCEMENTS = "scripts/rules/announcements.yml"
CUT_OFF = {"Massongex"}
"""Communes whose middle lies outside of the simplified border of the canton."""
FIND = """async ([script, typed]) => {
  const { find, readNames } = await import(script);
  const names = readNames(document);
  return typed.map((one) => find(names, one).map(({ name, commune }) => [name, commune]));
}"""
STORED = """async () => [location.search + location.hash, document.cookie, localStorage.length,
  sessionStorage.length, (await indexedDB.databases()).length, JSON.stringify(history.state)]"""


def names_of(places: Places) -> list[tuple[str, Commune]]:
    """Return every name with its commune."""
    return [(name, one) for one in places.communes for name in (one.name, *one.also)]


def lines_of(site: Path, code: str) -> dict[tuple[str, str], str]:
    """Return what the built list says of each name, by name and commune."""
    page = html.parse(site / code / "communes" / "index.html")
    found = {}
    for line in page.xpath("//div[@data-communes]//li"):
        [name] = line.xpath("bdi[1]/b/text()")
        commune = re.sub(r"^.* \((.*)\)$", r"\1", line.xpath("string(bdi[1])"))
        found[name, commune] = " ".join(line.text_content().split())
    return found


# Finding


@pytest.fixture(scope="module")
def found_by(browser: Browser, address: str, site: Path) -> Iterator[Callable[..., Any]]:
    """Ask the shipped script for what is typed, in the built list of all communes."""
    page = browser.new_page()
    go(page, f"{address}fr/communes/")
    [script] = (site / "assets").glob("places.*.js")

    def found_by(typed: list[str]) -> list[list[list[str]]]:
        answers: list[list[list[str]]] = page.evaluate(
            FIND, [f"{address}assets/{script.name}", typed]
        )
        assert len(answers) == len(typed)
        return answers

    yield found_by
    page.close()


ACCENTS = str.maketrans("äâéèêëïîôöü", "aaeeeeiioou")
VARIANTS: dict[str, Callable[[str], str]] = {
    "as it is written": lambda name: name,
    "in small letters, without hyphens": lambda name: re.sub("[-’']", " ", name.lower()),
    "in capitals": str.upper,
    "without accents": lambda name: name.translate(ACCENTS),
    "with St for Saint": lambda name: name.replace("Saint-", "St-"),
    "with Saint for St": lambda name: name.replace("St. ", "Saint "),
}


@pytest.mark.browser
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_commune_is_found_by_all_of_its_names(
    variant: str, found_by: Callable[..., Any], project: Project
) -> None:
    names = names_of(project.places)
    answers = found_by([VARIANTS[variant](name) for name, _ in names])
    lost = [
        name
        for (name, commune), answer in zip(names, answers, strict=True)
        if commune.name not in [one for _, one in answer[:3]]
    ]
    assert lost == []


@pytest.mark.browser
def test_a_slip_of_the_finger_is_forgiven_in_long_names(
    found_by: Callable[..., Any], project: Project
) -> None:
    names = [(name, one.name) for name, one in names_of(project.places) if len(name) > 5]
    slips = [name[:2] + name[3] + name[2] + name[4:] for name, _ in names]
    slips += [name[:3] + name[4:] for name, _ in names]
    answers = found_by(slips)
    lost = [
        (slip, answer)
        for slip, (_, commune), answer in zip(slips, names * 2, answers, strict=True)
        if answer and commune not in [one for _, one in answer]
    ]
    assert len(lost) <= len(slips) // 50, lost  # a slip that makes another name gives that one
    assert sum(not answer for answer in answers) <= len(slips) // 50


@pytest.mark.browser
def test_two_places_of_one_name_are_both_shown_and_what_is_none_finds_nothing(
    found_by: Callable[..., Any],
) -> None:
    muraz, visp, none, short, *others = found_by(
        ["muraz", "vis", "Sxn", "s", "Genève", "Zürich", "<b>", "(", "Lausanne"]
    )
    assert [commune for _, commune in muraz] == ["Collombey-Muraz", "Sierre"]
    assert visp[0] == ["Visp", "Visp"]
    assert [none, short, *others] == [[]] * 7


@pytest.mark.browser
def test_a_commune_is_found_while_typing_and_nothing_typed_is_kept_or_sent(
    open_page: Callable[[str], Page],
) -> None:
    page = open_page("fr/where-to-go/")
    before = page.evaluate(STORED)
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.locator("#commune").press_sequentially("verb")
    found = page.locator("form.search [data-results] li")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("Verbier (Val de Bagnes)")
    expect(found).to_contain_text("Demandez à votre commune")
    expect(page.locator("form.search [role=status]")).to_have_text("Résultats\u00a0: 1")
    assert found.locator("a").evaluate("(one) => one.href").endswith("/fr/where-to-go/#martigny")
    page.fill("#commune", "Vetrox")
    expect(found).to_contain_text("CMS Sion-Hérens-Conthey, Vétroz")
    page.fill("#commune", "Genève")
    expect(found).to_have_count(0)
    expect(page.locator("form.search [role=status]")).to_contain_text("Nous ne trouvons pas")
    assert page.evaluate(STORED) == before
    assert {url.rpartition("/valais/")[2] for url in asked if "assets/" not in url} <= {
        "fr/communes/"
    }


@pytest.mark.browser
@pytest.mark.parametrize("path", ["fr/where-to-go/", "ar/where-to-go/", "ti/communes/"])
def test_what_is_found_has_no_violation_and_stays_within_the_screen(
    path: str, open_page: Callable[[str], Page]
) -> None:
    page = open_page(path)
    page.fill("#commune", "saint")
    expect(page.locator("[data-results] li").first).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


# The list


@pytest.mark.parametrize("code", CODES)
def test_the_list_tells_each_name_its_region_and_the_cms_where_that_is_certain(
    code: str, site: Path, project: Project
) -> None:
    lines = lines_of(site, code)
    ask = project.wordings[code].texts["places.ask"]
    names = names_of(project.places)
    assert set(lines) == {(name, one.name) for name, one in names}
    for name, one in names:
        line = lines[name, one.name]
        office, place = project.places.offices[one.office], project.places.site(one)
        if one.status in CERTAIN:
            assert office.name in line
            assert ask not in line
            assert place is None or place.name in line
        else:
            assert ask in line
            assert office.name not in line


def test_what_is_not_established_is_never_told_as_certain(project: Project) -> None:
    asked = {one.name for one in project.places.communes if one.status not in CERTAIN}
    assert {"Finhaut", "Salvan", "Vernayaz", "Collonges", "Dorénaz"} < asked
    assert {"Fully", "Leytron", "Val de Bagnes", "Crans-Montana", "Chalais"} < asked
    assert not asked & {"Monthey", "Martigny", "Sion", "Sierre", "Visp", *JOINING}


@pytest.mark.parametrize("code", CODES)
def test_the_asylum_domain_is_told_first_where_it_belongs(code: str, site: Path) -> None:
    for name in ("where-to-go", "communes"):
        page = html.parse(site / code / name / "index.html")
        first = page.xpath("//article/p[1]")[0]
        assert "authority" in first.get("class")
        assert "#asylum" in first.xpath(".//a/@href")[0]


@pytest.mark.parametrize("code", CODES)
def test_the_two_communes_of_2027_are_right_on_both_sides_of_the_day(
    code: str, site: Path, project: Project
) -> None:
    lines = lines_of(site, code)
    for name in JOINING:
        assert "SMZ Oberwallis" in lines[name, name]
        assert MERGER.strftime("%d.%m.%Y") in lines[name, name]
        assert "Visp" in lines[name, name]
    assert MERGER in [one.day for one in project.dates]


def test_once_they_are_part_of_visp_they_are_found_under_its_names(copy: ContentCopy) -> None:
    for name in JOINING:
        line = re.search(rf"- {{name: {name}, [^}}]*}}\n", (copy.root / COMMUNES).read_text())
        assert line
        copy.replace(COMMUNES, line[0], "")
    copy.replace(
        COMMUNES, "also: [Viège, Eyholz]", "also: [Viège, Eyholz, Baltschieder, Eggerberg]"
    )
    assert copy.faults() == []
    communes = {name: one.name for name, one in names_of(load_project(copy.root).places)}
    assert [communes[name] for name in JOINING] == ["Visp", "Visp"]


@pytest.mark.parametrize("path", ["where-to-go", "communes"])
def test_without_a_script_there_is_the_list_and_no_field(path: str, site: Path) -> None:
    page = html.parse(site / "fr" / path / "index.html")
    assert page.xpath("//article//form | //article//input") == []
    if path == "where-to-go":
        assert page.xpath("//article//a[@href='../communes/']")
    letters = page.xpath("//p[@class='links']/a/@href")
    assert all(page.xpath(f"//h2[@id='{one[1:]}']") for one in letters)


# The map


def test_the_regions_of_the_map_are_those_of_the_communes(project: Project) -> None:
    features = json.loads(BOUNDARIES.read_text(encoding="utf-8"))["features"]
    regions = {one["properties"]["region"]: one["geometry"]["coordinates"][0] for one in features}
    file = BOUNDARIES.with_name("communes.geojson")
    communes = json.loads(file.read_text(encoding="utf-8"))["features"]
    numbers = {one.bfs: one for one in project.places.communes}
    assert sorted(numbers) == sorted(one["properties"]["bfs"] for one in communes)
    for one in communes:
        commune = numbers[one["properties"]["bfs"]]
        assert (commune.name, commune.district) == (
            one["properties"]["commune"],
            one["properties"]["district"],
        )
        rings = one["geometry"]["coordinates"]
        [outline, *_] = rings[0] if one["geometry"]["type"] == "MultiPolygon" else rings
        point = inner_point(outline)
        found = [number for number, region in regions.items() if is_inside(point, region)]
        office = project.places.offices[commune.office]
        assert found == ([] if commune.name in CUT_OFF else [office.number]), commune.name


def inner_point(outline: list[list[float]]) -> tuple[float, float]:
    """Return the point within an outline, of a grid over it, that is farthest from its corners."""
    xs, ys = zip(*outline, strict=True)
    grid = [
        (min(xs) + (max(xs) - min(xs)) * a / 12, min(ys) + (max(ys) - min(ys)) * b / 12)
        for a in range(1, 12)
        for b in range(1, 12)
    ]

    def room(point: tuple[float, float]) -> float:
        return min((point[0] - x) ** 2 + (point[1] - y) ** 2 for x, y in outline)

    return max((one for one in grid if is_inside(one, outline)), key=room)


def is_inside(point: tuple[float, float], outline: list[list[float]]) -> bool:
    """Tell whether a point is within a closed line: an odd number of its edges is to the right."""
    x, y = point
    crossed = False
    for at, (x1, y1) in enumerate(outline):
        x2, y2 = outline[at - 1]
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            crossed = not crossed
    return crossed


@pytest.mark.browser
@pytest.mark.parametrize("code", CODES)
def test_each_name_on_the_map_stands_on_its_region_and_on_no_other_name(
    code: str, open_page: Callable[[str], Page]
) -> None:
    page = open_page(f"{code}/where-to-go/")
    page.locator(".map").scroll_into_view_if_needed()
    found = page.evaluate(
        """() => [...document.querySelectorAll('.map li a')].map((one) => {
          const { left, right, top, bottom, height } = one.getBoundingClientRect();
          const all = document.elementsFromPoint((left + right) / 2, (top + bottom) / 2);
          const names = all.filter((one) => one.matches('.map li a'));
          const shape = all.find((one) => one.matches('path'));
          return [one.getAttribute('href'), names.length,
            shape && shape.parentNode.getAttribute('href'), left >= 0 && right <= innerWidth,
            height];
        })"""
    )
    ids = ["bas-valais", "martigny", "sion", "sierre", "oberwallis"]
    assert [one[:4] for one in found] == [[f"#{one}", 1, f"#{one}", True] for one in ids]
    boxes = page.locator(".map li").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect().toJSON())"
    )
    for at, one in enumerate(boxes):
        for other in boxes[:at]:
            apart = one["left"] >= other["right"] or one["right"] <= other["left"]
            assert apart or one["top"] >= other["bottom"] or one["bottom"] <= other["top"], code


def test_only_the_page_that_uses_the_map_carries_it(site: Path) -> None:
    pages = [one for one in site.glob("fr/**/index.html") if 'class="map"' in one.read_text()]
    pages += [one for one in site.glob("fr/**/index.html") if "class=map" in one.read_text()]
    assert {one.parent.name for one in pages} == {"where-to-go"}


# What offices, the publisher and announcements fill in


FILLED = """  telephone: {value: "027 000 00 00", source: "CMS, courriel", date: 2026-11-30}
  hours: {value: ["mon-fri 08:00-12:00", "wed 13:30-17:00"], source: "CMS", date: 2026-11-30}
  email: {value: "accueil@example.ch", source: "CMS", date: 2026-11-30}
  languages: {value: [fr, pt, ti], source: "CMS", date: 2026-11-30}
"""
ANNOUNCEMENT = '- from: 2001-01-01\n  until: 2099-12-31\n  fr: "Le CMS est fermé."\n' + "".join(
    f'  {code}: "{code} closed"\n' for code in ("de", "en", "ar")
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy in which an office, the publisher and an announcement are filled in, and built."""
    copy = ContentCopy(tmp_path_factory.mktemp("filled"), folders=BUILT_FROM)
    copy.replace(OFFICES, "  name: CMS de Sierre\n", f"  name: CMS de Sierre\n{FILLED}")
    copy.replace(ANNOUNCEMENTS, "[]\n", ANNOUNCEMENT)
    copy.replace(
        "mkdocs.yml",
        'publisher: {name: "", address: "", email: ""}',
        'publisher: {name: "Exemple", address: "Rue 1, 1950 Sion", email: "site@example.ch"}',
    )
    done = run_mkdocs_build(copy.root, "--strict", site_url=SITE_URL)
    assert done.returncode == 0, done.stdout + done.stderr
    return copy.root


@pytest.mark.parametrize("code", ["fr", "de", "ar"])
def test_what_an_office_fills_in_is_on_where_to_go_in_the_results_and_on_paper(
    code: str, filled: Path
) -> None:
    project = load_project(filled)
    printed = html.fromstring(handout(project, SITE_URL, "de" if code == "fr" else code).html)
    places = [
        html.parse(filled / "site" / code / name / "index.html").getroot()
        for name in ("where-to-go", "results")
    ]
    days = {"fr": "lundi–vendredi", "de": "Montag–Freitag", "ar": "الاثنين–الجمعة"}
    for place in (*places, printed):
        text = " ".join(place.text_content().split())
        for one in ("027 000 00 00", "accueil@example.ch", days[code], "08:00–12:00", "português"):
            assert one in text
    links = places[0].xpath("//article//a/@href")
    assert "tel:+41270000000" in links
    assert "mailto:accueil@example.ch" in links
    [in_result] = places[1].xpath("//*[@data-where]")  # the script puts it into the result
    assert "027 000 00 00" in in_result.text_content()


def test_what_is_empty_leaves_no_gap(site: Path) -> None:
    page = html.parse(site / "fr" / "where-to-go" / "index.html")
    for name in ("martigny", "sierre"):
        [heading] = page.xpath(f"//h3[@id='{name}']")
        after = [one.tag for one in heading.itersiblings()][:3]
        assert after[:2] == ["p", "p"]
        assert after[2] in ("h3", "h2")
    assert page.xpath("//article//*[not(node()) and (self::p or self::ul or self::li)]") == []


@pytest.mark.parametrize("code", ["fr", "de", "ar"])
def test_the_publisher_is_named_on_about_and_takes_remarks_on_each_page(
    code: str, filled: Path
) -> None:
    about = html.parse(filled / "site" / code / "about" / "index.html").getroot()
    assert "Exemple, Rue 1, 1950 Sion" in about.xpath("string(//article)")
    page = html.parse(filled / "site" / code / "rights" / "appeal" / "index.html")
    [link] = page.xpath("//footer//a[starts-with(@href, 'mailto:')]/@href")
    assert link.startswith("mailto:site@example.ch?subject=")
    assert f"{code}/rights/appeal" in link
    assert f"{code}/rights/appeal, " in page.xpath("string(//footer//details)")


@pytest.mark.parametrize("code", CODES)
def test_while_nobody_publishes_the_site_it_says_so_and_each_page_whom_to_tell_of_a_fault(
    code: str, site: Path, project: Project
) -> None:
    texts = project.wordings[code].texts
    nobody = texts["publisher.nobody"]
    for name in ("about", "rights/appeal"):
        page = html.parse(site / code / name / "index.html")
        assert texts["publisher.tell"] in page.xpath("string(//footer//details)")
        assert page.xpath("//a[starts-with(@href, 'mailto:')]") == [] or name != "rights/appeal"
    assert nobody in html.parse(site / code / "about" / "index.html").xpath("string(//article)")


def test_an_announcement_is_on_every_page_of_its_languages_with_its_days(filled: Path) -> None:
    pages = [one for code in ("fr", "ar") for one in (filled / "site" / code).rglob("index.html")]
    assert len(pages) > 60
    for page in pages:
        [announcement] = html.parse(page).xpath("//aside[contains(@class, 'md-banner')]")
        is_french = page.is_relative_to(filled / "site" / "fr")
        assert ("Le CMS est fermé." if is_french else "ar closed") in announcement.text_content()
        assert "01.01.2001 – 31.12.2099" in announcement.text_content()


def test_without_an_announcement_no_page_has_a_place_for_one(site: Path) -> None:
    assert "md-banner" not in (site / "fr" / "index.html").read_text(encoding="utf-8")


def test_an_announcement_is_shown_from_its_first_day_to_its_last_and_then_warned_of(
    tmp_path: Path,
) -> None:
    file = tmp_path / "announcements.yml"
    file.write_text('- {from: 2027-01-04, until: 2027-01-08, fr: "Fermé."}\n', encoding="utf-8")
    announcements = load_announcements(file, ["fr"])
    days = [date(2027, 1, day) for day in (3, 4, 8, 9)]
    assert [announcements[0].is_shown(day) for day in days] == [False, True, True, False]
    assert [len(list(check_announcements(announcements, day))) for day in days] == [0, 0, 0, 1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('- {from: 2027-01-04, until: 2027-01-08, fr: "A"}', "key 'de' is missing"),
        ('- {from: 2027-01-04, until: 2027-01-08, fr: "A", de: " "}', "de is empty"),
        ('- {from: 2027-01-04, until: 2027-01-03, fr: "A", de: "B"}', "expected 2027-01-04 or"),
        ('- {from: 4.1.2027, until: 2027-01-08, fr: "A", de: "B"}', "expected a date such as"),
        ('- {from: 2027-01-04, until: 2027-01-08, fr: "A", de: "B", xx: "C"}', "unknown key 'xx'"),
    ],
)
def test_each_fault_of_an_announcement_is_named(text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "announcements.yml"
    file.write_text(f"{text}\n", encoding="utf-8")
    with pytest.raises(FaultsError, match=re.escape(said)):
        load_announcements(file, ["fr", "de"])


SMZ = 'value: "Nordstrasse 30, 3900 Brig", source: SRC-CMS-SMZO'


@pytest.mark.parametrize(
    ("path", "old", "new", "said"),
    [
        ("docs/fr/where-to-go.md", "{: #sierre }", "{: #siders }", "'sierre' is no section of"),
        (OFFICES, "number: 4", "number: 5", "number them 1, 2, 3"),
        (OFFICES, "number: 4", "number: four", "found 'four', expected a number"),
        (OFFICES, "source: SRC-CMS-SHC", "source: SRC-NONE", "source 'SRC-NONE' is not in"),
        (OFFICES, SMZ, 'value: "", source: SRC-CMS-SMZO', "expected a street and a place"),
        (OFFICES, SMZ, 'value: "Rue 1", source: ""', "value or source is empty"),
        (OFFICES, SMZ, 'value: "Rue 1", source: SRC-NONE', "source 'SRC-NONE' is not in"),
        (OFFICES, "address: {value", "adress: {value", "unknown key 'adress'; allowed:"),
        (OFFICES, "date: 2026-11-23}", "date: 23.11.2026}", "expected a date such as 2026-11-23"),
        (OFFICES, "https://www.smzo", "http://www.smzo", "an address that begins with https://"),
        (OFFICES, "language: de", "language: dx", "found 'dx'; allowed: de, fr"),
        (OFFICES, "{id: vouvry", "{id: monthey", "site 'monthey' stands twice"),
        (
            OFFICES,
            "    - id: brig",
            "    - web: x\n      id: brig",
            "found text, expected a mapping",
        ),
        (COMMUNES, "office: sion, site: coteau", "office: sio", "found 'sio'; allowed:"),
        (COMMUNES, "site: coteau", "site: cotau", "found 'cotau'; allowed:"),
        (COMMUNES, "status: V", "status: K", "found 'K'; allowed: K99, U, V"),
        (COMMUNES, "bfs: 6101", "bfs: 6102", "stands twice; keep one"),
        (COMMUNES, "district: Leuk", "district: Loèche", "found 'Loèche'; allowed:"),
        (COMMUNES, "also: [Anzère,", "also: [Ayent,", "a name stands twice in 'also'"),
        (
            COMMUNES,
            "joins: Visp, from: 2027-01-01",
            "joins: Visp",
            "'joins' and 'from' go together",
        ),
        (COMMUNES, "joins: Visp", "joins: Wisp", "joins 'Wisp', which is no commune"),
        (COMMUNES, "from: 2027-01-01", "from: 2027-01-02", "dates.yml has no entry for 2027-01-02"),
        (
            COMMUNES,
            "site: coteau, status: V",
            "site: coteau, status: U",
            "found a site with status U",
        ),
        ("mkdocs.yml", 'name: "", address', 'name: "X", address', "fill in all three, or none"),
        ("mkdocs.yml", 'email: ""}', 'email: "x"}', "expected an e-mail address"),
        ("docs/fr/where-to-go.md", 'office("sion")', 'office("syon")', "allowed as argument:"),
    ],
)
def test_each_fault_of_offices_communes_and_publisher_is_named(
    path: str, old: str, new: str, said: str, copy: ContentCopy
) -> None:
    copy.replace(path, old, new)
    found = copy.faults()
    assert [one for one in found if said in one], found


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('telephone: {value: "027 0000000", source: "CMS", date: 2026-11-30}', "027 000 00 00"),
        ('hours: {value: ["lu 08:00-12:00"], source: "CMS", date: 2026-11-30}', "hours such as"),
        ('email: {value: "cms", source: "CMS", date: 2026-11-30}', "an e-mail address"),
        ('languages: {value: [xq], source: "CMS", date: 2026-11-30}', "codes of languages"),
        ('email: {value: "a@b.ch", date: 2026-11-30}', "key 'source' is missing"),
    ],
)
def test_each_fault_of_what_an_office_fills_in_is_named(
    line: str, said: str, copy: ContentCopy
) -> None:
    copy.replace(OFFICES, "  name: CMS de Sierre\n", f"  name: CMS de Sierre\n  {line}\n")
    found = copy.faults()
    assert [one for one in found if one.startswith(OFFICES) and said in one], found


def test_what_an_office_said_over_a_year_ago_is_a_warning(copy: ContentCopy) -> None:
    old = 'value: "Nordstrasse 30, 3900 Brig", source: SRC-CMS-SMZO, date: 2026'
    copy.replace(OFFICES, old, old.replace("2026", "2024"))
    assert any("address of Brig is of 2024-11-23; ask again" in one for one in copy.warnings())
