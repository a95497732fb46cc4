"""Constraint families of the whole network: money, carbon, disposal."""

from __future__ import annotations

import numpy as np

from sivuvirta.domain.links import Floats
from sivuvirta.lp.entries import Term, gather
from sivuvirta.lp.program import Rows
from sivuvirta.plan.program.measures import MEASURES
from sivuvirta.plan.program.setting import Setting

_KG = 1000.0  # per tonne


def budget(at: Setting) -> Rows:
    r"""All investment together stays within a budget.

    .. math:: \sum_p capex_p \le B \qquad \text{(P10)}

    Args:
        at: the program and its columns; B is `options.budget`, EUR.

    Returns:
        One row where a budget is given; the negative of its dual is what one more euro of it earns a year.
    """
    return _total(at, "budget", at.coefficients.capex, at.options.budget)


def carbon(at: Setting) -> Rows:
    r"""Emissions of the network stay within a limit.

    .. math:: \sum_a f_a x_a + \sum_p f_p X_p \le C \qquad \text{(P10)}

    Args:
        at: the program and its columns; C is `options.co2_limit`, kg CO2e a year here.

    Returns:
        One row where it is needed.
    """
    limit = at.options.co2_limit
    return _measure(at, "carbon", "co2", None if limit is None else limit * _KG)


def disposal(at: Setting) -> Rows:
    r"""What goes to landfill, stock or another disposal stays within a limit.

    .. math:: \sum_{a \in disposal} x_a \le W \qquad \text{(P10)}

    Args:
        at: the program and its columns; W is `options.disposal_limit`, t dry a year.

    Returns:
        One row where it is needed.
    """
    return _measure(at, "disposal", "diversion", at.options.disposal_limit)


def virgin(at: Setting) -> Rows:
    r"""Primary product bought in tonnes stays within a limit.

    .. math:: \sum_j v_j + \sum_{ps} b_{ps} \le V \qquad \text{(P10)}

    Args:
        at: the program and its columns; V is `options.virgin_limit`, t a year.

    Returns:
        One row where it is needed.
    """
    return _measure(at, "virgin", "virgin", at.options.virgin_limit)


def traffic(at: Setting) -> Rows:
    r"""Loaded vehicles drive no more kilometres on roads than a limit.

    .. math:: \sum_a n_a d_a x_a \le K \qquad \text{(P10)}

    Args:
        at: the program and its columns; n is `links.arcs.trips`, d its length in km, K `options.traffic_limit`, km a year.

    Returns:
        One row where it is needed.
    """
    return _measure(at, "traffic", "traffic", at.options.traffic_limit)


def jobs(at: Setting) -> Rows:
    r"""Plants give work to no fewer people than asked for.

    .. math:: \sum_p w_p X_p \ge W \qquad \text{(P10)}

    Args:
        at: the program and its columns; w is `links.works.staff`, posts per unit of activity, W `options.jobs_least`.

    Returns:
        One row where it is needed.
    """
    least = at.options.jobs_least
    return _measure(at, "jobs", "jobs", None if least is None else -least)


def _measure(at: Setting, name: str, measure: str, most: float | None) -> Rows:
    """A limit of a measure, with the sign that makes less better; without one the measure is not looked at."""
    none = np.zeros(0)
    return _total(at, name, none if most is None else MEASURES[measure].sign * at.coefficients.by[measure], most)


def _total(at: Setting, name: str, values: Floats, most: float | None) -> Rows:
    count = int(most is not None)
    columns = np.flatnonzero(values) if count else np.zeros(0, dtype=np.int32)
    entries = gather(count, Term(np.zeros(len(columns), dtype=np.int32), columns, values[columns]))
    return at.lp.rows(name, entries, upper=np.inf if most is None else most, label=lambda _: "network")
