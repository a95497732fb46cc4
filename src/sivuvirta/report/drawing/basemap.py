"""The base map: land, lakes, rivers and borders, clipped to what a report shows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from attrs import frozen

FOLDER = Path(__file__).parent.parent / "assets" / "map"
LAYERS = ("land", "lakes", "rivers", "borders")
EXTENT = (19.0, 63.5, 31.0, 70.2)  # west, south, east, north of what is stored
CREDIT = "Coast, lakes, rivers, borders: GSHHG and WDBII (Wessel & Smith 1996), LGPL-3.0-or-later"

Point = tuple[float, float]
"""Longitude and latitude, degrees."""


@frozen
class Box:
    """A rectangle of longitudes and latitudes, degrees."""

    west: float
    south: float
    east: float
    north: float

    def wider(self, share: float, least: float) -> Box:
        """The box with a margin on each side: a share of its size, at least so many degrees."""
        across, up = max((self.east - self.west) * share, least), max((self.north - self.south) * share, least)
        return Box(self.west - across, self.south - up, self.east + across, self.north + up)

    def within(self, other: Box) -> Box | None:
        """What two boxes share; None if nothing."""
        west, south = max(self.west, other.west), max(self.south, other.south)
        east, north = min(self.east, other.east), min(self.north, other.north)
        return Box(west, south, east, north) if west < east and south < north else None

    def ring(self) -> list[Point]:
        """Its corners, closed."""
        return [(self.west, self.south), (self.east, self.south), (self.east, self.north), (self.west, self.north), (self.west, self.south)]

    def holds(self, point: Point) -> bool:
        """Whether a point lies in it."""
        return self.west <= point[0] <= self.east and self.south <= point[1] <= self.north


def box(points: Iterable[Point]) -> Box | None:
    """The smallest box around points; None if there are none."""
    known = list(points)
    if not known:
        return None
    lon, lat = [point[0] for point in known], [point[1] for point in known]
    return Box(min(lon), min(lat), max(lon), max(lat))


def basemap(frame: Box) -> dict[str, list[list[Point]]]:
    """Rings of land and lakes, lines of rivers and borders, inside a box.

    Args:
        frame: what the map can show.

    Returns:
        For each layer, and for the sea below them, its rings or lines, longitude first. All are empty where the stored map does not
        reach.
    """
    stored = frame.within(Box(*EXTENT))
    clipped: dict[str, list[list[Point]]] = {"sea": [stored.ring()] if stored else []}
    for layer in LAYERS:
        cut = _ring if layer in ("land", "lakes") else _lines
        clipped[layer] = [part for shape in _shapes(layer) for part in cut(shape, frame) if len(part) > 1]
    return clipped


@cache
def _shapes(layer: str) -> tuple[tuple[Point, ...], ...]:
    features: list[dict[str, Any]] = json.loads((FOLDER / f"{layer}.geojson").read_text(encoding="utf-8"))["features"]
    shapes = []
    for feature in features:
        geometry = feature["geometry"]
        parts = geometry["coordinates"] if geometry["type"] == "Polygon" else [geometry["coordinates"]]
        shapes += [tuple(map(tuple, part)) for part in parts]
    return tuple(shapes)


def _ring(ring: tuple[Point, ...], frame: Box) -> list[list[Point]]:
    """A ring cut to the box, side by side (Sutherland and Hodgman 1974, Commun. ACM 17(1), 32-42)."""
    around = box(ring)
    if around is None or frame.within(around) is None:
        return []
    points: list[Point] = list(ring)
    if frame.within(around) == around:
        return [_rounded(points)] if len(points) > 2 else []
    sides: tuple[tuple[int, float, Callable[[float, float], bool]], ...] = (
        (0, frame.west, lambda value, edge: value >= edge),
        (0, frame.east, lambda value, edge: value <= edge),
        (1, frame.south, lambda value, edge: value >= edge),
        (1, frame.north, lambda value, edge: value <= edge),
    )
    for axis, edge, inside in sides:
        kept: list[Point] = []
        for before, after in zip(points[-1:] + points[:-1], points, strict=True):
            if inside(after[axis], edge) != inside(before[axis], edge):
                kept.append(_crossing(before, after, axis, edge))
            if inside(after[axis], edge):
                kept.append(after)
        points = kept
    return [_rounded(points)] if len(points) > 2 else []


def _lines(line: tuple[Point, ...], frame: Box) -> list[list[Point]]:
    """The runs of a line whose segments touch the box; ends may lie just outside."""
    runs: list[list[Point]] = [[]]
    for before, after in pairwise(line):
        if frame.holds(before) or frame.holds(after):
            runs[-1] += [after] if runs[-1] else [before, after]
        elif runs[-1]:
            runs.append([])
    return [_rounded(run) for run in runs]


def _crossing(before: Point, after: Point, axis: int, edge: float) -> Point:
    share = (edge - before[axis]) / (after[axis] - before[axis])
    other = before[1 - axis] + share * (after[1 - axis] - before[1 - axis])
    return (edge, other) if axis == 0 else (other, edge)


def _rounded(points: list[Point]) -> list[Point]:
    return [(round(lon, 4), round(lat, 4)) for lon, lat in points]
