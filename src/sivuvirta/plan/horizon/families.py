"""Families of a horizon: those that join its periods, in the order of the rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sivuvirta.domain.pathways import Horizon, HorizonYear, PathwayOptions
from sivuvirta.lp.program import Rows
from sivuvirta.plan.horizon.controls import year_build, year_control
from sivuvirta.plan.horizon.lasting import all_changes, change_lasts, once, standing, stock, stock_cycle, stock_end, stock_room
from sivuvirta.plan.horizon.times import years_of
from sivuvirta.plan.horizon.whole import Whole, whole
from sivuvirta.plan.horizon.yearly import (
    laid,
    year_budget,
    year_capacity,
    year_carbon,
    year_disposal,
    year_jobs,
    year_lawful,
    year_minimum,
    year_traffic,
    year_virgin,
)

JOINING: tuple[Callable[[Whole], Rows], ...] = (
    stock,
    stock_end,
    stock_room,
    stock_cycle,
    standing,
    once,
    change_lasts,
    all_changes,
    year_capacity,
    year_minimum,
    year_lawful,
    laid,
    year_budget,
    year_carbon,
    year_disposal,
    year_virgin,
    year_traffic,
    year_jobs,
    year_control,
    year_build,
)


def horizon_program(given: Sequence[HorizonYear], horizon: Horizon, options: PathwayOptions | None = None) -> Whole:
    r"""The program of a horizon: those of its periods side by side, joined; potential evidence, the costs of its objective.

    .. math:: \min \sum_t W_t \Bigl( \sum_a c_{at} x_{at} + \sum_p c_{pt} X_{pt} + \pi_t CO_{2,t}
        + \sum_i \tfrac{h_i}{2} (s^+_{it} + s^-_{it}) + (c_i + \pi_t f_i) \ell_{it}
        + \sum_{\tau : t \in stands(\tau)} (\alpha_{p\tau} + \phi_p)\, capex_{p\tau} \Bigr) + \frac{W_T}{n_T} \sum_i (c_i + \pi_T f_i) e_i

    with l what is lost of a stock, e what is left in it beyond the start, c and f the worst outlet of today in money and in carbon; W the
    discount factors of the n years that a year stands for, added up. Investment is paid by its annuity, in the years of the horizon in
    which the plant stands, at the rate of the vintage in which it is decided. Other objectives add up over the years, not discounted.

    Args:
        given: matches and legal lead times of each year.
        horizon: its periods.
        options: what is asked for.

    Raises:
        OptionError: the horizon cannot be planned, or is of other years than what is given.
    """
    at = whole(given, years_of(horizon), options or PathwayOptions())
    for family in JOINING:
        family(at)
    at.lp.minimise(at.measure(at.options.objective))
    return at
