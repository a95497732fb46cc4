"""Tables: a pooling problem from three tables, and back."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sivuvirta.domain.links import Floats, Ints
from sivuvirta.domain.pooling import KINDS, PoolingArcs, PoolingNodes, PoolingProblem, PoolingQualities
from sivuvirta.errors import CheckError, Problem, ReadError

_COLUMNS = {
    "nodes": ("node", "kind", "low", "high", "price"),
    "qualities": ("node", "quality", "value", "low", "high", "removed", "added"),
    "arcs": ("origin", "destination", "high", "price"),
}
"""Columns of each table. Empty cells: no lower bound is 0, no upper bound is none, no price is 0, nothing is removed or added."""


def problem(name: str, unit: str, tables: Mapping[str, pd.DataFrame]) -> PoolingProblem:
    """A pooling problem from its tables `nodes`, `qualities` and `arcs`.

    Args:
        name: what to call it.
        unit: of the objective.
        tables: data frames with the columns that this module lists.

    Raises:
        ReadError: a table or a column is missing.
        CheckError: cells are wrong; all of them are told.
    """
    frames = {table: _columns(table, tables) for table in _COLUMNS}
    nodes, qualities, arcs = frames["nodes"], frames["qualities"], frames["arcs"]
    problems = _problems(nodes, qualities, arcs)
    if problems:
        raise CheckError(problems)
    place = {key: n for n, key in enumerate(nodes["node"])}
    names = list(dict.fromkeys(qualities["quality"]))
    spread = {column: _spread(qualities, column, place, names) for column in ("value", "low", "high", "removed", "added")}
    pools = (nodes["kind"] == "pool").to_numpy()[:, None]
    return PoolingProblem(
        name,
        unit,
        PoolingNodes(
            nodes["node"].to_numpy(object),
            nodes["kind"].to_numpy(object),
            _floats(nodes["low"], 0.0),
            _floats(nodes["high"], np.inf),
            _floats(nodes["price"], 0.0),
        ),
        PoolingQualities(
            np.array(names, dtype=object),
            spread["value"],
            spread["low"],
            spread["high"],
            np.where(pools, np.nan_to_num(spread["removed"]), 0.0),
            np.where(pools, np.nan_to_num(spread["added"]), 0.0),
        ),
        PoolingArcs(
            _places(arcs["origin"], place), _places(arcs["destination"], place), _floats(arcs["high"], np.inf), _floats(arcs["price"], 0.0)
        ),
    )


def _columns(table: str, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    if table not in tables:
        raise ReadError(f"A pooling problem needs the tables nodes, qualities and arcs; '{table}' is missing.")
    frame, known = tables[table], _COLUMNS[table]
    needed = ("node", "kind") if table == "nodes" else known[:2]
    missing = [column for column in needed if column not in frame.columns]
    if missing:
        raise ReadError(f"Table '{table}' of a pooling problem lacks {', '.join(missing)}. Its columns are {', '.join(known)}.")
    return frame.reindex(columns=list(known))


def _problems(nodes: pd.DataFrame, qualities: pd.DataFrame, arcs: pd.DataFrame) -> list[Problem]:
    """Everything that is wrong with the cells."""
    found = []
    for row, (node, twice, kind) in enumerate(zip(nodes["node"], nodes["node"].duplicated(), nodes["kind"], strict=True)):
        if twice:
            found.append(_problem("nodes", row, "node", f"Node '{node}' is there twice.", "Give each node one row."))
        if kind not in KINDS:
            found.append(_problem("nodes", row, "kind", f"'{kind}' is no kind of node.", f"Write one of: {', '.join(KINDS)}."))
    known = set(nodes["node"])
    for table, frame, column in (("qualities", qualities, "node"), ("arcs", arcs, "origin"), ("arcs", arcs, "destination")):
        for row, node in enumerate(frame[column]):
            if node not in known:
                found.append(_problem(table, row, column, f"There is no node '{node}'.", "Add it to nodes.csv, or correct the name."))
    kinds = dict(zip(nodes["node"], nodes["kind"], strict=True))
    for row, (origin, destination) in enumerate(zip(arcs["origin"], arcs["destination"], strict=True)):
        if kinds.get(origin) == "output" or kinds.get(destination) == "input":
            text = f"The arc {origin} to {destination} leaves an output or enters an input."
            found.append(_problem("arcs", row, "origin", text, "Turn it round."))
    return found + _unknown(nodes, qualities)


def _unknown(nodes: pd.DataFrame, qualities: pd.DataFrame) -> list[Problem]:
    """Inputs without a value of some quality."""
    known = qualities[qualities["value"].notna()]
    told = set(zip(known["node"], known["quality"], strict=True))
    places = {node: row for row, (node, kind) in enumerate(zip(nodes["node"], nodes["kind"], strict=True)) if kind == "input"}
    return [
        _problem("nodes", row, "node", f"Input '{node}' has no value of '{quality}'.", "Give it one in qualities.csv; unknown is not zero.")
        for quality in dict.fromkeys(qualities["quality"])
        for node, row in places.items()
        if (node, quality) not in told
    ]


def _problem(table: str, row: int, column: str, message: str, repair: str) -> Problem:
    rule = f"pooling_{column}"
    return Problem(file=f"{table}.csv", rule=rule, message=message, repair=repair, table=table, row=row + 2, column=column)


def _floats(column: pd.Series, missing: float) -> Floats:
    return pd.to_numeric(column).fillna(missing).to_numpy(float)


def _places(column: pd.Series, place: Mapping[str, int]) -> Ints:
    return np.array([place[key] for key in column], dtype=np.int32)


def _spread(qualities: pd.DataFrame, column: str, place: Mapping[str, int], names: list[str]) -> Floats:
    table = np.full((len(place), len(names)), np.nan)
    for node, quality, value in zip(qualities["node"], qualities["quality"], pd.to_numeric(qualities[column]), strict=True):
        if np.isfinite(value):
            table[place[node], names.index(quality)] = value
    return table
