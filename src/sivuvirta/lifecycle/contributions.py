"""Contributions to a score: where it is emitted, and which flow or plant causes it; each with its range, grade and sources."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen

from sivuvirta.domain.lifecycles import CLIMATE
from sivuvirta.domain.links import Floats
from sivuvirta.lifecycle.brightway import Calculation, emitters
from sivuvirta.lifecycle.evidence import Evidence
from sivuvirta.lifecycle.fixed_point import direct
from sivuvirta.lifecycle.packages import PROCESS
from sivuvirta.lifecycle.parts import Ends, ends

COLUMNS = ["view", "process", "name", "kind", "per", "amount", "unit", "score", "mean", "low", "high", "share", "grade", "source"]
_ROUNDING = 1e-13  # of all that is added up
_NO_RANGE = np.full(3, np.nan)


@frozen(eq=False)
class _Told:
    """One calculation with what its contributions are told by."""

    calculated: Calculation
    behind: Evidence
    ranged: Ends | None
    total: float

    def row(self, view: str, key: int, figures: tuple[float, float], span: Floats) -> tuple[Any, ...]:
        """A row of the table, of a process with its amount and score."""
        at, (amount, score) = self.own(key), figures
        evidence = ("", self.calculated.source) if at < 0 else getattr(self.behind, view)(at)
        share = score / self.total if self.total else np.nan
        return (view, *self._names(key, at), amount, self.calculated.unit, score, *span, share, *evidence)

    def own(self, key: int) -> int:
        """Position of a process of ours, -1 of the background's."""
        at = key - PROCESS
        return int(at) if 0 <= at < len(self.calculated.inventory.processes) else -1

    def _names(self, key: int, at: int) -> tuple[str, str, str, str]:
        processes = self.calculated.inventory.processes
        if at >= 0:
            return str(processes.key[at]), str(processes.name[at]), str(processes.kind[at]), str(processes.unit[at])
        return f"background:{key}", f"Process {key} of the background", "background", ""


def contributions(calculated: Calculation, lca: Any, total: float, behind: Evidence, draws: tuple[int, int]) -> pd.DataFrame:
    """Both views of the change of a network; each adds up to its score.

    Args:
        calculated: its inventory with background and method.
        lca: the calculation, solved for `system:change`.
        total: its score.
        behind: what stands behind each process.
        draws: how many, none where no ranges are told, and their seed.

    Returns:
        Table `contributions` of `LifeCycle`, without the column `network`. What a background supplies has no range.
    """
    ranged = ends(calculated.inventory, "change", *draws) if draws[0] and calculated.method == CLIMATE else None
    told = _Told(calculated, behind, ranged, total)
    return frame([*_emitters(told, lca), *_activities(told, lca)])


def frame(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    """Rows as a table, those by emitter first, the largest of each view first."""
    table = pd.DataFrame(rows, columns=COLUMNS)
    order = table["score"].astype(float).abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].sort_values("view", ascending=False, kind="stable").reset_index(drop=True)


def _emitters(told: _Told, lca: Any) -> list[tuple[Any, ...]]:
    """Where it is emitted."""
    supply, emitted = emitters(lca)
    ids, rows = {column: key for key, column in lca.dicts.activity.items()}, []
    for column in np.flatnonzero(emitted).tolist():
        at = told.own(ids[column])
        span = _NO_RANGE if told.ranged is None or at < 0 else told.ranged.emitter[:, at]
        rows.append(told.row("emitter", ids[column], (float(supply[column]), float(emitted[column])), span))
    return rows


def _activities(told: _Told, lca: Any) -> list[tuple[Any, ...]]:
    """Which flow or plant causes it."""
    weight = np.asarray((lca.characterization_matrix @ lca.biosphere_matrix).sum(axis=0)).ravel()
    intensity = direct(lca.technosphere_matrix, weight)
    inventory, foreign = told.calculated.inventory, told.calculated.foreign()
    entries, change = inventory.exchanges, inventory.system("change")
    taken = np.flatnonzero((entries.column == change) & (entries.row != change))
    process, amounts, rows = entries.row[taken].tolist(), -entries.amount[taken], []
    caused: Floats = amounts * intensity[[lca.dicts.product[PROCESS + row] for row in process]]
    for at in np.flatnonzero(np.abs(caused) > _ROUNDING * np.abs(caused).sum()).tolist():
        row = process[at]
        bare = told.ranged is None or row in foreign
        span = _NO_RANGE if bare or told.ranged is None else told.ranged.activity[:, row]
        rows.append(told.row("activity", PROCESS + row, (float(amounts[at]), float(caused[at])), span))
    return rows
