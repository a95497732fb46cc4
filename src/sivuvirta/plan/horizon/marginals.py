"""Marginals of a horizon: what one more unit of a requirement is worth in its year, with what is built held as it is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import evolve, frozen

from sivuvirta.domain.links import Floats, NodeKind
from sivuvirta.domain.plans import Marginal
from sivuvirta.lp.program import Rows
from sivuvirta.plan.explain.marginals import one_more, verb, worth_told
from sivuvirta.plan.explain.words import node_name, unit_of
from sivuvirta.plan.horizon.times import discount
from sivuvirta.plan.horizon.whole import Whole, rate
from sivuvirta.plan.program.objective import UNITS
from sivuvirta.plan.program.setting import Setting

_NOTHING = 1e-9  # of the largest of the family
_KG = 1000.0  # per tonne


@frozen(eq=False)
class Prices:
    """Duals of a solved horizon with its whole numbers fixed; NaN where the solver has none."""

    duals: Floats  # objective per unit of right-hand side, of every row
    reduced: Floats  # objective per unit of every column


def marginals(at: Whole, prices: Prices) -> tuple[Marginal, ...]:
    r"""What one more unit of what binds is worth: budgets, limits, what the user holds, room in stocks, amounts of streams.

    .. math:: value_t = - \frac{1}{W_t} \frac{\partial\, objective}{\partial\, b_t}, \qquad
        value_\tau = - (1 + r)^{\tau - t_0} \frac{\partial\, objective}{\partial\, B_\tau}

    The first is of what holds in each year that a year stands for, in EUR of that year; the second of a budget, which is spent once. What
    holds over the whole horizon, and room in a stock, is in EUR discounted to the first year. Measures other than money are not discounted.

    Args:
        at: the program.
        prices: its duals.

    Returns:
        The dearest of each family first; nothing where the solver has no duals.
    """
    if np.isnan(prices.duals).any() or np.isnan(prices.reduced).any():
        return ()
    found: list[Marginal] = []
    for members in (*(_limits(at, prices, name) for name in _SAID), _supplies(at, prices), _room(at, prices)):
        known = list(members)
        least = _NOTHING * max((abs(one.value) for one in known), default=0.0)
        found += sorted((one for one in known if abs(one.value) > max(least, 1e-9)), key=lambda one: -abs(one.value))
    return tuple(found)


def _counts(at: Whole) -> tuple[Floats, Floats]:
    """What a unit in each of the years that a year stands for counts for in the objective, and a unit spent once. Shape (years,) each."""
    if at.options.objective != "value":
        return np.array([year.years for year in at.years]), np.ones(len(at.years))
    single = [evolve(year, years=1.0) for year in at.years]
    return at.discount, discount(single, lambda number: rate(at.matches[number]))


def _limits(at: Whole, prices: Prices, name: str) -> Iterator[Marginal]:
    """Rows of a family whose labels begin with their year, or are of the whole horizon."""
    rows: Rows = at.lp.family(name)
    (each, once), years = _counts(at), [str(year.year) for year in at.years]
    what, per, scale = _SAID[name]
    for position, dual in enumerate(rows.of(prices.duals).tolist()):
        when, _, subject = rows.label(position).partition(",")
        whole = when == "horizon"
        counted = 1.0 if whole else (once if name == "year_budget" else each)[years.index(when)]
        value = -scale * dual / counted
        worth = f"{verb(_said(at))} {worth_told(_said(at), value)}"
        place = f"over the whole horizon {worth}, discounted to {years[0]}" if whole else f"in {when}{_held(name)} {worth}{_of(name)}"
        text = f"{what.format(subject)} {place}."
        yield _marginal(at, (rows.text(position), name), value, (-1, per, text))


def _held(name: str) -> str:
    return ", which you hold," if name == "year_control" else ""


def _of(name: str) -> str:
    """How often a value comes: a budget is spent once, a limit holds in every year that its year stands for."""
    return "" if name == "year_budget" else " a year"


def _supplies(at: Whole, prices: Prices) -> Iterator[Marginal]:
    """Amounts of streams by year, spread over its periods as they are."""
    each, _ = _counts(at)
    for number, year in enumerate(at.years):
        stages = at.stages_of(number)
        amount = np.sum([stage.supply for stage in stages], axis=0)
        known = amount > 0
        duals = [at.lp.family("supply", stage.part.name).of(prices.duals) for stage in stages]
        worth = -np.sum([stage.supply * dual for stage, dual in zip(stages, duals, strict=True)], axis=0)
        value = worth[known] / amount[known] / each[number]
        for position, one in zip(np.flatnonzero(known).tolist(), value.tolist(), strict=True):
            said, node = stages[0].at, int(stages[0].links.supply.node[position])
            unit = unit_of(said, node)
            text = f"{one_more(unit)} of '{node_name(said, node)}' a year in {year.year} {verb(said)} {worth_told(said, one)} a year."
            yield _marginal(at, (f"supply({year.year},{said.links.nodes.id[node]})", "supply"), one, (node, unit, text))


def _room(at: Whole, prices: Prices) -> Iterator[Marginal]:
    """Room in stocks of known size, over the whole horizon."""
    said = _said(at)
    place = f"over the whole horizon, discounted to {at.years[0].year}"
    known: list[tuple[str, int, str, float]] = []
    for number in np.flatnonzero(at.stocks.sized).tolist():
        node = int(said.links.supply.node[at.stocks.stream[number]])
        value = float(-np.minimum(prices.reduced[at.keeping.level[number]], 0.0).sum())
        known.append((str(at.stocks.id[number]), node, unit_of(said, node), value))
    rows, made = at.lp.family("stock_room"), np.flatnonzero(at.goods.sized).tolist()
    dual = -rows.of(prices.duals).reshape(len(made), len(at.stages)).sum(axis=1)
    known += [
        (
            str(at.goods.id[number]),
            said.links.nodes.find(NodeKind.PLANT, str(at.goods.plant[number])),
            str(at.goods.unit[number]),
            float(value),
        )
        for number, value in zip(made, dual.tolist(), strict=True)
    ]
    for name, node, unit, value in known:
        text = f"{one_more(unit)} of room in stock '{name}' {verb(said)} {worth_told(said, value)} {place}."
        yield _marginal(at, (f"level({name})", "level"), value, (node, unit, text))


def _marginal(at: Whole, row: tuple[str, str], value: float, told: tuple[int, str, str]) -> Marginal:
    (label, name), (node, per, text) = row, told
    unit = f"{UNITS[at.options.objective]}/{per}"
    return Marginal(constraint=name, label=label, node=node, value=float(value), unit=unit, text=text)


def _said(at: Whole) -> Setting:
    return at.stages[0].at


_SAID: dict[str, tuple[str, str, float]] = {
    "year_budget": ("One more euro of budget", "EUR", 1.0),
    "year_carbon": ("One more tonne of CO2e allowed", "t", _KG),
    "year_disposal": ("One more tonne of disposal allowed", "t", 1.0),
    "year_virgin": ("One more tonne of primary product allowed", "t", 1.0),
    "year_traffic": ("One more loaded vehicle-kilometre allowed", "km", 1.0),
    "year_jobs": ("One post fewer asked for", "post", 1.0),
    "year_control": ("One more unit allowed or asked for on '{}'", "unit", 1.0),
}
