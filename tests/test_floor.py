"""Scripts and styles as readers get them use nothing that the oldest engines lack.

The floor is Chrome 80, Safari 13.1 and Firefox 78. `site.js` must not even parse below it, so that
an older engine leaves every page as it came, and what it brings must parse wherever it runs.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

NEWER_WORDS = {
    r"\?\?=|\|\|=|&&=": "logical assignment (Chrome 85, Safari 14, Firefox 79)",
    r"\.at\(": "at (Chrome 92, Safari 15.4, Firefox 90)",
    r"\.replaceAll\(": "replaceAll (Chrome 85)",
    r"\.replaceChildren\(": "replaceChildren (Chrome 86, Safari 14)",
    r"\.(findLast|findLastIndex|toSorted|toReversed|toSpliced|with)\(": "newer array methods",
    r"Object\.(hasOwn|groupBy)|Map\.groupBy|Array\.fromAsync": "newer helpers of objects",
    r"\bstructuredClone\b": "structuredClone (Chrome 98)",
    r"Promise\.(any|try|withResolvers)": "newer promises",
    r"\b(AggregateError|WeakRef|FinalizationRegistry)\b": "newer globals",
    r"Intl\.(Segmenter|ListFormat|DisplayNames|Locale\b)": "newer Intl",
    r"dateStyle|timeStyle": "dateStyle (Safari 14.1, Firefox 79)",
    r"new StaticRange": "StaticRange's constructor (Chrome 90)",
    r"\.inert\b": "inert (Chrome 102, Safari 15.5, Firefox 112)",
    r"\.(checkVisibility|showPopover|showPicker|requestSubmit|showModal)\(": "newer elements",
    r"AbortSignal\.(timeout|any)|\.throwIfAborted\(": "newer abort signals",
    r"URL\.(canParse|parse)\(": "newer addresses",
    r"\brequestIdleCallback\b|\bscheduler\.": "not in Safari",
    r"\(\?<[=!]": "lookbehind (Safari 16.4)",
    r"\b\d+_\d": "numeric separators (Firefox 70, Safari 13; not worth it)",
    r"(?:^|[;}])static\s*\{|#\w+\s*[=(;]": "newer classes (Chrome 84, Safari 14.1, Firefox 90)",
    r"""querySelector(?:All)?\([^)]*:(?:is|where|has)\(""": "selectors (Chrome 88, Safari 14)",
    r"""["'`][^"'`\n]*:(?:is|where|has)\(""": "selectors in a text",
}
NEWER_STYLES = {
    r":(?:is|where)\(": ":is (Chrome 88, Safari 14)",
    r"[{;]\s*inset(?:-[\w-]+)?:": "inset (Chrome 87, Safari 14.1)",
    r"[{;]\s*(?:margin|padding|border)-(?:block|inline):": "both sides (Chrome 87, Safari 14.1)",
    r"body\{[^}]*overflow(?:-x)?:clip": "clip on body: WPE 2.38 leaves header and menu out",
    r"\bscripting:\s*none": "scripts may run, and ours not have come",
    r"color-mix\(|oklch\(|lab\(|light-dark\(": "newer colours",
    r"@layer|@scope|@starting-style|&[ :.{]": "newer rules",
    r"\b\d(?:dvh|svh|lvh|dvw|cqi|cqw|lh|rlh)\b": "newer units",
}
NEWER_SELECTORS = re.compile(r":has\(|:focus-visible|::details-content|::highlight")
"""Of which rules of their own may be made: what they say is missed by nobody."""
ONLY_ABOVE = (r"\?\.\w", r"\\p\{N\}")
"""What Chrome 80 and Safari 13.1, and what Firefox 78 was the first to read."""
FLOOR_TABLE = [
    *(("js", pattern, why) for pattern, why in NEWER_WORDS.items()),
    *(("css", pattern, why) for pattern, why in NEWER_STYLES.items()),
]


@pytest.mark.parametrize(
    ("kind", "pattern", "why"), FLOOR_TABLE, ids=[w for _, _, w in FLOOR_TABLE]
)
def test_no_script_or_style_sheet_uses_what_the_oldest_engines_lack(
    kind: str, pattern: str, why: str, site: Path
) -> None:
    found = [
        f"{file.name}: {match[0]} at {match.start()}: {why}"
        for file in site.rglob(f"*.{kind}")
        for match in re.finditer(pattern, file.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_a_selector_list_holds_nothing_that_makes_old_engines_drop_the_rest_of_it(
    site: Path,
) -> None:
    found = []
    for file in site.rglob("assets/*.css"):
        for selectors in re.findall(r"[{}]([^{}@;]+)\{", file.read_text(encoding="utf-8")):
            newer = [bool(NEWER_SELECTORS.search(one)) for one in selectors.split(",")]
            if any(newer) and not all(newer):
                found.append(f"{file.name}: {selectors}")
    assert found == []


def test_the_pages_script_is_not_even_parsed_below_the_floor(site: Path) -> None:
    [script] = site.glob("assets/site.*.js")
    text = script.read_text(encoding="utf-8")
    assert [one for one in ONLY_ABOVE if not re.search(one, text)] == []
    assert "import(" in text


def test_only_the_pages_script_imports_and_no_module_names_another(site: Path) -> None:
    """A failed `import` of a module by another would be remembered, and no press could mend it."""
    others = [file for file in site.glob("assets/*.js") if not file.name.startswith("site.")]
    assert len(others) > 5
    imports = re.compile(r"\bimport\s*[({\"'*]|\bfrom\s*[\"']")
    assert [file.name for file in others if imports.search(file.read_text("utf-8"))] == []
