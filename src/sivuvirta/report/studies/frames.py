"""Tables of a section from a frame: rows with their range as one cell, and networks by the names that the report gives them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
from attrs import evolve

from sivuvirta.report.following.basis import RESTS, Basis, united
from sivuvirta.report.studies.blocks import Table
from sivuvirta.report.tables import RESTING, Column, records, sheet

NETWORKS = {"reference": "today", "today": "today", "proven": "plan, proven", "potential": "plan, with potential"}
"""Ledgers as the report names them."""

BOTH = "plan, both"
"""Name of the proven network and that with potential where they say the same."""

ZERO = "its range includes zero"
"""What an alarm of a claim means."""

RANGE = Column("range", "5 to 95 %", "range", "*")
GRADE = Column("grade", "Grade", "grade")
OVER_CLAIM = Column("alarm", "Over-claim")
BOUND = Column("bound", "The whole", help="how the whole stands to the known part that is told: at least, at most, or neither")


def framed(id: str, caption: str, frame: pd.DataFrame, columns: Sequence[Column], noun: str = "") -> Table:  # noqa: A002
    """A table of a frame; `low` and `high` become `range`, with `mean` where it has no column; names of networks those of the report.

    Args:
        id: of the table on the page.
        caption: what it shows.
        frame: rows; columns that are not asked for are left out.
        columns: of the table.
        noun: of a table that is folded when it is long.
    """
    beside = "mean" in frame.columns and not any(column.key == "mean" for column in columns)
    heads = [evolve(column, title=f"{column.title}, mean") if beside and column.key == "range" else column for column in columns]
    return Table(sheet(id, caption, heads, [row_of(row, beside=beside) for row in records(frame)], "Nothing to show."), noun)


def rested(frame: pd.DataFrame, bases: Sequence[Basis], column: str = "") -> pd.DataFrame:
    """A frame whose rows say what they rest on, or what the numbers of one column do.

    Args:
        frame: rows.
        bases: of each row.
        column: whose numbers alone rest on it; "" for all of the row.
    """
    key = f"{column}{RESTING}" if column else RESTS
    return frame.assign(**{key: pd.Series(list(bases), index=frame.index, dtype=object)})


def joined(frame: pd.DataFrame, keys: pd.Series[str]) -> pd.DataFrame:
    """A frame in which all rows of a key rest on what any of them does; as it is where rows do not say what they rest on."""
    if RESTS not in frame.columns:
        return frame
    groups = {key: united(part) for key, part in frame[RESTS].groupby(keys, sort=False)}
    return rested(frame, [groups[key] for key in keys])


def row_of(row: dict[str, Any], *, beside: bool = False) -> dict[str, Any]:
    """A row ready for a table; with the mean beside its range where it is asked for."""
    more: dict[str, Any] = {"range": (row["low"], row["high"], *([row["mean"]] if beside else []))} if {"low", "high"} <= set(row) else {}
    for name in ("network", "state"):
        if name in row:
            more[name] = NETWORKS.get(str(row[name]), str(row[name]))
    return {key: _plain(value) for key, value in row.items()} | more


def merged(frame: pd.DataFrame, subject: str, shared: Sequence[str]) -> pd.DataFrame:
    """Rows that are not known for one and the same reason as one row, which names all of their subjects.

    Args:
        frame: rows with a column `value`.
        subject: column of what they are told of.
        shared: columns in which they agree, the reason among them.
    """
    blind = frame[frame["value"].isna()]
    keys = blind[list(shared)].astype(str).agg("\n".join, axis=1) if len(blind) else pd.Series(dtype=str)
    if RESTS in frame.columns:
        frame = pd.concat([frame[frame["value"].notna()], joined(blind, keys)]).loc[frame.index]
    names = blind[subject].astype(str).groupby(keys, sort=False).agg(", ".join)
    first = blind.index[~keys.duplicated()]
    found = frame[frame["value"].notna() | frame.index.isin(first)].copy()
    found.loc[first, subject] = names.to_numpy()
    return found


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value


def once(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Rows of two networks that say the same as one row of both.

    Args:
        frame: rows of the proven network and of that with potential.
        column: that names the network.
    """
    rest = [name for name in frame.columns if name not in (column, RESTS)]
    cells = (
        "\n".join(f"{value:.9g}" if isinstance(value, float) else str(value) for value in row)
        for row in frame[rest].itertuples(index=False)
    )
    texts = pd.Series(list(cells), index=frame.index, dtype=object)
    frame = joined(frame, texts)
    same = texts.duplicated(keep=False) & frame[column].isin(("proven", "potential"))
    found: pd.DataFrame = frame.assign(**{column: frame[column].where(~same, BOTH)})[~(same & texts.duplicated())]
    return found


def last(frame: pd.DataFrame, column: str = "network") -> pd.DataFrame:
    """Rows of the last network of a frame, which has everything in it."""
    return frame[frame[column] == frame[column].iloc[-1]] if len(frame) else frame


def moving(frame: pd.DataFrame, column: str, change: str) -> pd.DataFrame:
    """Rows of a frame without networks that change nothing, which would only say today's figures again; the last network stays.

    Args:
        frame: rows of several networks.
        column: that names the network.
        change: column of the difference with today.
    """
    if frame.empty:
        return frame
    moves = frame.groupby(column, sort=False)[change].apply(lambda values: bool((values.isna() | (values != 0)).any()))
    kept = {*moves.index[moves], frame[column].iloc[-1], "reference"}
    found: pd.DataFrame = frame[frame[column].isin(kept)]
    return found
