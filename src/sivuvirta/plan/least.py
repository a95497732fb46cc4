"""Least: the smallest investment with which a plan keeps all that is asked of it."""

from __future__ import annotations

from attrs import evolve

from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.errors import InfeasibleError
from sivuvirta.plan.open import OpenPlan


def least_investment(matches: Matches, reference: Ledger, options: PlanOptions) -> tuple[float | None, float]:
    r"""The smallest investment of a plan, EUR, every requirement but the budget kept.

    .. math:: \min \sum_p capex_p(size_p) + \sum_w capex_w

    Args:
        matches: routes with their verdicts.
        reference: today's ledger.
        options: limits and controls; the budget is left out.

    Returns:
        On proven evidence (None where nothing is planned on it), and with potential.

    Raises:
        InfeasibleError: no plan meets the other requirements.
    """
    opened = OpenPlan(matches, reference, evolve(options, budget=None))
    opened.model.minimise(opened.at.coefficients.capex, 0.0)
    found = [None if options.evidence == "potential" else _least(opened, "proven"), _least(opened, "potential")]
    return found[0], float(found[1] or 0.0)


def _least(opened: OpenPlan, evidence: str) -> float:
    opened.admit(evidence)
    answer = opened.model.solve(opened.how)
    if not answer.found:
        raise InfeasibleError(["every requirement but the budget"])
    return float(opened.at.coefficients.capex @ answer.x)
