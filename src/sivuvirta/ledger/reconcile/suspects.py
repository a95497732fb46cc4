r"""Global test and suspect measurements.

.. math:: \chi^2 = \sum_k ((x_k - y_k) / \sigma_k)^2, \quad z_k = (y_k - x_k) / \sqrt{S_{kk} - \hat S_{kk}}

The statistic has as many degrees of freedom as there are independent checks. A measurement is suspect where |z| passes the normal quantile
for as many tests as there are (Sidak); the worst is taken out and the rest is reconciled anew, until none is left.
Narasimhan and Jordache (2000), from memory.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen
from scipy.special import chdtrc, chdtri, ndtri

from sivuvirta.ledger.reconcile.solver import Solution, solve
from sivuvirta.ledger.reconcile.system import Ints, System

_ALIKE = 0.01  # two scores that differ by less than this share of them cannot be told apart
_EVEN = 1e-7  # two scores that differ by less than this share of them are one, rounded: the first is taken


@frozen(eq=False)
class GlobalTest:
    """Whether the statements agree as well as their standard deviations say."""

    statistic: float
    freedom: int
    critical: float  # largest statistic that passes; 0 without a check
    probability: float  # of a statistic at least as large where all errors are as stated; 1 without a check
    level: float

    @property
    def passed(self) -> bool:
        """Whether nothing speaks against the standard deviations."""
        return self.statistic <= self.critical or self.freedom == 0


@frozen(eq=False)
class Suspect:
    """A measurement that the others contradict."""

    variable: int
    score: float  # |z|
    critical: float
    alike: tuple[int, ...]  # measurements with practically the same score: one of them is wrong, the equations cannot say which
    left: GlobalTest  # the global test without it
    without: float  # what the others say of it; NaN where they say nothing


def global_test(solution: Solution, level: float) -> GlobalTest:
    """The chi-square test of a solution.

    Args:
        solution: the reconciled system.
        level: probability of a false alarm, for example 0.05.
    """
    if solution.freedom == 0:
        return GlobalTest(solution.cost, 0, 0.0, 1.0, level)
    statistic, freedom = max(solution.cost, 0.0), solution.freedom
    return GlobalTest(statistic, freedom, float(chdtri(freedom, level)), float(chdtrc(freedom, statistic)), level)


def critical_score(solution: Solution, level: float) -> float:
    """Largest |z| that passes, for so many tests at once."""
    tests = max(int(np.isfinite(solution.score).sum()), 1)
    each = 1.0 - (1.0 - level) ** (1.0 / tests)
    return float(ndtri(1.0 - each / 2.0))


def suspects(system: System, solution: Solution, level: float, most: int) -> tuple[Suspect, ...]:
    """Measurements that the others contradict, one after another, the worst first.

    Args:
        system: what was reconciled.
        solution: its solution.
        level: probability of a false alarm in one round of tests.
        most: how many at most.
    """
    found: list[Suspect] = []
    for _ in range(most):
        worst = _worst(solution, level)
        if worst is None:
            break
        system = system.without(worst)
        after = solve(system, solution)
        left = global_test(after, level)
        score = float(abs(solution.score[worst]))
        others = tuple(int(other) for other in _alike(solution, worst))
        found.append(Suspect(worst, score, critical_score(solution, level), others, left, float(after.x[worst])))
        solution = after
    return tuple(found)


def _worst(solution: Solution, level: float) -> int | None:
    """The measurement with the largest |z|, if it passes the quantile."""
    size = np.abs(np.nan_to_num(solution.score))
    if len(size) == 0 or size.max() <= critical_score(solution, level):
        return None
    return int(np.flatnonzero(size >= (1.0 - _EVEN) * size.max())[0])


def _alike(solution: Solution, worst: int) -> Ints:
    size = np.abs(solution.score)
    same = np.flatnonzero(np.abs(size - size[worst]) <= _ALIKE * size[worst])
    others: Ints = same[same != worst]
    return others
