"""Worth: what each route of a plan brings a year, so that the routes sum to the benefit of the plan."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.ledger import Ledger, sums
from sivuvirta.domain.links import ArcKind, Floats, Ints
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.plans import Network, Plan
from sivuvirta.domain.unknowns import unsaid
from sivuvirta.plan.program.entrances import Mask, yield_of


@frozen(eq=False)
class Shares:
    """The benefit of a network, route by route."""

    yearly: Floats  # EUR/a of each route, 0 where nothing flows; shape (routes,)
    several: Floats  # the same of each route of several steps; shape (chains,)
    rest: float  # EUR/a that belongs to no route: one outlet left for another, outputs that only outlets take

    @property
    def every(self) -> Floats:
        """EUR/a of every route, those of several steps behind the others. Shape (routes + chains,)."""
        return np.concatenate([self.yearly, self.several])

    def per_unit(self, flow: Floats) -> Floats:
        """EUR per unit of stream on each route; NaN where nothing flows.

        Args:
            flow: units of stream a year; with or without routes of several steps.
        """
        yearly = self.every[: len(flow)]
        per_unit: Floats = np.divide(yearly, flow, out=np.full(len(flow), np.nan), where=flow > 0)
        return per_unit


def worth(plan: Plan, network: Network) -> Shares:
    r"""What each route brings against today, EUR/a.

    .. math:: benefit = \sum_r worth_r + rest

    A route gets the primary product that it replaces, or what a market pays; it bears its haulage and its share of what its plant
    costs (reagents, energy, residues, fixed cost; by the units that enter), and is credited with the outlets that its stream leaves
    in this network, in the mix in which it leaves them. That differs from the gain of `match`, which counts a route alone against the
    mean of today's outlets. A route of several steps bears its share of each plant on its way.

    Args:
        plan: the plan with its reference; without it what every route brings is unknown (NaN), as is what routes of streams bring of which
            nobody knows where they go today.
        network: one of its networks.
    """
    matches, ledger = plan.matches, network.ledger
    flow = ledger.per_arc()
    cost = plan.links.arcs.eur.sum(axis=1) + ledger.way_cost()
    today = plan.compared
    if today is None:
        return Shares(np.full(len(matches.routes), np.nan), np.full(len(matches.chains), np.nan), np.nan)
    leaving = _outlets_left(today, flow, cost)
    direct = np.flatnonzero((matches.routes.plant < 0) & (network.route_flow > 0))
    through = np.flatnonzero((matches.routes.plant >= 0) & (network.route_flow > 0)).astype(np.int32)
    earned = _earned(matches, flow, cost)
    yearly = np.zeros(len(matches.routes))
    arc = matches.routes.arc_in[direct]
    yearly[direct] = earned[arc] + leaving[arc]
    feed = leaving - cost * flow + _plant_costs(ledger, flow, cost)
    paths = _paths(network, matches, through)
    each = sums(paths.of, _shared(paths.units, paths.arc, np.where(paths.last, earned[paths.arc], feed[paths.arc])), paths.count)
    yearly[through] = each[: len(through)]
    several = each[len(through) :]
    lost = unsaid(plan.links)
    yearly[lost[matches.routes.stream] & (network.route_flow > 0)] = np.nan
    several = np.where(lost[matches.chains.stream] & (network.chain_flow > 0), np.nan, several)
    return Shares(yearly, several, network.benefit - float(yearly.sum() + several.sum()))


@frozen(eq=False)
class _Paths:
    """Arcs of routes through plants: into each plant, and out of the last one. Shape (parts,) unless said."""

    of: Ints  # route: first those through one plant, then those of several steps
    arc: Ints  # row of links.arcs
    units: Floats  # units of the stream's own on that arc
    last: Mask  # the arc to the need
    count: int  # routes


def _paths(network: Network, matches: Matches, through: Ints) -> _Paths:
    routes, chains = matches.routes, matches.chains
    flow, single = network.route_flow[through], np.arange(len(through))
    several, steps = len(through) + np.arange(len(chains)), np.diff(chains.start)
    into = np.repeat(network.chain_flow, steps) * _arriving(matches)
    parts = (
        (single, routes.arc_in[through], flow, False),
        (single, routes.arc_out[through], flow * routes.delivered[through], True),
        (np.repeat(several, steps), chains.arc, into, False),
        (several, chains.arc_out, network.chain_flow * chains.delivered, True),
    )
    of, arc, units = (np.concatenate([part[n] for part in parts]) for n in range(3))
    return _Paths(of, arc, units, np.repeat([part[3] for part in parts], [len(part[0]) for part in parts]), len(several) + len(single))


def _arriving(matches: Matches) -> Floats:
    """Units of the stream's own that come to each plant of routes of several steps, per unit of stream. Shape (steps,)."""
    chains, yields = matches.chains, matches.links.works.yields
    eta = np.append(yields.eta, 1.0)[yield_of(matches.links, chains.arc, chains.output)]
    result = np.ones(len(eta))
    for depth in range(1, int(np.diff(chains.start).max(initial=1))):
        rows = chains.start[:-1][np.diff(chains.start) > depth] + depth
        result[rows] = result[rows - 1] * eta[rows - 1]
    return result


