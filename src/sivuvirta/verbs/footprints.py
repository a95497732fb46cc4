"""Carbon footprint of a product of a site, with and without a plan."""

from __future__ import annotations

from pathlib import Path

from sivuvirta.assess.footprint.computing import footprint as computed
from sivuvirta.domain.footprints import Footprint
from sivuvirta.domain.plans import Plan
from sivuvirta.domain.region import Region
from sivuvirta.ledger.reference import reference
from sivuvirta.links import build
from sivuvirta.verbs.sources import load


def footprint(source: str | Path | Region | Plan, product: str, site: str | None = None) -> Footprint:
    """Carbon footprint per tonne of a site's product, cradle to gate: system expansion, by mass and by value side by side.

    Args:
        source: a region by name, path or record; or a plan, then with it as well, and what it changes.
        product: key or name of a product or material that a site makes, for example "stainless_steel".
        site: its key, where several sites make it.

    Returns:
        The footprint by each allocation with range, grade and parts; what is missing; other producers' published figures beside it.

    Raises:
        OptionError: no site makes the product, or several do; the message lists what there is.
    """
    if isinstance(source, Plan):
        plans = (("proven", source.proven.ledger), ("potential", source.potential.ledger))
        return computed(source.links.region, source.compared, plans, product, site)
    region = source if isinstance(source, Region) else load(source)
    return computed(region, reference(build(region)), (), product, site)
