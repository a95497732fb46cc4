"""Sizes of candidate plants in the second program: cost curves in the incremental form."""

from __future__ import annotations

import numpy as np
from tests.engine.linopy_world import World


def steps(works, p):
    """Sizes and investments at the bends of a candidate's cost curve."""
    known = np.isfinite(works.curve_size[p])
    return works.curve_size[p][known], works.curve_capex[p][known]


def largest(world: World, p: int, feeds: set[tuple]) -> float:
    """Largest size of a candidate, or what its feeds could fill."""
    works, arcs = world.works, world.arcs
    if np.isfinite(works.size_max[p]):
        return float(works.size_max[p])
    supply = dict(zip(world.links.supply.node.tolist(), np.nan_to_num(world.links.supply.value).tolist(), strict=True))
    given = sum(supply.get(int(arcs.origin[path[0]]), 0.0) for path in feeds)
    low = works.slots.low[(works.slots.plant == p) & (works.slots.low > 0)]
    return max(given / float(low.min()), float(works.size_min[p]))


def invest(world: World, p: int, feeds: set[tuple]) -> None:
    """Size in steps along the cost curve, each full before the next begins."""
    works = world.works
    if not works.candidate[p]:
        return
    sizes, capex = steps(works, p)
    most = largest(world, p, feeds)
    rate = float(np.nan_to_num(works.annuity[p])) * world.money
    size, built = ("size", p), ("built", p)
    world.costs[size], world.costs[built] = (float(np.nan_to_num(each[p])) * world.money for each in (works.per_size, works.fixed))
    world.upper[built] = 1.0
    world.whole.add(built)
    world.add({("activity", p): 1.0, size: -1.0}, "<=", 0.0)
    world.add({size: 1.0, built: -float(works.size_min[p])}, ">=", 0.0)
    world.add({size: 1.0, built: -most}, "<=", 0.0)
    if len(sizes) < 2:
        return
    slopes = np.diff(capex) / np.diff(sizes)
    world.costs[built] += rate * (capex[0] - slopes[0] * sizes[0])
    bends = [0.0, *sizes[1:-1], max(most, sizes[-1])]
    world.add({size: -1.0, **{("step", p, k): 1.0 for k in range(len(slopes))}}, "=", 0.0)
    for k, slope in enumerate(slopes):
        length = bends[k + 1] - bends[k]
        world.costs["step", p, k] = rate * slope
        world.add({("step", p, k): 1.0, (built if k == 0 else ("past", p, k)): -length}, "<=", 0.0)
        if k + 1 < len(slopes):
            past = ("past", p, k + 1)
            world.costs[past], world.upper[past] = 0.0, 1.0
            world.whole.add(past)
            world.add({("step", p, k): 1.0, past: -length}, ">=", 0.0)


def capital(world: World, plants: list[int]) -> dict:
    result = {}
    for p in plants:
        sizes, capex = steps(world.works, p)
        if world.works.candidate[p] and len(sizes) > 1:
            slopes = np.diff(capex) / np.diff(sizes)
            result["built", p] = capex[0] - slopes[0] * sizes[0]
            result |= {("step", p, k): slope for k, slope in enumerate(slopes)}
    return result
