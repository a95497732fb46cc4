"""Quantities on the way: where the law asks how many tonnes a year come, and between which bounds what is at hand arrives there."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import ArcKind, Floats, Ints
from sivuvirta.match.applicable import UNION
from sivuvirta.match.chains.network import Network
from sivuvirta.match.legal_book import OUT, USE, Book

KINDS = (*OUT, *USE, "shipment")
"""Kinds of path on which a verdict may rest."""


ROUND = 1e-9
"""Relative width of what rounding may do to a product of yields."""


@frozen(eq=False)
class Quantities:
    """How the law's answer may depend on tonnes. Shape (outputs,) as in `Tails` unless said."""

    edges: Floats  # (edges,) t/a as sent from which some legal path is open
    supply: Floats  # (nodes,) units a year of streams, NaN where not known
    low: Floats  # t as sent that arrive at least somewhere ahead, per unit at hand; inf where there is no way
    high: Floats  # at most; -inf where there is no way

    def bands(self, stream: Ints, row: Ints, amount: Floats) -> Ints:
        r"""Numbers of labels; those of one stream and output that have the same may not be told apart by any quantity that lies ahead.

        Let A < B be the tonnes a year of two labels, and [l, h] the range of what a tonne becomes wherever the law is asked ahead. An edge
        e tells them apart if at some place m the smaller stays below it and the larger does not:

        .. math:: A m < e \le B m, \quad m \in [l, h] \quad \Rightarrow \quad A l < e \le B h

        So where no edge lies in (A l, B h] every path ahead is open to both or to neither. This joins labels into classes: if e lay between
        A l and C h, but neither in (A l, B h] nor in (B l, C h], it were above B h and not above B l, which l <= h forbids. So it is enough
        to look at neighbours in the order of tonnes. Bounds are widened by a billionth for rounding. Equal tonnes are never told apart, nor
        are unknown ones, of which every label of a stream has the same.

        Args:
            stream: rows of nodes, shape (labels,).
            row: outputs, shape (labels,).
            amount: units at hand per unit of stream, shape (labels,).
        """
        result = np.zeros(len(stream), dtype=np.int32)
        if len(self.edges) == 0:
            return result
        tonnes = self.supply[stream] * amount
        order = np.lexsort((tonnes, row, stream))
        small, large, place = tonnes[order][:-1], tonnes[order][1:], row[order][1:]
        low, high = small * self.low[place] * (1.0 - ROUND), large * self.high[place] * (1.0 + ROUND)
        between = np.searchsorted(self.edges, high, "right") > np.searchsorted(self.edges, low, "right")
        result[order[1:]] = np.cumsum(between & (small < large))
        return result


def quantities(net: Network, row: Ints, steps: tuple[Ints, Ints, Floats], count: int) -> Quantities:
    r"""Bounds of what arrives ahead, backward over the arcs of the network.

    .. math:: l(o) = \min\left( \min_a s_a, \min_{(o, o')} m_{oo'} l(o') \right)

    with s the tonnes as sent per tonne on the arcs that leave an output, and m what a step makes. The most is found in the same way.

    Args:
        net: the network.
        row: row of each output, -1 where it has none.
        steps: row of the output that goes in, of the one that comes out, and what is made of a unit; shape (steps,) each.
        count: plants that may lie ahead at most.
    """
    arcs, (origin, output, made) = net.links.arcs, steps
    place = np.append(row, [-1])[arcs.output]
    out = np.flatnonzero(np.isin(arcs.kind, (ArcKind.DELIVER, ArcKind.PASS)) & (place >= 0))
    rows = int(row.max(initial=-1)) + 1
    low, high = np.full(rows, np.inf), np.full(rows, -np.inf)
    np.fmin.at(low, place[out], arcs.sent[out])
    np.fmax.at(high, place[out], arcs.sent[out])
    for _ in range(count):
        np.fmin.at(low, origin, made * low[output])
        np.fmax.at(high, origin, made * high[output])
    supply = np.full(len(net.links.nodes.id), np.nan)
    supply[net.links.supply.node] = net.links.supply.value
    return Quantities(_edges(net), supply, low, high)


def _edges(net: Network) -> Floats:
    """Least quantities of the paths in force that may speak there; the most that a path takes changes no verdict."""
    known, works = net.grounds, net.links.works
    places = {UNION, *known.needs.jurisdiction.tolist(), *known.streams.country[works.node].tolist()}
    found = [path for path in Book.of(net.links.region).paths if path.kind in KINDS and path.jurisdiction in places]
    return np.unique(np.array([path.least for path in found if path.least > 0], dtype=float))
