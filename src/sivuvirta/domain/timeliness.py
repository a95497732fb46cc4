"""Which years the figures behind a result are of, in one sentence (ISO 14067, representativeness in time)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def in_time(vintage: str, of: Mapping[str, Sequence[str]], figure: str) -> str:
    """One sentence on the years that figures are of; "" where all of them are of the vintage.

    >>> in_time("2024", {"amounts": ["2021", "2024", ""]}, "figure")[:82]
    'Representativeness in time (ISO 14067): for 2024 stand amounts of 2021 to 2024; no'

    Args:
        vintage: year that the result is of.
        of: years by kind of figure; "" where nobody says; several parted by "; ".
        figure: what the result is called.
    """
    if {year for years in of.values() for year in years} <= {vintage}:
        return ""
    told = [f"{name} of {span(years)}" for name, years in of.items() if any(years)] or ["figures of no year that is said"]
    blank = [f"{sum(not year for year in years)} of {len(years)} {name}" for name, years in of.items() if not all(years)]
    unsaid = f"; no year is said of {' and '.join(blank)}" if blank else ""
    return (
        f"Representativeness in time (ISO 14067): for {vintage} stand {', '.join(told)}{unsaid}; "
        f"what changed between these years is neither in the {figure} nor in its range."
    )


def span(years: Sequence[str]) -> str:
    """Years as a span, from several that may name two each.

    >>> span(["2024; 2019", "", "2021"])
    '2019 to 2024'
    """
    each = sorted({year for text in years for year in text.split("; ") if year})
    return each[0] if len(each) == 1 else f"{each[0]} to {each[-1]}"
