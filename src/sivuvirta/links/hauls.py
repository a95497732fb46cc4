"""Hauls: the way and the mode of every arc, chosen from what is computed and what table `links` says."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd
from attrs import evolve, field, fields, frozen

from sivuvirta.domain.grades import Grade
from sivuvirta.domain.links import ArcKind, Codes, Floats
from sivuvirta.domain.paths import RoadTrees
from sivuvirta.domain.table import Table
from sivuvirta.links.codes import Mask, Rows, grade_codes, picked, positions
from sivuvirta.links.distances import Locations, distances
from sivuvirta.links.ends import Ends, World
from sivuvirta.links.modes import Modes, cheapest
from sivuvirta.links.overrides import Overrides

Scalar = TypeVar("Scalar", bound=np.generic)

HAULED = (ArcKind.DIRECT, ArcKind.FEED, ArcKind.DELIVER, ArcKind.FATE, ArcKind.RESIDUE, ArcKind.PASS)
OUTLETS = (ArcKind.FATE, ArcKind.RESIDUE)
NO_ROW = -1


@frozen(eq=False)
class Ways:
    """The computed way of each arc, before table `links` is read. Shape (arcs,) but for `paths`."""

    km: Floats  # NaN where unknown
    grade: Codes
    pair: Rows  # row of paths, -1 where no road section is used
    circle: Mask  # great circle instead of roads
    near: Mask  # both ends on one site, or an outlet on the spot: nothing is carried
    paths: RoadTrees

    def take(self, rows: Rows) -> Ways:
        """The ways of some arcs."""
        return evolve(self, **{name: getattr(self, name)[rows] for name in ("km", "grade", "pair", "circle", "near")})


@frozen(eq=False)
class Hauls:
    """The way and mode that hold for each arc. Shape (arcs,)."""

    km: Floats  # NaN where unknown
    mode: npt.NDArray[np.int16]  # -1 where none
    cost: Floats  # EUR per dry unit that a row of `links` states, NaN where none does
    co2: Floats  # kg CO2e per dry unit that a row of `links` states, NaN where none does
    capacity: Floats  # inf where no row limits it
    row: Rows  # of `links`, NO_ROW where none holds
    row_grade: Codes  # of the row of `links`, NO_ROW where none holds
    km_grade: Codes
    near: Mask  # nothing is carried
    banned: Mask
    feeder: npt.NDArray[np.int16] = field()  # truck to and from terminals, -1 where none
    feeder_km: Floats = field()  # of km, what it goes on both legs
    feeder_legs: Codes = field()  # 0, 1 or 2
    pair: Rows = field()  # row of the paths over terminals, -1 where none

    @feeder.default
    def _feeder(self) -> npt.NDArray[np.int16]:
        return np.full(len(self.km), -1, dtype=np.int16)

    @feeder_km.default
    def _feeder_km(self) -> Floats:
        return np.zeros(len(self.km))

    @feeder_legs.default
    def _feeder_legs(self) -> Codes:
        return np.zeros(len(self.km), dtype=np.int8)

    @pair.default
    def _pair(self) -> Rows:
        return np.full(len(self.km), -1, dtype=np.int64)

    def take(self, rows: Rows) -> Hauls:
        """The hauls of some arcs."""
        return Hauls(**{each.name: getattr(self, each.name)[rows] for each in fields(Hauls)})

    @property
    def ruled(self) -> Mask:
        """Whether a row of `links` holds."""
        return np.asarray(self.row_grade != NO_ROW, dtype=bool)

    @property
    def possible(self) -> Mask:
        """Whether the arc can be used: not banned, and a mode takes it or its cost is stated."""
        stuck = ~self.near & np.isnan(self.cost) & (self.mode < 0)
        return np.asarray(~(stuck | self.banned), dtype=bool)


def ways(world: World, at: Locations, arcs: Ends) -> Ways:
    """The way of each arc over the road graph. Each pair of locations is looked up once."""
    location = world.stands.location
    start, end = location[arcs.origin], location[arcs.destination]
    spot = ~arcs.of(*HAULED) | (arcs.of(*OUTLETS) & (end < 0))
    located = ~spot & (start >= 0) & (end >= 0)
    count = max(len(at.place), 1)
    pair = np.full(len(arcs), -1, dtype=np.int64)
    pair[located], code = pd.factorize(start[located] * count + end[located])
    found = distances(world.region, at, code // count, code % count)
    return Ways(
        km=np.where(spot, 0.0, picked(found.km, pair, np.nan)),
        grade=np.where(spot, int(Grade.A), picked(found.grade, pair, int(Grade.D))).astype(np.int8),
        pair=np.asarray(picked(found.path, pair, -1), dtype=np.int64),
        circle=np.asarray(picked(found.circle, pair, False), dtype=bool),
        near=spot | (located & (start == end)),
        paths=found.paths,
    )


def hauls(world: World, modes: Modes, arcs: Ends, way: Ways, rules: Overrides) -> Hauls:
    """The cheapest way that holds for each arc.

    A row of `links` without a mode changes the computed way: its distance, cost or emission, or bans it. A row with a mode bans that mode
    or offers it, and what is offered is taken where it is cheaper than the rest, or where nothing else is possible.

    Args:
        world: the region.
        modes: the means of transport.
        arcs: candidate arcs.
        way: their computed ways.
        rules: rows of `links` that hold for them.
    """
    table = world.region.table("links")
    mode = positions(modes.id, table["mode"])[rules.row]
    named = ~pd.isna(table["mode"][rules.row])
    banned = np.asarray(table["banned"][rules.row] == True, dtype=bool)  # noqa: E712 - objects with None
    usual = _ruled(world, way, Overrides(rules.arc[~named], rules.row[~named]))
    usual = evolve(usual, banned=usual.banned & ~_stays(world, arcs, way, rules))
    chosen = cheapest(modes, world.tree.carriers(arcs.material), usual.km, usual.ruled, (rules.arc[named & banned], mode[named & banned]))
    usual = evolve(usual, mode=np.where(usual.near, -1, chosen).astype(np.int16))
    offered = named & ~banned & (mode >= 0)
    if not offered.any():
        return usual
    return _offered(world, modes, arcs, usual, Offers(rules.arc[offered], rules.row[offered], mode[offered]))


@frozen(eq=False)
class Offers:
    """Modes that rows of `links` offer for arcs. Shape (offers,)."""

    arc: Rows
    row: Rows
    mode: Rows


def _ruled(world: World, way: Ways, plain: Overrides) -> Hauls:
    """The computed ways, changed by the rows of `links` that name no mode; there is at most one an arc."""
    table, count = world.region.table("links"), len(way.km)
    row = np.full(count, -1, dtype=np.int64)
    row[plain.arc] = plain.row
    km = np.asarray(picked(table["km"], row, np.nan), dtype=float)
    said = ~np.isnan(km)
    grade = np.asarray(picked(grade_codes(table["grade"]), row, NO_ROW), dtype=np.int8)
    limit = np.asarray(picked(table["capacity"], row, np.nan), dtype=float)
    cost = np.asarray(picked(table["cost"], row, np.nan), dtype=float)
    return Hauls(
        km=np.where(said, km, way.km),
        mode=np.full(count, -1, dtype=np.int16),
        cost=cost,
        co2=np.asarray(picked(table["co2"], row, np.nan), dtype=float),
        capacity=np.where(np.isnan(limit), np.inf, limit),
        row=row,
        row_grade=grade,
        km_grade=np.where(said, grade, way.grade).astype(np.int8),
        near=way.near & ~said & np.isnan(cost),
        banned=np.asarray(picked(table["banned"] == True, row, False), dtype=bool),  # noqa: E712 - objects with None
    )


def _stays(world: World, arcs: Ends, way: Ways, rules: Overrides) -> Mask:
    """Outlets on the spot: a ban of hauls between places does not close them, since nothing is hauled; one that names the fate does."""
    named = np.isin(world.region.table("links")["destination"][rules.row].astype(str), world.region.table("fates")["fate"].astype(str))
    closed = np.zeros(len(arcs), dtype=bool)
    closed[rules.arc[named]] = True
    return np.asarray(way.near & arcs.of(*OUTLETS) & ~closed, dtype=bool)


def _offered(world: World, modes: Modes, arcs: Ends, usual: Hauls, offers: Offers) -> Hauls:
    """The usual ways, replaced where an offered mode is cheaper."""
    table = world.region.table("links")
    arc, mode = offers.arc, offers.mode
    km = np.where(np.isnan(table["km"][offers.row]), usual.km[arc], table["km"][offers.row])
    stated = table["cost"][offers.row]
    cost = np.where(np.isnan(stated), (modes.whole[mode] * km + modes.handling[mode]) * arcs.sent[arc], stated)
    cost = np.where(np.isnan(cost) | usual.banned[arc], np.inf, cost)
    order = np.lexsort((modes.order.argsort()[mode], cost, arc))
    best = order[np.unique(arc[order], return_index=True)[1]]
    now = usual.mode[arc[best]].astype(np.int64)
    computed = picked(modes.whole, now, np.nan) * usual.km[arc[best]] + picked(modes.handling, now, np.nan)
    paid = np.where(
        usual.near[arc[best]], 0.0, np.where(np.isnan(usual.cost[arc[best]]), computed * arcs.sent[arc[best]], usual.cost[arc[best]])
    )
    better = best[cost[best] < np.where(np.isnan(paid), np.inf, paid)]
    changed = _replaced(table.take(offers.row[better]), usual, arc[better], (km[better], mode[better]))
    return evolve(changed, row=_put(usual.row, arc[better], offers.row[better]))


def _replaced(rows: Table, usual: Hauls, arc: Rows, way: tuple[Floats, Rows]) -> Hauls:
    grade = grade_codes(rows["grade"])
    said = ~np.isnan(rows["km"])
    limit = rows["capacity"]
    return evolve(
        usual,
        km=_put(usual.km, arc, way[0]),
        mode=_put(usual.mode, arc, way[1]),
        cost=_put(usual.cost, arc, rows["cost"]),
        co2=_put(usual.co2, arc, rows["co2"]),
        capacity=_put(usual.capacity, arc, np.where(np.isnan(limit), np.inf, limit)),
        row_grade=_put(usual.row_grade, arc, grade),
        km_grade=_put(usual.km_grade, arc, np.where(said, grade, usual.km_grade[arc])),
        near=_put(usual.near, arc, np.zeros(len(arc), dtype=bool)),
    )


def _put(values: npt.NDArray[Scalar], rows: Rows, new: npt.NDArray[Any]) -> npt.NDArray[Scalar]:
    result = values.copy()
    result[rows] = new
    return result
