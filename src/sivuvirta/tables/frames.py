"""Raw tables of pandas frames."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sivuvirta.tables.raw import RawRegion, RawTable


def raw_frames(name: str, frames: Mapping[str, pd.DataFrame]) -> RawRegion:
    """Frames by table name; an index with names counts as columns, and the first row is row 1."""
    return RawRegion(name, "", "frame", "", tuple(_raw_frame(table, frame) for table, frame in frames.items()))


def _raw_frame(table: str, frame: pd.DataFrame) -> RawTable:
    if any(level is not None for level in frame.index.names):
        frame = frame.reset_index()
    header = [str(column) for column in frame.columns]
    return RawTable(
        table, f"frame '{table}'", header, [_cells(frame.iloc[:, number]) for number in range(len(header))], range(1, len(frame) + 1)
    )


def _cells(column: pd.Series[Any]) -> list[Any]:
    """Python values; what pandas calls missing is None."""
    return [None if missing else value for value, missing in zip(column.tolist(), column.isna().tolist(), strict=True)]
