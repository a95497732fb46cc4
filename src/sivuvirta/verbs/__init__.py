"""The verbs: functions from record to record that compose the rooms; what the package re-exports.

Each module of verbs is loaded when one of its verbs is first asked for, and brings the rooms that they need.
"""

import sys
from typing import TYPE_CHECKING

from sivuvirta._lazy import Package, lazily

if TYPE_CHECKING:
    from sivuvirta.verbs.circularity import indicators
    from sivuvirta.verbs.economies import economy
    from sivuvirta.verbs.ensembles import futures, kept, two_stage
    from sivuvirta.verbs.exploring import alternatives, pareto, structures, why
    from sivuvirta.verbs.finding import alerts, search
    from sivuvirta.verbs.footprints import footprint
    from sivuvirta.verbs.futures import compare, shock
    from sivuvirta.verbs.hauling import roads
    from sivuvirta.verbs.keeping import export, reopen
    from sivuvirta.verbs.lifecycles import lifecycle
    from sivuvirta.verbs.measuring import assess, report
    from sivuvirta.verbs.network import links, match, plan
    from sivuvirta.verbs.networks import metrics
    from sivuvirta.verbs.pathways import pathway
    from sivuvirta.verbs.pooling import pool
    from sivuvirta.verbs.prospecting import gaps, unknowns
    from sivuvirta.verbs.ranging import ranges
    from sivuvirta.verbs.reconciling import reconcile
    from sivuvirta.verbs.screening import screen
    from sivuvirta.verbs.sheets import benefits
    from sivuvirta.verbs.sources import Source, check, dated, load, new, region, save, scenario
    from sivuvirta.verbs.studying import study
    from sivuvirta.verbs.suggesting import evaluate, prefill, suggest

__all__ = [
    "Source",
    "alerts",
    "alternatives",
    "assess",
    "benefits",
    "check",
    "compare",
    "dated",
    "economy",
    "evaluate",
    "export",
    "footprint",
    "futures",
    "gaps",
    "indicators",
    "kept",
    "lifecycle",
    "links",
    "load",
    "match",
    "metrics",
    "new",
    "pareto",
    "pathway",
    "plan",
    "pool",
    "prefill",
    "ranges",
    "reconcile",
    "region",
    "reopen",
    "report",
    "roads",
    "save",
    "scenario",
    "screen",
    "search",
    "shock",
    "structures",
    "study",
    "suggest",
    "two_stage",
    "unknowns",
    "why",
]

_VERBS = {
    "circularity": ("indicators",),
    "exploring": ("alternatives", "pareto", "structures", "why"),
    "economies": ("economy",),
    "ensembles": ("futures", "kept", "two_stage"),
    "finding": ("alerts", "search"),
    "footprints": ("footprint",),
    "futures": ("compare", "shock"),
    "hauling": ("roads",),
    "keeping": ("export", "reopen"),
    "lifecycles": ("lifecycle",),
    "measuring": ("assess", "report"),
    "network": ("links", "match", "plan"),
    "networks": ("metrics",),
    "pathways": ("pathway",),
    "pooling": ("pool",),
    "prospecting": ("gaps", "unknowns"),
    "ranging": ("ranges",),
    "reconciling": ("reconcile",),
    "screening": ("screen",),
    "sheets": ("benefits",),
    "sources": ("Source", "check", "dated", "load", "new", "region", "save", "scenario"),
    "studying": ("study",),
    "suggesting": ("evaluate", "prefill", "suggest"),
}

if not TYPE_CHECKING:  # type checkers read the imports above
    __getattr__ = lazily(globals(), {name: f"{__name__}.{module}" for module, names in _VERBS.items() for name in names})
sys.modules[__name__].__class__ = Package  # a verb keeps its name beside the module of that name
