"""The second engine's program solved by SCIP, another solver than the plan's; and files of the plan's own program read by SCIP."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyscipopt
from tests.engine.enumerate import as_arrays
from tests.engine.linopy_model import tables
from tests.engine.linopy_world import PROVEN, World

from sivuvirta.domain.matches import Matches


def optimum(matches: Matches, worst: int = PROVEN, budget: float | None = None, measure: str = "value") -> float:
    """Least cost of the region on the evidence allowed, EUR/a (or another measure), from rows that the plan room did not write."""
    return least(tables(matches, worst, budget, measure))


def least(world: World) -> float:
    """Least of what a world measures; infinity where it has no plan."""
    arrays = as_arrays(world)
    scip = _quiet()
    columns = [
        scip.addVar(vtype="B" if name in world.whole else "C", obj=cost, lb=low, ub=high if np.isfinite(high) else None)
        for name, cost, low, high in zip(arrays.names, arrays.cost.tolist(), arrays.lower.tolist(), arrays.upper.tolist(), strict=True)
    ]
    for row, (low, high) in enumerate(zip(arrays.low.tolist(), arrays.high.tolist(), strict=True)):
        entries = slice(arrays.matrix.indptr[row], arrays.matrix.indptr[row + 1])
        members = zip(arrays.matrix.indices[entries].tolist(), arrays.matrix.data[entries].tolist(), strict=True)
        total = pyscipopt.quicksum(value * columns[column] for column, value in members)
        if entries.start == entries.stop:
            assert low <= 0 <= high, "nothing flows here, but something must"
        else:
            scip.addCons(total == low if low == high else total <= high if low == -np.inf else total >= low)
    scip.optimize()
    assert scip.getStatus() in {"optimal", "infeasible"}
    return float(scip.getObjVal()) if scip.getStatus() == "optimal" else np.inf


def read(path: Path) -> tuple[float, float]:
    """What SCIP finds in an MPS or LP file: its optimum and its bound, both proven to SCIP's own tolerance."""
    scip = _quiet()
    scip.readProblem(str(path))
    scip.optimize()
    assert scip.getStatus() == "optimal"
    return float(scip.getObjVal()), float(scip.getDualbound())


def _quiet() -> pyscipopt.Model:
    scip = pyscipopt.Model()
    scip.hideOutput()
    scip.setParam("limits/gap", 0.0)
    scip.setParam("numerics/feastol", 1e-9)
    return scip
