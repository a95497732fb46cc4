"""The matching part of the benchmarks page."""

from __future__ import annotations

import os
from typing import Any

Figures = dict[str, Any]
Case = tuple[int, str]

HEAD = "## Matching: direct pairs of one class within 50 km\n"

TEXT = """
S streams and S needs, 24 classes, 20 components, 8 limits a need, some 50 needs of its class near each stream. *plain*: all figures are
reported, all limits read; *mixed*: a fifth of the figures unknown, half of the others estimates, three limits in ten not read.
The bare ways count the pairs that meet all limits and keep nothing: **numpy** with scipy's cKDTree; **by cells**, compiled, cells a radius
wide, the class compared pair by pair; **by class**, compiled, smaller cells in the order of classes, the fastest we could write by hand.
**screen** is `sv.screen` on a prepared register, on two threads like these: verdict, check, deciding limit, grade and what a blend could
reach of every pair, kept. Ways take turns and times are medians of the turns; the ratio is the median of the turns' ratios, with the fourth
lowest and fourth highest of 15 in brackets. The machine had much other work (load {load:.0f} on {cores} cores), so trust ratios.
All count the same pairs{agree}.
"""


def section(found: dict[Case, Figures]) -> str:
    """The figures as a part of the page."""
    plain = [parts for (_, shape), parts in found.items() if shape == "plain" and "stopped" not in parts]
    agree = ", and in *plain* the same that pass" if plain and all(parts["agree"] for parts in plain) else ""
    return "\n".join(
        [HEAD + TEXT.format(agree=agree, load=os.getloadavg()[2], cores=os.cpu_count()), _speed(found), _targets(found), _more(found)]
    )


LARGE = 10_000
RATIO, AGAIN, MEMORY = 1.5, 0.050, 3072.0
"""Targets: times of a compiled kernel at LARGE and above, seconds for one stream again, MB of a process."""


def _targets(found: dict[Case, Figures]) -> str:
    """Each target beside what was measured, met or not."""
    large = {case: parts for case, parts in found.items() if case[0] >= LARGE and "stopped" not in parts}
    most = max((case[0] for case in large), default=0)
    lines = []
    for name in BARE:
        told = ", ".join(f"{size:,} {shape} {_met(parts[f'ratio {name}'], RATIO, '×')}" for (size, shape), parts in large.items())
        lines.append(f"- at most {RATIO} × a compiled kernel, *{name}*: {told}")
    last = {shape: parts for (size, shape), parts in large.items() if size == most}
    again = ", ".join(f"{shape} {_met(1000 * parts['rematch'], 1000 * AGAIN, ' ms')}" for shape, parts in last.items())
    memory = ", ".join(f"{shape} {_met(parts['screen MB'], MEMORY, ' MB')}" for shape, parts in last.items())
    lines += [f"- one stream again against {most:,} needs under 50 ms: {again}", f"- under 3 GB at {most:,}: {memory}"]
    head = "Targets, and what was measured. *By cells* is the kernel of the kind that the first target was set with (grid and class):\n"
    return "\n".join([head, *lines, ""])


def _met(value: float, target: float, unit: str) -> str:
    digits = 2 if target < 10 else 0
    return f"{value:.{digits}f}{unit} ({'met' if value <= target else 'missed'})"


def _speed(found: dict[Case, Figures]) -> str:
    rows = []
    for (size, shape), parts in found.items():
        if "stopped" in parts:
            rows.append([f"{size:,}", shape, parts["stopped"], *[""] * 7])
            continue
        ratios = [f"{parts[f'ratio {name}']:.2f} ({' to '.join(f'{end:.2f}' for end in parts[f'ratio {name} spread'])})" for name in BARE]
        seconds = [_seconds(parts[name]) for name in ("numpy", *BARE, "screen")]
        rows.append([f"{size:,}", shape, f"{parts['pairs']:,}", f"{parts['passed']:,}", *seconds, *ratios])
    head = [
        "S",
        "figures",
        "pairs",
        "pass",
        "numpy, s",
        "by cells, s",
        "by class, s",
        "screen, s",
        "screen / by cells",
        "screen / by class",
    ]
    return table(head, rows)


BARE = ("by cells", "by class")


def _more(found: dict[Case, Figures]) -> str:
    rows = []
    for (size, shape), parts in found.items():
        if "stopped" in parts:
            continue
        full = [_seconds(parts.get(name)) for name in ("links", "match")]
        once = [_seconds(parts[name]) for name in ("first", "prepare")]
        one = [f"{1000 * parts[name]:.0f}" for name in ("rematch", "rematch worst", "why")]
        rows.append([f"{size:,}", shape, *once, *one, f"{parts['register MB']:.0f}", f"{parts['screen MB']:.0f}", *full])
    head = ["S", "figures", "first call, s", "prepare, s", "one stream again, ms", "the slowest of 40", "words for a pair, ms"]
    note = (
        "\n*First call*: loading the compiler and compiling, or reading what was compiled before. *One stream again*: new analyses and"
        "\nanother site, `with_stream` and `screen`, against all needs. Peak memory is that of the whole process. *links* and *match* are"
        "\nthe whole line within the same radius: hauls, money and blends too.\n"
    )
    return table([*head, "register, MB", "and all of this, MB", "links, s", "match, s"], rows) + note


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *(f"| {' | '.join(row)} |" for row in rows)]
    return "\n".join([*lines, ""])


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}" if value < 0.01 else f"{value:.3f}" if value < 1 else f"{value:.1f}"
