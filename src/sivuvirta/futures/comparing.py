"""Comparing: plans of several scenarios as one set of tables, and what changes between them in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sivuvirta.domain.assessments import Assessment
from sivuvirta.domain.comparisons import Comparison
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.plans import Network, Plan
from sivuvirta.plan.explain.words import figure
from sivuvirta.plan.program.objective import cost_of, emissions_of

_KG = 1000.0  # per tonne
_SAME = 1e-6  # relative
_EVIDENCE = ("proven", "potential")
_FIGURE = ["figure", "label", "unit", "evidence"]
_ENDS = ["evidence", "kind", "origin", "destination", "origin_name", "destination_name", "unit"]


def compared(names: Sequence[str], plans: Sequence[Plan], assessments: Sequence[Assessment]) -> Comparison:
    """Puts plans side by side; flows and plants are joined by their ids.

    Args:
        names: of the scenarios, the first is what the others are compared with.
        plans: one a scenario, of one region or of its vintages.
        assessments: one a plan.
    """
    flows = _joined([_flows(plan) for plan in plans], _ENDS, names)
    plants = _joined([_plants(plan) for plan in plans], ["evidence", "plant", "name", "what", "unit"], names)
    figures = _joined([_figures(*pair) for pair in zip(plans, assessments, strict=True)], _FIGURE, names, np.nan)
    rows = [row for name in names[1:] for row in _changes((names[0], name), figures, flows, plants)]
    changes = pd.DataFrame(rows, columns=["scenario", "evidence", "what", "text"])
    return Comparison(tuple(names), tuple(plans), figures, flows, plants, changes, _ranges(names, assessments))


def _joined(frames: Sequence[pd.DataFrame], keys: list[str], names: Sequence[str], absent: float = 0.0) -> pd.DataFrame:
    """One row a key, one column a scenario; where a scenario has no such row, nothing flows and nothing stands, or as told."""
    parts = [frame.groupby(keys, sort=False)["value"].sum(min_count=1).rename(name) for frame, name in zip(frames, names, strict=True)]
    order = list(dict.fromkeys(key for part in parts for key in part.index))
    index = pd.MultiIndex.from_tuples(order, names=keys)
    return pd.concat([part.reindex(index, fill_value=absent) for part in parts], axis=1).reset_index()


def _ranges(names: Sequence[str], assessments: Sequence[Assessment]) -> pd.DataFrame:
    """Mean, range, grade and bound of each headline figure, one row a scenario and figure."""
    kept = {"figure": "figure", "total_mean": "mean", "total_low": "low", "total_high": "high", "grade": "grade", "bound": "bound"}
    told = [each.headline[list(kept)].rename(columns=kept).assign(scenario=name) for name, each in zip(names, assessments, strict=True)]
    return pd.concat(told, ignore_index=True)[["scenario", *kept.values()]]


def _networks(plan: Plan) -> Iterator[tuple[str, Network]]:
    yield from zip(_EVIDENCE, (plan.proven, plan.potential), strict=True)


def _flows(plan: Plan) -> pd.DataFrame:
    frames = [network.ledger.to_frame().assign(evidence=evidence) for evidence, network in _networks(plan)]
    return pd.concat(frames, ignore_index=True).rename(columns={"amount": "value"})


def _plants(plan: Plan) -> pd.DataFrame:
    links, rows = plan.links, []
    for evidence, network in _networks(plan):
        done = network.ledger.operations
        for work, node in enumerate(links.works.node.tolist()):
            for what, value in (("size", done.size[work]), ("activity", done.activity[work])):
                if value > 0:
                    rows.append(
                        (evidence, links.nodes.id[node], links.nodes.name[node], what, f"{links.nodes.unit[node] or 't'}/a", float(value))
                    )
    return pd.DataFrame(rows, columns=["evidence", "plant", "name", "what", "unit", "value"])


def _figures(plan: Plan, assessment: Assessment) -> pd.DataFrame:
    rows = []
    for row in assessment.headline.to_dict("records"):
        rows += [(row["figure"], row["label"], row["unit"], evidence, row[evidence]) for evidence in (*_EVIDENCE, "total")]
    for name, label, unit, sums in (
        ("cost", "Cost of the whole network", "EUR/a", [cost_of(book) for book in _books(plan)]),
        ("emissions", "Emissions of the whole network", "t CO2e/a", [emissions_of(book) / _KG for book in _books(plan)]),
    ):
        today, sure, whole = sums
        told = (("today", today), ("proven", sure), ("potential", whole - sure), ("total", whole))
        rows += [(name, label, unit, evidence, value) for evidence, value in told]
    return pd.DataFrame(rows, columns=["figure", "label", "unit", "evidence", "value"])


def _books(plan: Plan) -> tuple[Ledger, Ledger, Ledger]:
    return plan.reference, plan.proven.ledger, plan.potential.ledger


def _changes(
    pair: tuple[str, str], figures: pd.DataFrame, flows: pd.DataFrame, plants: pd.DataFrame
) -> Iterator[tuple[str, str, str, str]]:
    """What is otherwise in a scenario than in the first, in words; the largest difference first within a kind."""
    before, after = pair
    whole = figures[(figures["evidence"] == "total") & figures["figure"].isin(["benefit", "carbon", "cost"])]
    for row in _records(whole):
        change = row[after] - row[before]
        if abs(change) > _SAME * max(abs(row[before]), abs(row[after])):
            text = f"{row['label']}: {figure(row[after])} {row['unit']} instead of {figure(row[before])} ({change:+,.0f})."
            yield after, "total", str(row["figure"]), text
    exchanges = flows[~flows["kind"].isin(["fate", "buy", "reagent", "residue"])]
    for evidence in _EVIDENCE:
        for row in _ordered(exchanges[exchanges["evidence"] == evidence], pair):
            what, text = _moved(row[before], row[after], f"{row['unit']}")
            yield after, evidence, what, f"{row['origin_name']} to {row['destination_name']}: {text}."
        for row in _ordered(plants[(plants["evidence"] == evidence) & (plants["what"] == "size")], pair):
            yield after, evidence, *_built((row[before], row[after]), str(row["name"]), str(row["unit"]))


def _ordered(frame: pd.DataFrame, pair: tuple[str, str]) -> list[dict[str, Any]]:
    before, after = (frame[name].to_numpy() for name in pair)
    differs = np.abs(after - before) > _SAME * np.maximum(np.abs(before), np.abs(after))
    order = np.argsort(-np.abs(after - before)[differs], kind="stable")
    return _records(frame[differs].iloc[order])


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _moved(before: float, after: float, unit: str) -> tuple[str, str]:
    if before == 0:
        return "starts", f"{figure(after)} {unit} start"
    if after == 0:
        return "stops", f"{figure(before)} {unit} stop"
    return ("more" if after > before else "less"), f"{figure(after)} {unit} instead of {figure(before)}"


def _built(sizes: tuple[float, float], name: str, unit: str) -> tuple[str, str]:
    before, after = sizes
    if before == 0:
        return "built", f"{name} is built, for {figure(after)} {unit}."
    if after == 0:
        return "not_built", f"{name} is not built."
    return "resized", f"{name} is built for {figure(after)} {unit} instead of {figure(before)}."
