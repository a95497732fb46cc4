"""The server's log: a line an event, JSON for machines and words for a terminal.

It has no secret, no address of a person and no value of the register.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from logging import ERROR, INFO, Formatter, LogRecord, getLogger
from time import perf_counter
from traceback import format_tb
from typing import Any

from sivuvirta.web.audit.middleware import channel

_log = getLogger("sivuvirta.requests")
_OWN = re.compile(r"(?<=/-/)\S*")  # what follows the platform's own mark in an address
_TOKEN = re.compile(r"(?=[^/]*\d)[^/\s]{16,}")  # a part of it that may be a link's secret
_ADDRESS = re.compile(r"[^\s@<>\"'/]+@[^\s@<>\"'/]+\.\w+")
_QUIET = ("/static/", "/-/health", "/-/metrics")
_DEEP = 5  # errors behind an error that are told
_OPEN = (OSError, ImportError, AttributeError, NameError, TypeError, MemoryError)  # their words quote code, not what people wrote
_OPEN_NAMES = frozenset({"OperationalError", "ProgrammingError"})  # of a database: it does not answer, a column is not there


def cleaned(text: str) -> str:
    """A text without secrets of links (invitations, new passwords) and without addresses of people."""
    return _ADDRESS.sub("…", _OWN.sub(lambda found: _TOKEN.sub("…", found[0]), text))


def trace(error: BaseException, *, words: bool = False, deep: int = _DEEP) -> Iterator[str]:
    """Where an error came from, line by line, and the errors behind it first.

    Args:
        error: what was raised.
        words: tell what every error says; else only those whose words quote code, since others may quote a value of the register.
        deep: errors behind it that are told.
    """
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and deep:
        yield from trace(before, words=words, deep=deep - 1)
        yield "which led to:"
    for part in format_tb(error.__traceback__):
        yield from part.rstrip("\n").split("\n")
    kind = type(error).__name__
    said = cleaned(str(error)) if words or isinstance(error, _OPEN) or kind in _OPEN_NAMES else ""
    yield f"{kind}: {said}" if said else kind


class Lines(Formatter):
    """Events as JSON, one a line."""

    def __init__(self, *, words: bool = False) -> None:
        super().__init__()
        self.words = words

    def format(self, record: LogRecord) -> str:
        """One event."""
        now = channel()
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request": now.request,
            "event": self._event(record),
            **getattr(record, "told", {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            told["traceback"] = list(trace(record.exc_info[1], words=self.words))
        return json.dumps(told, ensure_ascii=False, default=str)

    def _event(self, record: LogRecord) -> str:
        if record.exc_info and hasattr(record, "status_code"):
            return "answer failed"
        return cleaned(record.getMessage())


class Words(Lines):
    """Events for people at a terminal."""

    def format(self, record: LogRecord) -> str:
        """One event."""
        told, event = getattr(record, "told", {}), self._event(record)
        if told:
            who = "" if told["user"] is None else f"  user {told['user']}"
            event = f"{told['method']} {told['path']} {told['status']}, {told['milliseconds']:.0f} ms{who}"
        lines = [f"{datetime.fromtimestamp(record.created):%H:%M:%S} {record.levelname.lower():<7} {event}"]
        if record.levelno >= ERROR and channel().request:
            lines[0] += f"  request {channel().request}"
        if record.exc_info and record.exc_info[1] is not None:
            lines += trace(record.exc_info[1], words=self.words)
        return "\n".join(lines)


def once(record: LogRecord) -> bool:
    """Whether an event is not told already: Django notes a refused request, which `answered` tells too."""
    return record.name != "django.request" or bool(record.exc_info)


def answered(answer: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Middleware: a line for every request, with the person's number but not their name, and the path without its question."""

    def told(request: Any) -> Any:
        began = perf_counter()
        response = answer(request)
        level = ERROR if response.status_code >= 500 else INFO
        if response.status_code < 400 and request.path.startswith(_QUIET):
            level = INFO - 10
        fields = {
            "method": request.method,
            "path": cleaned(request.path),
            "status": response.status_code,
            "milliseconds": round(1000 * (perf_counter() - began), 1),
            "user": getattr(getattr(request, "_cached_user", None), "pk", None),  # no query is made for it
        }
        _log.log(level, "answer", extra={"told": fields})
        return response

    return told


def logging(level: str, *, debug: bool = False) -> dict[str, Any]:
    """Django's setting: everything to stderr, JSON where that is no terminal."""
    form = Words if sys.stderr.isatty() else Lines
    stderr = {"class": "logging.StreamHandler", "formatter": "told", "filters": ["once"]}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"told": {"()": form, "words": debug}},
        "filters": {"once": {"()": lambda: once}},
        "handlers": {"stderr": stderr},
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {
            "sivuvirta": {"level": level.upper()},
            "django": {"level": "WARNING", "handlers": [], "propagate": True},
        },
    }
