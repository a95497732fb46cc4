"""From a region to its network: links, matches, the plan, and what would change it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from attrs import evolve

from sivuvirta import library
from sivuvirta.domain.gaps import Gaps
from sivuvirta.domain.links import Links
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.plans import Plan, PlanOptions
from sivuvirta.domain.prospects import LabOrders
from sivuvirta.domain.region import Region
from sivuvirta.domain.screenings import Screening
from sivuvirta.errors import OptionError
from sivuvirta.ledger.reference import reference
from sivuvirta.links import build
from sivuvirta.match.chains import with_chains
from sivuvirta.match.judge import match as judge
from sivuvirta.match.laboratory import lab_tests
from sivuvirta.plan.solve import solve
from sivuvirta.prospects import gaps as find_gaps
from sivuvirta.prospects import tests as value_tests
from sivuvirta.prospects.standing import standing
from sivuvirta.verbs.sources import Source, changed, dated, load


def links(source: str | Path | Region, radius_km: float | None = None) -> Links:
    """Candidate arcs of a region with way, cost, emission and trips per unit sent.

    Args:
        source: a region by name, path or record.
        radius_km: great circle within which streams, plants and needs are joined; None for any distance.

    Raises:
        CheckError: the data have problems.
        OptionError: the radius is not above 0.
    """
    return build(source if isinstance(source, Region) else load(source), radius_km)


def match(source: Source, steps: int = 1, *, on: str | None = None) -> Matches:
    """Judge every route from a stream to a need, direct or through one plant, and find those through several.

    Args:
        source: a region by name, path or record, its links, or its matches.
        steps: most plants that a route may pass. Of routes through two and more the best of each stream and need is found, and the next
            best through other plants.
        on: the day whose law is applied (limits, rules, legal paths, permits), for example "2017-06-30"; without it the last of the year
            shown.

    Returns:
        All routes with verdict, gain, netback and carbon, those that fail included; routes of several steps in `chains`.

    Raises:
        OptionError: a route has one step at least, or `on` is no date.
    """
    if steps < 1:
        raise OptionError(f"A route has one step at least, not {steps}.")
    found = _judged(source, on)
    return with_chains(found, steps) if steps > 1 else found


def screen(
    source: str | Path | Region, radius_km: float | None = 50.0, streams: Sequence[str] | None = None, *, on: str | None = None
) -> Screening:
    """Judge every direct pair of a stream and a need that share a class and lie near one another, fast enough for large registers.

    It says what `match` says of direct routes, but solves no blends and computes no money. The first call compiles, some seconds.

    Args:
        source: a region by name, path or record.
        radius_km: how far apart the two may lie, km of great circle; None for any distance.
        streams: ids of the streams to judge; all where none is given.
        on: the day whose law is applied, as in `match`.

    Raises:
        CheckError: the data have problems.
        OptionError: the radius is not above 0, or `on` is no date.
        UnknownNameError: there is no such stream.
    """
    from sivuvirta.match import market  # noqa: PLC0415 - loads the compiler, which no other verb needs

    return market.screen(market.prepare(_region(source, on), radius_km), streams)


def plan(source: Source, options: PlanOptions | None = None, *, on: str | None = None, **changes: Any) -> Plan:
    """Find the region's best network, on proven evidence and with what is potential added.

    Args:
        source: a region by name, path or record, its links, or its matches.
        options: what is asked for.
        on: the day whose law is applied, as in `match`.
        changes: single options by name, for example `objective="co2"` or `budget=10e6`.

    Raises:
        InfeasibleError: no plan meets all requirements; it names those that conflict.
        OptionError: an option does not exist or cannot have that value.
    """
    chosen = changed(options or PlanOptions(), changes, "plan")
    matches = match(source, on=on)
    return solve(matches, reference(matches.links), chosen)


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
        source: a region by name, path or record, its links, or its matches.
        top: how many of the best must be exact; the others have a bound where it shows that they are not among them. None: all.
        options: of the plan; the objective is always value.
        tell: hears how far the work has come.
        on: the day whose law is applied, as in `match`.

    Returns:
        Tests, decisions, and sets of them that one route needs together, the worthiest first.
    """
    known = lab_tests(library.catalogue()["tests"].columns)
    return value_tests(match(source, on=on), options, known, top, tell or _unheard)


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
    known = _under(source, on) if isinstance(source, Links) else _region(source, on)
    if today:
        known = standing(known.region if isinstance(known, Links) else known)
    return find_gaps(known, options, sites, tell or _unheard)


def _judged(source: Source, on: str | None) -> Matches:
    """Matches at hand, or judged under the law of a day."""
    if isinstance(source, Matches) and on is None:
        return source
    found = source.links if isinstance(source, Matches) else source if isinstance(source, Links) else links(source)
    return judge(_under(found, on))


def _under(found: Links, on: str | None) -> Links:
    """Links under the law of a day; as they are where none is asked for."""
    return found if on is None else evolve(found, region=dated(found.region, on))


def _region(source: str | Path | Region, on: str | None) -> Region:
    """A region under the law of a day; as it is where none is asked for."""
    found = source if isinstance(source, Region) else load(source)
    return found if on is None else dated(found, on)


def _unheard(_: str) -> None:
    """Nobody listens."""
