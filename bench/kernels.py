"""The bare comparison by hand: how many pairs of one class within the radius meet all limits. No verdict, no reason, nothing kept.

`by_numpy`: scipy's cKDTree and numpy. `by_cells`: compiled, cells a radius wide, the class compared pair by pair. `by_class`: compiled,
cells of half a radius in the order of classes, so that only needs of the class are looked at: the fastest that we could write.
"""

from __future__ import annotations

import numba
import numpy as np
from scipy.spatial import cKDTree

from bench.markets import CLASSES, EARTH, RADIUS, Numbers

CHORD = 2 * np.sin(RADIUS / EARTH / 2)


def vectors(made: Numbers, side: int) -> np.ndarray:
    """Points of the unit sphere of streams (0) or needs (1). Shape (S, 3)."""
    lat, lon = np.radians(made.lat[side]), np.radians(made.lon[side])
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)


def by_numpy(made: Numbers) -> tuple[int, int]:
    """Pairs near one another and pairs that pass."""
    ends = vectors(made, 0), vectors(made, 1)
    near = passed = 0
    for group in range(CLASSES):
        one, two = (np.flatnonzero(made.group[side] == group) for side in (0, 1))
        found = cKDTree(ends[1][two]).query_ball_point(ends[0][one], CHORD, workers=2)
        length = np.fromiter(map(len, found), dtype=np.int64, count=len(found))
        need = two[np.concatenate([np.asarray(part, dtype=np.int64) for part in found])]
        stream = np.repeat(one, length)
        figures = made.high[stream[:, None], made.component[need]]
        near, passed = near + len(need), passed + int((figures <= made.bound[need]).all(axis=1).sum())
    return near, passed


class Cells:
    """Needs in the order of cells, and streams beside them: made once, not timed."""

    def __init__(self, made: Numbers, parts: int, classed: bool) -> None:
        height = np.degrees(RADIUS / EARTH) / parts
        width = height / np.cos(np.radians(np.abs(made.lat).max()))
        row = ((made.lat - made.lat.min()) // height).astype(np.int64)
        column = ((made.lon - made.lon.min()) // width).astype(np.int64)
        self.parts, self.shape = parts, (int(row.max()) + 1, int(column.max()) + 1)
        self.group = np.where(classed, made.group, 0)
        cell = (self.group * self.shape[0] + row) * self.shape[1] + column
        order = np.argsort(cell[1], kind="stable")
        self.streams = np.argsort(cell[0], kind="stable")
        self.start = np.searchsorted(cell[1][order], np.arange(CLASSES * self.shape[0] * self.shape[1] + 1))
        self.row, self.column, self.of_stream = row[0], column[0], made.group[0]
        self.own, self.ends = vectors(made, 0), vectors(made, 1)[order]
        self.high, self.of_need = made.high, made.group[1][order]
        self.component, self.bound = made.component[order].astype(np.int32), made.bound[order]

    def count(self) -> tuple[int, int]:
        """Pairs near one another and pairs that pass, by two threads."""
        places = (self.streams, self.group[0], self.row, self.column, self.start)
        sides = (self.own, self.ends, self.of_stream, self.of_need)
        found = _count(places, sides, (self.high, self.component, self.bound), (*self.shape, self.parts), CHORD**2)
        return int(found[0]), int(found[1])


@numba.njit(cache=True, parallel=True)
def _count(places, sides, limits, shape, reach):
    streams, group, row, column, start = places
    own, ends, of_stream, of_need = sides
    high, component, bound = limits
    rows, columns, parts = shape
    near = passed = 0
    for at in numba.prange(len(streams)):
        i = streams[at]
        x, y, z = own[i, 0], own[i, 1], own[i, 2]
        for r in range(max(0, row[i] - parts), min(rows, row[i] + parts + 1)):
            base = (group[i] * rows + r) * columns
            first, last = start[base + max(0, column[i] - parts)], start[base + min(columns, column[i] + parts + 1)]
            for j in range(first, last):
                if of_need[j] != of_stream[i]:
                    continue
                dx, dy, dz = x - ends[j, 0], y - ends[j, 1], z - ends[j, 2]
                if dx * dx + dy * dy + dz * dz > reach:
                    continue
                near += 1
                met = 1
                for k in range(component.shape[1]):
                    if high[i, component[j, k]] > bound[j, k]:
                        met = 0
                        break
                passed += met
    return near, passed


def compiled(made: Numbers) -> dict[str, Cells]:
    """The two compiled ways, ready and warm."""
    ways = {"by cells": Cells(made, 1, classed=False), "by class": Cells(made, 2, classed=True)}
    for way in ways.values():
        way.count()
    return ways
