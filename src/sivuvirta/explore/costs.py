"""Costs: what it costs to do without a link or plant, or to use it, and what is proven of that."""

from __future__ import annotations

from functools import partial

import numpy as np
from attrs import evolve

from sivuvirta.domain.links import Floats
from sivuvirta.errors import SolverError
from sivuvirta.explore.around import Around, answered
from sivuvirta.explore.asking import Asked, Asking
from sivuvirta.explore.items import Item, beside, described, tidy
from sivuvirta.explore.linear import Linear, Prices
from sivuvirta.lp.bounds import implied_upper
from sivuvirta.lp.watch import Watch
from sivuvirta.plan.program.candidates import Index

STEPS = 5
"""Of an exploration: different networks; without each; with each; ranges; parties."""

NOTHING = 1e-7
"""Of its reach: less of a link or plant is not used."""


def surroundings(asked: Asked, slack: float) -> Around:
    """The best network, and the programs around it.

    Raises:
        InfeasibleError: no network meets all requirements.
    """
    asking = Asking(asked)
    asked.tell("the best network")
    best = asking.optimum()
    best = evolve(best, x=tidy(asking, best.x))
    asking.open.watch = Watch(stop=asked.stop)
    relaxed, kept = Linear(asking), Linear(asking, best.x)
    told = Prices.of(relaxed.program, _duals(relaxed))
    allowed = slack * abs(asking.today - best.objective)
    return Around(asking, best, allowed, told, relaxed, kept, [best.x], [], {}, [])


def _duals(relaxed: Linear) -> Floats:
    """Duals of the relaxed program; 0, which prove little but nothing wrong, where somebody said stop before they were known."""
    try:
        return np.nan_to_num(relaxed.optimum().duals)
    except SolverError:
        return np.zeros(relaxed.model.program.shape[0])


def reach(around: Around, every: list[Item]) -> Floats:
    """The most that each could carry, whatever it costs: a bound, exact where nothing is built; NaN where nobody waited for it."""
    linear, asked = Linear(around.asking), around.asking.asked
    most = np.array([np.nan if asked.stop() else linear.extreme(item.form, most=True) for item in every])
    if np.isinf(most).any():  # the solver has proven nothing; the rows do
        upper = implied_upper(linear.program)
        most = np.where(np.isinf(most), [item.form.of(upper) for item in every], most)
    carried: Floats = np.maximum(most, 0.0)
    return carried


def prices(around: Around, every: list[Item], reach: Floats) -> list[tuple[float, float] | None]:
    """What doing without each costs, and what is proven of that; None where nobody waited for it."""
    used = [item.form.of(around.best.x) > NOTHING * most for item, most in zip(every, reach, strict=True)]
    found: list[tuple[float, float] | None] = []
    for number, (item, most) in enumerate(zip(every, reach.tolist(), strict=True)):
        step = f"step 2 of {STEPS}, {sum(used[: number + 1])} of {sum(used)} in use"
        found.append(None if np.isnan(most) else answered(partial(forbidden, around, item, most, step)))
    return found


def forbidden(around: Around, item: Item, reach: float, step: str) -> tuple[float, float]:
    """What it costs to do without an item, and what is proven of that."""
    if item.form.of(around.best.x) <= NOTHING * reach:
        return 0.0, 0.0
    around.asking.asked.tell(f"{step}, without {described(around.asking.at.links, item)['name']}")
    return without(around, item.form.columns)


def without(around: Around, columns: Index) -> tuple[float, float]:
    """What it costs to do without some columns; each set of them is solved once."""
    key = columns.tobytes()
    if key not in around.solved:
        around.solved[key] = around.known(lambda: around.asking.without(columns, _start(around, columns)))
    return around.solved[key]


def _start(around: Around, columns: Index) -> Floats:
    """The best known answer in which nothing flows in some columns; the best of all where none is known."""
    cost = around.asking.usual[0].cost
    free = [x for x in (*around.near, *around.far) if not x[columns].any()]
    return min(free, key=lambda x: float(cost @ x), default=around.best.x)


def forced(around: Around, item: Item, target: float) -> tuple[float, float]:
    """What it costs to use an item, and what is proven of that; infinite where nothing can flow at all."""
    if target <= 0:
        return np.inf, np.inf
    if item.form.of(around.best.x) >= target:
        return 0.0, 0.0
    around.go_on()
    most = around.allowed + around.rounding
    least = around.settled(around.relaxed.at_least(item.form, target) - around.best.objective)
    network = around.settled(_attained(around, item, target) - around.best.objective)
    if (least > most and np.isfinite(network)) or network <= most or not np.isfinite(least):
        return network, min(least, network)
    more, proven = around.known(lambda: around.asking.between(item.form, target, start=around.best.x))
    return min(more, network), max(min(proven, network), least)


def _attained(around: Around, item: Item, target: float) -> float:
    """Least cost of the networks at hand that use an item: those known, and those with the best builds and the item's plants beside."""
    cost = around.asking.usual[0].cost
    found = [float(cost @ x) for x in around.near if item.form.of(x) >= target]
    found.extend(around.kept.at_least(item.form, target, extra) for extra in beside(around.asking, item, around.best.x))
    return min(found, default=np.inf)
