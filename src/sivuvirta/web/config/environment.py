"""Environment: what the platform reads from its surroundings, all problems told at once.

| variable | meaning | default |
|---|---|---|
| `SIVUVIRTA_HOME` | folder of the database, uploads and logs | `build/platform` below the working folder |
| `DATABASE_URL` | `sqlite:///FILE` or `postgres://USER:PASSWORD@HOST:PORT/NAME?sslmode=...` | a SQLite file in the home |
| `SECRET_KEY` | at least 50 signs, random; signs sessions | made once and kept in the home, for `sivuvirta serve --demo` alone |
| `ALLOWED_HOSTS` | names under which the platform is reached, parted by commas | `localhost,127.0.0.1` |
| `SIVUVIRTA_SECURE` | `yes` where the platform is reached by https | `no` |
| `SIVUVIRTA_SIGNUP` | `yes` lets anybody make an account; else an invitation is needed | `no` |
| `EMAIL_URL` | `smtp://USER:PASSWORD@HOST:PORT` (STARTTLS), `smtps://...` (TLS), `console:` | files in the home's `letters` |
| `EMAIL_FROM` | sender of letters | `sivuvirta@` and the first of `ALLOWED_HOSTS` |
| `SIVUVIRTA_OIDC_URL`, `_CLIENT`, `_SECRET`, `_NAME` | single sign-on: issuer, our name and secret there, its name for people | none |
| `SIVUVIRTA_PROXY` | addresses or networks of the proxies in front, parted by commas; what they tell of the client is believed | none |
| `SIVUVIRTA_METRICS`, `SIVUVIRTA_METRICS_TOKEN` | `yes` serves metrics to who shows the token, of at least 20 signs | `no` |
| `SIVUVIRTA_LOG` | debug, info, warning or error: what the log tells at least | `info` |
| `SIVUVIRTA_LIMIT_VISITORS`, `SIVUVIRTA_LIMIT_PEOPLE` | requests a minute of an address and of a person; 0: no limit | 300, 1200 |
| `SIVUVIRTA_IDLE`, `SIVUVIRTA_IDLE_LEADING` | minutes after which an idle session ends; of facilitators and administrators | 720, 60 |
| `SIVUVIRTA_SECOND_FACTOR` | `no` lets facilitators, authorities and administrators work without a second factor | `yes` |
| `SIVUVIRTA_DEBUG` | `yes` shows errors with their code; never where others can reach it | `no` |
"""

from __future__ import annotations

import ipaddress
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from attrs import frozen

from sivuvirta.errors import SivuvirtaError

