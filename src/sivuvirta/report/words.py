"""Words and figures: rounding, units, signs and the plain sentences that the report is made of."""

from __future__ import annotations

import math
import re
from functools import cache, lru_cache

from attrs import frozen

SPACE = "\u202f"  # narrow no-break space: between a figure and its unit
MINUS = "\u2212"
UNKNOWN = "not known"

_DIGITS = 3
_NOISE = 1e-9  # below it a figure is the rounding of a sum, and so is an end of a range beside its other end
_SCALES: dict[str, tuple[tuple[float, float, str], ...]] = {  # from this size, divided by, in this unit
    "t": ((1e6, 1e6, "Mt"), (1e4, 1e3, "kt")),
    "kg": ((1e9, 1e9, "Mt"), (1e7, 1e6, "kt"), (1e3, 1e3, "t")),
    "MWh": ((1e6, 1e6, "TWh"), (1e4, 1e3, "GWh")),
    "m3": ((1e6, 1e6, "million m³"),),
    "EUR": ((1e6, 1e6, "M€"), (1e4, 1e3, "k€")),
    "tkm": ((1e6, 1e6, "million tkm"), (1e4, 1e3, "thousand tkm")),
}
_PRETTY = {"CO2e": "CO₂e", "m3": "m³", "m2": "m²", "EUR": "€", "degC": "°C"}
_WORDS = {"1": "", "1/d": "a day", "1/a": "a year", "loads/d": "loads/day"}

_ONE = {"posts": "post", "post-years": "post-year", "loads/day": "load/day"}  # units of one

TERMS = {
    "transport": "Haulage",
    "handling": "Loading and unloading",
    "fee": "Fees of outlets",
    "tax": "Waste tax",
    "revenue": "Sales of today's outlets",
    "purchase": "Primary products and reagents bought",
    "gate": "Value given up at the gate",
    "opex": "Running plants",
    "energy": "Energy of plants",
    "capital": "Capital of new plants (annuity)",
    "upkeep": "Fixed cost of new plants",
    "payment": "Paid between organisations",
    "outlet": "Today's outlets",
    "displaced": "Replaced outside the region by today's sales",
    "process": "Processes of plants",
}

EFFECTS = {
    "plants": "Posts at plants, gross",
    "direct": "At those who are paid",
    "indirect": "At their suppliers",
    "induced": "Through wages",
    "type1": "Sum, type I",
    "type2": "Sum, type II",
}
"""Whom an effect reaches, by the kinds of the input-output model."""

OUTCOMES = {"jobs": "Jobs", "value_added": "Value added", "income": "Income", "output": "Output"}
"""What an effect is counted in."""

_NEGATIVE = re.compile(r"(?<=[\s(])-(?=\d)")

SIGNS = {"pass": "●", "blend": "◐", "likely": "◔", "unknown": "?", "fail": "✕"}
VERDICTS = {
    "pass": "within every limit, on measured or reported evidence",
    "blend": "within the limits as part of a blend, where the rule allows one",
    "likely": "within the limits on estimated evidence, or against a limit that was not verified",
    "unknown": "a value, a permit or a decision is missing",
    "fail": "beyond a limit; never part of a plan",
}
GRADES = {
    "A": "measured",
    "B": "reported in a permit, report or publication",
    "C": "estimated from a typology or paper",
    "D": "assumed or from memory",
}
OBJECTIVES = {
    "value": "the most value for the region",
    "co2": "the least emissions",
    "diversion": "the fewest tonnes to landfill and stock",
    "virgin": "the least primary product bought",
    "jobs": "the most posts at plants",
    "traffic": "the fewest loaded vehicle-kilometres",
}
STATES = {"today": "Today", "proven": "Plan, proven", "potential": "Plan, with potential"}
EVIDENCE = {"proven": "proven", "potential": "potential: a test or decision is missing"}


@frozen
class Figure:
    """A figure as it is printed, and in full."""

    value: float  # as computed, in the unit it was computed in
    number: str  # rounded: "650"
    unit: str  # that fits: "kt/a"
    full: str  # every digit that means something: "650,123 t/a"

    @property
    def text(self) -> str:
        """Rounded, with its unit: "650 kt/a"."""
        return _joined(self.number, self.unit)

    @property
    def known(self) -> bool:
        """Whether there is a value."""
        return not math.isnan(self.value)


