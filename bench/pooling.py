"""Pooling: time to a proven gap by SCIP and by envelopes on HiGHS, as ratios. `python -m bench.pooling` writes a table."""

from __future__ import annotations

import sys
from time import perf_counter

from sivuvirta import cases
from sivuvirta.domain.pooling import PoolingAnswer, PoolingOptions, PoolingProblem
from sivuvirta.pooling.solve import solve
from sivuvirta.pooling.tables import problem

GAP = 1e-4
LIMIT = 60.0  # seconds


def timed(what: PoolingProblem, method: str) -> tuple[float, PoolingAnswer]:
    """Seconds of the quicker of two solves, and the answer."""
    runs = []
    for _ in range(2):
        started = perf_counter()
        answer = solve(what, PoolingOptions(method=method, gap=GAP, time_limit=LIMIT))
        runs.append((perf_counter() - started, answer))
        if runs[-1][0] > LIMIT / 4:
            break
    return min(runs, key=lambda run: run[0])


def page(names: tuple[str, ...]) -> str:
    """The table: gap reached, seconds by SCIP, and how many times as long the envelopes take."""
    lines = ["| problem | printed | SCIP | envelopes | SCIP, s | envelopes / SCIP |", "|---|---|---|---|---|---|"]
    for name in names:
        tables, said = cases.pooling(name)
        what = problem(name, said["unit"], tables)
        (one, scip), (other, envelopes) = timed(what, "scip"), timed(what, "mccormick")
        reached = " | ".join(f"{answer.objective:,.2f}, gap {answer.gap:.1e}" for answer in (scip, envelopes))
        lines.append(f"| {name} | {said['value']:,.2f} | {reached} | {one:.2f} | {other / one:.1f} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page(tuple(sys.argv[1:]) or cases.poolings()))
