"""A plan's life cycle: both networks scored, with ranges, cases of what is displaced, and contributions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen

from sivuvirta.domain.ledger import NO_REFERENCE, Ledger
from sivuvirta.domain.lifecycles import CASES, SYSTEMS, Background, Inventory, LifeCycle, LifeCycleOptions
from sivuvirta.domain.links import Floats
from sivuvirta.domain.words import shortened
from sivuvirta.lifecycle.brightway import Calculation, calculation, emitters, scored
from sivuvirta.lifecycle.displaced import at_case
from sivuvirta.lifecycle.fixed_point import direct
from sivuvirta.lifecycle.foreground import foreground
from sivuvirta.lifecycle.montecarlo import Draws, system_draws
from sivuvirta.lifecycle.packages import FLOW, PROCESS

_ROUNDING = 1e-13  # of all that is added up
_SHOWN = 5  # names before the rest is counted

UNSTATED = "What the plan displaces is not stated, so its score is unknown."


@frozen(eq=False)
class Pair:
    """One network beside the reference, and what counts as 0 in the difference, in words."""

    planned: Ledger
    reference: Ledger | None
    unknown: str = ""


def life_cycle(pairs: Mapping[str, Pair], options: LifeCycleOptions, background: Background | None = None) -> LifeCycle:
    """Score networks.

    Args:
        pairs: by name, proven and potential.
        options: method, case of what is displaced, runs, seed.
        background: the user's own database; the library's factors alone without it.
    """
    inventories, parts = {}, []
    calculated = None
    for name, pair in pairs.items():
        region = pair.planned.links.region
        plain = foreground(pair.planned, pair.reference, f"{region.title or region.name}, {region.vintage}, {name}", pair.unknown)
        inventories[name] = at_case(plain, options.displaced or "expected")
        calculated = calculation(inventories[name], options.method, background)
        parts.append([table.assign(network=name) for table in _tables(calculated, plain, options, background)])
    scores, cases, contributions, flows = (
        pd.concat(tables, ignore_index=True).pipe(_first, "network") for tables in zip(*parts, strict=True)
    )
    region = next(iter(pairs.values())).planned.links.region
    return LifeCycle(
        name=region.title or region.name,
        vintage=region.vintage,
        method=options.method,
        unit=calculated.unit if calculated else "",
        displaced=options.displaced,
        runs=options.runs,
        seed=options.seed,
        scores=scores,
        cases=cases,
        contributions=contributions,
        flows=flows,
        inventories=inventories,
        background=background,
    )


def _first(table: pd.DataFrame, column: str) -> pd.DataFrame:
    return table[[column, *(name for name in table.columns if name != column)]]


def _tables(
    calculated: Calculation, plain: Inventory, options: LifeCycleOptions, background: Background | None
) -> tuple[pd.DataFrame, ...]:
    lca = calculated.lca()
    why = {name: _why(calculated, name, options) for name in SYSTEMS}
    drawn = None
    if options.runs:
        drawn = system_draws(calculated.lca(uncertain=True), calculated.systems(), options.runs, options.seed)
    scores = _scores(calculated, lca, drawn, why)
    cases = _cases(plain, options, background, why["change"])
    change = calculated.inventory.system("change")
    if why["change"]:
        return scores, cases, _contributions_frame([]), _flows_frame([])
    total = scored(lca, change)
    return scores, cases, _contributions_frame(_contributions(calculated, lca, total)), _flows_frame(_flows(calculated, lca))


def _why(calculated: Calculation, system: str, options: LifeCycleOptions) -> str:
    """Why a system has no score; "" where it has one."""
    at = calculated.inventory.system(system)
    if at < 0:
        return NO_REFERENCE
    if options.displaced is None:
        return UNSTATED
    blind = calculated.unknown(at)
    return f"The background supplies nothing for {shortened(blind, _SHOWN)}." if blind else ""


def _scores(calculated: Calculation, lca: Any, drawn: Draws | None, why: Mapping[str, str]) -> pd.DataFrame:
    rows, places = [], {row: column for column, row in enumerate(calculated.systems())}
    for name in SYSTEMS:
        at = calculated.inventory.system(name)
        value, low, high, sd = (np.nan,) * 4
        if not why[name]:
            value = scored(lca, at)
            if drawn is not None:
                column = drawn.scores[:, places[at]]
                low, high = np.percentile(column, [5, 95])
                sd = column.std(ddof=1)
        note = why[name] or (calculated.inventory.unknown if name == "change" else "")
        rows.append((name, f"{calculated.unit}/a", value, low, high, sd, note))
    return pd.DataFrame(rows, columns=["system", "unit", "value", "low", "high", "sd", "unknown"])


def _cases(plain: Inventory, options: LifeCycleOptions, background: Background | None, why: str) -> pd.DataFrame:
    rows = []
    for case in CASES:
        calculated = calculation(at_case(plain, case), options.method, background)
        value = np.nan if why else scored(calculated.lca(), calculated.inventory.system("change"))
        rows.append((case, f"{calculated.unit}/a", value))
    return pd.DataFrame(rows, columns=["case", "unit", "change"])


def _contributions(calculated: Calculation, lca: Any, total: float) -> list[tuple[Any, ...]]:
    """Where it is emitted, then which flow or plant causes it; each view adds up to the score."""
    names = _names(calculated)
    unit = calculated.unit
    supply, emitted = emitters(lca)
    ids = {column: key for key, column in lca.dicts.activity.items()}
    rows = [
        ("emitter", *names(ids[column]), supply[column], unit, emitted[column], _share(emitted[column], total))
        for column in np.flatnonzero(emitted)
    ]
    weight = np.asarray((lca.characterization_matrix @ lca.biosphere_matrix).sum(axis=0)).ravel()
    intensity = direct(lca.technosphere_matrix, weight)
    inventory, change = calculated.inventory, calculated.inventory.system("change")
    entries = inventory.exchanges
    taken = np.flatnonzero((entries.column == change) & (entries.row != change))
    keys, amounts = [PROCESS + int(row) for row in entries.row[taken]], -entries.amount[taken]
    caused = amounts * intensity[[lca.dicts.product[key] for key in keys]]
    counted = np.flatnonzero(np.abs(caused) > _ROUNDING * np.abs(caused).sum())
    return [*rows, *(("activity", *names(keys[at]), amounts[at], unit, caused[at], _share(caused[at], total)) for at in counted)]


def _names(calculated: Calculation) -> Any:
    processes = calculated.inventory.processes

    def named(key: int) -> tuple[str, str, str, str]:
        row = key - PROCESS
        if 0 <= row < len(processes):
            return str(processes.key[row]), str(processes.name[row]), str(processes.kind[row]), str(processes.unit[row])
        return f"background:{key}", f"Process {key} of the background", "background", ""

    return named


def _share(part: float, total: float) -> float:
    return part / total if total else np.nan


def _flows(calculated: Calculation, lca: Any) -> list[tuple[Any, ...]]:
    amount: Floats = np.asarray(lca.inventory.sum(axis=1)).ravel()
    score: Floats = np.asarray(lca.characterized_inventory.sum(axis=1)).ravel()
    inventory, rows = calculated.inventory, []
    for key, row in lca.dicts.biosphere.items():
        at = key - FLOW
        own = 0 <= at < len(inventory.flows)
        rows.append(
            (
                str(inventory.flows[at]) if own else f"background:{key}",
                str(inventory.flow_names[at]) if own else f"Flow {key} of the background",
                amount[row],
                score[row],
            )
        )
    return rows


def _contributions_frame(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    columns = ["view", "process", "name", "kind", "per", "amount", "unit", "score", "share"]
    table = pd.DataFrame(rows, columns=columns)
    order = table["score"].astype(float).abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].sort_values("view", ascending=False, kind="stable").reset_index(drop=True)


def _flows_frame(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["flow", "name", "amount", "score"])
