"""Draws the phone's icons from overrides/assets/icons/icon.svg, with the Chromium of the tests.

Run by hand after a change of the picture, `python -m scripts.site.icons`; the results are
committed, so that builds need no browser and stay the same byte for byte.
"""

from __future__ import annotations

import os

from scripts.bootstrap import find_chromium
from scripts.faults import ROOT
from scripts.site.offline import ICONS

FOLDER = ROOT / "overrides" / "assets" / "icons"
_SAFE = '<g id="sign" transform="translate(9.6 9.6) scale(.7)"'
"""A maskable icon fills its square; phones may cut a fifth from each side."""


def picture(svg: str, maskable: bool) -> str:
    """Return the picture as it is drawn: a rounded square, or a full one that phones cut."""
    if not maskable:
        return svg
    return svg.replace(' rx="14"', "").replace('<g id="sign"', _SAFE)


def draw() -> None:
    """Write every picture in `ICONS`."""
    from playwright.sync_api import sync_playwright

    svg = (FOLDER / "icon.svg").read_text(encoding="utf-8")
    chromium = os.environ.get("CHROMIUM") or str(find_chromium())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, size in ICONS.items():
            page = browser.new_page(viewport={"width": size, "height": size})
            look = f"<style>body{{margin:0}}svg{{display:block;width:{size}px}}</style>"
            page.set_content(look + picture(svg, "maskable" in name))
            page.screenshot(path=FOLDER / name, omit_background=True)
        browser.close()


if __name__ == "__main__":
    draw()
