"""What sources print of other producers and of the product itself, beside the computed footprint; nothing is ever fitted to it."""

from __future__ import annotations

import math

from sivuvirta.assess.circularity.beside import agreement
from sivuvirta.assess.circularity.intervals import UNKNOWN, Range
from sivuvirta.assess.footprint.figures import Row
from sivuvirta.assess.footprint.register import Register
from sivuvirta.domain.burdens import Result
from sivuvirta.domain.footprints import Compared
from sivuvirta.domain.indicators import Input

_RATIO = "1"


def compared(register: Register, own: Result, unit: str) -> tuple[Compared, ...]:
    """Alternatives and statements beside the footprint of today by one allocation.

    Args:
        register: rows of `footprints` for the product.
        own: the footprint; where it is unknown, so is every ratio.
        unit: of the footprint, as `footprints` writes it, for example kgCO2e/t.
    """
    footprint = Range(own.value, own.low, own.high) if own.known else UNKNOWN
    others = {row["entry"]: register.told(row) for row in register.of_role("alternative")}
    ratios = {key: times(each, own) if each.unit == unit and own.known else UNKNOWN for key, each in others.items()}
    found = [_compared(row, others[row["entry"]], ratios[row["entry"]], own.method, "") for row in register.of_role("alternative")]
    for row in register.of_role("statement"):
        known = ratios.get(row["name"], _largest(ratios)) if row["unit"] == _RATIO else footprint if row["unit"] == unit else UNKNOWN
        low, high = (row["value"] if row[end] is None else row[end] for end in ("low", "high"))
        named, agrees = row, agreement(low, high, "times" if row["unit"] == _RATIO else row["unit"], known)
        if row["unit"] == _RATIO and row["name"] in others:
            named = {**row, "name": f"{others[row['name']].name}, over this one"}
        found.append(_compared(named, _as_printed(row, register), known, own.method, agrees))
    return tuple(found)


def times(other: Input, own: Result) -> Range:
    r"""How many times a footprint another one is; the two vary independently.

    .. math:: r_{high} = r + \sqrt{\left(\frac{o_{high} - o}{f}\right)^2 + \left(\frac{o}{f_{low}} - r\right)^2}

    with :math:`r = o / f`, and :math:`r_{low}` likewise, at least 0. Unknown where the footprint is not above 0; without an upper end
    where its low end is not. Another's footprint is 0 or more, as table `footprints` asks; one of 0 is 0 times, up to what it may be.
    """
    if not own.value > 0:
        return UNKNOWN
    ratio = other.value / own.value
    least = other.value / own.high if not math.isnan(own.high) else 0.0  # a footprint without an upper end may be any times as large
    up = math.hypot((other.high - other.value) / own.value, other.value / own.low - ratio) if own.low > 0 else math.inf
    down = math.hypot((other.value - other.low) / own.value, ratio - least)
    return Range(ratio, max(0.0, ratio - down), ratio + up)


def _as_printed(row: Row, register: Register) -> Input:
    """A statement as it stands: what prints no range has none."""
    ends = {end: row["value"] if row[end] is None else row[end] for end in ("low", "high")}
    return register.told({**row, **ends})


def _largest(ratios: dict[str, Range]) -> Range:
    """The ratio to the alternative of the largest footprint, for a statement that names none."""
    known = [each for each in ratios.values() if each.known]
    return max(known, key=lambda each: each.value, default=UNKNOWN)


def _compared(row: Row, said: Input, computed: Range, method: str, agrees: str) -> Compared:
    year = row["year"]
    return Compared(
        kind=str(row["role"]),
        name=str(row["name"] or row["entry"]),
        value=said.value,
        low=said.low,
        high=said.high,
        unit=said.unit,
        year=None if year is None else int(year),
        definition=str(row["definition"] or "not said"),
        grade=said.grade,
        source=said.source,
        method=method,
        computed=computed.value,
        computed_low=computed.low,
        computed_high=computed.high if not math.isinf(computed.high) else math.nan,
        agreement=agrees,
        whose=str(row["whose"] or ""),
        comparable=str(row["comparable"] or ""),
        why=str(row["why"] or ""),
    )
