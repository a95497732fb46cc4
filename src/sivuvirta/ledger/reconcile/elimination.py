"""Sparse Gaussian elimination of what was not measured, so that what is left speaks of measurements alone.

A column that stands in one row costs nothing: the row is put aside. In a network of flows an elimination merges two nodes, so that the
rows stay short; of the rows that may serve, the shortest is the pivot (Markowitz).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable

import numpy as np
from attrs import frozen
from scipy.sparse import csr_array

from sivuvirta.ledger.reconcile.system import Flags, Floats, Ints

_DROP = 1e-11  # an entry that is this small against what it is the difference of is 0
_PIVOT = 0.1  # least size of a pivot against the largest entry of its column

Row = dict[int, float]


@frozen(eq=False)
class Elimination:
    """Rows after the elimination."""

    column: Ints  # pivot column of each pivot row, in the order of elimination
    pivots: csr_array  # pivot rows: no earlier pivot column stands in a later row
    pivots_rhs: Floats
    pivot_row: Ints  # which row of the system each was
    rest: csr_array  # rows without any eliminated column
    rest_rhs: Floats
    rest_row: Ints  # which row of the system each was
    steps: tuple[tuple[int, int, float], ...]  # (row, pivot row, factor): factor times the pivot row was taken from the row

    def multipliers(self, rest: Floats, rows: int) -> Floats:
        """Multipliers of the system's rows from those of the rest. Shape (rows,)."""
        found = np.zeros(rows)
        found[self.rest_row] = rest
        for row, pivot, factor in reversed(self.steps):
            found[pivot] -= factor * found[row]
        return found


class _Work:
    """Rows under elimination: entries by column, and in which rows each column that is eliminated stands."""

    def __init__(self, matrix: csr_array, rhs: Floats, wanted: Flags) -> None:
        self.rows: list[Row] = []
        self.rhs = rhs.tolist()
        self.members: dict[int, set[int]] = {int(column): set() for column in np.flatnonzero(wanted)}
        start, column, entry = matrix.indptr.tolist(), matrix.indices.tolist(), matrix.data.tolist()
        for number in range(matrix.shape[0]):
            row = {column[at]: entry[at] for at in range(start[number], start[number + 1]) if entry[at] != 0.0}
            self.rows.append(row)
            for name in row:
                if name in self.members:
                    self.members[name].add(number)
        self.active = set(range(matrix.shape[0]))

    def pivot(self, column: int) -> int:
        """The shortest row whose entry in the column is not small."""
        rows = self.members[column]
        largest = max(abs(self.rows[row][column]) for row in rows)
        return min((row for row in rows if abs(self.rows[row][column]) >= _PIVOT * largest), key=lambda row: (len(self.rows[row]), row))

    def put_aside(self, row: int) -> None:
        """A pivot row is finished: its columns no longer count it."""
        self.active.remove(row)
        for name in self.rows[row]:
            if name in self.members:
                self.members[name].discard(row)

    def subtract(self, row: int, pivot: int, factor: float) -> list[int]:
        """Takes factor times the pivot row from a row; columns whose number of rows changed."""
        target, changed = self.rows[row], []
        for name, entry in self.rows[pivot].items():
            old, taken = target.get(name, 0.0), factor * entry
            new = old - taken
            if abs(new) <= _DROP * max(abs(old), abs(taken)):
                if target.pop(name, None) is not None and name in self.members:
                    self.members[name].discard(row)
                    changed.append(name)
                continue
            target[name] = new
            if old == 0.0 and name in self.members:
                self.members[name].add(row)
                changed.append(name)
        self.rhs[row] -= factor * self.rhs[pivot]
        return changed


def eliminate(matrix: csr_array, rhs: Floats, wanted: Flags) -> Elimination:
    """Eliminate columns.

    Args:
        matrix: (rows, variables).
        rhs: (rows,).
        wanted: columns to eliminate, (variables,).

    Returns:
        Pivot rows and the rest; a wanted column that is no pivot is free: no row tells it from others.
    """
    work = _Work(matrix, rhs, wanted)
    queue = [(len(rows), column) for column, rows in work.members.items()]
    heapq.heapify(queue)
    order: list[int] = []
    pivots: list[int] = []
    steps: list[tuple[int, int, float]] = []
    done: set[int] = set()
    while queue:
        count, column = heapq.heappop(queue)
        if column in done or count != len(work.members[column]) or count == 0:
            continue
        done.add(column)
        pivot = work.pivot(column)
        others = sorted(work.members[column] - {pivot})
        work.put_aside(pivot)
        order.append(column)
        pivots.append(pivot)
        for row in others:
            factor = work.rows[row][column] / work.rows[pivot][column]
            for name in work.subtract(row, pivot, factor):
                heapq.heappush(queue, (len(work.members[name]), name))
            if work.rows[row].pop(column, None) is not None:
                work.members[column].discard(row)
            steps.append((row, pivot, factor))
        for name in work.rows[pivot]:
            if name in work.members and name not in done:
                heapq.heappush(queue, (len(work.members[name]), name))
    rest = sorted(work.active)
    values = np.array(work.rhs, dtype=np.float64)
    return Elimination(
        column=np.array(order, dtype=np.int64),
        pivots=_matrix((work.rows[row] for row in pivots), len(pivots), matrix.shape[1]),
        pivots_rhs=values[pivots] if pivots else np.zeros(0),
        pivot_row=np.array(pivots, dtype=np.int64),
        rest=_matrix((work.rows[row] for row in rest), len(rest), matrix.shape[1]),
        rest_rhs=values[rest] if rest else np.zeros(0),
        rest_row=np.array(rest, dtype=np.int64),
        steps=tuple(steps),
    )


def _matrix(rows: Iterable[Row], count: int, columns: int) -> csr_array:
    start: list[int] = [0]
    column: list[int] = []
    entry: list[float] = []
    for row in rows:
        column.extend(row.keys())
        entry.extend(row.values())
        start.append(len(column))
    arrays = (np.array(entry, dtype=np.float64), np.array(column, dtype=np.int64), np.array(start, dtype=np.int64))
    return csr_array(arrays, shape=(count, columns))
