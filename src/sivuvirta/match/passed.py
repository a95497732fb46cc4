"""Passed: what verdicts become if tests and decisions turn out well."""

from __future__ import annotations

from typing import Any

import numpy as np

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.links import Links
from sivuvirta.domain.matches import Cause, Figure, Passed
from sivuvirta.links.codes import Mask
from sivuvirta.match.contents import Known, contents
from sivuvirta.match.grounds import Grounds
from sivuvirta.match.opinion import Opinion
from sivuvirta.match.verdicts import alone
from sivuvirta.match.ways import Ways

At = tuple[Any, Any]
"""Way and limit of entries, shape (entries,) each."""


def held(links: Links, grounds: Grounds, ways: Ways, at: At, known: Known, passed: Passed) -> Known:
    """Figures of what reaches the need, with those that passed measured and held within their limits.

    Where nothing better is known a figure that passed is taken to be at its limit. What fails on the evidence at hand stays: it was tested.
    What a plant leaves of a component stays as well known as its recovery.

    Args:
        links: the arcs and plants.
        grounds: what ways are judged by.
        ways: the ways.
        at: way and limit of each entry, shape (entries,) each.
        known: figures of what reaches the need, shape (entries,) each.
        passed: the figures that passed.
    """
    way, limit = at
    low, high, grade = known
    bound = grounds.demanded.limits.bound[limit]
    met = _assumed(links, grounds, ways, at, passed) & (alone(low, high, bound, grade, verified=True) != Verdict.FAIL)
    if not met.any():
        return known
    best = np.zeros(len(way), dtype=np.int8)
    shares = met & grounds.demanded.limits.total[limit] & (ways.plant[way] >= 0)
    if shares.any():
        rows = np.flatnonzero(shares)
        best[rows] = contents(links, grounds, ways, (way[rows], limit[rows]), (low[rows], high[rows], best[rows]))[2]
    grade = np.where(met, best, grade).astype(np.int8)
    return np.where(met, np.fmin(low, bound), low), np.where(met, np.fmin(high, bound), high), grade


def _assumed(links: Links, grounds: Grounds, ways: Ways, at: At, passed: Passed) -> Mask:
    """Entries whose figure is one of those that passed, shape (entries,)."""
    way, limit = at
    limits, figures = grounds.demanded.limits, grounds.demanded.figures
    wanted = [code for figure in passed.figures for code in _codes(links, grounds, figure)]
    made = np.where(limits.total[limit], -1, ways.output[way])
    code = _code(ways.stream[way], made, limits.figure[limit], (len(links.works.outputs.plant), len(figures)))
    return np.isin(code, np.array(wanted, dtype=np.int64))


def answered(opinions: dict[Cause, Opinion], grounds: Grounds, ways: Ways, passed: Passed) -> dict[Cause, Opinion]:
    """Opinions with the open questions that are answered well: `unknown` becomes `pass`.

    Where a need asks something of what a plant makes, that stays the plant's promise, which is `likely`.

    Args:
        opinions: of all checks but the limits.
        grounds: what ways are judged by.
        ways: all ways.
        passed: the routes by the cause of their question.
    """
    asks = {
        Cause.MOISTURE: grounds.needs.moisture_max,
        Cause.GRAIN: grounds.needs.grain_max,
        Cause.TEMPERATURE: grounds.needs.temperature_min,
    }
    result = dict(opinions)
    for cause, routes in passed.answered.items():
        opinion = opinions[cause]
        rows = np.array(sorted(routes), dtype=np.int64)
        rows = rows[opinion.verdict[rows] == Verdict.UNKNOWN]
        verdict, grade = opinion.verdict.copy(), opinion.grade.copy()
        promised = (ways.plant[rows] >= 0) & ~np.isnan(asks[cause][ways.need[rows]]) if cause in asks else np.zeros(len(rows), dtype=bool)
        verdict[rows] = np.where(promised, np.int8(Verdict.LIKELY), np.int8(Verdict.PASS))
        grade[rows] = np.where(promised, grade[rows], np.int8(Grade.A))
        result[cause] = Opinion(verdict, grade)
    return result


def _codes(links: Links, grounds: Grounds, figure: Figure) -> list[int]:
    """Codes of a figure, one for each way in which limits compare it; none where nobody asks for it."""
    figures, (stream, plant, output) = grounds.demanded.figures, figure.sample
    row = np.flatnonzero((links.nodes.id == stream) & (grounds.streams.row >= 0))
    made = _output(links, plant, output) if plant else -1
    if len(row) == 0 or made is None:
        return []
    asked = np.flatnonzero((figures.component == figure.component) & (figures.kind == figure.kind))
    sizes = (len(links.works.outputs.plant), len(figures))
    return [int(_code(row[0], made, number, sizes)) for number in asked.tolist()]


def _output(links: Links, plant: str, output: str) -> int | None:
    outputs = links.works.outputs
    rows = np.flatnonzero((links.nodes.id[links.works.node[outputs.plant]] == plant) & (outputs.name == output))
    return int(rows[0]) if len(rows) else None


def _code(stream: Any, made: Any, figure: Any, sizes: tuple[int, int]) -> Any:
    outputs, figures = sizes
    return (np.asarray(stream, dtype=np.int64) * (outputs + 1) + made + 1) * figures + figure
