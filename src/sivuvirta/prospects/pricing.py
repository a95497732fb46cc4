"""Pricing: what each plant that is not there could earn at most, from the marginal values of the network without it."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.links import Floats
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.links.codes import Mask
from sivuvirta.lp.entries import Term, gather
from sivuvirta.lp.model import Model, SolveOptions
from sivuvirta.lp.program import Arrays, Bounds, Program
from sivuvirta.plan.candidates import Index
from sivuvirta.plan.families import program
from sivuvirta.plan.objective import first_objective
from sivuvirta.plan.setting import Setting
from sivuvirta.prospects.networks import admitting


def earnings(matches: Matches, new: Mask, worst: Verdict, options: PlanOptions) -> Floats:
    r"""Most that each new plant adds to the relaxed network without any of them, EUR/a, shape (plants,); 0 for plants that are there.

    .. math:: \max_{x_p \in X_p} \; (y A_p - c_p)\, x_p

    with y the duals of the network without new plants, of the rows that plants share (supply, need, outlets, specifications), and X_p the
    plant's own rows: its recipe, yields, size and cost. By Lagrangian duality a network with plant p gains no more than this above the
    network without whole numbers. Plants share no row of theirs, so one program prices all at once.

    Args:
        matches: the routes of the region with all new plants in it.
        new: plants that are not there, shape (plants,).
        worst: verdict that the network admits.
        options: of the plan.
    """
    at = program(admitting(matches, worst), options)
    plant = _plant_of_columns(at)
    mine = (plant >= 0) & np.append(new, [False])[plant]
    found = np.zeros(len(new))
    if not mine.any():
        return found
    arrays, cost = at.lp.arrays(), first_objective(at.coefficients, options)
    duals = _duals(at, np.flatnonzero(mine), cost, options)
    rows, columns = at.lp.shape
    matrix = csr_array((arrays.value, arrays.column, arrays.start), shape=(rows, columns))
    own = np.diff(arrays.start) > 0
    own &= (matrix != 0) @ mine.astype(np.int64) == np.diff(arrays.start)
    shared = np.where(own, 0.0, duals)
    reduced = cost - matrix.T @ shared
    x = _separate(arrays, matrix, reduced, (np.flatnonzero(own), np.flatnonzero(mine)), options)
    np.add.at(found, plant[mine], -reduced[mine] * x)
    return np.asarray(np.maximum(found, 0.0), dtype=float)


def _plant_of_columns(at: Setting) -> Index:
    """Row of works of each column, -1 where it is of none. Shape (columns,)."""
    found, blocks, curves = at.found, at.blocks, at.curves
    result = np.full(at.lp.shape[1], -1, dtype=np.int64)
    segment = curves.plant[curves.segments.candidate]
    parts = (
        (blocks.enter, found.enter_plant),
        (blocks.pair, found.enter_plant[found.pairs.enter]),
        (blocks.activity, np.arange(len(found.plants))),
        (blocks.batch, at.outlet_plant[at.batches]),
        (blocks.size, curves.plant),
        (blocks.built, curves.plant),
        (blocks.piece, segment),
        (blocks.chosen, segment),
    )
    for block, position in parts:
        result[block.columns] = found.plants[position]
    return result


def _duals(at: Setting, shut: Index, cost: Floats, options: PlanOptions) -> Floats:
    """Duals of the network without the new plants' columns, without whole numbers."""
    model = Model(at.lp)
    model.bound(shut, 0.0, 0.0)
    if len(model.integers):
        model.relax_integers()
    model.minimise(cost)
    return model.solve(SolveOptions(method=options.method, time_limit=options.time_limit)).duals


def _separate(arrays: Arrays, matrix: csr_array, cost: Floats, at: tuple[Index, Index], options: PlanOptions) -> Floats:
    """The plants' own program at those prices; a flow is at most what its ends can give or take."""
    rows, columns = at
    part = matrix[rows][:, columns].tocoo()
    sizes, upper = arrays.sizes[columns], arrays.upper[columns]
    alone = Program("plants at the network's prices")
    most = np.fmin(np.where(np.isfinite(sizes) & (arrays.integer[columns] == 0), sizes, np.inf), upper)
    alone.block("plants", len(columns), cost=cost[columns], bounds=Bounds(upper=most, size=np.where(sizes > 0, sizes, 1.0)))
    entries = gather(len(rows), Term(part.coords[0], part.coords[1], part.data))
    alone.rows("own", entries, arrays.row_lower[rows], arrays.row_upper[rows])
    model = Model(alone)
    return model.solve(SolveOptions(method=options.method, time_limit=options.time_limit)).x
