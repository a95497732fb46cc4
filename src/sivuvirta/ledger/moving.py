"""What the cells of a ledger move with: the amounts of streams and the demands of needs that they rest on, and the ranges that follow.

Two ledgers over one region hang on the same amounts, so what a cell moves with is subtracted before its range is told.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from scipy.sparse import csr_array, hstack

from sivuvirta.domain.grades import Grade
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import ArcKind, Floats, Links, NodeKind
from sivuvirta.domain.spreads import grade_shares
from sivuvirta.domain.words import shortened
from sivuvirta.units.ranges import SPREAD

__all__ = ["Ends", "between", "ends", "moves"]

_SAME = 1e-9  # relative: what is left of two equal shares
_NAMED = 3  # inputs named in a reason


@frozen(eq=False)
class Ends:
    """Ranges of cells. Shape (cells,)."""

    below: Floats  # how much less than the amount it may be, 0 or more; NaN where nothing is known
    above: Floats  # how much more
    unknown: list[str]  # why there is no range, or what is not in it; "" where everything is


def moves(ledger: Ledger) -> Any:
    r"""By how much each flow changes with what it rests on, to first order.

    .. math:: W_{an} = \frac{\partial x_a}{\partial \ln q_n}

    A flow out of a stream is in proportion to its amount; what a plant makes, to what its inputs yield, its reagents to what it is fed
    with; a need buys its demand less what fills it. So `futures.measured.flows` holds a network; here what is not bought stays not bought.

    Args:
        ledger: the flows.

    Returns:
        Units a year, sparse, shape (flows, nodes): columns of streams and needs, and of a plant whose feed the ledger does not tell.
    """
    base, passed = _direct(ledger), _made(ledger) + _bought(ledger)
    found = base
    for _ in range(3 + int((ledger.links.arcs.kind[ledger.arc] == ArcKind.PASS).sum())):  # plant by plant, then what is bought
        before, found = found, csr_array(base + passed @ found)
        if abs(found - before).max() <= _SAME * abs(found).max():
            break
    return found


def ends(links: Links, moved: Any, columns: Any = None) -> Ends:
    r"""Range of what moves with some inputs, each drawn by itself; 5 and 95 %.

    .. math:: \text{below}_c = \sqrt{\sum_n \min(0, W_{cn} (q_n^{low}/q_n - 1), W_{cn} (q_n^{high}/q_n - 1))^2}

    Args:
        links: the region's.
        moved: sparse, shape (cells, inputs).
        columns: ends of each input and its label, of several links beside each other (`between`); None: those of `links`.
    """
    low, high, names = columns or _inputs(links)
    entries = moved.tocoo()
    row, column, size = entries.row, entries.col, moved.shape[0]
    known = np.isfinite(low[column]) & np.isfinite(high[column])
    both = np.array([entries.data * (low[column] - 1.0), entries.data * (high[column] - 1.0)])
    below, above = (np.where(known, np.maximum(each, 0.0), 0.0) for each in (-both.min(axis=0), both.max(axis=0)))
    sides = [np.sqrt(np.bincount(row, weights=side**2, minlength=size)) for side in (below, above)]
    open_ = (entries.data != 0) & ~known
    told = np.bincount(row[(entries.data != 0) & known], minlength=size) > 0
    missing = np.bincount(row[open_], minlength=size) > 0
    blank = missing & ~told
    reasons = [""] * size
    for cell in np.flatnonzero(missing).tolist():
        reasons[cell] = _reason([names[at] for at in column[open_ & (row == cell)].tolist()], whole=bool(blank[cell]))
    return Ends(np.where(blank, np.nan, sides[0]), np.where(blank, np.nan, sides[1]), reasons)


def between(first: tuple[Links, Any], second: tuple[Links, Any], *, alike: bool) -> Ends:
    """Ranges of the differences of cells: first less second.

    Args:
        first: links, and what each cell moves with, shape (cells, inputs).
        second: the same of what is taken off.
        alike: both rest on the same amounts, so that what moves both alike moves no difference; else each is off for itself.
    """
    (links, more), (others, less) = first, second
    if not alike:
        columns = [np.concatenate(pair) for pair in zip(_inputs(links), _inputs(others), strict=True)]
        return ends(links, csr_array(hstack([more, -less])), columns)
    beyond = csr_array(more - less)
    return ends(links, csr_array(beyond.multiply(abs(beyond) > _SAME * (abs(more) + abs(less)))))


def _inputs(links: Links) -> tuple[Floats, Floats, Any]:
    """Low and high of each node's amount by the amount, NaN where not known, and the node's label. A stated range, else the grade's."""
    low, high = (np.full(len(links.nodes.id), np.nan) for _ in range(2))
    shares = grade_shares(links.region)
    for amounts in (links.supply, links.demand.amounts):
        half = np.array([shares.get(Grade(code).name, np.nan) for code in amounts.grade.tolist()]) * SPREAD / 2.0
        known = np.isfinite(amounts.value) & (amounts.value > 0)
        stated = amounts.high > amounts.low  # links carry the amount itself as both ends where none is stated
        for found, end, by_grade in ((low, amounts.low, np.maximum(1.0 - half, 0.0)), (high, amounts.high, 1.0 + half)):
            share = np.divide(end, amounts.value, out=np.full(len(end), np.nan), where=known)
            found[amounts.node] = np.where(known, np.where(stated, share, by_grade), np.nan)
    return low, high, np.array([links.nodes.label(row) for row in range(len(links.nodes.id))], dtype=object)


