"""Betweenness: through whom the shortest ways of others go (Freeman 1977, by the algorithm of Brandes 2001)."""

from __future__ import annotations

from heapq import heappop, heappush

import numpy as np

from sivuvirta.domain.links import Floats

_SAME = 1e-12  # relative difference below which two ways are as long as each other


def betweenness(length: Floats) -> Floats:
    r"""How many shortest ways between two others pass each node.

    .. math:: B_v = \sum_{s \ne v \ne t} \sigma_{st}(v) / \sigma_{st}

    with sigma the number of shortest ways from s to t, and of those through v. Direction counts, and it is not divided by the number of
    pairs.

    Args:
        length: of each link from row to column, inf where there is none; 1 everywhere counts links. Shape (n, n).

    Returns:
        Shape (n,).
    """
    n = len(length)
    onward = [[(to, float(length[at, to])) for to in np.flatnonzero(np.isfinite(length[at])).tolist() if to != at] for at in range(n)]
    total = np.zeros(n)
    for start in range(n):
        order, before, ways = _tree(onward, start)
        passed = np.zeros(n)
        for node in reversed(order):
            for previous in before[node]:
                passed[previous] += ways[previous] / ways[node] * (1.0 + passed[node])
            if node != start:
                total[node] += passed[node]
    return total


def _tree(onward: list[list[tuple[int, float]]], start: int) -> tuple[list[int], list[list[int]], Floats]:
    """Nodes in order of their distance from the start, whom each is reached from, and by how many shortest ways."""
    n = len(onward)
    distance, ways = np.full(n, np.inf), np.zeros(n)
    before: list[list[int]] = [[] for _ in range(n)]
    distance[start], ways[start] = 0.0, 1.0
    order: list[int] = []
    done = [False] * n
    waiting = [(0.0, start)]
    while waiting:
        reached, node = heappop(waiting)
        if done[node]:
            continue
        done[node] = True
        order.append(node)
        for to, step in onward[node]:
            longer = reached + step
            if longer < distance[to] * (1 - _SAME):
                distance[to], ways[to], before[to] = longer, ways[node], [node]
                heappush(waiting, (longer, to))
            elif not done[to] and longer <= distance[to] * (1 + _SAME):
                ways[to] += ways[node]
                before[to].append(node)
    return order, before, ways
