"""Candidates: what a plan may use, as positions in the arcs, routes and plants of a region."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.links import ArcKind, Floats, Links
from sivuvirta.domain.matches import Matches
from sivuvirta.plan.program.amounts import supply_of
from sivuvirta.plan.program.entrances import Entrances, Index, Mask, entrances, joined, place_of

__all__ = ["Candidates", "Index", "Mask", "Pairs", "candidates", "joined", "yielding"]

_WIDE = 1e9  # activity where neither size nor supply gives a limit; only a scale for the solver


@frozen(eq=False)
class Pairs:
    """What enters a plant over one entrance and leaves it, as one output, over an arc. Shape (pairs,).

    The flow of a pair is counted in units that enter, so that a batch keeps its inputs apart through the plant.
    """

    enter: Index  # position in Candidates.enter
    outlet: Index  # position in Candidates.outlet
    output: Index  # row of works.outputs
    eta: Floats  # units that leave per unit that enters
    route: Index  # row of routes, -1 for what no stream brings in, for residues, and for what has passed or goes on to another plant
    chain: Index  # row of matches.chains whose end it is, -1 where it is none's
    into: Index  # position in Candidates.enter at the next plant, -1 where it goes to a need or an outlet


@frozen(eq=False)
class Candidates:
    """Everything that a plan may use; `fail` is never in it."""

    matches: Matches
    direct: Index  # rows of routes without a plant
    ways_in: Entrances  # into plants: feeds, then reagents, then what other plants hand on
    source: Index  # pair that an entrance takes what comes from, -1 for streams and reagents; shape (enter,)
    outlet: Index  # rows of arcs out of plants: to needs, to fates, to other plants
    pairs: Pairs
    fate: Index  # rows of arcs from streams to today's outlets
    buy: Index  # rows of arcs of primary products to needs
    enter_plant: Index  # position in plants, shape (enter,)
    arrives: Floats  # most that can come to an entrance, units a year, inf for what is bought; shape (enter,)
    enter_most: Floats  # most that can enter there, shape (enter,)
    activity_most: Floats  # most that a plant can do, shape (plants,)

    @property
    def links(self) -> Links:
        """The region's links."""
        return self.matches.links

    @property
    def enter(self) -> Index:
        """Rows of arcs into plants, one an entrance; one arc comes as often as there are ways on which it is reached."""
        return self.ways_in.arc

    @property
    def plants(self) -> Index:
        """Rows of works that some route uses."""
        return self.ways_in.plants

    def entrance_name(self, position: int) -> str:
        """Where what enters was, for example "slag" or "slag>press"."""
        arcs, names = self.links.arcs, []
        while position >= 0:
            names.append(str(self.links.nodes.id[arcs.origin[self.enter[position]]]))
            position = int(self.ways_in.before[position])
        return ">".join(reversed(names))

    def of_stream(self) -> Floats:
        """Units that left the stream, or were bought, per unit of each pair. Shape (pairs,)."""
        units = np.ones(len(self.source))
        for rows in self.ways_in.deeper():
            source = self.source[rows]
            units[rows] = units[self.pairs.enter[source]] / self.pairs.eta[source]
        return units[self.pairs.enter]

    def unproven(self) -> tuple[Mask, Mask, Mask]:
        """Direct routes, entrances and pairs that rest on likely or unknown routes alone."""
        routes, chains, pairs = self.matches.routes, self.matches.chains, self.pairs
        proven, several = (np.append(verdict <= Verdict.BLEND, True) for verdict in (routes.verdict, chains.verdict))
        pair = proven[pairs.route] & several[pairs.chain]  # the last is for pairs without a route
        fed = self.ways_in.bought.copy()
        fed[pairs.enter[pair & ((pairs.route >= 0) | (pairs.chain >= 0))]] = True
        for rows in reversed(self.ways_in.deeper()):
            fed[self.ways_in.before[rows[fed[rows]]]] = True
        return ~proven[self.direct], ~fed, ~(pair & np.append(fed, True)[pairs.into])


def candidates(matches: Matches) -> Candidates:
    """Picks what may carry a flow: every route but those that fail, with the plants, reagents and outlets that these need."""
    links, routes = matches.links, matches.routes
    kind = links.arcs.kind
    usable = routes.verdict < Verdict.FAIL
    through = np.flatnonzero(usable & (routes.plant >= 0)).astype(np.int32)
    ways_in = entrances(matches, through)
    outlet = _outlets(matches, through, ways_in)
    pairs = _pairs(matches, through, ways_in, outlet)
    source = np.full(len(ways_in.arc), -1, dtype=np.int32)
    onward = np.flatnonzero(pairs.into >= 0).astype(np.int32)
    source[pairs.into[onward]] = onward
    enter_plant = np.searchsorted(ways_in.plants, _plant_row(links)[links.arcs.destination[ways_in.arc]]).astype(np.int32)
    arrives, most = _arriving(links, ways_in, pairs.eta[source], enter_plant)
    slot_high = links.works.slots.high[links.arcs.slot[ways_in.arc]]
    return Candidates(
        matches=matches,
        direct=np.flatnonzero(usable & (routes.plant < 0)).astype(np.int32),
        ways_in=ways_in,
        source=source,
        outlet=outlet,
        pairs=pairs,
        fate=np.flatnonzero(kind == ArcKind.FATE).astype(np.int32),
        buy=np.flatnonzero(kind == ArcKind.BUY).astype(np.int32),
        enter_plant=enter_plant,
        arrives=arrives,
        enter_most=np.fmin(arrives, slot_high * most[enter_plant] / links.arcs.arriving[ways_in.arc]),
        activity_most=most,
    )


