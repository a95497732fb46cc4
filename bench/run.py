"""Speed and memory by size and shape, beside the bare floor and linopy in the same run.

python -m bench.run                          everything, a table on the screen
python -m bench.run --sizes 100,1000         some sizes
python -m bench.run --out docs/reference/benchmarks.md
python -m bench.run --only matching --out docs/reference/benchmarks.md     that part of the page anew

A case runs in a process of its own, so that its peak memory is its own. Ways of building take turns, so that both meet the same load;
times are medians. Limits: 10 minutes a case.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.lifecycle import section as life_cycle
from bench.matching_page import Case, Figures, table
from bench.matching_page import section as matching
from bench.pages import replaced
from bench.reconcile import section as reconciliation
from bench.search import section

LIMIT = 900  # seconds for a process
PHASES = ("check", "read", "links", "match", "build", "solve", "assess")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="100,1000,10000", help="numbers of streams")
    parser.add_argument("--shapes", default="even,hub", help="even: needs have alike many links; hub: a few have most")
    parser.add_argument("--matching", default="1000,10000,100000", help="numbers of streams and of needs to be matched")
    parser.add_argument("--only", choices=["matching"], help="this part alone; on the page of --out the others stay")
    parser.add_argument("--out", type=Path, help="write the page here too")
    asked = parser.parse_args()
    pairs = matching({case: _call("bench.matching", case) for case in _matchings(asked.matching)})
    if asked.only:
        _told(pairs, asked.out, replaced(asked.out.read_text(encoding="utf-8"), pairs) if asked.out else "")
        return
    cases = [(int(size), shape) for size in asked.sizes.split(",") for shape in asked.shapes.split(",")]
    text = page({case: _measure(case) for case in cases}) + "\n" + pairs
    _told(text, asked.out, text)


def _told(text: str, out: Path | None, whole: str) -> None:
    sys.stdout.write(text)
    if out:
        out.write_text(whole, encoding="utf-8")


def _matchings(sizes: str) -> list[Case]:
    """Every size with plain figures, the last also with mixed ones."""
    asked = [int(size) for size in sizes.split(",") if size]
    return [*((size, "plain") for size in asked), *((size, "mixed") for size in asked[-1:])]


def _measure(case: Case) -> dict[str, Figures]:
    """All parts of one case."""
    return {part: _run(part, case) for part in ("phases", "builds", "linopy", "solves")}


def _run(part: str, case: Case) -> Figures:
    return _call("bench.case", case, part)


def _call(module: str, case: Case, *parts: str) -> Figures:
    """The JSON that a module in a process of its own writes last."""
    sys.stderr.write(f"{module} {' '.join(parts)} {case[0]} {case[1]} ...\n")
    command = [sys.executable, "-m", module, *parts, str(case[0]), case[1]]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=True)  # noqa: S603
    except subprocess.TimeoutExpired:
        return {"stopped": f"over {LIMIT} s"}
    except subprocess.CalledProcessError as error:
        return {"stopped": (error.stderr.strip().splitlines() or ["killed"])[-1][:120]}
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def page(found: dict[Case, dict[str, Figures]]) -> str:
    """The figures as a Markdown page."""
    parts = [_head(), "## Phases, seconds (and peak memory of the process, MB)\n", _phases(found)]
    parts += ["## Building the program: from matches to a model in HiGHS\n", _builds(found)]
    parts += ["## Solving: ours, building included, against bare HiGHS\n", _solves(found)]
    return "\n".join([*parts, section(), reconciliation(), life_cycle()])


def _head() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in ("highspy", "linopy", "numba", "numpy", "scipy"))
    return f"""# Benchmarks

Written by `python -m bench.run --out docs/reference/benchmarks.md` on {datetime.now(tz=UTC):%Y-%m-%d}: {os.cpu_count()} cores,
Python {platform.python_version()}, {packages}. The regions are made by a seeded generator: 50 candidate needs a stream,
20 components, 8 limits a need.
*even*: needs have alike many links; *hub*: a few needs have most. **floor** is the same program written by hand as bare
arrays; it has no names and checks nothing. Trust ratios; anything under 1.3 is a tie.
"""


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}" if value < 1 else f"{value:.1f}"


def _phases(found: dict[Case, dict[str, Figures]]) -> str:
    rows = []
    for (size, shape), parts in found.items():
        phases = parts["phases"]
        if "stopped" in phases:
            rows.append([str(size), shape, phases["stopped"], *[""] * len(PHASES)])
            continue
        cells = [f"{_seconds(phases[name])} ({phases[f'{name} MB']:.0f})" for name in PHASES]
        rest = sum(phases[name] for name in PHASES if name not in {"solve", "check"})
        rows.append([str(size), shape, f"{phases['routes']:,}", *cells, _seconds(rest)])
    return table(["streams", "shape", "routes", *PHASES, "all but solve"], rows)


def _builds(found: dict[Case, dict[str, Figures]]) -> str:
    rows = []
    for (size, shape), parts in found.items():
        builds, other = parts["builds"], parts["linopy"]
        ratio = builds["ours"] / builds["floor"]
        cells = [_seconds(builds["floor"]), _seconds(builds["ours"]), f"{ratio:.1f}"]
        if "stopped" in other:
            cells += [other["stopped"], "", ""]
        else:
            cells += [_seconds(other["linopy"]), f"{other['linopy'] / other['floor'] / ratio:.1f}", f"{other['linopy MB']:.0f}"]
        agrees = "-" if "objective" not in other else f"{abs(other['objective'] / parts['phases']['objective'] - 1):.0e}"
        rows.append([str(size), shape, *cells, agrees])
    head = ["streams", "shape", "floor, s", "ours, s", "ours / floor", "linopy, s", "linopy / ours", "linopy's own memory, MB"]
    return table([*head, "objectives differ by"], rows)


def _solves(found: dict[Case, dict[str, Figures]]) -> str:
    rows = []
    for (size, shape), parts in found.items():
        phases, bare = parts["phases"], parts.get("solves", {})
        if "stopped" in phases:
            continue
        fastest = min((bare[name] for name in ("ipm", "simplex") if name in bare), default=None)
        ratio = "-" if fastest is None else f"{phases['solve'] / fastest:.2f}"
        cells = [_seconds(bare.get("ipm")), _seconds(bare.get("simplex")), _seconds(phases["solve"]), phases["method"], ratio]
        rows.append([str(size), shape, f"{phases['rows']:,}", f"{phases['nonzeros']:,}", *cells])
    return table(["streams", "shape", "rows", "nonzeros", "interior point, s", "simplex, s", "ours, s", "by", "ours / fastest"], rows)


if __name__ == "__main__":
    main()
