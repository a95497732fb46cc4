"""Summary: what the draws of one network tell."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen
from scipy.sparse import csr_array

from sivuvirta.domain.ensembles import EnsembleOptions, Outcome, quantiles
from sivuvirta.domain.links import ArcKind, Floats
from sivuvirta.futures.ensemble.inputs import Uncertain
from sivuvirta.futures.ensemble.statistics import knowing, noise, perfect, rank_correlation, rank_regression, value_at_risk
from sivuvirta.futures.ensemble.task import Task
from sivuvirta.futures.ensemble.together import knowing_groups
from sivuvirta.futures.ensemble.worker import against_today
from sivuvirta.plan.open import OpenPlan

_EXCHANGES = (ArcKind.DIRECT, ArcKind.FEED, ArcKind.DELIVER, ArcKind.PASS)
_USED = 1e-6  # of the largest flow on a link: below it, it is not used
_KEPT = 1e-9  # of what flows through a row
_TIE = 1e-9  # of an objective
_OVER = ["probability", "mean", "p5", "p50", "p95"]


@frozen(eq=False)
class Solved:
    """What was solved of one network. Shape (draws,) unless said."""

    evidence: str
    task: Task
    plan: Floats  # (columns,) the best network with everything at its stated value
    objective: Floats
    benefit: Floats
    carbon: Floats
    flows: Any  # (draws, columns) sparse
    tried: Floats  # (draws, structures) objective of each structure
    earned: Floats  # (draws, structures) benefit


def outcome(plan: OpenPlan, found: Uncertain, solved: Solved, drawn: tuple[Floats, EnsembleOptions]) -> Outcome:
    """Tables of one network.

    Args:
        plan: the program with its names.
        found: the inputs.
        solved: what each draw gave.
        drawn: the draws, shape (draws, inputs), and what was asked for.
    """
    values, chosen = drawn
    possible = np.isfinite(solved.objective)
    worth, best = -solved.tried[possible], -solved.objective[possible]
    kept = np.isfinite(worth).all(axis=0) if len(worth) else np.zeros(worth.shape[1], dtype=bool)
    best = np.maximum(best, worth[:, kept].max(axis=1)) if kept.any() else best
    free = chosen.builds == "free"
    known = perfect(best, worth[:, kept]) if free else (np.nan, np.nan)
    inputs, matters = _inputs(found, solved, values, worth[:, kept] if free else None)
    return Outcome(
        evidence=solved.evidence,
        figures=_figures(plan, solved, chosen.tail),
        links=_links(plan, solved),
        plants=_plants(plan, solved),
        inputs=inputs,
        structures=_structures(plan, solved, (best, worth), chosen.tail),
        draws=pd.DataFrame({"objective": solved.objective, "benefit": solved.benefit, "co2": solved.carbon, "feasible": possible}),
        limits=_limits(plan, solved, values),
        perfect=known[0],
        perfect_error=known[1],
        noise=noise(int(possible.sum()), int(matters.sum())),
        groups=knowing_groups(found.inputs, plan.at.links, values[possible], (worth[:, kept] if free else None, matters)),
    )


def _figures(plan: OpenPlan, solved: Solved, tail: float) -> pd.DataFrame:
    task = solved.task
    none = np.zeros(task.money.effect.shape[1])
    benefit, carbon = against_today(task, none, solved.plan)
    rows = []
    for figure, unit, values, planned, sign in (
        ("benefit", "EUR/a", solved.benefit, benefit, 1.0),
        ("co2", "kg CO2e/a", solved.carbon, carbon, -1.0),
    ):
        edge, mean = value_at_risk(sign * values, tail)
        rows.append(
            {"figure": figure, "unit": unit, "plan": planned, **_spread(values), "value_at_risk": sign * edge, "tail_mean": sign * mean}
        )
    return pd.DataFrame(rows)


def _spread(values: Floats) -> dict[str, float]:
    known = values[np.isfinite(values)]
    low, middle, high = quantiles(values)
    return {"mean": float(known.mean()) if len(known) else np.nan, "p5": low, "p50": middle, "p95": high}


def _links(plan: OpenPlan, solved: Solved) -> pd.DataFrame:
    at, links = plan.at, plan.at.links
    arcs = np.flatnonzero(np.isin(links.arcs.kind, _EXCHANGES))
    parts = list(at.carrying(arcs))
    arc, column, times = (np.concatenate([part[which] for part in parts]) for which in range(3))
    carried = csr_array((times, (column, arc)), shape=(at.lp.shape[1], len(links.arcs)))
    flows, planned = (solved.flows @ carried).tocsc(), carried.T @ solved.plan
    possible = np.isfinite(solved.objective)
    rows = []
    for row in np.flatnonzero((np.diff(flows.indptr) > 0) | (planned > 0)).tolist():
        values = flows[:, [row]].toarray()[:, 0][possible]
        largest = max(float(values.max(initial=0.0)), float(planned[row]))
        ends = {
            "kind": ArcKind(links.arcs.kind[row]).name.lower(),
            "origin": links.nodes.label(links.arcs.origin[row]),
            "destination": links.nodes.label(links.arcs.destination[row]),
            "origin_name": links.nodes.name[links.arcs.origin[row]],
            "destination_name": links.nodes.name[links.arcs.destination[row]],
            "material": links.materials[links.arcs.material[row]],
            "unit": f"{links.units[row]}/a",
        }
        rows.append({**ends, "plan": float(planned[row]), "probability": _share(values > _USED * largest), **_spread(values)})
    frame = pd.DataFrame(
        rows, columns=["kind", "origin", "destination", "origin_name", "destination_name", "material", "unit", "plan", *_OVER]
    )
    return frame.sort_values("probability", ascending=False, kind="stable", ignore_index=True)


def _plants(plan: OpenPlan, solved: Solved) -> pd.DataFrame:
    at = plan.at
    possible = np.isfinite(solved.objective)
    nodes, node = at.links.nodes, at.links.works.node[at.found.plants]
    activity, size = (solved.flows[:, block.columns].toarray()[possible] for block in (at.blocks.activity, at.blocks.size))
    number = {int(plant): row for row, plant in enumerate(at.curves.plant.tolist())}
    rows = []
    for plant, row in enumerate(node.tolist()):
        candidate = plant in number
        values = size[:, number[plant]] if candidate else activity[:, plant]
        planned = at.blocks.size.of(solved.plan)[number[plant]] if candidate else at.blocks.activity.of(solved.plan)[plant]
        largest = max(float(values.max(initial=0.0)), float(planned))
        rows.append(
            {
                "plant": nodes.id[row],
                "name": nodes.name[row],
                "unit": f"{nodes.unit[row] or 't'}/a",
                "figure": "size" if candidate else "activity",
                "plan": float(planned),
                "probability": _share(values > _USED * largest) if largest > 0 else 0.0,
                "used": _share(activity[:, plant] > _USED * max(float(activity[:, plant].max(initial=0.0)), np.finfo(float).tiny)),
                **_spread(values),
            }
        )
    frame = pd.DataFrame(rows, columns=["plant", "name", "unit", "figure", "plan", "probability", "used", "mean", "p5", "p50", "p95"])
    return frame.sort_values("probability", ascending=False, kind="stable", ignore_index=True)


def _share(mask: Any) -> float:
    return float(np.mean(mask)) if len(mask) else float("nan")


def _inputs(found: Uncertain, solved: Solved, values: Floats, worth: Floats | None) -> tuple[pd.DataFrame, Any]:
    """What each input explains, and what knowing it is worth where builds are free; and which inputs change anything."""
    task = solved.task
    possible = np.isfinite(solved.objective)
    drawn, benefit = values[possible], solved.benefit[possible]
    matters = np.zeros(len(found), dtype=bool)
    today = task.today.flow.effect, task.today.money.effect
    for effect in (task.objective.effect, task.money.effect, task.least.effect, task.most.effect, task.value.effect, *today):
        matters |= np.bincount(effect.indices[effect.data != 0], minlength=len(found)) > 0
    some = len(benefit) > 1
    correlation, regression = np.zeros(len(found)), np.zeros(len(found))
    if some:
        correlation[matters] = rank_correlation(drawn[:, matters], benefit)
        regression[matters] = rank_regression(drawn[:, matters], benefit)
    nothing = (np.nan, np.nan) if worth is None else (0.0, 0.0)
    known = [knowing(drawn[:, at], worth) if matters[at] and some and worth is not None else nothing for at in range(len(found))]
    frame = pd.DataFrame(
        {
            "input": [one.name for one in found.inputs],
            "kind": [one.kind for one in found.inputs],
            "label": [one.label for one in found.inputs],
            "low": [one.low for one in found.inputs],
            "high": [one.high for one in found.inputs],
            "relative": [abs(one.unit / one.centre) for one in found.inputs],
            "correlation": correlation,
            "regression": regression,
            "knowing": [value for value, _ in known],
            "knowing_error": [error for _, error in known],
        }
    )
    return frame.sort_values("correlation", key=np.abs, ascending=False, kind="stable", ignore_index=True), matters


def _structures(plan: OpenPlan, solved: Solved, compared: tuple[Floats, Floats], tail: float) -> pd.DataFrame:
    best, worth = compared
    built, columns = plan.at.blocks.built.columns, solved.task.builds
    names = plan.at.links.nodes.id[plan.at.links.works.node[plan.at.found.plants[plan.at.curves.plant]]]
    at = np.array([int(np.flatnonzero(columns == column)[0]) for column in built], dtype=np.int64)
    rows = []
    for number, structure in enumerate(solved.task.structures[solved.evidence]):
        regret = best - worth[:, number]
        edge, mean = value_at_risk(solved.earned[:, number], tail)
        chosen = sorted(names[structure[at] > 0.5].tolist())
        rows.append(
            {
                "structure": "plan" if number == 0 else "nothing built" if not chosen else f"other {number}",
                "built": ", ".join(chosen),
                "possible": _share(np.isfinite(solved.tried[:, number])),
                **_spread(solved.earned[:, number]),
                "value_at_risk": edge,
                "tail_mean": mean,
                "regret_mean": float(regret.mean()) if len(regret) else np.nan,
                "regret_most": float(regret.max(initial=0.0)),
                "best": _share(regret <= _TIE * np.abs(best)),
            }
        )
    return pd.DataFrame(rows)


def _limits(plan: OpenPlan, solved: Solved, values: Floats) -> pd.DataFrame:
    """How probably the plan's own flows keep each limit of a mix, whatever the streams truly contain."""
    at, task = plan.at, solved.task
    rows, specs = at.lp.family("blend"), at.found.matches.specs
    row, column = task.entry
    inside = (row >= rows.start) & (row < rows.start + rows.count)
    of = row[inside] - rows.start
    matrix = csr_array((rows.entries.value, rows.entries.column, rows.entries.start), shape=(rows.count, at.lp.shape[1]))
    activity, through = matrix @ solved.plan, abs(matrix) @ np.abs(solved.plan)
    x, gather = solved.plan[column[inside]], csr_array((np.ones(len(of)), (of, np.arange(len(of)))), shape=(rows.count, len(of)))
    bound = np.asarray(matrix[of, column[inside]]).ravel() if len(of) else np.zeros(0)
    middle = activity + gather @ ((task.value.base[inside] - bound) * x)
    moves = gather @ csr_array(task.value.effect[np.flatnonzero(inside)].multiply(x[:, None]))
    drawn = middle[:, None] + (moves @ values.T)
    ids, limits = at.links.nodes.id, at.links.region.table("limits")["limit"]
    return pd.DataFrame(
        {
            "need": ids[specs.need],
            "limit": limits[specs.limit],
            "used": through > 0,
            "probability": (drawn <= _KEPT * np.maximum(through, 1.0)[:, None]).mean(axis=1) if rows.count else np.zeros(0),
        }
    )
