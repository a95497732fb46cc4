"""Solve: the optimal network on proven evidence, and the one on potential evidence beside it."""

from __future__ import annotations

from time import perf_counter

import numpy as np
from attrs import evolve, frozen

from sivuvirta.domain.ledger import Ledger, Operations, sums
from sivuvirta.domain.links import Floats
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.plans import Network, Plan, PlanOptions
from sivuvirta.errors import InfeasibleError, SolverError
from sivuvirta.lp.conflicts import conflicts
from sivuvirta.lp.model import Model, Result, SolveOptions
from sivuvirta.plan.builds import strong_rows
from sivuvirta.plan.candidates import Index
from sivuvirta.plan.families import program
from sivuvirta.plan.marginals import Answer, marginals
from sivuvirta.plan.networks import Flows, flows, ledger, operations
from sivuvirta.plan.objective import KEPT_IN, UNITS, cost_of, emissions_of, first_objective, measured, value_objective, value_of
from sivuvirta.plan.setting import Setting
from sivuvirta.plan.ties import untied
from sivuvirta.plan.words import INNER, requirement

_AGREED = 1e-6  # relative: how far the ledger's own sum may be from the program's
_ROUNDING = 1e-9  # of all that an objective adds up
_RANGED = 5_000  # rows; the ranges of more take tenths of a second
_KEPT = 1e-9  # of all that a first objective adds up: how much of it the second may give up


@frozen(eq=False)
class _Goal:
    """What is made as small as it can be."""

    cost: Floats  # per unit of each column
    today: float  # of the reference; gaps are parts of the change from it


@frozen(eq=False)
class _Prices:
    """Duals of all rows, and the right-hand sides between which they hold."""

    duals: Floats
    low: Floats
    high: Floats


@frozen(eq=False)
class _Answer:
    """A solved network before it is put into words."""

    x: Floats
    prices: _Prices  # of the first objective, with the builds fixed
    objective: float
    bound: float
    gap: float
    status: str
    method: str
    seconds: float


def solve(matches: Matches, reference: Ledger, options: PlanOptions | None = None) -> Plan:
    """Finds the best network of a region, twice: on what is proven, and with what is likely or unknown added.

    Both come from one program; for the proven network the routes that still need a test are held at 0. The potential network is never
    worse than the proven one, because it may be the same.

    Args:
        matches: routes with their verdicts.
        reference: today's ledger, against which benefit and carbon are counted.
        options: objective, limits, time.

    Returns:
        Both networks with ledgers, marginal values, bound and gap.

    Raises:
        InfeasibleError: no plan meets all requirements; the message names those that cannot hold together.
        SolverError: the solver found nothing in the time allowed.
    """
    options = options or PlanOptions()
    started = perf_counter()
    at = program(matches, options)
    model = Model(at.lp)
    building = perf_counter() - started
    closed = _unproven(at)
    _hold(model, closed, 0.0)
    goals = _goals(at, reference)
    proven = _optimise(at, model, goals)
    if proven is None:
        raise InfeasibleError(_conflicts(at, closed))
    potential = proven
    if len(closed):
        _hold(model, closed, np.inf)
        potential = _better(model, _optimise(at, model, goals, proven.x), proven)
    networks = [
        _network(at, reference, answer, evidence, building) for answer, evidence in ((proven, "proven"), (potential or proven, "potential"))
    ]
    return Plan(matches.links, matches, options, reference, *networks)


def _unproven(at: Setting) -> Index:
    """Columns that rest on likely or unknown routes alone."""
    parts = zip((at.blocks.direct, at.blocks.enter, at.blocks.pair), at.found.unproven(), strict=True)
    return np.concatenate([block.columns[mask] for block, mask in parts])


def _hold(model: Model, columns: Index, upper: float) -> None:
    if len(columns):
        model.bound(columns, 0.0, upper)


def _goals(at: Setting, reference: Ledger) -> tuple[_Goal, _Goal]:
    """The first objective, and the cost."""
    first = _Goal(first_objective(at.coefficients, at.options), measured(reference, at.options))
    return first, _Goal(value_objective(at.coefficients, at.options), value_of(reference, at.options))


def _better(model: Model, found: _Answer | None, known: _Answer) -> _Answer:
    """The better of two answers: one stopped early may miss what was known before."""
    if found is not None and found.objective <= known.objective:
        return found
    bound = min(known.bound, found.bound) if found is not None else known.bound
    return evolve(known, bound=bound, gap=model.gap(known.objective, bound))


