"""Routes as tables for people: ranked, filtered, with names."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.links import Ints, NodeKind
from sivuvirta.domain.matches import Cause, Chains, Matches, Routes
from sivuvirta.domain.unknowns import unsaid
from sivuvirta.errors import UnknownNameError
from sivuvirta.match.legal_words import legal_columns

THEN = " > "
"""Between the plants of a route of several steps."""


def ranked(matches: Matches, stream: str | None = None, need: str | None = None) -> Ints:
    """Positions of routes, the best verdict first and of those the largest gain.

    Args:
        matches: the routes.
        stream: only those of this stream.
        need: only those to this need.

    Raises:
        UnknownNameError: there is no such stream or need.
    """
    routes, rows = matches.routes, _chosen(matches, matches.routes, stream, need)
    order = np.lexsort((rows, -routes.gain[rows], routes.verdict[rows]))
    return np.asarray(rows[order], dtype=np.int32)


def _chosen(matches: Matches, found: Routes | Chains, stream: str | None, need: str | None) -> Ints:
    """Positions of routes of a stream and to a need."""
    chosen = np.ones(len(found), dtype=bool)
    if stream is not None:
        chosen &= found.stream == _node(matches, NodeKind.STREAM, stream)
    if need is not None:
        chosen &= found.need == _node(matches, NodeKind.NEED, need)
    return np.flatnonzero(chosen).astype(np.int32)


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

    Routes of several steps stand in it too, where they were asked for; their positions follow those of all others.

    Args:
        matches: the routes.
        stream: only those of this stream.
        need: only those to this need.

    Raises:
        UnknownNameError: there is no such stream or need.
    """
    rows, steps = ranked(matches, stream, need), _chosen(matches, matches.chains, stream, need)
    parts = [_routes(matches, rows), _chains(matches, steps)]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in _COLUMNS}
    place = np.concatenate([rows, len(matches.routes) + steps])
    verdict = np.concatenate([matches.routes.verdict[rows], matches.chains.verdict[steps]])
    gain = np.concatenate([matches.routes.gain[rows], matches.chains.gain[steps]])
    order = np.lexsort((place, -gain, verdict))
    return pd.DataFrame({name: column[order] for name, column in columns.items()}, index=pd.Index(place[order], name="route"))


_MONEY = ("gain", "gain_low", "gain_high", "netback", "netback_low", "netback_high", "priced", "carbon", "carbon_low", "carbon_high")
AGAINST_TODAY = ("gain", "gain_low", "gain_high", "carbon", "carbon_low", "carbon_high")
"""Figures of routes that count what a stream costs and emits where it goes today; the netback does not."""

_ENDS = ("stream", "need", "plant", "stream_name", "need_name", "plant_name", "output")
_FOUND = ("verdict", "cause", "limit", "value", "bound", "grade", "km", "delivered")
_LAW = ("legal_kind", "authority", "lead_low", "lead_high")
_COLUMNS = (*_ENDS, *_FOUND, *_MONEY, *_LAW, "via", "unknown")


def _routes(matches: Matches, rows: Ints) -> dict[str, Any]:
    """Columns of routes, direct or through one plant."""
    routes, links = matches.routes, matches.links
    nodes, plant = links.nodes, np.append(links.works.node, [-1])[routes.plant[rows]]
    outputs = np.where(routes.arc_out[rows] < 0, -1, links.arcs.output[routes.arc_out[rows]])
    name = _picked(nodes.id, plant)
    return {
        **_figures(matches, routes, rows),
        "plant": name,
        "plant_name": _picked(nodes.name, plant),
        "output": _picked(links.works.outputs.name, outputs),
        **legal_columns(matches, rows),
        "via": name,
    }


def _chains(matches: Matches, rows: Ints) -> dict[str, Any]:
    """Columns of routes of several steps: the first plant in `plant`, the names of all in `plant_name`, their ids in `via`."""
    chains, links = matches.chains, matches.links
    nodes, node = links.nodes, links.works.node[chains.plant]
    steps = [chains.steps(row) for row in rows.tolist()]
    return {
        **_figures(matches, chains, rows),
        "plant": nodes.id[node[chains.start[rows]]],
        "plant_name": np.array([THEN.join(nodes.name[node[each]]) for each in steps], dtype=object),
        "output": links.works.outputs.name[links.arcs.output[chains.arc_out[rows]]],
        **{name: np.full(len(rows), np.nan if name.startswith("lead") else None) for name in _LAW},
        "via": np.array([THEN.join(nodes.id[node[each]]) for each in steps], dtype=object),
    }


def _figures(matches: Matches, found: Routes | Chains, rows: Ints) -> dict[str, Any]:
    nodes, limits = matches.links.nodes, matches.links.region.table("limits")
    return {
        "stream": nodes.id[found.stream[rows]],
        "need": nodes.id[found.need[rows]],
        "stream_name": nodes.name[found.stream[rows]],
        "need_name": nodes.name[found.need[rows]],
        "verdict": np.array([Verdict(code).word for code in found.verdict[rows]], dtype=object),
        "cause": np.array([Cause(code).name.lower() for code in found.cause[rows]], dtype=object),
        "limit": _picked(limits["limit"], found.limit[rows]),
        "grade": np.array([Grade(code).name for code in found.grade[rows]], dtype=object),
        **{name: getattr(found, name)[rows] for name in ("value", "bound", "km", "delivered", *_MONEY)},
        **_against_today(matches, found, rows),
    }


def _against_today(matches: Matches, found: Routes | Chains, rows: Ints) -> dict[str, Any]:
    """What a unit gains and saves against today's outlets, NaN of streams of which nobody knows where they go today, and why."""
    lost = unsaid(matches.links)[found.stream[rows]]
    names = matches.links.nodes.name[found.stream[rows]]
    why = [f"where {name} goes today is not known" if gone else "" for name, gone in zip(names.tolist(), lost.tolist(), strict=True)]
    return {**{name: np.where(lost, np.nan, getattr(found, name)[rows]) for name in AGAINST_TODAY}, "unknown": np.array(why, dtype=object)}


def _picked(values: Any, rows: Ints) -> Any:
    """Names at rows, None where there is none."""
    return np.append(values, [None])[rows].astype(object)


def _node(matches: Matches, kind: NodeKind, key: str) -> int:
    try:
        return matches.links.nodes.find(kind, key)
    except KeyError:
        nodes = matches.links.nodes
        known = ", ".join(sorted(nodes.id[nodes.kind == kind].tolist()))
        raise UnknownNameError(f"There is no {kind.name.lower()} '{key}'. There are: {known}.") from None
