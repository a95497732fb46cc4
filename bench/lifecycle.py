"""Monte Carlo of a life cycle: our fixed point beside Brightway's own, on the same draws of a seeded technosphere."""

from __future__ import annotations

import os
import sys
import time
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import Any

import bw_processing as bwp
import numpy as np
from scipy.stats import ks_2samp

from bench.matching_page import table
from sivuvirta.lifecycle.draws import seed
from sivuvirta.lifecycle.montecarlo import draws

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import bw2calc

HEAD = "## Life cycle: Monte Carlo\n"
RUNS = 1000
# processes, how far away neighbours are, and iterations of Brightway's own Monte Carlo that are measured in each turn
CASES = ((2_000, 15, 40), (2_000, 100, 20), (20_000, 15, 6), (20_000, 200, 3))
TURNS = 5
HUBS = 60  # processes that everybody takes from
SEED = 5

TEXT = """
Written by `python -m bench.lifecycle FILE`. A seeded technosphere: each process takes from about four neighbours and 1.6 of {hubs} hubs
(6.6 nonzeros a column), inputs worth 30 to 70 % of its product, units spread over four orders of magnitude, every input and emission
lognormal with a standard deviation of 20 %. Brightway's own Monte Carlo (bw2calc {version}, solver {solver}) is `next(lca)`; it was
measured over the iterations shown and **extrapolated** to {runs:,}. **Ours** are {runs:,} runs in full, draws included: the same draws,
sweeps whose residual proves each score to 1e-9, a direct solve where it does not. The two take {turns} turns; seconds and ratio are
medians of the turns, with the lowest and the highest ratio. *Differ* is the largest relative difference of a score from Brightway's in
the same draw, and all that is shown of the distribution: draw by draw the scores are the same. *KS* (probability by
Kolmogorov-Smirnov) is no proof: it compares Brightway's few scores with our {runs:,}, which hold the same draws, so it could only tell
draws that go wrong after the first ones of a turn, and with n scores of Brightway's it sees differences of the distributions from about
1.36 √(1/n + 1/{runs:,}) on: {least}.
Means and standard deviations of so few scores differ by chance. Load of the machine {load:.0f} on {cores} cores: trust ratios. Fill-in
decides what a direct solve costs, and real databases may differ: the further neighbours lie apart, the more of it.
"""


def least(cases: tuple[tuple[int, int, int], ...]) -> str:
    """From which distance of two distributions on the test sees it, at 5 %, by scores of Brightway's in all turns.

    >>> least(((2_000, 15, 40), (20_000, 200, 3)))
    '11 % at 200 scores, 35 % at 15 scores'
    """
    counts = [iterations * TURNS for _, _, iterations in cases]
    return ", ".join(f"{100 * 1.36 * np.sqrt(1.0 / count + 1.0 / RUNS):.0f} % at {count} scores" for count in counts)


