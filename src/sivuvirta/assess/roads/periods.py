"""Parts of the year: which months and days they have, and how much of each flow moves in them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen

from sivuvirta.assess.roads.steps import directions, steps
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import Floats
from sivuvirta.domain.pathways import Course, Pathway
from sivuvirta.domain.region import Region
from sivuvirta.domain.traffic import REFERENCE, Driven
from sivuvirta.errors import OptionError
from sivuvirta.links.seasons import calendar, profiles
from sivuvirta.units.months import ALL_YEAR, months

DAYS = np.array([31.0, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
"""Days of the months of a year that is no leap year."""


@frozen
class Part:
    """A part of a year."""

    name: str  # "" for the whole
    months: int  # as bits
    days: float  # on which vehicles run


def parts(region: Region, by: str) -> tuple[Part, ...]:
    """The year as a whole, its seasons as table `seasons` has them, or its months.

    Raises:
        OptionError: the region has no seasons.
    """
    if by == "month":
        return tuple(Part(str(month + 1), 1 << month, float(DAYS[month])) for month in range(12))
    if by == "year":
        return (Part("", ALL_YEAR, float(DAYS.sum())),)
    table = region.table("seasons")
    if not len(table):
        raise OptionError(
            f"'{region.name}' has no seasons. Add rows to its table 'seasons', for example winter with months 11-3, or ask by month."
        )
    found = []
    for row in table.rows():
        days = row["days"] if row["days"] is not None else float(calendar(row["months"]) @ DAYS)
        found.append(Part(str(row["season"]), months(row["months"]), float(days)))
    return tuple(found)


def month_shares(ledger: Ledger, even: Floats) -> Floats:
    """Share of each flow of a year that moves in each month.

    What goes to a need moves when the need takes it, what leaves a stream for elsewhere when it arises, the rest evenly. A plan over one
    year does not say more: it holds no stock, and what lies between a season that gives and one that takes is not seen.

    Args:
        ledger: of a year.
        even: share of each month where no season is known, shape (12,).

    Returns:
        Shape (flows, 12); each row sums to 1.
    """
    links = ledger.links
    by_node = {name: np.tile(even, (len(links.nodes.id), 1)) for name in ("streams", "needs")}
    for name, nodes in (("streams", links.supply.node), ("needs", links.demand.amounts.node)):
        found = profiles(links.region, name)
        seasonal = ~np.isclose(found, 1 / len(even)).all(axis=1)
        by_node[name][nodes[seasonal]] = found[seasonal]
    origin, destination = links.arcs.origin[ledger.arc], links.arcs.destination[ledger.arc]
    taken = by_node["needs"][destination]
    return np.where((taken != even).any(axis=1)[:, None], taken, by_node["streams"][origin])


def of_year(ledger: Ledger, state: str, by: str) -> tuple[Driven, ...]:
    """A year's ledger by parts of the year."""
    way = steps(ledger)
    forward = directions(ledger, way)
    region = ledger.links.region
    shares = month_shares(ledger, DAYS / DAYS.sum())
    found = []
    for part in parts(region, by):
        share = shares @ _bits(part.months) if part.name else np.ones(len(ledger))
        found.append(
            Driven(
                state=state,
                period=part.name,
                year=region.year,
                days=part.days,
                months=part.months,
                ledger=ledger,
                share=share,
                steps=way,
                forward=forward,
            )
        )
    return tuple(found)


def of_pathway(pathway: Pathway, by: str) -> tuple[Driven, ...]:
    """The reference and both courses of a plan over years, by year, or by the periods of its horizon.

    Raises:
        OptionError: by month; the horizon's periods are the finest there is.
    """
    if by == "month":
        raise OptionError("A plan over years knows no months, only the periods of its horizon: ask by year or by season.")
    yearly = by == "year"
    told = [(REFERENCE, _references(pathway, yearly=yearly))]
    told += [(name, _course(pathway, course, yearly=yearly)) for name, course in _courses(pathway)]
    return tuple(_states(told))


def _courses(pathway: Pathway) -> Iterator[tuple[str, Course]]:
    if pathway.options.evidence != "potential":
        yield "proven", pathway.proven
    yield "potential", pathway.potential


_Told = list[tuple[str, int, int, Ledger, Floats | None]]  # name, year, months, ledger, share of the months if it is a year's


def _references(pathway: Pathway, *, yearly: bool) -> _Told:
    years = dict(zip(pathway.years, pathway.references, strict=True))
    if yearly:
        return [(str(year), year, ALL_YEAR, ledger, None) for year, ledger in years.items()]
    even = np.full(12, 1 / 12)  # as the plan spreads them
    shares = {year: month_shares(ledger, even) for year, ledger in years.items()}
    return [(each.name, each.year, months(each.months), years[each.year], shares[each.year]) for each in pathway.horizon.periods]


def _course(pathway: Pathway, course: Course, *, yearly: bool) -> _Told:
    if yearly:
        return [(str(year), year, ALL_YEAR, ledger, None) for year, ledger in zip(pathway.years, course.years, strict=True)]
    return [
        (each.name, each.year, months(each.months), ledger, None)
        for each, ledger in zip(pathway.horizon.periods, course.ledgers, strict=True)
    ]


def _states(told: list[tuple[str, _Told]]) -> Iterator[Driven]:
    for state, rows in told:
        for name, year, bits, ledger, shares in rows:
            way = steps(ledger)
            yield Driven(
                state=state,
                period=name,
                year=year,
                days=float(_bits(bits) @ DAYS),
                months=bits,
                ledger=ledger,
                share=np.ones(len(ledger)) if shares is None else shares @ _bits(bits),
                steps=way,
                forward=directions(ledger, way),
            )


def _bits(bits: int) -> Floats:
    return np.array([float(bits >> month & 1) for month in range(12)])
