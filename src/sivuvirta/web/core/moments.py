"""Moments: what is read of the database as it was at one moment, whatever others write meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction


@contextmanager
def moment(alias: str = "default") -> Iterator[str]:
    """Read inside of it, and write nothing: SQLite lets others write on, PostgreSQL shows its snapshot of the first question.

    Inside of a transaction that is open already it is that one's moment.

    Args:
        alias: of the connection.
    """
    here: Any = connections[alias]
    if here.in_atomic_block:
        yield alias
        return
    here.ensure_connection()
    way = getattr(here, "transaction_mode", None)
    if here.vendor == "sqlite":
        here.transaction_mode = "DEFERRED"  # as one that only reads
    try:
        with transaction.atomic(using=alias):
            if here.vendor == "postgresql":
                with here.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield alias
    finally:
        if here.vendor == "sqlite":
            here.transaction_mode = way
