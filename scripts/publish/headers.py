"""The headers that every answer carries, and how long a file may be kept: said here alone.

From it are made: the configurations in deploy/, the file `_headers` of the built site and the
headers of the test server. Knows nothing of the site but the names of its files.
"""

from __future__ import annotations

import base64
import hashlib
import re

START_SCRIPT = 'onload=()=>setTimeout(()=>import(js.href).catch(()=>import(js.href+"?2")),99)'
"""The one script that stands in a page itself: it brings the module that the link `js` names once
the text is on the screen, so that a slow phone shows the text first; one lost on the way is asked
for once more, under another address, since browsers remember a failed import. The policy names its
digest and so lets no other run; a host with a policy of its own must name it too, or none runs."""
_START = f"'sha256-{base64.b64encode(hashlib.sha256(START_SCRIPT.encode()).digest()).decode()}'"
_POLICY = (
    "default-src 'none'",
    f"script-src 'self' {_START}",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "media-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
)
_FEATURES_OFF = (
    "accelerometer browsing-topics camera clipboard-read display-capture geolocation gyroscope "
    "hid idle-detection local-fonts magnetometer microphone midi payment "
    "publickey-credentials-get screen-wake-lock serial storage-access usb window-management "
    "xr-spatial-tracking"
)
"""What a page could ask the reader or the phone for. `autoplay` is no such thing: turning it off
would refuse a recording that starts late, after a slow download."""

META_POLICY = (
    f"default-src 'self';script-src 'self' {_START};img-src 'self' data:;object-src 'none';"
    "base-uri 'none';form-action 'none';require-trusted-types-for 'script'"
)
"""The policy as a page can carry it, for hosts that send no headers of ours: shorter, since each
reader pays for it on every page, and without `frame-ancestors`, which only a header can say."""
SECURITY_HEADERS = {
    "Content-Security-Policy": "; ".join(_POLICY),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _FEATURES_OFF.split()),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""What stands on every answer: pages, files, redirects, refusals."""

TRANSPORT_SECURITY = ("Strict-Transport-Security", "max-age=31536000")
"""Only for answers that surely went over TLS: over plain HTTP it means nothing, and a host that
later loses its certificate would be closed to every reader for a year. Without
`includeSubDomains`: other sites of the domain are not ours to bind."""

IMMUTABLE = "public, max-age=31536000, immutable"
"""For a file whose name changes with its content."""
REVALIDATE = "no-cache"
"""For all else: kept, but the server is asked whether it still holds (a 304 of no bytes)."""
HASHED_PATH = r"/assets/(.+/)?[^/]+\.[0-9a-f]{8}\.[a-z0-9]+$"
"""The regular expression for the path of such a file, read alike by Python, nginx and Caddy."""
_HASHED = re.compile(HASHED_PATH)

REFUSED_ADDRESS = r"[^?]*(%2[ef]|%5c|//|/[.])"
"""The regular expression, upper and lower case alike, for the beginning of addresses that are
refused as sent: hidden files, `.` and `..`, slashes doubled or written as a number."""


def is_hashed(path: str) -> bool:
    """Tell whether a file's name changes with its content.

    Args:
        path: the path in the site or in an address, such as `assets/site.0a1b2c3d.css`.
    """
    return bool(_HASHED.search(f"/{path}"))
