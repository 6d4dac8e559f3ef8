"""Compression ahead of time: beside each text file its gzip and brotli form, where smaller."""

from __future__ import annotations

import gzip
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli

TEXT_SUFFIXES = frozenset(
    {".html", ".css", ".js", ".json", ".svg", ".xml", ".webmanifest", ".txt", ".csv", ".dmn"}
)
"""The ends of names whose content is text; pictures and recordings are compressed already."""
BROTLI_QUALITY = 11
"""Brotli's best: it takes half a minute for the whole site, and readers pay for every byte."""


def compress_site(site: Path, workers: int | None = None) -> int:
    """Write `.gz` and `.br` beside every text file that gets smaller by it.

    The same file gives the same bytes, whenever and by however many threads it is made.

    Args:
        site: the folder of the built site.
        workers: threads to use; None for one a processor.

    Returns:
        how many files were written.

    Raises:
        OSError: a file cannot be read or written.
    """
    files = sorted(
        file for file in site.rglob("*") if file.suffix in TEXT_SUFFIXES and file.is_file()
    )
    with ThreadPoolExecutor(workers or os.cpu_count()) as pool:  # both let other threads run
        return sum(pool.map(_compress, files))


def _compress(file: Path) -> int:
    content = file.read_bytes()
    forms = {
        ".gz": gzip.compress(content, compresslevel=9, mtime=0),
        ".br": brotli.compress(content, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY),
    }
    smaller = {end: form for end, form in forms.items() if len(form) < len(content)}
    for end, form in smaller.items():
        file.with_name(file.name + end).write_bytes(form)
    return len(smaller)
