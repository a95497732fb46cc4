"""What went wrong, in words on stderr or as JSON on stdout."""

from __future__ import annotations

from typing import Any

import click

from sivuvirta.cli.common.problems import shortened
from sivuvirta.cli.common.reach import LimitError
from sivuvirta.cli.common.screen import problem_rows, screen
from sivuvirta.cli.common.usage import error_json
from sivuvirta.errors import CheckError, InfeasibleError, SivuvirtaError

_MOST = 8  # requirements printed where a limit that was given is one of them


def tell(error: SivuvirtaError, *, as_json: bool) -> None:
    """Print an error: all of it as JSON, or what can be read on a screen."""
    if as_json:
        click.echo(error_json(_body(error)))
        return
    screen(err=True).print(_text(error), markup=False, highlight=False, soft_wrap=True)


def _body(error: SivuvirtaError) -> dict[str, Any]:
    body: dict[str, Any] = {"kind": type(error).__name__, "message": str(error)}
    if isinstance(error, CheckError):
        body["problems"] = problem_rows(error.problems)
    if isinstance(error, InfeasibleError):
        body["kind"], body["conflicts"] = InfeasibleError.__name__, list(error.conflicts)
    if isinstance(error, LimitError):
        body["reachable"] = [one.row() for one in error.reached]
    return body


def _text(error: SivuvirtaError) -> str:
    if isinstance(error, CheckError):
        return shortened(error.problems, "--json lists all")
    if isinstance(error, LimitError):
        return _limits(error)
    return str(error)


def _limits(error: LimitError) -> str:
    """The limits that were given first, the first few of the other requirements, and what could be reached."""
    texts = sorted(error.conflicts, key=lambda text: not error.given(text))
    shown = texts if len(texts) <= _MOST else texts[:_MOST]
    head, *_, advice = str(error).splitlines()
    lines = [head, *(f"  {number}. {text}" for number, text in enumerate(shown, 1))]
    if len(shown) < len(texts):
        lines.append(f"  ... and {len(texts) - len(shown)} more (--json lists all)")
    return "\n".join([*lines, *(one.text() for one in error.reached), advice])
