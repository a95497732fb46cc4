"""Times: the years of a horizon, what holds in each, what a euro of it counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import Any

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import Floats
from sivuvirta.domain.pathways import Horizon, Period
from sivuvirta.errors import OptionError
from sivuvirta.links.seasons import calendar
from sivuvirta.units.months import is_season

MONTHS = 12

_OF_YEAR = (
    *("years", "vintage", "scenario", "budget", "co2_limit", "disposal_limit"),
    *("virgin_limit", "traffic_limit", "jobs_least", "carbon_price"),
)


@frozen
class Year:
    """One year of a horizon, with what any of its periods says of it."""

    year: int
    years: float  # that it stands for
    periods: tuple[Period, ...]
    first: int  # position of its first period in the horizon
    vintage: str | None
    scenario: str | None
    budget: float | None
    co2_limit: float | None
    disposal_limit: float | None
    virgin_limit: float | None
    traffic_limit: float | None
    jobs_least: float | None
    carbon_price: float | None


def years_of(horizon: Horizon) -> tuple[Year, ...]:
    """The years of a horizon in order; a year that does not say how many it stands for reaches to the next one, the last is one.

    Raises:
        OptionError: the horizon has no period, its years are out of order or overlap, the periods of a year do not cover its months once
            each, or they disagree on the year; it says all of it.
    """
    groups = [(year, tuple(parts)) for year, parts in groupby(horizon.periods, key=lambda period: period.year)]
    problems = list(_problems(groups))
    if problems:
        raise OptionError(f"Horizon '{horizon.name}' cannot be planned: {'; '.join(problems)}.")
    starts = np.cumsum([0, *(len(parts) for _, parts in groups)])
    following = [year for year, _ in groups[1:]] + [groups[-1][0] + 1]
    return tuple(
        _year(parts, int(first), float(after - year)) for (year, parts), first, after in zip(groups, starts[:-1], following, strict=True)
    )


def _year(parts: tuple[Period, ...], first: int, reach: float) -> Year:
    said: dict[str, Any] = {name: _said(parts, name) for name in _OF_YEAR}
    return Year(year=parts[0].year, periods=parts, first=first, **{**said, "years": said["years"] or reach})


def _said(parts: Sequence[Period], name: str) -> Any:
    """What any period says of its year, None where none does."""
    return next((value for part in parts if (value := getattr(part, name)) is not None), None)


def _problems(groups: Sequence[tuple[int, tuple[Period, ...]]]) -> Iterator[str]:
    if not groups:
        yield "it has no period"
    for (year, parts), (after, _) in pairwise(groups):
        reach = _said(parts, "years")
        if after <= year:
            yield f"{after} comes after {year}; put the years in order, the periods of a year together"
        elif reach is not None and year + reach > after:
            yield f"{year} stands for {reach:g} years, and {after} comes before they are over"
    for year, parts in groups:
        yield from _of_year(year, parts)


def _of_year(year: int, parts: tuple[Period, ...]) -> Iterator[str]:
    names = [part.period for part in parts]
    if len(set(names)) < len(names):
        yield f"{year} has two periods of one name; give each its own"
    wrong = [part for part in parts if part.months is not None and not is_season(part.months)]
    yield from (f"'{part.months}' in {part.name} names no months; write them by number, for example 5-9" for part in wrong)
    if not wrong:
        covered = np.sum([calendar(part.months) for part in parts], axis=0)
        yield from _said_of(year, "no period has month", covered == 0)
        yield from _said_of(year, "several periods have month", covered > 1)
    for name in _OF_YEAR:
        values = {getattr(part, name) for part in parts} - {None}
        if len(values) > 1:
            yield f"the periods of {year} say {' and '.join(sorted(map(str, values)))} of '{name}'; say it once"
    if any(part.years is not None and part.years < 1 for part in parts):
        yield f"{year} stands for less than one year"


def _said_of(year: int, words: str, which: np.ndarray) -> Iterator[str]:
    months = np.flatnonzero(which) + 1
    if len(months):
        yield f"in {year} {words} {', '.join(map(str, months))}"


def begins(years: Sequence[Year]) -> Floats:
    """Months from the start of the horizon to the start of each period, shape (periods,). Periods of a year follow one another."""
    found = []
    for year in years:
        lengths = [calendar(part.months).sum() for part in year.periods]
        found += [(year.year - years[0].year) * MONTHS + before for before in np.cumsum([0, *lengths[:-1]])]
    return np.array(found, dtype=float)


def discount(years: Sequence[Year], rate: Callable[[int], float]) -> Floats:
    r"""What one euro a year counts for in each year, discounted to the first.

    .. math:: W_t = \sum_{k=0}^{n_t - 1} (1 + r_t)^{-(t - t_0 + k)}

    Args:
        years: n is the number of years that each stands for; a broken one counts for its part.
        rate: real rate of the year's vintage by position, 0.05 for 5 %.

    Returns:
        Shape (years,).
    """
    found = []
    for position, year in enumerate(years):
        offset, whole = year.year - years[0].year, int(np.floor(year.years))
        times = np.append(np.ones(whole), year.years - whole)
        found.append(float(times @ (1.0 + rate(position)) ** -(offset + np.arange(whole + 1.0))))
    return np.array(found)
