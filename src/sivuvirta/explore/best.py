"""Best: the n best structures exactly, in order."""

from __future__ import annotations

from time import perf_counter

import numpy as np
from attrs import evolve

from sivuvirta.domain.links import Floats
from sivuvirta.domain.structures import Structure, Structures
from sivuvirta.domain.unknowns import blind_between
from sivuvirta.errors import OptionError
from sivuvirta.explore.asking import Asked, Asking
from sivuvirta.plan.open import Answer
from sivuvirta.plan.program.candidates import Index
from sivuvirta.plan.program.variables import fixed_ways

_IDLE = 1e-6  # of what a plant could do


def structures(asked: Asked, n: int = 5) -> Structures:
    r"""The n best structures: sets of plants that are built and ways that are paid, each with the best network that has exactly these.

    After each answer :math:`y^*` its structure is cut off, and no other,

    .. math:: \sum_{p : y^*_p = 0} y_p + \sum_{p : y^*_p = 1} (1 - y_p) \ge 1

    so that the next optimum is the best of all other structures, with the bound that the solver proves for them. Other sizes, or other
    pieces of a cost curve, are no other structure.

    Args:
        asked: routes, reference, options, evidence.
        n: how many.

    Returns:
        The structures, best first, each with its bound; fewer where there are no more.

    Raises:
        OptionError: n is below 1.
        InfeasibleError: no network meets all requirements.

    References:
        E. Balas, R. Jeroslow, Canonical cuts on the unit hypercube, SIAM Journal on Applied Mathematics 23 (1972) 61-69 (from memory).
    """
    if n < 1:
        raise OptionError(f"At least one structure can be asked for, not {n}.")
    started = perf_counter()
    asking = Asking(asked)
    choices = structure_columns(asking)
    found: list[tuple[Answer, float]] = []
    answer: Answer | None = asking.optimum()
    while answer is not None and len(found) < n:
        asked.tell(f"structure {len(found) + 1} of {n}")
        found.append((answer, answer.bound))
        _cut(asking, answer.x, choices)
        more = len(choices) > 0 and len(found) < n
        answer = asking.open.best(answer.x, prices=False) if more else None
    asking.open.release()
    complete = len(choices) == 0 or len(found) < n
    return Structures(
        links=asked.matches.links,
        evidence=asked.evidence,
        objective=asked.options.objective,
        unit=asking.unit,
        found=_ordered(asking, found),
        complete=complete or len(found) == 2 ** min(len(choices), 60),
        candidates=len(choices),
        seconds=perf_counter() - started,
    )


def structure_columns(asking: Asking) -> Index:
    """Columns that are 0 or 1 and make a structure: all whole ones but those that choose a piece of a cost curve or count a change."""
    blocks = asking.at.blocks
    counted = np.concatenate([blocks.chosen.columns, blocks.changed.columns])
    return np.setdiff1d(asking.open.model.integers, counted).astype(np.int32)


def _cut(asking: Asking, x: Floats, choices: Index) -> None:
    """Cuts off the structure of an answer."""
    stands = x[choices] > 0.5
    row = np.zeros(asking.count)
    row[choices] = np.where(stands, -1.0, 1.0)
    asking.open.cut(row, lower=1.0 - float(stands.sum()))


def _ordered(asking: Asking, found: list[tuple[Answer, float]]) -> tuple[Structure, ...]:
    """By objective: two that are alike within the gap may have been found the other way round."""
    order = sorted(range(len(found)), key=lambda number: found[number][0].objective)
    best, first = _built(asking, found[order[0]][0].x), asking.network(found[order[0]][0])
    told, goal = [], asking.asked.options.objective
    for rank, number in enumerate(order, 1):
        answer, bound = found[number]
        built, model = _built(asking, answer.x), asking.open.model
        least = min(bound, answer.objective)
        network = evolve(asking.network(answer), bound=least, gap=model.gap(answer.objective, least))
        told.append(
            Structure(
                rank=rank,
                built=tuple(built),
                idle=tuple(name for name, idle in built.items() if idle),
                network=network,
                loss=np.nan if blind_between(first.ledger, network.ledger, goal) else max(answer.objective - first.objective, 0.0),
                bound=least,
                gap=network.gap,
                added=tuple(name for name in built if name not in best),
                dropped=tuple(name for name in best if name not in built),
            )
        )
    return tuple(told)


def _built(asking: Asking, x: Floats) -> dict[str, bool]:
    """What stands in an answer: ids of candidates, and whether each does nothing; ways that are paid, as "origin > destination"."""
    at, works = asking.at, asking.at.links.works
    stands = np.flatnonzero(at.blocks.built.of(x) > 0.5)
    place = at.curves.plant[stands]
    idle = at.blocks.activity.of(x)[place] <= _IDLE * at.found.activity_most[place]
    plants = {str(at.links.nodes.id[works.node[work]]): bool(rest) for work, rest in zip(at.curves.work[stands], idle, strict=True)}
    table = at.links.region.table("links")
    paid = fixed_ways(at.found)[at.blocks.used.of(x) > 0.5].tolist()
    return {**plants, **{f"{table['origin'][row]} > {table['destination'][row]}": False for row in paid}}
