"""The plan's program written a second time, from the records alone: another author's rows for the same mathematics.

`tables` makes the rows; `build` gives them to linopy, `tests.engine.scip_model` to SCIP, `tests.engine.enumerate` to scipy one by one.

Nothing of the plan room is used. Cost curves are written in the incremental form, where the plan has the multiple choice form.
"""

from __future__ import annotations

from collections import defaultdict

import linopy
import numpy as np
import pandas as pd
import xarray as xr
from tests.engine.linopy_plants import capital, invest
from tests.engine.linopy_world import PROVEN, World

from sivuvirta.domain.links import ArcKind
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.plans import Control


def optimum(matches: Matches, worst: int = PROVEN, budget: float | None = None) -> float:
    """Least cost of the region, EUR/a, on the evidence allowed."""
    return solved(tables(matches, worst, budget))


def solved(world: World) -> float:
    """The optimum of a program."""
    model = as_model(world)
    status, condition = model.solve("highs", io_api="direct", output_flag=False, mip_rel_gap=1e-9)
    assert (status, condition) == ("ok", "optimal")
    return float(model.objective.value)


def build(matches: Matches, worst: int, budget: float | None = None) -> linopy.Model:
    """The program of a region as a linopy model."""
    return as_model(tables(matches, worst, budget))


def as_model(world: World) -> linopy.Model:
    """A program as a linopy model."""
    names = sorted(world.costs, key=str)
    place = {name: n for n, name in enumerate(names)}
    model = linopy.Model()
    column = pd.RangeIndex(len(names), name="column")
    most = np.array([world.upper.get(name, np.inf) for name in names])
    x = model.add_variables(lower=0, upper=xr.DataArray(most, coords=[column]), name="x")
    chosen = [place[name] for name in names if name in world.whole]
    if chosen:
        index = pd.RangeIndex(len(chosen), name="choice")
        y = model.add_variables(binary=True, coords=[index], name="y")
        model.add_constraints(x.isel(column=xr.DataArray(chosen, dims="choice", coords={"choice": index})) - y == 0, name="binary")
    for number, sign in enumerate(("<=", ">=", "=")):
        part = [(terms, side) for terms, given, side in world.rows if given == sign]
        if not part:
            continue
        matrix = np.zeros((len(part), len(names)))
        for r, (terms, _) in enumerate(part):
            for name, value in terms.items():
                matrix[r, place[name]] += value
        row = pd.RangeIndex(len(part), name=f"row{number}")
        side = xr.DataArray([side for _, side in part], coords=[row])
        model.add_constraints((xr.DataArray(matrix, coords=[row, column]) * x).sum("column"), sign, side, name=f"rows{number}")
    model.add_objective((xr.DataArray([world.costs[name] for name in names], coords=[column]) * x).sum())
    return model


def tables(matches: Matches, worst: int, budget: float | None = None, measure: str = "value") -> World:
    """Everything, plant by plant and node by node."""
    world = World(matches, worst, measure)
    entering = operations(world)
    for p in sorted(entering):
        invest(world, p, entering[p])
    if measure == "value":
        _fixed_ways(world)
    limits(world)
    if budget is not None:
        world.add(capital(world, sorted(entering)), "<=", budget)
    return world


def operations(world: World) -> dict[int, set[tuple]]:
    """Flows and plants without their investment; what enters each plant, by the arcs on which it has come."""
    matches, worst, routes = world.matches, world.worst, world.matches.routes
    _flows(world)
    through = [r for r in world.allowed if routes.plant[r] >= 0]
    ends = {((int(routes.arc_in[r]),), int(routes.arc_out[r])): r for r in through}
    ends |= {(arcs, int(matches.chains.arc_out[c])): None for c, arcs in _chains(matches, worst)}
    entering = defaultdict(set)
    for path, _ in ends:
        for count in range(1, len(path) + 1):
            entering[_plant_at(world, path[count - 1])].add(path[:count])
    plants = sorted(entering)
    _reagents(world, entering)
    every = {path for paths in entering.values() for path in paths}
    for p in plants:
        _plant(world, p, sorted(entering[p]), (ends, every))
    _campaigns(world, _eta(world))
    _nodes(world)
    return entering


def limits(world: World) -> None:
    """What streams, needs, plants, ways and products allow."""
    _capacities(world)
    _specifications(world)
    _shares(world)


