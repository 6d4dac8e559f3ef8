"""What the accessibility checker axe says of a page as it stands in the browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
CONTRAST = "color-contrast-enhanced"
"""The rule of level AAA: 7:1 for text, 4.5:1 for large text."""
WITH_CONTRAST = {CONTRAST: {"enabled": True}, "color-contrast": {"enabled": False}}
"""What meets the first meets the second: that of level AA."""
WITHOUT_CONTRAST = {"color-contrast": {"enabled": False}}
_AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def violations(
    page: Page,
    exclude: Sequence[str] = (),
    rules: Mapping[str, Mapping[str, bool]] = WITH_CONTRAST,
    only: Sequence[str] = (),
) -> list[str]:
    """Return each rule that a page breaks, with the first elements that break it.

    Args:
        page: the page, in the state and view to look at.
        exclude: selectors of what is not looked at.
        rules: rules to switch on or off.
        only: the rules to try; without any, all those of the levels A and AA and of good practice.

    """
    chosen = {"type": "rule", "values": [*only]} if only else {"type": "tag", "values": [*TAGS]}
    options: dict[str, Any] = {"runOnly": chosen, "rules": rules, "resultTypes": ["violations"]}
    page.evaluate(_AXE)
    found: list[str] = page.evaluate(
        "async ([exclude, options]) => (await axe.run({ exclude }, options)).violations.map("
        "(one) => `${one.id} ${one.nodes.slice(0, 3).map((node) => node.html)}`)",
        [[*exclude], options],
    )
    return found
