"""Different: networks within a slack of the best that have as little as can be in common with those before."""

from __future__ import annotations

import numpy as np

from sivuvirta.domain.links import Floats
from sivuvirta.domain.plans import Network
from sivuvirta.domain.words import shortened
from sivuvirta.explore.asking import Asking
from sivuvirta.explore.items import Item
from sivuvirta.explore.neighbours import between
from sivuvirta.plan.open import Answer
from sivuvirta.plan.program.objective import Goal

_USED = 1e-6  # of the largest amount of an item in all networks: less is not used
_UNLIKE = 1e-9  # part of links and plants by which two networks differ at least
_ROUGH = 0.02  # gap of the difference: any network within the slack will do
_SHOWN = 6  # changes told of a network


def others(asking: Asking, best: Answer, limit: float, every: list[Item], count: int) -> list[tuple[Answer, float]]:
    r"""Networks that differ from the best, each as much as it can from all before it, by hop, skip and jump.

    .. math:: \min \sum_i n_i \frac{x_i}{s_i} \quad \text{subject to} \quad f(x) \le limit

    with :math:`n_i` the number of networks before that use link or plant i, and :math:`s_i` the most that these have of it.

    Args:
        asking: the plan.
        best: its optimum.
        limit: of the objective.
        every: links and plants.
        count: how many networks; the search ends where a network brings nothing new.

    Returns:
        Each network with the part of the links and plants of it and the best that only one of the two uses.

    References:
        J. F. DeCarolis, Using modeling to generate alternatives (MGA) to expand our thinking on energy futures, Energy Economics 33
        (2011) 145-152 (from memory). F. Lombardi, B. Pickering, E. Colombo, S. Pfenninger, Policy decision support for renewables
        deployment through spatially explicit practically optimal alternatives, Joule 4 (2020) 2185-2207 (from memory).
    """
    if not every:
        return []
    rows = asking.open.model.cuts
    found: list[tuple[Answer, float]] = []
    amounts = [_amounts(every, best.x)]
    try:
        asking.open.cut(asking.usual[0].cost, upper=limit)
        for number in range(count):
            if asking.asked.stop():
                break
            asking.asked.tell(f"step 1 of 5, a different network, {number + 1} of {count}")
            answer = asking.towards([Goal("difference", _weights(asking, every, amounts), 0.0)], best.x, _ROUGH)
            if answer is None or asking.asked.stop():
                break
            mine = _amounts(every, answer.x)
            if min(_unlike(mine, each) for each in amounts) <= _UNLIKE:
                break
            found.append((answer, _unlike(mine, amounts[0])))
            amounts.append(mine)
    finally:
        asking.open.release(rows)
    return found


def told(one: Network, other: Network) -> str:
    """What changes from one network to another, the largest changes in words."""
    texts = [change.text for change in between(one, other)]
    return shortened(texts, _SHOWN, "; ") if texts else "only today's outlets and purchases change"


def _weights(asking: Asking, every: list[Item], amounts: list[Floats]) -> Floats:
    """Cost of each column: how often what it belongs to has been used, per unit of the most that it had."""
    most = np.max(amounts, axis=0)
    often = np.sum([_used(amount, most) for amount in amounts], axis=0)
    cost = np.zeros(asking.count)
    for item, times, size in zip(every, often, most, strict=True):
        if times:
            cost[item.form.columns] += times * item.form.values / size
    return cost


def _amounts(every: list[Item], x: Floats) -> Floats:
    return np.array([item.form.of(x) for item in every])


def _used(amount: Floats, most: Floats) -> np.ndarray:
    return np.asarray((amount > 0) & (amount > _USED * most), dtype=bool)


def _unlike(one: Floats, other: Floats) -> float:
    """Part of what either uses that only one of them uses, 0 to 1."""
    most = np.maximum(one, other)
    first, second = _used(one, most), _used(other, most)
    either = int((first | second).sum())
    return float((first ^ second).sum()) / either if either else 0.0
