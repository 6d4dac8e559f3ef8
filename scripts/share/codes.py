"""QR codes of addresses, to print and to project."""

from __future__ import annotations

import io

import segno

from scripts.faults import Fault, FaultsError

MOST_BYTES = 213
"""What the largest code holds that phones still read well from a wall: version 10 (57 modules a
side) of error level M."""
QUIET_ZONE = 4
"""Modules of quiet zone, as ISO/IEC 18004 asks for."""
_MODULE_PIXELS = 20
"""Pixels of a PNG's module: a code of 25 modules is 660 pixels wide with its border."""


def qr_svg(address: str) -> bytes:
    """Return the QR code of an address as SVG, black on white, that takes any size.

    Raises:
        FaultsError: the address is longer than a poster's code may hold.
    """
    drawn = _draw(address, "svg", xmldecl=False, svgns=True, omitsize=True, light="#fff", nl=False)
    return drawn.replace(b"<svg ", b'<svg shape-rendering="crispEdges" ', 1)


def qr_png(address: str) -> bytes:
    """Return the QR code of an address as PNG, 1 bit a pixel, large enough to print.

    Raises:
        FaultsError: the address is longer than a poster's code may hold.
    """
    return _draw(address, "png", scale=_MODULE_PIXELS)


def _draw(address: str, kind: str, **options: object) -> bytes:
    if len(address.encode()) > MOST_BYTES:
        message = (
            f"'{address}' has {len(address.encode())} bytes; allowed for a QR code: {MOST_BYTES}; "
            "publish below a shorter address"
        )
        raise FaultsError([Fault("SITE_URL", 0, message)])
    code = segno.make_qr(address, error="m", boost_error=True)
    buffer = io.BytesIO()
    code.save(buffer, kind=kind, border=QUIET_ZONE, **options)
    return buffer.getvalue()
