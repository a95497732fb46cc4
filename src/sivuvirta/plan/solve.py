"""Solve: the optimal network on proven evidence, and the one on potential evidence beside it."""

from __future__ import annotations

from time import perf_counter

import numpy as np
from attrs import evolve

from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.plans import Plan, PlanOptions
from sivuvirta.errors import InfeasibleError, OptionError
from sivuvirta.lp.fewest import Kinds, fewest
from sivuvirta.lp.watch import Watch
from sivuvirta.plan.explain.words import ASKED, INNER, requirements
from sivuvirta.plan.open import OpenPlan
from sivuvirta.plan.program.candidates import Index
from sivuvirta.plan.program.objective import measured
from sivuvirta.plan.program.setting import Setting

NOT_PLANNED = "not planned"
"""Status of the proven network where only potential evidence was planned on: it is today's."""

PROVEN_ONLY = "only routes on proven evidence (pass or blend) may be used"

ADVICE = "Or plan the potential network alone, in which likely and unknown routes help: evidence='potential', or --potential-only."


def solve(matches: Matches, reference: Ledger, options: PlanOptions | None = None, watch: Watch | None = None) -> Plan:
    """Finds the best network of a region, twice: on what is proven, and with what is likely or unknown added.

    Both come from one program; for the proven network the routes that still need a test are held at 0. The potential network is never
    worse than the proven one, because it may be the same.

    With `options.evidence` "potential" nothing is planned on proven evidence alone, and the proven network is today's: a limit that only
    routes without a test can keep does not end the plan then.

    Args:
        matches: routes with their verdicts.
        reference: today's ledger, against which benefit and carbon are counted.
        options: objective, limits, controls, time.
        watch: who looks on while something is built or not; stopped, the plan is the best one so far with its proven gap.

    Returns:
        Both networks with ledgers, marginal values, bound and gap.

    Raises:
        InfeasibleError: no plan meets all requirements; the message names those that cannot hold together.
        OptionError: a control names what is not there, or exact pooling is asked for.
        SolverError: the solver found nothing in the time allowed.
    """
    if options is not None and options.pooling != "batches":
        raise OptionError('This plans in batches; `sv.plan(..., pooling="exact")` and `sv.pool` keep one composition an output.')
    started = perf_counter()
    opened = OpenPlan(matches, reference, options, watch)
    building = perf_counter() - started
    closed = opened.unproven()
    opened.admit("proven")
    if opened.options.evidence == "potential":
        return _potential_alone(opened, building)
    proven = opened.best()
    if proven is None:
        raise InfeasibleError(texts := infeasible(opened.at, closed, watch), ADVICE if PROVEN_ONLY in texts else "")
    potential = proven
    if len(closed):
        opened.admit("potential")
        potential = opened.better(opened.best(proven.x), proven)
    networks = [opened.network(answer, evidence, building) for answer, evidence in ((proven, "proven"), (potential, "potential"))]
    return Plan(matches.links, matches, opened.options, reference, *networks)


def _potential_alone(opened: OpenPlan, building: float) -> Plan:
    """A plan whose proven network is today's: nothing is planned on proven evidence."""
    opened.admit("potential")
    answer = opened.best()
    if answer is None:
        raise InfeasibleError(infeasible(opened.at, np.zeros(0, dtype=np.int32), opened.watch))
    potential, reference, matches = opened.network(answer, "potential", building), opened.reference, opened.at.found.matches
    proven = evolve(
        potential,
        evidence="proven",
        status=NOT_PLANNED,
        objective=measured(reference, opened.options),
        bound=np.nan,
        gap=np.nan,
        seconds=0.0,
        route_flow=np.zeros_like(potential.route_flow),
        chain_flow=np.zeros_like(potential.chain_flow),
        ledger=reference,
        marginals=(),
        benefit=0.0 if reference.tells else np.nan,
        carbon=0.0 if reference.tells else np.nan,
    )
    return Plan(matches.links, matches, opened.options, reference, proven, potential)


def infeasible(at: Setting, closed: Index, watch: Watch | None = None) -> list[str]:
    """Requirements that cannot hold together, in the user's words.

    Args:
        at: the program.
        closed: columns that are held at 0, because they rest on likely or unknown routes.
        watch: who may stop the search for them.
    """
    found = fewest(at.lp, Kinds(INNER, ASKED), closed, at.options.time_limit, watch)
    texts = requirements(at, [(one.family, one.position) for one in found.conflicts if one.family not in INNER])
    if found.by_closed:
        texts.append(PROVEN_ONLY)
    return texts or [one.label for one in found.conflicts]
