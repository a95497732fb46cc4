"""Euros: by term, and by organisation."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sivuvirta.assess.changes import change
from sivuvirta.assess.spread import cash_sd
from sivuvirta.assess.terms import CASH, cash_terms, flow_cash, work_cash
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import EUR_TERMS, NodeKind, Texts
from sivuvirta.units.ranges import HALF_WIDTH

OUTSIDE = ""
"""Who has no organisation in the register: a market, or a need of an area."""


def money(planned: Ledger, reference: Ledger) -> pd.DataFrame:
    """What the region spends less what it earns outside, by term.

    Returns:
        Columns term, unit (EUR/a), reference, planned, saving, low, high (5 and 95 % of the saving). The savings add up to the benefit.
    """
    before, after = cash_terms(reference), cash_terms(planned)
    saving, half = change(after, before), HALF_WIDTH * cash_sd(planned, reference)
    return pd.DataFrame(
        {
            "term": CASH,
            "unit": "EUR/a",
            "reference": before,
            "planned": after,
            "saving": saving,
            "low": saving - half,
            "high": saving + half,
        }
    )


def organisations(planned: Ledger, reference: Ledger) -> pd.DataFrame:
    """What each organisation spends less what it earns, by term.

    Haulage, handling, fees, taxes and revenues fall on whoever sends (prices are delivered prices), purchases on whoever buys, a plant's
    cost on its owner. `payment` is between organisations: it cancels over all rows, so the table adds up to the region's sum.

    Returns:
        Columns organisation, name, term, unit (EUR/a), reference, planned, saving; rows of 0 left out. Organisation "" is whoever is not in
        the register.
    """
    before, after = _by_organisation(reference), _by_organisation(planned)
    table = pd.DataFrame({"reference": before, "planned": after}).fillna(0.0)
    table = table[(table["reference"] != 0) | (table["planned"] != 0)].reset_index(names=["organisation", "term"])
    order = {term: position for position, term in enumerate((*CASH, "payment"))}
    table = table.sort_values(
        ["organisation", "term"], key=lambda keys: keys.map(order) if keys.name == "term" else keys, ignore_index=True
    )
    table.insert(1, "name", [_name(planned, key) for key in table["organisation"]])
    table.insert(3, "unit", "EUR/a")
    return table.assign(saving=change(table["planned"], table["reference"]))


def _by_organisation(ledger: Ledger) -> pd.Series:
    links, arcs = ledger.links, ledger.links.arcs
    owner = np.array([key or OUTSIDE for key in links.nodes.organisation], dtype=object)
    origin, destination = arcs.origin[ledger.arc], arcs.destination[ledger.arc]
    buys = links.nodes.kind[origin] == NodeKind.PRODUCT
    bearer = owner[np.where(buys, destination, origin)]
    paid = ledger.amount * np.nan_to_num(arcs.payment[ledger.arc])
    parts = [
        *_parts(bearer, flow_cash(ledger), EUR_TERMS),
        *_parts(owner[links.works.node], work_cash(ledger), CASH[len(EUR_TERMS) :]),
        *_parts(owner[destination], paid[:, None], ("payment",)),
        *_parts(owner[origin], -paid[:, None], ("payment",)),
    ]
    frame = pd.concat(parts, ignore_index=True)
    return frame.groupby(["organisation", "term"])["value"].sum()


def _parts(owner: Texts, values: np.ndarray, terms: tuple[str, ...]) -> list[pd.DataFrame]:
    return [pd.DataFrame({"organisation": owner, "term": term, "value": values[:, column]}) for column, term in enumerate(terms)]


def _name(ledger: Ledger, key: str) -> str:
    if key == OUTSIDE:
        return "Not in the register"
    table = ledger.links.region.table("organisations")
    return str(table["name"][table.index[key]]) if key in table.index else key.replace("_", " ").capitalize()
