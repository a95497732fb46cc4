"""What the terminal shows: consoles, tables, figures, progress."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from textwrap import wrap
from typing import Any

import attrs
import click
import numpy as np
import pandas as pd
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.status import Status
from rich.table import Table

from sivuvirta.domain.ledger import NO_REFERENCE
from sivuvirta.domain.links import Links
from sivuvirta.domain.matches import Check
from sivuvirta.domain.unknowns import silent
from sivuvirta.errors import Problem

_WIDE = 140  # columns of a table that goes to a file or pipe
_NARROW = 80  # columns below which a table is printed as lists
_GAP = 2  # between columns


class Screen(Console):
    """A console whose sentences break between words at its width; a path or another word that is longer stays whole."""

    def print(self, *objects: Any, soft_wrap: bool | None = None, **how: Any) -> None:
        """Print as a console does; `soft_wrap` marks a sentence, in which no word is broken."""
        if soft_wrap:
            objects = tuple(_broken(each, self.width) if isinstance(each, str) else each for each in objects)
        super().print(*objects, soft_wrap=soft_wrap, **how)


def _broken(text: str, width: int) -> str:
    """A text in lines of at most so many signs, as far as its words are shorter; what goes on of an indented one stands deeper."""
    lines = []
    for line in text.split("\n"):
        indent = " " * (len(line) - len(line.lstrip(" ")) + _GAP) if line.startswith(" ") else ""
        lines += wrap(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False, replace_whitespace=False) or [
            ""
        ]
    return "\n".join(lines)


def screen(*, err: bool = False) -> Console:
    """A console on stdout or stderr; colours only where the terminal and NO_COLOR allow them."""
    stream = sys.stderr if err else sys.stdout
    console = Screen(file=stream, highlight=False)
    if not console.is_terminal:
        console = Screen(file=stream, highlight=False, width=_WIDE, no_color=True)
    return console


def print_table(console: Console, title: str, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]]) -> None:
    """Print a table; on a narrow terminal each row becomes a short list, so that nothing is squeezed.

    Args:
        console: where.
        title: printed above it.
        columns: (head, "left" | "right").
        rows: plain texts.
    """
    if console.width < _NARROW:
        console.print(title, markup=False, style="bold")
        for row in rows:
            console.print(row[0], markup=False, style="bold")
            for (head, _), cell in zip(columns[1:], row[1:], strict=True):
                if cell:
                    console.print(f"  {head}: {cell.replace(chr(10), ', ')}", markup=False)
        return
    if title:
        console.print(title, markup=False, style="italic", soft_wrap=True)
    drawn = Table(box=None, pad_edge=False, header_style="bold")
    for head, side in columns:
        drawn.add_column(head, justify="right" if side == "right" else "left", overflow="fold")
    for row in rows:
        drawn.add_row(*(escape(cell) for cell in row))
    console.print(drawn)


def print_blocks(
    console: Console, title: str, heads: Sequence[tuple[str, str]], names: Sequence[str], rows: Sequence[Sequence[str]]
) -> None:
    """Print a table with many columns in blocks of as many as the terminal carries; the first of them stands in every block.

    Args:
        console: where.
        title: printed above each block, with its number where there are several.
        heads: of the columns that every block begins with, (head, side).
        names: heads of the columns that are split among blocks, right-aligned.
        rows: plain texts, those of `heads` first.
    """
    widths = [max(cell_len(text) for text in (head, *(row[at] for row in rows))) + _GAP for at, head in enumerate(_all(heads, names))]
    fixed, free = len(heads), console.width - sum(widths[: len(heads) + 1])
    blocks: list[list[int]] = [[]]
    for at in range(fixed + 1, len(widths)):
        if blocks[-1] and sum(widths[each] for each in [*blocks[-1], at]) > free and console.width >= _NARROW:
            blocks.append([])
        blocks[-1].append(at)
    for number, block in enumerate(blocks, 1):
        shown = [*range(min(fixed + 1, len(widths))), *block]
        part = f" ({number} of {len(blocks)})" if len(blocks) > 1 else ""
        columns = [*heads, *((name, "right") for name in names)]
        print_table(console, f"{title}{part}", [columns[at] for at in shown], [[row[at] for at in shown] for row in rows])


def _all(heads: Sequence[tuple[str, str]], names: Sequence[str]) -> list[str]:
    return [*(head for head, _ in heads), *names]


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


def check_rows(checks: Iterable[Check]) -> list[dict[str, Any]]:
    """Checks of a route as rows, for JSON; verdicts and grades as words."""
    rows = []
    for check in checks:
        row = attrs.asdict(check)
        grades = {name: row[name].name if row[name] is not None else None for name in ("grade", "limit_grade")}
        rows.append({**row, "verdict": check.verdict.word, **grades})
    return rows


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


def say_unknown(worth: float, links: Links) -> None:
    """Says why what is counted against today is not told, where the worth of a whole is not known.

    Args:
        worth: of the whole; NaN where what it moves goes today nobody knows where.
        links: of the region.
    """
    why = silent(links)
    if worth != worth and why:  # noqa: PLR0124 - NaN
        all_of_it = "Every benefit, cost, saving and change" if why == NO_REFERENCE else "What rests on that"
        text = f"What it is worth is not known: {why}. {all_of_it} is unknown, none is zero or gross."
        screen().print(text, markup=False, soft_wrap=True)
