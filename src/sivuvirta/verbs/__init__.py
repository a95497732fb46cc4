"""The verbs: functions from record to record that compose the rooms; what the package re-exports."""

from sivuvirta.verbs.circularity import indicators
from sivuvirta.verbs.finding import alerts, evaluate, prefill, search, suggest
from sivuvirta.verbs.measuring import assess, lifecycle, metrics, reconcile, report
from sivuvirta.verbs.network import gaps, links, match, plan, screen, unknowns
from sivuvirta.verbs.sources import Source, check, dated, load, new, region, save

__all__ = [
    "Source",
    "alerts",
    "assess",
    "check",
    "dated",
    "evaluate",
    "gaps",
    "indicators",
    "lifecycle",
    "links",
    "load",
    "match",
    "metrics",
    "new",
    "plan",
    "prefill",
    "reconcile",
    "region",
    "report",
    "save",
    "screen",
    "search",
    "suggest",
    "unknowns",
]
