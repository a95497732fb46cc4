"""Bounds: how much a network can gain at most if some routes are opened, without solving it anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from attrs import frozen

from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.links import Floats, Ints
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.links.codes import Mask
from sivuvirta.plan.program.amounts import demand_of, supply_of
from sivuvirta.plan.program.families import program
from sivuvirta.plan.program.setting import Setting
from sivuvirta.prospects.networks import admitting
from sivuvirta.prospects.relaxed import relaxed


@frozen(eq=False)
class Bounds:
    """What each closed route could add at most. Shape (routes,) unless said."""

    matches: Matches
    slack: float  # EUR/a by which the relaxed program lies below the network itself, inf where it was not solved
    each: Floats  # EUR per unit of stream: less the reduced cost of what the route alone opens, 0 where it cannot gain
    enter: Floats  # EUR per unit that enters a plant over the route's first arc, where that is closed too
    most: Floats  # units a year that the route can carry

    def at_most(self, routes: Iterable[int]) -> float:
        r"""Most that opening some routes adds to the network, EUR/a.

        .. math:: \Delta \le slack + \sum_i \min \Bigl( q_i \max_{r \in i} g_r, \; \sum_{r \in i} g_r m_r \Bigr)

        with g the reduced costs turned round, q what stream i gives off and m what a route can carry. By weak duality it holds whatever is
        opened together: the duals of the relaxed program without the routes are an answer to the program with them, once each new column
        is paid for up to its largest flow. Through a plant g adds what enters, and for each output the best of the routes that take it.

        Args:
            routes: positions of routes that are opened.
        """
        found = self.matches.routes
        outputs: dict[tuple[int, int], float] = defaultdict(float)
        ways: dict[tuple[int, int], list[float]] = {}
        for route in routes:
            stream, arc = int(found.stream[route]), int(found.arc_in[route])
            if found.plant[route] < 0:
                ways[stream, arc] = [float(self.each[route]), float(self.most[route])]
                continue
            output = int(self.matches.links.arcs.output[found.arc_out[route]])
            best = max(outputs[arc, output], float(self.each[route]))
            gain, most = ways.get((stream, arc), [float(self.enter[route]), float(self.most[route])])
            ways[stream, arc] = [gain + best - outputs[arc, output], max(most, float(self.most[route]))]
            outputs[arc, output] = best
        supply = supply_of(self.matches.links)
        by_stream: dict[int, list[list[float]]] = defaultdict(list)
        for (stream, _), way in ways.items():
            by_stream[stream].append(way)
        gains = (
            min(supply[stream] * max(gain for gain, _ in of), sum(gain * most for gain, most in of)) for stream, of in by_stream.items()
        )
        return self.slack + float(sum(gains))


def bounds(everything: Matches, closed: Mask, worst: Verdict, reached: float, options: PlanOptions) -> Bounds:
    """Bounds for opening routes of a network; without end where the relaxed program is not solved.

    Args:
        everything: the routes if all questions turn out well.
        closed: routes that the network as it is does not admit, shape (routes,).
        worst: verdict that the network admits.
        reached: the network's objective, EUR/a.
        options: of the plan.
    """
    at = program(admitting(everything, worst), options)
    shut = _columns(at, closed)
    result = relaxed(at, shut, options)
    if result is None:
        return Bounds(everything, np.inf, *np.zeros((3, len(everything.routes))))
    each, enter, most = _of_routes(at, np.maximum(-result.reduced, 0.0), shut)
    return Bounds(everything, max(0.0, reached - result.objective), each, enter, most)


def _columns(at: Setting, closed: Mask) -> Ints:
    """Columns that only closed routes use."""
    found, blocks = at.found, at.blocks
    shut = np.append(closed, [False])  # the last is for pairs without a route
    pair = shut[found.pairs.route]
    fed = np.ones(len(found.enter), dtype=bool)
    routed = found.pairs.route >= 0
    fed[found.pairs.enter[routed]] = False
    fed[found.pairs.enter[routed & ~pair]] = True
    parts = zip((blocks.direct, blocks.enter, blocks.pair), (shut[found.direct], ~fed, pair), strict=True)
    return np.concatenate([block.columns[mask] for block, mask in parts])


def _of_routes(at: Setting, gain: Floats, shut: Ints) -> tuple[Floats, Floats, Floats]:
    """Gain of each route's own column, of its closed way into a plant, and most that it carries."""
    found, blocks, links = at.found, at.blocks, at.links
    counted = np.zeros(len(gain))
    counted[shut] = gain[shut]
    routes, count = found.matches.routes, len(found.matches.routes)
    each, enter, most = np.zeros(count), np.zeros(count), np.zeros(count)
    arc = routes.arc_in[found.direct]
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = np.where(links.arcs.ratio[arc] > 0, demand_of(links)[links.arcs.destination[arc]] / links.arcs.ratio[arc], np.inf)
    each[found.direct] = blocks.direct.of(counted)
    most[found.direct] = np.fmin(supply_of(links)[links.arcs.origin[arc]], reach)
    routed = np.flatnonzero(found.pairs.route >= 0)
    route = found.pairs.route[routed]
    each[route] = blocks.pair.of(counted)[routed]
    enter[route] = blocks.enter.of(counted)[found.pairs.enter[routed]]
    most[route] = np.fmin(found.enter_most[found.pairs.enter[routed]], supply_of(links)[routes.stream[route]])
    return each, enter, most
