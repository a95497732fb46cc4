"""What could be reached over a horizon where its limit of emissions cannot be kept."""

from __future__ import annotations

from attrs import evolve, frozen

from sivuvirta import verbs
from sivuvirta.assess import terms
from sivuvirta.cli.common.reach import LimitError, Reached
from sivuvirta.domain.pathways import Course, PathwayOptions
from sivuvirta.domain.region import Region
from sivuvirta.errors import InfeasibleError, SolverError
from sivuvirta.lp.watch import Watch

_KG = 1000.0  # per tonne
_OPENING = "emissions may be at most"
_WHOLE = "over the whole horizon"


@frozen
class _Kept(Reached):
    """Emissions that a course has; the least there are only where no stock is left with some."""

    exact: bool = True

    def text(self) -> str:
        """In a sentence that claims the least only where it is."""
        told = super().text()
        return told if self.exact else told.replace("least that can be reached", "can be reached")


def explained(error: InfeasibleError, of: tuple[Region, str | None], options: PathwayOptions, watch: Watch) -> InfeasibleError:
    """The error with the emissions of the course that has the fewest, if the limit of the whole horizon is among what conflicts.

    Args:
        error: what was told.
        of: region and horizon.
        options: that were asked for.
        watch: who may stop the search for what could be reached.
    """
    asked = options.co2_limit
    if asked is None or not any(_OPENING in text and _WHOLE in text for text in error.conflicts):
        return error
    try:
        found = verbs.pathway(*of, evolve(options, co2_limit=None, objective="co2"), watch=evolve(watch, tell=None))
    except (InfeasibleError, SolverError):
        return LimitError(error, ["co2_limit"], [Reached("--co2-limit", "t CO2e", asked, True, None, None)])
    least = not any(len(course.stocks) for course in (found.proven, found.potential))  # what stocks are left with counts beside the limit
    sure, more = (_emitted(course) for course in (found.proven, found.potential))
    return LimitError(error, ["co2_limit"], [_Kept("--co2-limit", "t CO2e", asked, True, sure, more, least)])


def _emitted(course: Course) -> float:
    """T CO2e over the horizon, less what the network displaces outside the region."""
    return sum(float(years) * terms.emissions(ledger) / _KG for years, ledger in zip(course.money["years"], course.years, strict=True))
