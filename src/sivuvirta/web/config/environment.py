"""Environment: what the platform reads from its surroundings, all problems told at once.

| variable | meaning | default |
|---|---|---|
| `SIVUVIRTA_HOME` | folder of the database, uploads and logs | `build/platform` below the working folder |
| `DATABASE_URL` | `sqlite:///FILE` or `postgres://USER:PASSWORD@HOST:PORT/NAME` | a SQLite file in the home |
| `SECRET_KEY` | at least 50 signs, random; signs sessions | made once and kept in the home, for `sivuvirta serve --demo` alone |
| `ALLOWED_HOSTS` | names under which the platform is reached, parted by commas | `localhost,127.0.0.1` |
| `SIVUVIRTA_SECURE` | `yes` where the platform is reached by https | `no` |
| `SIVUVIRTA_DEBUG` | `yes` shows errors with their code; never where others can reach it | `no` |
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from attrs import frozen

from sivuvirta.errors import SivuvirtaError

_YES = frozenset({"yes", "true", "1", "on"})
_NO = frozenset({"no", "false", "0", "off", ""})
_ENGINES = {
    "sqlite": "django.db.backends.sqlite3",
    "postgres": "django.db.backends.postgresql",
    "postgresql": "django.db.backends.postgresql",
}
KEY_LENGTH = 50  # signs of a secret key at least


class EnvironmentFaultError(SivuvirtaError):
    """The platform's surroundings are not as they must be; the message tells every problem and its repair."""


@frozen
class Environment:
    """What was read."""

    home: Path
    database: Mapping[str, Any]
    secret_key: str
    hosts: tuple[str, ...]
    secure: bool
    debug: bool


def environment(variables: Mapping[str, str] = os.environ) -> Environment:
    """What the platform needs to know of its surroundings.

    Raises:
        EnvironmentFaultError: something cannot be read; the message holds every problem.
    """
    faults: list[str] = []
    home = Path(variables.get("SIVUVIRTA_HOME") or Path("build") / "platform").resolve()
    debug, secure = (_switch(variables, name, faults) for name in ("SIVUVIRTA_DEBUG", "SIVUVIRTA_SECURE"))
    found = Environment(
        home=home,
        database=_database(variables.get("DATABASE_URL", ""), home, faults),
        secret_key=_secret(variables.get("SECRET_KEY", ""), home, faults),
        hosts=tuple(part.strip() for part in variables.get("ALLOWED_HOSTS", "localhost,127.0.0.1").split(",") if part.strip()),
        secure=secure,
        debug=debug,
    )
    if faults:
        raise EnvironmentFaultError("\n".join(faults))
    return found


def _switch(variables: Mapping[str, str], name: str, faults: list[str]) -> bool:
    word = variables.get(name, "").strip().lower()
    if word not in _YES | _NO:
        faults.append(f"{name} is '{word}': write yes or no.")
    return word in _YES


def _database(url: str, home: Path, faults: list[str]) -> Mapping[str, Any]:
    """Django's description of a database; a file in the home where no address is given."""
    if not url:
        return _sqlite(home / "sivuvirta.sqlite3")
    parts = urlsplit(url)
    if parts.scheme not in _ENGINES:
        faults.append(f"DATABASE_URL begins with '{parts.scheme}://': write sqlite:///FILE or postgres://USER:PASSWORD@HOST:PORT/NAME.")
        return {}
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path.removeprefix("/"))))
    if not parts.path.strip("/"):
        faults.append("DATABASE_URL names no database: write it after the last slash, as postgres://USER:PASSWORD@HOST:PORT/NAME.")
    return {
        "ENGINE": _ENGINES[parts.scheme],
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _sqlite(file: Path) -> Mapping[str, Any]:
    """SQLite as a server's database: readers beside one writer, a writer that waits, references that hold."""
    pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=20000;"
    options = {"init_command": pragmas, "transaction_mode": "IMMEDIATE", "timeout": 20}
    return {"ENGINE": _ENGINES["sqlite"], "NAME": str(file), "OPTIONS": options}


def _secret(key: str, home: Path, faults: list[str]) -> str:
    """The key that signs sessions: the one given, else the one kept in the home, made if there is none."""
    if key:
        if len(key) < KEY_LENGTH:
            faults.append(f"SECRET_KEY has {len(key)} signs: give at least {KEY_LENGTH}, drawn at random.")
        return key
    file = home / "secret.key"
    if not file.exists():
        home.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(KEY_LENGTH), encoding="utf-8")
    return file.read_text(encoding="utf-8")
