"""Measured: a plan assessed and reported."""

from __future__ import annotations

from pathlib import Path

from sivuvirta.assess.figures import assessment
from sivuvirta.domain.assessments import Assessment
from sivuvirta.domain.plans import Plan
from sivuvirta.domain.prospects import LabOrders
from sivuvirta.domain.studies import Studies
from sivuvirta.futures.measured.quoting import quoted, with_ranges
from sivuvirta.report import write as write_report


def assess(plan: Plan) -> Assessment:
    """Measure a plan against the reference: fates, money, carbon, products, traffic, investment, evidence, and the five figures.

    Returns:
        The figures of both networks, and `headline` with proven + potential; its means and ranges are those of `ranges`: all inputs are
        drawn 1 000 times, of very large networks as often as column `draws` says.
    """
    measured = assessment(plan.proven.ledger, plan.potential.ledger, plan.compared)
    ledgers = {"proven": plan.proven.ledger, "potential": plan.potential.ledger}
    return with_ranges(measured, quoted(plan.links, ledgers, plan.compared))


def report(
    plan: Plan, path: str | Path, assessment: Assessment | None = None, orders: LabOrders | None = None, studies: Studies | None = None
) -> Path:
    """Write the report of a plan as one HTML file that works offline, or as a workbook whose figures are live formulas.

    Args:
        plan: the plan.
        path: the file to write; a name that ends in .xlsx becomes a workbook.
        assessment: its figures, if they are at hand.
        orders: what missing tests are worth, from `unknowns`; without them the report does not say.
        studies: what else was asked, from `study` or put together by hand; each has a section of its own.

    Returns:
        Where it was written.
    """
    return write_report(plan, assessment or assess(plan), Path(path), orders, studies)
