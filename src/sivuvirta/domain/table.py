"""A table: named numpy columns in a frozen record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from attrs import field, frozen

from sivuvirta.errors import ShapeError, UnknownNameError

Column = npt.NDArray[Any]
"""One column. Numbers are float64 with NaN for unknown; text and booleans are objects with None for unknown."""


def _same_length(_: Any, attribute: Any, columns: Mapping[str, Column]) -> None:
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        raise ShapeError(f"Columns of one table must have one length, got {lengths}.")


@frozen(eq=False, slots=False)
class Table:
    """A table of a region or of the library: columns of equal length, joined to others by key, never by position.

    Unknown is NaN in a column of numbers and None in any other; it is never zero and never an empty text.
    """

    name: str
    key: tuple[str, ...]
    columns: Mapping[str, Column] = field(validator=_same_length)

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()))) if self.columns else 0

    def __getitem__(self, column: str) -> Column:
        try:
            return self.columns[column]
        except KeyError:
            known = ", ".join(self.columns)
            raise UnknownNameError(f"Table '{self.name}' has no column '{column}'. It has: {known}.") from None

    def __repr__(self) -> str:
        return f"<Table {self.name}: {len(self)} rows x {len(self.columns)} columns>"

    def _repr_html_(self) -> str:
        return str(self.to_frame().to_html(max_rows=20, notebook=True))

    def take(self, rows: npt.NDArray[Any]) -> Table:
        """The rows of a boolean mask or of an array of positions, as a new table."""
        return Table(self.name, self.key, {name: column[rows] for name, column in self.columns.items()})

    def row_keys(self) -> list[Any]:
        """Key of every row: a scalar for a key of one column, else a tuple."""
        parts = [self[name] for name in self.key]
        return parts[0].tolist() if len(parts) == 1 else list(zip(*(part.tolist() for part in parts), strict=True))

    @cached_property
    def index(self) -> Mapping[Any, int]:
        """Row number of each key."""
        return {key: row for row, key in enumerate(self.row_keys())}

    def rows(self) -> Iterator[dict[str, Any]]:
        """Row by row as dictionaries, with None for every unknown."""
        lists = {name: column.tolist() for name, column in self.columns.items()}
        for values in zip(*lists.values(), strict=True):
            yield {name: None if isinstance(value, float) and np.isnan(value) else value for name, value in zip(lists, values, strict=True)}

    def to_frame(self) -> pd.DataFrame:
        """The table as a pandas frame with one row a record."""
        return pd.DataFrame(dict(self.columns))
