"""The main figures vintage by vintage: every vintage of a region planned with the same options."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve

from sivuvirta.domain.assessments import Assessment
from sivuvirta.domain.plans import Plan, PlanOptions
from sivuvirta.domain.region import Region
from sivuvirta.domain.vintages import Vintages
from sivuvirta.verbs.measuring import assess
from sivuvirta.verbs.network import plan, priced

NETWORKS = ("today", "proven", "potential")
_ABOUT_TODAY = ("used_today",)  # figures that no plan changes
_DIFFERENCES = ("benefit", "carbon")  # of which today has none
_COLUMNS = ["vintage", "year", "figure", "label", "network", "unit", "value", "low", "high", "grade", "sources", "unknown"]


def vintages(done: Plan, tell: Callable[[str], None] | None = None) -> Vintages:
    """Plan every vintage of a plan's region with its options, and put the main figures side by side.

    The money of a vintage is that of its own price year. A shadow price of carbon that the plan has of its register is, in another vintage,
    that of that vintage's.

    Args:
        done: the plan; its own vintage is not planned again.
        tell: called with the vintage that is being planned.
    """
    region = done.links.region
    regions = sorted((region.at(name) for name in region.vintages), key=lambda each: each.year)
    rows: list[dict[str, Any]] = []
    for each in regions:
        if tell:
            tell(each.vintage or "")
        one = done if each.vintage == region.vintage else plan(each, carried(done, region))
        rows += _rows(each, assess(one))
    return Vintages(region=region.name, names=tuple(str(each.vintage) for each in regions), figures=pd.DataFrame(rows, columns=_COLUMNS))


def carried(done: Plan, region: Region) -> PlanOptions:
    """Options of a plan for another register: without the shadow price of carbon where it was the register's own."""
    own = done.options.carbon_price == priced(PlanOptions(), region).carbon_price
    return evolve(done.options, carbon_price=0.0) if own else done.options


def _rows(region: Region, found: Assessment) -> list[dict[str, Any]]:
    rows = []
    for row in found.headline.to_dict("records"):
        name = str(row["figure"])
        behind = Counter(one.source for one in found.traces.rows(f"headline/{'could_be_used' if name in _ABOUT_TODAY else name}"))
        told = {
            "vintage": region.vintage,
            "year": region.year,
            **{key: row[key] for key in ("figure", "label", "unit", "grade")},
            "sources": "; ".join(source for source, _ in behind.most_common() if source),
            "unknown": row["unknown"] or "",
        }
        rows += [{**told, "network": network, **ends} for network, ends in _networks(row)]
    return rows


def _networks(row: dict[Any, Any]) -> list[tuple[str, dict[str, float]]]:
    """Value and range of a figure today, proven and with potential, as far as it is told of them."""
    nothing = {"low": np.nan, "high": np.nan}
    if row["figure"] in _ABOUT_TODAY:
        return [("today", {"value": row["total"], "low": row["total_low"], "high": row["total_high"]})]
    today = [] if row["figure"] in _DIFFERENCES else [("today", {"value": row["today"], **nothing})]
    sure = {"value": row["proven"], "low": row["proven_low"], "high": row["proven_high"]}
    whole = {"value": row["total"], "low": row["total_low"], "high": row["total_high"]}
    return [*today, ("proven", sure), ("potential", whole)]
