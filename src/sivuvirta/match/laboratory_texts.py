"""What the tests that are missing cost and how long they take, in words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np

from sivuvirta import library
from sivuvirta.domain.grades import Grade
from sivuvirta.domain.matches import Check
from sivuvirta.domain.prospects import LabTest
from sivuvirta.domain.region import Region
from sivuvirta.links.evidence import leached
from sivuvirta.match.laboratory import Key, chosen, lab_tests
from sivuvirta.match.words import amount, listed, number


def priced(region: Region, every: Iterable[Check], missing: str) -> str:
    """What is missing, with price and time of the tests that bring it, from the catalogue of the library.

    One sample is tested for all limits that miss the same thing. The sum of the prices is told, and the longest time, for the tests run
    side by side; both with their ranges and the worst grade. What the catalogue does not hold has no price, and none is told.

    Args:
        region: its limits and components.
        every: the checks of a route.
        missing: what is missing, as its checks say.
    """
    figures = [_figure(region, check) for check in every if check.missing == missing and _tested(check)]
    return f"{missing}{_bill([test for test, _ in chosen(region, _sold(), figures)])}" if figures else missing


def _tested(check: Check) -> bool:
    """Whether a test settles a limit: its figure is unknown or poor; else what is missing is a reading of the law."""
    return check.limit is not None and (math.isnan(check.value) or check.grade > Grade.B)


def _figure(region: Region, check: Check) -> Key:
    table = region.table("limits")
    row = table.index[check.limit]
    kind, component = str(table["kind"][row]), str(table["component"][row])
    if kind != "leaching":
        return kind, component
    return kind, str(leached(region.table("components"), np.array([component], dtype=object))[0])


@cache
def _sold() -> tuple[LabTest, ...]:
    """The catalogue's tests, read when words first ask for them."""
    return lab_tests(library.catalogue()["tests"].columns)


def _bill(tests: Sequence[LabTest]) -> str:
    known = [test for test in tests if not math.isnan(test.price)]
    if not known:
        return ""
    money = _about(*(sum(getattr(test, name) for test in known) for name in ("price", "price_low", "price_high")), unit="EUR")
    days = _about(
        *(float(np.max([getattr(test, name) for test in known])) for name in ("lead", "lead_low", "lead_high")), unit="working days"
    )
    several = f"{len(known)} tests: " if len(known) > 1 else ""
    others = [test.name for test in tests if math.isnan(test.price)]
    without = f"; no price is known of {listed(others)}" if others else ""
    grade = max(test.grade for test in known)
    return f" ({several}{money}; {days}; grade {grade}{without})"


def _about(middle: float, low: float, high: float, *, unit: str) -> str:
    """A figure with its range, as far as they are known.

    >>> _about(400.0, 203.0, 650.0, unit="EUR"), _about(400.0, float("nan"), float("nan"), unit="EUR")
    ('about 400 EUR, 203 to 650', 'about 400 EUR')
    """
    within = "" if math.isnan(low) or math.isnan(high) else f", {number(low)} to {number(high)}"
    return "time unknown" if math.isnan(middle) else f"about {amount(middle, unit)}{within}"
