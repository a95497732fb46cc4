"""From a region to its network: links, matches, the plan."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from attrs import evolve

from sivuvirta.domain.links import Links
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.plans import Plan, PlanOptions
from sivuvirta.domain.pooling import PoolingOptions
from sivuvirta.domain.region import Region
from sivuvirta.errors import OptionError
from sivuvirta.ledger.reference import reference
from sivuvirta.links import build
from sivuvirta.lp.watch import Watch
from sivuvirta.match.chains import with_chains
from sivuvirta.match.judge import match as judge
from sivuvirta.plan.solve import solve
from sivuvirta.pooling.region import solve as pooled
from sivuvirta.verbs.sources import Source, changed, load, under


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


def plan(
    source: Source,
    options: PlanOptions | None = None,
    *,
    steps: int | None = None,
    on: str | None = None,
    watch: Watch | None = None,
    **changes: Any,
) -> Plan:
    """Find the region's best network, on proven evidence and with what is potential added.

    Args:
        source: a region by name, path or record, its links, or its matches.
        options: what is asked for.
        steps: most plants that a route may pass, as in `match`; without it those of the matches given, else one.
        on: the day whose law is applied, as in `match`.
        watch: who looks on while it is solved and may stop it; stopped, the plan is the best one so far with its proven gap.
        changes: single options by name, for example `objective="co2"` or `budget=10e6`.

    Raises:
        InfeasibleError: no plan meets all requirements; it names those that conflict.
        OptionError: an option does not exist or cannot have that value.
    """
    chosen = changed(options or PlanOptions(), changes, "plan")
    judged = _judged(source, on)
    matches = judged if steps is None else with_chains(judged, steps)
    asked = priced(chosen, matches.links.region)
    if asked.pooling == "exact":
        return pooled(matches, reference(matches.links), asked, PoolingOptions(gap=asked.gap, time_limit=asked.time_limit)).plan
    return solve(matches, reference(matches.links), asked, watch)


def priced(options: PlanOptions, region: Region) -> PlanOptions:
    """Options with the carbon price of the vintage, where the user counts no carbon and the register has one."""
    table = region.table("vintages")
    if options.carbon_price or options.weights.get("co2") or region.vintage not in table.index:
        return options
    price = float(table["carbon_price"][table.index[region.vintage]])
    return evolve(options, carbon_price=price) if price > 0 else options


def _judged(source: Source, on: str | None) -> Matches:
    """Matches at hand, or judged under the law of a day."""
    if isinstance(source, Matches) and on is None:
        return source
    found = source.links if isinstance(source, Matches) else source if isinstance(source, Links) else links(source)
    return judge(under(found, on))
