"""One size and shape, in a process of its own: seconds and peak memory of each phase, as JSON on the last line.

python -m bench.case phases 1000 even     read, check, links, match, build, solve, assess
python -m bench.case builds 1000 even     our build against the floor, in turns
python -m bench.case linopy 1000 even     the same program by linopy, against the floor, in turns
python -m bench.case solves 1000 even     bare HiGHS by method
"""

from __future__ import annotations

import gc
import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import sivuvirta as sv
from bench.builds import by_linopy, floor, optimum, ours
from bench.generate import Size, write
from sivuvirta.domain.matches import Matches

Figures = dict[str, Any]


def main(what: str, streams: int, shape: str) -> Figures:
    with TemporaryDirectory() as folder:
        path = write(Path(folder) / "region", Size(streams=streams, shape=shape))
        return {"phases": _phases, "builds": _builds, "linopy": _linopy, "solves": _solves}[what](path, streams)


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _timed(figures: Figures, name: str, run: Callable[[], Any]) -> Any:
    began = perf_counter()
    result = run()
    figures[name], figures[f"{name} MB"] = perf_counter() - began, peak()
    return result


def _phases(path: Path, streams: int) -> Figures:
    figures: Figures = {}
    sv.links("three_sites")  # the library is read once a process; imports are not what is measured
    _timed(figures, "check", lambda: sv.check(path))
    region = _timed(figures, "read", lambda: sv.load(path))
    links = _timed(figures, "links", lambda: sv.links(region))
    matches = _timed(figures, "match", lambda: sv.match(links))
    model = _timed(figures, "build", lambda: ours(matches))
    figures |= {"routes": len(matches.routes), "rows": model.program.shape[0], "nonzeros": int(model.matrix.nnz)}
    del model
    plan = _timed(figures, "solve", lambda: sv.plan(matches, time_limit=600.0))
    _timed(figures, "assess", lambda: sv.assess(plan))
    figures |= {"objective": plan.proven.objective, "method": plan.proven.method}
    return figures


def _matches(path: Path) -> Matches:
    return sv.match(sv.load(path))


def _in_turns(matches: Matches, ways: dict[str, Callable[[Matches], Any]], times: int) -> Figures:
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(times):
        for name, build in ways.items():
            gc.collect()
            began = perf_counter()
            built = build(matches)
            spent[name].append(perf_counter() - began)
            del built
    return {name: median(seconds) for name, seconds in spent.items()}


def _builds(path: Path, streams: int) -> Figures:
    return _in_turns(_matches(path), {"floor": floor, "ours": ours}, 15 if streams <= 1000 else 7)


def _linopy(path: Path, streams: int) -> Figures:
    matches = _matches(path)
    before = peak()
    figures = _in_turns(matches, {"floor": floor, "linopy": by_linopy}, 3 if streams <= 1000 else 1)
    figures |= {"linopy MB": peak() - before}
    figures["objective"], _ = optimum(by_linopy(matches), "simplex", 300.0)
    return figures


def _solves(path: Path, streams: int) -> Figures:
    matches = _matches(path)
    figures: Figures = {}
    for method in ("ipm", "simplex"):
        _, figures[method] = optimum(floor(matches), method, 300.0)
    return figures


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1], int(sys.argv[2]), sys.argv[3])) + "\n")
