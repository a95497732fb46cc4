"""Nearby: which members of a group lie within a radius, found without looking at all pairs.

Members are sorted by group, by band of latitude, and within a band by longitude. Around a point each band holds one run of longitudes
that can be near enough; runs are found by bisection, and only their members are measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import Floats
from sivuvirta.links.codes import Groups, Mask, Rows
from sivuvirta.links.distances import EARTH_RADIUS

BANDS_A_RADIUS = 2
"""Bands of latitude within one radius: more make runs shorter, and there are more of them."""

LOWEST_BAND = 0.05
"""Degrees; a smaller radius gains nothing from lower bands."""

_TURN = 1024.0  # room for a longitude within a key, degrees


@frozen(eq=False)
class Spots:
    """Where things are. Shape (n,)."""

    lat: Floats  # degrees, NaN where unknown
    lon: Floats
    location: Rows  # things of one number stand on one site; -1 where none

    def take(self, rows: Any) -> Spots:
        """Some of them."""
        return Spots(self.lat[rows], self.lon[rows], self.location[rows])

    @classmethod
    def joined(cls, parts: Sequence[Spots]) -> Spots:
        """One after another."""
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("lat", "lon", "location")))

    @property
    def located(self) -> Mask:
        """Whether coordinates are known."""
        return np.asarray(~np.isnan(self.lat) & ~np.isnan(self.lon), dtype=bool)

    @property
    def vectors(self) -> Floats:
        """Points on the unit sphere, NaN where unknown. Shape (n, 3)."""
        lat, lon = np.radians(self.lat), np.radians(self.lon)
        return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)


@frozen(eq=False)
class Bands:
    """Members by group, band and longitude."""

    order: Rows  # (members,) positions of members in that order
    key: Floats  # (members,) ascending
    height: float  # of a band, degrees
    bands: int  # those of a group; one more holds what has no coordinates


@frozen(eq=False)
class Runs:
    """Runs of members near points: those of point i are `begin[r] : end[r]` with r in `start[i] : start[i + 1]`."""

    start: Rows  # (points + 1,)
    begin: Rows  # (runs,) positions in `Bands.order`
    end: Rows

    def take(self, rows: Any) -> Runs:
        """Runs of some points."""
        length = np.diff(self.start)[rows]
        stop = np.cumsum(length)
        at = np.arange(length.sum()) + np.repeat(self.start[:-1][rows] - (stop - length), length)
        return Runs(np.concatenate([[0], stop]).astype(np.int64), self.begin[at], self.end[at])

    @classmethod
    def joined(cls, parts: Sequence[Runs]) -> Runs:
        """Runs of points one after another."""
        length = np.concatenate([np.diff(part.start) for part in parts])
        start = np.concatenate([[0], np.cumsum(length)]).astype(np.int64)
        return cls(start, np.concatenate([part.begin for part in parts]), np.concatenate([part.end for part in parts]))

    def pairs(self) -> tuple[Rows, Rows]:
        """Every (point, position in `Bands.order`) of the runs."""
        length = self.end - self.begin
        run = np.repeat(np.arange(len(length)), length)
        within = np.arange(len(run)) - np.repeat(np.cumsum(length) - length, length)
        point = np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))
        return point[run], self.begin[run] + within


def bands(spots: Spots, group: Rows, radius_km: float | None) -> Bands:
    """Members sorted so that those near a point are found by bisection.

    Args:
        spots: where the members are.
        group: to which each belongs, 0 or more, shape (members,).
        radius_km: radius that will be asked for; others can be asked for too. None where all will be.
    """
    height = 180.0 if radius_km is None else max(np.degrees(radius_km / EARTH_RADIUS) / BANDS_A_RADIUS, LOWEST_BAND)
    count = int(np.ceil(180.0 / height))
    band = np.where(spots.located, np.minimum((np.nan_to_num(spots.lat) + 90.0) // height, count - 1), count)
    key = np.asarray((group * (count + 1.0) + band) * _TURN + np.where(spots.located, _east(spots.lon), 0.0), dtype=float)
    order = np.argsort(key, kind="stable")
    return Bands(order, key[order], float(height), count)


def runs(index: Bands, spots: Spots, group: Rows, radius_km: float | None) -> Runs:
    r"""Runs of members of a point's group that may lie within a radius of it; all of the group where there is no radius.

    In a band from latitude a to b the farthest that a circle of angular radius d around a point at latitude p reaches in longitude is

    .. math:: \Delta\lambda(q) = \arccos \frac{\cos d - \sin p \sin q}{\cos p \cos q}

    at q = a or b, or where it touches a meridian, sin q = sin p / cos d, if that lies between. What has no coordinates is near what stands
    on its own site alone; its run holds all of its group that have none.

    Args:
        index: the members.
        spots: the points, shape (points,).
        group: theirs; -1 has no member, shape (points,).
        radius_km: radius.
    """
    if radius_km is None:
        return _whole(index, group)
    grouped = group >= 0
    reach = np.degrees(radius_km / EARTH_RADIUS)
    lowest, highest = (
        np.clip(np.nan_to_num((spots.lat + 90.0 + way * reach) // index.height), 0, index.bands - 1).astype(np.int64) for way in (-1, 1)
    )
    lowest, highest = (np.where(spots.located, ends, index.bands) for ends in (lowest, highest))
    count = np.where(grouped, highest - lowest + 1, 0)
    point = np.repeat(np.arange(len(group)), count)
    band = lowest[point] + np.arange(len(point)) - np.repeat(np.cumsum(count) - count, count)
    half = _half(index, spots.lat[point], band, radius_km / EARTH_RADIUS)
    point, band, west, east = _pieces(point, band, _east(np.nan_to_num(spots.lon))[point], half)
    base = (group[point] * (index.bands + 1.0) + band) * _TURN
    slack = 1e-7 + 4 * np.spacing(base + _TURN)
    begin = np.searchsorted(index.key, base + west - slack, side="left")
    end = np.searchsorted(index.key, base + east + slack, side="right")
    some = end > begin
    start = np.concatenate([[0], np.cumsum(np.bincount(point[some], minlength=len(group)))])
    return Runs(start.astype(np.int64), begin[some], end[some])


def near(index: Bands, members: Spots, spots: Spots, found: Runs, radius_km: float | None) -> tuple[Rows, Rows]:
    """(point, member) of all pairs within a radius, point by point.

    Args:
        index: the members by band.
        members: where they are.
        spots: where the points are.
        found: runs of the points.
        radius_km: radius.
    """
    point, at = found.pairs()
    member = index.order[at]
    if radius_km is None:
        return point, member
    gap = spots.vectors[point] - members.vectors[member]
    within = (gap * gap).sum(axis=1) <= chord(radius_km) ** 2
    within |= ~spots.located[point] & (spots.location[point] >= 0) & (spots.location[point] == members.location[member])
    return point[within], member[within]


def join_near(taking: Groups, group: Rows, ends: tuple[Spots, Spots], radius_km: float | None) -> tuple[Rows, Rows]:
    """As `taking.join(group)`, of the members within a radius alone; in the same order.

    Args:
        taking: members by group.
        group: of each point, shape (points,).
        ends: where the points are, and where each member is.
        radius_km: radius; None for any distance.
    """
    if radius_km is None:
        return taking.join(group)
    used = np.unique(group[group >= 0])
    which, member = taking.join(used)
    spots = ends[1].take(member)
    index = bands(spots, used[which], radius_km)
    point, at = near(index, spots, ends[0], runs(index, ends[0], group, radius_km), radius_km)
    order = np.lexsort((at, point))
    return point[order], member[at[order]]


def chord(radius_km: float) -> float:
    r"""Straight line between two points of the unit sphere that lie a great circle of some length apart.

    .. math:: c = 2 \sin(r / 2R)
    """
    return float(2.0 * np.sin(min(radius_km / EARTH_RADIUS, np.pi) / 2.0))


def _whole(index: Bands, group: Rows) -> Runs:
    width = (index.bands + 1.0) * _TURN
    begin, end = (np.searchsorted(index.key, (group + more) * width, side="left") for more in (0, 1))
    some = (group >= 0) & (end > begin)
    return Runs(np.concatenate([[0], np.cumsum(some)]).astype(np.int64), begin[some], end[some])


def _half(index: Bands, lat: Floats, band: Rows, angle: float) -> Floats:
    """Half the longitudes that a circle covers in a band, degrees; all where it holds the pole, and where there are no coordinates."""
    south = np.minimum(np.radians(band * index.height - 90.0), np.pi / 2)
    north = np.minimum(np.radians((band + 1) * index.height - 90.0), np.pi / 2)
    own = np.radians(lat)
    touching = np.arcsin(np.clip(np.sin(own) / np.cos(angle), -1.0, 1.0)) if angle < np.pi / 2 else own
    half = np.maximum.reduce([_reach(own, at, angle) for at in (south, north, np.clip(touching, south, north))])
    half = np.where(np.isnan(half) | (angle >= np.pi / 2), np.pi, half)
    return np.where(band == index.bands, 360.0, np.degrees(half))


def _reach(own: Floats, other: Floats, angle: float) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (np.cos(angle) - np.sin(own) * np.sin(other)) / (np.cos(own) * np.cos(other))
    return np.asarray(np.arccos(np.clip(share, -1.0, 1.0)), dtype=float)


def _pieces(point: Rows, band: Rows, lon: Floats, half: Floats) -> tuple[Rows, Rows, Floats, Floats]:
    """The runs of longitudes within 0 and 360, cut in two where they cross the end; in the order of points."""
    west, east = lon - half, lon + half
    round_ = half >= 180.0
    west, east = np.where(round_, 0.0, west), np.where(round_, 360.0, east)
    over, under = np.flatnonzero(east > 360.0), np.flatnonzero(west < 0.0)
    if not len(over) + len(under):
        return point, band, west, east
    which = np.concatenate([np.arange(len(point)), over, under])
    shift = np.repeat([0.0, -360.0, 360.0], [len(point), len(over), len(under)])
    order = np.argsort(which, kind="stable")
    which, shift = which[order], shift[order]
    cut = (np.clip(side[which] + shift, 0.0, 360.0) for side in (west, east))
    return point[which], band[which], *cut


def _east(lon: Floats) -> Floats:
    """Degrees east of the 180th meridian, 0 to 360."""
    return np.asarray((lon + 180.0) % 360.0, dtype=float)


def distance(one: Floats, other: Floats) -> Floats:
    """Great circle between points given by latitude and longitude in degrees, km, NaN where unknown. Shape (n,) of (n, 2) each."""
    (lat1, lon1), (lat2, lon2) = np.radians(one).T, np.radians(other).T
    half = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))), dtype=float)
