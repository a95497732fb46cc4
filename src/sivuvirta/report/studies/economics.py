"""Economy: who pays whom, what organisations and plants earn, jobs and value added."""

from __future__ import annotations

from typing import Any

import pandas as pd
from attrs import evolve

from sivuvirta.domain.economies import Economy
from sivuvirta.domain.networks import NO_CLAIM
from sivuvirta.domain.ranges import includes_zero
from sivuvirta.report.studies.blocks import Amount, Block, Heading, Section, Words, bars
from sivuvirta.report.studies.earning import earned, owned_by, paid, spent
from sivuvirta.report.studies.frames import GRADE, NETWORKS, OVER_CLAIM, ZERO, framed, last, moving, rested
from sivuvirta.report.tables import Column, records
from sivuvirta.report.words import EFFECTS, OUTCOMES, figure

_BARS = 20


def economics(found: Economy) -> Section:
    """The section of the economy."""
    accounts = last(found.accounts)
    inside = accounts[accounts["inside"] & accounts["saving"].notna() & (accounts["saving"].abs() >= 1)].sort_values(
        "saving", ascending=False
    )
    amounts = [_amount(row) for row in records(inside.head(_BARS))]
    network = NETWORKS.get(found.networks[-1], found.networks[-1])
    blocks: list[Block] = [bars(f"Saved a year by organisation, {network}", amounts)] if amounts else []
    blocks += [
        Heading("Jobs and value added"),
        framed("economy-effects", "Effects of what is spent, and of what is no longer spent.", _told(found), _EFFECTS, "Effects"),
    ]
    blocks += [
        Heading("What investments earn"),
        framed(
            "economy-ventures",
            "Plants and their sum, organisations, the region.",
            _ranged(earned(found.ventures)),
            _VENTURES,
            "Investments",
        ),
        *(Words(text) for text in dict.fromkeys(found.ventures.get("caveat", ())) if text),
    ]
    blocks += [
        Heading("Who pays whom"),
        framed(
            "economy-payments",
            "Payments by counterparty; change is the plan less today.",
            paid(_claimed(moving(found.payments, "network", "change"))),
            _PAYMENTS,
            "Payments",
        ),
    ]
    blocks += [Words(text) for text in found.notes]
    lead = "Each payment has who pays, who is paid and why; the accounts of all add up to nothing, those of the region to what it saves."
    return Section("economy-section", "Economy", "Who pays, who earns, and what work is there?", lead, tuple(blocks))


def _told(found: Economy) -> pd.DataFrame:
    """Effects with what they count, and whom they reach, in words, and what they rest on."""
    words, effects = {"indicator": OUTCOMES, "kind": EFFECTS}, rested(found.effects, spent(found))
    told = {name: effects[name].map(lambda key, known=known: known.get(key, key)) for name, known in words.items()}
    return _marked(effects.assign(**told))


def _marked(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows with what their alarm means in words."""
    return frame.assign(alarm=[ZERO if alarm else "" for alarm in frame["alarm"]]) if "alarm" in frame else frame


def _claimed(payments: pd.DataFrame) -> pd.DataFrame:
    """Payments with the word that a change cannot be claimed where its range includes zero."""
    unsure = includes_zero(payments["change"], payments["low"], payments["high"])
    return payments.assign(claim=[NO_CLAIM if each else "" for each in unsure])


def _amount(row: dict[str, object]) -> Amount:
    low, high, saving = (float(str(row[key])) for key in ("low", "high", "saving"))
    return Amount(str(row["name"]), figure(saving, "EUR/a", sign=True).text, saving, range=(low, high), basis=owned_by(str(row["party"])))


_EFFECTS = (
    Column("network", "Network"),
    Column("indicator", "Of"),
    Column("kind", "Effect"),
    Column("when", "When"),
    *(Column(key, title, "number", "*") for key, title in (("gross", "Gross"), ("displaced", "Displaced"), ("net", "Net"))),
    Column("range", "5 to 95 %, flows as planned", "range", "*"),
    OVER_CLAIM,
    GRADE,
    Column("missing", "Missing", "long"),
)


def _ranged(ventures: pd.DataFrame) -> pd.DataFrame:
    """Ventures with the range of each figure as one cell."""
    names = ("yearly", "payback", "npv", "irr") if len(ventures) else ()
    ends: dict[str, Any] = {f"{name}_range": list(zip(ventures[f"{name}_low"], ventures[f"{name}_high"], strict=True)) for name in names}
    return _marked(ventures.assign(**ends))


_VENTURES = (
    Column("network", "Network"),
    Column("name", "Of", "name"),
    Column("invested", "Invested", "number", "EUR"),
    Column("yearly", "A year", "change", "EUR/a"),
    Column("yearly_range", "5 to 95 %", "range", "EUR/a"),
    Column("payback", "Payback, a", "bare", "a"),
    Column("payback_mean", "Mean, a", "bare", "a", help="empty where some of the cases never pay back"),
    Column("payback_range", "5 to 95 %", "range", "a", help="empty where an end never pays back"),
    Column("npv", "Present value", "change", "EUR"),
    Column("npv_range", "5 to 95 %", "range", "EUR"),
    evolve(OVER_CLAIM, help="of the present value"),
    Column("irr", "Return, %", "bare", "%"),
    Column("irr_mean", "Mean, %", "bare", "%"),
    Column("irr_range", "5 to 95 %", "range", "%"),
    GRADE,
    Column("missing", "Missing", "long"),
)
_PAYMENTS = (
    Column("network", "Network"),
    Column("payer_name", "Pays", "name"),
    Column("payee_name", "Is paid"),
    Column("term", "For"),
    Column("reference", "Today", "number", "EUR/a"),
    Column("planned", "Plan", "number", "EUR/a"),
    Column("change", "Change", "number", "EUR/a"),
    Column("range", "5 to 95 %", "range", "EUR/a"),
    Column("claim", "Claim"),
    GRADE,
)
