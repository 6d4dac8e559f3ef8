"""QR codes of addresses, to print and to project."""

from __future__ import annotations

import io

import segno

from scripts.faults import Fault, FaultsError

LARGEST = 10
"""The largest version (57 modules a side) that phones still read well from a wall."""
LONGEST = 213
"""Bytes that such a code of error level M holds."""
BORDER = 4
"""Modules of quiet zone, as ISO/IEC 18004 asks for."""
_PIXELS = 20
"""Pixels of a PNG's module: a code of 25 modules is 660 pixels wide with its border."""


def code_svg(address: str) -> bytes:
    """Return the QR code of an address as SVG, black on white, that takes any size.

    Raises:
        FaultsError: the address is longer than a poster's code may hold.
    """
    drawn = _written(
        address, "svg", xmldecl=False, svgns=True, omitsize=True, light="#fff", nl=False
    )
    return drawn.replace(b"<svg ", b'<svg shape-rendering="crispEdges" ', 1)


def code_png(address: str) -> bytes:
    """Return the QR code of an address as PNG, 1 bit a pixel, large enough to print.

    Raises:
        FaultsError: the address is longer than a poster's code may hold.
    """
    return _written(address, "png", scale=_PIXELS)


def _written(address: str, kind: str, **options: object) -> bytes:
    if len(address.encode()) > LONGEST:
        message = (
            f"'{address}' has {len(address.encode())} bytes; allowed for a QR code: {LONGEST}; "
            "publish below a shorter address"
        )
        raise FaultsError([Fault("SITE_URL", 0, message)])
    code = segno.make_qr(address, error="m", boost_error=True)
    buffer = io.BytesIO()
    code.save(buffer, kind=kind, border=BORDER, **options)
    return buffer.getvalue()