_YES = frozenset({"yes", "true", "1", "on"})
_NO = frozenset({"no", "false", "0", "off", ""})
_ENGINES = {
    "sqlite": "django.db.backends.sqlite3",
    "postgres": "django.db.backends.postgresql",
    "postgresql": "django.db.backends.postgresql",
}
_OPTIONS = frozenset({"host", "sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "application_name"})  # of PostgreSQL
KEY_LENGTH = 50  # signs of a secret key at least
_PLAINLY = "-c jit=off -c max_parallel_workers_per_gather=0"
"""How PostgreSQL answers the platform's connections: a page asks for little, and to translate its question into machine code, or to part
it among processes, takes longer than to answer it; the cores are needed for others who ask in the same moment."""
_DIGITS = 9  # of a whole number at most
TOKEN_LENGTH = 20  # signs of the token of metrics at least
_LOUDNESS = ("debug", "info", "warning", "error")
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


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
    signup: bool  # anybody may make an account
    mail: Mapping[str, Any]  # Django's settings of how letters are sent
    sign_on: Mapping[str, str]  # url, client, secret and name of single sign-on; empty where there is none
    proxies: tuple[Network, ...]  # whose word about the client is believed
    metrics: str  # token by which metrics are read; empty where there are none
    log: str  # level of the log
    requests: tuple[int, int]  # a minute, of an address of visitors and of a person; 0 is no limit
    idle: tuple[int, int]  # minutes after which an idle session ends, and one of who looks after the platform
    second_factor: bool  # whether some roles need one


def environment(variables: Mapping[str, str] = os.environ) -> Environment:
    """What the platform needs to know of its surroundings.

    Raises:
        EnvironmentFaultError: something cannot be read; the message holds every problem.
    """
    faults: list[str] = []
    home = Path(variables.get("SIVUVIRTA_HOME") or Path("build") / "platform").resolve()
    debug, secure, signup = (_switch(variables, f"SIVUVIRTA_{name}", faults) for name in ("DEBUG", "SECURE", "SIGNUP"))
    hosts = tuple(part.strip() for part in variables.get("ALLOWED_HOSTS", "localhost,127.0.0.1").split(",") if part.strip())
    if "*" in hosts:
        faults.append("ALLOWED_HOSTS is '*', by which a letter's link could lead anywhere: write the names of the platform.")
    sender = variables.get("EMAIL_FROM") or f"sivuvirta@{(hosts or ('localhost',))[0].lstrip('.*')}"
    found = Environment(
        home=home,
        database=_database(variables.get("DATABASE_URL", ""), home, faults),
        secret_key=_secret(variables.get("SECRET_KEY", ""), home, faults),
        hosts=hosts,
        secure=secure,
        debug=debug,
        signup=signup,
        mail={"DEFAULT_FROM_EMAIL": sender, "SERVER_EMAIL": sender, **_mail(variables.get("EMAIL_URL", ""), home, faults)},
        sign_on=_sign_on(variables, faults),
        proxies=_proxies(variables.get("SIVUVIRTA_PROXY", ""), faults),
        metrics=_metrics(variables, faults),
        log=_loudness(variables.get("SIVUVIRTA_LOG", ""), faults),
        requests=(_whole(variables, "LIMIT_VISITORS", (300, 0), faults), _whole(variables, "LIMIT_PEOPLE", (1200, 0), faults)),
        idle=(_whole(variables, "IDLE", (720, 1), faults), _whole(variables, "IDLE_LEADING", (60, 1), faults)),
        second_factor=_switch({"SIVUVIRTA_SECOND_FACTOR": "yes", **variables}, "SIVUVIRTA_SECOND_FACTOR", faults),
    )
    if faults:
        raise EnvironmentFaultError("\n".join(faults))
    return found


def _switch(variables: Mapping[str, str], name: str, faults: list[str]) -> bool:
    word = variables.get(name, "").strip().lower()
    if word not in _YES | _NO:
        faults.append(f"{name} is '{word}': write yes or no.")
    return word in _YES


def _whole(variables: Mapping[str, str], name: str, usual_least: tuple[int, int], faults: list[str]) -> int:
    """A whole number that is not below the least one; the usual one where nothing is said."""
    (usual, least), word = usual_least, variables.get(f"SIVUVIRTA_{name}", "").strip()
    if not word:
        return usual
    if not (word.isascii() and word.isdigit() and len(word) <= _DIGITS and int(word) >= least):
        faults.append(f"SIVUVIRTA_{name} is '{word}': write a whole number of at least {least}.")
        return usual
    return int(word)


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
    options = dict(parse_qsl(parts.query))
    faults += [f"DATABASE_URL has the option '{name}', which is none of {', '.join(sorted(_OPTIONS))}." for name in set(options) - _OPTIONS]
    return {
        "ENGINE": _ENGINES[parts.scheme],
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or options.pop("host", ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {**options, "options": _PLAINLY},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _sqlite(file: Path) -> Mapping[str, Any]:
    """SQLite as a server's database: readers beside one writer, a writer that waits, references that hold.

    A connection stays open, with the pages that it read at hand: each thread of a server has one, so that they hold 16 MB each at most.
    """
    pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=20000;"
    pragmas += " PRAGMA cache_size=-16000;"
    options = {"init_command": pragmas, "transaction_mode": "IMMEDIATE", "timeout": 20}
    return {"ENGINE": _ENGINES["sqlite"], "NAME": str(file), "OPTIONS": options, "CONN_MAX_AGE": 60}


def _secret(key: str, home: Path, faults: list[str]) -> str:
    """The key that signs sessions: the one given, else the one kept in the home, made if there is none."""
    if key:
        if len(key) < KEY_LENGTH:
            faults.append(f"SECRET_KEY has {len(key)} signs: give at least {KEY_LENGTH}, drawn at random.")
        return key
    file = home / "secret.key"
    try:
        if not (file.exists() and file.stat().st_size):
            _drawn(file)
        return file.read_text(encoding="utf-8")
    except OSError as error:
        faults.append(f"The home {home} cannot be used ({error.strerror}). Name a folder that may be written by SIVUVIRTA_HOME.")
        return ""


def _drawn(file: Path) -> None:
    """A new key, whole from its first moment: of several who start at once all read the same, and a stop leaves none half made."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    part.touch(mode=0o600)
    part.write_text(secrets.token_urlsafe(KEY_LENGTH), encoding="utf-8")
    try:
        file.hardlink_to(part)
    except FileExistsError:
        if not file.stat().st_size:  # of a start that was stopped; else another was first
            part.replace(file)
    except OSError:  # a disk without such links
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _mail(url: str, home: Path, faults: list[str]) -> Mapping[str, Any]:
    """How letters go out: by a mail server, to the screen, or into files of the home."""
    backends = "django.core.mail.backends"
    if not url:
        return {"EMAIL_BACKEND": f"{backends}.filebased.EmailBackend", "EMAIL_FILE_PATH": home / "letters"}
    parts = urlsplit(url)
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": f"{backends}.console.EmailBackend"}
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        faults.append(
            f"EMAIL_URL is '{parts.scheme}:...': write smtp://USER:PASSWORD@HOST:PORT, smtps://USER:PASSWORD@HOST:PORT or console:."
        )
        return {}
    whole = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": f"{backends}.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if whole else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": whole,
        "EMAIL_USE_TLS": not whole,
        "EMAIL_TIMEOUT": 20,
    }


def _sign_on(variables: Mapping[str, str], faults: list[str]) -> Mapping[str, str]:
    """Single sign-on by OpenID Connect: all that it needs, or nothing."""
    found = {name: variables.get(f"SIVUVIRTA_OIDC_{name.upper()}", "").strip() for name in ("url", "client", "secret", "name")}
    if not any(found.values()):
        return {}
    missing = [f"SIVUVIRTA_OIDC_{name.upper()}" for name in ("url", "client", "secret") if not found[name]]
    if missing:
        faults.append(f"Single sign-on needs {', '.join(missing)} too.")
    elif urlsplit(found["url"]).scheme != "https":
        faults.append(f"SIVUVIRTA_OIDC_URL is '{found['url']}': single sign-on is reached by https:// alone.")
    return {**found, "name": found["name"] or (urlsplit(found["url"]).hostname or "")}


def _proxies(text: str, faults: list[str]) -> tuple[Network, ...]:
    """Addresses and networks, such as `127.0.0.1, 10.0.0.0/8`."""
    found = []
    for part in (part.strip() for part in text.split(",") if part.strip()):
        try:
            found.append(ipaddress.ip_network(part))
        except ValueError:
            faults.append(f"SIVUVIRTA_PROXY has '{part}', which is no address or network: write 127.0.0.1 or 10.0.0.0/8, parted by commas.")
    return tuple(found)


def _metrics(variables: Mapping[str, str], faults: list[str]) -> str:
    """The token by which metrics are read; empty where they are not served."""
    wanted, token = _switch(variables, "SIVUVIRTA_METRICS", faults), variables.get("SIVUVIRTA_METRICS_TOKEN", "").strip()
    if wanted and len(token) < TOKEN_LENGTH:
        faults.append(f"SIVUVIRTA_METRICS_TOKEN has {len(token)} signs: metrics need a token of at least {TOKEN_LENGTH}, drawn at random.")
    return token if wanted else ""


def _loudness(word: str, faults: list[str]) -> str:
    word = word.strip().lower() or "info"
    if word not in _LOUDNESS:
        faults.append(f"SIVUVIRTA_LOG is '{word}': write {', '.join(_LOUDNESS)}.")
        return "info"
    return word
