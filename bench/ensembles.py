"""Draws of a plan against fresh interior-point solves of the same draws, in turns; draws of the bundled region; what a cluster adds.

python -m bench.ensembles                     everything, a table on the screen
python -m bench.ensembles --sizes 100,300     some sizes
python -m bench.ensembles --draws 1000        draws of the bundled region
python -m bench.ensembles --out docs/reference/benchmarks.md     the part on draws of that page anew

Amounts, prices and fees vary by 5 %, haulage in common. Ours and fresh solves take turns draw by draw, so that both meet the same
load; times are seconds of CPU a draw. A fresh solve is what anybody would write: the draw's arrays into a new HiGHS, interior point.
A cluster and a pool of as many processes take turns with the same small tasks; from the first answer to the last, so that neither
pays for its start. All together takes less than six minutes on two quiet cores.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import TypeVar

import highspy
import numpy as np
from attrs import evolve, frozen
from distributed import LocalCluster

import sivuvirta as sv
from bench.generate import Size, write
from bench.matching_page import table
from bench.pages import replaced
from sivuvirta.domain.draws import draws
from sivuvirta.domain.ensembles import BUILDS, EnsembleOptions, Where
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.futures.ensemble.effects import task
from sivuvirta.futures.ensemble.inputs import uncertain
from sivuvirta.futures.ensemble.pools import Chunk, solved
from sivuvirta.futures.ensemble.running import opened
from sivuvirta.futures.ensemble.worker import Way, Worker, started
from sivuvirta.ledger.reference import reference
from sivuvirta.plan.open import OpenPlan

Figures = TypeVar("Figures")

HEAD = "## Ensembles: draws of what is not known well"
SPREAD = 0.05  # relative standard deviation of what varies
RANGE = 3.29 / 2 * SPREAD
TURNS = {100: 20, 300: 8}  # draws of each size; three of larger ones
REGION = "kemi_tornio"
TASKS = 160  # small tasks that a cluster and a pool share
HELD = (1, 5)  # draws a task holds: one, and as many as are sent
ROUNDS = 4  # of each
TARGETS = {100: 5.0, 300: 2.0, 1000: 1.0}  # times as fast as fresh solves
SECONDS = 60.0  # for 1 000 draws of the bundled region
ADDED = 5.0  # per cent that a cluster may add


@frozen
class Solves:
    """Draws of one size, ours and fresh in turns; medians in seconds of CPU."""

    streams: int
    nonzeros: int
    draws: int
    start: str
    ours: float
    fresh: float
    spread: tuple[float, float]  # quarters of the ratio, draw by draw


@frozen
class Drawn:
    """All draws of the bundled region."""

    builds: str
    draws: int
    seconds: float
    cpu: float


@frozen
class Added:
    """What a cluster adds to small tasks."""

    held: int  # draws of a task
    task: float  # seconds of CPU that a task takes
    pool: tuple[float, ...]  # seconds a task, from the first answer to the last, turn by turn
    cluster: tuple[float, ...]

    @property
    def share(self) -> float:
        """Per cent, by medians."""
        return 100 * (float(np.median(self.cluster)) / float(np.median(self.pool)) - 1)

    @property
    def noise(self) -> float:
        """Per cent by which the pool's own turns differ, half of the range."""
        return 50 * (max(self.pool) - min(self.pool)) / float(np.median(self.pool))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="100,300,1000", help="numbers of streams; empty for none")
    parser.add_argument("--draws", type=int, default=1000, help="draws of the bundled region; 0 for none")
    parser.add_argument("--tasks", type=int, default=TASKS, help="small tasks for a pool and a cluster; 0 for none")
    parser.add_argument("--out", type=Path, help="put the part into this page")
    asked = parser.parse_args()
    began = perf_counter()
    sizes = [_heard(_solves(int(size))) for size in filter(None, asked.sizes.split(","))]
    region = [_heard(_region(builds, asked.draws)) for builds in BUILDS if asked.draws]
    added = [_heard(_added(asked.tasks, held)) for held in HELD if asked.tasks]
    text = section(sizes, region, added, perf_counter() - began)
    sys.stdout.write(text)
    if asked.out:
        asked.out.write_text(replaced(asked.out.read_text(encoding="utf-8"), text), encoding="utf-8")


