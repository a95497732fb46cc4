"""Workers: one program kept in the solver, solved for draw after draw, each from the same start."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
from attrs import evolve, frozen
from scipy.sparse import csr_array, vstack

from sivuvirta.domain.links import Floats
from sivuvirta.futures.ensemble.task import Task, assembled
from sivuvirta.lp.model import Model, Result, SolveOptions
from sivuvirta.lp.watch import Watch

_SMALL = 20_000  # nonzeros below which a warm simplex always wins (measured)
_ROUNDING = 1e-9  # of what a difference is taken of
_FEW = 4_000  # iterations that a warm start may take where it shall be chosen: about half of a fresh solve of 1 000 rows (measured)
_LOOKED = 3  # draws that are looked at for the start
_LIGHT = {"mip_allow_restart": False, "mip_heuristic_run_root_reduced_cost": False, "mip_heuristic_run_feasibility_jump": False}
"""Of the solver's branching: where its cuts close a small program at the root, the rest took more than half of the time (measured)."""


@frozen
class Way:
    """How a network is looked for: on which evidence, with which builds."""

    evidence: str
    structure: int | None = None  # position in task.structures; None: builds are free
    flows: bool = False  # whether the flows are wanted


@frozen(eq=False)
class Piece:
    """What some draws gave, one column a way. Shape (draws, ways)."""

    objective: Floats  # EUR/a, inf where nothing keeps all promises
    benefit: Floats  # EUR/a against today under the same draw
    carbon: Floats  # kg CO2e/a less today's
    flows: tuple[Any, ...]  # of ways that want them: sparse (draws, columns of the program)


def started(task: Task, values: Floats) -> Task:
    """The task with the start of its draws: the middle or the first draw, whichever leaves less to do; none where a fresh solve does less.

    A small program is started in the middle without looking.

    Args:
        task: the program.
        values: the draws, shape (draws, inputs); the second and third are looked at.
    """
    if len(task.arrays.value) < _SMALL or len(values) < _LOOKED:
        return task
    way = Way("potential", 0 if task.structures else None)
    tries = [evolve(task, origin=origin) for origin in (task.origin, values[0])]
    efforts = [Worker(each).effort(way, values[1:_LOOKED]) for each in tries]
    known = [(effort, number) for number, effort in enumerate(efforts) if effort is not None]
    return tries[min(known)[1]] if known else evolve(task, start="fresh")


class Worker:
    """A task's program in the solver.

    Each draw starts from the same basis, whatever was solved before, so that its answer depends on the draw alone.

    Args:
        task: the program.
        watch: may stop each solve, which then gives the best network so far.
    """

    def __init__(self, task: Task, watch: Watch | None = None) -> None:
        self.task = task
        self.watch = watch
        self.model = Model(assembled(task.arrays))
        self._places = self.model.places(*task.entry)
        self._given = (self.model.arrays.lower.copy(), self.model.arrays.row_lower.copy(), self.model.arrays.row_upper.copy())
        self._start: Any = None
        self._way: Way | None = None
        for name, value in _LIGHT.items() if len(task.arrays.value) < _SMALL else ():
            self.model.highs.setOptionValue(name, value)

    def piece(self, ways: tuple[Way, ...], values: Floats) -> Piece:
        """Solves draws in every way.

        Args:
            ways: how.
            values: the draws, shape (draws, inputs).
        """
        size = (len(values), len(ways))
        objective, benefit, carbon = np.full(size, np.inf), np.full(size, np.nan), np.full(size, np.nan)
        flows = []
        for number, way in enumerate(ways):
            self.open(way)
            rows = []
            for at, delta in enumerate(values):
                found = self.solve(delta)
                x = found.x if found.found else np.zeros(len(self.task.money.base))
                if found.found:
                    objective[at, number] = found.objective
                    benefit[at, number], carbon[at, number] = against_today(self.task, delta, x)
                rows.append(csr_array(x[None, :]))
            if way.flows:
                flows.append(csr_array(vstack(rows, format="csr")))
        return Piece(objective, benefit, carbon, tuple(flows))

    def open(self, way: Way) -> None:
        """Sets the program up for a way, and finds where its draws start."""
        if way == self._way:
            return
        task, model = self.task, self.model
        lower, _, _ = self._given
        if len(model.integers):
            model.free_integers(lower[model.integers], task.arrays.upper[model.integers])
        model.bound(np.arange(len(lower)), lower, task.upper[way.evidence])
        loose = way.structure is not None
        model.limit(task.implied, -np.inf, np.inf if loose else 0.0)
        if loose:
            value = task.structures[way.evidence][way.structure or 0]
            model.bound(task.builds, value, value)
            if len(model.integers):
                model.relax_integers()
        self._way = way
        self._start = None
        if (loose or not len(model.integers)) and task.start == "warm":
            model.highs.clearSolver()
            self.move(task.origin)
            if model.solve(self._how("auto")).found:
                self._start = model.highs.getBasis()

    def move(self, delta: Floats) -> None:
        """Gives the program the costs, limits and coefficients of a draw."""
        task, model = self.task, self.model
        model.minimise(task.objective.at(delta), -task.today.cost(delta))
        model.limit(task.rows, task.least.at(delta), task.most.at(delta))
        model.alter(self._places, task.value.at(delta))

    def solve(self, delta: Floats) -> Result:
        """The best network of a draw; `found` is false where none keeps all promises."""
        self.move(delta)
        self.model.highs.clearSolver()
        if self._start is None:
            return self.model.solve(self._how("ipm" if self.task.start == "fresh" else "auto"))
        self.model.highs.setBasis(self._start)
        self.model.few(_FEW)
        return self.model.solve(self._how("simplex"))

    def effort(self, way: Way, values: Floats) -> int | None:
        """Iterations that draws take from the start; None where one takes as long as a fresh solve.

        Counted, not timed, so that the same start is chosen everywhere.
        """
        self.open(way)
        if self._start is None:
            return None
        model, total = self.model, 0
        for delta in values:
            self.move(delta)
            model.highs.clearSolver()
            model.highs.setBasis(self._start)
            if not model.few(_FEW):
                return None
            total += int(model.highs.getInfo().simplex_iteration_count)
        return total

    def _how(self, method: str) -> SolveOptions:
        return SolveOptions(method=method, time_limit=self.task.time_limit, gap=self.task.gap, threads=1, watch=self.watch)


def against_today(task: Task, delta: Floats, x: Floats) -> tuple[float, float]:
    """Benefit and emissions of a network less today's under the same draw; what is rounding of the whole is 0."""
    cost, emitted = task.today.cost(delta), task.today.emissions(delta)
    return _rounded(cost - float(task.money.at(delta) @ x), cost), _rounded(float(task.carbon.at(delta) @ x) - emitted, emitted)


def _rounded(value: float, whole: float) -> float:
    return 0.0 if abs(value) <= _ROUNDING * abs(whole) else value


_kept = threading.local()


def piece(key: str, task: Task, ways: tuple[Way, ...], values: Floats) -> Piece:
    """`Worker.piece`, with the worker of the last task kept in this thread.

    Args:
        key: digest of the task.
        task: the program.
        ways: how draws are solved.
        values: the draws.
    """
    if getattr(_kept, "key", None) != key:
        _kept.key, _kept.worker = key, Worker(task)
    worker: Worker = _kept.worker
    return worker.piece(ways, values)
