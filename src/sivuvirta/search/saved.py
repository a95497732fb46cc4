"""Queries that are kept: JSON files."""

from __future__ import annotations

import json
from pathlib import Path

from sivuvirta.domain.search import Query
from sivuvirta.errors import OptionError, ReadError

_FORMAT = "sivuvirta query"
_VERSION = 1


def write(query: Query, path: Path) -> Path:
    """Write a query to a file.

    Returns:
        Where it was written.
    """
    body = {"format": _FORMAT, "version": _VERSION, "query": query.to_json()}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(body, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return path


def read(path: Path) -> Query:
    """A query from a file.

    Raises:
        ReadError: there is none, or it holds no query.
    """
    repair = "`sivuvirta search REGION TEXT --save FILE.json` writes one."
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise ReadError(f"There is no query at '{path}'. {repair}") from None
    except ValueError:
        raise ReadError(f"'{path.name}' is no JSON file. {repair}") from None
    if not isinstance(body, dict) or body.get("format") != _FORMAT or not isinstance(body.get("query"), dict):
        raise ReadError(f"'{path.name}' holds no saved query. {repair}")
    if body.get("version") != _VERSION:
        raise ReadError(f"'{path.name}' was written by another version of Sivuvirta: save the query anew.")
    try:
        return Query.from_json(body["query"])
    except (OptionError, TypeError, ValueError, IndexError, KeyError) as error:
        raise ReadError(f"'{path.name}' holds a query that cannot be read: {error}") from error
