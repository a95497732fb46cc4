"""Measured: what sources say reconciled, a plan assessed and reported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sivuvirta.assess.figures import assessment
from sivuvirta.domain.assessments import Assessment
from sivuvirta.domain.plans import Plan
from sivuvirta.domain.prospects import LabOrders
from sivuvirta.domain.reconciliations import ReconcileOptions, Reconciliation
from sivuvirta.domain.region import Region
from sivuvirta.ledger.reconcile.region import reconcile_region
from sivuvirta.report import write as write_report
from sivuvirta.verbs.sources import changed, load


def assess(plan: Plan) -> Assessment:
    """Measure a plan against the reference: fates, money, carbon, products, traffic, investment, evidence, and the five figures.

    Returns:
        The figures of both networks, and `headline` with proven + potential.
    """
    return assessment(plan.proven.ledger, plan.potential.ledger, plan.reference)


def reconcile(source: str | Path | Region, options: ReconcileOptions | None = None, **changes: Any) -> Reconciliation:
    """Reconcile what the sources of a region say of its vintage with each other and with every balance.

    Args:
        source: a region by name, path or record.
        options: what is asked for.
        changes: single options by name: `level`, `suspects`, `components`.

    Returns:
        Figures that fulfil every balance with the least adjustment, beside what each source says; the global test and the suspects.

    Raises:
        OptionError: an option does not exist or cannot have that value.
        SolverError: figures that are given as exact contradict each other.
    """
    chosen = changed(options or ReconcileOptions(), changes, "reconciliation")
    return reconcile_region(source if isinstance(source, Region) else load(source), chosen)


def report(plan: Plan, path: str | Path, assessment: Assessment | None = None, orders: LabOrders | None = None) -> Path:
    """Write the report of a plan as one HTML file that works offline.

    Args:
        plan: the plan.
        path: the file to write.
        assessment: its figures, if they are at hand.
        orders: what missing tests are worth, from `unknowns`; without them the report does not say.

    Returns:
        Where it was written.
    """
    return write_report(plan, assessment or assess(plan), Path(path), orders)
