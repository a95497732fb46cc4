"""Rounding: what a solver leaves of a zero in and out of plants goes on both sides, so that mass closes however little flows."""

from __future__ import annotations

import numpy as np

from sivuvirta.domain.ledger import sums
from sivuvirta.domain.links import Floats
from sivuvirta.plan.program.candidates import Index, Mask
from sivuvirta.plan.program.setting import Setting

_NOISE = 1e-9  # of the largest flow: to this the rows of a program hold, so what is less may be none
_SAME = 1e-10  # relative: what enters and what leaves are one amount


def cleared(at: Setting, x: Floats) -> Floats:
    r"""The same answer without flows through plants that are rounding: those that leave otherwise than they entered.

    A way in a is rounding where it carries next to nothing and one of its rows is open,

    .. math:: |\sum_{b \in \delta^+(g)} f_{ab} - x_a| > \epsilon x_a \quad\text{or}\quad |x_{ab} - \eta_{ag} f_{ab}| > \epsilon x_{ab}

    It goes with all that it became and was made of, and with whatever else is next to nothing
    at its plant; its stream leaves it to its largest outlet, and its need buys it.

    Args:
        at: the program.
        x: value of each column; solved.

    Returns:
        Value of each column; the same array where nothing is rounding.
    """
    found, blocks = at.found, at.blocks
    enter, pair = blocks.enter.of(x).copy(), blocks.pair.of(x).copy()
    if not len(enter):
        return x
    flowing = np.concatenate([enter, *(block.of(x) for block in (blocks.direct, blocks.fate, blocks.buy))])
    least = _NOISE * float(flowing.max(initial=0.0))
    gone = np.zeros(len(enter), dtype=bool)
    while (bad := _rounding(at, enter, pair, least)).any():
        enter[bad] = 0.0
        pair[bad[found.pairs.enter]] = 0.0
        pair[found.source[bad & (found.source >= 0)]] = 0.0
        gone |= bad
    if not gone.any():
        return x
    result = x.copy()
    _given_back(at, result, enter, pair)
    result[blocks.enter.columns], result[blocks.pair.columns] = enter, pair
    result[blocks.activity.columns[_idle(found.enter_plant, enter, gone)]] = 0.0
    return result


def _rounding(at: Setting, enter: Floats, pair: Floats, least: float) -> Mask:
    """Ways in that are next to nothing and whose rows are open, or that are next to nothing beside such. Shape (enter,)."""
    found, pairs = at.found, at.found.pairs
    outputs = np.int64(max(len(at.links.works.outputs.plant), 1))
    seen = np.flatnonzero((enter[pairs.enter] > 0) | (pair > 0))
    keys, row = np.unique(pairs.enter[seen] * outputs + pairs.output[seen], return_inverse=True)
    owner = keys // outputs
    total = sums(row.reshape(-1), pair[seen], len(keys))
    size = enter.copy()
    np.maximum.at(size, owner, total)
    bad = np.zeros(len(enter), dtype=bool)
    bad[owner[_unlike(total, enter[owner])]] = True
    later = np.flatnonzero(found.source >= 0)
    source = found.source[later]
    bad[later[_unlike(pairs.eta[source] * pair[source], enter[later])]] = True
    small = (size <= least) & (size > 0)
    bad &= small
    beside = np.zeros(len(found.plants), dtype=bool)
    beside[found.enter_plant[bad]] = True
    return np.asarray(bad | (small & beside[found.enter_plant]), dtype=bool)


def _given_back(at: Setting, x: Floats, enter: Floats, pair: Floats) -> None:
    """Adds what no longer enters a plant to the largest outlet of its stream, and what no longer reaches a need to what that buys."""
    found, blocks, arcs = at.found, at.blocks, at.links.arcs
    count, pairs = len(at.links.nodes.id), found.pairs
    left = sums(arcs.origin[found.enter], np.where(found.source < 0, blocks.enter.of(x) - enter, 0.0), count)
    to = found.outlet[pairs.outlet]
    less = np.nan_to_num(arcs.ratio[to]) * pairs.eta * (blocks.pair.of(x) - pair)
    short = sums(arcs.destination[to], np.where(pairs.into < 0, less, 0.0), count)
    for block, node, amount in ((blocks.fate, arcs.origin[found.fate], left), (blocks.buy, arcs.destination[found.buy], short)):
        order = np.lexsort((block.of(x), node))
        last = order[np.append(node[order][1:] != node[order][:-1], True)] if len(order) else order
        x[block.columns[last]] += np.where(block.of(x)[last] > 0, amount[node[last]], 0.0)


def _unlike(one: Floats, other: Floats) -> Mask:
    return np.asarray(np.abs(one - other) > _SAME * np.maximum(one, other), dtype=bool)


def _idle(plant: Index, enter: Floats, gone: Mask) -> Index:
    """Plants that something was taken from and that nothing enters any more."""
    return np.setdiff1d(plant[gone], plant[enter > 0])
