"""Gathering: inputs numbered as they are found, and what they change as entries of a matrix."""

from __future__ import annotations

from typing import Any

import numpy as np

from sivuvirta.domain.ensembles import Input
from sivuvirta.domain.links import Floats, Ints


class Book:
    """Inputs in the order in which they were found; one of each name."""

    def __init__(self) -> None:
        self.inputs: list[Input] = []
        self._numbers: dict[str, int] = {}

    def number(self, one: Input) -> int:
        """Number of an input, new or known."""
        if one.name not in self._numbers:
            self._numbers[one.name] = len(self.inputs)
            self.inputs.append(one)
        return self._numbers[one.name]


class Part:
    """Entries of a sparse matrix, whose columns are inputs."""

    def __init__(self) -> None:
        self._rows: list[Any] = []
        self._columns: list[Any] = []
        self._values: list[Any] = []

    def add(self, rows: Any, number: int, values: Any) -> None:
        """What one standard deviation of an input changes of some rows."""
        self._rows.append(np.asarray(rows, dtype=np.int32))
        self._columns.append(np.full(len(rows), number, dtype=np.int32))
        self._values.append(np.asarray(values, dtype=float))

    def arrays(self) -> tuple[Ints, Ints, Floats]:
        """Row, column and value of each entry."""
        if not self._rows:
            return np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0)
        return np.concatenate(self._rows), np.concatenate(self._columns), np.concatenate(self._values)
