"""SCIP: a bilinear program solved to a proven gap by spatial branch and bound; needs the extra `pooling`."""

from __future__ import annotations

from time import perf_counter
from typing import Any

import numpy as np

from sivuvirta.domain.pooling import PoolingOptions, Progress
from sivuvirta.errors import MissingExtraError
from sivuvirta.lp.program import Arrays
from sivuvirta.pooling.bilinear import Bilinear
from sivuvirta.pooling.found import Found

_ENDLESS = 1e20  # seconds
_FEASIBLE = 1e-9  # how far, relative, a row may be off: the shares are held afterwards, and the flows solved for anew


def by_scip(at: Bilinear, options: PoolingOptions) -> Found:
    """Solves a bilinear program by SCIP.

    Raises:
        MissingExtraError: pyscipopt is not installed.
    """
    try:
        import pyscipopt  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingExtraError('Method "scip" needs the extra `pooling`: pip install "sivuvirta[pooling]".') from None
    started = perf_counter()
    arrays = at.arrays()
    model = pyscipopt.Model(at.program.name)
    model.hideOutput()
    columns = _columns(model, arrays)
    _rows(model, pyscipopt, arrays, columns)
    made = at.products
    for z, x, y in zip(made.product.tolist(), made.share.tolist(), made.flow.tolist(), strict=True):
        model.addCons(columns[x] * columns[y] - columns[z] == 0)
    model.addObjoffset(at.offset)
    _set(model, options)
    if options.watch is not None:
        _attach(model, pyscipopt, options, (started, at.offset))
    model.optimize()
    return _read(model, columns, perf_counter() - started, at.offset)


def _columns(model: Any, arrays: Arrays) -> list[Any]:
    limits = zip(arrays.lower.tolist(), arrays.upper.tolist(), arrays.integer.tolist(), arrays.cost.tolist(), strict=True)
    return [
        model.addVar(f"x{n}", "I" if whole else "C", _side(low), _side(high), obj=cost) for n, (low, high, whole, cost) in enumerate(limits)
    ]


def _rows(model: Any, pyscipopt: Any, arrays: Arrays, columns: list[Any]) -> None:
    for row, (low, high) in enumerate(zip(arrays.row_lower.tolist(), arrays.row_upper.tolist(), strict=True)):
        part = slice(arrays.start[row], arrays.start[row + 1])
        entries = zip(arrays.column[part].tolist(), arrays.value[part].tolist(), strict=True)
        total = pyscipopt.quicksum(value * columns[column] for column, value in entries)
        if low == high:
            model.addCons(total == low)
            continue
        if np.isfinite(low):
            model.addCons(total >= low)
        if np.isfinite(high):
            model.addCons(total <= high)


def _side(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _set(model: Any, options: PoolingOptions) -> None:
    model.setParam("limits/gap", options.gap)
    model.setParam("limits/time", min(options.time_limit, _ENDLESS))
    model.setParam("numerics/feastol", _FEASIBLE)
    if options.threads:
        model.setParam("lp/threads", options.threads)


def _attach(model: Any, pyscipopt: Any, options: PoolingOptions, since: tuple[float, float]) -> None:
    """Tells the watcher of every new incumbent and of a better bound after a node."""
    kinds = pyscipopt.SCIP_EVENTTYPE

    class Told(pyscipopt.Eventhdlr):  # type: ignore[misc]
        def __init__(self) -> None:
            self.last = (np.inf, -np.inf)

        def eventinit(self) -> None:
            self.model.catchEvent(kinds.BESTSOLFOUND, self)
            self.model.catchEvent(kinds.NODESOLVED, self)

        def eventexit(self) -> None:
            self.model.dropEvent(kinds.BESTSOLFOUND, self)
            self.model.dropEvent(kinds.NODESOLVED, self)

        def eventexec(self, event: Any) -> None:
            best, bound = self.model.getPrimalbound(), self.model.getDualbound()
            now = _number(self.model, best) - since[1], _number(self.model, bound) - since[1]
            if now != self.last and options.watch is not None:
                self.last = now
                options.watch(Progress(perf_counter() - since[0], now[0], now[1], f"node {self.model.getNTotalNodes()}"))

    model.includeEventhdlr(Told(), "told", "tells of incumbent and bound")


def _number(model: Any, value: float) -> float:
    return float(np.copysign(np.inf, value)) if model.isInfinity(abs(value)) else float(value)


def _read(model: Any, columns: list[Any], seconds: float, offset: float) -> Found:
    status = model.getStatus()
    if status in {"infeasible", "inforunbd"}:
        return Found("infeasible", None, np.inf, seconds)
    bound = _number(model, model.getDualbound()) - offset
    if model.getNSols() == 0:
        return Found("unknown", None, bound, seconds)
    best = model.getBestSol()
    w = np.array([model.getSolVal(best, column) for column in columns])
    return Found("optimal" if status in {"optimal", "gaplimit"} else "feasible", w, bound, seconds)
