"""Amounts a year of streams and needs, as the rules compare them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping

from attrs import frozen

from sivuvirta.tables.draft import Draft


@frozen
class Amount:
    """What one subject has in one vintage, in its canonical unit."""

    row: int  # of quantities, the first where parts of the year are added up
    value: float
    low: float  # NaN where not stated
    high: float


def yearly(draft: Draft, table: str) -> Mapping[tuple[str, str], Amount]:
    """Amounts of `streams` or `needs` by subject and vintage; parts of a year add up where no whole year is given."""
    whole: dict[tuple[str, str], Amount] = {}
    parts: dict[tuple[str, str], list[Amount]] = defaultdict(list)
    quantities = draft.tables["quantities"]
    columns = [quantities[name].tolist() for name in ("table", "subject", "vintage", "period", "value", "low", "high")]
    for row, (kind, subject, vintage, period, value, low, high) in enumerate(zip(*columns, strict=True)):
        if kind == table and value >= 0:
            if period is None:
                whole[subject, vintage] = Amount(row, value, low, high)
            else:
                parts[subject, vintage].append(Amount(row, value, low, high))
    return {key: _sum(members) for key, members in parts.items()} | whole


def _sum(parts: list[Amount]) -> Amount:
    return Amount(
        parts[0].row, sum(part.value for part in parts), math.fsum(part.low for part in parts), math.fsum(part.high for part in parts)
    )


def shown(amount: float) -> str:
    """An amount in a message: six significant digits, no exponent below a milliard.

    >>> shown(100000.0), shown(8.3333333)
    ('100000', '8.33333')
    """
    return f"{amount:.0f}" if 1e6 <= amount < 1e9 else f"{amount:g}"
