"""Candidates: what a plan may use, as positions in the arcs, routes and plants of a region."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import frozen

from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.links import ArcKind, Floats, Links
from sivuvirta.domain.matches import Matches
from sivuvirta.plan.amounts import supply_of

Mask = npt.NDArray[np.bool_]

Index = npt.NDArray[np.integer[Any]]
"""Positions: rows of a table, or places in another array."""

_WIDE = 1e9  # activity where neither size nor supply gives a limit; only a scale for the solver


@frozen(eq=False)
class Pairs:
    """What enters a plant over one arc and leaves it, as one output, over another. Shape (pairs,).

    The flow of a pair is counted in units that enter, so that a batch keeps its inputs apart through the plant.
    """

    enter: Index  # position in Candidates.enter
    outlet: Index  # position in Candidates.outlet
    output: Index  # row of works.outputs
    eta: Floats  # units that leave per unit that enters
    route: Index  # row of routes, -1 for what no stream brings in and for residues


@frozen(eq=False)
class Candidates:
    """Everything that a plan may use; `fail` is never in it."""

    matches: Matches
    direct: Index  # rows of routes without a plant
    enter: Index  # rows of arcs into plants: feeds, then reagents
    outlet: Index  # rows of arcs out of plants: to needs and to fates
    pairs: Pairs
    fate: Index  # rows of arcs from streams to today's outlets
    buy: Index  # rows of arcs of primary products to needs
    plants: Index  # rows of works that some route uses
    enter_plant: Index  # position in plants, shape (enter,)
    enter_most: Floats  # most that can enter over an arc, units a year, shape (enter,)
    activity_most: Floats  # most that a plant can do, shape (plants,)

    @property
    def links(self) -> Links:
        """The region's links."""
        return self.matches.links

    def unproven(self) -> tuple[Mask, Mask, Mask]:
        """Direct routes, arcs into plants and pairs that rest on likely or unknown routes alone."""
        verdict = self.matches.routes.verdict
        proven = np.append(verdict <= Verdict.BLEND, True)  # the last is for pairs without a route
        pair = proven[self.pairs.route]
        fed = np.zeros(len(self.enter), dtype=bool)
        fed[self.pairs.enter[pair & (self.pairs.route >= 0)]] = True
        fed |= self.links.arcs.kind[self.enter] == ArcKind.REAGENT
        return ~proven[self.direct], ~fed, ~pair


def candidates(matches: Matches) -> Candidates:
    """Picks what may carry a flow: every route but those that fail, with the plants, reagents and outlets that these need."""
    links, routes = matches.links, matches.routes
    kind = links.arcs.kind
    usable = routes.verdict < Verdict.FAIL
    direct = np.flatnonzero(usable & (routes.plant < 0)).astype(np.int32)
    through = np.flatnonzero(usable & (routes.plant >= 0)).astype(np.int32)
    plants, enter, outlet = _plant_arcs(matches, through)
    pairs = _pairs(matches, through, enter, outlet)
    enter_plant = np.searchsorted(plants, _plant_row(links)[links.arcs.destination[enter]]).astype(np.int32)
    fed = supply_of(links)[links.arcs.origin[enter]]
    most = _activity_most(links, plants, enter, np.where(kind[enter] == ArcKind.FEED, fed, np.inf))
    slot_high = links.works.slots.high[links.arcs.slot[enter]]
    return Candidates(
        matches=matches,
        direct=direct,
        enter=enter,
        outlet=outlet,
        pairs=pairs,
        fate=np.flatnonzero(kind == ArcKind.FATE).astype(np.int32),
        buy=np.flatnonzero(kind == ArcKind.BUY).astype(np.int32),
        plants=plants,
        enter_plant=enter_plant,
        enter_most=np.fmin(np.where(kind[enter] == ArcKind.FEED, fed, np.inf), slot_high * most[enter_plant]),
        activity_most=most,
    )


def _plant_row(links: Links) -> Index:
    """Row of works by node, -1 for what is no plant. Shape (nodes,)."""
    rows = np.full(len(links.nodes.id), -1, dtype=np.int32)
    rows[links.works.node] = np.arange(len(links.works), dtype=np.int32)
    return rows


