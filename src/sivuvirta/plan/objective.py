"""Objective: what a plan makes as small as it can."""

from __future__ import annotations

from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import Floats
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.plan.variables import Coefficients, disposal_share

_KG = 1000.0  # per tonne

UNITS = {"value": "EUR", "co2": "kg CO2e", "diversion": "t"}
"""Unit of each objective, a year."""

KEPT_IN = {"co2": "carbon", "diversion": "disposal"}
"""Family whose row keeps what a first solve has found, while a second makes the cost as small as it can."""


def first_objective(coefficients: Coefficients, options: PlanOptions) -> Floats:
    r"""What is minimised first.

    .. math:: \min \; cost \;|\; \min \; CO_2 \;|\; \min \; disposal

    Returns:
        EUR, kg CO2e or t a year per unit of each column.
    """
    if options.objective == "co2":
        return coefficients.carbon
    if options.objective == "diversion":
        return coefficients.disposal
    return value_objective(coefficients, options)


def value_objective(coefficients: Coefficients, options: PlanOptions) -> Floats:
    r"""The region's cost, EUR a year.

    .. math:: \min \sum_a c_a x_a + \sum_p c_p X_p + \sum_p (\alpha_p + \phi_p)\, capex_p + \pi\, CO_2

    purchases, reagents, energy, transport, processing, fees, taxes and investment less sales outside, with a shadow price of
    carbon if one is asked for. Payments between parties of the region cancel and are not in it.
    """
    if options.carbon_price == 0:
        return coefficients.cost
    return coefficients.cost + options.carbon_price / _KG * coefficients.carbon


def measured(ledger: Ledger, options: PlanOptions) -> float:
    """The first objective of a ledger, EUR, kg CO2e or t a year, from its flows and plants alone."""
    if options.objective == "co2":
        return emissions_of(ledger)
    if options.objective == "diversion":
        return float(ledger.amount @ disposal_share(ledger.links)[ledger.arc])
    return value_of(ledger, options)


def value_of(ledger: Ledger, options: PlanOptions) -> float:
    """Cost of a ledger, EUR/a, with the shadow price of carbon if one is asked for."""
    priced = options.carbon_price / _KG * emissions_of(ledger) if options.carbon_price else 0.0
    return cost_of(ledger) + priced


def cost_of(ledger: Ledger) -> float:
    """Cost of a ledger, EUR/a, from its flows and plants alone."""
    links, operations = ledger.links, ledger.operations
    flows = ledger.amount @ links.arcs.eur[ledger.arc].sum(axis=1)
    return float(flows + operations.activity @ links.works.eur.sum(axis=1) + operations.fixed.sum())


def emissions_of(ledger: Ledger) -> float:
    """Emissions of a ledger, kg CO2e/a, from its flows and plants alone."""
    links = ledger.links
    flows = ledger.amount @ links.arcs.co2[ledger.arc].sum(axis=1)
    return float(flows + ledger.operations.activity @ links.works.co2.sum(axis=1))
