"""Numbers as people write them: decimal commas, thousands spaces, detection limits; and what is no number, with its repair."""

from __future__ import annotations

import re

from attrs import frozen

from sivuvirta.units.quantities import is_unit


@frozen
class Number:
    """A number that was read from text."""

    value: float
    below: bool = False  # "<0.01": the value is a detection limit
    comma: bool = False  # the text had a decimal comma
    grouped: bool = False  # the text had signs between thousands


@frozen
class Fault:
    """Why a text cannot be read, and the repair."""

    rule: str
    message: str
    repair: str


_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_COMMA = re.compile(r"([+-]?)(\d*),(\d+)((?:[eE][+-]?\d+)?)")
_SPACED = re.compile(r"[+-]?\d{1,3}( \d{3})+([.,]\d+)?")
_DOTS = re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)")  # 1.234,5
_MANY_DOTS = re.compile(r"[+-]?\d{1,3}(\.\d{3}){2,}")  # 1.234.567
_COMMAS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)")  # 1,234.5
_MANY_COMMAS = re.compile(r"[+-]?\d{1,3}(,\d{3}){2,}")  # 1,234,567
_RANGE = re.compile(r"([\d.,]+) ?(?:-|–|—|\.\.|to|…) ?([\d.,]+)")
_SPREAD = re.compile(r"([\d.,]+) ?(?:±|\+/-|\+-) ?([\d.,]+)")
_ABOUT = re.compile(r"(?:~|≈|ca\.?|c\.|n\.|noin|about|approx\.?|circa) ?(\d[\d., ]*)", re.IGNORECASE)
_UNIT = re.compile(r"([+-]?[\d ]*[\d.,]*\d) ?([^\d\s.,].*)")
FIGURE_AND_MORE = re.compile(r"([<≤]?\s*[+-]?\d[\d.,\s\u00a0\u202f]*)(?<=\d)[\s\u00a0\u202f]*([^\d\s.,][^\d]*\S*)")
"""A figure, and what stands behind it."""

_NOTHING = frozenset(
    {"-", "--", "–", "—", "?", ".", "x", "na", "n.a", "n.a.", "n/a", "nd", "n.d.", "none", "null", "unknown", "tbd", "ei tiedossa", "#n/a"}
)
_NOT_FINITE = frozenset({"nan", "inf", "infinity", "∞"})

LEAVE_EMPTY = "Leave the cell empty where the figure is not known."


LARGEST = 1e100
"""No figure is larger: one that is would not stay a number when units are turned."""

_SHOWN = 40  # signs of a text that a message quotes


def parse_number(text: str, *, decimal_comma: bool = False) -> Number | Fault:
    """A number from text, or why it is none.

    >>> parse_number("1 234,5").value, parse_number("<0,01").below
    (1234.5, True)
    >>> parse_number("1,234").message
    "'1,234' can be read as 1.234 or as 1234."
    >>> parse_number("1,234", decimal_comma=True).value
    1.234

    Args:
        text: the cell as written.
        decimal_comma: a comma is known to be the decimal sign, so "1,234" is not ambiguous.
    """
    cleaned = re.sub("[\u00a0\u2009\u202f]", " ", text).strip().replace("\u2212", "-")
    for sign in ("<", "≤"):
        if cleaned.startswith(sign):
            inner = parse_number(cleaned[1:].lstrip("=").strip(), decimal_comma=decimal_comma)
            return Number(inner.value, True, inner.comma, inner.grouped) if isinstance(inner, Number) else _no_number(text, cleaned)
    found = _read(cleaned) or _read_comma(text, cleaned, decimal_comma) or _no_number(text, cleaned)
    return _too_large(text) if isinstance(found, Number) and abs(found.value) > LARGEST else found


def with_unit(text: str) -> tuple[str, str] | None:
    """The figure and the unit of a text that holds both, None where it does not.

    >>> with_unit("1 200 t/a"), with_unit("8,5 %"), with_unit("about 3 t"), with_unit("3 pcs of it")
    (('1 200', 't/a'), ('8,5', '%'), None, None)
    """
    match = FIGURE_AND_MORE.fullmatch(text.strip())
    return (match[1].strip(), match[2].strip()) if match is not None and is_unit(match[2].strip()) else None


def _too_large(text: str) -> Fault:
    said = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
    return Fault("not_a_number", f"'{said}' is larger than anything that is measured.", "Write the figure, or leave the cell empty.")


def _read(cleaned: str) -> Number | None:
    """What has one reading whatever the decimal sign is."""
    if _PLAIN.fullmatch(cleaned):
        return Number(float(cleaned))
    if _SPACED.fullmatch(cleaned):
        return Number(float(cleaned.replace(" ", "").replace(",", ".")), comma="," in cleaned, grouped=True)
    if _DOTS.fullmatch(cleaned) or _MANY_DOTS.fullmatch(cleaned):
        return Number(float(cleaned.replace(".", "").replace(",", ".")), comma="," in cleaned, grouped=True)
    if _COMMAS.fullmatch(cleaned) or _MANY_COMMAS.fullmatch(cleaned):
        return Number(float(cleaned.replace(",", "")), grouped=True)
    return None


def _read_comma(text: str, cleaned: str, decimal_comma: bool) -> Number | Fault | None:
    """One comma: the decimal sign, unless it may part thousands."""
    match = _COMMA.fullmatch(cleaned)
    if match is None:
        return None
    sign, whole, part, power = match.groups()
    thousands = len(part) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0") and not power
    if thousands and not decimal_comma:
        repair = f"Write {sign}{whole}.{part} or {sign}{whole}{part}."
        return Fault("ambiguous_number", f"'{text}' can be read as {sign}{whole}.{part} or as {sign}{whole}{part}.", repair)
    return Number(float(f"{sign}{whole or '0'}.{part}{power}"), comma=True)


def _no_number(text: str, cleaned: str) -> Fault:
    """The likeliest reason why a text is no number."""
    lowered = cleaned.lower()
    if lowered in _NOTHING or lowered.lstrip("+-") in _NOT_FINITE:
        return Fault("not_a_number", f"'{text}' is no number.", LEAVE_EMPTY)
    if _RANGE.fullmatch(cleaned):
        return Fault(
            "range_in_cell", f"'{text}' is a range.", "Give one figure here, and the ends in the columns of the low and the high end."
        )
    if cleaned.startswith((">", "≥")):
        return Fault("text_in_number", f"'{text}' is an open end.", "Give one figure here, and the end in the column of the low end.")
    return _more_than_a_number(text, cleaned)


def _more_than_a_number(text: str, cleaned: str) -> Fault:
    message, rule = f"'{text}' is more than a number.", "text_in_number"
    if match := _SPREAD.fullmatch(cleaned):
        return Fault(rule, message, f"Write {match[1]} here, and its spread in the columns of the low and the high end.")
    if match := _ABOUT.fullmatch(cleaned):
        return Fault(rule, message, f"Write {match[1]}; how sure it is goes into grade, low and high.")
    if (match := _UNIT.fullmatch(cleaned)) and is_unit(match[2].strip()):
        number, unit = match[1].strip(), match[2].strip()
        return Fault(rule, message, f"Write {number} here; a unit goes into the header, as in 'value [{unit}]'.")
    return Fault(rule, f"'{text}' is no number.", "Write a number such as 1234.5, or leave the cell empty where it is not known.")
