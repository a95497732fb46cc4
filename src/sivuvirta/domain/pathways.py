"""Pathways: a plan over several periods, what is asked of it and what comes out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from attrs import field, frozen

from sivuvirta.domain.controls import Control
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import Floats
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.options import count_option, flag_option, number_option, word_option
from sivuvirta.domain.plans import EVIDENCE, METHODS, OBJECTIVES, Marginal, several_objectives, weighs

LEADS = ("high", "low", "none")
"""Which end of a legal lead time is waited for; none: routes carry at once."""

OF_ONE_YEAR = (
    "Name that year with `vintage` and `scenario`. Over years, plan twice: `pathway` as it is and with the plant or flow in question "
    "forbidden, fixed or built; the difference of both benefits is its price."
)
"""What to do instead, where somebody asks over years what is asked of one."""


@frozen(kw_only=True)
class Period:
    """A part of a horizon: a year, or some months of it. What is said of the year may stand in any of its periods.

    Raises:
        OptionError: a budget, limit or price has a value that it cannot have.
    """

    year: int
    period: str = ""  # name within the year, "" for the whole of it
    months: str | None = None  # by number, as a season, for example "5-9"; None for all twelve
    years: float | None = None  # that the year stands for, itself the first; None for those up to the next year of the horizon
    vintage: str | None = None  # whose amounts hold; None for that of the region
    scenario: str | None = None  # overlays of table `scenarios`, several with ";" between
    budget: float | None = field(default=None, validator=number_option("EUR", 0))  # of investment begun in the year at most
    co2_limit: float | None = field(default=None, validator=number_option("t CO2e/a"))
    disposal_limit: float | None = field(default=None, validator=number_option("t/a (dry)", 0))  # to landfill and stock
    virgin_limit: float | None = field(default=None, validator=number_option("t/a", 0))  # primary product bought at most
    traffic_limit: float | None = field(default=None, validator=number_option("km/a", 0))  # loaded vehicle-kilometres at most
    jobs_least: float | None = field(default=None, validator=number_option("posts", 0))  # posts at plants at least
    carbon_price: float | None = field(default=None, validator=number_option("EUR/t CO2e", 0))  # a shadow price

    @property
    def name(self) -> str:
        """Name in the whole horizon, for example "2030.summer"."""
        return f"{self.year}.{self.period}" if self.period else str(self.year)


def _names(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(values)


def _all(values: Iterable[Control]) -> tuple[Control, ...]:
    return tuple(values)


def _in_order(periods: Iterable[Period]) -> tuple[Period, ...]:
    return tuple(periods)


@frozen
class Horizon:
    """Periods in the order of time. Periods of one year stand together and cover its twelve months."""

    name: str
    periods: tuple[Period, ...] = field(converter=_in_order)


@frozen(kw_only=True)
class PathwayOptions:
    """What a plan over a horizon is asked for, beside what the horizon says of each year.

    `budget`, `co2_limit` and `changes` are of the whole horizon; the other limits hold in each year that says none of its own.

    Raises:
        OptionError: an option has a value that it cannot have.
    """

    objective: str = field(default="value", validator=word_option(OBJECTIVES))
    then: tuple[str, ...] = field(default=(), converter=_names, validator=several_objectives)  # next ones, the former kept at their best
    weights: Mapping[str, float] = field(factory=dict, validator=weighs)  # EUR per unit of other measures, added to the value
    budget: float | None = field(default=None, validator=number_option("EUR", 0))  # of investment over the whole horizon at most
    co2_limit: float | None = field(default=None, validator=number_option("t CO2e"))  # over the whole horizon at most
    disposal_limit: float | None = field(default=None, validator=number_option("t/a (dry)", 0))  # in each year
    virgin_limit: float | None = field(default=None, validator=number_option("t/a", 0))  # in each year
    traffic_limit: float | None = field(default=None, validator=number_option("km/a", 0))  # in each year
    road_limit: bool = field(
        default=False, validator=flag_option
    )  # heavy vehicles on each section stay below its threshold, in each period
    jobs_least: float | None = field(default=None, validator=number_option("posts", 0))  # in each year
    changes: int | None = field(default=None, validator=count_option)  # links at most that are new against today, whenever they are used
    carbon_price: float = field(default=0.0, validator=number_option("EUR/t CO2e", 0))  # where a year says none
    controls: tuple[Control, ...] = field(default=(), converter=_all)  # flows and plants that are held, in every year or in that they name
    leads: str = field(default="high", validator=word_option(LEADS))  # which end of a legal lead time is waited for
    evidence: str = field(default="both", validator=word_option(EVIDENCE))  # "potential": the proven course is not planned, it is today's
    time_limit: float = field(default=300.0, validator=number_option("seconds", 0, beyond=True, endless=True))  # for each solve
    gap: float = field(default=1e-3, validator=number_option("parts of the benefit", 0, most=1))
    method: str = field(default="auto", validator=word_option(METHODS))


@frozen(eq=False)
class HorizonYear:
    """One year of a horizon as a plan sees it."""

    year: int
    matches: Matches  # of the region as it is then: scenario, law, plants, contracts
    reference: Ledger  # of the same links
    leads: Floats  # months from the start of the horizon until the law lets each route carry, NaN where not known; shape (routes,)


@frozen(eq=False, slots=False)
class Course:
    """One solved pathway, on one kind of evidence.

    Columns of the tables:
        money: year, years, discount (sum of the factors of the years that it stands for), cost, stocks, reference, benefit (EUR/a),
            discounted_benefit (EUR), carbon (t CO2e/a against the reference), invested (EUR, begun in the year)
        builds: plant, name, decided, from (first year of use), until (last year, of the horizon at most), size, unit, capex, yearly (EUR/a)
        stocks: stock, stream, period, unit, before, in, out, lost, level, cost (EUR)
    """

    evidence: str  # "proven" | "potential"
    status: str  # optimal | feasible
    objective: float  # of the whole horizon, in the objective's unit; money discounted to the first year
    bound: float
    gap: float
    seconds: float
    method: str
    rows: int
    columns: int
    ledgers: tuple[Ledger, ...]  # by period, units in the period; money by `cost_of` is that of the period
    years: tuple[Ledger, ...]  # by year, units a year
    money: pd.DataFrame
    builds: pd.DataFrame
    stocks: pd.DataFrame
    remaining: float = 0.0  # EUR discounted: outlets of what lies in stocks beyond the start
    marginals: tuple[
        Marginal, ...
    ] = ()  # of budgets, limits, controls, stocks and yearly supply, with what is built held; () where not known

    @property
    def benefit(self) -> float:
        """EUR, discounted to the first year: what the reference costs more than this."""
        return float(self.money["discounted_benefit"].sum(skipna=False) - self.remaining)


@frozen(eq=False, slots=False)
class Pathway:
    """The best course over a horizon twice: on proven evidence, and with what is likely or unknown added."""

    name: str  # of the region
    horizon: Horizon
    options: PathwayOptions
    matches: tuple[Matches, ...]  # by year
    references: tuple[Ledger, ...]  # by year
    proven: Course
    potential: Course
    notes: tuple[str, ...] = ()  # what was taken as none or left out because it is not known

    @property
    def years(self) -> tuple[int, ...]:
        """Years of the horizon."""
        return tuple(int(year) for year in self.potential.money["year"])

    def totals(self) -> pd.DataFrame:
        """Headline figures by year, and over the whole horizon (year missing), as proven + potential."""
        rows: list[tuple[str, float, str, float, float]] = []
        for name, unit, column in _BY_YEAR:
            for year, sure, whole in zip(self.years, self.proven.money[column], self.potential.money[column], strict=True):
                rows.append((name, year, unit, float(sure), float(whole)))
        rows.append(("benefit, discounted", np.nan, "EUR", self.proven.benefit, self.potential.benefit))
        for name, unit, column in _SUMMED:
            sure, whole = (_over(course.money, column) for course in (self.proven, self.potential))
            rows.append((name, np.nan, unit, sure, whole))
        return pd.DataFrame(
            [
                {"figure": name, "year": year, "unit": unit, "proven": sure, "potential": whole - sure, "total": whole}
                for name, year, unit, sure, whole in rows
            ]
        ).astype({"year": "Int64"})

    def flows(self, evidence: str = "potential") -> pd.DataFrame:
        """Every flow of every period: period, year, then the columns of a ledger; amounts are those of the period."""
        course = self.proven if evidence == "proven" else self.potential
        parts = []
        for period, ledger in zip(self.horizon.periods, course.ledgers, strict=True):
            frame = ledger.to_frame()
            frame.insert(0, "year", period.year)
            frame.insert(0, "period", period.name)
            parts.append(frame.assign(unit=[unit.removesuffix("/a") for unit in frame["unit"]]))
        return pd.concat(parts, ignore_index=True)

    def __repr__(self) -> str:
        sure, whole = self.proven.benefit, self.potential.benefit
        return (
            f"<Pathway {self.name} {self.years[0]}-{self.years[-1]}, {len(self.horizon.periods)} periods, {self.options.objective}: "
            f"benefit {sure:,.0f} + {whole - sure:,.0f} EUR, discounted (proven + potential)>"
        )

    def _repr_html_(self) -> str:
        return str(self.totals().to_html(index=False, notebook=True, float_format=lambda number: f"{number:,.0f}", na_rep=""))


_BY_YEAR = (("benefit", "EUR/a", "benefit"), ("carbon", "t CO2e/a", "carbon"), ("investment", "EUR", "invested"))
_SUMMED = (("carbon, summed", "t CO2e", "carbon"), ("investment, summed", "EUR", "invested"))


def _over(money: pd.DataFrame, column: str) -> float:
    """Sum over the horizon; a flow counts for each year that its year stands for, an investment once."""
    times = 1.0 if column == "invested" else money["years"]
    return float((money[column] * times).sum(skipna=False))
