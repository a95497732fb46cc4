"""Plans of two stages: what is built now, for all scenarios at once, and what flows in each."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import numpy as np
import pandas as pd
from attrs import evolve, frozen

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
from sivuvirta.lp.gaps import gap_of
from sivuvirta.lp.model import Result
from sivuvirta.lp.watch import Watch, stopped


@frozen(eq=False)
class Wanted:
    """What is made best, and who looks on."""

    evidence: str = "potential"  # of the network that is planned
    aim: str = "expected"  # or tail, or regret
    watch: Watch | None = None  # of the program of all scenarios; may stop it, and each solve before it
    tell: Callable[[str], None] | None = None  # hears what is done before that program

    @property
    def quiet(self) -> Watch | None:
        """The same watch for a single scenario: it may stop its solve, and hears nothing of it."""
        return None if self.watch is None else Watch(stop=self.watch.stop)


def two_stage(matches: Matches, reference: Ledger, options: PlanOptions, chosen: EnsembleOptions, wanted: Wanted | None = None) -> Stages:
    r"""The builds that are best for all scenarios together, with the flows of each scenario free.

    .. math:: \min_{y \in Y} \; \rho \bigl( Q(y, \delta_1), \dots, Q(y, \delta_S) \bigr), \qquad
        Q(y, \delta) = \min_x \{ c(\delta) x - R(\delta) : A(\delta) x \le b(\delta) - B y \}

    R is what today costs in the same scenario. The mean is made small, or the mean of the worst part (the tail), or the largest regret
    :math:`Q(y, \delta_s) - \min_{y'} Q(y', \delta_s)`, told at most where a scenario's own least is not proven.
    The scenarios stand side by side in one program (extensive form) and share what is built. The tail is linear by an edge and excesses
    over it, the regret by one bound:

    .. math:: CVaR = \min_\eta \; \eta + \frac{1}{\alpha S} \sum_s \max(0, Q_s - \eta)

    Args:
        matches: routes with their verdicts.
        reference: today's ledger.
        options: of the plan; its gap and time limit are those of the whole.
        chosen: `draws` is the number of scenarios, each as probable as the others.
        wanted: evidence, aim, and who looks on; stopped, the builds are the best so far with their proven gap.

    Raises:
        InfeasibleError: there is no plan for the middle.
        SolverError: no builds keep all promises in every scenario, or it was stopped before any were known to.

    References:
        Birge and Louveaux 2011, Introduction to stochastic programming, 2nd ed., chapters 2 and 4 (from memory); Rockafellar and Uryasev
        2000, Journal of Risk 2(3), 21-41 (from memory).
    """
    began = perf_counter()
    wanted = wanted or Wanted()
    evidence, aim = wanted.evidence, wanted.aim
    at = opened(matches, reference, options, chosen, wanted.quiet)
    values = at.values  # noqa: PD011 - no frame
    known = Scenarios(at.task, evidence, values, np.array([at.task.today.cost(delta) for delta in values]), chosen.tail)
    waits = _waits(known, wanted)
    tries = _tries(known, (waits.middle, *at.task.structures[evidence]), wanted)
    builds, least = solved(known, aim, waits.found, tries, wanted.watch)
    final = _tried(known, builds)
    if not np.isfinite(final.cost).all():
        raise SolverError("The builds that were found keep not all promises in every scenario; ask with a smaller `gap`.")
    return evolve(_staged(at, known, (aim, waits, least), (tries[0], final)), seconds=perf_counter() - began)


@frozen(eq=False)
class _Waits:
    """Each scenario alone, with builds of its own. EUR/a, shape (scenarios,)."""

    bound: Floats  # no network costs less
    found: Floats  # what one costs: an open wait has a dearer one than its best
    middle: Floats  # builds that are best for the middle


class _StoppedError(SolverError):
    """Somebody said stop before all scenarios were solved."""


def _each(known: Scenarios, worker: Worker, way: Way, wanted: Wanted, what: str) -> list[Result]:
    """The scenarios solved one by one; who looks on hears which, and may stop in the midst of one.

    Raises:
        _StoppedError: it was stopped.
    """
    found: list[Result] = []
    for number, delta in enumerate(known.draws):
        try:
            if not stopped(wanted.watch):
                if wanted.tell:
                    wanted.tell(f"{what}, {number + 1} of {len(known.draws)}")
                worker.open(way)
                found.append(worker.solve(delta))
        except SolverError:
            if not stopped(wanted.watch):
                raise
        if stopped(wanted.watch):  # what was found until then is not the best of its scenario
            raise _StoppedError(
                f"Stopped at {what}, {number} of {len(known.draws)}: no builds are known yet. Fewer scenarios take less time."
            )
    return found


def _waits(known: Scenarios, wanted: Wanted) -> _Waits:
    worker = Worker(known.task, wanted.quiet)
    waits = _each(known, worker, Way(known.evidence), wanted, "each scenario alone")
    if not all(found.found for found in waits):
        raise SolverError(f"In {sum(not one.found for one in waits)} of {len(waits)} scenarios no network keeps all promises.")
    bound, found = (np.array([getattr(one, name) for one in waits]) for name in ("bound", "objective"))
    return _Waits(bound, found, _middle(known, worker, wanted))


def _middle(known: Scenarios, worker: Worker, wanted: Wanted) -> Floats:
    """Builds that are best for the middle; stopped, those of the plan that the draws stand around."""
    try:
        found = worker.solve(np.zeros(known.draws.shape[1]))
    except SolverError:
        if not stopped(wanted.watch):
            raise
    if stopped(wanted.watch):
        return known.task.structures[known.evidence][0]
    return found.x[known.task.builds]


def _staged(at: Opened, known: Scenarios, solution: tuple[str, _Waits, float], tried: tuple[Tried, Tried]) -> Stages:
    """What the builds earn. Regrets are told at most, against the bounds of the waits, and bounded at least, against what was found."""
    (aim, waits, least), (middle, final) = solution, tried
    loss, regret = final.cost - known.today, final.cost - waits.bound
    objective, bound = proven(aim, known.tail, (known.today, waits.bound, final.cost), least)
    return Stages(
        links=at.plan.at.links,
        evidence=known.evidence,
        aim=aim,
        built=_built(at, final.builds, middle.builds),
        expected=float(-loss.mean()),
        tail=value_at_risk(-loss, known.tail)[1],
        regret=float(regret.max()),
        objective=objective,
        bound=bound,
        gap=gap_of(objective, bound, whole=abs(float(loss.mean()))),
        wait=float((known.today - waits.bound).mean()),
        middle=float((known.today - middle.cost).mean()) if np.isfinite(middle.cost).all() else float("nan"),
        seconds=0.0,
        benefits=-loss,
    )


def proven(aim: str, tail: float, costs: tuple[Floats, Floats, Floats], least: float) -> tuple[float, float]:
    r"""The aim's own measure, as a cost, of some builds, and a bound that no builds are below.

    .. math:: \max \bigl( \rho(Q^{min} - R), \ell \bigr) \le \rho(Q - R)

    Nothing does better in a scenario than what is best for it alone, where nothing is regretted.

    Args:
        aim: expected, tail or regret.
        tail: share of the worst scenarios.
        costs: today's R, the least of each scenario alone, and that of the builds Q. EUR/a, shape (scenarios,) each.
        least: what the program of all scenarios has proven.
    """
    today, alone, cost = costs
    objective = _measured(aim, tail, cost - today, cost - alone)
    wait = _measured(aim, tail, alone - today, np.zeros(len(alone)))
    return objective, min(max(least, wait), objective)


def _measured(aim: str, tail: float, loss: Floats, regret: Floats) -> float:
    return {
        "expected": float(loss.mean()),
        "tail": -value_at_risk(-loss, tail)[1],
        "regret": float(regret.max()),
    }[aim]


def _tries(known: Scenarios, builds: tuple[Floats, ...], wanted: Wanted) -> list[Tried]:
    """Known builds in every scenario: the first ones at any rate, the others until somebody says stop."""
    tries = [_tried(known, builds[0], evolve(wanted, watch=None))]
    for other in builds[1:]:
        try:
            tries.append(_tried(known, other, wanted))
        except _StoppedError:
            break
    return tries


def _tried(known: Scenarios, builds: Floats, wanted: Wanted | None = None) -> Tried:
    """Some builds in every scenario: linear programs, far sooner solved than those that may build.

    Raises:
        _StoppedError: it was stopped.
    """
    task, wanted = known.task, wanted or Wanted()
    value = np.where(task.arrays.integer[task.builds].astype(bool), np.round(builds), builds)
    worker = Worker(evolve(task, structures={known.evidence: (value,)}), wanted.quiet)
    found = _each(known, worker, Way(known.evidence, 0), wanted, "known builds in each scenario")
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