def _heard(figures: Figures) -> Figures:
    sys.stderr.write(f"{figures}\n")
    return figures


def section(sizes: list[Solves], region: list[Drawn], added: list[Added], seconds: float) -> str:
    """The page's part, Markdown."""
    cores = os.cpu_count()
    used = f"{cores} cores, Python {platform.python_version()}, highspy {version('highspy')}, distributed {version('distributed')}"
    against = "of the same draws by interior point, in turns, seconds of CPU a draw. The machine's noise is the middle half of the ratios."
    told = (
        f"Written by `python -m bench.ensembles --out docs/reference/benchmarks.md` on {datetime.now(tz=UTC):%Y-%m-%d} in {seconds:.0f} s"
    )
    head = f"{told}:\n{used}. Draws of generated regions against fresh solves\n{against}\n"
    parts = [f"{HEAD}\n", head]
    if sizes:
        parts.append(_sizes(sizes))
    if region:
        parts += [
            f"1 000 draws of the bundled region, proven and potential network with their structures, {cores} processes:\n",
            _drawn(region),
        ]
    if added:
        parts.append(_cluster(added))
    return "\n".join(parts)


def _sizes(sizes: list[Solves]) -> str:
    rows = []
    for one in sizes:
        ratio, target = one.fresh / one.ours, TARGETS.get(one.streams)
        met = "" if target is None else f"{target:g} ({_met(ratio >= target)})"
        spread = f"{one.spread[0]:.1f} to {one.spread[1]:.1f}"
        cells = (f"{one.ours:.3f}", f"{one.fresh:.3f}", f"{ratio:.1f}", spread, met)
        rows.append([f"{one.streams:,}", f"{one.nonzeros:,}", str(one.draws), one.start, *cells])
    return table(["streams", "nonzeros", "draws", "start", "ours, s", "fresh, s", "fresh / ours", "middle half", "target"], rows)


def _drawn(region: list[Drawn]) -> str:
    rows = []
    for one in region:
        met = f"{SECONDS:g} s ({_met(one.seconds <= SECONDS)})" if one.draws >= 1000 else ""
        rows.append([one.builds, f"{one.draws:,}", f"{one.seconds:.1f}", f"{one.cpu:.1f}", met])
    return table(["builds", "draws", "seconds", "of CPU", "target"], rows)


def _cluster(added: list[Added]) -> str:
    rows = []
    for one in added:
        pool, cluster = (f"{1000 * float(np.median(turns)):.1f}" for turns in (one.pool, one.cluster))
        met = _met(one.share < ADDED) if one.noise <= ADDED else "not told: the noise is larger"
        rows.append([str(one.held), f"{1000 * one.task:.0f}", pool, cluster, f"{one.share:+.1f} %", f"±{one.noise:.1f} %", met])
    told = (
        f"A Dask cluster of {os.cpu_count()} processes on this machine, its scheduler on the same cores, against a pool of as many, "
        f"{ROUNDS} turns\nof each. A command sends {HELD[-1]} draws at a time. "
        f"Target: less than {ADDED:g} % added to tasks of 100 ms and more.\n"
    )
    heads = ["draws of a task", "CPU of a task, ms", "pool, ms a task", "cluster, ms a task", "added", "pool's own turns", "target"]
    return f"{told}\n{table(heads, rows)}"


def _met(met: bool) -> str:
    return "met" if met else "missed"


def varied(matches: Matches) -> Matches:
    """The same routes with amounts, prices and fees that vary by 5 %."""
    links = matches.links
    supply = evolve(links.supply, low=links.supply.value * (1 - RANGE), high=links.supply.value * (1 + RANGE))
    return evolve(matches, links=evolve(links, supply=supply, arcs=evolve(links.arcs, eur_sd=np.abs(links.arcs.eur) * SPREAD)))


