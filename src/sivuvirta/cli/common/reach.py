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
from sivuvirta.ledger.reference import reference
from sivuvirta.plan.least import least_investment
from sivuvirta.report.words import figure

_KG = 1000.0  # per tonne


@frozen(kw_only=True)
class _Limit:
    """A limit that can be given by option."""

    option: str  # as it is typed
    unit: str
    opening: str  # a part of the requirement in words, by which it is known among others
    objective: str | None  # that finds the end; None where no objective does
    most: bool = False  # asked for at least, so that the most is looked for
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
    "virgin_limit": _Limit(
        option="--virgin-limit",
        unit="t/a",
        opening="t/a of primary product may be bought",
        objective="virgin",
        amount=lambda network: network.objective,
    ),
    "traffic_limit": _Limit(
        option="--traffic-limit",
        unit="km/a",
        opening="loaded vehicles may drive at most",
        objective="traffic",
        amount=lambda network: network.objective,
    ),
    "jobs_least": _Limit(
        option="--jobs-least",
        unit="posts",
        opening="plants must give at least",
        objective="jobs",
        most=True,
        amount=lambda network: -network.objective,
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
    least: bool  # no plan can have less; else none can have more
    proven: float | None
    potential: float | None

    def text(self) -> str:
        """In a sentence, rounded so that what is printed can be asked for."""
        asked = f"you asked for {figure(self.asked, self.unit).full}."
        if self.potential is None:
            return f"Without {self.option} no plan was found either; {asked}"
        found = ((self.proven, "on proven evidence"), (self.potential, "with potential"))
        told = ", ".join(
            f"{figure(_askable(value, most=not self.least), self.unit).full} {words}" for value, words in found if value is not None
        )
        return f"{self.option}: {'least' if self.least else 'most'} that can be reached: {told}; {asked}"

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
    """The end of what a plan can have of one limit, the other limits kept."""
    limit = _LIMITS[name]
    asked = float(getattr(options, name))
    try:
        proven, potential = _ends(name, limit, matches, options)
    except (InfeasibleError, SolverError):
        proven, potential = None, None
    return Reached(limit.option, limit.unit, asked, not limit.most, proven, potential)


def _ends(name: str, limit: _Limit, matches: Matches, options: PlanOptions) -> tuple[float | None, float]:
    """On proven evidence, None where nothing is planned on it, and with potential."""
    if limit.objective is None:
        return least_investment(matches, reference(matches.links), options)
    changes: dict[str, Any] = {name: None, "objective": limit.objective, "then": ()}
    plan = verbs.plan(matches, evolve(options, **changes))
    return None if options.evidence == "potential" else limit.amount(plan.proven), limit.amount(plan.potential)


def _askable(value: float, *, most: bool) -> float:
    """Rounded down where it is the most, up where it is the least."""
    step = 1.0 if abs(value) >= 1000 else 0.01  # as `figure` prints it
    whole = math.floor(value / step + 1e-6) if most else math.ceil(value / step - 1e-6)
    return whole * step
