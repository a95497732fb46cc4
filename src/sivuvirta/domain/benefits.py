"""Benefit sheets: what each exchange and programme brings against the reference, who claims which part of it, and how long it lasts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from attrs import frozen

from sivuvirta.errors import UnknownNameError

INDICATORS: Mapping[str, tuple[str, str]] = {
    "landfill": ("Landfill diverted", "t/a"),
    "diverted": ("Diverted from disposal and stock", "t/a"),
    "extractive": ("Waste of mining diverted", "t/a"),
    "hazardous": ("Hazardous waste kept from disposal", "t/a"),
    "co2": ("CO2e saved", "t CO2e/a"),
    "virgin": ("Primary product saved", "t/a"),
    "energy": ("Bought energy saved", "MWh/a"),
    "water": ("Bought water saved", "m3/a"),
    "benefit": ("Worth to the region", "EUR/a"),
    "cost": ("Cost saved", "EUR/a"),
    "sales": ("Sales outside the region", "EUR/a"),
    "payments": ("Sales between organisations", "EUR/a"),
    "investment": ("Investment", "EUR"),
    "private_investment": ("Private investment", "EUR"),
    "jobs": ("Posts created at plants", "posts"),
    "safeguarded": ("Posts safeguarded, as claimed", "posts"),
}
"""Name and unit of each indicator; a saving is positive. `cost` and `sales` add up to `benefit`; `payments` cancel in the region's sum."""

ONCE = ("investment", "private_investment")
"""Indicators of the first year alone."""

SCOPE = (
    "Tonnes are dry, and what plants throw away is taken away; what goes to landfills as sent, with its water, stands with the traffic. "
    "Primary product saved is what needs and plants buy less, less what today's sales no longer replace outside the region; "
    "“primary product bought less” of the ranges counts purchases alone. "
    "Mean and 5 to 95 %: the draws of all inputs together that sivuvirta ranges quotes, with what each exchange answers for of a flow "
    "and a plant held; so exchanges add up to a programme draw by draw, and ends do not. Of what is known in part they are of that part."
)
"""What the tonnes count, beside figures of other panels that count otherwise."""

CLAIMED = "safeguarded"
"""What no ledger can say, only a party."""

UNATTRIBUTED = "gross of attribution: nobody has stated which part is the programme's"
ATTRIBUTED = "attributed"
FIRST_YEAR = "how long it lasts is not stated: the first year alone"
ALL = "all exchanges"
"""Programme of every sheet: all exchanges of the ledger, and what belongs to none."""


@frozen(eq=False, slots=False)
class Benefits:
    """What exchanges and programmes bring.

    Columns of the tables; `value` is NaN where a part of it is not known (`unknown` says which, `known_part` is the rest, `bound` how the
    whole stands to it: at least | at most | neither); `mean`, `low` and `high` (5 and 95 %) are of draws of all inputs, and of the known
    part where `value` is NaN:
        exchanges: state, exchange ("stream:slag>need:road", "" for what belongs to none), name, indicator, label, unit, value,
            known_part, bound, mean, low, high, alarm (its range includes zero), grade, sources, reference (what it is measured against),
            unknown, attribution (share of 1, NaN where not stated), reason, attributed, attributed_mean, attributed_low,
            attributed_high, basis
        programmes: state, programme, name, exchanges (how many), indicator, label, unit, value, known_part, bound, mean, low, high, alarm,
            grade, sources, reference, unknown, attributed, attributed_mean, attributed_low, attributed_high, basis
        years: state, exchange ("" for a programme's sum), programme, indicator, unit, year (1 the first), factor, value, mean, low, high,
            then cumulated, attributed and attributed_cumulated, each with _mean, _low and _high; alarm, scheme, note; posts cumulate to
            years of a post
        claims: state, claim, exchange, programme, indicator, unit, claimed, low, high, claimant, evidence, grade, source, computed,
            agreement
    """

    region: str
    vintage: str | None
    states: tuple[str, ...]
    exchanges: pd.DataFrame
    programmes: pd.DataFrame
    years: pd.DataFrame
    claims: pd.DataFrame
    notes: tuple[str, ...] = ()

    def sheet(self, exchange: str = "", state: str | None = None, programme: str = "") -> pd.DataFrame:
        """The sheet of one exchange, or of a programme.

        Args:
            exchange: key, for example "stream:slag>need:road"; without it the programme's sum.
            state: of the ledger; the last without it.
            programme: its key; without it all exchanges.

        Raises:
            UnknownNameError: there is no such exchange, state or programme.
        """
        table, column, key = (self.exchanges, "exchange", exchange) if exchange else (self.programmes, "programme", programme or ALL)
        at = state or self.states[-1]
        found = table[(table["state"] == at) & (table[column] == key)]
        if found.empty:
            known = ", ".join(dict.fromkeys(str(each) for each in table[column] if each)) or "none"
            raise UnknownNameError(f"There is no sheet of '{key}' in '{at}'. States: {', '.join(self.states)}. There are: {known}.")
        return found.reset_index(drop=True)

    def value(self, indicator: str, exchange: str = "", state: str | None = None) -> float:
        """One figure; NaN where it is not known.

        Raises:
            UnknownNameError: there is no such indicator, exchange or state.
        """
        if indicator not in INDICATORS:
            raise UnknownNameError(f"There is no indicator '{indicator}'. There are: {', '.join(INDICATORS)}.")
        sheet = self.sheet(exchange, state)
        return float(sheet.loc[sheet["indicator"] == indicator, "value"].iloc[0])

    def __repr__(self) -> str:
        count = self.exchanges.loc[self.exchanges["exchange"] != "", "exchange"].nunique()
        return f"<Benefits {self.region} ({self.vintage}): {count} exchanges, {', '.join(self.states)}>"

    def _repr_html_(self) -> str:
        return str(self.programmes.to_html(index=False, notebook=True, na_rep="", float_format=lambda number: f"{number:,.4g}"))


@frozen
class Attribution:
    """Which part of an exchange's benefit a programme claims, and why; how long it lasts."""

    share: float  # 0..1, NaN where not stated
    reason: str
    scheme: str = ""  # of persistence
    factors: Sequence[float] = ()  # by year, 1 the first; empty where not stated
