"""Ranges: the figures of ledgers under many draws of everything that has a range, and which input carries which part of each range."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd
from attrs import Attribute, field, frozen, validators

from sivuvirta.domain.ensembles import Input, several_options
from sivuvirta.domain.indicators import digits
from sivuvirta.domain.links import Floats, Links
from sivuvirta.domain.options import number_option
from sivuvirta.errors import OptionError

SHARED = ("benefit", "carbon", "could_be_used", "trucks", "diverted", "virgin")
"""Figures whose range can be shared out among the inputs."""


QUOTED = "These are the ranges to quote: amounts, prices and factors are drawn together, and the network is held in proportion."
HELD_FIGURES = "A figure that states no range is held. --by-grade (region.by_grade()) gives it that of its evidence grade."
GRADED_FIGURES = "An amount, price, rate, fee or factor that states no range has that of its evidence grade (table uncertainties)."
"""What becomes of figures without a range."""

DRAWN = (
    "Mean and 5 to 95 %: {draws:,} draws of all inputs together, the network held in proportion, as sivuvirta ranges quotes them. "
    "A need that is filled to the last tonne can only lose when amounts turn out otherwise, so the mean may lie off the figure as stated."
)
PAID = (
    "Mean and 5 to 95 % of payments, accounts and returns: draws of all inputs, as sivuvirta ranges quotes them, the network held in "
    "proportion. Of effects: prices, rates, fees and multipliers vary, and flows stay as planned; they are linear in them, so their mean "
    "is the figure itself. Posts at plants alone follow the amounts, as sivuvirta ranges quotes them."
)
SCORED = (
    "5 and 95 %: emission factors, and what outlets replace, are drawn, and nothing else; one without a stated range has that of its "
    "grade. Amounts, demands, ratios of uses, water and lengths stay, so flows stay as planned, and the range lies about the score as "
    "stated. Best and worst move only what is displaced. Quote the range that draws all inputs, the network in proportion and not planned "
    "anew: it stands beside each change, and is that of sivuvirta ranges."
)
"""Which ranges a command prints, and where those to quote are."""

TONNES_MEASURED = (
    "Tonnes here are dry: diverted is what no longer goes to disposal or stock, landfills among them; primary product bought less counts "
    "purchases within the region alone. sivuvirta benefits tells landfills apart, dry, and takes from product what today's sales no "
    "longer replace outside; sivuvirta roads counts what goes to landfills as sent, with its water."
)
TONNES_AS_SENT = (
    "Tonnes to landfills and stocks here are as sent, with their water. sivuvirta benefits and sivuvirta ranges count them dry: benefits "
    "tells landfills apart, ranges all that is diverted from disposal and stock."
)
"""How tonnes of one command differ from those of the others."""


def _power(_: Any, option: Attribute[Any], value: Any) -> None:
    """0, or a power of two of at least 16: Sobol's points are even in such blocks alone."""
    whole = isinstance(value, Integral) and not isinstance(value, (bool, np.bool_))
    if not whole or (value != 0 and (value < 16 or value & (value - 1))):
        raise OptionError(f"Option '{option.name}' is {value!r}. It can be 0 for none, or a power of two from 16 on, for example 256.")


@frozen(kw_only=True)
class RangesOptions:
    """What ranges are asked for.

    Raises:
        OptionError: an option has a value that it cannot have.
    """

    draws: int = field(default=1000, validator=[validators.instance_of(int), number_option("draws", 2)])
    seed: int = field(default=1, validator=[validators.instance_of(int), number_option("whole numbers", 0)])
    sobol: int = field(default=0, validator=_power)  # points of each input's own sample; 0: the range is not shared out
    of: tuple[str, ...] = field(default=SHARED, converter=tuple, validator=several_options(SHARED))  # figures that are shared out