def _plant_row(links: Links) -> Index:
    """Row of works by node, -1 for what is no plant. Shape (nodes,)."""
    rows = np.full(len(links.nodes.id), -1, dtype=np.int32)
    rows[links.works.node] = np.arange(len(links.works), dtype=np.int32)
    return rows


def _outlets(matches: Matches, through: Index, ways_in: Entrances) -> Index:
    """Arcs out of plants: to needs that a route uses, residues, then arcs to other plants that a route uses."""
    links = matches.links
    runs = np.zeros(len(links.works) + 1, dtype=bool)
    runs[ways_in.plants] = True
    residues = np.flatnonzero((links.arcs.kind == ArcKind.RESIDUE) & runs[_plant_row(links)[links.arcs.origin]])
    delivers = np.unique(np.concatenate([matches.routes.arc_out[through], matches.chains.arc_out[ways_in.chains]]))
    return np.concatenate([delivers, residues, np.unique(ways_in.arc[ways_in.before >= 0])]).astype(np.int32)


def _pairs(matches: Matches, through: Index, ways_in: Entrances, outlet: Index) -> Pairs:
    """Every way into a plant with every outlet of each of its outputs; a stream goes to a need or a plant only where a route says so."""
    links, routes, chains = matches.links, matches.routes, matches.chains
    kind, width, yields = links.arcs.kind, np.int64(max(len(links.arcs), 1)), links.works.yields
    enter, entry = yielding(links, ways_in)
    left, right = joined(yields.output[entry], links.arcs.output[outlet])
    enter, entry, over = enter[left], entry[left], outlet[right]
    single = place_of(routes.arc_in[through] * width + routes.arc_out[through], ways_in.arc[enter] * width + over)
    route = np.append(through, -1)[np.where(ways_in.level[enter] == 0, single, -1)]
    several = place_of(ways_in.last * width + chains.arc_out[ways_in.chains], enter * width + over)
    chain = np.append(ways_in.chains, -1)[several]
    deeper = np.flatnonzero(ways_in.before >= 0)
    into = np.append(deeper, -1)[place_of(ways_in.before[deeper] * width + ways_in.arc[deeper], enter * width + over)]
    may_deliver = ways_in.bought[enter] | (route >= 0) | (chain >= 0)
    keep = np.where(kind[over] == ArcKind.DELIVER, may_deliver, (kind[over] != ArcKind.PASS) | (into >= 0))
    rows = np.flatnonzero(keep)
    columns = {"enter": enter, "outlet": right, "output": yields.output[entry], "route": route, "chain": chain, "into": into}
    return Pairs(eta=yields.eta[entry[rows]], **{name: column[rows].astype(np.int32) for name, column in columns.items()})


def yielding(links: Links, ways_in: Entrances) -> tuple[Index, Index]:
    """What each way into a plant gives: position in `ways_in`, row of works.yields. First those straight from streams and shops."""
    yields, first = links.works.yields, ways_in.first
    at = np.full(len(links.arcs), -1, dtype=np.int32)
    at[ways_in.arc[:first]] = np.arange(first, dtype=np.int32)
    straight = np.flatnonzero((at[yields.arc] >= 0) & (yields.eta > 0))
    if first == len(ways_in.arc):
        return at[yields.arc[straight]], straight
    left, right = joined(ways_in.arc[first:], yields.arc)
    gives = yields.eta[right] > 0
    return np.concatenate([at[yields.arc[straight]], first + left[gives]]), np.concatenate([straight, right[gives]])


def _arriving(links: Links, ways_in: Entrances, eta: Floats, plant: Index) -> tuple[Floats, Floats]:
    """Most that can come to each way into a plant, and most that each plant can do.

    What is made of reagents is bounded by the plants that mix them in, which other plants may feed in turn: it is counted up plant by
    plant, and counts as without end where that does not settle.
    """
    straight = np.where(ways_in.bought, np.inf, supply_of(links)[links.arcs.origin[ways_in.arc]])
    deeper, slot = ways_in.deeper(), links.arcs.slot[ways_in.arc]
    made = ways_in.bought & (ways_in.level > 0)
    arrives = _carried(np.where(made, 0.0, straight), ways_in, deeper, eta)
    arrives[made] = 0.0
    most = _activity_most(links, ways_in, arrives)
    for _ in range(len(deeper) + 1 if made.any() else 0):
        mixed = np.fmin(straight, links.works.slots.high[slot] * most[plant] / links.arcs.arriving[ways_in.arc])
        before, arrives = arrives, _carried(np.where(ways_in.bought, mixed, straight), ways_in, deeper, eta)
        most = _activity_most(links, ways_in, np.where(ways_in.bought & ~made, np.inf, arrives))
    if made.any():
        arrives[made & (arrives > before)] = np.inf
        arrives = np.where(ways_in.bought & ~made, np.inf, arrives)
        most = _activity_most(links, ways_in, arrives)
    return arrives, most


def _carried(straight: Floats, ways_in: Entrances, deeper: list[Index], eta: Floats) -> Floats:
    """Most that comes to each way into a plant, from what comes to the first ones."""
    arrives = straight.copy()
    for rows in deeper:
        arrives[rows] = arrives[ways_in.before[rows]] * eta[rows]
    return arrives


def _activity_most(links: Links, ways_in: Entrances, fed: Floats) -> Floats:
    """Most that each plant can do: its size, and what its scarcest slot can get."""
    works, slots = links.works, links.works.slots
    slot_supply = np.bincount(links.arcs.slot[ways_in.arc], weights=np.minimum(fed, 1e300), minlength=len(slots.plant))
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
    return limited[ways_in.plants]
