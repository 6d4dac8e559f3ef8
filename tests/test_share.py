"""Short addresses as they are served, and their QR codes as a phone reads them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

import cairosvg  # type: ignore[import-untyped]
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, expect

from scripts.content.project import Project
from scripts.faults import FaultsError
from scripts.share.codes import MOST_BYTES, qr_png, qr_svg
from scripts.site.addresses import page_folder
from tests.conftest import PREFIX, SITE_URL
from tests.servers import Server


def decoded(picture: bytes) -> list[str]:
    """What a decoder reads in a PNG picture."""
    image = Image.open(io.BytesIO(picture)).convert("L")
    image = image.reduce(max(1, image.width // 200))
    found = zxingcpp.read_barcodes(
        image, zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode), try_rotate=False
    )
    return [one.text for one in found]


def drawn(picture: bytes) -> bytes:
    """An SVG picture as PNG."""
    return bytes(cairosvg.svg2png(picture, output_width=200))


@pytest.mark.parametrize("made", [qr_png, lambda address: drawn(qr_svg(address))])
def test_every_code_says_its_address(made: Callable[[str], bytes], project: Project) -> None:
    addresses = [SITE_URL, *(f"{SITE_URL}{one.spoken}" for one in project.short_addresses)]
    assert len(addresses) > 800
    assert [address for address in addresses if decoded(made(address)) != [address]] == []


def test_a_code_has_its_quiet_zone_black_on_white_and_is_large_enough_to_print() -> None:
    image = Image.open(io.BytesIO(qr_png(f"{SITE_URL}q/ti-rights")))
    assert image.mode == "1"
    assert image.width == image.height >= 600
    edge = 4 * 20
    around = (0, 0, image.width, edge), (0, 0, edge, image.height)
    assert [image.crop(part).getextrema() for part in around] == [(255, 255)] * 2
    assert image.getpixel((edge, edge)) == 0


def test_the_longest_address_fits_and_one_letter_more_is_refused_in_one_line() -> None:
    address = "https://cms.example/" + "a" * (MOST_BYTES - 20)
    assert decoded(qr_png(address)) == [address]
    message = (
        f"{MOST_BYTES + 1} bytes; allowed for a QR code: {MOST_BYTES}; publish below a shorter"
    )
    for make in (qr_png, qr_svg):
        with pytest.raises(FaultsError, match=message) as caught:
            make(address + "a")
        assert "\n" not in str(caught.value)


def test_every_short_address_leads_to_its_page(site: Path, project: Project) -> None:
    for one in project.short_addresses:
        file = site / one.folder / "index.html"
        text = file.read_text(encoding="utf-8")
        links = re.findall(r'<a [^>]*href="([^"]+)"', text)
        targets = [(file.parent / link / "index.html").resolve() for link in links]
        codes = [one.code] if one.code else list(project.language)
        expected = [site / page_folder(code, one.path) / "index.html" for code in codes]
        assert targets == [page.resolve() for page in expected], one.name
        assert all(page.exists() for page in targets)


def test_the_short_addresses_are_in_no_sitemap_and_no_bundle(site: Path) -> None:
    assert "/q/" not in (site / "sitemap.xml").read_text(encoding="utf-8")
    assert '"q/' not in (site / "offline/fr.json").read_text(encoding="utf-8")


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False])
def test_a_short_address_opens_the_page_with_and_without_script(
    script: bool, browser: Browser, address: str
) -> None:
    context = browser.new_context(java_script_enabled=script)
    page = context.new_page()
    for name, target in (("ti-rights", "ti/rights/"), ("fr-staff", "fr/staff/")):
        page.goto(f"{address}q/{name}")
        page.wait_for_url(address + target)
    context.close()


@pytest.mark.browser
def test_an_address_without_language_lets_choose_and_suggests_the_readers_own(
    browser: Browser, address: str, project: Project
) -> None:
    context = browser.new_context(locale="ar-SY", viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{address}q/rights/")
    assert page.locator(".choices a").count() == len(project.languages)
    assert page.locator(".choices a[lang=ti]").inner_text().split("\n")[0] == "ትግርኛ"
    assert page.locator("[data-suggestion] a").get_attribute("lang") == "ar"
    page.click(".choices a[lang=ta]")
    expect(page).to_have_url(f"{address}ta/rights/")
    context.close()


@pytest.mark.parametrize("kind", ["nginx", "caddy"])
def test_the_servers_answer_a_short_address_as_it_is_printed(
    kind: str, request: pytest.FixtureRequest
) -> None:
    server: Server = request.getfixturevalue(kind)
    with urlopen(f"{server.address}{PREFIX[1:]}/q/ti-rights", timeout=5) as answer:
        assert "../../ti/rights/" in answer.read().decode()
