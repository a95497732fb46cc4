"""Euros and kg CO2e of a ledger, term by term: amounts times the coefficients of links, nothing else.

The terms are those of the plan's objective, so that their sum over a planned ledger equals it.
"""

from __future__ import annotations

import numpy as np

from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import CO2_TERMS, EUR_TERMS, WORK_CO2_TERMS, WORK_EUR_TERMS, Floats

CASH = (*EUR_TERMS, *WORK_EUR_TERMS, "capital", "upkeep")
"""Terms of the money. `capital` is the annuity of new plants, `upkeep` their other fixed cost. Costs are positive."""

CARBON = (*CO2_TERMS, *WORK_CO2_TERMS)
"""Terms of the emissions. Emissions are positive, what is displaced outside the region negative."""


def flow_cash(ledger: Ledger) -> Floats:
    """EUR/a of each flow by term; in `transport` its part of what its way costs if used at all. Shape (flows, EUR_TERMS)."""
    cash: Floats = ledger.amount[:, None] * ledger.links.arcs.eur[ledger.arc]
    cash[:, EUR_TERMS.index("transport")] += ledger.amount * ledger.way_cost()[ledger.arc]
    return cash


def flow_carbon(ledger: Ledger) -> Floats:
    """Emissions of each flow by term, kg CO2e/a. Shape (flows, CO2_TERMS)."""
    return ledger.amount[:, None] * ledger.links.arcs.co2[ledger.arc]


def work_cash(ledger: Ledger) -> Floats:
    """EUR/a of each plant by term: operation, then capital and upkeep. Shape (plants, WORK_EUR_TERMS + 2)."""
    works, operations = ledger.links.works, ledger.operations
    capital = np.nan_to_num(works.annuity_only) * operations.capex  # unknown where a plant stands already
    return np.column_stack([operations.activity[:, None] * works.eur, capital, operations.fixed - capital])


def work_carbon(ledger: Ledger) -> Floats:
    """Emissions of each plant by term, kg CO2e/a. Shape (plants, WORK_CO2_TERMS)."""
    return ledger.operations.activity[:, None] * ledger.links.works.co2


def cash_terms(ledger: Ledger) -> Floats:
    """EUR/a of the ledger by term. Shape (CASH,)."""
    return np.concatenate([flow_cash(ledger).sum(axis=0), work_cash(ledger).sum(axis=0)])


def carbon_terms(ledger: Ledger) -> Floats:
    """Emissions of the ledger by term, kg CO2e/a. Shape (CARBON,)."""
    return np.concatenate([flow_carbon(ledger).sum(axis=0), work_carbon(ledger).sum(axis=0)])


def cost(ledger: Ledger) -> float:
    """What the region spends less what it earns outside, EUR/a.

    Equals the plan's objective `value` on its ledger (without a carbon price). Payments between parties of the region cancel and
    are not in it.
    """
    return float(cash_terms(ledger).sum())


def emissions(ledger: Ledger) -> float:
    """Emissions of a ledger, kg CO2e/a, with what its outlets displace outside the region subtracted."""
    return float(carbon_terms(ledger).sum())
