"""Life cycle: scores of the networks, cases of what is displaced, and what contributes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
from attrs import evolve

from sivuvirta.domain.lifecycles import LifeCycle
from sivuvirta.report.following.basis import NOTHING, Basis, basis_of, united
from sivuvirta.report.studies.blocks import Amount, Bars, Block, Pictures, Section, Words, bars
from sivuvirta.report.studies.frames import BOUND, NETWORKS, OVER_CLAIM, ZERO, framed, rested
from sivuvirta.report.tables import Column, records
from sivuvirta.report.words import figure, pretty, sentence, span

_BARS = 12
_ROLES = ("displaced", "bought")  # of a product whose factor counts for what is replaced
_SYSTEMS = {"reference": "today", "planned": "plan"}
_VIEWS = {"emitter": "by where it is emitted", "activity": "by the flow or plant that causes it"}


def scores(found: LifeCycle) -> Section:
    """The section of a life cycle."""
    stated = (
        f"what is displaced at its {found.displaced} case"
        if found.displaced
        else "nothing is said of what is displaced, so no benefit is known"
    )
    lead = f"Method {found.method}, {pretty(found.unit)} a year; {stated}; {found.runs} draws."
    pictures = [picture for view in _VIEWS if (picture := contributions(found, view)) is not None]
    columns = (
        Column("network", "Network"),
        Column("system", "What"),
        Column("value", "Score", "number", "*"),
        Column("range", "5 to 95 %, factors only", "range", "*"),
        *((Column("quote", "To quote"),) if found.scores["quoted_low"].notna().any() else ()),
        *((OVER_CLAIM,) if found.scores["alarm"].any() else ()),
        BOUND,
        Column("unknown", "Not known", "long"),
    )
    cases = (Column("network", "Network"), Column("case", "Displaced"), Column("change", "Change", "number", "*"), BOUND)
    alarms = [ZERO if alarm else "" for alarm in found.scores["alarm"]]
    quote = [_quoted(row, found.unit) for row in records(found.scores)]
    told = found.scores.assign(system=found.scores["system"].replace(_SYSTEMS), alarm=alarms, quote=quote)
    told = rested(told, [evolve(_scored(found, str(row["network"])), missing=basis_of(row).missing) for row in records(told)])
    blocks: list[Block] = [framed("lifecycle-scores", "Scores of today and of each plan; a change is the plan less today.", told, columns)]
    blocks += [Pictures(tuple(pictures))] if pictures else []
    blocks.append(
        framed("lifecycle-cases", "The change if the plan displaces the best, the expected or the worst.", _resting(found), cases)
    )
    if not pictures:
        blocks.append(Words(sentence("nothing changes, so nothing contributes")))
    return Section("lifecycle-section", "Life cycle", "What does it do over the life cycle?", lead, tuple(blocks))


def _quoted(row: Mapping[str, Any], unit: str) -> str:
    """Mean and range of all inputs drawn together, where they are of the same figure."""
    if math.isnan(row["quoted_low"]):
        return ""
    between = span(row["quoted_low"], row["quoted_high"], f"{unit}/a")
    return f"{_text(row['quoted_mean'], unit)} ({between})" if between else _text(row["quoted_mean"], unit)


def _scored(found: LifeCycle, network: str) -> Basis:
    """A score of a network: the sources of all that contributes to its change, and the emissions at the flows themselves."""
    own = found.contributions[(found.contributions["network"] == network) & (found.contributions["view"] == "emitter")]
    return Basis(sources=united(basis_of(row) for row in records(own)).sources, figures=("carbon/sum",))


def _resting(found: LifeCycle) -> pd.DataFrame:
    """Cases with what they rest on: the products that the network replaces, with the sources of their factors."""
    bases = {name: _displaced(found, name) for name in found.inventories}
    named = [(bases.get(name, NOTHING), str(name)) for name in found.cases["network"]]
    return rested(found.cases, [_scored(found, name) if basis.empty else basis for basis, name in named])


def _displaced(found: LifeCycle, network: str) -> Basis:
    processes, rows = found.inventories[network].processes, found.contributions
    own = rows[(rows["network"] == network) & (rows["view"] == "emitter") & rows["process"].isin(processes.key[processes.displaced])]
    if own.empty:
        return NOTHING
    products = [str(key).partition(":")[2] for key in own["process"]]
    named = dict.fromkeys(part for text in own["source"] for part in str(text).split("; ") if part)
    how = "The change with the factors of what is replaced at one end of their range or at their value."
    return Basis(how, sources=tuple(named), figures=tuple(f"products/{product}/{role}" for product in products for role in _ROLES))


def contributions(found: LifeCycle, view: str) -> Bars | None:
    """The largest contributions to the change with potential, and the sum of the others; None where there is no change."""
    rows: pd.DataFrame = found.contributions[(found.contributions["view"] == view) & found.contributions["score"].notna()]
    if rows.empty:
        return None
    network = str(rows["network"].iloc[-1])
    rows = rows[rows["network"] == network].sort_values("score", key=abs, ascending=False)
    amounts = [
        Amount(str(row["name"]), _text(row["score"], found.unit), float(row["score"]), basis=basis_of(row))
        for row in records(rows.head(_BARS))
    ]
    rest = float(rows["score"].iloc[_BARS:].sum())
    if len(rows) > _BARS and not math.isclose(rest, 0.0, abs_tol=1e-9):
        amounts.append(
            Amount(
                f"{len(rows) - _BARS} others",
                _text(rest, found.unit),
                rest,
                basis=united(basis_of(row) for row in records(rows.iloc[_BARS:])),
            )
        )
    return bars(f"What makes the change, {NETWORKS.get(network, network)}, {_VIEWS[view]}", amounts)


def _text(value: float, unit: str) -> str:
    return figure(float(value), f"{unit}/a", sign=True).text
