"""The same linear program three ways: our rooms, arrays straight into HiGHS, and linopy."""

from __future__ import annotations

import highspy
import linopy
import numpy as np
import pandas as pd
import xarray as xr
from scipy.sparse import csr_array

from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.links import ArcKind
from sivuvirta.domain.matches import Matches
from sivuvirta.lp.model import Model
from sivuvirta.plan.program.families import program


def ours(matches: Matches) -> Model:
    """Rows by family, with names, scaled, in HiGHS."""
    return Model(program(matches).lp)


def floor(matches: Matches) -> highspy.Highs:
    """What a hand could write for this one program: columns in place, no names, no scaling, nothing checked."""
    links, routes, specs = matches.links, matches.routes, matches.specs
    arcs, supply, demand = links.arcs, links.supply, links.demand.amounts
    usable = np.flatnonzero(routes.verdict < Verdict.FAIL)
    streams, needs = len(supply.node), len(demand.node)
    row = np.zeros(len(links.nodes.id), np.int32)
    row[supply.node], row[demand.node] = np.arange(streams), streams + np.arange(needs)
    fate, buy = (np.flatnonzero(arcs.kind == kind) for kind in (ArcKind.FATE, ArcKind.BUY))
    arc, cost = routes.arc_in[usable], arcs.eur @ np.ones(arcs.eur.shape[1])
    begin = np.searchsorted(specs.row, np.arange(len(specs.need) + 1)).astype(np.int32)
    limits = csr_array((specs.coefficient, specs.route, begin), shape=(len(specs.need), len(routes))).tocsc()
    kept = np.repeat(routes.verdict < Verdict.FAIL, np.diff(limits.indptr))
    count = np.concatenate([np.diff(limits.indptr)[usable] + 2, np.ones(len(fate) + len(buy), np.int32)])
    start = np.concatenate([[0], np.cumsum(count)]).astype(np.int32)
    index, value, head = np.empty(start[-1], np.int32), np.ones(start[-1]), start[: len(usable)]
    index[head], index[head + 1] = row[arcs.origin[arc]], row[arcs.destination[arc]]
    value[head + 1] = arcs.ratio[arc]
    ends = start[len(usable)]
    limit = np.ones(ends, bool)
    limit[head] = limit[head + 1] = False
    index[:ends][limit], value[:ends][limit] = limits.indices[kept] + (streams + needs), limits.data[kept]
    index[ends:] = np.concatenate([row[arcs.origin[fate]], row[arcs.destination[buy]]])
    costs = np.concatenate([cost[arc], cost[fate], cost[buy]])
    sides = np.concatenate([supply.value, demand.value])
    low, high = (np.concatenate([sides, np.full(len(specs.need), side)]) for side in (-np.inf, 0.0))
    none, whole = np.zeros(len(costs)), np.zeros(len(costs), np.int32)
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    least, most = none, np.full(len(costs), np.inf)
    highs.passModel(len(costs), len(low), len(index), 1, 1, 0.0, costs, least, most, low, high, start, index, value, whole)
    return highs


def by_linopy(matches: Matches) -> highspy.Highs:
    """As its documentation writes it: grouped sums over the arcs of a stream, of a need, of a limit; direct hand-over."""
    links, routes, specs = matches.links, matches.routes, matches.specs
    arcs, supply, demand = links.arcs, links.supply, links.demand.amounts
    usable = np.flatnonzero(routes.verdict < Verdict.FAIL)
    fate, buy = (np.flatnonzero(arcs.kind == kind) for kind in (ArcKind.FATE, ArcKind.BUY))
    cost, arc = arcs.eur.sum(axis=1), routes.arc_in[usable]
    model = linopy.Model()
    x, w, v = (model.add_variables(lower=0, coords=[pd.RangeIndex(len(of), name=name)], name=name) for name, of in _kinds(arc, fate, buy))
    ratio = xr.DataArray(arcs.ratio[arc], dims="route")
    leaving = _grouped(1 * x, arcs.origin[arc], "stream").add(_grouped(1 * w, arcs.origin[fate], "stream"), join="outer")
    arriving = _grouped(ratio * x, arcs.destination[arc], "need").add(_grouped(1 * v, arcs.destination[buy], "need"), join="outer")
    model.add_constraints(leaving == _by_node(supply, "stream"), name="supply")
    model.add_constraints(arriving == _by_node(demand, "need"), name="need")
    position = np.full(len(routes), -1)
    position[usable] = np.arange(len(usable))
    kept = np.flatnonzero(position[specs.route] >= 0)
    if len(kept):
        chosen = x.isel(route=xr.DataArray(position[specs.route[kept]], dims="entry", coords={"entry": np.arange(len(kept))}))
        mixed = _grouped(xr.DataArray(specs.coefficient[kept], dims="entry") * chosen, specs.row[kept], "spec")
        model.add_constraints(mixed <= 0, name="blend")
    costs = [(xr.DataArray(cost[of], dims=name) * block).sum() for (name, of), block in zip(_kinds(arc, fate, buy), (x, w, v), strict=True)]
    model.add_objective(costs[0] + costs[1] + costs[2])
    return model.to_highspy()


def _kinds(arc: np.ndarray, fate: np.ndarray, buy: np.ndarray) -> tuple[tuple[str, np.ndarray], ...]:
    return ("route", arc), ("fate", fate), ("buy", buy)


def _grouped(expression: linopy.LinearExpression, group: np.ndarray, name: str) -> linopy.LinearExpression:
    (dimension,) = expression.coord_dims
    index = pd.RangeIndex(len(group), name=dimension)
    return expression.groupby(pd.Series(group, index=index, name=name)).sum()


def _by_node(amounts: object, name: str) -> xr.DataArray:
    return xr.DataArray(amounts.value, coords=[pd.Index(amounts.node, name=name)])


def optimum(highs: highspy.Highs, method: str, limit: float) -> tuple[float, float]:
    """Objective and seconds of a bare solve; NaN where the limit was reached."""
    for name, value in (("output_flag", False), ("solver", method), ("time_limit", limit)):
        highs.setOptionValue(name, value)
    highs.run()
    done = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return (highs.getInfo().objective_function_value if done else float("nan")), highs.getRunTime()
