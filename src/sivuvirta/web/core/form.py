"""Form: whether a database answers and has the columns that the models have, told before anything is read of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.apps import apps
from django.db import connection


def lacking() -> list[str]:
    """Columns of the models that the database does not have, as `table.column`; of a table that is not there its name."""
    found: list[str] = []
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            if not model._meta.managed or model._meta.proxy:
                continue
            if table not in tables:
                found.append(table)
                continue
            there = {column.name for column in connection.introspection.get_table_description(cursor, table)}
            found += [f"{table}.{each.column}" for each in model._meta.local_concrete_fields if each.column not in there]
    return found


def earlier(name: str, lacks: Sequence[str]) -> str:
    """What is said of a database that another version of the platform made, of a form that no migration leads from."""
    more = f" and {len(lacks) - 1} more" if len(lacks) > 1 else ""
    return (
        f"The database {name} was made by a version of the platform before its first release and lacks {lacks[0]}{more}. What is in it "
        "stays as it is: with the version that made it, export its registers as data packages. Then name an empty folder by "
        "SIVUVIRTA_HOME and an empty database by DATABASE_URL, and load the packages there; a demo's home may be deleted."
    )


def unreachable(database: Mapping[str, Any], error: Exception) -> str:
    """What is said of a database that does not answer: where it was looked for, and what it or the network said."""
    said = " ".join(str(error).split()).rstrip(".")
    if database["ENGINE"].endswith("sqlite3"):
        return f"The database file {database['NAME']} cannot be used ({said}). Name another by DATABASE_URL, or another SIVUVIRTA_HOME."
    where = f"{database['HOST'] or 'the local socket'}{', port ' + database['PORT'] if database['PORT'] else ''}"
    return f"The database '{database['NAME']}' at {where} does not answer ({said}). Start it, or mend DATABASE_URL."
