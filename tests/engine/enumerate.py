"""Every way to build, tried one by one: what searches for the best, the n best or a front of them must find the same.

Nothing of the plan room is used. The rows are those of `tests.engine.linopy_model`; each structure fixes which candidate plants stand and
on which piece of its cost curve each is, so that a linear program is left, which scipy solves. The number of programs is the product of
(1 + pieces) over the candidates: for a few plants only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array
from tests.engine.linopy_model import tables
from tests.engine.linopy_world import POTENTIAL, World

from sivuvirta.domain.matches import Matches


@dataclass(frozen=True)
class Structure:
    """One set of candidate plants that stand, and the least that it can do."""

    built: frozenset[str]  # names of the plants that stand; the others do not
    value: float  # a year, in the unit of what is measured


@dataclass(frozen=True)
class Arrays:
    """A world as arrays. Shape (columns,) and (rows, columns)."""

    names: list[tuple]
    cost: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    matrix: csr_array
    low: np.ndarray
    high: np.ndarray


def structures(
    matches: Matches, worst: int = POTENTIAL, budget: float | None = None, measure: str = "value", most: Mapping[str, float] | None = None
) -> list[Structure]:
    """All structures for which there is a plan, best first.

    Args:
        matches: routes with their verdicts.
        worst: verdict up to which routes may be used: `PROVEN` or `POTENTIAL`.
        budget: EUR of investment at most.
        measure: what is least: "value" (EUR), "co2" (kg CO2e), "diversion" (t to disposal), "virgin" (t of primary product bought), "jobs"
            (posts, with a minus: as many as can be) or "traffic" (vehicle-kilometres), all a year.
        most: upper bounds on other measures, in their units; a lower bound on posts is one on posts with a minus.
    """
    world = bounded(matches, worst, budget, measure, most)
    arrays = as_arrays(world)
    best: dict[frozenset[str], float] = defaultdict(lambda: np.inf)
    for built, fixed in choices(world):
        best[built] = min(best[built], _least(arrays, fixed))
    found = [Structure(built, value) for built, value in best.items() if np.isfinite(value)]
    return sorted(found, key=lambda structure: (structure.value, sorted(structure.built)))


def in_turn(matches: Matches, measures: Sequence[str], worst: int = POTENTIAL, rounding: float = 1e-9) -> list[float]:
    """Least of each measure with all the former ones kept at their least, but for rounding, relative."""
    kept: dict[str, float] = {}
    found = []
    for measure in measures:
        best = structures(matches, worst, measure=measure, most=kept)[0].value
        found.append(best)
        kept[measure] = best + rounding * max(abs(best), 1.0)
    return found


def bounded(matches: Matches, worst: int, budget: float | None, measure: str, most: Mapping[str, float] | None) -> World:
    """A world with bounds on what it does not minimise."""
    world = tables(matches, worst, budget, measure)
    for other, limit in (most or {}).items():
        world.add(tables(matches, worst, None, other).costs, "<=", limit)
    return world


def choices(world: World) -> Iterator[tuple[frozenset[str], dict[tuple, float]]]:
    """Every choice of whole numbers: names of the plants that stand, and the value of each whole column."""
    steps: dict[int, list[tuple]] = defaultdict(list)
    for name in sorted(world.whole, key=str):
        steps[name[1]].append(name)  # ("built", p) comes before ("past", p, 1), ("past", p, 2) ...
    plants = sorted(steps)
    for counts in product(*(range(len(steps[p]) + 1) for p in plants)):
        fixed = {name: float(k < count) for p, count in zip(plants, counts, strict=True) for k, name in enumerate(steps[p])}
        names = (str(world.links.nodes.id[world.works.node[p]]) for p, count in zip(plants, counts, strict=True) if count)
        yield frozenset(names), fixed


def as_arrays(world: World) -> Arrays:
    """Columns, rows and bounds of a world."""
    names = sorted(world.costs, key=str)
    place = {name: n for n, name in enumerate(names)}
    entries = [(r, place[name], value) for r, (terms, _, _) in enumerate(world.rows) for name, value in terms.items()]
    row, column, value = (np.array(part) for part in zip(*entries, strict=True)) if entries else (np.zeros(0, int),) * 3
    side = np.array([side for _, _, side in world.rows], dtype=float)
    sign = np.array([sign for _, sign, _ in world.rows])
    return Arrays(
        names=names,
        cost=np.array([world.costs[name] for name in names], dtype=float),
        lower=np.zeros(len(names)),
        upper=np.array([world.upper.get(name, np.inf) for name in names], dtype=float),
        matrix=csr_array((value, (row, column)), shape=(len(world.rows), len(names))),
        low=np.where(sign == "<=", -np.inf, side),
        high=np.where(sign == ">=", np.inf, side),
    )


def _least(arrays: Arrays, fixed: Mapping[tuple, float]) -> float:
    """Least of a measure with the whole numbers fixed; infinity where there is no plan."""
    lower, upper = arrays.lower.copy(), arrays.upper.copy()
    for position, name in enumerate(arrays.names):
        if name in fixed:
            lower[position] = upper[position] = fixed[name]
    rows, bounds = LinearConstraint(arrays.matrix, arrays.low, arrays.high), Bounds(lower, upper)
    for presolve in (True, False):  # on the edge of what is possible one way may not know
        found = milp(arrays.cost, constraints=rows, bounds=bounds, options={"presolve": presolve})
        if found.status in (0, 2):
            break
    assert found.status in (0, 2), found.message
    return float(found.fun) if found.status == 0 else np.inf
