"""Ties: of outlets that count the same, each keeps the part that it has today."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sivuvirta.domain.links import Floats
from sivuvirta.plan.program.objective import minimised, order
from sivuvirta.plan.program.setting import Setting

_LIMITED = {"co2": "carbon", "diversion": "disposal", "virgin": "virgin", "traffic": "traffic"}  # measure and the family that limits it
_SAME = 1e-9  # relative difference below which two coefficients are one


def untied(at: Setting, x: Floats, held: Sequence[Floats] = ()) -> Floats:
    r"""The same plan with today's outlets split as today wherever nothing speaks for another split.

    What a stream leaves to outlets w of one group, those with equal coefficients in everything that the plan minimises or limits, is

    .. math:: x_w = \frac{today_w}{\sum_{w' \in group} today_{w'}} \sum_{w' \in group} x_{w'}

    Objective, rows and marginal values do not change by it. Without it a solver may empty one outlet into its equal, and the plan would
    claim a change that nobody needs.

    Args:
        at: the program.
        x: value of each column; solved.
        held: coefficients of each column in rows that were added to the program; they count too.

    Returns:
        Value of each column, a new array. A group stays as it was where the split would overfill an outlet, or a
        way that it shares.
    """
    fate, arcs = at.found.fate, at.links.arcs
    columns = at.blocks.fate.columns
    amount, today = x[columns], arcs.today[fate]
    group = _groups(at, columns, held)
    total, usual = (np.bincount(group, values, minlength=len(columns)) for values in (amount, today))
    with np.errstate(divide="ignore", invalid="ignore"):
        split = today * (total / usual)[group]
    shared = (at.capacities.ways.number[:, fate] >= 0).any(axis=0)
    shared |= np.isin(columns, at.lp.family("control").entries.column)
    fits = np.isfinite(split) & (split <= arcs.capacity[fate]) & ~shared
    whole = np.bincount(group, ~fits, minlength=len(columns)) == 0
    result = x.copy()
    result[columns] = np.where(whole[group], split, amount)
    return result


def _groups(at: Setting, columns: np.ndarray, held: Sequence[Floats]) -> np.ndarray:
    """Number of the group of each outlet: one stream and equal coefficients."""
    limited = [name for name, family in _LIMITED.items() if at.lp.family(family).count]
    counted = [minimised(at.coefficients, at.options, name) for name in order(at.options)]
    counted += [*(at.coefficients.by[name] for name in limited), *held]
    scale = [max(float(np.abs(values[columns]).max(initial=0.0)), 1.0) for values in counted]
    keys = [np.round(values[columns] / (size * _SAME)) for values, size in zip(counted, scale, strict=True)]
    table = np.column_stack([at.links.arcs.origin[at.found.fate].astype(float), *keys])
    return np.unique(table, axis=0, return_inverse=True)[1].reshape(-1)
