"""Parts of a backup: which tables and files it holds, and how a row becomes a line.

A backup is a zip archive: `rows/APP.MODEL.jsonl` with a row a line, `files/...` as they lie in the home, and `manifest.json`, which has
the number of rows, the columns and the checksum of each part, the migrations of the database and a fingerprint of the platform's key.
Not in it: sessions (everybody logs in again), counts of attempts, letters, and the key itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen
from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Field, Model
from django.utils.encoding import is_protected_type

from sivuvirta.errors import SivuvirtaError

FORMAT = 1
MANIFEST = "manifest.json"
ROWS, FILES = "rows", "files"
_LEFT = frozenset({"sessions.session", "usersessions.usersession"})  # who is logged in
_OWN = frozenset({"letters", "limits"})  # folders of the home that are this platform's own
MADE = frozenset({"contenttypes.contenttype", "auth.permission"})  # rows that a new database has from its migrations
FACTORS = "mfa.authenticator"  # encrypted by the key


class BackupFaultError(SivuvirtaError):
    """A backup cannot be written or read; the message tells why and what to do."""


@frozen
class Kept:
    """What a backup holds."""

    rows: int
    tables: int
    files: int
    size: int  # bytes of the archive
    made: str
    lost: tuple[str, ...] = ()  # files that went away while they were read


def models() -> list[type[Model]]:
    """Models whose rows are kept, those between two models included."""
    found = apps.get_models(include_auto_created=True)
    return [each for each in found if each._meta.managed and not each._meta.proxy and each._meta.label_lower not in _LEFT]


def fields(model: type[Model]) -> Sequence[Field]:
    """Columns of a model."""
    return [each for each in model._meta.local_concrete_fields if not each.generated]


def columns() -> dict[str, list[str]]:
    """Columns of every model that is kept, in the order of a line."""
    return {each._meta.label_lower: [str(column.attname) for column in fields(each)] for each in models()}


def line(row: Model, columns: Sequence[Field]) -> str:
    """A row as a line."""
    return json.dumps([_told(row, column) for column in columns], ensure_ascii=False, default=_iso) + "\n"


def row(model: type[Model], columns: Sequence[Field], text: str) -> Model:
    """A line as a row."""
    values = zip(columns, json.loads(text), strict=True)
    return model(**{column.attname: None if value is None else column.to_python(value) for column, value in values})


def _told(row: Model, column: Field) -> Any:
    value = column.value_from_object(row)
    return value if is_protected_type(value) or isinstance(value, dict | list) else column.value_to_string(row)


def _iso(value: Any) -> str:
    """Dates, times and decimals, with all their digits."""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def home_files() -> Iterator[Path]:
    """Files of the home that are kept: all but the database, the key, letters and counts of requests."""
    home: Path = settings.HOME
    for place in sorted(home.iterdir()) if home.is_dir() else []:
        if not held(place.name):
            continue
        if place.is_dir():
            yield from (file for file in sorted(place.rglob("*")) if file.is_file() and not file.is_symlink())
        elif place.is_file():
            yield place


def held(name: str) -> bool:
    """Whether a file or folder of the home, by its name there, is one that a backup holds."""
    database = settings.DATABASES["default"]
    own = (Path(str(database["NAME"])).name,) if database["ENGINE"].endswith("sqlite3") else ()
    return name not in _OWN and not name.startswith((*own, "secret.key", "."))


def migrations(alias: str) -> list[str]:
    """Migrations that a database has been through, in order of their names."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connections[alias]).applied_migrations())


def fingerprint() -> str:
    """Tells keys apart without telling them."""
    return hashlib.sha256(f"sivuvirta.backup:{settings.SECRET_KEY}".encode()).hexdigest()[:16]
