"""Tails: what an output may still earn at most and at least on its way to each need, whatever stream it is made of."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import ArcKind, Floats, Ints
from sivuvirta.links.codes import Mask, Rows, ints
from sivuvirta.match.chains.network import Network
from sivuvirta.match.chains.quantities import Quantities, quantities
from sivuvirta.match.elsewhere import Elsewhere, summed
from sivuvirta.match.plant_costs import passage
from sivuvirta.match.worth import Sum

AT_ONCE = 4_000_000
"""Figures that are held at once."""


@frozen(eq=False)
class Tails:
    """Bounds of what a unit of each output earns on the way to a need through one to s more plants, EUR."""

    high: Floats  # (yields,) EUR that a unit earns at most in the step of that row, before its output goes on; NaN where it is none
    made: Floats  # (yields,) units of that output
    row: Ints  # (outputs,) position of each output in the tables below, -1 for what no other plant takes or makes
    needs: Ints  # (needs,) rows of links.nodes that some plant serves
    most: tuple[Floats, ...]  # by s - 1: (rows, needs), -inf where there is no way
    top: tuple[Floats, ...]  # by s - 1: (rows,) the most to any need
    bottom: tuple[Floats, ...]  # by s - 1: (rows,) the least to any need, inf where there is no way; -inf where nothing bounds it
    sour: Mask  # (rows,) on some way a by-product may have to be taken to a need that costs more than nothing
    reach: Mask  # (rows, plants) plants that lie on some way
    quantities: Quantities  # (rows,) tonnes that arrive on some way, and those that the law asks for


@frozen(eq=False)
class _Steps:
    """Steps from an output into the next plant and out again. Shape (steps,)."""

    origin: Ints  # row of the output that goes in
    output: Ints  # row of the output that comes out
    plant: Ints
    high: Floats  # EUR per unit that goes in, at most
    low: Floats
    made: Floats  # units that come out


def tails(net: Network, steps: int) -> Tails:
    r"""Backward over the arcs of the network, without regard to what flows.

    .. math:: V_0(o, j) = \max_a delivered_a, \quad W_s(o, j) = \max_{(o, o')} \left( w_{oo'} + m_{oo'} \max(V_0, W_{s-1})(o', j) \right)

    with w what a step is worth at most, other outputs where they are worth most, and m what it makes. The least is found in the same way.
    The cost is steps times arcs times needs, once a region.

    Args:
        net: the network.
        steps: most plants that a route may pass after the first.
    """
    links = net.links
    row, found, entry = _steps(net)
    by_entry = np.full((2, len(links.works.yields.arc)), np.nan)
    by_entry[:, entry] = found.high, found.made
    count = int(row.max(initial=-1)) + 1
    out = np.flatnonzero((links.arcs.kind == ArcKind.DELIVER) & (np.append(row, [-1])[links.arcs.output] >= 0))
    needs, column = np.unique(links.arcs.destination[out], return_inverse=True)
    ends, least = np.full((count, len(needs)), -np.inf), np.full(count, np.inf)
    np.maximum.at(ends, (row[links.arcs.output[out]], column), net.worth.delivered.value[out, 0])
    np.minimum.at(least, row[links.arcs.output[out]], net.worth.delivered.value[out, 0])
    most, bottom = [], []
    high, low = ends, least
    for _ in range(steps):
        going = np.full_like(ends, -np.inf)
        for part in _parts(found, len(needs)):
            np.maximum.at(going, found.origin[part], found.high[part, None] + found.made[part, None] * high[found.output[part]])
        lowest = np.full(count, np.inf)
        np.minimum.at(lowest, found.origin, found.low + found.made * low[found.output])
        most.append(going)
        bottom.append(lowest)
        high, low = np.maximum(ends, going), np.minimum(least, lowest)
    return Tails(
        high=by_entry[0],
        made=by_entry[1],
        row=row,
        needs=ints(needs),
        most=tuple(most),
        top=tuple(going.max(axis=1, initial=-np.inf) for going in most),
        bottom=tuple(bottom),
        sour=_tainted(found, _sour(net, row, count), steps),
        reach=_reach(found, (count, len(links.works)), steps),
        quantities=quantities(net, row, (found.origin, found.output, found.made), steps),
    )


def _parts(found: _Steps, width: int) -> list[Rows]:
    count = len(found.origin)
    size = max(1, AT_ONCE // max(1, width))
    return [np.arange(begin, min(begin + size, count)) for begin in range(0, count, size)]


def _steps(net: Network) -> tuple[Ints, _Steps, Rows]:
    """Row of each output in the tables, every step of the network with its bounds, and its row of works.yields.

    The cost of a plant whose size is open is next to nothing at best, and has no worst.
    """
    links, works = net.links, net.links.works
    yields = works.yields
    entry = np.flatnonzero((links.arcs.kind[yields.arc] == ArcKind.PASS) & (yields.eta > 0))
    ways = net.ways(entry)
    origin = links.arcs.output[ways.arc_in]
    used = np.unique(np.concatenate([origin, ways.output]))
    row = np.full(len(works.outputs.plant), -1, dtype=np.int32)
    row[used] = np.arange(len(used), dtype=np.int32)
    endless = np.full(len(entry), np.inf)
    high, low = (passage(links, net.worth, _outlets(net, upper), ways, endless) for upper in (True, False))
    open_ = works.candidate[ways.plant] & ~np.isfinite(works.size_max[ways.plant])
    bottom = np.where(open_, -np.inf, low.worth.value[:, 0])
    return row, _Steps(row[origin], row[ways.output], ways.plant, high.worth.value[:, 0], bottom, high.made), entry


def _outlets(net: Network, upper: bool) -> Elsewhere:
    """Outputs where they are worth most, or least, over all arcs that lead anywhere; nothing where no fate is stated and none may do."""
    links, yields = net.links, net.links.works.yields
    count = len(links.works.outputs.plant)
    leaving = np.flatnonzero(np.isin(links.arcs.kind, (ArcKind.DELIVER, ArcKind.RESIDUE)))
    fated = np.zeros(count, dtype=bool)
    fated[links.arcs.output[links.arcs.kind == ArcKind.RESIDUE]] = True
    value = np.where(fated, -np.inf if upper else np.inf, 0.0)
    bound = np.maximum if upper else np.minimum
    bound.at(value, links.arcs.output[leaving], net.worth.delivered.value[leaving, 0])
    both = np.stack([value, np.zeros(count)], axis=1)
    of_output = Sum(both, np.zeros_like(both))
    of_entry = Sum(both[yields.output], np.zeros((len(yields.arc), 2)))
    return Elsewhere(of_entry, of_output, summed(yields.arc, yields.eta, of_entry, len(links.arcs)))


def _sour(net: Network, row: Ints, count: int) -> Mask:
    """Outputs without a fate that some need takes at a loss: who may go there is worse off than who may go nowhere. Shape (rows,)."""
    arcs = net.links.arcs
    place, sour = np.append(row, [-1])[arcs.output], np.zeros(count + 1, dtype=bool)
    sour[place[(arcs.kind == ArcKind.DELIVER) & (net.worth.delivered.value[:, 0] < 0)]] = True
    sour[place[arcs.kind == ArcKind.RESIDUE]] = False
    return sour[:count]


def _tainted(found: _Steps, sour: Mask, steps: int) -> Mask:
    """Outputs on whose way lies a plant with a sour output."""
    result = np.zeros_like(sour)
    plants = np.zeros(int(found.plant.max(initial=-1)) + 1, dtype=bool)
    plants[found.plant[sour[found.output]]] = True
    for _ in range(steps):
        result[found.origin[plants[found.plant] | result[found.output]]] = True
    return result


def _reach(found: _Steps, shape: tuple[int, int], steps: int) -> Mask:
    """Plants on the ways from each output. Shape (rows, plants)."""
    reach = np.zeros(shape, dtype=bool)
    for _ in range(steps):
        for part in _parts(found, reach.shape[1]):
            onward = reach[found.output[part]]
            onward[np.arange(len(part)), found.plant[part]] = True
            np.logical_or.at(reach, found.origin[part], onward)
    return reach
