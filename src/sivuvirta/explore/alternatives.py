"""Alternatives: what all networks almost as good as the best have, what some have and what none has, and what a refusal costs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from time import perf_counter

import numpy as np
from attrs import evolve

from sivuvirta.domain.alternatives import Alternatives, Choice, Other, Refusal
from sivuvirta.errors import OptionError
from sivuvirta.explore.around import Around, answered
from sivuvirta.explore.asking import Asked
from sivuvirta.explore.costs import NOTHING, STEPS, forced, prices, reach, surroundings, without
from sivuvirta.explore.different import others, told
from sivuvirta.explore.items import Item, Party, beside, described, items, parties
from sivuvirta.plan.open import Answer

SHARE = 0.1
"""Of its reach: so much a link or plant carries to count as used."""


def alternatives(asked: Asked, slack: float = 0.02, *, share: float = SHARE, networks: int = 4) -> Alternatives:
    r"""Each link and plant is must-have, swappable or never in the networks that are almost as good as the best.

    .. math:: f(x) \le f^* + slack \cdot | f_{today} - f^* |

    with f the objective of the plan, :math:`f^*` its optimum. Must-have: without it, f rises by more than that. Never: f rises by more if
    it carries a share of its reach, the most that it could carry at all. Swappable: neither.

    What the best network has, needs no proof that it can be had; what it does not have costs nothing to forbid. Of the rest the relaxed
    optimum and its reduced costs, the relaxed program and the program with the best builds give bounds from below and above; whole
    numbers are solved for only where these leave the role open, and for everything that is used, whose price is told exactly.

    Args:
        asked: routes, reference, options, evidence.
        slack: part of the improvement on today that a network may give up; of the benefit, where the objective is value.
        share: of its reach: so much a link or plant must carry to count as used.
        networks: how many very different networks are looked for.

    Somebody who says stop gets what was found so far: roles and prices that were asked for, ranges as far as they were known by then.

    Raises:
        OptionError: slack or share are out of range.
        InfeasibleError: no network meets all requirements.
    """
    _check(slack, share, networks)
    started = perf_counter()
    around, found = surroundings(asked, slack), []
    every = items(around.asking)
    sizes = reach(around, every)
    unlike = others(around.asking, around.best, around.limit, every, networks)
    for answer, _ in unlike:
        around.near.append(answer.x)
        around.count.append("different")
    priced = prices(around, every, sizes)
    for number, item in enumerate(every):
        asked.tell(f"step 3 of {STEPS}, {number + 1} of {len(every)} links and plants")
        price = priced[number]
        choice = None if price is None else answered(partial(_choice, around, item, (float(sizes[number]), share), price))
        found.extend([choice] if choice else [])
    ranged = _ranges(around, {(item.kind, item.row): item for item in every}, found)
    takers = [each for each in parties(around.asking, every) if any(item.form.of(around.best.x) > 0 for item in each.items)]
    steps = [f"step 5 of {STEPS}, {number} of {len(takers)} parties" for number in range(1, len(takers) + 1)]
    asking = [answered(partial(_refusal, around, each, step)) for each, step in zip(takers, steps, strict=True)]
    refusals = [each for each in asking if each]
    return Alternatives(
        links=asked.matches.links,
        evidence=asked.evidence,
        objective=asked.options.objective,
        unit=around.asking.unit,
        best=around.asking.network(around.best),
        slack=slack,
        allowed=around.allowed,
        share=share,
        choices=tuple(sorted(ranged, key=lambda one: (-one.without, one.forced, one.kind, one.name))),
        refusals=tuple(sorted(refusals, key=lambda one: (-one.cost, one.kind, one.key))),
        others=tuple(_other(around, answer, part) for answer, part in unlike),
        stopped=asked.stop(),
        unasked=(len(every) - len(ranged), len(takers) - len(refusals)),
        solved=1 + len(around.count),
        seconds=perf_counter() - started,
    )


def _check(slack: float, share: float, networks: int) -> None:
    if not 0 <= slack < np.inf:
        raise OptionError(f"Option 'slack' is {slack!r}. It can be a part of the benefit of at least 0, for example 0.02 for 2 %.")
    if not 0 < share <= 1:
        raise OptionError(f"Option 'share' is {share!r}. It can be a part above 0 and at most 1.")
    if networks < 0:
        raise OptionError(f"Option 'networks' is {networks!r}. It can be a number of at least 0.")


def _choice(around: Around, item: Item, size: tuple[float, float], price: tuple[float, float]) -> Choice:
    most, share = size
    amount, target = item.form.of(around.best.x), share * most
    cost = forced(around, item, target)
    role, proven = _role(around, price, cost)
    return Choice(
        kind=item.kind,
        row=item.row,
        **described(around.asking.at.links, item),
        role=role,
        proven=proven,
        amount=amount,
        reach=most,
        least=min(item.form.of(x) for x in around.near),
        most=max(item.form.of(x) for x in around.near),
        least_bound=0.0,
        most_bound=min(most, around.prices.most(item.form, around.limit)),
        without=price[0],
        without_bound=price[1],
        asked=target,
        forced=cost[0],
        forced_bound=cost[1],
    )


def _role(around: Around, without: tuple[float, float], forced: tuple[float, float]) -> tuple[str, bool]:
    """The role that the costs found give, and whether it is proven: by a bound beyond the slack, or by networks within it."""
    if without[0] > around.most:
        return "must-have", without[1] > around.most
    if forced[0] > around.most:
        return "never", forced[1] > around.most
    return "swappable", True


def _ranges(around: Around, every: Mapping[tuple[str, int], Item], found: list[Choice]) -> list[Choice]:
    """The choices with what each carries at least and at most within the slack: found, and proven."""
    most, asked = around.limit + around.rounding, around.asking.asked
    around.relaxed.limit(most)
    around.kept.limit(most)
    ranged = []
    for number, choice in enumerate(found, 1):
        if not asked.stop():
            asked.tell(f"step 4 of {STEPS}, range of {choice.name}, {number} of {len(found)}")
            item = every[choice.kind, choice.row]
            low, high = (_ends(around, item, choice, upwards=upwards) for upwards in (False, True))
            choice = evolve(choice, least=low[0], least_bound=low[1], most=high[0], most_bound=high[1])  # noqa: PLW2901
        ranged.append(choice)
    return ranged


def _ends(around: Around, item: Item, choice: Choice, *, upwards: bool) -> tuple[float, float]:
    """One end of a range: found in a network, and proven. Needs no solve where the two are one already."""
    known, bound = (choice.most, choice.most_bound) if upwards else (choice.least, choice.least_bound)
    if abs(known - bound) <= NOTHING * choice.reach:
        return known, bound
    extras = beside(around.asking, item, around.best.x) if upwards else [None]
    pick, other = (np.fmax, np.fmin) if upwards else (np.fmin, np.fmax)
    proven = around.relaxed.extreme(item.form, most=upwards)
    reached = float(pick.reduce([known, *(around.kept.extreme(item.form, most=upwards, ones=extra) for extra in extras)]))
    return reached, float(pick(other(bound, proven), reached))


def _refusal(around: Around, party: Party, step: str) -> Refusal:
    around.asking.asked.tell(step)
    touched = [item for item in party.items if item.form.of(around.best.x) > 0]
    cost, proven = without(around, party.columns)
    links = sum(item.kind == "link" for item in touched)
    return Refusal(kind=party.kind, key=party.key, name=party.name, links=links, plants=len(touched) - links, cost=cost, cost_bound=proven)


def _other(around: Around, answer: Answer, different: float) -> Other:
    from_best = around.asking.network(around.best)
    network = around.asking.network(answer, around.best.bound)
    return Other(
        network=network,
        cost=around.settled(network.objective - around.best.objective),
        different=different,
        text=told(from_best, network),
    )
