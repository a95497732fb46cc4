"""Seconds for all figures of the bundled region with ranges: 1 000 draws, circularity included, and the parts of six figures.

python -m bench.measured             a Markdown table
python -m bench.measured --json      the figures
"""

from __future__ import annotations

import json
import sys
from time import perf_counter, process_time
from typing import Any

import sivuvirta as sv

DRAWS = 1000
POINTS = 256


def measured(draws: int = DRAWS, points: int = POINTS, name: str = "kemi_tornio") -> list[dict[str, Any]]:
    """Seconds by clock and CPU of the plan, of the draws, and of draws with parts."""
    start = perf_counter(), process_time()
    plan = sv.plan(name)
    rows = [row("plan", start)]
    for what, sobol in (("all figures with ranges", 0), ("the same, with what to measure next", points)):
        start = perf_counter(), process_time()
        found = sv.ranges(plan, draws=draws, sobol=sobol)
        rows.append(row(what, start) | {"draws": found.done, "figures": len(found.figures), "inputs": len(found.inputs)})
    return rows


def row(what: str, start: tuple[float, float]) -> dict[str, Any]:
    return {"what": what, "seconds": perf_counter() - start[0], "cpu": process_time() - start[1]}


def main() -> None:
    rows = measured()
    if "--json" in sys.argv[1:]:
        print(json.dumps(rows, indent=1))
        return
    print("| what | draws | inputs | figures | seconds | CPU seconds |\n|---|---|---|---|---|---|")
    for one in rows:
        counts = " | ".join(str(one.get(name, "")) for name in ("draws", "inputs", "figures"))
        print(f"| {one['what']} | {counts} | {one['seconds']:.1f} | {one['cpu']:.1f} |")


if __name__ == "__main__":
    main()
