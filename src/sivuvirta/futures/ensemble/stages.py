"""Plans of two stages: what is built now, for all scenarios at once, and what flows in each."""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pandas as pd
from attrs import evolve

from sivuvirta.domain.ensembles import EnsembleOptions, Stages
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import Floats
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.errors import SolverError
from sivuvirta.futures.ensemble.extensive import Scenarios, Tried, solved
from sivuvirta.futures.ensemble.running import Opened, opened
from sivuvirta.futures.ensemble.statistics import value_at_risk
from sivuvirta.futures.ensemble.worker import Way, Worker


def two_stage(
    matches: Matches,
    reference: Ledger,
    options: PlanOptions,
    chosen: EnsembleOptions,
    evidence: str = "potential",
    aim: str = "expected",
) -> Stages:
    r"""The builds that are best for all scenarios together, with the flows of each scenario free.

    .. math:: \min_{y \in Y} \; \rho \bigl( Q(y, \delta_1), \dots, Q(y, \delta_S) \bigr), \qquad
        Q(y, \delta) = \min_x \{ c(\delta) x - R(\delta) : A(\delta) x \le b(\delta) - B y \}

    R is what today costs in the same scenario. The mean is made small, or the mean of the worst part (the tail), or the largest regret
    :math:`Q(y, \delta_s) - \min_{y'} Q(y', \delta_s)`. The scenarios stand side by side in one program (extensive form) and share what is
    built. The tail is linear by an edge and excesses over it, the regret by one bound:

    .. math:: CVaR = \min_\eta \; \eta + \frac{1}{\alpha S} \sum_s \max(0, Q_s - \eta)

    Args:
        matches: routes with their verdicts.
        reference: today's ledger.
        options: of the plan; its gap and time limit are those of the whole.
        chosen: `draws` is the number of scenarios, each as probable as the others.
        evidence: of the network that is planned.
        aim: expected, tail or regret.

    Raises:
        InfeasibleError: there is no plan for the middle.
        SolverError: no builds keep all promises in every scenario.

    References:
        Birge and Louveaux 2011, Introduction to stochastic programming, 2nd ed., chapters 2 and 4 (from memory); Rockafellar and Uryasev
        2000, Journal of Risk 2(3), 21-41 (from memory).
    """
    began = perf_counter()
    at = opened(matches, reference, options, chosen)
    values = at.values  # noqa: PD011 - no frame
    known = Scenarios(at.task, evidence, values, np.array([at.task.today.cost(delta) for delta in values]), chosen.tail)
    worker = Worker(at.task)
    worker.open(Way(evidence))
    waits = [worker.solve(delta) for delta in values]
    middle = worker.solve(np.zeros(values.shape[1]))
    if not all(found.found for found in waits):
        raise SolverError(f"In {sum(not one.found for one in waits)} of {len(waits)} scenarios no network keeps all promises.")
    best = np.array([found.bound for found in waits])
    tries = [_tried(known, builds) for builds in (middle.x[at.task.builds], *at.task.structures[evidence])]
    builds, least = solved(known, aim, best, tries)
    final = _tried(known, builds)
    if not np.isfinite(final.cost).all():
        raise SolverError("The builds that were found keep not all promises in every scenario; ask with a smaller `gap`.")
    loss = final.cost - known.today
    objective = _measured(known, aim, loss, final.cost - best)
    bound = min(least, objective)
    return Stages(
        links=matches.links,
        evidence=evidence,
        aim=aim,
        built=_built(at, final.builds, tries[0].builds),
        expected=float(-loss.mean()),
        tail=value_at_risk(-loss, chosen.tail)[1],
        regret=float((final.cost - best).max()),
        objective=objective,
        bound=bound,
        gap=(objective - bound) / max(abs(objective), abs(float(loss.mean())), objective - bound, 1e-9),
        wait=float((known.today - best).mean()),
        middle=float((known.today - tries[0].cost).mean()) if np.isfinite(tries[0].cost).all() else float("nan"),
        seconds=perf_counter() - began,
        benefits=-loss,
    )


def _measured(known: Scenarios, aim: str, loss: Floats, regret: Floats) -> float:
    """The aim's own measure, a cost."""
    return {
        "expected": float(loss.mean()),
        "tail": -value_at_risk(-loss, known.tail)[1],
        "regret": float(regret.max()),
    }[aim]


def _tried(known: Scenarios, builds: Floats) -> Tried:
    """Some builds in every scenario."""
    task = known.task
    value = np.where(task.arrays.integer[task.builds].astype(bool), np.round(builds), builds)
    worker = Worker(evolve(task, structures={known.evidence: (value,)}))
    worker.open(Way(known.evidence, 0))
    found = [worker.solve(delta) for delta in known.draws]
    return Tried(value, np.array([one.objective for one in found]), tuple(one.x for one in found))


def _built(at: Opened, builds: Floats, middle: Floats) -> pd.DataFrame:
    """Sizes of candidate plants, those that are built first."""
    size = at.plan.at.blocks.size.columns
    place = np.array([int(np.flatnonzero(at.task.builds == column)[0]) for column in size], dtype=np.int64)
    nodes, node = at.plan.at.links.nodes, at.plan.at.links.works.node[at.plan.at.found.plants[at.plan.at.curves.plant]]
    units = [f"{unit or 't'}/a" for unit in nodes.unit[node].tolist()]
    frame = pd.DataFrame(
        {"plant": nodes.id[node], "name": nodes.name[node], "unit": units, "size": builds[place], "size_middle": middle[place]}
    )
    return frame.sort_values("size", ascending=False, kind="stable", ignore_index=True)
