"""Parting: the indicators of benefit sheets in each draw of `ranges`, by exchange."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from attrs import frozen
from scipy.sparse import csr_array, diags_array

from sivuvirta.assess.benefits.coefficients import Measure
from sivuvirta.assess.benefits.sums import Book
from sivuvirta.domain.changes import change
from sivuvirta.domain.links import EUR_TERMS, Floats
from sivuvirta.futures.measured.coefficients import Coefficients
from sivuvirta.futures.measured.flows import Flows
from sivuvirta.futures.measured.money import flow_cash, work_cash
from sivuvirta.futures.measured.network import REFERENCE, Networks, networks
from sivuvirta.futures.measured.quoting import chunks
from sivuvirta.futures.measured.setting import Setting

_KG = 1000.0  # per tonne
_EARNED = np.array([term == "revenue" for term in EUR_TERMS])
_TERMS = {"benefit": np.ones(len(EUR_TERMS), dtype=bool), "cost": ~_EARNED, "sales": _EARNED}
Now = tuple[Flows, Flows, Coefficients]
"""Plan and reference in some draws, and the coefficients that they share."""


def parted(books: Mapping[str, Book], draws: Callable[[Networks], Iterable[Floats]] = chunks) -> dict[str, dict[str, Floats]]:
    r"""Indicators of every exchange in each draw.

    .. math:: B^s_{jk} = \sum_a \frac{W_{ja}}{\Delta_a} E^s_{ak} + \sum_p S_{jp} D^s_{pk}

    with E and D what arcs and plants change in indicator k in draw s. The part that an exchange answers for, of each arc and plant, is
    held as the ledger has it, so that exchanges add up to the whole in every draw, and the whole is that of `ranges`.

    Args:
        books: of ledgers against one reference, by name.
        draws: standard deviations of each input from its middle, shape (draws, inputs), some at a time.

    Returns:
        By name and indicator, shape (draws, exchanges + 1), the last of what belongs to no exchange; none without a reference.
    """
    first = next(iter(books.values()))
    over = networks(first.planned.links, {name: book.planned for name, book in books.items()}, first.reference, lambda _: ())
    if not over.compared:
        return {}
    held = {name: _held(over.at, book) for name, book in books.items()}
    found: dict[str, dict[str, list[Floats]]] = {name: {each.indicator: [] for each in book.measures} for name, book in books.items()}
    for delta in draws(over):
        flows, numbers = over.flows(delta)
        for name, book in books.items():
            for of, arcs, plants in _changes(over, book, (flows[name], flows[REFERENCE], numbers)):
                found[name][of.indicator].append(held[name].parts(arcs, plants))
    return {name: {indicator: np.concatenate(parts) for indicator, parts in each.items()} for name, each in found.items()}


@frozen(eq=False)
class _Parts:
    """What each exchange answers for, of used arcs and of plants. Sparse, (exchanges + 1, used) and (exchanges + 1, plants)."""

    arcs: Any
    plants: Any

    def parts(self, arcs: Floats, plants: Floats) -> Floats:
        """(draws, used) and (draws, plants) -> (draws, exchanges + 1)."""
        return np.asarray((self.arcs @ arcs.T + self.plants @ plants.T).T)


def _held(setting: Setting, book: Book) -> _Parts:
    """Parts of the ledger; of an arc that does not change, none but that of no exchange."""
    moves = setting.of(book.shares.moves)
    per = np.divide(1.0, moves, out=np.zeros(len(moves)), where=moves != 0)
    own = csr_array(book.shares.arcs)[:, setting.arc] @ diags_array(per)
    still = np.flatnonzero(moves == 0)
    rest = csr_array((np.ones(len(still)), (np.full(len(still), len(book.shares)), still)), shape=own.shape)
    return _Parts(csr_array(own + rest), book.shares.plants)


def _changes(over: Networks, book: Book, now: Now) -> Iterator[tuple[Measure, Floats, Floats]]:
    """Each indicator with what used arcs and plants change in it, (draws, used) and (draws, plants); a saving is positive."""
    (after, before, numbers), setting = now, over.at
    moved, ran = change(before.amount, after.amount), change(before.activity, after.activity)
    paid = change(*(flow_cash(setting, each, numbers) for each in (after, before)))
    spent = change(*(work_cash(setting, each, numbers).sum(axis=2) for each in (after, before)))
    nothing = np.zeros_like(ran)
    for of in book.measures:
        if of.indicator in _TERMS:
            yield of, paid[:, :, _TERMS[of.indicator]].sum(axis=2), nothing if of.indicator == "sales" else spent
        elif of.indicator == "co2":
            yield of, -moved * numbers.co2.sum(axis=2) / _KG, -ran * numbers.work_co2.sum(axis=2) / _KG
        elif of.indicator.endswith("investment"):
            yield of, *_invested(setting, book, of, numbers)
        else:
            yield of, moved * _each(over, of, numbers), ran * _per_run(book, of)


def _each(over: Networks, of: Measure, numbers: Coefficients) -> Floats:
    """What a unit more on each used arc adds: as stated, times what is drawn of what it replaces outside, or of what is paid."""
    stated, middle = over.at.of(of.arcs), over.found.replaced.base
    if of.indicator == "payments":
        return np.where(stated != 0, numbers.payment, 0.0)
    return np.asarray(stated * np.divide(numbers.replaced, middle, out=np.ones_like(numbers.replaced), where=middle > 0))


def _per_run(book: Book, of: Measure) -> Floats:
    """What a unit of activity more of each plant adds, as the ledger has it."""
    more = change(book.reference.operations.activity, book.planned.operations.activity)
    return np.divide(of.plants, more, out=np.zeros(len(more)), where=more != 0)


def _invested(setting: Setting, book: Book, of: Measure, numbers: Coefficients) -> tuple[Floats, Floats]:
    """Investment as planned: of ways by the length of what is laid, of plants as it is drawn."""
    links = setting.links
    group = setting.of(links.arcs.fixed_group)
    laid = np.append(links.ways.mode, -1)[group] >= 0
    ways = setting.of(of.arcs * book.shares.moves) * np.where(laid, numbers.longer, 1.0)
    return ways, of.plants * numbers.capex
