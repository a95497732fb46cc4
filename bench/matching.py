"""Matching at one size, in a process of its own: seconds and peak memory, as JSON on the last line.

python -m bench.matching 10000 plain

The ways take turns, so that all meet the same load of the machine; times are medians of the turns.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

import sivuvirta as sv
from bench.case import Figures, peak
from bench.kernels import by_numpy, compiled
from bench.markets import RADIUS, numbers, region
from sivuvirta.domain.grades import Verdict
from sivuvirta.match.market import Market, prepare, screen, why, with_stream

TURNS = 15
REMATCHED = 40
FULL = 10_000
"""Streams up to which the whole line of links and match is timed beside it."""


def main(size: int, shape: str) -> Figures:
    figures: Figures = {}
    began = perf_counter()
    screen(prepare(region(numbers(48)), RADIUS))
    figures["first"] = perf_counter() - began
    made = numbers(size, mixed=shape == "mixed")
    register = region(made)
    figures["register MB"] = peak()
    market: Market = _timed(figures, "prepare", lambda: prepare(register, RADIUS))
    figures |= _turns(made, market)
    figures["screen MB"] = peak()
    figures |= _rematch(market)
    if size <= FULL:
        del market
        links = _timed(figures, "links", lambda: sv.links(register, RADIUS))
        _timed(figures, "match", lambda: sv.match(links))
    return figures


def _turns(made: Any, market: Market) -> Figures:
    ways: dict[str, Callable[[], Any]] = {"numpy": lambda: by_numpy(made), "screen": lambda: screen(market)}
    ways |= {name: cells.count for name, cells in compiled(made).items()}
    spent: dict[str, list[float]] = {name: [] for name in ways}
    counts: dict[str, tuple[int, int]] = {}
    for turn in range(TURNS):
        for name, run in ways.items():
            if name == "numpy" and turn >= 3:
                continue
            gc.collect()
            began = perf_counter()
            result = run()
            spent[name].append(perf_counter() - began)
            counts[name] = _counted(result)
            del result
    figures: Figures = {name: median(seconds) for name, seconds in spent.items()}
    for name in ("by cells", "by class"):
        ratios = sorted(ours / theirs for ours, theirs in zip(spent["screen"], spent[name], strict=True))
        figures |= {f"ratio {name}": median(ratios), f"ratio {name} spread": (ratios[3], ratios[-4])}
    figures["pairs"], figures["passed"] = counts["screen"]
    figures["agree"] = len({counts[name] for name in ways if name != "screen"} | {counts["screen"]}) == 1
    figures["near agree"] = len({count for count, _ in counts.values()}) == 1
    return figures


def _counted(result: Any) -> tuple[int, int]:
    return result if isinstance(result, tuple) else (len(result), int((result.verdict == Verdict.PASS).sum()))


def _rematch(market: Market) -> Figures:
    """One stream with new analyses at another site against all needs, and the words for one of its pairs."""
    rng = np.random.default_rng(2)
    sites, streams = market.region.table("sites")["site"], market.region.table("streams")["stream"]
    spent, said = [], []
    for stream, site in zip(rng.choice(streams, REMATCHED + 1), rng.choice(sites, REMATCHED + 1), strict=True):
        analyses = [{"component": name, "kind": "total", "value": 9.0, "high": 11.0, "grade": "A"} for name in ("As", "Cd", "Pb", "Zn")]
        began = perf_counter()
        found = screen(with_stream(market, stream, analyses, site=site), streams=[stream])
        spent.append(perf_counter() - began)
        if len(found):
            began = perf_counter()
            why(found, 0)
            said.append(perf_counter() - began)
    return {"rematch": median(spent[1:]), "rematch worst": max(spent[1:]), "why": median(said[1:])}


def _timed(figures: Figures, name: str, run: Callable[[], Any]) -> Any:
    began = perf_counter()
    result = run()
    figures[name], figures[f"{name} MB"] = perf_counter() - began, peak()
    return result


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(int(sys.argv[1]), sys.argv[2])) + "\n")