def technosphere(count: int, reach: int) -> Any:
    """A data package of a seeded technosphere with one flow of each process."""
    rng = np.random.default_rng(SEED)
    columns, rows, amounts = [], [], []
    units = np.exp(rng.normal(0.0, 1.5, count))
    for process in range(count):
        near = process + rng.integers(-reach, reach + 1, 4)
        hubs = np.minimum((HUBS * rng.random(rng.integers(1, 3) + (rng.random() < 0.1)) ** 2).astype(int), HUBS - 1) * (count // HUBS)
        taken = np.setdiff1d(np.concatenate([near % count, hubs]), [process])
        share = rng.dirichlet(np.ones(len(taken))) * rng.uniform(0.3, 0.7)
        rows.extend(taken)
        columns.extend([process] * len(taken))
        amounts.extend(share * units[process] ** -1 * units[taken])
    package = bwp.create_datapackage(sum_intra_duplicates=True)
    ids = np.arange(1, count + 1)
    _add(package, "technosphere", "made", (ids, ids, np.ones(count)))
    _add(package, "technosphere", "taken", (np.array(rows) + 1, np.array(columns) + 1, np.array(amounts)), flip=True, uncertain=True)
    _add(package, "biosphere", "emitted", (np.full(count, count + 1), ids, rng.lognormal(0, 1, count) / units), uncertain=True)
    _add(package, "characterization", "factors", (np.array([count + 1]), np.array([count + 1]), np.ones(1)))
    return package


def _add(package: Any, matrix: str, name: str, entries: tuple[Any, Any, Any], *, flip: bool = False, uncertain: bool = False) -> None:
    row, column, amount = entries
    indices = np.empty(len(row), dtype=bwp.INDICES_DTYPE)
    indices["row"], indices["col"] = row, column
    extra: dict[str, Any] = {"flip_array": np.ones(len(row), dtype=bool)} if flip else {}
    if uncertain:
        spread = np.zeros(len(row), dtype=bwp.UNCERTAINTY_DTYPE)
        spread["uncertainty_type"], spread["scale"] = 2, np.sqrt(np.log1p(0.2**2))
        spread["loc"] = np.log(amount) - spread["scale"] ** 2 / 2
        spread["shape"] = spread["minimum"] = spread["maximum"] = np.nan
        extra["distributions_array"] = spread
    package.add_persistent_vector(matrix=f"{matrix}_matrix", name=name, indices_array=indices, data_array=amount, **extra)


def _lca(package: Any) -> Any:
    lca = bw2calc.LCA({1: 1.0}, data_objs=[package], use_distributions=True)
    lca.lci()
    lca.lcia()
    return lca


def measure(count: int, reach: int, iterations: int) -> dict[str, Any]:
    """Seconds for 1,000 runs of both ways, taken in turns, and how well they agree."""
    package = technosphere(count, reach)
    lca, other = _lca(package), _lca(package)
    demand = other.demand_array[:, None]
    draws(other, demand, 2, SEED)  # compiles
    times, scores, direct = np.zeros((TURNS, 2)), [], 0
    for turn in range(TURNS):
        seed(lca, SEED + turn)
        started = time.perf_counter()
        theirs = np.array([_next(lca) for _ in range(iterations)])
        between = time.perf_counter()
        found = draws(other, demand, RUNS // TURNS, SEED + turn)
        times[turn] = (between - started) / iterations * RUNS, (time.perf_counter() - between) * TURNS
        scores.append((theirs, found.scores[:, 0]))
        direct += found.direct
    both = [np.concatenate(part) for part in zip(*scores, strict=True)]
    return {
        "count": count,
        "reach": reach,
        "nonzeros": other.technosphere_matrix.nnz / count,
        "iterations": iterations * TURNS,
        "times": np.median(times, axis=0),
        "ratio": np.sort(times[:, 0] / times[:, 1]),
        "direct": direct,
        "differ": max(float(np.abs(ours[:iterations] / theirs - 1).max()) for theirs, ours in scores),
        "mean": [part.mean() for part in both],
        "sd": [part.std(ddof=1) for part in both],
        "ks": float(ks_2samp(*both).pvalue),
    }


def _next(lca: Any) -> float:
    next(lca)
    return float(lca.score)


def section(cases: tuple[tuple[int, int, int], ...] = CASES) -> str:
    """The part of the page of benchmarks."""
    rows = []
    for case in cases:
        found = measure(*case)
        low, *_, high = found["ratio"]
        cells = [f"{found['count']:,}", f"{found['reach']}", f"{found['nonzeros']:.1f}", f"{found['iterations']:,}"]
        cells += [f"{found['times'][0]:,.0f}", f"{found['times'][1]:.1f}", f"{np.median(found['ratio']):.0f} ({low:.0f} to {high:.0f})"]
        cells += [f"{found['direct']}", f"{found['differ']:.0e}"]
        cells += [f"{found[name][0]:.4g} / {found[name][1]:.4g}" for name in ("mean", "sd")]
        rows.append([*cells, f"{found['ks']:.2f}"])
    head = [
        "processes",
        "neighbours within",
        "nonzeros a column",
        "iterations measured",
        "Brightway, s for 1,000",
        "ours, s for 1,000",
        "ratio",
    ]
    head += ["solved directly", "differ", "mean, Brightway's / ours", "sd, Brightway's / ours", "KS"]
    text = TEXT.format(
        hubs=HUBS,
        version=version("bw2calc"),
        solver="PARDISO" if bw2calc.PYPARDISO else "SuperLU of scipy",
        runs=RUNS,
        least=least(cases),
        turns=TURNS,
        load=os.getloadavg()[1],
        cores=os.cpu_count(),
    )
    return "\n".join([HEAD + text, table(head, rows)])


def replaced(page: str, part: str) -> str:
    """The page with this part anew; other parts stay, before it and after it."""
    before, _, rest = page.partition(HEAD)
    after = rest.partition("\n## ")[2]
    return f"{before.rstrip()}\n\n{part}" + (f"\n## {after}" if after else "")


def main() -> None:
    part = section()
    sys.stdout.write(part)
    for name in sys.argv[1:]:
        page = Path(name)
        page.write_text(replaced(page.read_text(encoding="utf-8"), part), encoding="utf-8")


if __name__ == "__main__":
    main()
