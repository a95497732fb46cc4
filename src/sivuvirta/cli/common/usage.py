"""Whether JSON is asked for, and command lines that cannot be read; light, since every call of the command loads it."""

from __future__ import annotations

import json
from typing import IO, Any

import click

_JSON = "sivuvirta.json"


class JsonUsageError(click.ClickException):
    """A command line that click could not read, told as JSON."""

    exit_code = click.UsageError.exit_code

    def __init__(self, error: click.UsageError) -> None:
        super().__init__(error.format_message())
        self.kind = type(error).__name__

    def show(self, file: IO[Any] | None = None) -> None:
        """Print it on stdout, where JSON is looked for."""
        click.echo(error_json({"kind": self.kind, "message": self.message}))


def asks_json(arguments: list[str]) -> bool:
    """Whether a command line that may not be readable asks for JSON."""
    before = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return "--json" in before


def wants_json(ctx: click.Context) -> bool:
    """Whether the command that runs was asked for JSON."""
    return bool(ctx.meta.get(_JSON))


def remember_json(ctx: click.Context, value: bool) -> None:
    """Keeps for `wants_json` whether JSON was asked for."""
    ctx.meta[_JSON] = value


def error_json(error: dict[str, Any]) -> str:
    """An error as JSON."""
    return json.dumps({"error": error}, ensure_ascii=False, indent=2)
