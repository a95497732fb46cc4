"""Open plans: a program kept in the solver, to be solved again under other bounds, amounts and goals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import evolve, frozen

from sivuvirta.domain.controls import Control
from sivuvirta.domain.ledger import Ledger, sums
from sivuvirta.domain.links import Floats
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.plans import Network, PlanOptions
from sivuvirta.domain.unknowns import uncounted
from sivuvirta.errors import SolverError
from sivuvirta.lp.model import Model, Result, SolveOptions
from sivuvirta.lp.program import Rows
from sivuvirta.lp.watch import Watch, patient
from sivuvirta.plan.explain.marginals import Answer as Read
from sivuvirta.plan.explain.marginals import marginals
from sivuvirta.plan.networks import flows, ledger, operations
from sivuvirta.plan.program.builds import open_rows, strong_rows
from sivuvirta.plan.program.candidates import Index
from sivuvirta.plan.program.controls import held
from sivuvirta.plan.program.families import program
from sivuvirta.plan.program.objective import UNITS, Goal, cost_of, emissions_of, first_objective, goals, measured
from sivuvirta.plan.program.setting import Setting
from sivuvirta.plan.program.variables import idle
from sivuvirta.plan.rounding import cleared
from sivuvirta.plan.ties import untied

_AGREED = 1e-6  # relative: how far the ledger's own sum may be from the program's
_ROUNDING = 1e-9  # of all that an objective adds up
_RANGED = 5_000  # rows; the ranges of more take tenths of a second
_FINISH = 5.0  # seconds that a network which was found has to be finished, after a stop
_KEPT = 1e-10  # of an objective: how much of it the next one may give up
_ROOM = 1e-8  # of an objective: the same, where rounding leaves no answer otherwise


@frozen(eq=False)
class Prices:
    """Duals of all rows of the first objective with the builds fixed, and the right-hand sides between which they hold."""

    duals: Floats
    low: Floats
    high: Floats


@frozen(eq=False)
class Answer:
    """A solved network before it is put into words."""

    x: Floats  # value of each column
    prices: Prices | None  # None where nobody asked
    objective: float  # of the first goal
    bound: float
    gap: float
    status: str
    method: str
    seconds: float


class OpenPlan:
    """A plan kept open: its program in the solver, solved again after amounts, bounds or goals have changed.

    What is changed stays changed until `reset`. Rows of the program are changed through `amounts`, flows and plants through `hold`.

    Args:
        matches: routes with their verdicts.
        reference: today's ledger, against which benefit and gaps are counted.
        options: objective, limits, controls, time.
        watch: who looks on while something is built or not, and may stop it.
    """

    def __init__(self, matches: Matches, reference: Ledger, options: PlanOptions | None = None, watch: Watch | None = None) -> None:
        self.options = options or PlanOptions()
        self.watch = watch
        self.reference = reference
        self.at: Setting = program(matches, self.options)
        self.goals: tuple[Goal, ...] = goals(self.at.coefficients, self.options, reference)
        self.model = Model(self.at.lp)
        self.model.rest = idle(self.at.lp)
        arrays = self.model.arrays
        self._given = tuple(values.copy() for values in (arrays.lower, arrays.upper, arrays.row_lower, arrays.row_upper))
        self._held: list[Floats] = []
        self._implied = strong_rows(self.at)
        self._standing = False

    @property
    def how(self) -> SolveOptions:
        """Options of each solve."""
        return SolveOptions(method=self.options.method, time_limit=self.options.time_limit, gap=self.options.gap, watch=self.watch)

    @property
    def _unheard(self) -> SolveOptions:
        """The same for what follows the first goal, which is in another unit: nobody is told."""
        return evolve(self.how, watch=evolve(self.watch, tell=None)) if self.watch else self.how

    def unproven(self) -> Index:
        """Columns that rest on likely or unknown routes alone."""
        blocks = (self.at.blocks.direct, self.at.blocks.enter, self.at.blocks.pair)
        return np.concatenate([block.columns[mask] for block, mask in zip(blocks, self.at.found.unproven(), strict=True)])

    def admit(self, evidence: str) -> None:
        """Lets "proven" routes alone carry something, or "potential" ones too."""
        columns = self.unproven()
        if len(columns):
            self.model.bound(columns, 0.0, 0.0 if evidence == "proven" else self._given[1][columns])

    def amounts(self, family: str, positions: Index | Sequence[int], lower: Floats | float, upper: Floats | float) -> None:
        """Gives rows of a family other right-hand sides, for example streams and needs other amounts.

        Args:
            family: its name, for example "supply"; the rows are in the order of `links.supply` there, of `links.demand` in "need".
            positions: rows of the family.
            lower: least of each, in the row's unit.
            upper: most of each.
        """
        self.model.limit(self.family(family).positions[np.asarray(positions, dtype=np.int64)], lower, upper)

    def family(self, name: str) -> Rows:
        """A family of rows of the program."""
        return self.at.lp.family(name)

    def hold(self, controls: Sequence[Control]) -> None:
        """Fixes, forbids or bounds flows and plants, beside what is held already.

        Raises:
            OptionError: a control names what is not there.
        """
        for row in held(self.at, controls):
            values = np.zeros(self.at.lp.shape[1])
            values[row.column] = row.value
            self.cut(values, row.least, row.most)

    def cut(self, values: Floats, lower: float = -np.inf, upper: float = np.inf) -> None:
        """Adds a row over all columns, for example the cost within a slack of the optimum."""
        self.model.cut(values, lower, upper)
        self._held.append(values)

    def stand(self, x: Floats) -> None:
        """Fixes what is built, how large, which ways are paid and which links are new, as in an answer; the program is linear then."""
        columns = self.at.blocks.stands()
        value = x[columns].copy()
        whole = np.isin(columns, self.model.integers)
        value[whole] = np.round(value[whole])
        self.model.bound(columns, value, value)
        self._loosen()
        self.model.limit(open_rows(self.at, x), -np.inf, np.inf)

    def reset(self) -> None:
        """Undoes every change, the evidence that was admitted too: potential routes are open again."""
        self.release()
        lower, upper, least, most = self._given
        self.model.bound(np.arange(len(lower)), lower, upper)
        self.model.limit(np.arange(len(least)), least, most)
        if self._standing:
            self.model.free_integers(lower[self.model.integers], upper[self.model.integers])
            self._standing = False

    def release(self, keep: int = 0) -> None:
        """Takes away what was held or cut, but for the first few rows."""
        self.model.uncut(keep)
        del self._held[keep:]

    def best(self, start: Floats | None = None, *, prices: bool = True) -> Answer | None:
        """Solves for each goal in order, with the former ones kept, then once more with the builds fixed.

        Args:
            start: an answer to start from, where something may be built.
            prices: whether marginal values are wanted; without them it is faster.

        Returns:
            The answer, or None where there is none.
        """
        model, first, rows = self.model, self.goals[0], self.model.cuts
        model.minimise(first.cost, -first.today)
        try:
            answer = self._best(start, rows, prices=prices)
        finally:
            model.uncut(rows)
            model.minimise(first.cost, -first.today)
        return evolve(answer, gap=model.gap(answer.objective, answer.bound)) if answer else None

    def _best(self, start: Floats | None, rows: int, *, prices: bool) -> Answer | None:
        """As `best`; leaves the rows that keep former goals, and the last goal, in the model."""
        model, whole, first = self.model, self._whole(), self.goals[0]
        if start is not None and whole:
            model.suggest(start)
        best = model.solve(self.how)
        if not best.found:
            return None
        told = self._prices(best) if prices and not whole else None
        last, status, seconds = self._next_goals(best)
        if whole:
            last, told, more = self._settle(last, rows, prices=prices)
            seconds += more
        x = cleared(self.at, untied(self.at, last.x, [*self._held, *(goal.cost for goal in self.goals)]))
        objective = float(first.cost @ x)
        return Answer(x, told, objective, min(best.bound, objective), np.inf, status, best.method, best.seconds + seconds)

    def network(self, answer: Answer, evidence: str, building: float = 0.0) -> Network:
        """An answer as a network with its ledger, and marginal values where they were asked for.

        Args:
            answer: of `best`.
            evidence: "proven" or "potential".
            building: seconds that making the program took.
        """
        at = self.at
        carried, done = flows(at, answer.x), operations(at, answer.x)
        book = ledger(at, carried, done, evidence)
        compare(at, answer.x, book)
        unknown = uncounted(book, self.reference)
        rows, columns = at.lp.shape
        matches, taken = at.found.matches, np.concatenate([carried.route, carried.chain])
        received = _under_limits(matches, taken * matches.every("delivered"))
        told = answer.prices
        read = Read(told.duals, told.low, told.high, received, done.built[at.curves.work]) if told else None
        return Network(
            evidence=evidence,
            status=answer.status,
            objective=answer.objective,
            bound=answer.bound,
            gap=answer.gap,
            seconds=building + answer.seconds,
            method=answer.method,
            rows=rows,
            columns=columns,
            route_flow=carried.route,
            ledger=book,
            marginals=marginals(at, read) if read else (),
            benefit=np.nan if unknown else _less(cost_of(self.reference), cost_of(book)),
            carbon=np.nan if unknown else _less(emissions_of(book), emissions_of(self.reference)),
            chain_flow=carried.chain,
        )

    def better(self, found: Answer | None, known: Answer) -> Answer:
        """The better of two answers: one stopped early may miss what was known before."""
        if found is not None and found.objective <= known.objective:
            return found
        bound = min(known.bound, found.bound) if found is not None else known.bound
        gap = self.model.gap(known.objective, bound)
        return Answer(known.x, known.prices, known.objective, bound, gap, known.status, known.method, known.seconds)

    def _whole(self) -> bool:
        return len(self.model.integers) > 0 and not self._standing

    def _loosen(self) -> None:
        if self._whole():
            self.model.relax_integers()
            self.model.limit(self._implied, -np.inf, np.inf)
            self._standing = True

    def _next_goals(self, best: Result) -> tuple[Result, str, float]:
        """Minimises the other goals one after another, each former one kept. Leaves its rows in the model.

        Returns:
            The last answer; "optimal" where every goal was solved to its end; seconds.
        """
        last, status, seconds = best, best.status, 0.0
        for done, goal in zip(self.goals, self.goals[1:], strict=False):
            found = self._next_goal(done, goal, last)
            status = found.status if found.status != "optimal" else status
            last = found if found.found and found.objective <= float(goal.cost @ last.x) else last
            seconds += found.seconds
        return last, "feasible" if status == "infeasible" else status, seconds

    def _next_goal(self, done: Goal, goal: Goal, last: Result) -> Result:
        """Minimises one goal with the former one kept at its best; where rounding has left no room for that, with a little more of it."""
        reached = float(done.cost @ last.x)
        for room in (_KEPT, _ROOM):
            self.model.cut(done.cost, upper=reached + room * max(abs(reached), abs(done.today)))
            self.model.minimise(goal.cost, -goal.today)
            if self._whole():
                self.model.suggest(last.x)
            else:
                self.model.recall(last.x)
            found = self.model.solve(self._unheard)
            if found.found:
                break
            self.model.uncut(self.model.cuts - 1)
        return found

    def _settle(self, last: Result, rows: int, *, prices: bool) -> tuple[Result, Prices | None, float]:
        """Solves once more with the builds fixed, for an answer at a vertex and for duals of the first goal.

        A stop ends it a little later: most networks are finished by then, and the others are kept as they are, without prices.
        """
        model, first = self.model, self.goals[0]
        before = [values[model.integers].copy() for values in (model.arrays.lower, model.arrays.upper)]
        implied = np.concatenate([self._implied, open_rows(self.at, last.x)])
        limits = [values[implied].copy() for values in (model.arrays.row_lower, model.arrays.row_upper)]
        how = evolve(self.how, watch=patient(self._unheard.watch, _FINISH))
        try:
            model.recall(last.x)
            model.fix_integers(last.x)
            model.limit(implied, -np.inf, np.inf)
            found = model.solve(how)
            seconds, told = found.seconds, None
            settled = found if found.status == "optimal" or (found.found and found.objective < last.objective) else last
            if prices:
                if len(self.goals) > 1:
                    model.uncut(rows)
                    model.minimise(first.cost, -first.today)
                    found = model.solve(how)
                told = self._prices(found)
        finally:
            model.limit(implied, *limits)
            model.free_integers(*before)
        return settled, told, seconds

    def _prices(self, result: Result) -> Prices | None:
        """Duals of the answer just found; their ranges too, unless the program is so large that these take as long as solving it.

        None where the solve ended early: its duals are not prices.
        """
        if result.status != "optimal":
            return None
        unknown = np.full(len(result.duals), np.nan)
        low, high = self.model.ranges() if len(unknown) <= _RANGED else (unknown, unknown)
        return Prices(result.duals, low, high)


def _less(one: float, other: float) -> float:
    """A difference of two sums, 0 where it is rounding."""
    difference = one - other
    return difference if abs(difference) > _ROUNDING * max(abs(one), abs(other)) else 0.0


def compare(at: Setting, x: Floats, book: Ledger) -> None:
    """Checks that the ledger, added up anew, has the objective that the program has.

    Args:
        at: the program.
        x: value of each column.
        book: the ledger made of them.

    Raises:
        SolverError: it has not.
    """
    told, first = measured(book, at.options), first_objective(at.coefficients, at.options)
    objective = float(first @ x)
    slack = _AGREED * abs(objective) + _ROUNDING * float(np.abs(first) @ np.abs(x))
    if not abs(told - objective) <= slack:
        unit = UNITS[at.options.objective]
        raise SolverError(
            f"The flows of the {book.name} network add up to {told:,.6g} {unit}/a, but the solver says {objective:,.6g}. "
            "The figures of the region lie too far apart for it: look for an amount, price or factor in a wrong unit."
        )


def _under_limits(matches: Matches, delivered: Floats) -> Floats:
    """Units that come under each limit of a blend: all that a need receives, or what is handed over as a class. Shape (specs,)."""
    links, specs = matches.links, matches.specs
    by_need = sums(matches.every("need"), delivered, len(links.nodes.id))
    over = matches.every("arc_out")
    by_arc = sums(np.where(over < 0, len(links.arcs), over), delivered, len(links.arcs) + 1)
    return np.where(specs.arc < 0, by_need[specs.need], by_arc[specs.arc])
