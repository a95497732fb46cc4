"""Large linear programs and siting problems beside bare HiGHS on the same arrays: python -m bench.large --out docs/reference/benchmarks.md

python -m bench.large one exact 1000       interior point, simplex, ours, in turns
python -m bench.large one near 10000       bare within 60 s, and ours with its proven gap
python -m bench.large one siting 100       bare within 60 s, and ours with its proven gap

A case runs in a process of its own. Seconds are of the wall and, in brackets, of the processor: where other work runs beside, the second
is the better one to compare, and only within one row.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import highspy
import numpy as np
from scipy.sparse import csr_array

import sivuvirta as sv
from bench.generate import Size, write
from bench.matching_page import table
from bench.siting_region import radius_km, write_siting
from sivuvirta.ledger.reference import reference
from sivuvirta.lp.model import Model, SolveOptions
from sivuvirta.lp.program import Program
from sivuvirta.plan.program.families import program
from sivuvirta.plan.program.objective import goals

HEAD = "## Large programs and siting"
CASES = {("exact", 1_000): 160.0, ("siting", 100): 110.0, ("near", 10_000): 270.0, ("siting", 1_000): 250.0}  # seconds that each may take
BUDGET = 700.0  # seconds for all of them
TARGETS = {"exact": 1.1, "near": 0.02, "siting": 0.01}
LIMIT = 60.0  # seconds
TURNS = 3

Figures = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("case", nargs="*", help="one KIND SIZE: that case here, as JSON")
    parser.add_argument("--out", type=Path, help="put the part into this page")
    asked = parser.parse_args()
    if asked.case:
        for figures in measure(asked.case[1], int(asked.case[2])):
            sys.stdout.write(json.dumps(figures) + "\n")
            sys.stdout.flush()
        return
    before, started, found = os.getloadavg()[0], perf_counter(), {}
    for case, most in CASES.items():
        found[case] = call(*case, min(most, BUDGET - (perf_counter() - started)))
    text = section(found, (before, os.getloadavg()[0]))
    sys.stdout.write(text)
    if asked.out:
        asked.out.write_text(replaced(asked.out.read_text(encoding="utf-8"), text), encoding="utf-8")


def replaced(page: str, part: str) -> str:
    """The page with this part anew, or behind all others where it has none yet."""
    before, _, rest = page.partition(f"{HEAD}\n")
    after = rest.partition("\n## ")[2]
    return f"{before.rstrip()}\n\n{part}" + (f"\n## {after}" if after else "")


def measure(kind: str, size: int) -> Iterator[Figures]:
    """Figures of a case, each time with more of them: what was measured before a run that takes too long is not lost."""
    lp, today = _program(kind, size)
    yield from {"exact": _exact, "near": _beside, "siting": _beside}[kind](lp, today, "near" if kind == "near" else "guided")


def _program(kind: str, size: int) -> tuple[Program, float]:
    """The region's program, and what its reference costs, against which gaps are counted."""
    with TemporaryDirectory() as folder:
        if kind == "siting":
            links = sv.links(write_siting(Path(folder) / "region", size), radius_km(size))
        else:
            links = sv.links(write(Path(folder) / "region", Size(streams=size, shape="tight")))
        at = program(sv.match(links))
        return at.lp, goals(at.coefficients, at.options, reference(links))[0].today


def _timed(run: Callable[[], Figures]) -> Figures:
    wall, work = perf_counter(), process_time()
    found = run()
    return {**found, "s": perf_counter() - wall, "cpu": process_time() - work}


