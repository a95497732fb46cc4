"""Asking: a plan kept open on one evidence and asked one thing after another; each question leaves it as it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from attrs import evolve, frozen

from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import Floats
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.plans import Network, PlanOptions
from sivuvirta.errors import InfeasibleError, OptionError
from sivuvirta.plan.open import Answer, OpenPlan
from sivuvirta.plan.program.candidates import Index
from sivuvirta.plan.program.objective import UNITS, Goal, measured
from sivuvirta.plan.program.setting import Setting
from sivuvirta.plan.solve import infeasible

Tell = Callable[[str], None]
"""Hears how far the work has come."""

EVIDENCE = ("proven", "potential")

GAP = 1e-6
"""Of the benefit, at which a siting problem is called solved here: differences of optima are looked at."""


@frozen(eq=False)
class Asked:
    """What every exploration starts from."""

    matches: Matches
    reference: Ledger
    options: PlanOptions
    evidence: str = "potential"
    tell: Tell = lambda _: None
    stop: Callable[[], bool] = lambda: False


@frozen(eq=False)
class Form:
    """A sum over columns, for example the flow over one link."""

    columns: Index
    values: Floats

    def of(self, x: Floats) -> float:
        """Its value in an answer."""
        return float(self.values @ x[self.columns])

    def row(self, count: int) -> Floats:
        """Its coefficients over all columns. Shape (count,)."""
        return np.bincount(self.columns, self.values, minlength=count).astype(np.float64, copy=False)


class Asking:
    """A plan kept open.

    Args:
        asked: routes, reference, options, evidence.

    Raises:
        OptionError: the evidence is neither "proven" nor "potential", or exact pooling is asked for.
    """

    def __init__(self, asked: Asked) -> None:
        if asked.evidence not in EVIDENCE:
            raise OptionError(f"Option 'evidence' is {asked.evidence!r}. It can be: {', '.join(EVIDENCE)}.")
        if asked.options.pooling != "batches":
            raise OptionError("Only plans in batches can be explored; leave out pooling='exact'.")
        self.asked = asked
        self.open = OpenPlan(asked.matches, asked.reference, evolve(asked.options, gap=min(asked.options.gap, GAP)))
        self.open.admit(asked.evidence)
        self.closed: Index = self.open.unproven() if asked.evidence == "proven" else np.zeros(0, dtype=np.int32)
        self.usual: tuple[Goal, ...] = self.open.goals
        arrays = self.open.model.arrays
        self.lower, self.upper = arrays.lower.copy(), arrays.upper.copy()

    @property
    def at(self) -> Setting:
        """The program."""
        return self.open.at

    @property
    def count(self) -> int:
        """Number of columns."""
        return self.at.lp.shape[1]

    @property
    def unit(self) -> str:
        """Unit of the objective, a year."""
        return UNITS[self.asked.options.objective]

    @property
    def today(self) -> float:
        """The objective of the reference."""
        return measured(self.asked.reference, self.asked.options)

    def optimum(self, *, prices: bool = False) -> Answer:
        """The best network.

        Raises:
            InfeasibleError: no network meets all requirements; it names those that conflict.
        """
        found = self.open.best(prices=prices)
        if found is None:
            raise InfeasibleError(infeasible(self.at, self.closed))
        return found

    def without(self, columns: Index, start: Floats | None = None) -> Answer | None:
        """The best network in which nothing flows in some columns; None where there is none."""
        model = self.open.model
        model.bound(columns, 0.0, 0.0)
        try:
            return self.open.best(start, prices=False)
        finally:
            model.bound(columns, self.lower[columns], self.upper[columns])

    def between(self, form: Form, least: float, most: float = np.inf, start: Floats | None = None) -> Answer | None:
        """The best network in which a sum is between two amounts; None where there is none."""
        rows = self.open.model.cuts
        self.open.cut(form.row(self.count), least, most)
        try:
            return self.open.best(start, prices=False)
        finally:
            self.open.release(rows)

    def towards(self, goals: Sequence[Goal], start: Floats | None = None, gap: float | None = None) -> Answer | None:
        """The best network for other goals, in order; its objective, bound and gap are those of the first of them.

        Args:
            goals: what is minimised.
            start: an answer to start from.
            gap: at which it is good enough; None for the usual one.
        """
        options = self.open.options
        self.open.goals = tuple(goals)
        self.open.options = evolve(options, gap=options.gap if gap is None else gap)
        try:
            return self.open.best(start, prices=False)
        finally:
            self.open.goals, self.open.options = self.usual, options

    def network(self, answer: Answer, bound: float | None = None) -> Network:
        """An answer as a network with its ledger, told in the plan's own objective.

        Args:
            answer: of any question.
            bound: proven on the plan's own objective of what was asked; None where the answer's own holds.
        """
        if bound is not None:
            objective = float(self.usual[0].cost @ answer.x)
            bound = min(bound, objective)
            answer = evolve(answer, objective=objective, bound=bound, gap=self.open.model.gap(objective, bound))
        return self.open.network(answer, self.asked.evidence)