def hold(world: World, control: Control) -> None:
    """What the user fixes or bounds: the flow of an arc between two ends, a plant's activity, whether it is built."""
    ids = world.links.nodes.id
    if control.plant is None:
        ends = zip(world.arcs.origin.tolist(), world.arcs.destination.tolist(), strict=True)
        chosen = [arc for arc, (a, b) in enumerate(ends) if (ids[a], ids[b]) == (control.origin, control.destination)]
        terms = {name: value for arc in chosen for name, value in world.load[arc].items()}
    else:
        (plant,) = [p for p, node in enumerate(world.works.node.tolist()) if ids[node] == control.plant]
        terms = {("activity", plant): 1.0}
        if control.built is not None:
            world.add({("built", plant): 1.0}, "=", float(control.built))
    world.add(terms, ">=", control.least)
    if np.isfinite(control.most):
        world.add(terms, "<=", control.most)


def _fixed_ways(world: World) -> None:
    """A row of `links` with a fixed cost: nothing flows over its arcs unless it is paid."""
    region, most = world.links.region, float(np.nan_to_num(world.links.supply.value).sum())
    for row, each in enumerate(region.table("links").rows()):
        loads = [load for arc, load in world.load.items() if world.arcs.fixed_group[arc] == row]
        terms = {name: value for load in loads for name, value in load.items()}
        if each["fixed_cost"] and terms:
            world.costs["paid", row], world.upper["paid", row] = each["fixed_cost"], 1.0
            world.whole.add(("paid", row))
            world.add({**terms, ("paid", row): -10 * most}, "<=", 0.0)


def _chains(matches: Matches, worst: int) -> list:
    """Routes of several steps on the evidence allowed, with the arcs into their plants."""
    chains = matches.chains
    return [(c, tuple(chains.arc[chains.steps(c)].tolist())) for c in range(len(chains)) if chains.verdict[c] <= worst]


def _plant_at(world: World, arc: int) -> int:
    return int(np.flatnonzero(world.works.node == world.arcs.destination[arc])[0])


def _eta(world: World) -> dict:
    yields = world.works.yields
    return {(int(a), int(g)): float(e) for a, g, e in zip(yields.arc, yields.output, yields.eta, strict=True) if e > 0}


def _reagents(world: World, entering: dict) -> None:
    """Reagents of each plant, and what goes on of them wherever something that they were mixed with goes on."""
    eta, arcs = _eta(world), world.arcs
    streams = {path for paths in entering.values() for path in paths}
    for p in sorted(entering):
        for r in world.arcs_of(ArcKind.REAGENT):
            if arcs.destination[r] != world.works.node[p]:
                continue
            tails = {path[n:] for path in streams for n in range(1, len(path) + 1) if _plant_at(world, path[n - 1]) == p}
            for tail in tails:
                if not tail or (r, int(arcs.output[tail[0]])) in eta:
                    entering[_plant_at(world, (r, *tail)[-1])].add((r, *tail))


def _flows(world: World) -> None:
    arcs, routes = world.arcs, world.matches.routes
    for r in world.allowed:
        if routes.plant[r] < 0:
            arc = int(routes.arc_in[r])
            world.flow(("direct", arc), arc)
            world.column_of_route[r] = ("direct", arc)
            world.out_of[int(arcs.origin[arc])]["direct", arc] = 1.0
            world.into[int(arcs.destination[arc])]["direct", arc] = arcs.ratio[arc]
    for arc in world.arcs_of(ArcKind.FATE):
        world.flow(("fate", arc), arc)
        world.out_of[int(arcs.origin[arc])]["fate", arc] = 1.0
    for arc in world.arcs_of(ArcKind.BUY):
        world.flow(("buy", arc), arc)
        world.into[int(arcs.destination[arc])]["buy", arc] = 1.0


def _nodes(world: World) -> None:
    supply, demand = world.links.supply, world.links.demand
    for node, amount in zip(supply.node.tolist(), np.nan_to_num(supply.value).tolist(), strict=True):
        world.add(world.out_of[node], "=", amount)
    for position, node in enumerate(demand.amounts.node.tolist()):
        terms = world.into[node]
        bought = any(name[0] == "buy" for name in terms)
        world.add(terms, "=" if bought and not demand.market[position] else "<=", np.nan_to_num(demand.amounts.value[position]))
        if demand.minimum[position] > 0:
            world.add({name: value for name, value in terms.items() if name[0] != "buy"}, ">=", demand.minimum[position])


