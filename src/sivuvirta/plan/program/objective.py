"""Objective: what a plan makes as small as it can, in which order."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import Floats
from sivuvirta.domain.pathways import PathwayOptions
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.plan.program.measures import MEASURES
from sivuvirta.plan.program.variables import Coefficients

_KG = 1000.0  # per tonne

UNITS = {name: measure.unit for name, measure in MEASURES.items()}
"""Unit of each objective, a year."""


@frozen(eq=False)
class Goal:
    """What is made as small as it can be."""

    name: str
    cost: Floats  # per unit of each column
    today: float  # of the reference; gaps are parts of the change from it


def goals(coefficients: Coefficients, options: PlanOptions, reference: Ledger) -> tuple[Goal, ...]:
    """What is minimised, in order: each is kept at its best while the next is looked at. Money is always among them, if only last."""
    return tuple(Goal(name, minimised(coefficients, options, name), amount(reference, options, name)) for name in order(options))


def order(options: PlanOptions | PathwayOptions) -> tuple[str, ...]:
    """Names of the objectives in their order; `value` last where it is not named."""
    return tuple(dict.fromkeys((options.objective, *options.then, "value")))


def first_objective(coefficients: Coefficients, options: PlanOptions) -> Floats:
    r"""What is minimised first.

    .. math:: \min \; cost \;|\; \min \; CO_2 \;|\; \min \; disposal \;|\; \min \; bought \;|\; \max \; posts \;|\; \min \; km

    Returns:
        EUR, kg CO2e, t, less posts, or km a year per unit of each column.
    """
    return minimised(coefficients, options, options.objective)


def minimised(coefficients: Coefficients, options: PlanOptions, name: str) -> Floats:
    """One objective of each column, with the sign that makes less better."""
    return value_objective(coefficients, options) if name == "value" else MEASURES[name].sign * coefficients.by[name]


def value_objective(coefficients: Coefficients, options: PlanOptions) -> Floats:
    r"""The region's cost, EUR a year, with what the user sets on other measures.

    .. math:: \min \sum_a c_a x_a + \sum_p c_p X_p + \sum_p (\alpha_p + \phi_p)\, capex_p + \pi\, CO_2 + \sum_m \omega_m m

    purchases, reagents, energy, transport, processing, fees, taxes and investment less sales outside, with a shadow price of
    carbon and weights of other measures if they are asked for. Payments between parties of the region cancel and are not in it.
    """
    cost = coefficients.cost
    for name, weight in weights_of(options).items():
        cost = cost + weight * MEASURES[name].sign * coefficients.by[name]
    return cost


def measured(ledger: Ledger, options: PlanOptions) -> float:
    """The first objective of a ledger, with the sign that makes less better, from its flows and plants alone."""
    return amount(ledger, options, options.objective)


def amount(ledger: Ledger, options: PlanOptions, name: str) -> float:
    """One objective of a ledger, with the sign that makes less better."""
    return value_of(ledger, options) if name == "value" else MEASURES[name].sign * MEASURES[name].of(ledger)


def value_of(ledger: Ledger, options: PlanOptions) -> float:
    """Cost of a ledger, EUR/a, with a shadow price of carbon and weights if they are asked for."""
    weighted = [weight * MEASURES[name].sign * MEASURES[name].of(ledger) for name, weight in weights_of(options).items()]
    return cost_of(ledger) + float(np.sum(weighted))


def cost_of(ledger: Ledger) -> float:
    """Cost of a ledger, EUR/a, from its flows and plants alone."""
    return MEASURES["value"].of(ledger)


def emissions_of(ledger: Ledger) -> float:
    """Emissions of a ledger, kg CO2e/a, from its flows and plants alone."""
    return MEASURES["co2"].of(ledger)


def weights_of(options: PlanOptions) -> dict[str, float]:
    """EUR per unit of each measure that is weighed."""
    weights = dict(options.weights)
    if options.carbon_price:
        weights["co2"] = weights.get("co2", 0.0) + options.carbon_price / _KG
    return weights
