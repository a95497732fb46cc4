"""Studies: what was asked of a region beside its plan, as a report shows it."""

from __future__ import annotations

from attrs import fields, frozen

from sivuvirta.domain.alternatives import Alternatives
from sivuvirta.domain.benefits import Benefits
from sivuvirta.domain.comparisons import Comparison
from sivuvirta.domain.economies import Economy
from sivuvirta.domain.ensembles import Ensemble
from sivuvirta.domain.footprints import Footprint
from sivuvirta.domain.fronts import Front
from sivuvirta.domain.indicators import Indicators
from sivuvirta.domain.lifecycles import LifeCycle
from sivuvirta.domain.networks import NetworkMetrics
from sivuvirta.domain.pathways import Pathway
from sivuvirta.domain.ranges import Ranges
from sivuvirta.domain.shocks import Shocks
from sivuvirta.domain.structures import Structures
from sivuvirta.domain.traffic import Traffic
from sivuvirta.domain.vintages import Vintages


@frozen(eq=False, kw_only=True)
class Studies:
    """Answers beside a plan, each of them None where it was not asked for."""

    vintages: Vintages | None = None
    compare: Comparison | None = None
    shock: Shocks | None = None
    pareto: Front | None = None
    alternatives: Alternatives | None = None
    best: Structures | None = None
    futures: Ensemble | None = None
    pathway: Pathway | None = None
    ranges: Ranges | None = None
    economy: Economy | None = None
    benefits: Benefits | None = None
    lifecycle: LifeCycle | None = None
    footprint: tuple[Footprint, ...] | None = None
    indicators: Indicators | None = None
    metrics: NetworkMetrics | None = None
    roads: Traffic | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Those that are there."""
        return tuple(each.name for each in fields(Studies) if getattr(self, each.name) is not None)


STUDIES: tuple[str, ...] = tuple(each.name for each in fields(Studies))
"""What can be asked, in the order in which a report shows it."""
