"""Fewest: of the rows that conflict, those that do while what nobody can relax holds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
from attrs import frozen

from sivuvirta.lp.conflicts import Conflict, closed_model, conflicts, refuse_stop
from sivuvirta.lp.model import Model
from sivuvirta.lp.program import Program
from sivuvirta.lp.watch import Watch, heard

_TOGETHER = 3  # rows of a family beyond which the family is left out as a whole first
_SINGLE = 100  # rows that are tried one by one
_WHOLE = 10.0  # seconds for a try with whole numbers; what is not known by then is kept


@frozen(eq=False)
class Fewest:
    """Requirements that conflict."""

    conflicts: tuple[Conflict, ...]  # rows in program order; none is of `always`, unless nothing else conflicts
    by_closed: bool  # whether they could be kept, with all facts, if the closed columns were open


@frozen(eq=False)
class Kinds:
    """What families of rows are, by name; the others are facts."""

    always: Collection[str] = ()  # how things work: nobody can relax it, and it is not named
    asked: Collection[str] = ()  # what somebody asked for, and can take back


def fewest(
    program: Program, kinds: Kinds, closed: npt.NDArray[Any] | None = None, time_limit: float = 60.0, watch: Watch | None = None
) -> Fewest:
    """The rows that conflict while every row of `always` holds; without any one of them the others could be kept.

    `conflicts` finds rows that conflict by themselves. With all rows of `always` beside them some may be left out: each is tried in turn
    (a deletion filter), and all other rows of the program are let go meanwhile. The closed columns are at fault where these rows, all
    facts with them, could be kept with the columns open.

    Args:
        program: an infeasible program.
        kinds: families of rows.
        closed: columns that are held at 0.
        time_limit: seconds for each search.
        watch: who may stop it.

    Raises:
        SolverError: it was stopped, or ran out of time.

    References:
        J. W. Chinneck, Feasibility and Infeasibility in Optimization (2008), chapter 6.1 (from memory).
    """
    looking = Watch(stop=heard(watch))
    found = conflicts(program, closed, time_limit, looking)
    named = [one for one in found if one.family not in kinds.always]
    if not named:
        return Fewest(found, by_closed=closed is not None and len(closed) > 0 and not conflicts(program, None, time_limit, looking))
    trial = _Trial(program, kinds, closed, (time_limit, looking))
    kept = trial.fewest(named)
    return Fewest(tuple(kept), by_closed=closed is not None and len(closed) > 0 and trial.opens(closed, kept))


class _Trial:
    """A program of which only the rows of some families, and some others in turn, hold."""

    def __init__(self, program: Program, kinds: Kinds, closed: npt.NDArray[Any] | None, limits: tuple[float, Watch]) -> None:
        self.program, (self.seconds, self.watch) = program, limits
        self.model: Model = closed_model(program, closed, self.watch)
        arrays, columns = program.arrays(), program.shape[1]
        self.given = arrays.row_lower, arrays.row_upper
        self.bounds = arrays.lower, arrays.upper
        self.model.highs.changeColsCost(columns, np.arange(columns, dtype=np.int32), np.zeros(columns))
        self.kinds = kinds
        self._let_go(self._of(lambda name: name not in kinds.always))
        self.model.relax_integers()

    def fewest(self, named: list[Conflict]) -> list[Conflict]:
        """Leaves out one after another what the rest conflicts without."""
        self._hold(_rows(named))
        if not self._conflicts():  # only because of whole numbers
            self.model.free_integers(self.model.arrays.lower[self.model.integers], self.model.arrays.upper[self.model.integers])
            self.seconds = min(self.seconds, _WHOLE)
        kept = list(named)
        for some in _groups(named):
            if len(some) == len(kept) or any(one not in kept for one in some):
                continue  # nothing would be left, or all of them are gone already
            self._let_go(_rows(some))
            if self._conflicts():
                kept = [one for one in kept if one not in some]
            else:
                self._hold(_rows(some))
        return kept

    def opens(self, closed: npt.NDArray[Any], kept: list[Conflict]) -> bool:
        """Whether what is left can be kept, with all facts, if the closed columns are open."""
        lower, upper = self.bounds
        self._hold(self._of(lambda name: name not in self.kinds.asked))
        self._hold(_rows(kept))
        self.model.bound(closed, lower[closed], upper[closed])
        if len(self.model.integers):
            self.model.free_integers(lower[self.model.integers], upper[self.model.integers])
        return not self._conflicts()

    def _conflicts(self) -> bool:
        highs = self.model.highs
        highs.setOptionValue("time_limit", highs.getRunTime() + self.seconds)
        highs.run()
        refuse_stop(self.watch)
        return bool(highs.getModelStatus() == highspy.HighsModelStatus.kInfeasible)

    def _of(self, chosen: Callable[[str], bool]) -> npt.NDArray[Any]:
        """Rows of the families that are chosen by name."""
        rows = [family.positions for family in self.program.families if chosen(family.name)]
        return np.concatenate([np.zeros(0, dtype=np.int32), *rows])

    def _let_go(self, rows: npt.NDArray[Any]) -> None:
        self.model.limit(rows, -np.inf, np.inf)

    def _hold(self, rows: npt.NDArray[Any]) -> None:
        lower, upper = self.given
        self.model.limit(rows, lower[rows], upper[rows])


def _rows(some: list[Conflict]) -> npt.NDArray[Any]:
    return np.array([one.row for one in some], dtype=np.int32)


def _groups(named: list[Conflict]) -> Iterator[list[Conflict]]:
    """What is left out at a time: large families as a whole first, then row by row."""
    for family in dict.fromkeys(one.family for one in named):
        some = [one for one in named if one.family == family]
        if len(some) > _TOGETHER:
            yield some
    for one in named[:_SINGLE]:
        yield [one]
