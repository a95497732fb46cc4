"""Dominance: which labels another label beats on every way that still lies ahead."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import fields

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.links.codes import Mask, pair_codes
from sivuvirta.match.chains.records import Labels
from sivuvirta.match.chains.tails import Tails

SAME = 1e-12
"""Relative difference of amounts that counts as none."""


def undominated(labels: Labels, older: int, tails: Tails, steps: int, count: int) -> Mask:
    r"""Labels that may still be among the best of some pair. Shape (labels,); the first `older` always stay.

    Label A beats label B of the same stream and output if its verdict and every figure of its contents are no worse, if it was not at a
    plant ahead at which B was not, and if it is worth as much on the best and on the worst way that lies ahead:

    .. math:: V_A + A_A t \ge V_B + A_B t \quad t \in \{t^{min}, t^{max}\}

    That holds for what is earned. What is said ahead depends on the contents, which are no worse, on the status, hazard, moisture and all
    else that `_alike` asks to be equal, and on the tonnes a year that arrive, which must lie in one band of every legal path's least
    quantity wherever they may arrive (see `Quantities.bands`): more tonnes are not better, for a path that they open may close another.

    B goes if A passed the same plants, or if `count` such labels passed different ones, which then fill all places.

    Args:
        labels: material after some plants; the older ones passed fewer.
        older: how many are older.
        tails: bounds of what lies ahead.
        steps: most plants that the newer labels may still pass.
        count: routes that are kept of each pair.
    """
    keep = np.ones(len(labels), dtype=bool)
    group = _alike(labels, tails)
    order = np.lexsort((-labels.money.value[:, 0], labels.said.verdict, np.arange(len(labels)) >= older, group))
    keep = _by_leaders(labels, (order, group[order]), tails, (older, steps, count))
    order = order[keep[order]]
    edges = np.flatnonzero(np.diff(group[order])) + 1
    for part in np.split(order, edges):
        if len(part) > count and part[-1] >= older:
            _within(labels, part, tails, (older, steps, count), keep)
    return keep


def _by_leaders(labels: Labels, ordered: tuple[Any, Any], tails: Tails, sizes: tuple[int, int, int]) -> Mask:
    """Labels that the first few of their group do not beat: the first one, the first one that passed other plants, and so on."""
    order, group = ordered
    older, steps, count = sizes
    keep, hits = np.ones(len(labels), dtype=bool), np.zeros(len(labels), dtype=np.int64)
    free = np.ones(len(order), dtype=bool)  # neither a leader nor through the same plants as one
    for _ in range(count):
        at = np.flatnonzero(free)
        if len(at) == 0:
            break
        first = at[np.flatnonzero(np.diff(group[at], prepend=-1))]
        place = np.searchsorted(group[first], group)
        has = place < len(first)
        has[has] = group[first[place[has]]] == group[has]
        row, leader = order[has], order[first[place[has]]]
        same = labels.code[row] == labels.code[leader]
        free[np.flatnonzero(has)[same]] = False
        others = row != leader
        row, leader, same = row[others], leader[others], same[others]
        beaten = _beats(labels, leader, row, tails, steps) & (row >= older)
        hits[row[beaten]] += 1
        keep[row[beaten & same]] = False
    return keep & (hits < count)


def _alike(labels: Labels, tails: Tails) -> Any:
    """Labels of one number can be compared: same stream and output, and alike in all that has no better or worse."""
    thing, held = labels.thing, labels.contents
    row = tails.row[labels.output]
    sour = tails.sour[row]
    known = np.isnan(held.high) * 2 + (held.grade <= Grade.B)
    columns = [
        *(_plain(getattr(thing, each.name)) for each in fields(type(thing))),
        *(labels.made, held.firm, held.whole),
        _bytes(known.astype(np.int8)),
        _bytes(held.failed),
        _bytes(np.where(sour[:, None], np.nan_to_num(np.hstack([held.low, held.high])), 0.0)),
        np.where(sour, labels.said.verdict == Verdict.FAIL, False),
        tails.quantities.bands(labels.stream, row, labels.money.amount),
    ]
    return pair_codes(labels.stream, labels.output, _code(columns))


def _code(columns: list[Any]) -> Any:
    code = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        code = np.unique(pair_codes(code, column), return_inverse=True)[1]
    return code


def _plain(column: Any) -> Any:
    return column.astype(str) if column.dtype == object else column


def _bytes(table: Any) -> Any:
    """Each row as one value."""
    table = np.ascontiguousarray(table)
    if table.shape[1] == 0:
        return np.zeros(len(table), dtype=np.int8)
    _, which = np.unique(table, axis=0, return_inverse=True)
    return which.reshape(-1)


def _within(labels: Labels, part: Any, tails: Tails, sizes: tuple[int, int, int], keep: Mask) -> None:
    """Labels of one group, older ones first and then the better ones; each is compared with those kept before it."""
    older, steps, count = sizes
    kept: list[int] = []
    for row in part.tolist():
        if row >= older and kept and _beaten(labels, row, np.array(kept), tails, (steps, count)):
            keep[row] = False
        else:
            kept.append(row)


def _beaten(labels: Labels, row: int, others: Any, tails: Tails, sizes: tuple[int, int]) -> bool:
    steps, count = sizes
    codes = labels.code[others[_beats(labels, others, np.full(len(others), row), tails, steps)]]
    return bool((codes == labels.code[row]).any()) or len(np.unique(codes)) >= count


def _beats(labels: Labels, one: Any, other: Any, tails: Tails, steps: int) -> Mask:
    """Whether labels beat others that are alike, pair by pair."""
    money, held, place = labels.money, labels.contents, tails.row[labels.output[other]]
    top, bottom = tails.top[steps - 1][place], tails.bottom[steps - 1][place]
    value, amount = money.value[one, 0] - money.value[other, 0], money.amount[one] - money.amount[other]
    slack = SAME * (1.0 + np.abs(money.value[other, 0]))
    bounded = np.isfinite(top) & np.isfinite(bottom)
    top, bottom = np.where(bounded, top, 0.0), np.where(bounded, bottom, 0.0)
    ahead = (value + amount * top >= -slack) & (value + amount * bottom >= -slack)
    better = ahead & (bounded | (np.abs(amount) <= SAME * money.amount[other]))
    better &= labels.said.verdict[one] <= labels.said.verdict[other]
    better[better] = ~((held.low[one[better]] > held.low[other[better]]) | (held.high[one[better]] > held.high[other[better]])).any(axis=1)
    better[better] = _free(labels.path.plant, one[better], other[better], tails.reach[place[better]])
    return np.asarray(better, dtype=bool)


def _free(passed: Any, one: Any, other: Any, reach: Mask) -> Mask:
    """Labels that have not been at any plant ahead, but those at which the other has been too."""
    own = passed[one]
    ahead = (own >= 0) & reach[np.arange(len(one))[:, None], own]
    return np.asarray(~(ahead & ~(own[:, :, None] == passed[other][:, None, :]).any(axis=2)).any(axis=1), dtype=bool)
