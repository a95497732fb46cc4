"""Solve: the best course over a horizon on proven evidence, and the one on potential evidence beside it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from time import perf_counter

import numpy as np
from attrs import evolve, frozen

from sivuvirta.domain.links import Floats
from sivuvirta.domain.pathways import Horizon, HorizonYear, Pathway, PathwayOptions
from sivuvirta.errors import InfeasibleError
from sivuvirta.lp.model import Model, Result, SolveOptions
from sivuvirta.lp.watch import Progress, Watch, patient
from sivuvirta.plan.horizon.families import horizon_program
from sivuvirta.plan.horizon.marginals import Prices
from sivuvirta.plan.horizon.reading import Solved, course
from sivuvirta.plan.horizon.today import today
from sivuvirta.plan.horizon.whole import Whole
from sivuvirta.plan.horizon.words import infeasible, notes
from sivuvirta.plan.program.candidates import Index
from sivuvirta.plan.program.objective import amount, order
from sivuvirta.plan.program.variables import idle
from sivuvirta.plan.solve import ADVICE, PROVEN_ONLY

_FINISH = 5.0  # seconds that a course which was found has to be finished, after a stop
_KEPT = 1e-9  # of all that an objective adds up: how much of it the cost may take


@frozen(eq=False)
class _Goal:
    cost: Floats
    today: float


def solve_horizon(
    given: Sequence[HorizonYear],
    horizon: Horizon,
    options: PathwayOptions | None = None,
    name: str = "",
    watch: Watch | None = None,
) -> Pathway:
    """Finds the best course of a region over a horizon, twice: on what is proven, and with what is likely or unknown added.

    Args:
        given: matches, reference and legal lead times of each year of the horizon.
        horizon: its periods.
        options: what is asked for.
        name: of the region.
        watch: who looks on and may stop it; the progress is that of the objective less today's, and stopped, each course is the best one
            so far with its proven gap.

    Raises:
        InfeasibleError: no course meets all requirements; the message names those that cannot hold together.
        OptionError: the horizon cannot be planned.
        SolverError: the solver found nothing in the time allowed.
    """
    options = options or PathwayOptions()
    started = perf_counter()
    at = horizon_program(given, horizon, options)
    model = Model(at.lp)
    model.rest = idle(at.lp)
    goals = _goals(at, given)
    how = _how(options, watch, goals[0].today)
    building = perf_counter() - started
    references = tuple(each.reference for each in given)
    region = name or at.matches[0].links.region.name
    if options.evidence == "potential":
        found = _best(model, goals, how)
        if found is None:
            raise InfeasibleError(infeasible(at, np.zeros(0, dtype=np.int32), watch))
        sure, more = today(at, references, goals[0].today), course(at, references, found, ("potential", building))
        return Pathway(region, horizon, options, at.matches, references, sure, more, notes(at))
    told = zip(("proven", "potential"), _both(at, model, goals, how), strict=True)
    sure, more = (course(at, references, found, (evidence, building)) for evidence, found in told)
    return Pathway(region, horizon, options, at.matches, references, sure, more, notes(at))


def _both(at: Whole, model: Model, goals: tuple[_Goal, ...], how: SolveOptions) -> tuple[Solved, Solved]:
    """The best on proven evidence, and with what is likely or unknown added."""
    closed = unproven(at)
    most = model.arrays.upper[closed].copy()
    model.bound(closed, 0.0, 0.0)
    proven = _best(model, goals, how)
    if proven is None:
        raise InfeasibleError(texts := infeasible(at, closed, how.watch), ADVICE if PROVEN_ONLY in texts else "")
    if not len(closed):
        return proven, proven
    model.bound(closed, 0.0, most)
    return proven, _better(model, _best(model, goals, how, proven.x), proven)


def _how(options: PathwayOptions, watch: Watch | None, today: float) -> SolveOptions:
    """How each solve runs; who looks on hears what is better than today."""
    tell = watch.tell if watch else None

    def heard(progress: Progress) -> None:
        if tell:
            tell(evolve(progress, found=progress.found - today, bound=progress.bound - today))

    looking = evolve(watch, tell=heard) if watch else None
    return SolveOptions(method=options.method, time_limit=options.time_limit, gap=options.gap, watch=looking)


def unproven(at: Whole) -> Index:
    """Columns that rest on likely or unknown routes alone, and what is put into stocks of unknown size."""
    sized = np.concatenate([at.stocks.sized, at.goods.sized[at.goods.stock]])
    found = [at.keeping.put[~sized].ravel()]
    for each in at.stages:
        blocks = each.at.blocks
        for block, mask in zip((blocks.direct, blocks.enter, blocks.pair), each.at.found.unproven(), strict=True):
            found.append(at.columns(each.part, block.columns[mask]))
    return np.concatenate(found).astype(np.int32)


def _goals(at: Whole, given: Sequence[HorizonYear]) -> tuple[_Goal, ...]:
    """The objectives in their order, the cost last."""
    return tuple(_Goal(at.measure(name), _today(at, given, name)) for name in order(at.options))


def _today(at: Whole, given: Sequence[HorizonYear], name: str) -> float:
    """The same of the reference."""
    total = 0.0
    for number, (year, each) in enumerate(zip(at.years, given, strict=True)):
        times = at.discount[number] if name == "value" else year.years
        total += float(times) * amount(each.reference, at.asked(number), name)
    return total


def _best(model: Model, goals: tuple[_Goal, ...], how: SolveOptions, start: Floats | None = None) -> Solved | None:
    """Solves for each objective in order with the former ones kept, then once more with what is built fixed."""
    first, whole = goals[0], len(model.integers) > 0
    model.minimise(first.cost, -first.today)
    if start is not None and whole:
        model.suggest(start)
    best = model.solve(how)
    if not best.found:
        return None
    last, seconds, reached, status = best, best.seconds, best.objective, best.status
    how = evolve(how, watch=evolve(how.watch, tell=None) if how.watch else None)  # what follows is not of the same unit
    for before, goal in pairwise(goals):
        slack = _KEPT * float(np.abs(before.cost) @ np.abs(last.x))
        model.cut(before.cost, upper=reached + slack)
        model.minimise(goal.cost, -goal.today)
        last, seconds = _again(model, how, (known := last, seconds))
        reached = float(goal.cost @ last.x)
        status = "feasible" if last is known or last.status != "optimal" else status  # an objective whose search ended early
    how = evolve(how, watch=patient(how.watch, _FINISH))  # a course that was found is finished, if that is soon done
    if whole:
        model.fix_integers(last.x)
        last, seconds = _again(model, how, (last, seconds))
    model.uncut()
    model.minimise(first.cost, -first.today)
    priced = last
    if len(goals) > 1:
        priced, seconds = _again(model, how, (last, seconds))
    if whole:
        model.free_integers(0.0, 1.0)
    objective = float(first.cost @ last.x)
    bound = min(best.bound, objective)
    ended = priced.status == "optimal"  # duals of a solve that ended early are not prices
    prices = Prices(*(values if ended else np.full(len(values), np.nan) for values in (priced.duals, priced.reduced)))
    return Solved(last.x, prices, objective, bound, model.gap(objective, bound), status, best.method, seconds)


def _again(model: Model, how: SolveOptions, known: tuple[Result, float]) -> tuple[Result, float]:
    """The next answer; the known one where rounding alone has made the new program infeasible, or a stop left a worse one."""
    last, seconds = known
    if model.program.shape[1] and len(model.integers):
        model.suggest(last.x)
    else:
        model.recall(last.x)
    found = model.solve(how)
    better = found.status == "optimal" or (found.found and found.objective <= float(model.arrays.cost @ last.x))
    return (found if better else last), seconds + found.seconds


def _better(model: Model, found: Solved | None, known: Solved) -> Solved:
    """The better of two answers: one stopped early may miss what was known before."""
    if found is not None and found.objective <= known.objective:
        return found
    bound = min(known.bound, found.bound) if found is not None else known.bound
    return Solved(
        known.x, known.prices, known.objective, bound, model.gap(known.objective, bound), known.status, known.method, known.seconds
    )
