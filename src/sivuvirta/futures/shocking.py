"""Shocking: every node and every used link removed in turn from a plan whose builds stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter

import numpy as np

from sivuvirta.domain.links import Floats
from sivuvirta.domain.plans import Plan
from sivuvirta.domain.shocks import NODES, SUBJECTS, Shock, Shocks
from sivuvirta.errors import OptionError
from sivuvirta.futures.refusals import refusals
from sivuvirta.futures.removals import Removal, chosen, removals
from sivuvirta.futures.shifts import cascade, keeping, repaired, told
from sivuvirta.futures.shocked import Standing

_ROUNDING = 1e-9  # of the plan's cost and benefit together


def shocks(
    plan: Plan,
    evidence: str = "potential",
    of: Sequence[str] = NODES,
    only: Sequence[str] = (),
    tell: Callable[[str], None] | None = None,
) -> Shocks:
    r"""What a plan loses when each node or used link is gone, with what is built kept.

    .. math:: loss_n = (R - C) - (R_n - C_n)

    with C the cost of the network, R that of today's reference, and the index n for the same region without n, where R leaves out today's
    outlets and purchases of n. Two networks are found for each n: before repair no flow and no plant takes more than planned; with repair
    everything is open, so that 0 <= loss with repair <= loss before it.

    Args:
        plan: what is tested; its routes, options and reference are taken, and its network found anew.
        evidence: "proven" or "potential" network.
        of: kinds of what is removed: stream, plant, need, site, organisation, link, path (a legal path that is refused).
        only: ids; without them all of these kinds.
        tell: called with what is being tested.

    Returns:
        The shocks, the largest loss first; what promises forbid is before them all, then what is lost nobody knows how much of.

    Raises:
        InfeasibleError: there is no plan to test.
        OptionError: there is no such kind, or the plan pools exactly.
        UnknownNameError: there is no such id.
    """
    if plan.options.pooling == "exact":
        raise OptionError("Shocks are tested on plans with pooling='batches'; a plan with pooling='exact' cannot be kept open.")
    started = perf_counter()
    standing = Standing(plan.matches, plan.reference, plan.options, evidence)
    gone, found = _gone(standing, plan, of), []
    for removal in chosen(gone, only, lambda: _gone(standing, plan, SUBJECTS)):
        if tell:
            tell(f"{removal.subject} {removal.id}")
        found.append(_shock(standing, removal))
    order = sorted(found, key=lambda one: (not np.isnan(one.loss), one.unknown, -np.nan_to_num(one.loss), not one.used))
    return Shocks(plan, standing.network, tuple(order), perf_counter() - started)


def _gone(standing: Standing, plan: Plan, of: Sequence[str]) -> list[Removal]:
    """Everything of some kinds that may be taken out, and the legal paths where these are asked for."""
    paths = refusals(plan.matches, standing.network.route_flow) if "path" in of else []
    return removals(plan.links, standing.planned.arc, of) + paths


def _shock(standing: Standing, removal: Removal) -> Shock:
    head = (removal.subject, removal.id, removal.name)
    if not standing.matters(removal):
        return Shock(*head, used=False, loss=0.0, alone=0.0, carbon=0.0, text="The plan does not use it: nothing is lost.")
    planned, today = standing.planned, standing.counted(removal)
    before, after = (standing.without(removal, repair=repair) for repair in (False, True))
    unknown = np.full(2, np.nan)
    alone, loss = (unknown if state is None else state.cost - planned.cost + today for state in (before, after))
    alone, loss = (np.where(np.abs(each) <= _ROUNDING * _size(standing), 0.0, each) for each in (alone, loss))
    alone = np.where(np.abs(alone - loss) <= _ROUNDING * _size(standing), loss, alone)
    why = [standing.blind(removal, state) for state in (before, after)]
    alone, loss = (unknown if reason else each for each, reason in zip((alone, loss), why, strict=True))
    falls = cascade(standing, removal, before)
    grows = repaired(standing, removal, before, after)
    kept = keeping(standing, removal, (before, after))
    return Shock(
        *head,
        used=True,
        loss=float(loss[0]),
        alone=float(alone[0]),
        carbon=float(loss[1]),
        cascade=falls,
        repair=grows,
        storage=kept,
        text=told((float(alone[0]), float(loss[0])), falls, grows, kept, why=why[1] or why[0]),
        unknown=why[1] or why[0],
    )


def _size(standing: Standing) -> Floats:
    """What the figures are rounded against: EUR and kg CO2e a year that the network adds up."""
    coefficients, x = standing.at.coefficients, np.abs(standing.planned.x)
    return np.array([np.abs(coefficients.cost) @ x, np.abs(coefficients.carbon) @ x])
