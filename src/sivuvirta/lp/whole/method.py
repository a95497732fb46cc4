"""Method: the guided way to an answer of a program with choices, from its relaxation to the solver's own branching."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import numpy as np
from attrs import evolve

from sivuvirta.lp.answers import Answers
from sivuvirta.lp.bounds import implied_upper
from sivuvirta.lp.entries import Floats
from sivuvirta.lp.program import Arrays
from sivuvirta.lp.results import NO_LIMIT, Result, SolveOptions
from sivuvirta.lp.watch import Watch, attach, stopped
from sivuvirta.lp.whole.core import Core, first_rows
from sivuvirta.lp.whole.districts import Relaxed, districts
from sivuvirta.lp.whole.guided import MANY, WHOLE, Guide, guide, holds, status_of, with_added
from sivuvirta.lp.whole.local import Around, improved
from sivuvirta.lp.whole.parts import Parts, parts
from sivuvirta.lp.whole.summed import SIZES, Asked, summed
from sivuvirta.lp.whole.tree import Found, Search, search

_LOCAL = 0.5  # of the time limit, after which pieces make room for the bound
_WORTH = 0.02  # of the gap asked for, counted as in gaps: the least gain for which a piece is solved


class Guided(Answers, ABC):
    """An instance that is led to an answer by its relaxation; what runs it says how interior point is done."""

    @abstractmethod
    def _inside(self) -> None:
        """Interior point, where the relaxation is large."""

    def _choices(self) -> bool:
        """Whether the whole numbers are choices between 0 and 1, or are held at one of them."""
        sides = np.concatenate([self.arrays.lower[self.integers], self.arrays.upper[self.integers]])
        return self._whole and bool(np.isin(sides, (0.0, 1.0)).all())

    def _guided(self, options: SolveOptions, started: float) -> Result:
        """Relaxation, first answers, choices proven out, pieces, our own branching, then the solver's within what is left."""
        integers, arrays = self.integers, with_added(self.highs, self._scaled())
        own = arrays.lower[integers], arrays.upper[integers]
        try:
            found = self._led(arrays, options, started)
            if found is None and (stopped(options.watch) or self._rest() <= 0):
                return self._left("guided", started)
            if found is None:
                self._go()
                return self._told("ipm", started)
            return self._finished(found, own, options, started)
        finally:
            self.highs.changeColsBounds(len(integers), integers, *own)

    def _led(self, arrays: Arrays, options: SolveOptions, started: float) -> tuple[Guide, Found] | None:
        """The relaxed program led to an answer and a bound; leaves the program's bounds, and its whole numbers whole."""
        integers = self.integers
        self._count_whole(0)
        try:
            guided = guide(self.highs, arrays, integers, self._relaxed)
            return None if guided is None else (guided, self._branched(guided, arrays, options, started))
        finally:
            self.highs.changeColsBounds(len(integers), integers, arrays.lower[integers], arrays.upper[integers])
            self._count_whole(1)
            self._set(solver="choose", presolve="choose", simplex_iteration_limit=NO_LIMIT)

    def _finished(self, led: tuple[Guide, Found], own: tuple[Floats, Floats], options: SolveOptions, started: float) -> Result:
        """The solver's own branching between the bounds that are left. Leaves these."""
        integers, (guided, found) = self.integers, led
        lower, upper, settled = guided.lower, guided.upper, self._enough(options, found.value, found.bound)
        if found.x is not None:
            self._start = found.x
            self._offer(found.x)
            chosen = np.clip(np.round(found.x[integers]), *own)
            lower, upper = (chosen,) * 2 if settled else (np.minimum(lower, chosen), np.maximum(upper, chosen))
        if stopped(options.watch) or self._rest() <= 0:
            return self._left("guided", started, found.bound / self.scale.cost)
        self.highs.changeColsBounds(len(integers), integers, lower, upper)
        self._go()
        result = self._told("guided", started, found.bound / self.scale.cost)
        proves = result.found and not settled  # what was held proves nothing
        rest = min(result.bound * self.scale.cost, found.value) if proves else -np.inf
        return self._bounded(self._better(result), max(found.bound, rest) / self.scale.cost)

    def _branched(self, guided: Guide, arrays: Arrays, options: SolveOptions, started: float) -> Found:
        """What pieces and our own branching make of the best answer known; with rows added, the solver's own branching is better."""
        x, value, integers = guided.x, guided.value, self.integers
        known = self._still_known(arrays)
        if known is not None and arrays.cost @ known < value:
            x, value = known, float(arrays.cost @ known)
        go_on = self._asking(options.watch, guided.bound)
        if self.cuts or self._enough(options, value, guided.bound) or not go_on(value, guided.bound):
            return Found(x, value, guided.bound, 0)
        bound = guided.bound
        if x is not None and guided.open_ > MANY:
            found = parts(arrays, integers)
            x, value = self._pieced(guided, (arrays, found), options, (x, started))
            bound = self._summed(guided, (arrays, found), options, x)
        go_on = self._asking(options.watch, bound)
        if self._enough(options, value, bound) or not go_on(value, bound):
            return Found(x, value, bound, 0)
        rows, basis = first_rows(arrays, guided.basis)
        core = Core(arrays, integers, rows, self._ready(options, self._until), self._rest)
        asked = Search(
            core=core,
            arrays=evolve(arrays, upper=implied_upper(arrays)),
            integers=integers,
            enough=lambda found, bound: self._enough(options, found, bound),
            go_on=go_on,
            holds=lambda answer: holds(arrays, answer),
            bound_first=guided.open_ > MANY,  # pieces have found what going deep would find
        )
        try:
            done = search(asked, x, value, (guided.lower, guided.upper), basis)
        finally:
            core.close()
        return evolve(done, bound=max(done.bound, bound))

    def _summed(self, guided: Guide, program: tuple[Arrays, Parts], options: SolveOptions, x: Floats) -> float:
        """The best bound that adds up over districts of choices, larger from round to round; no worse than the relaxation's."""
        arrays, found = program
        value, bound = float(arrays.cost @ x), guided.bound
        for most in SIZES:
            told = self._asking(options.watch, bound)
            if self._enough(options, value, bound) or not told(value, bound):
                break
            at = Relaxed(guided.point, guided.proven, implied_upper(arrays), self.integers, x, value - bound)
            asked = Asked(
                least=self._least(options, value),
                go_on=lambda: self._rest() > 0 and not stopped(options.watch),
                ready=self._ready(options, self._until),
                left=self._rest,
            )
            bound = max(bound, summed(arrays, found, at, districts(found, at, most), asked))
        return min(bound, value)

    def _least(self, options: SolveOptions, value: float) -> float:
        """The least gain that is worth a search, in the solver's scale."""
        return _WORTH * options.gap * abs(value + self.offset * self.scale.cost)

    def _pieced(
        self, guided: Guide, program: tuple[Arrays, Parts], options: SolveOptions, start: tuple[Floats, float]
    ) -> tuple[Floats, float]:
        """A known answer improved piece by piece, then once more with its choices held."""
        (arrays, found), (x, started) = program, start
        integers, until = self.integers, started + _LOCAL * options.time_limit
        told = self._asking(options.watch, guided.bound)
        asked = Around(
            arrays=arrays,
            integers=integers,
            relaxed=guided.relaxed,
            least=lambda value: self._least(options, value),
            go_on=lambda value: told(value, guided.bound) and self.clock() < until,
            holds=lambda answer: holds(arrays, answer),
            ready=self._ready(options, until),
        )
        x = improved(asked, found, x)
        chosen = np.round(x[integers])
        self.highs.changeColsBounds(len(integers), integers, chosen, chosen)
        if self._relaxed("held"):
            better = np.array(self.highs.getSolution().col_value)
            better[integers] = chosen
            if arrays.cost @ better < arrays.cost @ x and holds(arrays, better):
                x = better
        return x, float(arrays.cost @ x)

    def _asking(self, watch: Watch | None, floor: float) -> Callable[[float, float], bool]:
        """Tells the watch a value and a bound in the solver's scale; whether there is time, and no stop is asked for."""
        offset = self.offset * self.scale.cost

        def go_on(found: float, bound: float) -> bool:
            if watch and watch.tell:
                watch.tell(self._progress(0.0, found + offset, max(bound, floor) + offset))
            return self._rest() > 0 and not stopped(watch)

        return go_on

    def _ready(self, options: SolveOptions, until: float) -> Callable[[Any], None]:
        """Gives a solver beside the program's own what is left of the time, and the watch that may stop it."""

        def ready(highs: Any) -> None:
            highs.setOptionValue("time_limit", max(until - self.clock(), 0.0))
            if options.watch and options.watch.stop:
                attach(highs, Watch(stop=options.watch.stop), self._progress)

        return ready

    def _still_known(self, arrays: Arrays) -> Floats | None:
        """The solution that was offered, if it still is one after what has changed since: rows, bounds and whole numbers."""
        if self._start is None or not np.isfinite(self._start).all():
            return None
        known, whole = self._start.copy(), np.round(self._start[self.integers])
        near = bool((np.abs(known[self.integers] - whole) <= WHOLE).all())
        known[self.integers] = whole
        return known if near and holds(arrays, known) else None

    def _enough(self, options: SolveOptions, value: float, bound: float) -> bool:
        return self.gap(value / self.scale.cost, bound / self.scale.cost) <= options.gap

    def _relaxed(self, how: str) -> bool:
        """Runs the relaxed program: "first" or "held" from nothing, or "again" from the last basis; whether it has an optimum."""
        if how == "first":
            self._set(solver="ipm", presolve="choose")
            self._inside()
        else:
            self._set(solver="simplex" if how == "again" else "ipm", presolve="off" if how == "again" else "choose")
            if how == "held":
                self.highs.clearSolver()
            self._go()
        return status_of(self.highs)
