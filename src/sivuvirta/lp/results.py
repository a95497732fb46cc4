"""Results: how a program is to be solved, and what comes of it."""

from __future__ import annotations

import highspy
import numpy as np
from attrs import field, frozen, validators

from sivuvirta.lp.entries import Floats
from sivuvirta.lp.watch import Watch

METHODS = ("auto", "simplex", "ipm", "hipo", "near", "guided")

NO_LIMIT = 2**31 - 1  # iterations
OPTIMAL = (highspy.HighsModelStatus.kOptimal,)
STOPPED = (
    highspy.HighsModelStatus.kTimeLimit,
    highspy.HighsModelStatus.kIterationLimit,
    highspy.HighsModelStatus.kSolutionLimit,
    highspy.HighsModelStatus.kInterrupt,
)


@frozen(kw_only=True)
class SolveOptions:
    """How to solve."""

    method: str = field(default="auto", validator=validators.in_(METHODS))
    time_limit: float = 300.0  # seconds
    gap: float = 1e-4  # of the objective with its offset, at which a program with whole numbers is optimal
    threads: int = 0  # 0: as many as the solver likes
    watch: Watch | None = None  # who looks on, and may stop it


@frozen(eq=False)
class Result:
    """An answer, in the user's units."""

    status: str  # optimal | feasible | infeasible
    x: Floats  # value of each column
    activity: Floats  # value of each row
    duals: Floats  # objective per unit of a row's right-hand side; NaN where the program has whole numbers
    reduced: Floats  # reduced cost of each column; NaN where the program has whole numbers
    objective: float
    bound: float  # no answer can be below
    gap: float  # of the objective with its offset
    seconds: float
    method: str
    iterations: int

    @property
    def found(self) -> bool:
        """Whether there is an answer."""
        return self.status in {"optimal", "feasible"}


def nothing(seconds: float, method: str) -> Result:
    """No answer."""
    none = np.zeros(0)
    return Result("infeasible", none, none, none, none, np.inf, np.inf, np.inf, seconds, method, 0)
