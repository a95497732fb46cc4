"""Obstacles: what keeps a stream from a route that would be worth more, and what makes a route not worth it."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import EUR_TERMS, ArcKind, Floats
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.plans import Network, Plan
from sivuvirta.plan.explain.words import figure, link_name
from sivuvirta.plan.program.amounts import demand_of
from sivuvirta.plan.program.candidates import Mask

_FULL = 1e-6  # relative: what is left of a demand or size that is used up

_HAUL = [EUR_TERMS.index(term) for term in ("transport", "handling")]
_GATE = EUR_TERMS.index("gate")


@frozen(eq=False)
class Room:
    """What is left at needs and plants in a network."""

    matches: Matches
    need_full: Mask  # by node
    plant_full: Mask  # by row of works
    plant_idle: Mask  # candidates that are not built, by row of works
    limited: dict[int, str]  # limit that binds and that the route alone breaks, by row of routes
    mixed: frozenset[str]  # ids of needs and plants in which some share is at its largest

    def obstacle(self, route: int) -> str:
        """What keeps more from taking a route, in words after "but"."""
        routes, links = self.matches.routes, self.matches.links
        plant, need = int(routes.plant[route]), int(routes.need[route])
        if plant >= 0 and self.plant_idle[plant]:
            return f"'{link_name(links, int(links.works.node[plant]))}' is not built: its fixed cost is not earned"
        if plant >= 0 and self.plant_full[plant]:
            return f"'{link_name(links, int(links.works.node[plant]))}' is at its largest size"
        if route in self.limited:
            return f"limit '{self.limited[route]}' of '{link_name(links, need)}' lets in no more"
        if self.need_full[need]:
            return f"'{link_name(links, need)}' has all it needs"
        for arc in (int(routes.arc_in[route]), int(routes.arc_out[route])):
            end = int(links.arcs.destination[arc])
            if arc >= 0 and links.nodes.id[end] in self.mixed and np.isfinite(links.arcs.share_high[arc]):
                return f"its share in what '{link_name(links, end)}' takes is at its largest"
        return "that counts it alone: with every other flow adjusted to it, the network as a whole earns no more"


def room(plan: Plan, network: Network) -> Room:
    """Reads from a solved network which needs and plants are full, and which limits bind."""
    links, ledger = plan.links, network.ledger
    arcs, works, done = links.arcs, links.works, ledger.operations
    flow = ledger.per_arc()
    bought = arcs.kind == ArcKind.BUY
    served = np.bincount(arcs.destination[~bought], (np.nan_to_num(arcs.ratio) * flow)[~bought], minlength=len(links.nodes.id))
    demand = demand_of(links)
    most = np.where(works.candidate, works.size_max, works.capacity)
    return Room(
        matches=plan.matches,
        need_full=served >= demand * (1 - _FULL),
        plant_full=done.activity >= most * (1 - _FULL),
        plant_idle=works.candidate & ~done.built,
        limited=_limited(plan.matches, network),
        mixed=frozenset(
            marginal.label.removeprefix("share(").split(",", 1)[0]
            for marginal in network.marginals
            if marginal.constraint == "share" and marginal.label.endswith(",high)")
        ),
    )


def _limited(matches: Matches, network: Network) -> dict[int, str]:
    """Limits that bind in a network, by the routes that break them alone."""
    specs = matches.specs
    limits = matches.links.region.table("limits")["limit"]
    binding = {marginal.label for marginal in network.marginals if marginal.constraint == "blend" and marginal.value > 0}
    names = [f"blend({specs.label(matches.links, row)})" for row in range(len(specs.need))]
    binds = np.array([name in binding for name in names], dtype=bool)
    breaking = np.flatnonzero(binds[specs.row] & (specs.coefficient > 0))
    return {int(specs.route[entry]): str(limits[specs.limit[specs.row[entry]]]) for entry in breaking}


def shortfall(matches: Matches, route: int, outlet: float) -> str:
    """What weighs most against a route that is not worth it: haulage, the plant, or what the outlet earns.

    Args:
        matches: the routes.
        route: row of the route.
        outlet: what a unit costs at the outlet that it would be taken from, EUR; negative where that earns.
    """
    routes, links = matches.routes, matches.links
    unit = links.nodes.unit[routes.stream[route]]
    haul = _per_stream(matches, route, links.arcs.eur[:, _HAUL].sum(axis=1))
    gate = float(links.arcs.eur[routes.arc_in[route], _GATE])
    reasons = {f"haulage is {figure(haul)} EUR/{unit}": haul, f"it is worth {figure(gate)} EUR/{unit} at its own gate": gate}
    reasons[f"the outlet earns {figure(-outlet)} EUR/{unit}"] = -outlet
    if routes.plant[route] >= 0:
        work = _worth(matches, route) - haul - gate - worth_anew(matches, route)
        reasons[f"processing and what it needs cost {figure(work)} EUR/{unit}"] = work
    text, weight = max(reasons.items(), key=lambda pair: pair[1])
    return text if weight > 0 else "what it replaces is cheap"


def worth_anew(matches: Matches, route: int) -> float:
    """What a unit on a route is worth, EUR, before anything is said of the outlet that it is taken from."""
    return float(matches.routes.gain[route]) - _today(matches, route)


def _per_stream(matches: Matches, route: int, per_arc: Floats) -> float:
    """A coefficient of arcs along a route, per unit of stream."""
    routes = matches.routes
    value = float(per_arc[routes.arc_in[route]])
    if routes.arc_out[route] >= 0:
        value += float(routes.delivered[route] * per_arc[routes.arc_out[route]])
    return value


def _today(matches: Matches, route: int) -> float:
    """What a unit of the stream costs today, EUR; negative where its outlets earn."""
    links = matches.links
    fates = np.flatnonzero((links.arcs.kind == ArcKind.FATE) & (links.arcs.origin == matches.routes.stream[route]))
    amount = links.arcs.today[fates]
    return float(amount @ links.arcs.eur[fates].sum(axis=1) / amount.sum()) if amount.sum() > 0 else 0.0


def _worth(matches: Matches, route: int) -> float:
    """What is delivered is worth, EUR per unit of stream: the product that it replaces, or what a market pays."""
    routes, arcs = matches.routes, matches.links.arcs
    last = routes.arc_out[route] if routes.arc_out[route] >= 0 else routes.arc_in[route]
    buys = np.flatnonzero((arcs.kind == ArcKind.BUY) & (arcs.destination == routes.need[route]))
    price = float(arcs.eur[buys].sum(axis=1).min()) * float(arcs.ratio[last]) if len(buys) else 0.0
    return float(routes.delivered[route]) * (price - float(arcs.eur[last, EUR_TERMS.index("revenue")]))
