"""Search: processor seconds (one thread) and memory to index a register and to ask it, by size.

python -m bench.search                          10 000 and 100 000 streams
python -m bench.search --sizes 1000             other sizes

Names are made of the library's materials in four languages, with invented sites, firms and towns; a size runs in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
from collections.abc import Sequence
from statistics import median
from time import process_time

import numpy as np
import pandas as pd

import sivuvirta as sv
from sivuvirta import library
from sivuvirta.search import indexed

QUERIES = {
    "one word": "kuona",
    "three words": "green liquor dregs",
    "other language, inflected": "lietteistä",
    "compound with a slip": "ferokromikuona",
    "first letters": "jär",
    "code": "10 08 09",
    "words, 50 km, quantity": "slagg från ljusbågsugn",
    "nothing but facets": "",
}
SIZES = (10_000, 100_000)
TIMES = 15
Found = dict[int, dict[str, float]]
_HEAD = f"""## Search

By `python -m bench.search`: a register of streams named after the library's materials in four languages, beside the library's own rows.
Seconds of one processor thread; a query shows 20 rows with their reasons and counts all facets, median of {TIMES}.
"""
SYLLABLES = ("ka", "lo", "me", "ri", "su", "ta", "no", "pe", "va", "ki", "jär", "vi", "berg", "sund", "niemi", "puerto")


def region(streams: int, seed: int = 1) -> sv.Region:
    """A register of streams at sites: the same size and seed give the same names."""
    rng = np.random.default_rng(seed)
    materials = library.tables()["materials"]
    sites, firms = max(10, streams // 10), max(5, streams // 50)
    source = {"source": "bench", "grade": "B"}
    names = [f"{_name(rng)} {kind}" for kind in rng.choice(["Oy", "AB", "SL", "Ltd"], firms)]
    material, language = rng.integers(len(materials), size=streams), rng.choice(["en", "fi", "sv", "es"], streams)
    at = rng.integers(sites, size=streams)
    towns = [_name(rng) for _ in range(max(5, sites // 5))]
    title = [materials[f"name_{tongue}"][row] or materials["name_en"][row] for row, tongue in zip(material, language, strict=True)]
    rows = {
        "sources": pd.DataFrame([{"source": "bench", "citation": "Generated", "opened": "2026-11"}]),
        "vintages": pd.DataFrame([{"vintage": "bench", "year": 2024, "title": "Generated", "discount_rate": 5}]),
        "organisations": pd.DataFrame({"organisation": [f"o{n}" for n in range(firms)], "name": names, "kind": "company", **source}).drop(
            columns="grade"
        ),
        "sites": pd.DataFrame(
            {
                "site": [f"s{n}" for n in range(sites)],
                "name": [f"{_name(rng)} works {n}" for n in range(sites)],
                "organisation": [f"o{n}" for n in rng.integers(firms, size=sites)],
                "municipality": rng.choice(towns, sites),
                "lat": rng.uniform(60, 68, sites).round(4),
                "lon": rng.uniform(20, 28, sites).round(4),
                **source,
            }
        ),
        "streams": pd.DataFrame(
            {
                "stream": [f"i{n}" for n in range(streams)],
                "name": [f"{text}, line {number}" for text, number in zip(title, rng.integers(1, 9, streams), strict=True)],
                "site": [f"s{n}" for n in at],
                "material": materials["material"][material],
                "note": [_name(rng) if each < 0.2 else None for each in rng.random(streams)],
                **source,
            }
        ),
        "quantities": pd.DataFrame(
            {
                "table": "streams",
                "subject": [f"i{n}" for n in range(streams)],
                "vintage": "bench",
                "value": rng.lognormal(8, 2, streams).round(1),
                "status": "observed",
                **source,
            }
        ),
    }
    return sv.region("bench", rows)


def _name(rng: np.random.Generator) -> str:
    return "".join(rng.choice(SYLLABLES, rng.integers(2, 5))).capitalize()


def measure(streams: int) -> dict[str, float]:
    """Seconds of each part, and peak memory, MB."""
    sv.search("three_sites", "slag")  # the library is read once a process
    chosen = region(streams)
    before = _peak()
    began = process_time()
    made = indexed(chosen, library.catalogue())
    figures = {"words": len(made.vocabulary), "postings": len(made.postings.document), "index": process_time() - began}
    figures |= {"own MB": _peak() - before, "peak MB": _peak()}
    for name, text in QUERIES.items():
        more = {"of": (65.0, 24.0), "within_km": 50, "at_least": 1000} if "km" in name else {}
        spent = []
        for _ in range(TIMES):
            began = process_time()
            figures[f"{name}: rows"] = sv.search(chosen, text, **more).total
            spent.append(process_time() - began)
        figures[name], figures[f"{name}: first"] = median(spent), spent[0]
    return figures


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def section(sizes: Sequence[int] = SIZES) -> str:
    """The figures as a part of the page of benchmarks; each size in a process of its own."""
    found = {}
    for size in sizes:
        command = [sys.executable, "-m", "bench.search", "--one", str(size)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
        found[size] = json.loads(done.stdout.strip().splitlines()[-1])
    return "\n".join([_HEAD, *_index_table(found), "", *_query_table(found), ""])


def _index_table(found: Found) -> list[str]:
    lines = ["| streams | words | postings | index, s | its own memory, MB | peak, MB |", "|---|---|---|---|---|---|"]
    for size, each in found.items():
        memory = f"{each['own MB']:.0f} | {each['peak MB']:.0f}"
        lines.append(f"| {size:,} | {each['words']:,} | {each['postings']:,} | {each['index']:.1f} | {memory} |")
    return lines


def _query_table(found: Found) -> list[str]:
    lines = [f"| query | text | {' | '.join(f'{size:,}: rows | first, ms | median, ms' for size in found)} |"]
    lines.append(f"|---|---|{'---|---|---|' * len(found)}")
    for name, text in QUERIES.items():
        cells = [f"{each[f'{name}: rows']:,} | {1e3 * each[f'{name}: first']:.0f} | {1e3 * each[name]:.0f}" for each in found.values()]
        lines.append(f"| {name} | {text} | {' | '.join(cells)} |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of streams")
    parser.add_argument("--one", type=int, help="measure one size in this process and print JSON")
    asked = parser.parse_args()
    sys.stdout.write(json.dumps(measure(asked.one)) + "\n" if asked.one else section([int(size) for size in asked.sizes.split(",")]))


if __name__ == "__main__":
    main()
