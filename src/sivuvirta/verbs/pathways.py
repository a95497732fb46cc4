"""From a region to its course over a horizon: each year's matches, its law, its reference, then the plan."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from attrs import evolve

from sivuvirta.domain.links import Floats
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.pathways import Horizon, HorizonYear, Pathway, PathwayOptions, Period
from sivuvirta.domain.region import Region
from sivuvirta.errors import OptionError, UnknownNameError
from sivuvirta.ledger.reference import reference
from sivuvirta.links import build
from sivuvirta.lp.watch import Watch
from sivuvirta.match.judge import match as judge
from sivuvirta.match.leads import leads
from sivuvirta.plan.horizon.solve import solve_horizon
from sivuvirta.plan.horizon.times import Year, years_of
from sivuvirta.verbs import blind
from sivuvirta.verbs.sources import changed, load

_DATED = ("limits", "rules", "legal_paths")  # tables of the law
_SAID = (
    *("months", "years", "vintage", "scenario", "budget", "co2_limit", "disposal_limit"),
    *("virgin_limit", "traffic_limit", "jobs_least", "carbon_price"),
)


def pathway(
    source: str | Path | Region,
    horizon: str | Horizon | Sequence[Period] | None = None,
    options: PathwayOptions | None = None,
    *,
    watch: Watch | None = None,
    **changes: Any,
) -> Pathway:
    """Find the region's best course over a horizon: what flows in each period, what is built when, what is stocked.

    Args:
        source: a region by name, path or record.
        horizon: a name in the region's table `periods`, or periods made in Python; None for the only one there is.
        options: what is asked for.
        watch: who looks on while it is solved and may stop it; stopped, each course is the best one so far with its proven gap.
        changes: single options by name, for example `budget=10e6`.

    Raises:
        CheckError: the data have problems.
        InfeasibleError: no course meets all requirements; it names those that conflict.
        OptionError: an option cannot have that value, or the horizon cannot be planned.
        UnknownNameError: the region has no such horizon, vintage or scenario.
    """
    chosen = changed(options or PathwayOptions(), changes, "pathway")
    region = source if isinstance(source, Region) else load(source)
    asked = _horizon(region, horizon)
    years = years_of(asked)
    known: dict[tuple[str | None, str | None], Region] = {}
    given = [_year(region, each, chosen, known) for each in years]
    found = solve_horizon(given, asked, chosen, region.name, watch)
    return blind.pathway(evolve(found, notes=(*_beyond(region, years), *found.notes)))


def _beyond(region: Region, years: Sequence[Year]) -> tuple[str, ...]:
    """Years that lie before what the region and the dated law tell of."""
    table = region.table("vintages")
    first = min(int(year) for year in table["year"].tolist())
    before = [year.year for year in years if year.year < first]
    if not before:
        return ()
    told = (
        f"{', '.join(map(str, before))}: before the first vintage of '{region.name}', {first}; amounts and prices are those of a later year"
    )
    dated = sorted({str(day) for name in _DATED for day in region.table(name)["valid_from"].tolist() if day})
    early = [year for year in before if dated and f"{year}-12-31" < dated[0]]
    if early:
        told += f", and no dated law reaches {', '.join(map(str, early))}: the first is of {dated[0]}, so nothing of it is applied"
    return (f"{told}.",)


def horizons(region: Region) -> dict[str, Horizon]:
    """The horizons of a region's table `periods`, by name."""
    table = region.table("periods")
    found: dict[str, list[Period]] = {}
    for row in table.rows():
        said = {name: row[name] for name in _SAID}
        found.setdefault(str(row["horizon"]), []).append(Period(year=int(row["year"]), period=row["period"] or "", **said))
    return {name: Horizon(name, periods) for name, periods in found.items()}


def _horizon(region: Region, horizon: str | Horizon | Sequence[Period] | None) -> Horizon:
    if isinstance(horizon, Horizon):
        return horizon
    if horizon is not None and not isinstance(horizon, str):
        return Horizon("periods", tuple(horizon))
    known = horizons(region)
    if horizon is None and len(known) == 1:
        return next(iter(known.values()))
    if horizon is None:
        listed = f"It has: {', '.join(known)}; name one." if known else "It has none; add rows to its table 'periods'."
        raise OptionError(f"Which horizon of '{region.name}' to plan over is not said. {listed}")
    if horizon not in known:
        listed = f"It has: {', '.join(known)}." if known else "It has none; add rows to its table 'periods'."
        raise UnknownNameError(f"'{region.name}' has no horizon '{horizon}'. {listed}")
    return known[horizon]


def _year(region: Region, year: Year, options: PathwayOptions, known: dict[tuple[str | None, str | None], Region]) -> HorizonYear:
    """A year of a horizon: the region under its scenarios, with the law, plants and contracts of the year."""
    key = year.vintage, year.scenario
    if key not in known:
        there = region if year.vintage is None else region.at(year.vintage)
        names = [part.strip() for part in (year.scenario or "").split(";") if part.strip()]
        known[key] = there.under(*names) if names else there
    matches = judge(build(known[key].in_year(year.year)))
    return HorizonYear(year.year, matches, reference(matches.links), _leads(matches, options))


def _leads(matches: Matches, options: PathwayOptions) -> Floats:
    if options.leads == "none":
        return np.zeros(len(matches.routes))
    low, high = leads(matches)
    return np.where(np.isnan(high), low, high) if options.leads == "high" else low
