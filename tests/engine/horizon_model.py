"""The program of a horizon written a second time, with linopy: one `World` a period, each from a region of its own, joined by hand.

Nothing of the plan room is used. Amounts of a period are those of a register written for it; cost curves are in the incremental form.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from tests.engine.horizon_worlds import HALVES, part_of
from tests.engine.linopy_model import limits, operations, solved
from tests.engine.linopy_plants import steps
from tests.engine.linopy_world import World
from tests.engine.worlds import Tables, matched

RATE = 0.05


def pathway_optimum(tables: Tables, years: Sequence[int], worst: int, budget: float | None = None) -> float:
    """Least cost over years of two halves each, EUR of the first year; every year stands for itself."""
    seasons = {name: matched(part_of(tables, name)) for name, _, _ in HALVES}
    whole = World(next(iter(seasons.values())), worst)
    whole.rows, whole.costs, whole.upper, whole.whole = [], {}, {}, set()
    factor = {year: (1 + RATE) ** -(year - years[0]) for year in years}
    for tau in years:
        _invest(whole, seasons, (tau, years), sum(factor[year] for year in years if year >= tau))
        if budget is not None:
            whole.add(_capex(whole, tau), "<=", budget)
    for year in years:
        for name, _, share in HALVES:
            _period(whole, seasons[name], (year, name), (factor[year], share, worst, years))
    _stocks(whole, tables, years, (factor, seasons))
    return solved(whole)


def _period(whole: World, matches, when: tuple, given: tuple) -> None:
    factor, share, worst, years = given
    world = World(matches, worst)
    plants = sorted(operations(world))
    limits(world)
    ids = matches.links.nodes.id
    streams = {id(world.out_of[int(node)]): str(ids[node]) for node in matches.links.supply.node}
    supply = [world.out_of[int(node)] for node in matches.links.supply.node]
    for name, value in world.costs.items():
        whole.costs[*when, name] = factor * value
    for name, value in world.upper.items():
        whole.upper[*when, name] = value
    for number, (terms, sign, side) in enumerate(world.rows):
        moved = {(*when, name): value for name, value in terms.items()}
        if number < len(world.rows) and sign == "=" and any(terms == row for row in supply) and _is_supply(world, terms):
            moved |= _kept(streams, world, terms, when)
        whole.add(moved, sign, side)
    for p in plants:
        key = str(ids[matches.links.works.node[p]])
        whole.add({(*when, ("activity", p)): 1.0, **{("size", tau, key): -share for tau in years if tau <= when[0]}}, "<=", 0.0)


def _is_supply(world: World, terms: dict) -> bool:
    return bool(terms) and all(name[0] in ("direct", "fate", "enter") for name in terms)


def _kept(streams: dict, world: World, terms: dict, when: tuple) -> dict:
    """What is put into a stream's stock and taken out of it, as more terms of its supply row."""
    (name,) = (streams[id(row)] for row in (world.out_of[int(node)] for node in world.links.supply.node) if row == terms and row)
    return {("put", *when, name): 1.0, ("take", *when, name): -1.0}


def _stocks(whole: World, tables: Tables, years: Sequence[int], given: tuple) -> None:
    """Levels of stocks; streams without one keep nothing."""
    factor, seasons = given
    stocks = {row["stream"]: row for row in tables["stocks"]}
    start = {row["subject"]: row["value"] for row in tables["quantities"] if row["table"] == "stocks"}
    steps = [(year, name) for year in years for name, _, _ in HALVES]
    for stream in [row["stream"] for row in tables["streams"]]:
        row = stocks.get(stream)
        if row is None:
            for step in steps:
                for kind in ("put", "take"):
                    whole.costs[kind, *step, stream], whole.upper[kind, *step, stream] = 0.0, 0.0
            continue
        _one_stock(whole, row, float(start[row["stock"]]), (steps, factor, seasons))


def _one_stock(whole: World, row: dict, first: float, given: tuple) -> None:
    steps, factor, seasons = given
    stream, sent, fee = row["stream"], 1.0, 0.0
    for matches in seasons.values():
        links = matches.links
        node = next(int(n) for n in links.supply.node if links.nodes.id[n] == stream)
        out = np.flatnonzero((links.arcs.origin == node) & (links.arcs.today > 0))
        if len(out):
            sent, fee = float(links.arcs.sent[out[0]]), max(0.0, float(links.arcs.eur[out].sum(axis=1).max()))
    keep, before = (1 - float(row["loss"]) / 100) ** 0.5, None
    for step in steps:
        level, put, take = (kind, *step, stream) if (kind := "level") else (), ("put", *step, stream), ("take", *step, stream)
        whole.costs[level], whole.upper[level] = 0.0, max(float(row["capacity"]), first)
        if before is not None:
            whole.costs[before] = factor[step[0]] * fee * (1 - keep)
        for name in (put, take):
            whole.costs[name] = factor[step[0]] * float(row["handling"]) * sent / 2
        terms = {level: 1.0, put: -1.0, take: 1.0}
        whole.add(terms if before is None else terms | {before: -keep}, "=", keep * first if before is None else 0.0)
        before = level
    whole.costs["left", stream] = factor[steps[-1][0]] * fee
    whole.add({before: 1.0, ("left", stream): -1.0}, "<=", first)


def _invest(whole: World, seasons: dict, when: tuple, weight: float) -> None:
    """Sizes in steps along the cost curve, decided in a year; the lifetime outlasts the horizon."""
    tau, years = when
    seen: set[str] = set()
    for matches in seasons.values():
        works, ids = matches.links.works, matches.links.nodes.id
        for p in np.flatnonzero(works.candidate).tolist():
            key = str(ids[works.node[p]])
            if key in seen:
                continue
            seen.add(key)
            _curve(whole, works, p, (tau, key, weight))
            if tau == years[0]:
                whole.add({("built", year, key): 1.0 for year in years}, "<=", 1.0)


def _curve(whole: World, works, p: int, given: tuple) -> None:
    tau, key, weight = given
    sizes, capex = steps(works, p)
    slopes, rate = np.diff(capex) / np.diff(sizes), weight * float(works.annuity[p])
    size, built, most = ("size", tau, key), ("built", tau, key), float(works.size_max[p])
    whole.costs[size], whole.costs[built], whole.upper[built] = 0.0, rate * (capex[0] - slopes[0] * sizes[0]), 1.0
    whole.whole.add(built)
    whole.add({size: 1.0, built: -float(works.size_min[p])}, ">=", 0.0)
    whole.add({size: 1.0, built: -most}, "<=", 0.0)
    whole.add({size: -1.0, **{("step", tau, key, k): 1.0 for k in range(len(slopes))}}, "=", 0.0)
    bends = [0.0, *sizes[1:-1], max(most, sizes[-1])]
    for k, slope in enumerate(slopes):
        length, step = bends[k + 1] - bends[k], ("step", tau, key, k)
        whole.costs[step] = rate * slope
        whole.capex = getattr(whole, "capex", {}) | {step: slope}
        whole.add({step: 1.0, (built if k == 0 else ("past", tau, key, k)): -length}, "<=", 0.0)
        if k + 1 < len(slopes):
            past = ("past", tau, key, k + 1)
            whole.costs[past], whole.upper[past] = 0.0, 1.0
            whole.whole.add(past)
            whole.add({step: 1.0, past: -length}, ">=", 0.0)
    whole.capex[built] = capex[0] - slopes[0] * sizes[0]


def _capex(whole: World, tau: int) -> dict:
    return {name: value for name, value in whole.capex.items() if name[1] == tau}
