"""What would change the network: which missing test, which absent technology."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from attrs import evolve

from sivuvirta import library
from sivuvirta.domain.gaps import Gaps
from sivuvirta.domain.links import Links
from sivuvirta.domain.matches import Chains
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.domain.prospects import LabOrders
from sivuvirta.domain.region import Region
from sivuvirta.match.laboratory import lab_tests
from sivuvirta.prospects import gaps as find_gaps
from sivuvirta.prospects import tests as value_tests
from sivuvirta.prospects.standing import standing
from sivuvirta.verbs import blind
from sivuvirta.verbs.network import match
from sivuvirta.verbs.sources import Source, opened, under


def unknowns(
    source: Source,
    top: int | None = 20,
    options: PlanOptions | None = None,
    tell: Callable[[str], None] | None = None,
    *,
    on: str | None = None,
) -> LabOrders:
    """Find which missing test or decision is worth most: what the best network gains if it turns out well.

    Args:
        source: a region by name, path or record, its links, or its matches; routes of several steps are left out.
        top: how many of the best must be exact; the others have a bound where it shows that they are not among them. None: all.
        options: of the plan; the objective is always value.
        tell: hears how far the work has come.
        on: the day whose law is applied, as in `match`.

    Returns:
        Tests, decisions, and sets of them that one route needs together, the worthiest first.
    """
    known = lab_tests(library.catalogue()["tests"].columns)
    judged = evolve(match(source, on=on), chains=Chains.none())
    return blind.orders(value_tests(judged, options, known, top, tell or _unheard))


def gaps(
    source: str | Path | Region | Links,
    options: PlanOptions | None = None,
    sites: int = 4,
    tell: Callable[[str], None] | None = None,
    *,
    on: str | None = None,
    today: bool = False,
) -> Gaps:
    """Find which technology, at which site, absent today, would unlock most euros, tonnes and emissions, and which streams feed it.

    Args:
        source: a region by name, path or record, or its links.
        options: of the plan; the objective is always value.
        sites: how many sites of a technology are worked out at most.
        tell: hears how far the work has come.
        on: the day whose law is applied, as in `match`.
        today: count from what stands today: candidate plants of the register are left out, and found like any other technology. Else
            they may be built before anything else is.

    Returns:
        Technologies at their best sites, and streams and needs for which none is known.
    """
    known = under(source, on) if isinstance(source, Links) else opened(source, on)
    if today:
        known = standing(known.region if isinstance(known, Links) else known)
    return blind.gaps(find_gaps(known, options, sites, tell or _unheard))


def _unheard(_: str) -> None:
    """Nobody listens."""
