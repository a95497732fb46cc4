"""What could be reached where a limit that was asked for cannot be kept."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from attrs import asdict, evolve, frozen

from sivuvirta import verbs
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.plans import Network, PlanOptions
from sivuvirta.errors import InfeasibleError, SolverError
from sivuvirta.report.words import figure

_KG = 1000.0  # per tonne


@frozen(kw_only=True)
class _Limit:
    """A limit that can be given by option."""

    option: str  # as it is typed
    unit: str
    opening: str  # a part of the requirement in words, by which it is known among others
    objective: str | None  # that finds the least; None where no objective does
    amount: Callable[[Network], float]  # what the limit holds down, in its unit


_LIMITS = {
    "co2_limit": _Limit(
        option="--co2-limit",
        unit="t CO2e/a",
        opening="emissions may be at most",
        objective="co2",
        amount=lambda network: network.objective / _KG,
    ),
    "disposal_limit": _Limit(
        option="--disposal-limit",
        unit="t/a",
        opening="t/a may go to landfill, stock and other disposal",
        objective="diversion",
        amount=lambda network: network.objective,
    ),
    "budget": _Limit(
        option="--budget",
        unit="EUR",
        opening="investment may be at most",
        objective=None,
        amount=lambda network: network.ledger.invested,
    ),
}


@frozen
class Reached:
    """What a plan reaches without a limit that was given; unknown amounts are None."""

    option: str
    unit: str
    asked: float
    least: bool  # no plan can have less; else only what the plan of the same objective has
    proven: float | None
    potential: float | None

    def text(self) -> str:
        """In a sentence, rounded up so that what is printed can be asked for."""
        asked = f"you asked for {figure(self.asked, self.unit).full}."
        if self.proven is None or self.potential is None:
            return f"Without {self.option} no plan was found either; {asked}"
        proven, potential = (figure(_up(value), self.unit).full for value in (self.proven, self.potential))
        if self.least:
            return f"{self.option}: least that can be reached: {proven} on proven evidence, {potential} with potential; {asked}"
        return f"Without {self.option} the plan needs {proven} on proven evidence, {potential} with potential; {asked}"

    def row(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


class LimitError(InfeasibleError):
    """No plan meets the limits that were given; `reached` says what one could."""

    def __init__(self, error: InfeasibleError, limits: Sequence[str], reached: Sequence[Reached]) -> None:
        super().__init__(error.conflicts, error.advice)
        self.limits, self.reached = tuple(limits), tuple(reached)

    def given(self, text: str) -> bool:
        """Whether a requirement is a limit that was given by option."""
        return any(_LIMITS[name].opening in text for name in self.limits)


def explained(error: InfeasibleError, matches: Matches, options: PlanOptions) -> InfeasibleError:
    """The error with what could be reached, if a limit that was given is among what conflicts; else as it is."""
    limits = [
        name
        for name, limit in _LIMITS.items()
        if getattr(options, name) is not None and any(limit.opening in text for text in error.conflicts)
    ]
    if not limits:
        return error
    return LimitError(error, limits, [_reached(name, matches, options) for name in limits])


def _reached(name: str, matches: Matches, options: PlanOptions) -> Reached:
    """What the best plan without one limit has of it, the other limits kept."""
    limit = _LIMITS[name]
    least = limit.objective is not None
    asked = float(getattr(options, name))
    changes: dict[str, Any] = {name: None, "objective": limit.objective or options.objective}
    try:
        plan = verbs.plan(matches, evolve(options, **changes))
    except (InfeasibleError, SolverError):
        return Reached(limit.option, limit.unit, asked, least, None, None)
    return Reached(limit.option, limit.unit, asked, least, limit.amount(plan.proven), limit.amount(plan.potential))


def _up(value: float) -> float:
    step = 1.0 if abs(value) >= 1000 else 0.01  # as `figure` prints it
    return math.ceil(value / step - 1e-6) * step
