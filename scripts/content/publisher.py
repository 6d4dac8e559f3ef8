"""Who publishes the site and takes remarks on it: `extra.publisher` in mkdocs.yml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from scripts.faults import Fault, raise_if_any
from scripts.strict_yaml import read_yaml

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_KEYS = ("name", "address", "email")


@dataclass(frozen=True)
class Publisher:
    """Name, postal address and e-mail address for remarks: all of them, or "" each."""

    name: str = ""
    address: str = ""
    email: str = ""


def load_publisher(config_file: Path) -> Publisher:
    """Return the publisher; raise `FaultsError` when a part is missing or is none."""
    faults: list[Fault] = []
    top = read_yaml(config_file, faults).mapping(("extra",), None)
    extra = top["extra"].mapping(("publisher",), None) if "extra" in top else {}
    if "publisher" in extra:
        item = extra["publisher"]
        parts = {key: entry.text() for key, entry in item.mapping(_KEYS).items()}
        given = [key for key in _KEYS if parts.get(key)]
        if 0 < len(given) < len(_KEYS):
            item.fault(f"{item.name}: found {', '.join(given)} only; fill in all three, or none")
        if parts.get("email") and not EMAIL.fullmatch(parts["email"]):
            item.fault(f"{item.name}.email: found '{parts['email']}', expected an e-mail address")
        raise_if_any(faults)
        return Publisher(**parts)
    raise_if_any(faults)
    return Publisher()
