"""Draws of a plan against fresh interior-point solves of the same draws, in turns; draws of the bundled region; what a cluster adds.

python -m bench.ensembles                     everything, a table on the screen
python -m bench.ensembles --sizes 100,300     some sizes
python -m bench.ensembles --draws 1000        draws of the bundled region

Amounts, prices and fees vary by 5 %, haulage in common. Ours and fresh solves take turns draw by draw, so that both meet the same
load; times are seconds of CPU a draw. A fresh solve is what anybody would write: the draw's arrays into a new HiGHS, interior point.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

import highspy
import numpy as np
from attrs import evolve
from distributed import LocalCluster

import sivuvirta as sv
from bench.generate import Size, write
from sivuvirta.domain.ensembles import BUILDS
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.futures.ensemble.draws import draws
from sivuvirta.futures.ensemble.effects import task
from sivuvirta.futures.ensemble.inputs import uncertain
from sivuvirta.futures.ensemble.worker import Way, Worker, started
from sivuvirta.ledger.reference import reference
from sivuvirta.plan.open import OpenPlan

SPREAD = 0.05  # relative standard deviation of what varies
RANGE = 3.29 / 2 * SPREAD
TURNS = {100: 20, 300: 8}  # draws of each size; three of larger ones
REGION = "kemi_tornio"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="100,300,1000", help="numbers of streams; empty for none")
    parser.add_argument("--draws", type=int, default=1000, help="draws of the bundled region; 0 for none")
    asked = parser.parse_args()
    for size in filter(None, asked.sizes.split(",")):
        _told(_solves(int(size)))
    if asked.draws:
        for line in _region(asked.draws):
            _told(line)


def _told(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def varied(matches: Matches) -> Matches:
    """The same routes with amounts, prices and fees that vary by 5 %."""
    links = matches.links
    supply = evolve(links.supply, low=links.supply.value * (1 - RANGE), high=links.supply.value * (1 + RANGE))
    return evolve(matches, links=evolve(links, supply=supply, arcs=evolve(links.arcs, eur_sd=np.abs(links.arcs.eur) * SPREAD)))


def _solves(streams: int) -> str:
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
    ours, bare = np.median(spent, axis=0)
    size = worker.model.matrix.nnz
    how = worker.task.start
    return (
        f"{streams} streams, {size} nonzeros, {len(values)} draws: {how} {ours:.3f} s, interior point {bare:.3f} s: {bare / ours:.1f} times"
    )


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


def _region(count: int) -> Iterator[str]:
    """Draws of the bundled region: flows alone, builds free, and the same on a cluster."""
    matches = sv.match(REGION)
    seconds = {}
    for builds in BUILDS:
        began = perf_counter()
        sv.futures(matches, draws=count, builds=builds, processes=os.cpu_count())
        seconds[builds] = perf_counter() - began
        yield f"{REGION}, {count} draws, builds {builds}, {os.cpu_count()} processes: {seconds[builds]:.1f} s"
    with LocalCluster(n_workers=os.cpu_count(), threads_per_worker=1, dashboard_address=None) as cluster:
        began = perf_counter()
        sv.futures(matches, draws=count, builds="free", scheduler=cluster.scheduler_address)
        spent = perf_counter() - began
    yield f"{REGION}, {count} draws, builds free, a cluster of as many: {spent:.1f} s, {100 * (spent / seconds['free'] - 1):+.0f} %"


if __name__ == "__main__":
    main()
