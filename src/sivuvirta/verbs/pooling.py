"""What a plant that mixes hands on: pooling problems, and regions whose outputs have one composition."""

from __future__ import annotations

from typing import Any

from attrs import evolve

from sivuvirta import cases
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.domain.pooling import PooledPlan, PoolingAnswer, PoolingOptions, PoolingProblem
from sivuvirta.ledger.reference import reference
from sivuvirta.pooling import region, solve
from sivuvirta.pooling.tables import problem
from sivuvirta.verbs.network import match, priced
from sivuvirta.verbs.sources import Source, changed


def pool(
    source: Source | PoolingProblem,
    options: PoolingOptions | None = None,
    *,
    plan: PlanOptions | None = None,
    on: str | None = None,
    **changes: Any,
) -> PooledPlan | PoolingAnswer:
    """Find the best flows where what is mixed stays mixed: every output of a plant that mixes has one composition, whoever gets it.

    Args:
        source: a region by name, path or record, its links, or its matches; or a pooling problem, by the name of a published one or as a
            record.
        options: method, gap, time; a watcher is told of every better answer and bound.
        plan: objective and limits of a region's plan.
        on: the day whose law is applied, as in `match`.
        changes: single options by name, for example `method="mccormick"` or `gap=1e-3`.

    Returns:
        Of a region, the pooled plan beside the plan in batches, with the compositions of outputs and the limits checked on them. Of a
        pooling problem, its flows and qualities. Both with bound and gap.

    Raises:
        InfeasibleError: no plan meets all requirements.
        MissingExtraError: SCIP is asked for and not installed.
        OptionError: an option does not exist or cannot have that value.
    """
    chosen = changed(options or PoolingOptions(), changes, "pool")
    if isinstance(source, str) and source in cases.poolings():
        tables, said = cases.pooling(source)
        return solve.solve(problem(source, said["unit"], tables), chosen)
    if isinstance(source, PoolingProblem):
        return solve.solve(source, chosen)
    matches = match(source, on=on)
    asked = evolve(priced(plan or PlanOptions(), matches.links.region), pooling="exact")
    return region.solve(matches, reference(matches.links), asked, chosen)
