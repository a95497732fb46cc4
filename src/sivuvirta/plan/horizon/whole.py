"""Whole: the programs of all periods in one, with what is built and what is stocked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import evolve, frozen

from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.links import Floats
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.pathways import HorizonYear, PathwayOptions
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.lp.entries import Term
from sivuvirta.lp.program import Part, Program
from sivuvirta.plan.horizon.changes import Anew, anew
from sivuvirta.plan.horizon.goods import Goods, goods, keeping_goods, made_stocks, stored
from sivuvirta.plan.horizon.investments import Investment, investment
from sivuvirta.plan.horizon.laying import Laying, laying
from sivuvirta.plan.horizon.stages import Stage, settled, stage, waiting
from sivuvirta.plan.horizon.stocks import Keeping, Stocks, earlier, joined_keeping, keeping, stocks
from sivuvirta.plan.horizon.times import Year, begins, discount
from sivuvirta.plan.program.candidates import Candidates, Index, candidates
from sivuvirta.plan.program.measures import MEASURES
from sivuvirta.plan.program.objective import minimised, weights_of

_PERCENT = 100.0


@frozen(eq=False)
class Kept:
    """What may be kept from one period to the next, whatever it is. Shape (kept,) unless said."""

    name: tuple[str, ...]
    keep: Floats  # (kept, periods) part of the level that is there at the end of a period
    start: Floats
    handling: Floats  # EUR per unit put in and taken out, half each
    leaving: Mapping[str, Floats]  # what a unit lost, or left beyond the start, counts for

    def __len__(self) -> int:
        return len(self.name)


@frozen(eq=False)
class Whole:
    """The program of a horizon, before its joining rows are added, with everything that they read."""

    lp: Program
    years: tuple[Year, ...]
    matches: tuple[Matches, ...]  # by year
    stages: tuple[Stage, ...]  # by period
    investments: tuple[Investment, ...]  # by year
    stocks: Stocks
    keeping: Keeping  # of stocks of streams, then of lots of goods
    goods: Goods
    anew: Anew
    laying: Laying
    discount: Floats  # W, by year
    options: PathwayOptions
    waiting: int  # routes that cannot carry in the first period
    unknown_leads: int  # routes of the first year whose legal lead time is not known

    @property
    def kept(self) -> Kept:
        """Stocks of streams, then lots of goods."""
        held, made = self.stocks, self.goods
        return Kept(
            name=(*held.id.tolist(), *made.name),
            keep=np.concatenate([held.keep, made.keep]),
            start=np.concatenate([held.start, np.zeros(len(made))]),
            handling=np.concatenate([held.handling, made.handling]),
            leaving={name: np.concatenate([held.leaving[name], made.leaving[name]]) for name in held.leaving},
        )

    def stages_of(self, year: int) -> tuple[Stage, ...]:
        """Periods of a year."""
        return tuple(each for each in self.stages if each.year == year)

    def columns(self, part: Part, columns: Index) -> Index:
        """Columns of a part as columns of the whole."""
        return (columns + part.column).astype(np.int32)

    def measure(self, name: str) -> Floats:
        """What one unit of each column counts for over the horizon: money discounted, all else for each year that a year stands for."""
        total = np.zeros(self.lp.shape[1])
        money = name == "value"
        for each in self.stages:
            times = self.discount[each.year] if money else self.years[each.year].years
            each.part.of(total)[:] = times * minimised(each.at.coefficients, each.at.options, name)
        if money:
            for built in self.investments:
                standing = built.stands @ self.discount
                built.part.of(total)[:] = built.yearly * standing[built.owner()]
            per_period = np.array([self.discount[each.year] for each in self.stages])
            for columns in (self.keeping.put, self.keeping.take):
                total[columns] = self.kept.handling[:, None] / 2 * per_period[None, :]
        for number, year in enumerate(self.years):
            if money:
                weighed = [weight * self.leaving(number, other) for other, weight in weights_of(self.asked(number)).items()]
                total += self.discount[number] * np.sum([self.leaving(number, "value"), *weighed], axis=0)
            else:
                total += year.years * self.leaving(number, name)
        return total

    def leaving(self, year: int, name: str) -> Floats:
        """What is lost of stocks in a year, and left beyond the start at the end, counts for; a year, as in `Stocks.leaving`."""
        total, kept = np.zeros(self.lp.shape[1]), self.kept
        per = kept.leaving[name]
        first, last = self.years[year].first, self.years[year].first + len(self.years[year].periods)
        begin = max(first, 1)  # what is lost of the start in the first period is lost whatever is done
        total[self.keeping.level[:, begin - 1 : last - 1]] = per[:, None] * (1.0 - kept.keep[:, begin:last])
        if year == len(self.years) - 1:
            total[self.keeping.left] = per / self.years[year].years
        return total

    def asked(self, year: int) -> PlanOptions:
        """What is asked of the program of each period of a year."""
        return self.stages_of(year)[0].at.options

    def capex(self, year: int) -> Floats:
        """EUR of investment of each column, decided in one year."""
        total = np.zeros(self.lp.shape[1])
        self.investments[year].part.of(total)[:] = self.investments[year].capex
        if self.laying.level.size:
            total[self.laying.level[:, year]] = 1.0
            total[self.laying.level[:, year - 1] if year else []] = -1.0
        return total

    def yearly(self, year: int, name: str) -> Floats:
        """A measure of each column in one year, a year; less is better. What stocks lose and leave is among it."""
        total = self.leaving(year, name)
        for each in self.stages_of(year):
            each.part.of(total)[:] = MEASURES[name].sign * each.at.coefficients.by[name]
        return total


def whole(given: Sequence[HorizonYear], years: Sequence[Year], options: PathwayOptions) -> Whole:
    """The program of a horizon without its joining rows.

    Args:
        given: matches and legal lead times of each year.
        years: what holds in each.
        options: what is asked for.
    """
    matches = tuple(settled(each.matches, year) for each, year in zip(given, years, strict=True))
    held = stocks(years, matches)
    if len(made_stocks(matches[0].links)):
        held = evolve(held, reach=held.reach + earlier(years, matches))
    stages, late = _stages([evolve(each, matches=known) for each, known in zip(given, matches, strict=True)], years, options, held)
    lp = Program(f"{matches[0].links.region.name} {years[0].year} to {years[-1].year}, {options.objective}")
    kept, made = keeping(lp, held, [each.period.name for each in stages]), goods(years, stages)
    lots, fresh = keeping_goods(lp, made, stages), anew(lp, stages)
    limited = options.budget is not None or any(year.budget is not None for year in years)
    pipes = laying(lp, stages, len(years), limited)
    built = []
    for number, year in enumerate(years):
        found = investment(number, years, matches, stages)
        built.append(evolve(found, part=lp.add(f"built.{year.year}", found.lp)))
    placed = []
    for number, each in enumerate(stages):
        columns, sign = np.concatenate([kept.put[:, number], kept.take[:, number]]), np.repeat([1.0, -1.0], len(held))
        stocked = Term(np.tile(held.stream, 2), columns, sign)
        joined = {"supply": stocked, **stored(made, lots, number)}
        placed.append(evolve(each, part=lp.add(each.period.name, each.at.lp, joined, ("built", "chosen", "changed"))))
    return Whole(
        lp=lp,
        years=tuple(years),
        matches=matches,
        stages=tuple(placed),
        investments=tuple(built),
        stocks=held,
        keeping=joined_keeping(kept, lots),
        goods=made,
        anew=fresh,
        laying=pipes,
        discount=discount(years, lambda number: rate(matches[number])),
        options=options,
        waiting=late,
        unknown_leads=int((np.isnan(given[0].leads) & (given[0].matches.routes.verdict < Verdict.FAIL)).sum()),
    )


def _stages(given: Sequence[HorizonYear], years: Sequence[Year], options: PathwayOptions, held: Stocks) -> tuple[tuple[Stage, ...], int]:
    begin = begins(years)
    found: list[Stage] = []
    late = 0
    for number, (year, each) in enumerate(zip(years, given, strict=True)):
        for period in year.periods:
            at = len(found)
            late += int(((each.leads > begin[at]) & (each.matches.routes.verdict < Verdict.FAIL)).sum()) if at == 0 else 0
            found.append(stage(year, number, options, (period, waiting(each.matches, each.leads, begin[at]), held.reach[:, at])))
    return tuple(found), late


def rate(matches: Matches) -> float:
    """Real discount rate of a vintage, 0.05 for 5 %."""
    region = matches.links.region
    table = region.table("vintages")
    return float(np.nan_to_num(table["discount_rate"][table.index[region.vintage]])) / _PERCENT


def yearly_candidates(at: Whole, year: int) -> Candidates:
    """What the plan of a year may use, with what stocks may give in it."""
    first = at.years[year].first
    last = first + len(at.years[year].periods)
    matches = at.matches[year]
    supply = matches.links.supply
    more = at.stocks.reach[:, first:last].sum(axis=1)
    links = evolve(matches.links, supply=evolve(supply, value=np.nan_to_num(supply.value) + more))
    return candidates(evolve(matches, links=links))
