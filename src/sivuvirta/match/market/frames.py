"""Pairs of a screening as tables for people."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.links import Floats
from sivuvirta.domain.matches import Cause
from sivuvirta.domain.screenings import Screening
from sivuvirta.errors import UnknownNameError
from sivuvirta.links.codes import Rows
from sivuvirta.links.nearby import distance


def kilometres(screening: Screening, pairs: Rows) -> Floats:
    """Great circle between the two ends of pairs, km, NaN where one has no coordinates."""
    streams, needs = screening.places
    return distance(streams[screening.row[pairs]], needs[screening.need[pairs]])


def ranked(screening: Screening, stream: str | None = None, need: str | None = None) -> Rows:
    """Positions of pairs: the best verdict first, then what a blend could make best, then the nearest.

    Args:
        screening: the pairs.
        stream: only those of this stream.
        need: only those to this need.

    Raises:
        UnknownNameError: the screening has no such stream or need.
    """
    rows: Rows = np.arange(len(screening), dtype=np.int64)
    if stream is not None:
        at = _place(screening.stream, stream, "stream")
        rows = rows[screening.start[at] : screening.start[at + 1]]
    if need is not None:
        rows = rows[screening.need[rows] == _place(screening.needs, need, "need")]
    order = np.lexsort((rows, kilometres(screening, rows), screening.reach[rows], screening.verdict[rows]))
    return rows[order]


def to_frame(screening: Screening, stream: str | None = None, need: str | None = None, most: int | None = None) -> pd.DataFrame:
    """One row a pair, ranked; the index is the pair's position, by which `why` and `checks` know it.

    Args:
        screening: the pairs.
        stream: only those of this stream.
        need: only those to this need.
        most: rows at most; all where not given.

    Raises:
        UnknownNameError: the screening has no such stream or need.
    """
    rows = ranked(screening, stream, need)[:most]
    limits = np.append(screening.region.table("limits")["limit"], [None])
    ids, needs = screening.stream[screening.row[rows]], screening.needs[screening.need[rows]]
    helped = screening.reach[rows] < screening.verdict[rows]
    columns = {
        "stream": ids,
        "need": needs,
        "stream_name": _names(screening, "streams", ids),
        "need_name": _names(screening, "needs", needs),
        "verdict": _WORDS[Verdict][screening.verdict[rows]],
        "with_blend": None,
        "cause": _WORDS[Cause][screening.cause[rows]],
        "limit": None,
        "value": screening.value[rows],
        "bound": screening.bound[rows],
        "grade": np.array([grade.name for grade in Grade], dtype=object)[screening.grade[rows]],
        "km": kilometres(screening, rows),
    }
    index = pd.Index(rows, name="pair")
    best = np.where(helped, screening.reach[rows], len(Verdict))
    optional = {"with_blend": np.append(_WORDS[Verdict], [None])[best], "limit": limits[screening.limit[rows]]}
    columns |= {name: pd.Series(column, index=index, dtype=object) for name, column in optional.items()}
    return pd.DataFrame(columns, index=index)


_WORDS = {scale: np.array([code.name.lower() for code in sorted(scale)], dtype=object) for scale in (Verdict, Cause)}


def _place(names: object, name: str, what: str) -> int:
    found = np.flatnonzero(np.asarray(names) == name)
    if len(found) == 0:
        raise UnknownNameError(f"The screening has no {what} '{name}'.")
    return int(found[0])


def _names(screening: Screening, table: str, ids: object) -> list[object]:
    register = screening.region.table(table)
    return [register["name"][register.index[key]] for key in np.asarray(ids).tolist()]
