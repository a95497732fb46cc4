"""What the terminal shows: consoles, tables, figures, progress."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import attrs
import click
import numpy as np
import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.status import Status
from rich.table import Table

from sivuvirta.errors import Problem

_WIDE = 140  # columns of a table that goes to a file or pipe


def screen(*, err: bool = False) -> Console:
    """A console on stdout or stderr; colours only where the terminal and NO_COLOR allow them."""
    stream = sys.stderr if err else sys.stdout
    console = Console(file=stream, highlight=False)
    if not console.is_terminal:
        console = Console(file=stream, highlight=False, width=_WIDE, no_color=True)
    return console


def table(title: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[str]]) -> Table:
    """A table; columns are (head, "left" | "right"), the cells plain text."""
    drawn = Table(title=title or None, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for head, side in columns:
        drawn.add_column(head, justify="right" if side == "right" else "left", overflow="fold")
    for row in rows:
        drawn.add_row(*(escape(cell) for cell in row))
    return drawn


@contextmanager
def progress(words: str, *, quiet: bool = False) -> Iterator[Status | None]:
    """Says on stderr what is being done while it is done; silent where it would be in the way."""
    console = screen(err=True)
    if quiet or not console.is_terminal:
        yield None
        return
    with console.status(words) as status:
        yield status


def print_json(body: Any) -> None:
    """A value as JSON on stdout; unknown numbers are null."""
    click.echo(json.dumps(_plain(body), ensure_ascii=False, indent=2))


def frame_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """A frame as rows, for JSON."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def problem_rows(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Problems as rows, for JSON."""
    return [attrs.asdict(problem) for problem in problems]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value