def _solves(streams: int) -> Solves:
    with TemporaryDirectory() as folder:
        matches = varied(sv.match(sv.load(write(Path(folder) / "region", Size(streams=streams, shape="even")))))
    found = uncertain(matches)
    made = task(OpenPlan(matches, reference(matches.links), PlanOptions()), found)
    values = draws(found.inputs, TURNS.get(streams, 3), 1)
    worker = Worker(started(made, values))
    worker.open(Way("potential"))
    spent = np.zeros((len(values), 2))
    for number, delta in enumerate(values):
        began = process_time()
        ours = worker.solve(delta).objective
        middle = process_time()
        bare = _fresh(worker, delta)
        spent[number] = middle - began, process_time() - middle
        if abs(ours - bare) > 1e-6 * abs(bare):
            raise SystemExit(f"{streams} streams: {ours} is not {bare}")
    own, fresh = (float(each) for each in np.median(spent, axis=0))
    low, high = (float(each) for each in np.quantile(spent[:, 1] / spent[:, 0], (0.25, 0.75)))
    return Solves(streams, worker.model.matrix.nnz, len(values), worker.task.start, own, fresh, (low, high))


def _fresh(worker: Worker, delta: np.ndarray) -> float:
    """The draw in a new solver, from the arrays that the worker has after its own solve."""
    arrays, matrix = worker.model.arrays, worker.model.matrix
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    scale, (rows, columns) = worker.model.scale, matrix.shape
    least, most = arrays.row_lower * scale.row, arrays.row_upper * scale.row
    low, high, cost = arrays.lower / scale.column, arrays.upper / scale.column, scale.costs(worker.task.objective.at(delta))
    whole = np.zeros(columns, np.int32)
    highs.passModel(columns, rows, matrix.nnz, 1, 1, 0.0, cost, low, high, least, most, matrix.indptr, matrix.indices, matrix.data, whole)
    highs.setOptionValue("solver", "ipm")
    highs.run()
    return float(highs.getInfo().objective_function_value / scale.cost)


def _region(builds: str, count: int) -> Drawn:
    """Draws of the bundled region, flows alone or builds free."""
    matches = sv.match(REGION)
    began, spent = perf_counter(), _spent()
    sv.futures(matches, draws=count, builds=builds, processes=os.cpu_count())
    return Drawn(builds, count, perf_counter() - began, _spent() - spent)


def _spent() -> float:
    """Seconds of CPU of this process and of those that it started and that have ended."""
    return sum(each.ru_utime + each.ru_stime for each in (getrusage(RUSAGE_SELF), getrusage(RUSAGE_CHILDREN)))


def _added(count: int, held: int) -> Added:
    """The same tasks by a pool and by a cluster in turns; a task is draws of the bundled region, free builds and structures."""
    matches = sv.match(REGION)
    at = opened(matches, reference(matches.links), PlanOptions(), EnsembleOptions(draws=count, builds="free"))
    ways = (Way("potential", flows=True), *(Way("potential", number) for number in range(len(at.task.structures["potential"]))))
    ways += (Way("proven", flows=True), Way("proven", 0))
    chunks = [Chunk(f"task-{number:05d}", at.values[number : number + held]) for number in range(0, count, held)]
    began = process_time()
    worker = Worker(at.task)
    for chunk in chunks[:10]:
        worker.piece(ways, chunk.values)
    small = (process_time() - began) / len(chunks[:10])
    turns: tuple[list[float], list[float]] = ([], [])
    with LocalCluster(n_workers=os.cpu_count(), threads_per_worker=1, dashboard_address=None) as cluster:
        for _ in range(ROUNDS):
            for seconds, where in zip(turns, (Where(processes=os.cpu_count()), Where(scheduler=cluster.scheduler_address)), strict=True):
                came = [perf_counter() for _ in solved(at.task, ways, chunks, where)]
                seconds.append(sum(later - before for before, later in pairwise(came)) / (len(came) - 1))
    return Added(held, small, tuple(turns[0]), tuple(turns[1]))


if __name__ == "__main__":
    main()
