"""What a screen reader finds in a PDF."""

from __future__ import annotations

from collections.abc import Iterator

import pikepdf


def elements(element: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Yield every structure element below one, in reading order."""
    kids = element["/K"] if "/K" in element else pikepdf.Array()
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)
