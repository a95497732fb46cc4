"""Found: what a method hands back, before it is checked."""

from __future__ import annotations

from attrs import frozen

from sivuvirta.lp.entries import Floats


@frozen(eq=False)
class Found:
    """A point and a bound."""

    status: str  # optimal | feasible | infeasible | unknown
    w: Floats | None  # value of each column
    bound: float  # no answer can be below
    seconds: float
