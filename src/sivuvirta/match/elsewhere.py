"""Where the other outputs of a plant go, and what they are worth there."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import ArcKind, Ints, Links
from sivuvirta.links.codes import Mask, groups, ints
from sivuvirta.match.ways import Ways
from sivuvirta.match.worth import Sum, Worth

KEPT_FOR_USE = ("product", "coproduct")
"""Kinds of output that go where they are worth most; the others go where they cost least."""


@frozen(eq=False)
class Elsewhere:
    """What outputs are worth where they go best, EUR and kg CO2e saved per unit of output unless said."""

    of_entry: Sum  # (yields, 2) made of what enters by one arc
    of_output: Sum  # (outputs, 2) whatever it is made of
    of_arc: Sum  # (arcs, 2) all outputs of a unit that enters by an arc


def elsewhere(links: Links, worth: Worth, ways: Ways, admitted: Mask) -> Elsewhere:
    """Best outlets of what plants make: fates of the output, and needs to which a route that does not fail leads from the same input.

    An output with neither is worth nothing.

    Args:
        links: the arcs and plants.
        worth: what a unit on each arc is worth.
        ways: ways through plants.
        admitted: ways that do not fail, shape (ways,).
    """
    arcs, yields = links.arcs, links.works.yields
    count = len(links.works.outputs.plant)
    arc_out = ways.arc_out[admitted]
    fate = np.flatnonzero(arcs.kind == ArcKind.RESIDUE)
    entry, member = groups(arcs.output[fate], count).join(yields.output)
    own = entries(links, ways.arc_in[admitted], ways.output[admitted])
    of_entry = _best(links, worth, (np.concatenate([own, entry]), np.concatenate([arc_out, fate[member]])), len(yields.arc))
    leaving = np.concatenate([np.unique(arc_out), fate])
    of_output = _best(links, worth, (arcs.output[leaving], leaving), count)
    return Elsewhere(of_entry, of_output, summed(yields.arc, yields.eta, of_entry, len(arcs)))


def of_batches(links: Links, outlets: Elsewhere, feed: Ints, reagent: Ints) -> Sum:
    """All outputs of a unit of reagent, which go where those of the stream it is mixed with may go. Shape (batches, 2).

    Args:
        links: the arcs and plants.
        outlets: what outputs are worth.
        feed: arc of the stream into the plant, shape (batches,).
        reagent: arc of the reagent into the plant, shape (batches,).
    """
    yields, width = links.works.yields, np.int64(len(links.arcs) + 1)
    code, which = np.unique(feed * width + reagent, return_inverse=True)
    batch, row = groups(yields.arc, len(links.arcs)).join(code % width)
    output = yields.output[row]
    entry = entries(links, ints(code // width)[batch], output)
    along = (entry >= 0)[:, None]
    best = Sum(
        np.where(along, _at(outlets.of_entry.value, entry), outlets.of_output.value[output]),
        np.where(along, _at(outlets.of_entry.variance, entry), outlets.of_output.variance[output]),
    )
    whole = summed(batch, yields.eta[row], best, len(code))
    return Sum(whole.value[which], whole.variance[which])


def entries(links: Links, arc: Any, output: Any) -> Ints:
    """Row of works.yields of an arc and an output, -1 where the arc gives none of it."""
    yields, width = links.works.yields, np.int64(max(1, len(links.works.outputs.plant)))
    if len(yields.arc) == 0:
        return np.full(len(arc), -1, dtype=np.int32)
    key = yields.arc * width + yields.output
    order = np.argsort(key, kind="stable")
    wanted = arc * width + output
    at = order[np.minimum(np.searchsorted(key[order], wanted), len(key) - 1)]
    return ints(np.where(key[at] == wanted, at, -1))


def summed(group: Any, amount: Any, each: Sum, count: int) -> Sum:
    """Sums of amounts of things of some worth by group. Shape (count, 2)."""
    columns = [
        np.bincount(group, weights=weight * part[:, column], minlength=count).astype(float)
        for weight, part in ((amount, each.value), (amount**2, each.variance))
        for column in (0, 1)
    ]
    return Sum(np.stack(columns[:2], axis=1), np.stack(columns[2:], axis=1))


def _best(links: Links, worth: Worth, choice: tuple[Any, Any], count: int) -> Sum:
    """Worth of the best arc of each group of (group, arc) choices, 0 for a group without any. Shape (count, 2)."""
    group, arc = choice
    arcs, kinds = links.arcs, np.append(links.works.outputs.kind.astype(str), [""])
    proper = np.isin(kinds, KEPT_FOR_USE)[arcs.output] | (arcs.kind == ArcKind.RESIDUE)
    order = np.lexsort((worth.delivered.value[:, 0], proper))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    top = np.full(count, -1, dtype=np.int64)
    np.maximum.at(top, group, rank[arc])
    has = top >= 0
    best = Sum(np.zeros((count, 2)), np.zeros((count, 2)))
    chosen = order[top[has]]
    best.value[has], best.variance[has] = worth.delivered.value[chosen], worth.delivered.variance[chosen]
    return best


def _at(column: Any, row: Ints) -> Any:
    return column[np.maximum(row, 0)] if len(column) else np.zeros((len(row), 2))
