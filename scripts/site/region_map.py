"""The map of the five regions: shapes drawn from their boundaries, once a build."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from scripts.faults import ROOT

BOUNDARIES = ROOT / "scripts" / "rules" / "map" / "regions.geojson"
"""The five regions in metres of the Swiss grid (LV95)."""
METRES = 750
"""What one unit of the drawing stands for."""
Point = tuple[int, int]


@dataclass(frozen=True)
class RegionMap:
    """The size of the drawing, and the path of each region by its number."""

    width: int
    height: int
    paths: Mapping[int, str]


@cache
def region_map(file: Path = BOUNDARIES) -> RegionMap:
    """Return the drawing of a file of boundaries; neighbours share their points, so no gap opens.

    Args:
        file: GeoJSON polygons, each with its number in `properties.region`.
    """
    regions = json.loads(file.read_text(encoding="utf-8"))["features"]
    rings = {one["properties"]["region"]: one["geometry"]["coordinates"] for one in regions}
    points = [point for ring in rings.values() for line in ring for point in line]
    left, top = min(x for x, _ in points), max(y for _, y in points)

    def placed(line: Sequence[Sequence[float]]) -> list[Point]:
        return [(round((x - left) / METRES), round((top - y) / METRES)) for x, y in line]

    ends = placed(points)
    return RegionMap(
        max(x for x, _ in ends),
        max(y for _, y in ends),
        {number: "".join(_path(placed(line)) for line in ring) for number, ring in rings.items()},
    )


def _path(line: Sequence[Point]) -> str:
    """Return a closed line as a path of relative steps, without points that bend nothing."""
    points = list(_bends([one for at, one in enumerate(line) if one != line[at - 1]]))
    text = "M{} {}l".format(*points[0])
    for (x, y), (to_x, to_y) in pairwise(points):
        text += f"{to_x - x:+}{to_y - y:+}"
    return text.replace("l+", "l").replace("+", " ") + "z"


def _bends(line: Sequence[Point]) -> Iterator[Point]:
    for at, (x, y) in enumerate(line):
        (x_before, y_before), (x_after, y_after) = line[at - 1], line[(at + 1) % len(line)]
        if (x - x_before) * (y_after - y) != (y - y_before) * (x_after - x):
            yield x, y
