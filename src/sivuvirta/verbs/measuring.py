"""Measured: what sources say reconciled, a plan assessed and reported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sivuvirta import lifecycle as _room  # noqa: F401 - loaded before the verb of its name, which so stays callable
from sivuvirta.assess.figures import assessment
from sivuvirta.assess.unknowns import carbon_change, missing
from sivuvirta.domain.assessments import Assessment
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.lifecycles import CLIMATE, Background, LifeCycle, LifeCycleOptions
from sivuvirta.domain.plans import Plan
from sivuvirta.domain.prospects import LabOrders
from sivuvirta.domain.reconciliations import ReconcileOptions, Reconciliation
from sivuvirta.domain.region import Region
from sivuvirta.errors import MissingExtraError
from sivuvirta.ledger.reconcile.region import reconcile_region
from sivuvirta.report import write as write_report
from sivuvirta.verbs.sources import changed, load


def assess(plan: Plan) -> Assessment:
    """Measure a plan against the reference: fates, money, carbon, products, traffic, investment, evidence, and the five figures.

    Returns:
        The figures of both networks, and `headline` with proven + potential.
    """
    return assessment(plan.proven.ledger, plan.potential.ledger, plan.reference)


def lifecycle(
    plan: Plan, method: str = CLIMATE, background: str | Path | Background | None = None, displaced: str | None = "expected", **changes: Any
) -> LifeCycle:
    """Score a plan over the life cycle by Brightway, with substitution and the reference explicit. Needs the extra `lifecycle`.

    Args:
        plan: the plan; without its reference every benefit is unknown.
        method: `climate`, or a method that the background has.
        background: the user's own database: a record, a data package's folder or ZIP, or a Brightway project; the library's factors
            supply what it does not.
        displaced: what the plan replaces at the best, expected or worst end of its range; None says nothing, and the benefit is unknown.
        changes: `runs` of the Monte Carlo (1000; 0 for none) and its `seed`.

    Raises:
        MissingExtraError: Brightway is not installed.
        OptionError: an option does not exist or cannot have that value.
        ReadError: the background cannot be read.
        UnknownNameError: a supplier does not exist.
    """
    try:
        from sivuvirta.lifecycle.measure import Pair, life_cycle  # noqa: PLC0415 - Brightway is an extra
    except ImportError as error:
        raise MissingExtraError('Life cycles need Brightway\'s calculation library: pip install "sivuvirta[lifecycle]".') from error
    options = changed(LifeCycleOptions(method=method, displaced=displaced), changes, "life cycle")
    ledgers = {"proven": plan.proven.ledger, "potential": plan.potential.ledger}
    reference: Ledger | None = plan.reference
    pairs = {
        name: Pair(ledger, reference, "" if reference is None else missing(carbon_change(ledger, reference)))
        for name, ledger in ledgers.items()
    }
    own = Background(str(background)) if isinstance(background, str | Path) else background
    return life_cycle(pairs, options, own)


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