def _earned(matches: Matches, flow: Floats, cost: Floats) -> Floats:
    """What arrives at needs over each arc saves of bought product, less what the arc costs, EUR/a. Shape (arcs,)."""
    arcs = matches.links.arcs
    price = np.zeros(len(matches.links.nodes.id))
    buys = arcs.kind == ArcKind.BUY
    price[arcs.destination[buys]] = cost[buys]
    arrives = np.isin(arcs.kind, (ArcKind.DIRECT, ArcKind.DELIVER))
    return np.where(arrives, (np.nan_to_num(arcs.ratio) * price[arcs.destination] - cost) * flow, 0.0)


def _outlets_left(reference: Ledger, flow: Floats, cost: Floats) -> Floats:
    """What is saved at the outlets that streams leave, EUR/a, by the arcs that they take instead. Shape (arcs,)."""
    arcs, count = reference.links.arcs, len(reference.links.nodes.id)
    fate, away = arcs.kind == ArcKind.FATE, np.isin(arcs.kind, (ArcKind.DIRECT, ArcKind.FEED))
    change = np.where(fate, reference.per_arc() - flow, 0.0)
    saved, taken = (sums(arcs.origin[fate], values[fate], count) for values in (change * cost, change))
    rate = np.divide(saved, taken, out=np.zeros(count), where=taken > 0)
    return np.where(away, rate[arcs.origin] * flow, 0.0)


def _plant_costs(ledger: Ledger, flow: Floats, cost: Floats) -> Floats:
    """Less what plants cost, EUR/a: reagents, residues, opex, energy, fixed cost, by the arcs of their feeds. Shape (arcs,)."""
    links, done = ledger.links, ledger.operations
    arcs, count = links.arcs, len(links.nodes.id)
    own = np.zeros(count)
    own[links.works.node] = done.activity * links.works.eur.sum(axis=1) + done.fixed
    for kind, end in ((ArcKind.REAGENT, arcs.destination), (ArcKind.RESIDUE, arcs.origin)):
        own += sums(end[arcs.kind == kind], (cost * flow)[arcs.kind == kind], count)
    feeds = np.isin(arcs.kind, (ArcKind.FEED, ArcKind.PASS))
    fed = sums(arcs.destination[feeds], flow[feeds], count)
    rate = np.divide(own, fed, out=np.zeros(count), where=fed > 0)
    return np.where(feeds, -rate[arcs.destination] * flow, 0.0)


def _shared(weight: Floats, arc: Ints, of_arc: Floats) -> Floats:
    """A figure of arcs shared by the routes over them, in proportion to a weight. Shape (parts,), as all arguments."""
    whole = np.bincount(arc, weight)[arc] if len(arc) else weight
    return np.divide(weight * of_arc, whole, out=np.zeros(len(arc)), where=whole > 0)