def _bare(lp: Program, method: str, limit: float) -> Figures:
    """HiGHS with one option, on the program's arrays as they are."""
    arrays = lp.arrays()
    matrix = csr_array((arrays.value, arrays.column, arrays.start), shape=lp.shape).tocsc()
    highs = highspy.Highs()
    whole = bool(arrays.integer.any())
    for name, value in (("output_flag", False), ("mip_lp_solver" if whole else "solver", method), ("time_limit", limit)):
        highs.setOptionValue(name, value)
    sides, bounds = (arrays.row_lower, arrays.row_upper), (arrays.cost, arrays.lower, arrays.upper)
    rows, columns = lp.shape
    highs.passModel(columns, rows, matrix.nnz, 1, 1, 0.0, *bounds, *sides, matrix.indptr, matrix.indices, matrix.data, arrays.integer)
    highs.run()
    info, done = highs.getInfo(), highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    feasible = int(info.primal_solution_status) == int(highspy.SolutionStatus.kSolutionStatusFeasible)
    bound = info.mip_dual_bound if whole else info.objective_function_value if done else -np.inf
    return {"objective": info.objective_function_value if feasible else None, "bound": bound if np.isfinite(bound) else None, "done": done}


def _ours(lp: Program, today: float, options: SolveOptions) -> Figures:
    model = Model(lp)
    model.minimise(model.arrays.cost, -today)
    found = model.solve(options)
    return {"objective": found.objective, "bound": found.bound, "method": found.method, "gap": found.gap}


def _exact(lp: Program, today: float, _: str) -> Iterator[Figures]:
    """All ways in turns; seconds of each turn."""
    ways: dict[str, Callable[[], Figures]] = {
        "ipm": lambda: _bare(lp, "ipm", LIMIT),
        "ours": lambda: _ours(lp, today, SolveOptions()),
    }
    turns: list[dict[str, Figures]] = []
    for _turn in range(TURNS):
        turns.append({name: _timed(run) for name, run in ways.items()})
        ratios = sorted(turn["ours"]["cpu"] / turn["ipm"]["cpu"] for turn in turns)
        figures = {**_size(lp), "ipm": turns[0]["ipm"], "ours": turns[0]["ours"], "ratio": median(ratios), "spread": ratios}
        yield figures
    yield {**figures, "simplex": _timed(lambda: _bare(lp, "simplex", LIMIT))}


