"""A plan's life cycle: both networks scored beside one reference, with ranges, cases of what is displaced, and contributions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen

from sivuvirta.domain.ledger import NO_REFERENCE, Ledger
from sivuvirta.domain.lifecycles import CASES, SYSTEMS, Background, Inventory, LifeCycle, LifeCycleOptions
from sivuvirta.domain.links import Floats
from sivuvirta.domain.ranges import includes_zero, tail, without_tail
from sivuvirta.domain.unknowns import Unknown, blind, bound, said, unaccounted, unknown_emissions
from sivuvirta.domain.words import shortened
from sivuvirta.lifecycle.brightway import Calculation, calculation, scored
from sivuvirta.lifecycle.contributions import contributions, frame
from sivuvirta.lifecycle.displaced import at_case
from sivuvirta.lifecycle.evidence import Evidence
from sivuvirta.lifecycle.foreground import foreground, together
from sivuvirta.lifecycle.montecarlo import system_draws
from sivuvirta.lifecycle.packages import FLOW

_SHOWN = 5  # names before the rest is counted

UNSTATED = "What the plan displaces is not stated, so its score is unknown."
OWN_REFERENCE = (
    "Each network has a reference score of its own here: what it displaces is put at the {case} end for it alone, and today's network uses "
    "some of the same products and ratios. With the expected case there is one reference for both."
)

_Draws = dict[tuple[str, str], Floats]  # by network and system, (runs,)


@frozen(eq=False)
class Pair:
    """One network beside the reference."""

    planned: Ledger
    reference: Ledger | None

    def unknown(self, system: str) -> tuple[Unknown, ...]:
        """What is not known of the emissions of a system (reference | planned | change) and counts as 0."""
        if system == "change":
            return () if self.reference is None else unknown_emissions(self.planned, self.reference)
        ledger = self.planned if system == "planned" else self.reference
        return () if ledger is None else unknown_emissions(ledger)


def life_cycle(pairs: Mapping[str, Pair], options: LifeCycleOptions, background: Background | None = None) -> LifeCycle:
    """Score networks of one region beside one reference.

    Args:
        pairs: by name, proven and potential; all with the same reference.
        options: method, case of what is displaced, runs, seed.
        background: the user's own database; the library's factors alone without it.
    """
    region = next(iter(pairs.values())).planned.links.region
    title = f"{region.title or region.name}, {region.vintage}"
    plain = {
        name: foreground(pair.planned, pair.reference, f"{title}, {name}", said(pair.unknown("change"))) for name, pair in pairs.items()
    }
    inventories = {name: at_case(each, options.displaced or "expected") for name, each in plain.items()}
    drawn = _drawn(pairs, inventories, options, background)
    parts, unit = [], ""
    for name, pair in pairs.items():
        calculated = calculation(inventories[name], options.method, background)
        unit = calculated.unit
        own = {system: values for (network, system), values in drawn.items() if network == name}
        tables = _tables(calculated, (plain[name], pair), own, options, background)
        parts.append([table.assign(network=name) for table in tables])
    scores, cases, causes, flows = (pd.concat(tables, ignore_index=True).pipe(_first, "network") for tables in zip(*parts, strict=True))
    return LifeCycle(
        name=region.title or region.name,
        vintage=region.vintage,
        method=options.method,
        unit=unit,
        displaced=options.displaced,
        runs=options.runs,
        seed=options.seed,
        scores=scores,
        cases=cases,
        contributions=causes,
        flows=flows,
        inventories=inventories,
        background=background,
        notes=_notes(scores, options),
    )


def _drawn(
    pairs: Mapping[str, Pair], inventories: Mapping[str, Inventory], options: LifeCycleOptions, background: Background | None
) -> _Draws:
    """Scores of every system of every network in each draw.

    At its expected case all networks stand in one inventory, so a draw of a source row is shared by all of them and by the one reference.
    At another case each network moves figures of its own, and has draws of its own.
    """
    if not options.runs or options.displaced is None:
        return {}
    if options.displaced == "expected":
        planned = {name: pair.planned for name, pair in pairs.items()}
        whole = together(planned, next(iter(pairs.values())).reference, "all networks")
        scores = _systems(calculation(whole, options.method, background), options)
        shared = {(name, "reference"): values for name in pairs for system, values in scores.items() if system == "reference"}
        return shared | {(name, kind): scores[f"{kind} {name}"] for name in pairs for kind in SYSTEMS if f"{kind} {name}" in scores}
    return {
        (name, system): values
        for name, inventory in inventories.items()
        for system, values in _systems(calculation(inventory, options.method, background), options).items()
    }


def _systems(calculated: Calculation, options: LifeCycleOptions) -> dict[str, Floats]:
    """Scores of each system of an inventory in each draw."""
    names = [str(calculated.inventory.processes.key[row]).partition(":")[2] for row in calculated.systems()]
    drawn = system_draws(calculated.lca(uncertain=True), calculated.systems(), options.runs, options.seed)
    return dict(zip(names, drawn.scores.T, strict=True))


def _notes(scores: pd.DataFrame, options: LifeCycleOptions) -> tuple[str, ...]:
    """What a reader has to know of the scores."""
    today = scores[scores["system"] == "reference"]["value"].dropna()
    apart = options.displaced is not None and len(today) > 1 and not np.allclose(today, today.iloc[0], rtol=1e-9)
    own = OWN_REFERENCE.format(case=options.displaced) if apart else ""
    return tuple(text for text in (own, without_tail(options.runs)) if text)


def _first(table: pd.DataFrame, column: str) -> pd.DataFrame:
    return table[[column, *(name for name in table.columns if name != column)]]


def _tables(
    calculated: Calculation,
    told: tuple[Inventory, Pair],
    drawn: Mapping[str, Floats],
    options: LifeCycleOptions,
    background: Background | None,
) -> tuple[pd.DataFrame, ...]:
    """Scores, cases, contributions and flows of one network."""
    lca, (plain, pair) = calculated.lca(), told
    lost = blind(pair.planned.links, unaccounted(pair.planned, pair.reference))
    why = {name: f"Unknown: {lost}." if name == "change" and lost else _why(calculated, name, options) for name in SYSTEMS}
    unknown = {name: () if why[name] else pair.unknown(name) for name in SYSTEMS}
    scores = _scores(calculated, lca, drawn, (why, unknown))
    cases = _cases(plain, options, background, why["change"]).assign(bound=bound(unknown["change"]))
    change = calculated.inventory.system("change")
    if why["change"]:
        return scores, cases, frame([]), _flows_frame([])
    total = scored(lca, change)
    ledgers = (pair.planned,) if pair.reference is None else (pair.planned, pair.reference)
    runs = 0 if without_tail(options.runs) else options.runs
    causes = contributions(calculated, lca, total, Evidence(ledgers, calculated.inventory), (runs, options.seed))
    return scores, cases, causes, _flows_frame(_flows(calculated, lca))


def _why(calculated: Calculation, system: str, options: LifeCycleOptions) -> str:
    """Why a system has no score; "" where it has one."""
    at = calculated.inventory.system(system)
    if at < 0:
        return NO_REFERENCE
    if options.displaced is None:
        return UNSTATED
    blind = calculated.unknown(at)
    return f"The background supplies nothing for {shortened(blind, _SHOWN)}." if blind else ""


def _scores(
    calculated: Calculation, lca: Any, drawn: Mapping[str, Floats], doubts: tuple[Mapping[str, str], Mapping[str, tuple[Unknown, ...]]]
) -> pd.DataFrame:
    """Systems with their ranges; what is not known of them stands beside, with the way that it can act."""
    (why, unknown), rows = doubts, []
    for name in SYSTEMS:
        value, mean, low, high, sd = (np.nan,) * 5
        if not why[name]:
            value = scored(lca, calculated.inventory.system(name))
            if name in drawn:
                low, high = tail(drawn[name])
                mean, sd = drawn[name].mean(), drawn[name].std(ddof=1)
        note = why[name] or said(unknown[name], changes=name == "change")
        alarm = bool(name == "change" and value < 0 and includes_zero(value, low, high))  # a saving that may be none
        rows.append((name, f"{calculated.unit}/a", value, mean, low, high, sd, alarm, bound(unknown[name]), note))
    return pd.DataFrame(rows, columns=["system", "unit", "value", "mean", "low", "high", "sd", "alarm", "bound", "unknown"])


def _cases(plain: Inventory, options: LifeCycleOptions, background: Background | None, why: str) -> pd.DataFrame:
    rows = []
    for case in CASES:
        calculated = calculation(at_case(plain, case), options.method, background)
        value = np.nan if why else scored(calculated.lca(), calculated.inventory.system("change"))
        rows.append((case, f"{calculated.unit}/a", value))
    return pd.DataFrame(rows, columns=["case", "unit", "change"])


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


def _flows_frame(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["flow", "name", "amount", "score"])
