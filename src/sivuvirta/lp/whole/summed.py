r"""Summed: a bound that adds up over districts of choices, each searched for itself.

A tree over all choices raises its bound little by little, since every gap must be closed in every branch. Gaps of choices far from one
another add up instead. Share the cost out over districts, :math:`\sum_d c_d + r = c`. Each district keeps the rows R_d that its choices
touch, and its choices whole; then

.. math:: c x \ge \sum_d \min_{x : R_d,\, y_d \in \{0, 1\}} c_d x + \min_x r x

for every answer x, as it keeps the rows of every district. That holds for any shares. They are made of the relaxation's duals y: with
d = c - A'y, the objective is its value plus :math:`\sum_j d_j x_j` and what slack costs in priced rows, all of it 0 or more. So every
district starts at the relaxation's own value, and what whole numbers add in each adds up. A column's part goes half to the district on
whose choices it hangs and half to the others that it enters, a row's to the district with most flow through it. Each minimum is proven
by our own branch and bound (`tree`), that of the rest by duals, with what rounding could do to the shares taken off.

References:
    M. Guignard, S. Kim, Lagrangean decomposition: a model yielding stronger Lagrangean bounds, Mathematical Programming 39 (1987) 215-228:
    copies of the problem that share its objective (from memory).
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import evolve, frozen
from scipy.sparse import csr_array

from sivuvirta.lp.bounds import dual_bound
from sivuvirta.lp.entries import Floats, Ints
from sivuvirta.lp.program import Arrays
from sivuvirta.lp.whole.core import Core
from sivuvirta.lp.whole.districts import Relaxed
from sivuvirta.lp.whole.guided import holds
from sivuvirta.lp.whole.parts import Numbers, Parts
from sivuvirta.lp.whole.tree import Looks, Search, Tree

Mask = npt.NDArray[np.bool_]

SIZES = (15.0, 30.0)  # of districts, one round each, until the bound is good enough
_NODES = 100  # of a district
_THREADS = 2
_LOOKS = Looks(choices=6, vain=3, sure=1, iterations=50)  # a fifth less work than more of them, for the same bound (measured)
_ABROAD = 0.5  # of a column's reduced cost, for the districts that it enters without hanging on a choice there
_TIGHT = 1e-7  # of a scaled row that the relaxation's optimum has no slack in
_EPS = float(np.finfo(float).eps)


@frozen(eq=False)
class Asked:
    """What a bound over districts needs to know beside the program."""

    least: float  # gap that is not worth closing in a district
    go_on: Callable[[], bool]  # False stops the search
    ready: Callable[[Any], None]  # gives a new solver its watch
    left: Callable[[], float]  # seconds


@frozen(eq=False)
class Shares:
    """Costs shared out."""

    district: Numbers  # of each choice, -1 for none; shape (choices,)
    cost: csr_array  # shape (districts, columns)
    rows: csr_array  # those that each district keeps, shape (districts, rows)
    giver: Numbers  # district that pays for a row's slack, -1 for none; shape (rows,)


def summed(arrays: Arrays, found: Parts, at: Relaxed, district: Numbers, asked: Asked) -> float:
    """A bound on all answers.

    Args:
        arrays: the program, in the solver's scale.
        found: the same, taken apart.
        at: an optimum of its relaxation, and the best answer.
        district: of each choice, -1 for none, shape (choices,); any will do, `districts` makes good ones.
        asked: when to stop; until then every district proves what it has, the relaxation's value at least.
    """
    if district.max(initial=-1) < 0:
        return at.proven.value
    shares = shared(found, at, district)
    floor = _rest(arrays, at, shares)
    open_ = np.bincount(district[at.open & (district >= 0)], minlength=shares.cost.shape[0])
    order = np.argsort(open_, kind="stable").tolist()  # what the easy ones leave of their part of the time is the hard ones'
    with ThreadPoolExecutor(_THREADS) as pool:
        waiting = enumerate(order)
        each = list(pool.map(lambda turn: _searched(_cut(arrays, found, at, shares, turn[1]), asked, len(order) - turn[0]), waiting))
    total = floor + sum(each)
    return total - (len(each) + 1) * _EPS * (abs(floor) + sum(abs(value) for value in each))


def shared(found: Parts, at: Relaxed, district: Numbers) -> Shares:
    """Shares the cost out over districts."""
    matrix, count = found.by_row, int(district.max()) + 1
    home = np.where(found.owner >= 0, district[found.owner], -1)
    own = np.flatnonzero(home >= 0)
    hangs = csr_array((np.ones(len(own)), (home[own], own)), shape=(count, matrix.shape[1]))
    pattern = csr_array((np.ones(matrix.nnz), matrix.indices, matrix.indptr), shape=matrix.shape)
    rows = csr_array(hangs @ pattern.T.tocsr())
    enters = (rows @ pattern).tocoo()
    across = np.bincount(enters.col, minlength=matrix.shape[1])[enters.col]
    lives, at_home = home[enters.col] >= 0, home[enters.col] == enters.row
    abroad = np.where(lives, _ABROAD / np.maximum(across - 1, 1), 1.0 / across)
    part = np.where(at_home, np.where(across > 1, 1.0 - _ABROAD, 1.0), abroad)
    reduced = csr_array((part * at.proven.reduced[enters.col], (enters.row, enters.col)), shape=enters.shape)
    flow = csr_array((np.abs(matrix.data) * np.abs(at.x[matrix.indices]), matrix.indices, matrix.indptr), shape=matrix.shape)
    giver = _givers(rows, csr_array(hangs @ flow.T.tocsr()))
    paid = np.flatnonzero(giver >= 0)
    slack = csr_array((at.proven.duals[paid], (giver[paid], paid)), shape=(count, matrix.shape[0]))
    return Shares(district, csr_array(reduced + slack @ matrix), rows, giver)


def _givers(rows: csr_array, flow: csr_array) -> Numbers:
    """The district with most flow through each row; any of those that keep it where nothing flows."""
    giver = np.full(rows.shape[1], -1, dtype=np.int64)
    for each in (rows, flow):
        part = each.tocoo()
        order = np.lexsort((part.row, part.data))
        giver[part.col[order]] = part.row[order]
    return giver


def _rest(arrays: Arrays, at: Relaxed, shares: Shares) -> float:
    """What is proven of the cost that no district has."""
    given, absolute = (np.asarray(part.sum(axis=0)).ravel() for part in (shares.cost, abs(shares.cost)))
    sharers = np.bincount(shares.cost.indices, minlength=len(given))
    rest = evolve(arrays, cost=arrays.cost - given)
    doubt = np.where(sharers > 0, (sharers + 2) * _EPS * (np.abs(arrays.cost) + absolute), 0.0)
    far = np.maximum(np.abs(arrays.lower), np.abs(at.upper))
    off = float((doubt[doubt > 0] * far[doubt > 0]).sum())
    value = dual_bound(rest, np.where(shares.giver < 0, at.proven.duals, 0.0), at.upper).value
    return value - off * (1 + len(given) * _EPS)


@frozen(eq=False)
class _District:
    """A program of one district: its choices, the rows that they touch, and every column there."""

    arrays: Arrays
    upper: Floats  # of its columns, as rows of the whole prove them
    choices: Ints  # positions among its columns
    tight: Mask  # rows without slack in the relaxation's optimum
    known: Floats  # the best answer's values
    duals: Floats  # of the rows whose slack it pays for


def _cut(arrays: Arrays, found: Parts, at: Relaxed, shares: Shares, number: int) -> _District:
    """A district's own program."""
    rows = np.sort(shares.rows.indices[shares.rows.indptr[number] : shares.rows.indptr[number + 1]])
    part = csr_array(found.by_row[rows])
    columns = np.unique(part.indices)
    part = csr_array(part.tocsc()[:, columns].tocsr())
    own = np.isin(columns, at.integers[shares.district == number])
    lower, upper = arrays.row_lower[rows], arrays.row_upper[rows]
    activity = part @ at.x[columns]
    cost = csr_array(shares.cost[[number]]).toarray().ravel()[columns]
    bounds = {name: getattr(arrays, name)[columns] for name in ("lower", "upper", "sizes")}
    matrix = {"start": part.indptr, "column": part.indices, "value": part.data}
    return _District(
        arrays=evolve(arrays, **matrix, **bounds, cost=cost, row_lower=lower, row_upper=upper, integer=own.astype(np.int32)),
        upper=at.upper[columns],
        choices=np.flatnonzero(own).astype(np.int32),
        tight=(lower == upper) | (np.minimum(np.abs(activity - lower), np.abs(upper - activity)) < _TIGHT),
        known=at.known[columns],
        duals=np.where(shares.giver[rows] == number, at.proven.duals[rows], 0.0),
    )


def _searched(district: _District, asked: Asked, waiting: int) -> float:
    """The proven least of a district's share: what its duals prove, or what its search does in its part of the time.

    Args:
        district: its program.
        asked: when to stop.
        waiting: districts that share the time that is left, this one among them.
    """
    arrays, choices = district.arrays, district.choices
    floor = dual_bound(arrays, district.duals, district.upper).value
    if not asked.go_on():
        return floor
    left = asked.left()
    after = left * (1.0 - _THREADS / waiting) if waiting > _THREADS and np.isfinite(left) else 0.0  # for the others
    core = Core(arrays, choices, district.tight, asked.ready, lambda: max(asked.left() - after, 0.0))
    search = Search(
        core=core,
        arrays=evolve(arrays, upper=district.upper),
        integers=choices,
        enough=lambda value, bound: value - bound <= asked.least,
        go_on=lambda value, bound: asked.go_on() and asked.left() > after,
        holds=lambda x: holds(arrays, x),
        bound_first=True,
        looks=_LOOKS,
    )
    try:
        tree = Tree(search, district.known, float(arrays.cost @ district.known))
        tree.run(arrays.lower[choices], arrays.upper[choices], nodes=_NODES)
    finally:
        core.close()
    return max(floor, tree.bound)
