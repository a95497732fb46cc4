"""Typed columns from cells as written. Whole columns convert at once; only a column that fails is looked at cell by cell."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from sivuvirta.domain.table import Column
from sivuvirta.tables.schema import LIST_SEPARATOR, ColumnSchema

TRUE = frozenset({"yes", "true", "1", "y", "kyllä"})
FALSE = frozenset({"no", "false", "0", "n", "ei"})


def objects(values: Iterable[Any], rows: int) -> Column:
    """An array of objects of length `rows`, whatever they are."""
    return np.fromiter(values, dtype=object, count=rows)


def members(text: str) -> tuple[str, ...] | None:
    """The texts of a list cell, None where there is none."""
    parts = tuple(part for part in (part.strip() for part in text.split(LIST_SEPARATOR)) if part)
    return parts or None


def boolean(text: str) -> bool | None:
    """A yes or no; None for an empty cell.

    Raises:
        ValueError: it is neither.
    """
    word = text.lower()
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    if word:
        raise ValueError(text)
    return None


def column(cells: Sequence[str], schema: ColumnSchema) -> Column:
    """A column of stripped texts as its schema has it.

    Raises:
        ValueError: at least one cell cannot be read.
    """
    default = schema.default or ""
    texts = [cell or default for cell in cells] if default else cells
    if schema.numeric:
        values = np.array([float(text) if text else math.nan for text in texts], dtype=float)
        if int(np.isfinite(values).sum()) != sum(map(bool, texts)):
            raise ValueError(schema.name)
        return values
    if schema.listed:
        return objects(map(members, texts), len(texts))
    if schema.type == "boolean":
        return objects(map(boolean, texts), len(texts))
    return objects((text or None for text in texts), len(texts))
