"""Staging: rows laid ready in tables of the connection's own, so that a transaction writes many rows by a few statements.

Such a table is seen by no other connection, locks nothing, and goes with its connection: what is laid ready by a worker that is killed
is gone, and nothing of it was in the database.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from attrs import frozen
from django.db import connection, models
from django.db.models.expressions import RawSQL


@frozen(eq=False)
class Stage:
    """Rows for the table of a model, laid ready.

    `texts` are columns that the model has not, for example the key of an organisation that has no number yet.
    """

    name: str
    model: type[models.Model]
    columns: tuple[str, ...]
    texts: tuple[str, ...]

    def put(self, rows: Iterable[Sequence[Any]]) -> None:
        """Lay rows ready: values as the database has them, in the order of `columns` and `texts`."""
        into = f"{quoted(self.name)} ({', '.join(map(quoted, (*self.columns, *self.texts)))})"
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                signs = ", ".join(["%s"] * (len(self.columns) + len(self.texts)))
                cursor.executemany(f"INSERT INTO {into} VALUES ({signs})", rows)  # noqa: S608 - names of our own models

    def these(self, column: str) -> RawSQL:
        """All values of a column, for `__in` of a query."""
        return RawSQL(f"SELECT {quoted(column)} FROM {quoted(self.name)}", ())  # noqa: S608, S611 - the same

    def drop(self) -> None:
        """Forget the rows."""
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {quoted(self.name)}")


def stage(model: Any, columns: Iterable[str], texts: Sequence[str] = ()) -> Stage:
    """A new, empty stage with some columns of a model's table, and texts beside them."""
    made = Stage(f"ready_{uuid.uuid4().hex[:12]}", model, tuple(columns), tuple(texts))
    wanted = [*map(quoted, made.columns), *(f"CAST(NULL AS text) AS {quoted(name)}" for name in made.texts)]
    source = quoted(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {quoted(made.name)} AS SELECT {', '.join(wanted)} FROM {source} WHERE 1 = 0")  # noqa: S608
    return made


def done(statement: str, values: Sequence[Any] = ()) -> int:
    """Run a statement; tells how many rows it made, changed or found."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found = cursor.fetchone()[0] if statement.startswith("SELECT") else cursor.rowcount
    return int(found)


def quoted(name: str) -> str:
    """The name of a table or column, as a statement has it."""
    return str(connection.ops.quote_name(name))


def makers(fields: Iterable[Any]) -> dict[str, Callable[[Any], Any]]:
    """What makes the database's value of a value that is known, by the field's column."""
    return {each.column: _maker(each) for each in fields}


def _maker(field: Any) -> Callable[[Any], Any]:
    if isinstance(field, models.JSONField):
        return lambda value: field.get_db_prep_save(value, connection)
    return field.get_prep_value
