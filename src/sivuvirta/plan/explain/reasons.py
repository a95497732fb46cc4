"""Reasons: why a stream goes where it goes, and why it does not go elsewhere, in words."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.links import ArcKind, Floats
from sivuvirta.domain.matches import Cause, Matches
from sivuvirta.domain.plans import Network, Plan
from sivuvirta.plan.explain.obstacles import Room, room, shortfall, worth_anew
from sivuvirta.plan.explain.words import figure, link_name
from sivuvirta.plan.explain.worth import worth
from sivuvirta.plan.program.candidates import Index

_SEEN = 1e-6  # of a stream: less is not worth a sentence
_EVEN = 0.005  # EUR per unit: two routes that differ by less are worth the same


@frozen(eq=False)
class Reason:
    """One sentence on one stream."""

    stream: str  # id
    route: int  # row of routes that it speaks of, those of several steps numbered behind the others; -1 where none
    arc: int  # row of links.arcs: the way into the need, the plant or the outlet
    amount: float  # units a year
    gain: float  # EUR per unit against the outlet that it leaves, 0 for what stays
    text: str


def reasons(plan: Plan, evidence: str = "potential") -> tuple[Reason, ...]:
    """Why each stream goes where it goes: its gain against the outlet that it leaves and against the next best route; for what stays, why.

    Args:
        plan: a solved plan.
        evidence: which of its networks, "proven" or "potential".

    Returns:
        Streams in the order of the register; of each, the largest flow first, then what stays with its outlets.
    """
    network = plan.proven if evidence == "proven" else plan.potential
    matches, links = plan.matches, plan.links
    worst = Verdict.BLEND if evidence == "proven" else Verdict.UNKNOWN
    order = np.lexsort((-matches.routes.gain, matches.routes.stream))
    first = np.searchsorted(matches.routes.stream[order], links.supply.node)
    last = np.searchsorted(matches.routes.stream[order], links.supply.node, side="right")
    left, outlets = room(plan, network), _outlets(network)
    brought = worth(plan, network).per_unit(network.flow)
    flow = network.flow
    several = len(matches.routes) + np.flatnonzero(network.chain_flow > 0)
    found: list[Reason] = []
    for position in np.flatnonzero(np.nan_to_num(links.supply.value) > 0):
        node = int(links.supply.node[position])
        ways = order[first[position] : last[position]]
        here = _Stream(
            matches=matches,
            network=network,
            node=node,
            amount=float(links.supply.value[position]),
            ways=ways,
            open_ways=ways[matches.routes.verdict[ways] <= worst],
            outlets=outlets.get(node, []),
            left=left,
            brought=brought,
            taken=np.concatenate([ways, several[matches.chains.stream[several - len(matches.routes)] == node]]),
            flow=flow,
        )
        found += _used(here) + _staying(here)
    return tuple(found)


@frozen(eq=False)
class _Outlet:
    """One of today's outlets of a stream."""

    arc: int
    name: str
    today: float  # units a year
    planned: float
    cost: float  # EUR per unit, negative where it earns


@frozen(eq=False)
class _Stream:
    """One stream in one network."""

    matches: Matches
    network: Network
    node: int
    amount: float
    ways: Index  # its routes by falling gain
    open_ways: Index  # those that the evidence allows
    outlets: list[_Outlet]
    left: Room
    brought: Floats  # EUR per unit of each route in use, against the outlets that it leaves
    taken: Index  # its routes, those of several steps in use behind the others
    flow: Floats  # units a year on every route

    @property
    def id(self) -> str:
        return str(self.matches.links.nodes.id[self.node])

    @property
    def unit(self) -> str:
        return str(self.matches.links.nodes.unit[self.node])

    def money(self, value: float) -> str:
        return f"{figure(abs(value))} EUR/{self.unit}"


def _outlets(network: Network) -> dict[int, list[_Outlet]]:
    """Outlets by node of the stream."""
    links, flow = network.ledger.links, network.ledger.per_arc()
    arcs, found = links.arcs, dict[int, list[_Outlet]]()
    for arc in np.flatnonzero(arcs.kind == ArcKind.FATE):
        name = link_name(links, int(arcs.destination[arc]))
        outlet = _Outlet(int(arc), name, float(arcs.today[arc]), float(flow[arc]), float(arcs.eur[arc].sum()))
        found.setdefault(int(arcs.origin[arc]), []).append(outlet)
    return found


