"""Measured: what sources say reconciled, a plan assessed and reported, ledgers as networks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sivuvirta import lifecycle as _room  # noqa: F401 - loaded before the verb of its name, which so stays callable
from sivuvirta.assess.figures import assessment
from sivuvirta.assess.network import metrics as network
from sivuvirta.assess.network.contents import shares
from sivuvirta.assess.network.entries import CARRIED, MONEY, entries, without_extractive
from sivuvirta.assess.unknowns import carbon_change, missing
from sivuvirta.domain.assessments import Assessment
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.lifecycles import CLIMATE, Background, LifeCycle, LifeCycleOptions
from sivuvirta.domain.links import NodeKind, Texts
from sivuvirta.domain.networks import LEVELS, NetworkFigures, NetworkMetrics
from sivuvirta.domain.plans import Plan
from sivuvirta.domain.prospects import LabOrders
from sivuvirta.domain.reconciliations import ReconcileOptions, Reconciliation
from sivuvirta.domain.region import Region
from sivuvirta.errors import MissingExtraError, OptionError
from sivuvirta.ledger.dimensions import NOWHERE, labels
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


def metrics(source: Plan | Ledger | Sequence[Ledger], level: str = "site", unit: str = "t", extractive: bool = False) -> NetworkMetrics:
    """Measure ledgers as networks: connectance, cyclicity, cycling, ascendency, robustness, and who stands between others.

    Args:
        source: a plan, whose reference, proven and potential ledger stand beside each other; a ledger; or several, of one year or more.
        level: what a node is: site, organisation, sector (NACE division) or node (each stream, plant and need).
        unit: what is counted: t (dry), MWh, m3, EUR paid, or a component such as Cr_total, in t. Units are never added.
        extractive: whether wastes of mining count; they would hide everything else.

    Raises:
        OptionError: there is no such level or unit, or no ledger.
    """
    if level not in LEVELS:
        raise OptionError(f"A network has no level '{level}'. It has: {', '.join(LEVELS)}.")
    ledgers = [source.reference, source.proven.ledger, source.potential.ledger] if isinstance(source, Plan) else source
    chosen = [ledgers] if isinstance(ledgers, Ledger) else list(ledgers)
    if not chosen:
        raise OptionError("Give at least one ledger.")
    return NetworkMetrics(
        level, unit, tuple(_network(ledger if extractive else without_extractive(ledger), level, unit) for ledger in chosen)
    )


def _network(ledger: Ledger, level: str, unit: str) -> NetworkFigures:
    ends = (_ends(ledger, "origin", level), _ends(ledger, "destination", level))
    content = None if unit in (*CARRIED, MONEY) else shares(ledger, unit)
    return network.figures(ledger, entries(ledger, ends, unit, content), unit, _names(ledger, level))


def _ends(ledger: Ledger, end: str, level: str) -> Texts:
    """Label of one end of each flow; "" outside: what is not in the register, and at the level of nodes outlets and products."""
    if level == "node":
        nodes = ledger.links.nodes.kind[getattr(ledger.links.arcs, end)[ledger.arc]]
        return np.where(np.isin(nodes, (NodeKind.FATE, NodeKind.PRODUCT)), "", labels(ledger, end))
    found = labels(ledger, f"{end}.{level}", nace_digits=2)
    return np.where(found == NOWHERE, "", found)


def _names(ledger: Ledger, level: str) -> dict[str, str]:
    nodes, region = ledger.links.nodes, ledger.links.region
    if level == "node":
        return {nodes.label(row): str(nodes.name[row]) for row in range(len(nodes.id))}
    if level == "sector":
        return {}
    table = region.table(f"{level}s")
    return {str(row[level]): str(row["name"]) for row in table.rows() if row["name"]}