def _beside(lp: Program, today: float, method: str) -> Iterator[Figures]:
    """Ours and bare HiGHS, each within the limit, one after the other."""
    gap = TARGETS["near"] if method == "near" else 1e-4
    ours = _timed(lambda: _ours(lp, today, SolveOptions(method=method, time_limit=LIMIT, gap=gap)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures: Figures = {**_size(lp), "today": today, "ours": ours, "MB": peak}
    yield figures
    for name in ("ipm", "simplex"):
        found = _timed(lambda name=name: _bare(lp, name, LIMIT))
        known = found["objective"] is not None and found["bound"] is not None
        found["gap"] = (found["objective"] - found["bound"]) / (today - found["objective"]) if known else None
        figures = {**figures, name: found}
        yield figures


def _size(lp: Program) -> Figures:
    rows, columns = lp.shape
    return {"rows": rows, "columns": columns, "nonzeros": len(lp.arrays().value), "whole": int(lp.arrays().integer.sum())}


def call(kind: str, size: int, seconds: float) -> Figures:
    """A case in a process of its own: what it had measured when it ended, or why there is nothing."""
    sys.stderr.write(f"{kind} {size} ...\n")
    command = [sys.executable, "-m", "bench.large", "one", kind, str(size)]
    why, told = "ended without figures", b""
    try:
        done = subprocess.run(command, capture_output=True, timeout=max(seconds, 1.0), check=False)  # noqa: S603
        told, why = done.stdout, (done.stderr.decode().strip().splitlines() or [why])[-1]
    except subprocess.TimeoutExpired as over:
        told, why = over.stdout or b"", f"nothing within {seconds:.0f} s"
    lines = told.decode().splitlines(keepends=True)
    whole = [line for line in lines if line.startswith("{") and line.endswith("\n")]
    if whole:
        return dict(json.loads(whole[-1]))
    sys.stderr.write(f"{kind} {size} failed: {why}\n")
    return {"failed": why}


def section(found: dict[tuple[str, int], Figures], load: tuple[float, float] | None = None) -> str:
    """The part of the page, with what was met and what was missed, and the machine's load before and after."""
    rows = [_row(kind, size, figures) for (kind, size), figures in found.items() if "failed" not in figures]
    told = [_told(kind, size, figures) for (kind, size), figures in found.items()]
    head = [
        "case",
        "streams",
        "rows",
        "columns",
        "nonzeros",
        "choices",
        "HiGHS interior point, s",
        "HiGHS simplex, s",
        "ours, s",
        "ours, gap",
    ]
    notes = "\n".join(f"- {line}" for line in told)
    beside = f"Load of the machine ({os.cpu_count()} cores): {load[0]:.1f} at the start, {load[1]:.1f} at the end. " if load else ""
    return f"""{HEAD}

Written by `python -m bench.large`. *exact* and *near* are regions of the shape `tight` (all in one connected program, most streams break
a limit alone); *siting* has S/10 sites with five kinds of candidate plant each. Bare HiGHS gets the same arrays, and {LIMIT:.0f} s for
*near* and *siting*, as ours. Seconds of the wall, and of the processor in brackets. {beside}Where other work
ran beside, compare processor seconds, and within a row alone. **Gap**: what a better answer might still save, as a part of the benefit
(today's cost less the plan's), proven by weak duality in our own arithmetic; in brackets as a part of the plan's whole cost.

{table(head, rows)}
Targets, and what was measured:

{notes}
"""


def _row(kind: str, size: int, figures: Figures) -> list[str]:
    ours = figures["ours"]
    part = (ours["objective"] - ours["bound"]) / abs(ours["objective"])
    told = "optimal" if kind == "exact" else f"{ours['gap']:.2%} ({part:.2%})"
    cells = [f"{figures[name]:,}" for name in ("rows", "columns", "nonzeros", "whole")]
    return [
        kind,
        f"{size:,}",
        *cells,
        *[_spent(figures[name]) if name in figures else "not measured" for name in ("ipm", "simplex")],
        f"{ours['s']:.1f} ({ours['cpu']:.1f})",
        told,
    ]


def _spent(bare: Figures) -> str:
    """Seconds of a bare run, and what it had where it was stopped."""
    seconds = f"{bare['s']:.1f} ({bare['cpu']:.1f})"
    if bare["done"]:
        return seconds
    if bare["objective"] is None:
        return f"{seconds}: nothing"
    return f"{seconds}: " + ("stopped" if bare.get("gap") is None else f"gap {bare['gap']:.2%}")


def _told(kind: str, size: int, figures: Figures) -> str:
    if "failed" in figures:
        return f"{kind} at {size:,}: failed, {figures['failed']}"
    ours, target = figures["ours"], TARGETS[kind]
    if kind == "exact":
        low, high = figures["spread"][0], figures["spread"][-1]
        met = "met" if figures["ratio"] <= target else "missed"
        return (
            f"at {size:,} at most {target} × the fastest bare method: {figures['ratio']:.2f} × ({low:.2f} to {high:.2f}, processor) ({met})"
        )
    if (kind, size) == ("siting", 100):
        met = "met" if ours["gap"] <= 1e-4 and ours["s"] <= 5 else "missed"
        return f"siting at 100: 0.01 % in 5 s: {ours['gap']:.3%} in {ours['s']:.1f} s ({ours['cpu']:.1f} s of the processor) ({met})"
    met = "met" if ours["gap"] <= target and ours["s"] <= LIMIT and figures["MB"] <= 8000 else "missed"
    return (
        f"{kind} at {size:,}: {target:.0%} proven in {LIMIT:.0f} s: {ours['gap']:.2%} in {ours['s']:.1f} s, {figures['MB']:.0f} MB ({met})"
    )


if __name__ == "__main__":
    main()
