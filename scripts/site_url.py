"""The published site's address: what paper, codes, the sitemap and messages name.

It stands in the variable SITE_URL, and nowhere else.
"""

from __future__ import annotations

import ipaddress
import os
import re
from urllib.parse import urlsplit

from scripts.bootstrap import SetupError

VARIABLE = "SITE_URL"
_EXAMPLES = "https://cms.example/ or https://cms.example/aide-sociale/"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_PATH = re.compile(r"(?:/[A-Za-z0-9._~-]+)*/?")


def required_site_url() -> str:
    """Return where the site is published, with a slash at its end.

    Raises:
        SetupError: SITE_URL is not set, or is no address of a site.
    """
    found = os.environ.get(VARIABLE, "")
    if not found:
        raise SetupError(
            f"{VARIABLE} is not set, and would be printed: set it to the address that readers "
            f"open, such as {_EXAMPLES}"
        )
    return checked_site_url(found)


def checked_site_url(found: str) -> str:
    """Return an address with a slash at its end.

    Args:
        found: the address of the site, as somebody has written it.

    Raises:
        SetupError: it is no address of a site.
    """
    wrong = _wrong_part(found)
    if wrong:
        raise SetupError(f"{VARIABLE}: found {found!r} with {wrong}; expected {_EXAMPLES}")
    return found.rstrip("/") + "/"


def is_trial(site_url: str) -> bool:
    """Tell whether an address is that of this machine, which no reader's phone opens."""
    host = urlsplit(site_url).hostname or ""
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return found.is_loopback or found.is_unspecified


def _wrong_part(found: str) -> str:
    """Return in words what an address must not have or lacks, "" where nothing is wrong."""
    if re.search(r"[^\x21-\x7e]", found):
        return "a space or a letter beyond ASCII"
    try:
        parts = urlsplit(found)
        port = parts.port
    except ValueError:
        return "a host or port that is none"
    checks = (
        (parts.scheme not in ("http", "https"), "no http:// or https://"),
        ("?" in found, "a query (?…)"),
        ("#" in found, "a fragment (#…)"),
        ("@" in parts.netloc, "a user (…@)"),
        (not _is_host(parts.hostname or ""), "no host that can be one"),
        (port == 0 or parts.netloc.endswith(":"), "a port that is none"),
        (not _is_path(parts.path), "a path of other signs than letters, digits and . _ ~ -"),
    )
    return next((words for is_wrong, words in checks if is_wrong), "")


def _is_host(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        is_number = host.rpartition(".")[2].isdigit()
        return bool(_HOST.fullmatch(host)) and not is_number and len(host) <= 253
    return True


def _is_path(path: str) -> bool:
    return bool(_PATH.fullmatch(path)) and not {".", ".."} & {*path.split("/")}
