"""Extensive form: the programs of all scenarios side by side, sharing what is built."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from attrs import evolve, frozen

from sivuvirta.domain.links import Floats, Ints
from sivuvirta.errors import SolverError
from sivuvirta.futures.ensemble.task import Task, assembled
from sivuvirta.lp.entries import Entries, Term, gather
from sivuvirta.lp.model import Model, SolveOptions
from sivuvirta.lp.program import Arrays, Bounds, Part, Program
from sivuvirta.lp.watch import Progress, Watch


@frozen(eq=False)
class Scenarios:
    """What is known before the first stage is decided."""

    task: Task
    evidence: str
    draws: Floats  # (scenarios, inputs)
    today: Floats  # EUR/a of today's ledger in each
    tail: float  # share of the worst scenarios


@frozen(eq=False)
class Tried:
    """What some builds give in each scenario."""

    builds: Floats  # of task.builds
    cost: Floats  # (scenarios,) EUR/a, inf where not all promises are kept
    x: tuple[Floats, ...]  # columns of each scenario's program


def solved(known: Scenarios, aim: str, best: Floats, tries: list[Tried], watch: Watch | None = None) -> tuple[Floats, float]:
    """The best builds for an aim.

    Args:
        known: the scenarios.
        aim: expected, tail or regret.
        best: cost of each scenario alone, EUR/a, no less than its least, so that the bound holds; only regrets look at it.
        tries: builds to start from.
        watch: who looks on; a regret is told as it is, all else as the change from today. Stopped, the builds are the best so far.

    Returns:
        Values of `task.builds`, and a bound that no builds are below, of the aim as a cost.

    Raises:
        SolverError: no builds keep all promises in every scenario.
    """
    program = Program(f"stages, {aim}")
    parts = _scenarios(known, program, shared=aim == "expected")
    extra = _aimed(known, program, parts, (aim, best))
    model = Model(program)
    offset = -float(known.today.mean()) if aim == "expected" else 0.0
    model.minimise(model.arrays.cost.copy(), offset)
    start = _start(known, aim, best, tries)
    if start is not None and len(model.integers):
        model.suggest(np.concatenate([*tries[start].x, extra(tries[start].cost)]))
    result = model.solve(SolveOptions(time_limit=known.task.time_limit, gap=known.task.gap, watch=_against(watch, offset)))
    if not result.found:
        raise SolverError("No builds keep all promises in every scenario: fewer scenarios or a smaller spread may help.")
    return parts[0].of(result.x)[known.task.builds], result.bound + offset


def _against(watch: Watch | None, offset: float) -> Watch | None:
    """The same watch, which hears what is better than today."""
    if watch is None or watch.tell is None:
        return watch
    tell = watch.tell

    def heard(progress: Progress) -> None:
        tell(evolve(progress, found=progress.found + offset, bound=progress.bound + offset))

    return evolve(watch, tell=heard)


def _scenarios(known: Scenarios, program: Program, *, shared: bool) -> list[Part]:
    """A part a scenario, and rows that make them build the same."""
    task, count = known.task, len(known.draws)
    place = _places(task.arrays, task.entry)
    parts = []
    for number, delta in enumerate(known.draws):
        arrays = _drawn(task, known.evidence, delta, place)
        whole = arrays.integer if number == 0 else np.zeros_like(arrays.integer)  # the others follow the first
        cost = arrays.cost / count if shared else np.zeros_like(arrays.cost)
        parts.append(program.add(f"s{number}", assembled(evolve(arrays, integer=whole, cost=cost))))
    builds = task.builds
    row = np.arange((count - 1) * len(builds))
    if len(row):
        first = np.tile(parts[0].column + builds, count - 1)
        others = np.concatenate([part.column + builds for part in parts[1:]])
        program.rows("shared", gather(len(row), Term(row, first, 1.0), Term(row, others, -1.0)), 0.0, 0.0)
    return parts


def _drawn(task: Task, evidence: str, delta: Floats, place: Ints) -> Arrays:
    """The program's arrays in a draw."""
    arrays = task.arrays
    value, least, most = arrays.value.copy(), arrays.row_lower.copy(), arrays.row_upper.copy()
    value[place] = task.value.at(delta)
    least[task.rows], most[task.rows] = task.least.at(delta), task.most.at(delta)
    return evolve(arrays, value=value, row_lower=least, row_upper=most, cost=task.objective.at(delta), upper=task.upper[evidence])


def _places(arrays: Arrays, entry: tuple[Ints, Ints]) -> Ints:
    """Where entries stand among the values, row by row."""
    found = [
        arrays.start[row] + int(np.flatnonzero(arrays.column[arrays.start[row] : arrays.start[row + 1]] == column)[0])
        for row, column in zip(entry[0].tolist(), entry[1].tolist(), strict=True)
    ]
    return np.array(found, dtype=np.int32)


def _aimed(known: Scenarios, program: Program, parts: list[Part], wanted: tuple[str, Floats]) -> Callable[[Floats], Floats]:
    """Columns and rows of the tail or of the regret; returns their values for known costs."""
    aim, best = wanted
    count = len(parts)
    size = float(np.abs(known.today - best).max(initial=1.0))
    if aim == "expected":
        return lambda _: np.zeros(0)
    if aim == "regret":
        most = program.block("regret", 1, 1.0, Bounds(size=size))
        program.rows("regret", _costs(known, parts, most.columns), upper=best)
        return lambda cost: np.array([float(np.max(cost - best))])
    edge = program.block("edge", 1, 1.0, Bounds(lower=-np.inf, size=size))
    over = program.block("over", count, 1.0 / (known.tail * count), Bounds(size=size))
    program.rows("tail", _costs(known, parts, edge.columns, over.columns), upper=known.today)

    def values(cost: Floats) -> Floats:
        loss = cost - known.today
        kept = np.sort(loss)[::-1][max(0, int(np.ceil(known.tail * count - 1e-9)) - 1)]
        return np.concatenate([[kept], np.maximum(loss - kept, 0.0)])

    return values


def _costs(known: Scenarios, parts: list[Part], common: Ints, own: Ints | None = None) -> Entries:
    """Rows cost · x_s - common - own_s."""
    row, column, value = [], [], []
    for number, (part, delta) in enumerate(zip(parts, known.draws, strict=True)):
        cost = known.task.objective.at(delta)
        used = np.flatnonzero(cost)
        row.append(np.full(len(used), number))
        column.append(part.column + used)
        value.append(cost[used])
    numbers = np.arange(len(parts))
    terms = [Term(np.concatenate(row), np.concatenate(column), np.concatenate(value)), Term(numbers, np.repeat(common, len(parts)), -1.0)]
    if own is not None:
        terms.append(Term(numbers, own, -1.0))
    return gather(len(parts), *terms)


def _start(known: Scenarios, aim: str, best: Floats, tries: list[Tried]) -> int | None:
    """The try to start from; None where none keeps all promises."""
    score = []
    for one in tries:
        loss = np.sort(one.cost - known.today)[::-1]
        worst = loss[: max(1, int(np.ceil(known.tail * len(loss))))]
        score.append({"expected": loss.mean(), "tail": worst.mean(), "regret": (one.cost - best).max()}[aim])
    least = int(np.argmin(score))
    return least if np.isfinite(score[least]) else None
