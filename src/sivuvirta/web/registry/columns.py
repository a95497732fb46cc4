"""Columns: the database field of each column of the schema, and its values there and in the engine.

The engine's unknown is NaN or None; the database's is NULL, never an empty text.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any

from django.db import models

from sivuvirta.tables.schema import ColumnSchema

KEY_LENGTH = 200  # signs of a key or a choice at most
_KEYS = frozenset({"id", "ref", "choice"})
_PLAIN = {
    "number": models.FloatField,
    "integer": models.BigIntegerField,
    "year": models.BigIntegerField,
    "boolean": models.BooleanField,
    "date": partial(models.CharField, max_length=10),
    "text": models.TextField,
}


def field(column: ColumnSchema) -> models.Field:
    """The database field of a column. References are kept as keys: a row may name one of the library, which is not in the database.

    Names and help for people are not here but in the schema, so that a better sentence is no change of the database.
    """
    unknown = {"null": True, "blank": True}
    if column.listed:
        return models.JSONField(**unknown)
    if column.type in _KEYS:
        return models.CharField(max_length=KEY_LENGTH, **unknown)
    return _PLAIN[column.type](**unknown)


def stored(value: Any, column: ColumnSchema) -> Any:
    """A value of the engine as the database keeps it."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if column.numeric:
        return float(value) if column.type == "number" else int(value)
    return list(value) if column.listed else value


def cell(value: Any, column: ColumnSchema) -> Any:
    """A value of the database as the engine's frames hold it."""
    if value is None:
        return math.nan if column.numeric else None
    return tuple(value) if column.listed else value