def _plant_arcs(matches: Matches, through: Index) -> tuple[Index, Index, Index]:
    """Plants that routes use; arcs into them that a route uses, and their reagents; arcs out of them that a route uses, and residues."""
    links, routes = matches.links, matches.routes
    arcs, plant_row = links.arcs, _plant_row(links)
    plants = np.unique(routes.plant[through])
    runs = np.zeros(len(links.works) + 1, dtype=bool)
    runs[plants] = True
    reagents = np.flatnonzero((arcs.kind == ArcKind.REAGENT) & runs[plant_row[arcs.destination]])
    residues = np.flatnonzero((arcs.kind == ArcKind.RESIDUE) & runs[plant_row[arcs.origin]])
    enter = np.concatenate([np.unique(routes.arc_in[through]), reagents]).astype(np.int32)
    outlet = np.concatenate([np.unique(routes.arc_out[through]), residues]).astype(np.int32)
    return plants, enter, outlet


def _pairs(matches: Matches, through: Index, enter: Index, outlet: Index) -> Pairs:
    """Every arc into a plant with every outlet of each of its outputs; a stream goes to a need only where a route says so."""
    links, routes = matches.links, matches.routes
    arcs, yields = links.arcs, links.works.yields
    at = np.full(len(arcs), -1, dtype=np.int32)
    at[enter] = np.arange(len(enter), dtype=np.int32)
    entries = np.flatnonzero((at[yields.arc] >= 0) & (yields.eta > 0))
    left, right = joined(yields.output[entries], arcs.output[outlet])
    entry = entries[left]
    is_feed = arcs.kind[yields.arc[entry]] == ArcKind.FEED
    to_need = arcs.kind[outlet[right]] == ArcKind.DELIVER
    route = _route_of(routes.arc_in[through], routes.arc_out[through], through, (yields.arc[entry], outlet[right]))
    keep = ~(is_feed & to_need) | (route >= 0)
    entry, right, route = entry[keep], right[keep], route[keep]
    return Pairs(at[yields.arc[entry]], right.astype(np.int32), yields.output[entry], yields.eta[entry], route)


def joined(left: Index, right: Index) -> tuple[Index, Index]:
    """Positions (l, r) of all equal keys, ordered by l."""
    order = np.argsort(right, kind="stable")
    first, last = (np.searchsorted(right[order], left, side=side) for side in ("left", "right"))
    count = last - first
    rows = np.repeat(np.arange(len(left)), count)
    step = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
    return rows.astype(np.int32), order[np.repeat(first, count) + step].astype(np.int32)


def _route_of(arc_in: Index, arc_out: Index, route: Index, wanted: tuple[Index, Index]) -> Index:
    """The route over two arcs, -1 where there is none."""
    if len(route) == 0:
        return np.full(len(wanted[0]), -1, dtype=np.int32)
    width = np.int64(max(int(arc_out.max()), int(wanted[1].max(initial=0))) + 1)
    key = arc_in.astype(np.int64) * width + arc_out
    order = np.argsort(key, kind="stable")
    asked = wanted[0].astype(np.int64) * width + wanted[1]
    place = np.minimum(np.searchsorted(key[order], asked), len(key) - 1)
    found = key[order][place] == asked
    return np.where(found, route[order][place], -1).astype(np.int32)


def _activity_most(links: Links, plants: Index, enter: Index, fed: Floats) -> Floats:
    """Most that each plant can do: its size, and what its scarcest slot can get."""
    works, slots = links.works, links.works.slots
    slot_supply = np.bincount(links.arcs.slot[enter], weights=np.minimum(fed, 1e300), minlength=len(slots.plant))
    most = np.full(len(works), np.inf)
    needed = slots.low > 0
    np.minimum.at(most, slots.plant[needed], slot_supply[needed] / slots.low[needed])
    open_ended = ~np.isfinite(most) | (most > 1e200)
    reach = np.zeros(len(works))
    bounded = (slots.high > 0) & np.isfinite(slots.high) & (slot_supply < 1e200)
    np.maximum.at(reach, slots.plant[bounded], slot_supply[bounded] / slots.high[bounded])
    most = np.where(open_ended, np.where(reach > 0, reach, _WIDE), most)
    size = np.where(works.candidate, works.size_max, works.capacity)
    limited: Floats = np.fmin(most, np.where(size > 0, size, np.inf))
    return limited[plants]
