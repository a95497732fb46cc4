"""Worth: what each route of a plan brings a year, so that the routes sum to the benefit of the plan."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.ledger import Ledger, sums
from sivuvirta.domain.links import ArcKind, Floats, Ints
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.plans import Network, Plan


@frozen(eq=False)
class Shares:
    """The benefit of a network, route by route."""

    yearly: Floats  # EUR/a of each route, 0 where nothing flows; shape (routes,)
    rest: float  # EUR/a that belongs to no route: one outlet left for another, outputs that only outlets take

    def per_unit(self, flow: Floats) -> Floats:
        """EUR per unit of stream on each route; NaN where nothing flows."""
        per_unit: Floats = np.divide(self.yearly, flow, out=np.full(len(flow), np.nan), where=flow > 0)
        return per_unit


def worth(plan: Plan, network: Network) -> Shares:
    r"""What each route brings against today, EUR/a.

    .. math:: benefit = \sum_r worth_r + rest

    A route gets the primary product that it replaces, or what a market pays; it bears its haulage and its share of what its plant
    costs (reagents, energy, residues, fixed cost; by the units that enter), and is credited with the outlets that its stream leaves
    in this network, in the mix in which it leaves them. That differs from the gain of `match`, which counts a route alone against the
    mean of today's outlets.

    Args:
        plan: the plan with its reference.
        network: one of its networks.
    """
    matches, ledger = plan.matches, network.ledger
    flow = ledger.per_arc()
    cost = plan.links.arcs.eur.sum(axis=1)
    leaving = _outlets_left(plan.reference, flow, cost)
    direct = np.flatnonzero((matches.routes.plant < 0) & (network.route_flow > 0))
    through = np.flatnonzero((matches.routes.plant >= 0) & (network.route_flow > 0))
    earned = _earned(matches, flow, cost)
    yearly = np.zeros(len(matches.routes))
    arc = matches.routes.arc_in[direct]
    yearly[direct] = earned[arc] + leaving[arc]
    feed = leaving - cost * flow + _plant_costs(ledger, flow, cost)
    into, out = matches.routes.arc_in[through], matches.routes.arc_out[through]
    units = network.route_flow[through]
    yearly[through] = _shared(units * matches.routes.delivered[through], out, earned) + _shared(units, into, feed)
    return Shares(yearly, network.benefit - float(yearly.sum()))


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
    feeds = arcs.kind == ArcKind.FEED
    fed = sums(arcs.destination[feeds], flow[feeds], count)
    rate = np.divide(own, fed, out=np.zeros(count), where=fed > 0)
    return np.where(feeds, -rate[arcs.destination] * flow, 0.0)


def _shared(weight: Floats, arc: Ints, of_arc: Floats) -> Floats:
    """A figure of arcs shared by the routes over them, in proportion to a weight. Shape (routes,)."""
    whole = np.bincount(arc, weight, minlength=len(of_arc))[arc]
    return np.divide(weight * of_arc[arc], whole, out=np.zeros(len(arc)), where=whole > 0)
