"""Draws of all scores of an inventory at once: Brightway's draws, our solver."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from attrs import frozen
from scipy import sparse

from sivuvirta.domain.links import Floats, Ints
from sivuvirta.lifecycle.draws import Drawn, seed
from sivuvirta.lifecycle.fixed_point import Solver, solver
from sivuvirta.lifecycle.packages import PROCESS


@frozen(eq=False)
class Draws:
    """Scores of every draw, and how they were found."""

    scores: Floats  # (runs, demands)
    direct: int  # runs solved directly, because the fixed point did not prove its scores
    bound: float  # largest proven error, as a part of the tolerance


def system_draws(lca: Any, systems: list[int], runs: int, number: int) -> Draws:
    """Draws of the scores of system processes, one draw of every source row shared by all of them.

    The systems are left out of the matrix and stand as demands of the rest.

    Args:
        lca: a `bw2calc.LCA` with distributions, after `lci` and `lcia`.
        systems: positions of the processes.
        runs: how many draws.
        number: the seed.
    """
    columns = np.array([lca.dicts.activity[PROCESS + row] for row in systems])
    matrix = lca.technosphere_mm.matrix.tocsc()
    demands = -matrix[:, columns].toarray()
    rest = np.setdiff1d(np.arange(matrix.shape[1]), columns)
    return draws(lca, demands, runs, number, rest.astype(np.int32))


def draws(lca: Any, demands: Floats, runs: int, number: int, kept: Ints | None = None) -> Draws:
    """Draws of the scores of demands.

    Args:
        lca: a `bw2calc.LCA` with distributions, after `lci` and `lcia`.
        demands: a column each, shape (products, demands).
        runs: how many draws.
        number: the seed; None keeps the generators as they are.
        kept: rows and columns that are solved; all where none are given.
    """
    seed(lca, number)
    technosphere, biosphere, factors = (Drawn(mapped) for mapped in (lca.technosphere_mm, lca.biosphere_mm, lca.characterization_mm))
    chosen = np.arange(technosphere.shape[0], dtype=np.int32) if kept is None else kept
    inner = _Inner(technosphere, chosen)
    shared: Solver | None = None
    scores, direct, bound = np.zeros((runs, demands.shape[1])), 0, 0.0
    first = inner.matrix(lca.technosphere_mm.matrix.tocsr().data)

    def drawn() -> tuple[Any, Floats]:
        matrix = inner.matrix(technosphere.data())
        weight = biosphere.matrix(biosphere.data()).T @ factors.matrix(factors.data()).diagonal()
        return matrix, weight[chosen]

    with ThreadPoolExecutor(1) as hand:  # draws the next while this one is solved
        coming = hand.submit(drawn)
        for run in range(runs):
            matrix, weight = coming.result()
            if run + 1 < runs:
                coming = hand.submit(drawn)
            shared = shared or solver(first, weight, demands[chosen])
            found = shared.scores(matrix, weight)
            scores[run], direct, bound = found.scores, direct + found.direct, max(bound, found.bound)
    return Draws(scores, direct, bound)


class _Inner:
    """A matrix without some rows and columns, filled from the data of the whole one."""

    def __init__(self, whole: Drawn, kept: Ints) -> None:
        order = whole.matrix(np.arange(1, whole.count + 1, dtype=np.float64))
        part = (order if len(kept) == whole.shape[0] else order[kept][:, kept]).tocsc()
        self._place = np.asarray(part.data, dtype=np.int64) - 1
        self._pattern = part

    def matrix(self, data: Floats) -> Any:
        """The part with these values."""
        pattern = self._pattern
        return sparse.csc_matrix((data[self._place], pattern.indices, pattern.indptr), shape=pattern.shape)