def _capacities(world: World) -> None:
    """What each arc may carry, what all arcs into one outlet may, and what all arcs under one row of table `links` may."""
    arcs, region = world.arcs, world.links.region
    stated = {("outlet", row["fate"]): row["capacity"] for row in region.table("fates").rows()}
    stated |= {("way", n): row["capacity"] for n, row in enumerate(region.table("links").rows())}
    together = defaultdict(dict)
    for arc, load in world.load.items():
        if np.isfinite(arcs.capacity[arc]):
            world.add(load, "<=", arcs.capacity[arc])
        if arcs.kind[arc] in (ArcKind.FATE, ArcKind.RESIDUE):
            together["outlet", world.links.nodes.id[arcs.destination[arc]]].update(load)
        together["way", int(arcs.capacity_group[arc])].update(load)
    for key, load in together.items():
        if stated.get(key) is not None:
            world.add(load, "<=", stated[key])


def _specifications(world: World) -> None:
    specs = world.matches.specs
    for s in range(len(specs.need)):
        terms = defaultdict(float)
        for entry in np.flatnonzero(specs.row == s):
            name = world.column_of_route.get(int(specs.route[entry]))
            if name is not None:
                terms[name] += specs.coefficient[entry]
        world.add(terms, "<=", 0.0)


def _shares(world: World) -> None:
    """Bounds on the share of an acceptance in what a need takes, and of a recipe's class in what a slot takes."""
    arcs = world.arcs
    incoming = defaultdict(dict)
    for arc, load in world.load.items():
        if load and arcs.kind[arc] in (ArcKind.DIRECT, ArcKind.DELIVER, ArcKind.FEED, ArcKind.PASS, ArcKind.REAGENT, ArcKind.BUY):
            incoming[int(arcs.destination[arc]), int(arcs.slot[arc])][arc] = load
    for members in incoming.values():
        groups = defaultdict(list)
        for arc in members:
            groups[_share_group(world, arc)].append(arc)
        for group in groups.values():
            low, high = arcs.share_low[group[0]], arcs.share_high[group[0]]
            if np.isfinite(low):
                world.add(_share(members, group, low, [a for a in members if arcs.kind[a] != ArcKind.BUY]), ">=", 0.0)
            if np.isfinite(high):
                world.add(_share(members, group, high, list(members)), "<=", 0.0)


def _share(members: dict, inside: list[int], bound: float, of: list[int]) -> dict:
    terms = defaultdict(float)
    for arc in of:
        for name, value in members[arc].items():
            terms[name] += value * ((arc in inside) - bound)
    return terms


def _share_group(world: World, arc: int) -> tuple:
    arcs, works = world.arcs, world.works
    if arcs.slot[arc] < 0:
        return "acceptance", int(arcs.acceptance[arc])
    slot, inputs = int(arcs.slot[arc]), world.links.region.table("recipe_inputs")
    material = world.links.materials[arcs.material[arc]]
    place = works.technology[works.slots.plant[slot]], works.slots.name[slot]
    classes = [
        row["material"]
        for row in inputs.rows()
        if (row["technology"], row["slot"]) == place and f"{material}.".startswith(f"{row['material']}.")
    ]
    return "class", max(classes, key=len, default=material if arcs.kind[arc] != ArcKind.REAGENT else "")


def _plant(world: World, p: int, entering: list[tuple], known: tuple) -> None:
    """Flows of one plant; what enters it is told apart by the arcs on which it has come."""
    arcs, works = world.arcs, world.works
    (ends, every), eta = known, _eta(world)
    reagents = {path for path in entering if arcs.kind[path[0]] == ArcKind.REAGENT}
    residues = {b for b in world.arcs_of(ArcKind.RESIDUE) if arcs.origin[b] == works.node[p]}
    ways = sorted({b for (path, b) in ends if path in entering} | {path[-1] for path in every if path[:-1] in entering} | residues)
    world.costs["activity", p] = world.per_activity[p]
    for path in entering:
        world.costs["enter", path] = world.per_arc[path[-1]]
        world.load[path[-1]]["enter", path] = 1.0
        if len(path) == 1 and path not in reagents:
            world.out_of[int(arcs.origin[path[0]])]["enter", path] = 1.0
        for g in np.flatnonzero(works.outputs.plant == p).tolist():
            if (path[-1], g) in eta:
                out = [b for b in ways if arcs.output[b] == g and _may_leave(world, path, b, (ends, every))]
                world.add({("enter", path): -1.0, **{("pair", path, b): 1.0 for b in out}}, "=", 0.0)
                for b in out:
                    _pair(world, path, b, eta[path[-1], g], ends)
    for s in np.flatnonzero(works.slots.plant == p).tolist():
        _recipe(world, s, {("enter", path): 1.0 for path in entering if arcs.slot[path[-1]] == s}, ("activity", p))
    if len({int(arcs.slot[path[-1]]) for path in entering}) > 1:
        _batches(world, p, entering, eta)
    if not works.candidate[p] and np.isfinite(works.capacity[p]):
        world.add({("activity", p): 1.0}, "<=", works.capacity[p])


