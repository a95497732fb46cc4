"""Industrial symbiosis for a region: from a register of side streams to an optimal, lawful, measured network.

>>> import sivuvirta as sv
>>> region = sv.load("three_sites")
>>> plan = sv.plan(region)
>>> round(sv.assess(plan).proven.benefit)
357000
"""

import sys
from typing import TYPE_CHECKING

from sivuvirta._lazy import Package, lazily
from sivuvirta._version import __version__

if TYPE_CHECKING:
    from sivuvirta.domain.assessments import Assessment
    from sivuvirta.domain.comparisons import Comparison
    from sivuvirta.domain.ensembles import Ensemble
    from sivuvirta.domain.evaluations import Evaluation
    from sivuvirta.domain.gaps import Gaps
    from sivuvirta.domain.grades import Grade, Verdict
    from sivuvirta.domain.ledger import Ledger
    from sivuvirta.domain.lifecycles import LifeCycle
    from sivuvirta.domain.links import Links
    from sivuvirta.domain.matches import Matches
    from sivuvirta.domain.networks import NetworkMetrics
    from sivuvirta.domain.pathways import Horizon, Pathway, PathwayOptions, Period
    from sivuvirta.domain.plans import Plan, PlanOptions
    from sivuvirta.domain.pooling import PooledPlan, PoolingAnswer, PoolingOptions, PoolingProblem
    from sivuvirta.domain.prefills import Prefill
    from sivuvirta.domain.prospects import LabOrders
    from sivuvirta.domain.reconciliations import Reconciliation
    from sivuvirta.domain.region import Region
    from sivuvirta.domain.shocks import Shocks
    from sivuvirta.domain.studies import Studies
    from sivuvirta.domain.suggestions import Suggestion
    from sivuvirta.errors import CheckError, InfeasibleError, SivuvirtaError
    from sivuvirta.verbs import (
        alerts,
        alternatives,
        assess,
        benefits,
        check,
        compare,
        economy,
        evaluate,
        export,
        footprint,
        futures,
        gaps,
        indicators,
        kept,
        lifecycle,
        links,
        load,
        match,
        metrics,
        new,
        pareto,
        pathway,
        plan,
        pool,
        prefill,
        ranges,
        reconcile,
        region,
        reopen,
        report,
        roads,
        save,
        scenario,
        screen,
        search,
        shock,
        structures,
        study,
        suggest,
        two_stage,
        unknowns,
        why,
    )

# `assess`, `lifecycle`, `links`, `match`, `plan`, `report`, `search` and `suggest` are verbs here; what is in the rooms of these names
# stays reachable by its full path, `from sivuvirta.plan.solve import solve`.

__all__ = [
    "Assessment",
    "CheckError",
    "Comparison",
    "Ensemble",
    "Evaluation",
    "Gaps",
    "Grade",
    "Horizon",
    "InfeasibleError",
    "LabOrders",
    "Ledger",
    "LifeCycle",
    "Links",
    "Matches",
    "NetworkMetrics",
    "Pathway",
    "PathwayOptions",
    "Period",
    "Plan",
    "PlanOptions",
    "PooledPlan",
    "PoolingAnswer",
    "PoolingOptions",
    "PoolingProblem",
    "Prefill",
    "Reconciliation",
    "Region",
    "Shocks",
    "SivuvirtaError",
    "Studies",
    "Suggestion",
    "Verdict",
    "__version__",
    "alerts",
    "alternatives",
    "assess",
    "benefits",
    "check",
    "compare",
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

_RECORDS = {
    "Comparison": "sivuvirta.domain.comparisons",
    "LifeCycle": "sivuvirta.domain.lifecycles",
    "NetworkMetrics": "sivuvirta.domain.networks",
    "Assessment": "sivuvirta.domain.assessments",
    "Evaluation": "sivuvirta.domain.evaluations",
    "Grade": "sivuvirta.domain.grades",
    "Verdict": "sivuvirta.domain.grades",
    "Ledger": "sivuvirta.domain.ledger",
    "Links": "sivuvirta.domain.links",
    "Matches": "sivuvirta.domain.matches",
    "Horizon": "sivuvirta.domain.pathways",
    "Pathway": "sivuvirta.domain.pathways",
    "PathwayOptions": "sivuvirta.domain.pathways",
    "Period": "sivuvirta.domain.pathways",
    "Plan": "sivuvirta.domain.plans",
    "PlanOptions": "sivuvirta.domain.plans",
    "PooledPlan": "sivuvirta.domain.pooling",
    "PoolingAnswer": "sivuvirta.domain.pooling",
    "PoolingOptions": "sivuvirta.domain.pooling",
    "PoolingProblem": "sivuvirta.domain.pooling",
    "Prefill": "sivuvirta.domain.prefills",
    "Gaps": "sivuvirta.domain.gaps",
    "LabOrders": "sivuvirta.domain.prospects",
    "Reconciliation": "sivuvirta.domain.reconciliations",
    "Region": "sivuvirta.domain.region",
    "Ensemble": "sivuvirta.domain.ensembles",
    "Shocks": "sivuvirta.domain.shocks",
    "Studies": "sivuvirta.domain.studies",
    "Suggestion": "sivuvirta.domain.suggestions",
    "CheckError": "sivuvirta.errors",
    "InfeasibleError": "sivuvirta.errors",
    "SivuvirtaError": "sivuvirta.errors",
}
_ROOMS = ("cases", "domain", "errors", "explore", "language", "ledger", "library", "lp", "prospects", "regions", "tables", "units", "verbs")

# Each name is loaded when it is first asked for: a record from its module, a verb with the rooms that it needs.
if not TYPE_CHECKING:  # type checkers read the imports above
    __getattr__ = lazily(globals(), {name: _RECORDS.get(name, "sivuvirta.verbs") for name in __all__}, _ROOMS)
sys.modules[__name__].__class__ = Package


def __dir__() -> list[str]:
    return sorted({*__all__, *_ROOMS})
