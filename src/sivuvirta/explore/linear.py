"""Linear: the program of a plan without its whole numbers, solved in milliseconds: bounds from below, and networks from above."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import Floats
from sivuvirta.explore.asking import Asking, Form
from sivuvirta.lp.model import Model, Result
from sivuvirta.plan.candidates import Index

_STEEP = 1e-9  # of the largest reduced cost: less is none


class Linear:
    """A linear program kept in the solver.

    Args:
        asking: the plan.
        x: an answer whose builds are kept; its optima are then networks. None lets whole numbers be any: its optima are then bounds.
    """

    def __init__(self, asking: Asking, x: Floats | None = None) -> None:
        self.asking, self.model = asking, Model(asking.at.lp)
        self.model.bound(np.arange(asking.count), asking.lower, asking.upper)
        if len(self.model.integers):
            if x is None:
                self.model.relax_integers()
            else:
                self.model.fix_integers(x)
        goal = asking.usual[0]
        self.cost, self.today = goal.cost, goal.today
        self.model.minimise(self.cost, -self.today)
        self.lower, self.upper = self.model.arrays.lower.copy(), self.model.arrays.upper.copy()

    def optimum(self) -> Result:
        """The least cost."""
        return self.model.solve(self.asking.open.how)

    def without(self, columns: Index) -> float:
        """Least cost if nothing flows in some columns; infinity where that cannot be."""
        self.model.bound(columns, 0.0, 0.0)
        found = self.optimum()
        self.model.bound(columns, self.lower[columns], self.upper[columns])
        return found.objective if found.found else np.inf

    def at_least(self, form: Form, amount: float, ones: Index | None = None) -> float:
        """Least cost if a sum is at least some amount; infinity where that cannot be.

        Args:
            form: the sum.
            amount: the least of it.
            ones: columns that are 1 meanwhile.
        """
        rows = self.model.cuts
        self.model.cut(form.row(self.asking.count), amount)
        if ones is not None:
            self.model.bound(ones, 1.0, 1.0)
        found = self.optimum()
        if ones is not None:
            self.model.bound(ones, self.lower[ones], self.upper[ones])
        self.model.uncut(rows)
        return found.objective if found.found else np.inf

    def limit(self, most: float) -> None:
        """Keeps the cost within some amount from now on."""
        self.model.cut(self.cost, upper=most)

    def extreme(self, form: Form, *, most: bool) -> float:
        """The most, or the least, of a sum; NaN where the program has no answer, infinity where there is no end to it."""
        row = form.row(self.asking.count)
        self.model.minimise(-row if most else row)
        found = self.optimum()
        return form.of(found.x) if found.found else np.nan


@frozen(eq=False)
class Prices:
    """What the relaxed optimum says of every column at once."""

    objective: float  # of the relaxed program: no network is below
    reduced: Floats  # cost of one unit more at least, shape (columns,); 0 where nothing is known

    @classmethod
    def of(cls, relaxed: Result) -> Prices:
        """From a solved program."""
        reduced = np.maximum(np.nan_to_num(relaxed.reduced), 0.0)
        reduced[reduced <= _STEEP * reduced.max(initial=0.0)] = 0.0
        reduced[relaxed.x > 0] = 0.0  # at an upper bound or in the basis: its price is not that of one more
        return cls(relaxed.objective, reduced)

    def most(self, form: Form, cost: float) -> float:
        r"""No network of at most some cost has more of a sum, infinity where this says nothing.

        .. math:: \sum_j v_j x_j \le \max_j \frac{v_j}{d_j} \, (cost - z_{LP})

        because every unit of column j costs :math:`d_j`, its reduced cost, above the relaxed optimum.
        """
        price = self.reduced[form.columns]
        if (price <= 0).any():
            return np.inf
        return float((form.values / price).max(initial=0.0) * max(cost - self.objective, 0.0))
