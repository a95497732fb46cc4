"""Words and numbers as a by-products manager reads them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sivuvirta.domain.grades import Grade

FIGURES = 3
"""Significant digits shown."""

SMALLEST = 1e-4
"""Numbers below this are written with an exponent."""


def number(value: float) -> str:
    """A number with three significant digits.

    >>> number(123456.0), number(0.04567), number(-2.0), number(1e-8)
    ('123,000', '0.0457', '-2', '1e-8')
    """
    if math.isnan(value) or value == 0:
        return "unknown" if math.isnan(value) else "0"
    if abs(value) < SMALLEST:
        mantissa, exponent = f"{value:.{FIGURES - 1}e}".split("e")
        return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"
    digits = FIGURES - 1 - math.floor(math.log10(abs(value)))
    rounded = round(value, digits)
    return f"{rounded:,.{max(0, digits)}f}".rstrip("0").rstrip(".") if digits > 0 else f"{rounded:,.0f}"


def amount(value: float, unit: str) -> str:
    """A number with its unit.

    >>> amount(5.0, "mg/kg"), amount(12.0, "1")
    ('5 mg/kg', '12')
    """
    return number(value) if unit in ("", "1", "pH", "-") else f"{number(value)} {unit}"


def span(low: float, high: float, unit: str) -> str:
    """A range, or the one figure where both ends are the same.

    >>> span(1.0, 5.0, "mg/kg"), span(5.0, 5.0, "mg/kg")
    ('1 to 5 mg/kg', '5 mg/kg')
    """
    return amount(high, unit) if number(low) == number(high) else f"{number(low)} to {amount(high, unit)}"


def evidence(grade: Grade, source: str | None) -> str:
    """Grade and source of a figure, in brackets.

    >>> evidence(Grade.B, "mill_2024")
    '(grade B, mill_2024)'
    """
    return f"(grade {grade.name}, {source})" if source else f"(grade {grade.name})"


def quoted(name: object) -> str:
    """A name inside a sentence.

    >>> quoted("Mixing at the mine")
    '“Mixing at the mine”'
    """
    return f"“{name}”"


def listed(parts: Sequence[str]) -> str:
    """Several things in a row.

    >>> listed(["a test", "a permit", "a truck"])
    'a test, a permit and a truck'
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def sentence(text: str) -> str:
    """With a capital and a full stop; a word that has capitals of its own keeps its letters.

    >>> sentence("lead is 5 mg/kg"), sentence("pH is 12.")
    ('Lead is 5 mg/kg.', 'pH is 12.')
    """
    head = text[:1] if text[1:2].isupper() else text[:1].upper()
    return head + text[1:] + ("" if text.endswith((".", "?")) else ".")


def clause(text: str) -> str:
    """A sentence that follows a colon.

    >>> clause("Lead is 5 mg/kg."), clause("PCB, 7 congeners is not known.")
    ('lead is 5 mg/kg.', 'PCB, 7 congeners is not known.')
    """
    return (text[:1] if text[1:2].isupper() else text[:1].lower()) + text[1:]
