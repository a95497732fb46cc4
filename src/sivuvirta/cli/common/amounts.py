"""Amounts on the command line, as people write them: 10,5 and "10 000 000" and 1e7."""

from __future__ import annotations

import math
import re
from typing import Any

import click

from sivuvirta.units.numbers import Fault, parse_number

_REPAIR = "Write digits alone, without a unit, such as 10000000 or 10.5."
_APART = re.compile(r"[+-]?\d{1,3}")
_THOUSANDS = re.compile(r"\d{3}(?:[.,]\d+)?")


class Amount(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.2 on alone
    """A number with a decimal point or comma, with or without signs between thousands."""

    name = "number"

    def __init__(self, least: float = -math.inf) -> None:
        self.least = least

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number, or a usage error that says what to write."""
        if isinstance(value, int | float):
            return float(value)
        read = parse_number(value)
        if isinstance(read, Fault):
            self.fail(f"{read.message} {read.repair if read.rule == 'ambiguous_number' else _REPAIR}", param, ctx)
        if read.below or not math.isfinite(read.value):
            self.fail(f"'{value}' is no single number. {_REPAIR}", param, ctx)
        if read.value < self.least:
            self.fail(f"'{value}' is below {self.least:g}. Write {self.least:g} or more.", param, ctx)
        return read.value


class Percent(Amount):
    """A rate in per cent, with or without its sign; a bare figure between 0 and 1 is asked for again, as it may be meant as a share."""

    name = "percent"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The rate in per cent, or a usage error that says what to write."""
        if not isinstance(value, str):
            return super().convert(value, param, ctx)
        text = value.strip()
        signed = text.endswith("%")
        rate = super().convert(text.removesuffix("%").strip() if signed else text, param, ctx)
        if not signed and 0 < abs(rate) < 1:
            self.fail(
                f"'{value}' is {rate:g} % a year. Write {100 * rate:g} for {100 * rate:g} %, or '{rate:g}%' if you mean that.", param, ctx
            )
        return rate


class AmountCommand(click.Command):
    """A command that says what to write where the shell has taken "10 000 000" apart."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does, with a repair for a number that came in parts."""
        given = list(args)
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            parts = self._parts(given)
            if not parts:
                raise
            repair = f"Write {''.join(parts)}, or '{' '.join(parts)}' in quotes."
            raise click.UsageError(f"{error.format_message().rstrip('.')}. {repair}", error.ctx) from error

    def _parts(self, given: list[str]) -> list[str]:
        """Parts of a number that stand after its option as words of their own."""
        names = {name for option in self.params if isinstance(option.type, Amount) for name in option.opts}
        for position, name in enumerate(given[:-1]):
            parts = given[position + 1 : position + 2]
            if name in names and _APART.fullmatch(parts[0]):
                for word in given[position + 2 :]:
                    if not _THOUSANDS.fullmatch(word):
                        break
                    parts.append(word)
            if len(parts) > 1:
                return parts
        return []
