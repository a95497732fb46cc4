"""Routes as tables for people: ranked, filtered, with names."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.links import Ints, NodeKind
from sivuvirta.domain.matches import Cause, Matches
from sivuvirta.errors import UnknownNameError


def ranked(matches: Matches, stream: str | None = None, need: str | None = None) -> Ints:
    """Positions of routes, the best verdict first and of those the largest gain.

    Args:
        matches: the routes.
        stream: only those of this stream.
        need: only those to this need.

    Raises:
        UnknownNameError: there is no such stream or need.
    """
    routes = matches.routes
    chosen = np.ones(len(routes), dtype=bool)
    if stream is not None:
        chosen &= routes.stream == _node(matches, NodeKind.STREAM, stream)
    if need is not None:
        chosen &= routes.need == _node(matches, NodeKind.NEED, need)
    rows = np.flatnonzero(chosen)
    order = np.lexsort((rows, -routes.gain[rows], routes.verdict[rows]))
    return np.asarray(rows[order], dtype=np.int32)


def best(matches: Matches, count: int = 10) -> Ints:
    """Positions of the routes most worth a telephone call: not failing, each stream and need once, by verdict and gain."""
    routes = matches.routes
    taken: set[tuple[int, int]] = set()
    found: list[int] = []
    for row in ranked(matches).tolist():
        pair = (int(routes.stream[row]), int(routes.need[row]))
        if routes.verdict[row] == Verdict.FAIL or len(found) == count:
            break
        if pair not in taken and routes.gain[row] > 0:
            taken.add(pair)
            found.append(row)
    return np.asarray(found, dtype=np.int32)


def to_frame(matches: Matches, stream: str | None = None, need: str | None = None) -> pd.DataFrame:
    """One row a route, ranked; the index is the route's position, by which `why` and `checks` know it.

    Args:
        matches: the routes.
        stream: only those of this stream.
        need: only those to this need.

    Raises:
        UnknownNameError: there is no such stream or need.
    """
    rows = ranked(matches, stream, need)
    routes, links = matches.routes, matches.links
    nodes, limits = links.nodes, links.region.table("limits")
    plant = np.append(links.works.node, [-1])[routes.plant[rows]]
    outputs = np.where(routes.arc_out[rows] < 0, -1, links.arcs.output[routes.arc_out[rows]])
    names = {
        "plant": (nodes.id, plant),
        "plant_name": (nodes.name, plant),
        "output": (links.works.outputs.name, outputs),
        "limit": (limits["limit"], routes.limit[rows]),
    }
    columns = {
        "stream": nodes.id[routes.stream[rows]],
        "need": nodes.id[routes.need[rows]],
        "plant": None,
        "stream_name": nodes.name[routes.stream[rows]],
        "need_name": nodes.name[routes.need[rows]],
        "plant_name": None,
        "output": None,
        "verdict": [Verdict(code).word for code in routes.verdict[rows]],
        "cause": [Cause(code).name.lower() for code in routes.cause[rows]],
        "limit": None,
        "value": routes.value[rows],
        "bound": routes.bound[rows],
        "grade": [Grade(code).name for code in routes.grade[rows]],
        "km": routes.km[rows],
        "delivered": routes.delivered[rows],
        **{name: getattr(routes, name)[rows] for name in _MONEY},
    }
    index = pd.Index(rows, name="route")
    columns |= {name: pd.Series(np.append(values, [None])[at], index=index, dtype=object) for name, (values, at) in names.items()}
    return pd.DataFrame(columns, index=index)


_MONEY = ("gain", "gain_low", "gain_high", "netback", "netback_low", "netback_high", "priced", "carbon", "carbon_low", "carbon_high")


def _node(matches: Matches, kind: NodeKind, key: str) -> int:
    try:
        return matches.links.nodes.find(kind, key)
    except KeyError:
        nodes = matches.links.nodes
        known = ", ".join(sorted(nodes.id[nodes.kind == kind].tolist()))
        raise UnknownNameError(f"There is no {kind.name.lower()} '{key}'. There are: {known}.") from None
