"""The page of published cases, computed anew: `python -m tests.published.cases_page > docs/reference/cases.md`."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

import sivuvirta as sv
from sivuvirta import cases
from sivuvirta.domain.pooling import PoolingOptions
from sivuvirta.pooling.solve import solve
from sivuvirta.pooling.tables import problem

HEAD = """# Published cases

Problems of the literature with answers that somebody printed. They ship with the software and are solved by the tests, to the last digit
printed or a millionth. This page is written by `python -m tests.published.cases_page`, and a test solves every case again and compares.

## Networks at least cost

Each is a region: `sv.plan("cap41_1988", gap=0.0)` plans it, and [the page on literature problems](../howto/write-a-literature-problem.md)
says how it is written. *Computed* is the cost of the plan, proven optimal, with one digit more than the source prints.

| case | problem | printed | computed | unit | licence of the data | source |
|---|---|---|---|---|---|---|
"""
POOLING = """
## Pooling problems

Solved by SCIP to a proven gap of 1e-8. A profit is a cost with a minus.

| case | problem | printed | computed | unit | source |
|---|---|---|---|---|---|
"""
OTHERS = """
## Other published figures

Examples with many printed figures; `tests/published` compares each of them.

| case | kind | source |
|---|---|---|
"""


def page() -> str:
    """The whole page."""
    return HEAD + "".join(_plans()) + POOLING + "".join(_pools()) + OTHERS + "".join(_others())


def _plans() -> Iterator[str]:
    for name in cases.names():
        answer = cases.answer(name)
        about = json.loads((cases.path(name) / "datapackage.json").read_text(encoding="utf-8"))
        plan = sv.plan(name, gap=0.0)
        assert plan.proven.status == "optimal"
        licence = answer.get("licence") or about["licenses"][0]["name"]
        yield f"| `{name}` | {answer['title']} | {_figures(answer, plan.cost)} | {answer['unit']} | {licence} | {_source(answer)} |\n"


def _pools() -> Iterator[str]:
    for name in cases.poolings():
        tables, answer = cases.pooling(name)
        found = solve(problem(name, answer["unit"], tables), PoolingOptions(method="scip", gap=1e-8))
        assert found.status == "optimal"
        yield f"| `{name}` | {answer['title']} | {_figures(answer, found.objective)} | {answer['unit']} | {_source(answer)} |\n"


def _figures(answer: dict[str, Any], computed: float) -> str:
    """What is printed, and what is computed with a digit more."""
    digits = max(0, round(-math.log10(2 * answer["tolerance"])))
    return f"{answer['value']:.{digits}f} | {computed:.{digits + 1}f}"


def _others() -> Iterator[str]:
    for kind, names, read in (
        ("data reconciliation", cases.reconciliations(), cases.reconciliation),
        ("life cycle assessment", cases.lifecycles(), cases.lifecycle),
        ("network of flows", cases.networks(), cases.network),
        ("allocation between co-products", cases.allocations(), cases.allocation),
        ("input-output table", cases.input_outputs(), cases.input_output),
    ):
        for name in names:
            yield f"| `{name}` | {kind} | {_source(read(name)[1])} |\n"


def _source(answer: dict[str, Any]) -> str:
    return f"[{answer['citation']}]({answer['url']}), {answer['page']}; opened {answer['opened']}"


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - it writes the page
