"""Circularity: indicators of regions, plans and assessments, one or several beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sivuvirta.assess.circularity.computing import indicators as circularity
from sivuvirta.assess.circularity.definitions import chosen
from sivuvirta.domain.assessments import Assessment
from sivuvirta.domain.indicators import Indicators
from sivuvirta.domain.plans import Plan
from sivuvirta.domain.region import Region
from sivuvirta.ledger.reference import reference
from sivuvirta.links import build
from sivuvirta.verbs.sources import load


def indicators(
    source: str | Path | Region | Plan | Assessment | Sequence[str | Path | Region | Plan | Assessment],
    level: str | None = None,
    only: str | Sequence[str] = (),
) -> Indicators:
    """Indicators of circularity, each at the levels at which it is defined: ISO 59020, CTI, MCI, recycling, hierarchy, critical materials.

    Args:
        source: a region by name, path or record, a plan or an assessment (then what it diverts and saves is told too), or several of them.
        level: product, site, organisation or region; without it all.
        only: short names of indicators; without them all.

    Returns:
        Every indicator with value, range, grade, formula, inputs and what is missing; `side_by_side` puts regions beside each other.

    Raises:
        OptionError: a level or name does not exist, or an indicator is not defined at the level; the message says why.
    """
    wanted = (only,) if isinstance(only, str) else tuple(only)
    chosen(level, wanted)
    several = source if isinstance(source, Sequence) and not isinstance(source, str) else (source,)
    return Indicators(tuple(each for one in several for each in _indicators(one, level, wanted).items))


def _indicators(source: str | Path | Region | Plan | Assessment, level: str | None, only: tuple[str, ...]) -> Indicators:
    if isinstance(source, Plan):
        pair = (("proven", source.proven.ledger), ("potential", source.potential.ledger))
        return circularity(source.links.region, source.compared, pair, level, only)
    if isinstance(source, Assessment):
        pair = (("proven", source.proven.planned), ("potential", source.potential.planned))
        return circularity(source.proven.planned.links.region, source.proven.reference, pair, level, only)
    region = source if isinstance(source, Region) else load(source)
    return circularity(region, reference(build(region)), (), level, only)
