"""Small regions whose figures have ranges, and the programs of their draws."""

from __future__ import annotations

import copy

import numpy as np
from attrs import evolve

from sivuvirta.domain.ensembles import EnsembleOptions
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.futures.ensemble.running import opened
from sivuvirta.ledger.reference import reference
from tests.engine.worlds import Tables, matched, planned, random_tables

EXACT = PlanOptions(gap=1e-9)


def ranged(seed: int) -> Tables:
    """A random region with ranges of amounts, prices, fees, investment and contents."""
    tables, rng = random_tables(seed), np.random.default_rng([seed, 5])
    for table, name in (("quantities", "value"), ("prices", "value"), ("analyses", "value"), ("fates", "fee"), ("technologies", "capex")):
        ends = ("low", "high") if name == "value" else (f"{name}_low", f"{name}_high")
        for row in tables.get(table, []):
            value = float(row.get(name) or 0.0)
            if value > 0:
                row[ends[0]], row[ends[1]] = (round(value * (1 + side * float(rng.uniform(0.05, 0.3))), 4) for side in (-1, 1))
    for row in tables.get("limits", []):
        row["compliance"] = "every_sample"
    return tables


def moved(tables: Tables, table: str, key: dict[str, object], column: str, change: float) -> Tables:
    """The same tables with one figure changed, and its range taken away."""
    changed = copy.deepcopy(tables)
    for row in changed[table]:
        if all(row.get(name) == value for name, value in key.items()):
            row[column] = float(row[column]) + change
            for end in ("low", "high") if column == "value" else (f"{column}_low", f"{column}_high"):
                row[end] = None
    return changed


def of(tables: Tables, **asked):
    """Matches of a region, and its opened plan."""
    matches = matched(tables)
    return matches, opened(matches, reference(matches.links), EXACT, evolve(EnsembleOptions(draws=8), **asked))


def cost(tables: Tables, evidence: str = "potential") -> float:
    """Cost of the best network of a region."""
    return getattr(planned(matched(tables), EXACT), evidence).objective