def _may_leave(world: World, path: tuple, b: int, known: tuple) -> bool:
    ends, every = known
    kind = world.arcs.kind[b]
    if kind == ArcKind.PASS:
        return (*path, b) in every
    return kind == ArcKind.RESIDUE or world.arcs.kind[path[0]] == ArcKind.REAGENT or (path, b) in ends


def _pair(world: World, path: tuple, b: int, eta: float, ends: dict) -> None:
    arcs, name = world.arcs, ("pair", path, b)
    world.costs[name] = 0.0
    if arcs.kind[b] == ArcKind.PASS:
        world.add({("enter", (*path, b)): 1.0, name: -eta}, "=", 0.0)
        world.costs["enter", (*path, b)] = world.per_arc[b]
        return
    world.costs[name] = eta * world.per_arc[b]
    world.load[b][name] = eta
    if arcs.kind[b] == ArcKind.DELIVER:
        world.into[int(arcs.destination[b])][name] = eta * arcs.ratio[b]
    if ends.get((path, b)) is not None:
        world.column_of_route[ends[path, b]] = name


def _recipe(world: World, slot: int, inside: dict, activity: tuple) -> None:
    slots = world.works.slots
    world.add({**inside, activity: -float(slots.low[slot])}, ">=", 0.0)
    if np.isfinite(slots.high[slot]):
        world.add({**inside, activity: -float(slots.high[slot])}, "<=", 0.0)


def _batches(world: World, p: int, entering: list[tuple], eta: dict) -> None:
    """Each way out of a plant of several slots, to the very end, is a campaign of its own, with its own activity."""
    works, arcs = world.works, world.arcs
    for g in np.flatnonzero(works.outputs.plant == p).tolist():
        whole = []
        for s in np.flatnonzero(works.slots.plant == p).tolist():
            members = [path for path in entering if arcs.slot[path[-1]] == s]
            if members and all((path[-1], g) in eta for path in members):
                whole.append((s, members))
        world.later.append((p, g, whole, entering))


def _campaigns(world: World, eta: dict) -> None:
    """Campaigns of every plant that mixes, once all flows are known."""
    for p, g, whole, entering in world.later:
        _split(world, (p, g, whole), entering, ((), ("activity", p)), eta)


def _split(world: World, mixed: tuple, entering: list[tuple], at: tuple, eta: dict) -> None:
    """Campaigns over each arc out of one output, and over those behind it."""
    p, g, whole = mixed
    tail, parent = at
    arcs, outputs = world.arcs, world.works.outputs.plant
    here = {(*path, *tail) for path in entering}
    ways = sorted({name[2] for name in world.costs if name[0] == "pair" and name[1] in here and arcs.output[name[2]] == g})
    if ways:
        world.add({**{("batch", p, (*tail, b)): 1.0 for b in ways}, parent: -1.0}, "=", 0.0)
    for b in ways:
        batch = ("batch", p, (*tail, b))
        world.costs[batch] = 0.0
        for s, members in whole:
            names = [("pair", (*path, *tail), b) for path in members]
            inside = {
                name: 1.0 / _made_between(path, tail, eta, arcs) for path, name in zip(members, names, strict=True) if name in world.costs
            }
            _recipe(world, s, inside, batch)
        if arcs.kind[b] == ArcKind.PASS:
            for further in np.flatnonzero(outputs == _plant_at(world, b)).tolist():
                _split(world, (p, further, whole), entering, ((*tail, b), batch), eta)


def _made_between(path: tuple, tail: tuple, eta: dict, arcs) -> float:
    """Units at the last plant per unit that entered over the last arc of a path."""
    result, over = 1.0, path[-1]
    for b in tail:
        result *= eta[over, int(arcs.output[b])]
        over = b
    return result
