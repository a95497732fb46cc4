"""Families: every constraint family of a plan, in the order of the rows. A family has one name: function, rows, golden file."""

from __future__ import annotations

from collections.abc import Callable

from sivuvirta.domain.matches import Matches
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.lp.program import Rows
from sivuvirta.plan.program.allowances import lawful, permit, road
from sivuvirta.plan.program.blends import blend, guard, share
from sivuvirta.plan.program.builds import build, scale, size, way
from sivuvirta.plan.program.candidates import candidates
from sivuvirta.plan.program.changes import change, changes
from sivuvirta.plan.program.controls import control
from sivuvirta.plan.program.curves import curves
from sivuvirta.plan.program.flows import capacity, minimum, need, supply
from sivuvirta.plan.program.limits import budget, carbon, disposal, jobs, traffic, virgin
from sivuvirta.plan.program.objective import first_objective
from sivuvirta.plan.program.plants import batch, onward, recipe_high, recipe_low, yields
from sivuvirta.plan.program.setting import Setting, setting

FAMILIES: tuple[Callable[[Setting], Rows], ...] = (
    supply,
    need,
    minimum,
    blend,
    guard,
    share,
    recipe_low,
    recipe_high,
    batch,
    yields,
    onward,
    capacity,
    size,
    build,
    scale,
    way,
    change,
    changes,
    budget,
    carbon,
    disposal,
    virgin,
    traffic,
    jobs,
    permit,
    lawful,
    road,
    control,
)


def program(matches: Matches, options: PlanOptions | None = None) -> Setting:
    """The whole program of a plan on potential evidence, with the costs of its first objective.

    Returns:
        The program with what it was made of; `setting.lp` is the program.
    """
    found = candidates(matches)
    at = setting(found, curves(found), options or PlanOptions())
    for family in FAMILIES:
        family(at)
    at.lp.minimise(first_objective(at.coefficients, at.options))
    return at