@lru_cache(maxsize=20_000)  # map, Sankey and tables of one report say the same figures
def figure(value: float | None, unit: str = "", *, sign: bool = False) -> Figure:
    r"""A value rounded to three significant digits in a fitting unit, with the full figure beside it.

    >>> figure(650123.4, "t/a").text == "650\u202fkt/a"
    True
    >>> figure(-26.04, "EUR/t").text == "\u221226\u202f€/t"
    True
    >>> figure(None, "t/a").text
    'not known'

    Args:
        value: in `unit`; None and NaN mean unknown.
        unit: of the value, for example "t/a", "EUR/t", "kg CO2e/a".
        sign: writes a plus before what is above zero.

    Returns:
        The figure.
    """
    if value is None or math.isnan(value):
        return Figure(math.nan, UNKNOWN, "", UNKNOWN)
    value = 0.0 if abs(value) < _NOISE else value
    factor, shown = scale(abs(value), unit)
    plus = "+" if sign and value > 0 else ""
    return Figure(float(value), plus + number(value / factor), shown, plus + _joined(_full(value), pretty(unit)))


def span(low: float | None, high: float | None, unit: str) -> str:
    """A range in words, both ends in one unit: "300 to 400 kt/a"; empty if an end is unknown or the ends are one."""
    if low is None or high is None or math.isnan(low) or math.isnan(high) or math.isclose(low, high, rel_tol=1e-9, abs_tol=_NOISE):
        return ""
    widest = max(abs(low), abs(high))
    low, high = (0.0 if abs(end) < _NOISE * widest else end for end in (low, high))
    factor, shown = scale(widest, unit)
    return _joined(f"{number(low / factor)} to {number(high / factor)}", shown)


def number(value: float, digits: int = _DIGITS) -> str:
    """A value to so many significant digits, with commas between thousands and a true minus.

    >>> number(0.012345), number(26.0), number(99.96)
    ('0.0123', '26', '100')
    """
    if value == 0 or math.isinf(value):
        return "0" if value == 0 else "no limit"
    places = digits - 1 - math.floor(math.log10(abs(value)))
    rounded = round(value, places)
    text = f"{abs(rounded):,.{max(places, 0)}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return (MINUS if rounded < 0 else "") + text


@cache
def pretty(unit: str) -> str:
    """A unit as people write it: € for EUR, m³, CO₂e."""
    if unit in _WORDS:
        return _WORDS[unit]
    for plain, written in _PRETTY.items():
        unit = unit.replace(plain, written)
    return unit.replace("kgCO₂e", "kg CO₂e")


def count(amount: int, noun: str, plural: str = "") -> str:
    """A count with its noun: "1 stream", "3 streams", "no streams"."""
    many = plural or f"{noun}s"
    return f"1 {noun}" if amount == 1 else f"{amount or 'no'} {many}"


def listed(names: list[str], most: int = 3) -> str:
    """Names as a phrase: "a, b and c", or "a, b, c and 4 more"."""
    if len(names) > most + 1:
        names = [*names[:most], f"{len(names) - most} more"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def sentence(text: str) -> str:
    """A text that starts with a capital and ends with a stop."""
    text = text.strip()
    if not text:
        return ""
    text = text[0].upper() + text[1:]
    return text if text[-1] in ".!?:" else f"{text}."


def readable(text: str) -> str:
    """A sentence of another room with units as the report writes them.

    >>> readable("it would bring 12 EUR/t and save 5 kg CO2e/t")
    'it would bring 12 €/t and save 5 kg CO₂e/t'
    """
    text = text.replace("EUR/", "€/").replace(" EUR", " €").replace("CO2e", "CO₂e")
    return _NEGATIVE.sub(MINUS, text)


def sign_of(verdict: str) -> str:
    """Shape of a verdict; empty for today's outlets and purchases, which have none."""
    return SIGNS.get(verdict, "")


def scale(size: float, unit: str) -> tuple[float, str]:
    """What a value of this size is divided by, and the unit that it is then in."""
    base, slash, per = unit.partition("/")
    head, space, tail = base.partition(" ")
    if per in ("", "a"):  # a price per tonne is never scaled, a yearly sum is
        for least, factor, name in _SCALES.get(head, ()):
            if size >= least * 0.9995:
                return factor, pretty(f"{name}{space}{tail}{slash}{per}")
    return 1.0, pretty(unit)


def _full(value: float) -> str:
    places = 0 if abs(value) >= 1000 else 2 if abs(value) >= 1 else 6
    text = f"{abs(value):,.{places}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return (MINUS if value < 0 and text != "0" else "") + text


def _joined(text: str, unit: str) -> str:
    unit = _ONE.get(unit, unit) if text in ("1", f"{MINUS}1", "+1") else unit
    return f"{text}{SPACE}{unit}" if unit else text
