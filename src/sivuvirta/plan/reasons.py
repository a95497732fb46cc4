"""Reasons: why a stream goes where it goes, and why it does not go elsewhere, in words."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.links import ArcKind
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.plans import Network, Plan
from sivuvirta.plan.candidates import Index
from sivuvirta.plan.obstacles import Room, room, shortfall
from sivuvirta.plan.words import figure, link_name

_SEEN = 1e-6  # of a stream: less is not worth a sentence
_EVEN = 0.005  # EUR per unit: two routes that differ by less are worth the same


@frozen(eq=False)
class Reason:
    """One sentence on one stream."""

    stream: str  # id
    route: int  # row of routes that it speaks of, -1 where none
    arc: int  # row of links.arcs: the way into the need, the plant or the outlet
    amount: float  # units a year
    gain: float  # EUR per unit against today, 0 for what stays as it is
    text: str


def reasons(plan: Plan, evidence: str = "potential") -> tuple[Reason, ...]:
    """Why each stream goes where it goes: its gain against today's outlet and against the next best route; for what stays, why.

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
    left, kept = room(plan, network), _kept(network)
    found: list[Reason] = []
    for position, node in enumerate(links.supply.node):
        amount = float(links.supply.value[position])
        if not amount > 0:
            continue
        ways = order[first[position] : last[position]]
        open_ways = ways[matches.routes.verdict[ways] <= worst]
        found += _used(matches, network, (int(node), amount), (open_ways, left))
        found += _staying(matches, kept.get(int(node), []), (int(node), amount), (ways, open_ways, left))
    return tuple(found)


def _kept(network: Network) -> dict[int, list[tuple[int, float]]]:
    """Arc and amount of what goes to today's outlets, by node of the stream."""
    ledger = network.ledger
    arcs = ledger.links.arcs
    kept: dict[int, list[tuple[int, float]]] = {}
    for row in np.flatnonzero(arcs.kind[ledger.arc] == ArcKind.FATE):
        arc = int(ledger.arc[row])
        kept.setdefault(int(arcs.origin[arc]), []).append((arc, float(ledger.amount[row])))
    return kept


def _used(matches: Matches, network: Network, stream: tuple[int, float], around: tuple[Index, Room]) -> list[Reason]:
    """A sentence for each route that the stream takes."""
    routes, links = matches.routes, matches.links
    node, amount = stream
    ways, left = around
    flow = network.route_flow[ways]
    used = ways[flow > _SEEN * amount]
    found = []
    for route in used[np.argsort(-network.route_flow[used], kind="stable")]:
        carried, gain, unit = float(network.route_flow[route]), float(routes.gain[route]), links.nodes.unit[node]
        head = f"{figure(carried)} {unit}/a go to {route_name(matches, int(route))}: {_gained(gain, unit)}"
        others = ways[(ways != route) & (routes.need[ways] != routes.need[route])]
        text = f"{head}{_against(matches, int(route), others, left)}."
        found.append(Reason(str(links.nodes.id[node]), int(route), int(routes.arc_in[route]), carried, gain, text))
    return found


def _gained(gain: float, unit: str) -> str:
    if abs(gain) <= _EVEN:
        return "as good as today's outlet"
    return f"{figure(abs(gain))} EUR/{unit} {'better' if gain > 0 else 'dearer'} than today's outlet"


def _against(matches: Matches, route: int, others: Index, left: Room) -> str:
    """Comparison with the best other route; where that one is worth more, what keeps the stream from it."""
    if len(others) == 0:
        return "; no other route is open to it"
    routes = matches.routes
    other = int(others[0])  # ways come by falling gain
    ahead = float(routes.gain[route] - routes.gain[other])
    unit = matches.links.nodes.unit[routes.stream[route]]
    name = route_name(matches, other)
    if ahead > _EVEN:
        return f", and {figure(ahead)} EUR/{unit} better than the next best, {name}"
    if ahead >= -_EVEN:
        return f"; {name} would be as good"
    return f"; {name} would bring {figure(-ahead)} EUR/{unit} more, but {left.obstacle(other)}"


def _staying(matches: Matches, kept: list[tuple[int, float]], stream: tuple[int, float], around: tuple[Index, Index, Room]) -> list[Reason]:
    """A sentence for what stays with today's outlets."""
    node, amount = stream
    ways, open_ways, left = around
    links = matches.links
    found = []
    for arc, carried in sorted(kept, key=lambda pair: -pair[1]):
        if carried <= _SEEN * amount:
            continue
        name = links.nodes.name[links.arcs.destination[arc]] or "today's outlet"
        text = f"{figure(carried)} {links.nodes.unit[node]}/a stay with {name}: {_why_not(matches, ways, open_ways, left)}."
        best = int(open_ways[0]) if len(open_ways) else -1
        found.append(Reason(str(links.nodes.id[node]), best, arc, carried, 0.0, text))
    return found


def _why_not(matches: Matches, ways: Index, open_ways: Index, left: Room) -> str:
    if len(ways) == 0:
        return "no need in the register takes it, neither straight nor through a plant"
    if len(open_ways) == 0:
        return "every route to a need fails, or rests on evidence that is not proven"
    best = int(open_ways[0])
    gain = float(matches.routes.gain[best])
    if gain > _EVEN:
        return f"the best route, {route_name(matches, best)}, would bring {_per_unit(matches, best, gain)}, but {left.obstacle(best)}"
    return f"the best route, {route_name(matches, best)}, is {_per_unit(matches, best, -gain)} short, because {shortfall(matches, best)}"


def _per_unit(matches: Matches, route: int, value: float) -> str:
    return f"{figure(value)} EUR/{matches.links.nodes.unit[matches.routes.stream[route]]}"


def route_name(matches: Matches, route: int) -> str:
    """A route as people say it, for example "'Road base' through 'Crusher'"."""
    routes, links = matches.routes, matches.links
    need = link_name(links, int(routes.need[route]))
    if routes.plant[route] < 0:
        return f"'{need}'"
    return f"'{need}' through '{link_name(links, int(links.works.node[routes.plant[route]]))}'"
