"""Suggest: milliseconds of one answer, warm and cold, alone and with precedents.

python -m bench.suggest            a table for docs/reference/benchmarks.md

Texts are the names of the library's typologies in four languages with invented slips; each is asked once, so no answer is remembered.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from statistics import median
from time import perf_counter

import numpy as np
import pandas as pd

import sivuvirta as sv
from sivuvirta.library import catalogue

ASKED = 60
COLD = "import time, sivuvirta as sv; start = time.perf_counter(); sv.suggest('masuunin pölyä'); print(time.perf_counter() - start)"


def texts(count: int, seed: int) -> list[str]:
    """Names of streams, every other one with a letter left out."""
    rng = np.random.default_rng(seed)
    table = catalogue()["typologies"]
    names = [text for language in ("en", "fi", "sv", "es") for text in table[f"name_{language}"].tolist() if text]
    chosen = [names[place] for place in rng.integers(len(names), size=count)]
    cut = [int(rng.integers(1, len(text))) for text in chosen]
    return [text[:at] + text[at + 1 :] if place % 2 else text for place, (text, at) in enumerate(zip(chosen, cut, strict=True))]


def exchanges(count: int) -> pd.DataFrame:
    """Precedents with invented receivers."""
    rng = np.random.default_rng(2)
    uses = catalogue()["uses"]["receiver_nace"].tolist()
    return pd.DataFrame(
        {
            "text": texts(count, seed=3),
            "donor_nace": rng.choice(catalogue()["typologies"]["nace"].tolist(), count),
            "receiver_nace": [uses[place][0] for place in rng.integers(len(uses), size=count)],
        }
    )


def timed(precedents: pd.DataFrame | None) -> tuple[float, float]:
    """Median and longest answer, ms."""
    sv.suggest("warm up", precedents=precedents)
    found = []
    for text in texts(ASKED, seed=1):
        start = perf_counter()
        sv.suggest(text, donor_nace="24.10", precedents=precedents)
        found.append((perf_counter() - start) * 1e3)
    return median(found), max(found)


def main() -> None:
    cold = float(subprocess.run([sys.executable, "-c", COLD], capture_output=True, text=True, check=True).stdout)  # noqa: S603
    rows = [(name, *timed(known)) for name, known in (("none", None), ("300", exchanges(300)), ("3 000", exchanges(3000)))]
    print("## Suggest: one answer with all its tables and reasons\n")
    print("| precedents | median, ms | longest, ms |\n|---|---|---|")
    for name, middle, longest in rows:
        print(f"| {name} | {middle:.1f} | {longest:.1f} |")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n{ASKED} texts in four languages, half of them misspelt. The first answer of a process takes {cold:.1f} s (library read,")
    print(f"words indexed); the process holds {memory:.0f} MB. Written by `python -m bench.suggest`.")


if __name__ == "__main__":
    main()