def _optimise(at: Setting, model: Model, goals: tuple[_Goal, _Goal], start: Floats | None = None) -> _Answer | None:
    """Solves for the first objective, then for the cost with the first one kept, then once more with the builds fixed.

    Returns:
        The answer, or None where there is none. The model is left as it was.
    """
    options = SolveOptions(method=at.options.method, time_limit=at.options.time_limit, gap=at.options.gap)
    whole = len(model.integers) > 0
    implied = strong_rows(at)
    first = goals[0]
    if start is not None and whole:
        model.suggest(start)
    model.minimise(first.cost, -first.today)
    best = model.solve(options)
    if not best.found:
        return None
    last, seconds = best, best.seconds
    prices = _prices(model, best)
    keeper = KEPT_IN.get(at.options.objective)
    if keeper:
        last = _keep(at, model, goals, (best, options))
        seconds += last.seconds
    if whole:
        model.fix_integers(last.x)
        model.limit(implied, -np.inf, np.inf)
        last = _found_again(model.solve(options), last)
        seconds += last.seconds
        prices = _prices(model, last)
    if keeper:
        _release(at, model, keeper)
        model.minimise(first.cost, -first.today)
        prices = _prices(model, model.solve(options)) if whole else prices
    if whole:
        model.limit(implied, -np.inf, 0.0)
        model.free_integers(0.0, 1.0)
    settled = untied(at, last.x)
    objective = float(first.cost @ settled)
    bound = min(best.bound, objective)
    return _Answer(settled, prices, objective, bound, model.gap(objective, bound), best.status, best.method, seconds)


def _prices(model: Model, result: Result) -> _Prices:
    """Duals of the answer just found; their ranges too, unless the program is so large that these take as long as solving it."""
    unknown = np.full(len(result.duals), np.nan)
    low, high = model.ranges() if len(unknown) <= _RANGED else (unknown, unknown)
    return _Prices(result.duals, low, high)


def _keep(at: Setting, model: Model, goals: tuple[_Goal, _Goal], done: tuple[Result, SolveOptions]) -> Result:
    """Minimises the cost with the first objective kept."""
    (first, cost), (best, options) = goals, done
    rows = at.lp.family(KEPT_IN[at.options.objective])
    most = best.objective + _KEPT * float(np.abs(first.cost) @ best.x)
    model.limit(rows.positions, -np.inf, min(most, float(rows.upper[0])))
    model.minimise(cost.cost, -cost.today)
    if len(model.integers):
        model.suggest(best.x)
    return _found_again(model.solve(options), best)


def _found_again(found: Result, known: Result) -> Result:
    """The new answer; the known one where rounding alone has made the new program infeasible."""
    return found if found.found else known


def _release(at: Setting, model: Model, keeper: str) -> None:
    rows = at.lp.family(keeper)
    model.limit(rows.positions, rows.lower, rows.upper)


def _network(at: Setting, reference: Ledger, answer: _Answer, evidence: str, building: float) -> Network:
    carried, done = flows(at, answer.x), operations(at, answer.x)
    book = ledger(at, carried, done, evidence)
    compare(at, answer.x, book)
    rows, columns = at.lp.shape
    return Network(
        evidence=evidence,
        status=answer.status,
        objective=answer.objective,
        bound=answer.bound,
        gap=answer.gap,
        seconds=building + answer.seconds,
        method=answer.method,
        rows=rows,
        columns=columns,
        route_flow=carried.route,
        ledger=book,
        marginals=marginals(at, _read_with(at, answer.prices, carried, done)),
        benefit=cost_of(reference) - cost_of(book),
        carbon=emissions_of(book) - emissions_of(reference),
    )


def compare(at: Setting, x: Floats, book: Ledger) -> None:
    """Checks that the ledger, added up anew, has the objective that the program has.

    Args:
        at: the program.
        x: value of each column.
        book: the ledger made of them.

    Raises:
        SolverError: it has not.
    """
    told, first = measured(book, at.options), first_objective(at.coefficients, at.options)
    objective = float(first @ x)
    slack = _AGREED * abs(objective) + _ROUNDING * float(np.abs(first) @ np.abs(x))
    if not abs(told - objective) <= slack:
        unit = UNITS[at.options.objective]
        raise SolverError(
            f"The flows of the {book.name} network add up to {told:,.6g} {unit}/a, but the solver says {objective:,.6g}. "
            "The figures of the region lie too far apart for it: look for an amount, price or factor in a wrong unit."
        )


def _read_with(at: Setting, prices: _Prices, carried: Flows, done: Operations) -> Answer:
    """What marginal values are read with."""
    routes = at.found.matches.routes
    received = sums(routes.need, carried.route * routes.delivered, len(at.links.nodes.id))
    return Answer(prices.duals, prices.low, prices.high, received, done.built[at.curves.work])


def _conflicts(at: Setting, closed: Index) -> list[str]:
    """Requirements that cannot hold together, in the user's words."""
    found = conflicts(at.lp, closed, at.options.time_limit)
    texts = [requirement(at, conflict.family, conflict.position) for conflict in found if conflict.family not in INNER]
    if len(closed) and not conflicts(at.lp, None, at.options.time_limit):
        texts.append("only routes on proven evidence (pass or blend) may be used")
    return texts or [conflict.label for conflict in found]
