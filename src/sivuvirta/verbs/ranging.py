"""Ranges of what is measured: every figure of a plan or a ledger under many draws of what is not known well."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import evolve, fields

from sivuvirta.assess.circularity.computing import indicators
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import Links
from sivuvirta.domain.plans import Plan
from sivuvirta.domain.ranges import GRADED_FIGURES, HELD_FIGURES, QUOTED, TONNES_MEASURED, Ranges, RangesOptions
from sivuvirta.errors import OptionError
from sivuvirta.futures.measured.running import Asked
from sivuvirta.futures.measured.running import ranges as measured
from sivuvirta.ledger.reference import reference
from sivuvirta.verbs.economies import net_posts
from sivuvirta.verbs.network import plan
from sivuvirta.verbs.sources import Source

_TODAY = "today"


def ranges(
    source: Source | Plan | Ledger, tell: Callable[[str], None] | None = None, stop: Callable[[], bool] | None = None, **changes: Any
) -> Ranges:
    """Draw everything that has a range many times, and give every figure of a plan its mean and its 5 and 95 % points.

    The network stays as it is planned, in proportion to what streams really give off; reference and plan share every draw.

    Args:
        source: a plan, a ledger, or a region by name, path or record, which is planned first.
        tell: hears how far the work has come.
        stop: asked between draws; where it says True, the ranges are those of the draws done so far.
        changes: single options by name: `draws=1000`, `seed=1`, `sobol=0` (points of each input's own sample, a power of two, with which
            the range of the figures `of` is shared out among the inputs); others are options of the plan.

    Returns:
        Figures with mean and range, alarms where the range of a benefit includes zero, and which input to measure first.

    Raises:
        InfeasibleError: a region has no plan.
        MissingExtraError: ranges are to be shared out, and SALib is not there.
        OptionError: an option does not exist or cannot have that value.
    """
    options, rest = _options(changes)
    if isinstance(source, (Plan, Ledger)) and rest:
        raise OptionError(f"There is no option {', '.join(map(repr, rest))}. There are: {', '.join(_names())}.")
    if isinstance(source, Ledger):
        name = _TODAY if source.status == "reference" else source.name
        return _measured(source.links, {name: source}, reference(source.links), options, (tell, stop))
    planned = source if isinstance(source, Plan) else plan(source, **rest)
    networks = {"proven": planned.proven.ledger, "potential": planned.potential.ledger}
    return _measured(planned.links, networks, planned.compared, options, (tell, stop))


def _measured(
    links: Links,
    planned: dict[str, Ledger],
    today: Ledger | None,
    options: RangesOptions,
    hear: tuple[Callable[[str], None] | None, Callable[[], bool] | None],
) -> Ranges:
    found = indicators(links.region, today, tuple(planned.items()))
    drawn = measured(Asked(links, planned, today, found.items), options, *hear)
    last = next(reversed(planned.values()))
    return evolve(
        drawn,
        notes=(*drawn.notes, GRADED_FIGURES if links.region.graded else HELD_FIGURES, QUOTED, TONNES_MEASURED, net_posts(last, today)),
    )


def _names() -> list[str]:
    return [each.name for each in fields(RangesOptions)]


def _options(changes: dict[str, Any]) -> tuple[RangesOptions, dict[str, Any]]:
    """Options of the draws, and those that are left for the plan."""
    own = {name: value for name, value in changes.items() if name in _names()}
    rest = {name: value for name, value in changes.items() if name not in own}
    try:
        return evolve(RangesOptions(), **own), rest
    except TypeError as error:
        raise OptionError(f"An option cannot have that value: {error.args[0]}.") from error
