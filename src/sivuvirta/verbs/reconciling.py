"""What sources say of one year, reconciled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sivuvirta.domain.reconciliations import ReconcileOptions, Reconciliation
from sivuvirta.domain.region import Region
from sivuvirta.ledger.reconcile.region import reconcile_region
from sivuvirta.verbs.sources import changed, load


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
