"""What a screen reader finds in a PDF."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import outloud
import pdfua
import pikepdf


def accessibility_faults(made: bytes, folder: Path) -> list[str]:
    """Return what two checkers of PDF/UA, which know nothing of each other, find wrong.

    Args:
        made: the PDF.
        folder: where it is laid down for them.
    """
    file = folder / "print.pdf"
    file.write_bytes(made)
    heard = outloud.check(str(file))
    assert heard.error is None
    errors = [str(one) for one in heard.findings if one.severity == "error"]
    return errors + [one.message for one in pdfua.validate(str(file)).findings]


def elements(element: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Yield every structure element below one, in reading order."""
    kids = element["/K"] if "/K" in element else pikepdf.Array()
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)
