"""Requests: each has a number, by which the log of changes and the server's log name it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from attrs import frozen


@frozen
class Channel:
    """By which way something is done now."""

    name: str = "command"  # web, api, command, job
    request: str = ""


_COMMAND = Channel()
_NOW: ContextVar[Channel] = ContextVar("channel", default=_COMMAND)


def channel() -> Channel:
    """By which way something is done now."""
    return _NOW.get()


@contextmanager
def through(name: str, request: str = "") -> Iterator[Channel]:
    """What is done inside is done by this way."""
    token = _NOW.set(Channel(name, request))
    try:
        yield _NOW.get()
    finally:
        _NOW.reset(token)


def requests(answer: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Middleware: a number for every request, told in the head `X-Request-ID` of its answer."""

    def numbered(request: Any) -> Any:
        with through("web", uuid.uuid4().hex) as now:
            response = answer(request)
            response["X-Request-ID"] = now.request
            return response

    return numbered