def _used(of: _Stream) -> list[Reason]:
    """A sentence for each route that the stream takes."""
    flow = of.flow
    used = of.taken[flow[of.taken] > _SEEN * of.amount]
    given_up = [outlet for outlet in of.outlets if outlet.today - outlet.planned > _SEEN * of.amount]
    name = f"'{given_up[0].name}'" if len(given_up) == 1 else "the outlets that it leaves"
    found = []
    for route in used[np.argsort(-flow[used], kind="stable")]:
        gain = float(of.brought[route])
        head = f"{figure(flow[route])} {of.unit}/a go to {route_name(of.matches, int(route))}: {_than(of, gain)} {name}"
        text = f"{head}{_against(of, int(route))}."
        found.append(Reason(of.id, int(route), int(of.matches.arcs(int(route))[0]), float(flow[route]), gain, text))
    return found


def _than(of: _Stream, gain: float) -> str:
    """How a route stands beside the outlets that it leaves, for words that name them."""
    if np.isnan(gain):
        return "it is not known how that compares with"
    return "as good as" if abs(gain) <= _EVEN else f"{of.money(gain)} {'better' if gain > 0 else 'dearer'} than"


def _against(of: _Stream, route: int) -> str:
    """Comparison with the best other route; where that one is worth more, what keeps the stream from it."""
    routes = of.matches.routes
    need, worth_alone = (_of(of.matches, name, route) for name in ("need", "gain"))
    others = of.open_ways[(of.open_ways != route) & (routes.need[of.open_ways] != need)]
    if len(others) == 0:
        return "; no other route is open to it"
    other = int(others[0])
    ahead = float(worth_alone - routes.gain[other])
    name = route_name(of.matches, other)
    if ahead > _EVEN:
        return f", and {of.money(ahead)} better than the next best, {name}"
    if ahead >= -_EVEN:
        return f"; {name} would be as good"
    return f"; {name} would bring {of.money(ahead)} more, but {of.left.obstacle(other)}"


def _staying(of: _Stream) -> list[Reason]:
    """A sentence for what stays with each of today's outlets."""
    found = []
    for outlet in sorted(of.outlets, key=lambda outlet: -outlet.planned):
        if outlet.planned > _SEEN * of.amount:
            text = f"{figure(outlet.planned)} {of.unit}/a stay with '{outlet.name}': {_why_not(of, outlet)}."
            best = int(of.open_ways[0]) if len(of.open_ways) else -1
            found.append(Reason(of.id, best, outlet.arc, outlet.planned, 0.0, text))
    return found


def _why_not(of: _Stream, outlet: _Outlet) -> str:
    if len(of.ways) == 0:
        return "no need in the register takes it, neither straight nor through a plant"
    if len(of.open_ways) == 0:
        return _not_open(of)
    best = int(of.open_ways[0])
    name, gain = route_name(of.matches, best), worth_anew(of.matches, best) + outlet.cost
    if gain > _EVEN:
        return f"the best route, {name}, would bring {of.money(gain)}, but {of.left.obstacle(best)}"
    return f"the best route, {name}, is {of.money(gain)} short, because {shortfall(of.matches, best, outlet.cost)}"


def _not_open(of: _Stream) -> str:
    """Why none of the routes may be used."""
    routes = of.matches.routes
    verdicts = routes.verdict[of.ways]
    if (verdicts == Verdict.FAIL).all():
        return f"it fails at {'the one need' if len(of.ways) == 1 else f'each of {len(of.ways)} routes'} that would take its material"
    best = int(of.ways[np.argmin(verdicts)])
    word = Verdict(routes.verdict[best]).word
    return f"nothing is proven: the best of its routes, {route_name(of.matches, best)}, is {word}{_deciding(of.matches, best)}"


def _deciding(matches: Matches, route: int) -> str:
    """What decides a route's verdict, in brackets."""
    cause, limit = Cause(matches.routes.cause[route]), int(matches.routes.limit[route])
    if cause == Cause.LIMIT and limit >= 0:
        return f" (limit '{matches.links.region.table('limits')['limit'][limit]}')"
    return "" if cause == Cause.NOTHING else f" ({cause.name.lower()})"


def route_name(matches: Matches, route: int) -> str:
    """A route as people say it, for example "'Road base' through 'Crusher'"."""
    links = matches.links
    need = link_name(links, int(_of(matches, "need", route)))
    plants = [f"'{link_name(links, int(node))}'" for node in links.works.node[matches.plants(route)]]
    return f"'{need}' through {' and '.join(plants)}" if plants else f"'{need}'"


def _of(matches: Matches, column: str, route: int) -> float:
    """A figure of a route, those of several steps numbered behind the others."""
    count = len(matches.routes)
    part, row = (matches.routes, route) if route < count else (matches.chains, route - count)
    return float(getattr(part, column)[row])
