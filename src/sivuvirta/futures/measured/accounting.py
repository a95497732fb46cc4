"""Accounting: payments, accounts and returns in each draw of `ranges`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen
from scipy.sparse import csr_array

from sivuvirta.assess.economy.chances import Drawn
from sivuvirta.assess.economy.entries import PAYMENT
from sivuvirta.assess.terms import CASH
from sivuvirta.domain.changes import change
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import EUR_TERMS, Floats, Ints, Links
from sivuvirta.futures.measured.amounts import jobs
from sivuvirta.futures.measured.coefficients import Coefficients
from sivuvirta.futures.measured.flows import Flows
from sivuvirta.futures.measured.money import flow_cash, work_cash
from sivuvirta.futures.measured.network import REFERENCE, networks
from sivuvirta.futures.measured.quoting import chunks
from sivuvirta.futures.measured.setting import Setting, times

Cells = Callable[[Ledger, Ledger, Ints], pd.DataFrame]
"""Which payments figures rest on: table, key, row, term, sign (`assess.economy.drawing.cells`)."""


_ON_ARCS = (*EUR_TERMS, PAYMENT)
_AT_PLANTS = tuple(CASH[len(EUR_TERMS) :])


@frozen(eq=False)
class Accounted:
    """Figures of one ledger in each draw."""

    draws: Mapping[tuple[str, Any], Floats]  # EUR/a, by table and key, (draws,)
    ventures: Drawn
    posts: Floats  # at plants, planned less today's, (draws,)


def accounted(links: Links, planned: Mapping[str, Ledger], reference: Ledger | None, cells: Cells) -> dict[str, Accounted]:
    r"""Draw what changes in every payment, and sum it by party, by organisation and by venture.

    .. math:: F^s = \sum_c \sigma_c (p^s_c - p^s_{c,0})

    with p what a cell, the payment of an arc or plant by one term, is in draw s, planned and today, and the sign by which it counts.

    Args:
        links: of all of them.
        planned: ledgers by name.
        reference: what flows today; None: nobody knows, and nothing is drawn.
        cells: which payments each figure rests on.
    """
    over = networks(links, planned, reference, lambda _: ())
    if not over.compared or reference is None:
        return {}
    told = {name: cells(ledger, reference, over.at.arc) for name, ledger in planned.items()}
    sums = {name: _summing(over.at, each) for name, each in told.items()}
    parts: dict[str, list[Floats]] = {name: [] for name in planned}
    posts: dict[str, list[Floats]] = {name: [] for name in planned}
    staffed = jobs(over.at)
    built, laid = [], []
    for delta in chunks(over):
        flows, numbers = over.flows(delta)
        before = _paid(over.at, flows[REFERENCE], numbers)
        built.append(numbers.capex)
        laid.append(numbers.longer)
        for name in planned:
            parts[name].append(times(change(before, _paid(over.at, flows[name], numbers)), sums[name][0]))
            posts[name].append(staffed.figures((flows[name], numbers), (flows[REFERENCE], numbers))[:, 0])
    found = {}
    for name in planned:
        values = np.concatenate(parts[name])
        draws = {key: values[:, at] for at, key in enumerate(sums[name][1])}
        yearly = {key: own for (table, key), own in draws.items() if table == "ventures"}
        ventures = Drawn(yearly, np.concatenate(built), np.concatenate(laid), over.at.arc)
        found[name] = Accounted(draws, ventures, np.concatenate(posts[name]))
    return found


def _summing(at: Setting, cells: pd.DataFrame) -> tuple[Any, list[tuple[str, Any]]]:
    """Matrix from payments, as `_paid` has them, to figures, sparse, and the table and key of each figure."""
    count, width = len(at.links.arcs), len(_ON_ARCS)
    own = np.where(cells["row"] < count, cells["term"].isin(_ON_ARCS), cells["term"].isin(_AT_PLANTS))
    cells = cells[own]
    row = cells["row"].to_numpy(dtype=np.int64)
    on_arc = row < count
    column = [_ON_ARCS.index(name) if mine else _AT_PLANTS.index(name) for name, mine in zip(cells["term"], on_arc.tolist(), strict=True)]
    first = np.where(
        on_arc, np.searchsorted(at.arc, np.where(on_arc, row, 0)) * width, len(at.arc) * width + (row - count) * len(_AT_PLANTS)
    )
    keys = list(zip(cells["table"], cells["key"], strict=True))
    names = list(dict.fromkeys(keys))
    number = {key: each for each, key in enumerate(names)}
    places = (first + np.array(column, dtype=np.int64), [number[key] for key in keys])
    shape = (len(at.arc) * width + len(at.links.works) * len(_AT_PLANTS), len(names))
    return csr_array((cells["sign"].to_numpy(dtype=float), places), shape=shape), names


def _paid(at: Setting, flows: Flows, numbers: Coefficients) -> Floats:
    """EUR/a of each used arc by term and, last, payment, then of each plant by term. (draws, cells)."""
    given = flows.amount * numbers.payment
    arcs = np.concatenate([flow_cash(at, flows, numbers), given[:, :, None]], axis=2)
    works = work_cash(at, flows, numbers)
    return np.concatenate([arcs.reshape(len(arcs), -1), works.reshape(len(works), -1)], axis=1)
