"""Circularity: indicators of regions, plans and assessments, one or several beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sivuvirta.assess.circularity.computing import indicators as circularity
from sivuvirta.assess.circularity.definitions import chosen
from sivuvirta.domain.assessments import Assessment
from sivuvirta.domain.indicators import DRAWN, ENDS, Indicator, Indicators
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import Links
from sivuvirta.domain.plans import Plan
from sivuvirta.domain.ranges import RangesOptions, without_tail
from sivuvirta.domain.region import Region
from sivuvirta.futures.measured.running import Asked
from sivuvirta.futures.measured.spreading import spread
from sivuvirta.ledger.reference import reference
from sivuvirta.links import build
from sivuvirta.verbs.sources import load

_Source = str | Path | Region | Plan | Assessment


def indicators(
    source: _Source | Sequence[_Source], level: str | None = None, only: str | Sequence[str] = (), draws: int = 1000, seed: int = 1
) -> Indicators:
    """Indicators of circularity, each at the levels at which it is defined: ISO 59020, CTI, MCI, recycling, hierarchy, critical materials.

    Args:
        source: a region by name, path or record, a plan or an assessment (then what it diverts and saves is told too), or several of them.
        level: product, site, organisation or region; without it all.
        only: short names of indicators; without them all.
        draws: of all inputs together, of which `low` and `high` are the 5 and 95 % points; 0: none, and the ends are those if every input
            is at its worse end at once.
        seed: equal seeds give equal ranges.

    Returns:
        Every indicator with value, mean, range, grade, formula, inputs and what is missing; `side_by_side` puts regions beside each other.

    Raises:
        OptionError: a level or name does not exist, or an indicator is not defined at the level; the message says why. Or there cannot be
            so many draws.
    """
    wanted = (only,) if isinstance(only, str) else tuple(only)
    chosen(level, wanted)
    if draws != 0:
        RangesOptions(draws=draws, seed=seed)  # says what they can be
    several = source if isinstance(source, Sequence) and not isinstance(source, str) else (source,)
    items: list[Indicator] = []
    for one in several:
        links, planned, today = _ledgers(one)
        every = circularity(links.region, today, tuple(planned.items())).items
        found = [each for each in every if each.level == (level or each.level) and (not wanted or each.indicator in wanted)]
        items += spread(Asked(links, planned, today, every), found, draws, seed) if draws else found
    about = ENDS if not draws else without_tail(draws) or DRAWN.format(f"{draws:,}")
    return Indicators(tuple(items), about)


def _ledgers(source: _Source) -> tuple[Links, dict[str, Ledger], Ledger | None]:
    """Links, planned ledgers by name, and what flows today."""
    if isinstance(source, Plan):
        return source.links, {"proven": source.proven.ledger, "potential": source.potential.ledger}, source.compared
    if isinstance(source, Assessment):
        planned = {"proven": source.proven.planned, "potential": source.potential.planned}
        return source.proven.planned.links, planned, source.proven.reference
    links = build(source if isinstance(source, Region) else load(source))
    return links, {}, reference(links)
