"""Ranges: how uncertain a difference of two ledgers is, with its flows held fixed.

One draw per source row, shared by both ledgers: what does not change between them adds no uncertainty. Within a term, rows of one source
(a product's price, a mode's rate, an outlet's fee) are summed with their sign; the sources of one term are then taken as fully correlated
against each other, which is the cautious side. Terms are independent.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sivuvirta.domain.changes import change
from sivuvirta.domain.ledger import Ledger, sums
from sivuvirta.domain.links import CO2_TERMS, EUR_TERMS, ArcKind, Arcs, Floats, Ints
from sivuvirta.units.ranges import SPREAD

_BY_MODE = {"transport", "handling"}
_BY_ORIGIN = {"purchase", "gate"}


def cash_sd(planned: Ledger, reference: Ledger) -> Floats:
    """Standard deviation of each term of the money's difference, EUR/a. Shape (CASH,)."""
    works, more = planned.links.works, change(reference.operations.activity, planned.operations.activity)
    arcs = _arc_sd(planned, reference, planned.links.arcs.eur_sd, EUR_TERMS)
    running = np.abs(more[:, None] * works.eur_sd).sum(axis=0)
    capital = np.nan_to_num(works.annuity_only) * (planned.operations.capex - reference.operations.capex)
    upkeep = planned.operations.fixed - reference.operations.fixed - capital
    invested = [float(np.abs(part * np.nan_to_num(works.capex_sd)).sum()) for part in (capital, upkeep)]
    return np.concatenate([arcs, running, invested])


def carbon_sd(planned: Ledger, reference: Ledger) -> Floats:
    """Standard deviation of each term of the emissions' difference, kg CO2e/a. Shape (CARBON,)."""
    more = change(reference.operations.activity, planned.operations.activity)
    running = np.abs(more[:, None] * planned.links.works.co2_sd).sum(axis=0)
    return np.concatenate([_arc_sd(planned, reference, planned.links.arcs.co2_sd, CO2_TERMS), running])


def amount_sd(planned: Ledger, reference: Ledger | None, weight: Floats) -> float:
    """Standard deviation of sum(weight x flow) from the ranges of the streams' amounts, in the unit of weight x flow.

    Each stream's amount is one independent draw that scales what leaves it; what leaves a plant varies as the mean of what enters it.

    Args:
        planned: the ledger.
        reference: taken away from it first, if given.
        weight: per unit of each arc of links. Shape (arcs,).
    """
    links = planned.links
    flow = planned.per_arc() - (0.0 if reference is None else reference.per_arc())
    by_node = sums(links.arcs.origin, weight * flow, len(links.nodes.id))
    return float(np.linalg.norm(by_node * relative_sd(planned)))


def relative_sd(ledger: Ledger) -> Floats:
    """Relative standard deviation of what leaves each node. Shape (nodes,)."""
    links, supply = ledger.links, ledger.links.supply
    relative = np.zeros(len(links.nodes.id))
    known = supply.value > 0
    width = np.nan_to_num(supply.high - supply.low)
    relative[supply.node[known]] = width[known] / SPREAD / supply.value[known]
    return _carried(ledger, relative)


def relative_ends(ledger: Ledger) -> tuple[Floats, Floats]:
    """How far what leaves each node, or a need buys, may lie below and above its value, relative to it; NaN where an end is not known.

    Of what leaves a plant it is the mean of what enters. Two of shape (nodes,).
    """
    found = []
    for end in ("low", "high"):
        relative = np.zeros(len(ledger.links.nodes.id))
        for amounts in (ledger.links.supply, ledger.links.demand.amounts):
            known = amounts.value > 0
            relative[amounts.node[known]] = np.abs(getattr(amounts, end)[known] / amounts.value[known] - 1.0)
        found.append(_carried(ledger, relative))
    return found[0], found[1]


def _carried(ledger: Ledger, relative: Floats) -> Floats:
    """Relative spread of what leaves each node, with that of plants as the mean of what enters them. Shape (nodes,)."""
    links = ledger.links
    kind = links.arcs.kind[ledger.arc]
    moved = np.isin(kind, (ArcKind.FEED, ArcKind.PASS)) & (ledger.amount > 0)
    feed = ledger.arc[moved]
    origin, destination, amount = links.arcs.origin[feed], links.arcs.destination[feed], ledger.per_arc()[feed]
    enters = sums(destination, amount, len(relative))
    result = relative
    for _ in range(1 + int((kind == ArcKind.PASS).sum())):  # plant by plant
        varies = sums(destination, amount * result[origin], len(relative))
        result = relative + np.divide(varies, enters, out=np.zeros(len(relative)), where=enters > 0)
    return result


def _arc_sd(planned: Ledger, reference: Ledger, sd: Floats, terms: tuple[str, ...]) -> Floats:
    moves = change(reference.per_arc(), planned.per_arc())
    moved = np.flatnonzero(moves)
    return arc_sd(planned.links.arcs, moved, moves[moved], (sd, terms))


def arc_sd(arcs: Arcs, rows: npt.NDArray[Any], moves: Floats, of: tuple[Floats, tuple[str, ...]]) -> Floats:
    """Standard deviation of each term of what some arcs change. Shape (terms,).

    Args:
        arcs: all arcs.
        rows: those that change.
        moves: by how much, shape of the rows.
        of: standard deviation of the coefficients, shape (arcs, terms), and names of the terms.
    """
    sd, terms = of
    out = np.zeros(len(terms))
    for column, term in enumerate(terms):
        group = _source(arcs, term, rows)
        out[column] = np.abs(sums(group, moves * sd[rows, column], int(group.max(initial=-1)) + 1)).sum()
    return out


def _source(arcs: Arcs, term: str, rows: npt.NDArray[Any]) -> Ints:
    """Number of the source row behind a coefficient: its mode, its product or stream, or its outlet. Shape of the rows."""
    if term in _BY_MODE:
        return np.asarray(arcs.mode[rows] + 1, dtype=np.int32)
    return np.asarray((arcs.origin if term in _BY_ORIGIN else arcs.destination)[rows], dtype=np.int32)
