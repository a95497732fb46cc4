"""Conflicts: the smallest set of rows found that cannot hold together."""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
from attrs import frozen

from sivuvirta.errors import SolverError
from sivuvirta.lp.entries import Ints
from sivuvirta.lp.model import Model
from sivuvirta.lp.program import Program
from sivuvirta.lp.watch import Progress, Watch, attach, heard, stopped

_IRREDUCIBLE = 6  # HiGHS: from the linear program, then made irreducible
_SLACK = 1e-7  # of a scaled row


@frozen
class Conflict:
    """A row that takes part in a conflict."""

    family: str
    position: int  # in the family
    label: str
    row: int  # in the program
    part: str = ""  # of the program, "" for what belongs to the whole


def conflicts(
    program: Program, closed: npt.NDArray[Any] | None = None, time_limit: float = 60.0, watch: Watch | None = None
) -> tuple[Conflict, ...]:
    """Rows of an infeasible program that cannot all hold; without any one of them the others could.

    HiGHS finds them in the program with its whole numbers relaxed. Where that one is feasible, or HiGHS finds nothing, an elastic
    filter does: it lets every row give way at a cost, and keeps those that do.

    Args:
        program: the program; no column of it has a bound that is at fault.
        closed: columns that are held at 0.
        time_limit: seconds for each search.
        watch: who may stop it.

    Returns:
        The rows in program order; none where the program is feasible.

    Raises:
        SolverError: it was stopped, or ran out of time.

    References:
        J. W. Chinneck, Feasibility and Infeasibility in Optimization (2008), chapters 6.2 and 7.
    """
    looking = Watch(stop=heard(watch))
    rows = _by_solver(closed_model(program, closed, looking), time_limit)
    refuse_stop(looking)
    if len(rows) == 0:
        rows = _by_elastic_filter(closed_model(program, closed, looking), time_limit, looking)
    return tuple(_conflict(program, int(row)) for row in np.sort(rows))


def _conflict(program: Program, row: int) -> Conflict:
    family, position = program.find(row)
    return Conflict(family.name, position, family.label(position), row, family.part)


def refuse_stop(watch: Watch | None) -> None:
    """Ends the search where somebody says stop.

    Raises:
        SolverError: somebody does.
    """
    if stopped(watch):
        raise SolverError("The requirements cannot all be met, and the search for those that conflict was stopped.")


def _unread(seconds: float, found: float, bound: float) -> Progress:
    """Nobody is told."""
    return Progress(seconds, found, bound, np.inf)


def closed_model(program: Program, columns: npt.NDArray[Any] | None, watch: Watch) -> Model:
    """The program in the solver, with some columns held at 0."""
    model = Model(program)
    attach(model.highs, watch, _unread)
    if columns is not None and len(columns):
        model.bound(columns, 0.0, 0.0)
    return model


def _by_solver(model: Model, time_limit: float) -> Ints:
    model.relax_integers()
    highs = model.highs
    highs.setOptionValue("time_limit", time_limit)
    highs.setOptionValue("iis_time_limit", time_limit)
    highs.setOptionValue("iis_strategy", _IRREDUCIBLE)
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kInfeasible:
        return np.zeros(0, dtype=np.int32)
    status, found = highs.getIis()
    usable = status == highspy.HighsStatus.kOk and found.valid_
    return np.array(found.row_index_ if usable else [], dtype=np.int32)


class _Elastic:
    """A program in which every row may give way, at a cost of one per unit of its scaled size."""

    def __init__(self, model: Model, time_limit: float, watch: Watch | None) -> None:
        self.model, self.watch = model, watch
        self.rows, self.columns = model.program.shape
        highs = self.model.highs
        highs.changeColsCost(self.columns, np.arange(self.columns, dtype=np.int32), np.zeros(self.columns))
        for sign in (1.0, -1.0):
            starts, index = np.arange(self.rows, dtype=np.int32), np.arange(self.rows, dtype=np.int32)
            costs, infinite = np.ones(self.rows), np.full(self.rows, np.inf)
            highs.addCols(self.rows, costs, np.zeros(self.rows), infinite, self.rows, starts, index, np.full(self.rows, sign))
        highs.setOptionValue("time_limit", time_limit)

    def give(self, rows: Ints, upper: float) -> None:
        """Lets rows give way by at most `upper`, in scaled units."""
        columns = np.concatenate([self.columns + rows, self.columns + self.rows + rows]).astype(np.int32)
        self.model.highs.changeColsBounds(len(columns), columns, np.zeros(len(columns)), np.full(len(columns), upper))

    def yielding(self) -> Ints | None:
        """Rows that give way in the cheapest answer, or None where there is no answer."""
        self.model.highs.run()
        refuse_stop(self.watch)
        status = self.model.highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise SolverError("The requirements cannot all be met, and the search for those that conflict ran out of time.")
        slack = np.array(self.model.highs.getSolution().col_value)[self.columns :].reshape(2, self.rows).sum(axis=0)
        return np.flatnonzero(slack > _SLACK).astype(np.int32)


def _by_elastic_filter(model: Model, time_limit: float, watch: Watch | None = None) -> Ints:
    elastic = _Elastic(model, time_limit, watch)
    suspects = np.zeros(0, dtype=np.int32)
    while True:
        found = elastic.yielding()
        if found is None:
            break
        if len(found) == 0:
            return found  # the program is feasible
        suspects = np.concatenate([suspects, found])
        elastic.give(found, 0.0)
    everything = np.arange(elastic.rows, dtype=np.int32)
    elastic.give(np.setdiff1d(everything, suspects).astype(np.int32), np.inf)
    for row in suspects:
        elastic.give(np.array([row], dtype=np.int32), np.inf)
        if elastic.yielding() is None:
            suspects = suspects[suspects != row]
        else:
            elastic.give(np.array([row], dtype=np.int32), 0.0)
    return suspects
