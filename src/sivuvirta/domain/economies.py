"""Economies: who pays whom in a plan, what plants and organisations earn on what they invest, jobs and value added."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from attrs import field, frozen

from sivuvirta.domain.changes import change

INDICATORS = ("jobs", "value_added", "income", "output")
"""What is counted with multipliers: posts; million EUR of value added, of wages, of output."""

INDICATOR_WORDS = {"jobs": "jobs", "value_added": "value added", "income": "wages", "output": "output"}
"""The same in a sentence."""

KINDS = ("direct", "indirect", "induced", "type1", "type2")
"""Effects of spending: at whom is paid, at their suppliers, through the wages; type I is direct and indirect, type II all three."""


@frozen(eq=False, slots=False)
class Economy:
    """A plan or a ledger in euros, jobs and value added. Every table is long, with `network` (proven, potential or the ledger's name).

    `mean`, `low` and `high` (5 and 95 %) are of the draws of `ranges`, of effects of prices and multipliers; NaN
    is not known, and `unknown` or `missing` says why in words, or what counts as 0.

    Columns:
        payments: network, payer, payer_name, payee, payee_name, inside (the payee is of the region), term, unit (EUR/a), reference,
            planned, change, mean, low, high (of the change), grade, sources
        accounts: network, party, name, inside, unit (EUR/a), reference, planned (what it pays less what it earns), saving, mean,
            low, high, grade, unknown, alarm (a saving whose range includes zero).
            All add up to 0; those inside to the cost of the region, which is the plan's objective.
        ventures: network, kind (plant, organisation, region, sum: of the plants), venture, name, unit (EUR), invested, yearly (EUR/a
            saved or earned before capital), each with _mean, _low and _high, years, rate (per cent), payback (a), payback_mean,
            payback_low, payback_high (NaN: it never pays back), npv, npv_mean, npv_low, npv_high, irr (per cent), irr_mean, irr_low,
            irr_high, never (share of the draws in which it does not pay back, 0 to 1), alarm (a present value above 0 whose range
            includes zero), grade, missing, caveat (what the
            return of the region rests on)
        spending: network, term, subject, sector, share (per cent), when (a year, once), unit, gross, displaced, net, missing
        effects: network, indicator, unit, kind, when, gross, displaced, net, mean, low, high, grade, missing,
            alarm (a net effect whose range includes zero)
        sectors: network, indicator, unit, when, sector, name, gross, displaced, net (type II): where the effects arise
        multipliers: sector, name, indicator, unit, direct, type1, type2 (per million EUR of spending)
    """

    payments: pd.DataFrame
    accounts: pd.DataFrame
    ventures: pd.DataFrame
    spending: pd.DataFrame
    effects: pd.DataFrame
    sectors: pd.DataFrame
    multipliers: pd.DataFrame
    notes: tuple[str, ...] = field(default=())  # what the figures rest on, in words
    inside: Mapping[str, tuple[float, float, float]] = field(factory=dict)  # mean, 5 and 95 % of what all inside save, by network

    def of(self, network: str) -> pd.DataFrame:
        """Accounts of one network."""
        return self.accounts[self.accounts["network"] == network]

    @property
    def networks(self) -> tuple[str, ...]:
        """Names of the networks, in order."""
        return tuple(dict.fromkeys(self.accounts["network"].tolist()))

    def totals(self, network: str) -> pd.DataFrame:
        r"""Sums of the accounts of one network: of all inside, of all outside, and of both, which is nothing.

        .. math:: \sum_{i \in inside} a_i + \sum_{i \in outside} a_i = 0

        Returns:
            Columns name, unit (EUR/a), reference, planned, saving; NaN where one of the accounts is not known; mean, low, high (of the
            saving: 5 and 95 % of the draws of all inputs together; what all outside earn more is what all inside save, turned round).
        """
        rows, figures = self.of(network), ["reference", "planned", "saving"]
        inside, outside = ([float(rows.loc[rows["inside"] == side, name].sum(skipna=False)) for name in figures] for side in (True, False))
        both = [float(change(-other, one)) for one, other in zip(inside, outside, strict=True)]
        sums = {"All inside": inside, "All outside": outside, "Together": both}
        mean, low, high = self.inside.get(network, (float("nan"),) * 3)
        nothing = 0.0 if both[-1] == 0 and network in self.inside else float("nan")  # whatever is drawn, the sum of all is nothing
        ends = {"All inside": (mean, low, high), "All outside": (-mean, -high, -low), "Together": (nothing,) * 3}
        columns = ["name", "unit", *figures, "mean", "low", "high"]
        return pd.DataFrame([(name, "EUR/a", *told, *ends[name]) for name, told in sums.items()], columns=columns)

    def __repr__(self) -> str:
        rows = self.accounts[self.accounts["inside"]]
        parts = [f"{name} {rows.loc[rows['network'] == name, 'saving'].sum(skipna=False):,.0f}" for name in self.networks]
        return f"<Economy: {len(self.payments)} payments; saving {', '.join(parts)} EUR/a>"

    def _repr_html_(self) -> str:
        return str(self.effects.to_html(index=False, notebook=True, na_rep="", float_format=lambda number: f"{number:,.3g}"))
