"""Stages: the program of each period of a horizon, made alone from the matches of its year."""

from __future__ import annotations

import numpy as np
from attrs import evolve, frozen

from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.links import ArcKind, Floats, Links, Works
from sivuvirta.domain.matches import Cause, Matches
from sivuvirta.domain.pathways import PathwayOptions, Period
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.domain.region import Region
from sivuvirta.domain.table import Table
from sivuvirta.links.seasons import calendar, part_of_year
from sivuvirta.lp.program import Part
from sivuvirta.plan.horizon.times import MONTHS, Year
from sivuvirta.plan.program.families import program
from sivuvirta.plan.program.setting import Setting

OUTLETS = (ArcKind.FATE, ArcKind.RESIDUE)
"""Arcs whose stated most is one of the whole year."""


NOWHERE = Part("", 0, 0, 0, 0)
"""Part of a program that is not in the whole yet."""


@frozen(eq=False)
class Stage:
    """The program of one period: its own columns and rows, and where they are in the whole."""

    period: Period
    year: int  # position of its year
    share: float  # Delta, part of the year
    supply: Floats  # q, units in the period, shape (streams,)
    links: Links  # of the period, with the year's own mosts
    at: Setting
    part: Part = NOWHERE


def stage(year: Year, number: int, options: PathwayOptions, given: tuple[Period, Matches, Floats]) -> Stage:
    """The program of one period, before it is joined to others.

    Flows are those of the period; supply, demand and today's outlets by their season, what plants and ways can do by the length of the
    period. What holds for the whole year (outlets, contracts, permits, minima, investment, limits) is left to rows over its periods.

    Args:
        year: its year.
        number: position of the year.
        options: what is asked for.
        given: the period; its matches, in which a route that cannot carry yet fails; what stocks may give in it, by stream, shape
            (streams,).
    """
    period, matches, stocked = given
    when = calendar(period.months)
    share = float(when.sum() / MONTHS)
    seasonal = part_of_year(matches.links, when)
    supply = np.nan_to_num(seasonal.supply.value)
    reach = evolve(_bounded(seasonal, share), supply=evolve(seasonal.supply, value=supply + stocked))
    asked = PlanOptions(
        objective=options.objective,
        weights=options.weights,
        carbon_price=price(year, options),
        road_limit=options.road_limit,
        changes=options.changes,
    )
    open_to_any = evolve(matches.routes, lawful=np.full(len(matches.routes), np.inf))
    at = program(evolve(matches, links=reach, routes=open_to_any), asked)
    at.lp.bound("supply", supply, supply)
    return Stage(period, number, share, supply, seasonal, at)


def price(year: Year, options: PathwayOptions) -> float:
    """Price of carbon in a year, EUR/t CO2e."""
    return options.carbon_price if year.carbon_price is None else year.carbon_price


def waiting(matches: Matches, months: Floats, begin: float) -> Matches:
    """Matches in which routes fail whose answer of the law comes after a period has begun.

    Args:
        matches: of the year.
        months: legal lead time of each route from the start of the horizon, shape (routes,).
        begin: months from the start of the horizon to that of the period.
    """
    late = months > begin
    if not late.any():
        return matches
    verdict = np.where(late, np.int8(Verdict.FAIL), matches.routes.verdict).astype(np.int8)
    return evolve(matches, routes=evolve(matches.routes, verdict=verdict))


def settled(matches: Matches, year: Year) -> Matches:
    """Matches in which a season no longer speaks against a route, where the year has several periods: these say what arises when.

    Only where nothing else made it likely: a route that meets some limit by its blend alone is `blend` then, any other `pass`.
    """
    routes, specs = matches.routes, matches.specs
    seasonal = (routes.cause == Cause.SEASON) & (routes.verdict == Verdict.LIKELY)
    if len(year.periods) == 1 or not seasonal.any():
        return matches
    breaks = np.zeros(len(routes), dtype=bool)
    breaks[specs.route[specs.coefficient > 0]] = True
    verdict = np.where(seasonal, np.where(breaks, np.int8(Verdict.BLEND), np.int8(Verdict.PASS)), routes.verdict).astype(np.int8)
    return evolve(matches, routes=evolve(routes, verdict=verdict))


def _bounded(links: Links, share: float) -> Links:
    """Links with what can be done in a part of the year; ways cost for the parts in which they are used; the year's limits are not here."""
    arcs, demand = links.arcs, links.demand
    yearly = np.isin(arcs.kind, OUTLETS)
    return evolve(
        links,
        region=_region(links.region, share),
        arcs=evolve(arcs, capacity=np.where(yearly, np.inf, arcs.capacity * share)),
        works=_works(links.works, share),
        demand=evolve(demand, minimum=np.zeros(len(demand.minimum))),
        ways=evolve(links.ways, fixed=links.ways.fixed * share),
    )


def _works(works: Works, share: float) -> Works:
    """Plants that do their part of the year; candidates without a cost, which the year's investment bears."""
    none = np.zeros(len(works))
    return evolve(
        works,
        capacity=works.capacity * share,
        size_min=none,
        size_max=works.size_max * share,
        curve_capex=np.where(np.isnan(works.curve_capex), np.nan, 0.0),
        fixed=none,
        per_size=none,
    )


def _region(region: Region, share: float) -> Region:
    """Tables of a part of the year: ways and roads by its length, the rest by rows.

    The room of a road is of vehicles a day: those of a period, spread over a year, may fill its part of it.
    """
    fates, ways, contracts = (region.table(name) for name in ("fates", "links", "contracts"))
    permits, roads = region.table("permits"), region.table("roads")
    changed = {
        "permits": _with(permits, capacity=np.full(len(permits), np.nan)),
        "fates": _with(fates, capacity=np.full(len(fates), np.nan)),
        "links": _with(ways, capacity=ways["capacity"] * share),
        "contracts": _with(contracts, minimum=np.full(len(contracts), np.nan), maximum=np.full(len(contracts), np.nan)),
        "roads": _with(roads, threshold=roads["threshold"] * share, heavy_traffic=roads["heavy_traffic"] * share),
    }
    return evolve(region, tables={**region.tables, **changed})


def _with(table: Table, **columns: Floats) -> Table:
    return Table(table.name, table.key, {**table.columns, **columns})
