"""Euros by organisation and term."""

from __future__ import annotations

import pandas as pd

from sivuvirta.assess.economy.entries import PAYMENT, entries, name
from sivuvirta.assess.terms import CASH
from sivuvirta.domain.changes import change
from sivuvirta.domain.ledger import Ledger


def organisations(planned: Ledger, reference: Ledger) -> pd.DataFrame:
    """What each organisation spends less what it earns, by term.

    Haulage, handling, fees, taxes and revenues fall on whoever sends (prices are delivered prices), purchases on whoever buys, a plant's
    cost on its owner. `payment` is between organisations: it cancels over all rows, so the table adds up to the region's sum.

    Returns:
        Columns organisation, name, term, unit (EUR/a), reference, planned, saving; rows of 0 left out. Organisation "" is whoever is not in
        the register.
    """
    found = entries(planned, reference)
    given = found[found["term"] == PAYMENT]
    taken = given.assign(bearer=given["partner"], planned=-given["planned"], reference=-given["reference"])
    whole = pd.concat([found, taken]).rename(columns={"bearer": "organisation"})
    table = whole.groupby(["organisation", "term"], as_index=False)[["reference", "planned"]].sum()
    table = table[(table["reference"] != 0) | (table["planned"] != 0)]
    order = {term: position for position, term in enumerate((*CASH, PAYMENT))}
    table = table.sort_values(
        ["organisation", "term"], key=lambda keys: keys.map(order) if keys.name == "term" else keys, ignore_index=True
    )
    table.insert(1, "name", [name(planned, key) for key in table["organisation"]])
    table.insert(3, "unit", "EUR/a")
    return table.assign(saving=change(table["planned"], table["reference"]))
