"""Linear: the program of a plan without its whole numbers, solved in milliseconds: bounds from below, and networks from above."""

from __future__ import annotations

import numpy as np
from attrs import evolve, frozen

from sivuvirta.domain.links import Floats
from sivuvirta.explore.asking import Asking, Form
from sivuvirta.lp.bounds import dual_bound, implied_upper
from sivuvirta.lp.model import Model, Result
from sivuvirta.lp.program import Arrays
from sivuvirta.plan.program.candidates import Index

_STEEP = 1e-9  # of the largest reduced cost: less is none


class Linear:
    """A linear program kept in the solver.

    Args:
        asking: the plan.
        x: an answer whose builds are kept; what it finds are then networks. None lets whole numbers be any: it then tells what is
            proven, also where the solver ended before the optimum.
    """

    def __init__(self, asking: Asking, x: Floats | None = None) -> None:
        self.asking, self.model, self.below = asking, Model(asking.at.lp), x is None
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

    @property
    def program(self) -> Arrays:
        """The program as it is solved, without rows that were added; the solver's own copy of its matrix is scaled."""
        return evolve(self.asking.at.lp.arrays(), cost=self.cost, lower=self.lower, upper=self.upper)

    def optimum(self) -> Result:
        """The least cost."""
        return self.model.solve(self.asking.open.how)

    def at_least(self, form: Form, amount: float, ones: Index | None = None) -> float:
        """Least cost if a sum is at least some amount; infinity where that cannot be.

        Args:
            form: the sum.
            amount: the least of it.
            ones: columns that are 1 meanwhile.
        """
        rows = self.model.cuts
        try:
            self.model.cut(form.row(self.asking.count), amount)
            self._open(ones)
            return self._least(self.optimum())
        finally:
            self._close(ones)
            self.model.uncut(rows)

    def limit(self, most: float) -> None:
        """Keeps the cost within some amount from now on."""
        self.model.cut(self.cost, upper=most)

    def extreme(self, form: Form, *, most: bool, ones: Index | None = None) -> float:
        """The most, or the least, of a sum: in a network, or proven; NaN where the program has no answer.

        Args:
            form: the sum.
            most: whether the most.
            ones: columns that are 1 meanwhile.
        """
        row = form.row(self.asking.count)
        try:
            self._open(ones)
            self.model.minimise(-row if most else row)
            found = self.optimum()
        finally:
            self._close(ones)
        if not found.found:
            return np.nan
        return (-found.bound if most else found.bound) if self.below else form.of(found.x)

    def _least(self, found: Result) -> float:
        """The cost that is proven, or that a network has; infinity where there is no answer."""
        return (found.bound if self.below else found.objective) if found.found else np.inf

    def _open(self, ones: Index | None) -> None:
        if ones is not None:
            self.model.bound(ones, 1.0, 1.0)

    def _close(self, ones: Index | None) -> None:
        if ones is not None:
            self.model.bound(ones, self.lower[ones], self.upper[ones])


@frozen(eq=False)
class Prices:
    """What the relaxed optimum says of every column at once."""

    proven: float  # no network costs less
    reduced: Floats  # cost of one unit more at least, shape (columns,); 0 where nothing is known

    @classmethod
    def of(cls, arrays: Arrays, duals: Floats) -> Prices:
        """From any duals of a program: what they prove.

        Args:
            arrays: the program with its bounds and costs.
            duals: of its rows, as good as the solver has them.
        """
        proof = dual_bound(arrays, duals, implied_upper(arrays))
        reduced = np.maximum(proof.reduced, 0.0)
        reduced[reduced <= _STEEP * reduced.max(initial=0.0)] = 0.0
        reduced[arrays.lower != 0] = 0.0  # its price is not that of one more than none
        return cls(proof.value, (1.0 - _STEEP) * reduced)

    def most(self, form: Form, cost: float) -> float:
        r"""No network of at most some cost has more of a sum, infinity where this says nothing.

        .. math:: \sum_j v_j x_j \le \max_j \frac{v_j}{d_j} \, (cost - z)

        because every unit of column j costs :math:`d_j = (c - A^T y)_j > 0` above z, the bound that the duals y prove.
        """
        price = self.reduced[form.columns]
        if (price <= 0).any() or not np.isfinite(self.proven):
            return np.inf
        return float((form.values / price).max(initial=0.0) * max(cost - self.proven, 0.0))
