"""How far everything is from what was asked for."""

from __future__ import annotations

import numpy as np
from attrs import evolve, frozen

from sivuvirta.domain.links import Floats
from sivuvirta.domain.region import Region
from sivuvirta.errors import UnknownNameError
from sivuvirta.links.codes import Mask, Rows, picked, positions
from sivuvirta.links.distances import Locations, distances, locations
from sivuvirta.search.documents import Documents
from sivuvirta.search.index import Index

_TABLES = ("sites", "streams", "needs", "plants", "places", "zones")
_LATITUDE, _LONGITUDE = 90.0, 180.0

Place = str | tuple[float, float]


@frozen(eq=False)
class Ways:
    """How far each document is. Shape (documents,)."""

    km: Floats  # NaN where unknown
    road: Mask  # by roads; else the great circle times 1.3


def ways(region: Region, index: Index, place: Place) -> Ways:
    """Distances of all documents from a place: by the region's roads where they are known, else the great circle times 1.3.

    Args:
        region: its roads.
        index: of the region; it keeps what was asked before.
        place: id of a site, stream, need, plant, place or zone, with its table where that must be said (`streams:slag`), or degrees.

    Raises:
        UnknownNameError: nothing has that id, or the degrees are none.
    """
    if place not in index.ways:
        index.ways[place] = _ways(region, index.documents, place)
    kept = index.ways[place]
    assert isinstance(kept, Ways)  # noqa: S101 - it holds nothing else
    return kept


def table_of(region: Region, place: str) -> tuple[str, int]:
    """Table and row of an id.

    Raises:
        UnknownNameError: nothing has that id.
    """
    table, _, key = place.rpartition(":")
    for name in (table,) if table in _TABLES else _TABLES:
        row = region.table(name).index.get(key if table in _TABLES else place)
        if row is not None:
            return name, int(row)
    raise UnknownNameError(
        f"'{place}' is no site, stream, need, plant, place or zone of '{region.name}'. Give an id of one of these, or 'latitude,longitude'."
    )


def _ways(region: Region, docs: Documents, place: Place) -> Ways:
    at = locations(region)
    sites = len(region.table("sites"))
    where = np.where(docs.site >= 0, docs.site, np.where(docs.zone >= 0, docs.zone + sites, -1))
    own = ~np.isnan(docs.lat)
    start, at = _start(region, at, place)
    count = len(at.place)
    at = _with(at, docs.lat[own], docs.lon[own])
    where[own] = count + np.arange(int(own.sum()))
    found = distances(region, at, np.full(len(at.place), start), np.arange(len(at.place)))
    where[docs.of("organisations")] = _nearest(region, found.km[:sites])
    km, circle = np.asarray(picked(found.km, where, np.nan), dtype=float), np.asarray(picked(found.circle, where, True), dtype=bool)
    return Ways(km, ~circle & ~np.isnan(km))


def _nearest(region: Region, km: Floats) -> Rows:
    """The nearest site of each organisation, -1 where it has none."""
    owners = region.table("organisations")["organisation"]
    owner = positions(owners, region.table("sites")["organisation"])
    order = np.argsort(km, kind="stable")[::-1]
    order = order[owner[order] >= 0]
    nearest = np.full(len(owners), -1, dtype=np.int64)
    nearest[owner[order]] = order
    return nearest


def _start(region: Region, at: Locations, place: Place) -> tuple[int, Locations]:
    """Location from which distances are, and the locations with it."""
    sites = len(region.table("sites"))
    if not isinstance(place, str):
        if abs(place[0]) > _LATITUDE or abs(place[1]) > _LONGITUDE:
            raise UnknownNameError(f"{place[0]}, {place[1]} is no place on Earth: latitude first, in degrees, then longitude.")
        return len(at.place), _with(at, [place[0]], [place[1]])
    name, row = table_of(region, place)
    table = region.table(name)
    if name == "places":
        more = _with(at, [table["lat"][row]], [table["lon"][row]])
        return len(at.place), evolve(more, place=np.append(at.place, row))
    if name == "zones":
        return sites + row, at
    site = row if name == "sites" else int(positions(region.table("sites")["site"], table["site"][row : row + 1])[0])
    zone = int(positions(region.table("zones")["zone"], table["zone"][row : row + 1])[0]) if name == "needs" and site < 0 else -1
    if site < 0 and zone < 0:
        raise UnknownNameError(f"'{place}' stands nowhere: its row names no site.")
    return (site if site >= 0 else sites + zone), at


def _with(at: Locations, lat: object, lon: object) -> Locations:
    """Locations with more at the end that stand on no road."""
    lat, lon = np.asarray(lat, dtype=float), np.asarray(lon, dtype=float)
    return Locations(
        place=np.append(at.place, np.full(len(lat), -1)),
        access=np.append(at.access, np.zeros(len(lat))),
        vague=np.append(at.vague, np.zeros(len(lat), dtype=bool)),
        lat=np.append(at.lat, lat),
        lon=np.append(at.lon, lon),
        zone=np.append(at.zone, np.zeros(len(lat), dtype=bool)),
    )
