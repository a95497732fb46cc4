"""Equations: the mathematics of pooling as a page for readers, made from docstrings."""

from __future__ import annotations

import re
import sys

from sivuvirta.plan.explain.equations import entry
from sivuvirta.pooling.bilinear import Bilinear, held, linearised
from sivuvirta.pooling.envelopes import relaxed
from sivuvirta.pooling.narrow import narrowed
from sivuvirta.pooling.qualities import qualities
from sivuvirta.pooling.refine import by_envelopes
from sivuvirta.pooling.region import pooled
from sivuvirta.pooling.sources import by_sources
from sivuvirta.pooling.splits import by_splits

_INLINE = re.compile(r":math:`([^`]+)`")

_HEAD = """# Pooling

This page is made from the docstrings of `sivuvirta.pooling`; it cannot differ from the code. Write it anew with
`python -m sivuvirta.pooling.equations > docs/explanation/pooling.md`.

A tank, a mill or a mixer gives what leaves it **one composition**, whoever gets it. A plan lets a plant make a batch for each who gets
something, and keeps the inputs of a batch apart; a plant marked `mixes` cannot always do so. Exact pooling carries the true
composition of such an output to every need. The products of shares and flows make it a problem without convexity, for which a good
answer is easy and a proof is not: the answer comes with a **bound** that nothing can be below, and the gap between them.

- `sv.plan(region, pooling="exact")` and `sv.pool(region)` plan a region so. Where the plan's own answer has one composition already, it
  is the answer; else it is a bound, because pooling only takes something away. Law and evidence stay as they are: what may not enter a
  need may not be in a mix that goes there.
- `sv.pool("haverly_1")` solves a published pooling problem, `sv.pool(problem)` any other, with pools that feed pools, remove a part of
  what comes (treatment of water) or add to it (use of water).

After solving, compositions are reckoned from the flows alone, and every limit is checked on them again; an answer that breaks one is
an error and is not shown.

## Symbols

| symbol | meaning |
|---|---|
| $x_a$, $y_a$ | flow over an arc, over an arc out of a pool |
| $q_{li}$ | share of input i in pool l |
| $v_{ia}$ | part of input i in the flow over a |
| $s_a$, $s_b$ | share of what a pool or output holds that leaves over an arc |
| $T_l$, $M_{lk}$, $m_{ka}$ | throughput of a pool, content of quality k in it after treatment, and on an arc |
| $C_{ik}$, $U_{nk}$ | quality of an input, limit at a node |
| $r_{lk}$, $A_{lk}$ | part of quality k that a pool removes, amount that it adds |
| $S_l$ | most that can pass a pool |
| $g_n$, $\\lambda_n$ | ends of the pieces of a share, and whether it lies on a piece |
"""

_FOOT = """## Two engines

**SCIP** (`method="scip"`, extra `pooling`) branches in space. Its answer holds within a tolerance only; its shares are then held, or
moved by a Newton step, and the flows solved for anew, so that products are exact.

**Envelopes on HiGHS** (`method="mccormick"`) need nothing more than the rest of the software. A bound that closes the gap is proven
twice, the second time without presolve, because a wrong proof is worse than none. Small problems close in a second; those with many
shares take longer than SCIP, see `bench/pooling.py`.

Both tell incumbent and bound while they work, to `PoolingOptions(watch=...)`, and stop at the time limit with the best answer, its
bound and status `feasible`."""


def page() -> str:
    """The whole page, Markdown with TeX equations."""
    parts = [_HEAD, "## Formulations\n", entry("What is solved", Bilinear)]
    parts += [entry(title, made) for title, made in (("By shares of inputs (pq)", by_sources), ("By splits", by_splits))]
    parts += [entry("The plan of a region", pooled), "## Bounds\n"]
    parts += [entry(title, made) for title, made in (("Envelopes", relaxed), ("Narrower ranges", narrowed), ("Refinement", by_envelopes))]
    parts.append("## Answers\n")
    parts += [entry(title, made) for title, made in (("Shares held", held), ("Shares moved", linearised), ("Qualities", qualities))]
    return _INLINE.sub(r"$\1$", "\n".join([*parts, _FOOT, ""]))


if __name__ == "__main__":
    sys.stdout.write(page())
