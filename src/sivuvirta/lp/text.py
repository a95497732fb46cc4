"""Text: a program as people read it, in the LP format that solvers read too."""

from __future__ import annotations

import numpy as np

from sivuvirta.lp.entries import Floats, Ints
from sivuvirta.lp.program import Block, Program, Rows

_LINE = 100
_ALLOWED = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.(),!#$%&/;?@'`{}|~")


def lp_text(program: Program) -> str:
    r"""The whole program in LP format, row by row with the names of families and blocks.

    >>> import numpy as np
    >>> from sivuvirta.lp.entries import Term, gather
    >>> program = Program("diet")
    >>> food = program.block("food", 2, [3.0, 2.0], label=["oat", "pea"].__getitem__)
    >>> rows = program.rows("protein", gather(1, Term(np.zeros(2, int), food.columns, np.array([2.0, 1.0]))), lower=4.0)
    >>> print(lp_text(program))
    \ diet
    minimize
     cost: 3 food(oat) + 2 food(pea)
    subject to
     protein(0): 2 food(oat) + 1 food(pea) >= 4
    end
    <BLANKLINE>
    """
    arrays = program.arrays()
    names = [_name(block, position) for block in program.blocks for position in range(block.count)]
    used = np.flatnonzero(arrays.cost).astype(np.int32)
    lines = [f"\\ {program.name}", "minimize", _wrapped(" cost:", _sum(used, arrays.cost[used], names))]
    lines.append("subject to")
    for family in program.families:
        lines += _rows(family, names)
    lines += _bounds(arrays.lower, arrays.upper, arrays.integer, names)
    whole = np.flatnonzero(arrays.integer)
    if len(whole):
        lines += ["general", *(f" {names[column]}" for column in whole)]
    return "\n".join([*lines, "end", ""])


def family_text(program: Program, family: str, part: str = "") -> str:
    """The rows of one family only, as in the whole text."""
    names = [_name(block, position) for block in program.blocks for position in range(block.count)]
    return "".join(f"{line}\n" for line in _rows(program.family(family, part), names))


def _name(part: Block | Rows, position: int) -> str:
    label = part.text(position).replace(":", "_").replace(" ", "_")
    return "".join(sign if sign in _ALLOWED else "_" for sign in label)


def _rows(family: Rows, names: list[str]) -> list[str]:
    lines = []
    for position in range(family.count):
        entries = slice(family.entries.start[position], family.entries.start[position + 1])
        terms = _sum(family.entries.column[entries], family.entries.value[entries], names)
        name, low, high = f" {_name(family, position)}", family.lower[position], family.upper[position]
        if low == high:
            lines.append(_wrapped(f"{name}:", [*terms, f"= {_figure(low)}"]))
            continue
        sides = [(suffix, sign, side) for suffix, sign, side in (("", ">=", low), ("_", "<=", high)) if np.isfinite(side)]
        for suffix, sign, side in sides:
            lines.append(_wrapped(f"{name}{suffix if len(sides) > 1 else ''}:", [*terms, f"{sign} {_figure(side)}"]))
    return lines


def _sum(columns: Ints, values: Floats, names: list[str]) -> list[str]:
    terms: list[str] = []
    for column, value in zip(columns, values, strict=True):
        sign = "- " if value < 0 else "+ " if terms else ""
        terms.append(f"{sign}{_figure(abs(value))} {names[column]}")
    return terms or [f"0 {names[0]}"]


def _bounds(lower: Floats, upper: Floats, integer: Ints, names: list[str]) -> list[str]:
    lines = []
    for column, name in enumerate(names):
        low, high = lower[column], upper[column]
        if low == high:
            lines.append(f" {name} = {_figure(low)}")
        elif np.isfinite(high) or integer[column]:
            lines.append(f" {_figure(low)} <= {name} <= {_figure(high)}")
        elif low != 0:
            lines.append(f" {name} >= {_figure(low)}" if np.isfinite(low) else f" {name} free")
    return ["bounds", *lines] if lines else []


def _figure(value: float) -> str:
    if not np.isfinite(value):
        return "inf" if value > 0 else "-inf"
    return f"{value:.12g}"


def _wrapped(head: str, parts: list[str]) -> str:
    lines, line = [], head
    for part in parts:
        if len(line) + len(part) + 1 > _LINE and line != head:
            lines.append(line)
            line = "   "
        line += f" {part}"
    return "\n".join([*lines, line])
