"""Run a command of this project: `python3 -m scripts COMMAND [ARGUMENTS]`.

Any Python 3.11 starts it: it makes the environment where there is none, then hands over to
the environment's Python and `scripts.commands`. Standard library only.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from scripts import bootstrap

USAGE = """\
Usage: python3 -m scripts COMMAND [ARGUMENTS]

Write, check, translate, print and publish the site on social aid in Valais.

  serve          build the site and show it on http://127.0.0.1:8000
  test           run all the tests, in Chromium too
  build          write the site into site/
  kit            make QR codes, posters and handouts, those that are out of date
  usb-zip        write a ZIP for an evening, that runs from a USB stick
  publish        build the site and serve it from a folder, in one step
  deploy-files   write the web servers' configurations anew
  benchmark      measure builds, edits, bytes and load, beside stock Material
  check          check the texts and the rules only, in seconds
  status         the state of the translations
  sources        what of the sources is to be looked at again
  dossier        all facts and rules for a lawyer, out and back
  truth-table    write the truth table anew
  mark-reviewed  note what translations were made from, and who has read them
  translate      a spreadsheet for translators and reviewers, out and back

The first command makes an environment in .venv, which takes about a minute."""


def main(arguments: list[str]) -> int:
    """Answer with the usage, or make sure of the environment and run the command in it.

    Args:
        arguments: what stands after `python3 -m scripts`.

    Returns:
        the exit code.
    """
    if arguments in ([], ["-h"], ["--help"]) and not bootstrap.is_ready():
        print(USAGE)
        return 0
    try:
        return _hand_over(bootstrap.ensure_environment(), arguments)
    except KeyboardInterrupt:
        print("Stopped. The same command starts again.", file=sys.stderr)
        return 130


def _hand_over(python: Path, arguments: list[str]) -> int:
    """Become the environment's Python; Windows cannot, so there it waits for it."""
    command = [str(python), "-m", "scripts.commands", *arguments]
    if os.name != "nt":
        os.execv(command[0], command)
    return subprocess.call(command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