@frozen(eq=False, slots=False)
class Ranges:
    """Figures under many draws. NaN is unknown, and `unknown` says why.

    `figures` has one row a figure and network: network (proven | potential | name of the ledger), table (headline | money | organisations |
    carbon | diverted | products | transport | roads | jobs | circularity), row (key within the table), label, unit, value (every input at
    its stated figure), mean, sd, low, high (5 and 95 % points), alarm (a benefit whose range includes zero), unknown,
    bound (at least | at most | neither: how the whole stands to this known part), missing (what counts as 0 in it because it is not known).

    `measure` ranks inputs, the first to be measured first: network, figure, rank, input (source row), label, first and total (parts of the
    variance: alone, and with what it does together with others) with first_error and total_error (half of a 95 % interval), words.

    `beyond` tells in which share of the draws the plan's flows in proportion are more than a need takes or a plant can: network, node,
    name, limit, share.
    """

    links: Links
    options: RangesOptions
    inputs: tuple[Input, ...]
    sources: pd.DataFrame  # input, kind, label, family, value, low, high (5 and 95 % points of the draws), row, grade, source
    figures: pd.DataFrame
    samples: Mapping[tuple[str, str, str], Floats]  # draws of each figure, by network, table and row
    measure: pd.DataFrame
    beyond: pd.DataFrame
    notes: tuple[str, ...]
    done: int  # draws that are in the ranges; fewer than asked for where they were stopped

    @property
    def alarms(self) -> pd.DataFrame:
        """Benefits that may be none: their range includes zero or is the opposite."""
        return self.figures[self.figures["alarm"]].reset_index(drop=True)

    def warnings(self) -> tuple[str, ...]:
        """Alarms in words."""
        return tuple(over_claim(row) for row in self.alarms.to_dict("records"))

    def headline(self, network: str | None = None) -> pd.DataFrame:
        """Rows of table `headline`, of one network or of all."""
        rows = self.figures[self.figures["table"] == "headline"]
        return rows[rows["network"] == network].reset_index(drop=True) if network else rows.reset_index(drop=True)

    def __repr__(self) -> str:
        told = self.figures[(self.figures["table"] == "headline") & (self.figures["row"] == "benefit")]
        last = told.iloc[-1]
        between = f"{last['low']:,.0f} ... {last['mean']:,.0f} ... {last['high']:,.0f} EUR/a"
        size = f"{self.done} draws of {len(self.inputs)} inputs, {int(self.figures['alarm'].sum())} alarms"
        return f"<Ranges {self.links.region.name} ({self.links.region.vintage}), {size}: {last['network']} benefit {between}>"

    def _repr_html_(self) -> str:
        return str(self.headline().to_html(index=False, notebook=True, float_format=lambda number: f"{number:,.4g}"))


def over_claim(row: Mapping[Any, Any]) -> str:
    """One alarm in words.

    Args:
        row: of `Ranges.figures`.
    """
    stated, between = f"{digits(row['value'])} {row['unit']}", f"between {digits(row['low'])} and {digits(row['high'])}"
    name = f"{row['label']} ({row['network']})"
    does = where(row["low"], row["high"])
    return f"{name} cannot be claimed: the figures say {stated}, and with what is not known well it lies {between}, which {does}."


def where(low: float, high: float) -> str:
    """What the range of a claim with an alarm does, in words."""
    return "includes zero" if low * high <= 0 else "is the opposite"


def includes_zero(value: Any, low: Any, high: Any) -> Any:
    """Whether a claimed benefit (not 0, and not NaN) may as well be none: its range includes zero, or lies wholly beyond it."""
    value, low, high = (np.asarray(each, dtype=float) for each in (value, low, high))
    return (np.abs(value) > 0) & (np.minimum(np.sign(value) * low, np.sign(value) * high) <= 0)


FEWEST = 100
"""Draws that 5 and 95 % points need: of fewer less than five lie beyond each, so that one draw more or less decides."""


def tail(draws: Floats) -> tuple[float, float]:
    """5 and 95 % points of draws; NaN where there are too few (`FEWEST`).

    >>> tail(np.arange(101.0))
    (5.0, 95.0)
    >>> tail(np.arange(10.0))
    (nan, nan)
    """
    if len(draws) < FEWEST:
        return float("nan"), float("nan")
    low, high = np.percentile(draws, [5, 95])
    return float(low), float(high)


def points(draws: Floats) -> dict[str, float]:
    """Mean with 5 and 95 % points of draws; NaN where there are none.

    >>> points(np.arange(101.0))
    {'mean': 50.0, 'low': 5.0, 'high': 95.0}
    """
    low, high = tail(draws)
    return {"mean": float(np.mean(draws)) if len(draws) else float("nan"), "low": low, "high": high}


def without_tail(draws: int) -> str:
    """Why so many draws tell no 5 and 95 % points, in words; "" where they do, and where none are asked for."""
    if draws == 0 or draws >= FEWEST:
        return ""
    return (
        f"{draws} draws tell no 5 and 95 % points: of fewer than {FEWEST} less than five lie beyond each, so that one draw more or less "
        f"decides. Ask for {FEWEST} or more."
    )