def _direct(ledger: Ledger) -> Any:
    """What flows move with by themselves: those out of a stream, purchases with their demand, and of a plant that nothing feeds."""
    links, arc, amount = ledger.links, ledger.arc, ledger.amount
    arcs = links.arcs
    origin, destination, kind = arcs.origin[arc], arcs.destination[arc], arcs.kind[arc]
    fed, share = _fed(ledger), _bought_share(ledger)
    need = np.bincount(destination, weights=np.where(_fills(ledger), amount * _ratio(ledger), 0.0), minlength=len(links.nodes.id))
    need += np.bincount(destination, weights=np.where(kind == ArcKind.BUY, amount, 0.0), minlength=len(need))
    reagent, bought = kind == ArcKind.REAGENT, kind == ArcKind.BUY
    plant = np.where(reagent, destination, origin)
    node = np.where(bought, destination, plant)
    alone = (links.nodes.kind[plant] == NodeKind.PLANT) & (fed[plant] > 0)
    value = np.where(bought, share * need[destination], np.where(alone, 0.0, amount))
    return csr_array((value, (np.arange(len(arc)), node)), shape=(len(arc), len(links.nodes.id)))


def _made(ledger: Ledger) -> Any:
    """What plants send and their reagents, by what enters them. Sparse, (flows, flows)."""
    links, arc, amount = ledger.links, ledger.arc, ledger.amount
    arcs, yields, size = links.arcs, links.works.yields, len(arc)
    kind, flows, nodes = arcs.kind[arc], np.arange(size), len(links.nodes.id)
    enters = (kind == ArcKind.FEED) | (kind == ArcKind.PASS)
    into = csr_array((np.where(enters, 1.0, 0.0), (flows, arcs.destination[arc])), shape=(size, nodes))
    outputs = len(links.works.outputs.plant)
    table = csr_array((np.nan_to_num(yields.eta), (yields.arc, yields.output)), shape=(len(arcs), outputs))[arc]
    makes = csr_array(table.multiply(enters[:, None]))
    made, fed = amount @ makes, _fed(ledger)
    output, reagent = arcs.output[arc], kind == ArcKind.REAGENT
    yielded = (output >= 0) & (made[output] > 0) if outputs else np.zeros(size, dtype=bool)
    plant = np.where(reagent, arcs.destination[arc], arcs.origin[arc])
    follows = ~yielded & (reagent | (links.nodes.kind[plant] == NodeKind.PLANT)) & (fed[plant] > 0)
    by_yield = np.divide(amount, made[np.where(yielded, output, 0)] if outputs else amount, out=np.zeros(size), where=yielded)
    by_feed = np.divide(amount, fed[plant], out=np.zeros(size), where=follows)
    sent = csr_array((by_feed, (flows, plant)), shape=(size, nodes)) @ into.T
    return csr_array(csr_array((by_yield, (flows, np.where(yielded, output, 0))), shape=(size, max(outputs, 1))) @ _wide(makes).T + sent)


def _wide(matrix: Any) -> Any:
    """At least one column."""
    return matrix if matrix.shape[1] else csr_array((matrix.shape[0], 1))


def _bought(ledger: Ledger) -> Any:
    """What needs buy less where more fills them. Sparse, (flows, flows)."""
    arc, flows = ledger.arc, np.arange(len(ledger))
    destination, shape = ledger.links.arcs.destination[arc], (len(arc), len(ledger.links.nodes.id))
    fills = csr_array((np.where(_fills(ledger), _ratio(ledger), 0.0), (flows, destination)), shape=shape)
    return csr_array((-_bought_share(ledger), (flows, destination)), shape=shape) @ fills.T


def _bought_share(ledger: Ledger) -> Floats:
    """Share of each purchase in what its need buys, 0 of other flows. Shape (flows,)."""
    arcs = ledger.links.arcs
    bought = np.where(arcs.kind[ledger.arc] == ArcKind.BUY, ledger.amount, 0.0)
    whole = np.bincount(arcs.destination[ledger.arc], weights=bought, minlength=len(ledger.links.nodes.id))[arcs.destination[ledger.arc]]
    return np.asarray(np.divide(bought, whole, out=np.zeros(len(bought)), where=whole > 0))


def _fed(ledger: Ledger) -> Floats:
    """What enters each node that is a plant, reagents left out. Shape (nodes,)."""
    arcs = ledger.links.arcs
    enters = np.isin(arcs.kind[ledger.arc], (ArcKind.FEED, ArcKind.PASS))
    size = len(ledger.links.nodes.id)
    return np.bincount(arcs.destination[ledger.arc], weights=np.where(enters, ledger.amount, 0.0), minlength=size).astype(np.float64)


def _fills(ledger: Ledger) -> Any:
    return np.isin(ledger.links.arcs.kind[ledger.arc], (ArcKind.DIRECT, ArcKind.DELIVER))


def _ratio(ledger: Ledger) -> Floats:
    """Need units per unit, 0 where the destination is no need. Shape (flows,)."""
    return np.nan_to_num(ledger.links.arcs.ratio[ledger.arc])


def _reason(names: list[str], *, whole: bool) -> str:
    """Why a cell has no range, or what its range leaves out."""
    several = sorted(set(names))
    told = shortened(several, _NAMED)
    return f"No range: how sure {told} is, is not known." if whole else f"The range is without {told}: how sure it is, is not known."
