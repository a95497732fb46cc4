"""Reading: a solved horizon turned back into ledgers, money by year, builds and stocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve, frozen

from sivuvirta.domain.ledger import Ledger, Operations
from sivuvirta.domain.links import Floats
from sivuvirta.domain.pathways import Course
from sivuvirta.domain.sums import summed
from sivuvirta.errors import SolverError
from sivuvirta.plan.horizon.levels import stocks_frame
from sivuvirta.plan.horizon.marginals import Prices, marginals
from sivuvirta.plan.horizon.stages import OUTLETS, Stage
from sivuvirta.plan.horizon.whole import Whole
from sivuvirta.plan.networks import flows, ledger, operations
from sivuvirta.plan.program.measures import MEASURES
from sivuvirta.plan.program.objective import cost_of, emissions_of, weights_of
from sivuvirta.plan.program.setting import Setting
from sivuvirta.plan.ties import untied

_AGREED = 1e-6  # relative: how far the ledgers' own sum may be from the program's
_ROUNDING = 1e-9  # of all that an objective adds up
_KG = 1000.0  # per tonne
_LIMITED = ("year_carbon", "year_disposal", "year_virgin", "year_traffic", "year_jobs", "all_changes")
_NOTHING = 1e-9  # of the largest: less is rounding


@frozen(eq=False)
class Solved:
    """A solved horizon before it is put into words."""

    x: Floats
    prices: Prices
    objective: float
    bound: float
    gap: float
    status: str
    method: str
    seconds: float


def course(at: Whole, references: Sequence[Ledger], solved: Solved, told: tuple[str, float]) -> Course:
    """Ledgers and tables of one solved horizon.

    Args:
        at: the program.
        references: of each year.
        solved: the answer.
        told: evidence, and seconds that building the program took.

    Raises:
        SolverError: the ledgers, added up anew, do not have the objective that the program has.
    """
    evidence, building = told
    standing = [_standing(at, solved.x, year) for year in range(len(at.years))]
    ledgers = tuple(_ledger(at, each, solved.x, standing[each.year], evidence) for each in at.stages)
    years = tuple(
        _year([book for book, each in zip(ledgers, at.stages, strict=True) if each.year == year], standing[year], evidence)
        for year in range(len(at.years))
    )
    kept = stocks_frame(at, solved.x)
    money = money_frame(at, references, years, (kept, solved.x))
    left = float(at.kept.leaving["value"] @ solved.x[at.keeping.left] * at.discount[-1] / at.years[-1].years)
    _compare(at, solved.x, money, years, left)
    return Course(
        evidence=evidence,
        status=solved.status,
        objective=solved.objective,
        bound=solved.bound,
        gap=solved.gap,
        seconds=building + solved.seconds,
        method=solved.method,
        rows=at.lp.shape[0],
        columns=at.lp.shape[1],
        ledgers=ledgers,
        years=years,
        money=money,
        builds=builds_frame(at, solved.x),
        stocks=kept,
        remaining=left,
        marginals=marginals(at, solved.prices),
    )


def _standing(at: Whole, x: Floats, year: int) -> Operations:
    """What stands in a year: sizes and what they cost a year; investment is that which is decided in the year."""
    works = at.matches[year].links.works
    ids = at.matches[year].links.nodes.id[works.node].tolist()
    size, capex, fixed = (np.zeros(len(works)) for _ in range(3))
    built = np.zeros(len(works), dtype=bool)
    for each in at.investments:
        chosen = each.of(each.columns.built, x) > 0.5
        values = each.part.of(x)
        spent, yearly = (np.bincount(each.owner(), part * values, minlength=len(chosen)) for part in (each.capex, each.yearly))
        for number in np.flatnonzero(chosen).tolist():
            row = ids.index(each.plant[number])
            if each.year == year:
                capex[row] += spent[number]
            if each.stands[number, year]:
                size[row] += each.of(each.columns.size, x)[number]
                fixed[row] += yearly[number]
                built[row] = True
    return Operations(np.zeros(len(works)), size, built, capex, fixed)


def _ledger(at: Whole, each: Stage, x: Floats, stands: Operations, evidence: str) -> Ledger:
    """Flows of a period; what stands counts by its part of the year."""
    own = each.part.of(x)
    if not at.options.then and all(at.lp.family(name).count == 0 for name in _LIMITED):
        own = untied(_as_today(at, each), own)
    running = operations(each.at, own)
    done = evolve(stands, activity=running.activity, fixed=stands.fixed * each.share, ways=running.ways)
    book = ledger(each.at, flows(each.at, own), done, evidence)
    return evolve(book, links=at.matches[each.year].links)


def _as_today(at: Whole, each: Stage) -> Setting:
    """The setting of a period in which outlets hold their part of what they hold in a year, so that a split cannot overfill them."""
    arcs = each.links.arcs
    most = np.where(np.isin(arcs.kind, OUTLETS), arcs.capacity * each.share, arcs.capacity)
    links = evolve(each.links, arcs=evolve(arcs, capacity=most))
    return evolve(each.at, found=evolve(each.at.found, matches=evolve(each.at.found.matches, links=links)))


def _year(parts: Sequence[Ledger], stands: Operations, evidence: str) -> Ledger:
    """Ledger of a year: its periods added up."""
    total = summed(parts, name=evidence)
    return evolve(total, operations=evolve(stands, activity=total.operations.activity, ways=total.operations.ways))


def money_frame(at: Whole, references: Sequence[Ledger], years: Sequence[Ledger], stored: tuple[pd.DataFrame, Floats]) -> pd.DataFrame:
    """Money, emissions and investment by year.

    Args:
        at: the program.
        references: of each year.
        years: ledger of each year.
        stored: the frame of stocks, and the value of each column, of which what stocks lose and leave is told.
    """
    rows, (kept, x) = [], stored
    piped = at.laying.spent(at.stages, x, len(at.years))
    for number, (year, reference, book) in enumerate(zip(at.years, references, years, strict=True)):
        names = {part.name for part in year.periods}
        storing = float(kept.loc[kept["period"].isin(names), "cost"].sum())
        emitted = emissions_of(book) + float(at.leaving(number, "co2") @ x)
        cost, usual = cost_of(book), cost_of(reference)
        benefit = usual - cost - storing
        rows.append(
            {
                "year": year.year,
                "years": year.years,
                "discount": float(at.discount[number]),
                "cost": cost,
                "stocks": storing,
                "reference": usual,
                "benefit": benefit,
                "discounted_benefit": benefit * float(at.discount[number]),
                "carbon": (emitted - emissions_of(reference)) / _KG,
                "invested": float(book.operations.capex.sum() + piped[number]),
            }
        )
    return pd.DataFrame(rows)


def builds_frame(at: Whole, x: Floats) -> pd.DataFrame:
    """What is built when, how large, for how much, and in which years it stands."""
    rows: list[dict[str, Any]] = []
    for each in at.investments:
        links, values = at.matches[each.year].links, each.part.of(x)
        sums = [np.bincount(each.owner(), part * values, minlength=len(each.plant)) for part in (each.capex, each.yearly)]
        for number in np.flatnonzero(each.of(each.columns.built, x) > 0.5).tolist():
            node = links.works.node[each.curves.work[number]]
            standing = [at.years[year].year for year in np.flatnonzero(each.stands[number]).tolist()]
            rows.append(
                {
                    "plant": each.plant[number],
                    "name": links.nodes.name[node],
                    "decided": at.years[each.year].year,
                    "from": standing[0],
                    "until": standing[-1],
                    "size": float(each.of(each.columns.size, x)[number]),
                    "unit": f"{links.nodes.unit[node] or 't'}/a",
                    "capex": float(sums[0][number]),
                    "yearly": float(sums[1][number]),
                }
            )
    return pd.DataFrame(rows, columns=["plant", "name", "decided", "from", "until", "size", "unit", "capex", "yearly"])


def _compare(at: Whole, x: Floats, money: pd.DataFrame, years: Sequence[Ledger], left: float) -> None:
    """Checks that the discounted cost of the ledgers is that of the program."""
    values = at.measure("value")
    objective = float(values @ x)
    told = float((money["discount"] * (money["cost"] + money["stocks"])).sum()) + left
    for number, book in enumerate(years):
        for name, weight in weights_of(at.asked(number)).items():
            counted = MEASURES[name].sign * MEASURES[name].of(book) + float(at.leaving(number, name) @ x)
            told += float(at.discount[number]) * weight * counted
    slack = _AGREED * abs(objective) + _ROUNDING * float(np.abs(values) @ np.abs(x))
    if not abs(told - objective) <= slack:
        raise SolverError(
            f"The flows of the horizon add up to {told:,.6g} EUR, but the solver says {objective:,.6g}. "
            "The figures of the region lie too far apart for it: look for an amount, price or factor in a wrong unit."
        )
