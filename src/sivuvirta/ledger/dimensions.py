"""What a flow can be counted by: who sends and who takes it (node, site, organisation, sector, municipality), what it is, how it goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import numpy as np

from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import ArcKind, Ints, NodeKind, Texts
from sivuvirta.domain.region import Region
from sivuvirta.errors import UnknownNameError
from sivuvirta.ledger.kinds import extractive

ENDS = ("origin", "destination")
OF_NODE = ("", ".kind", ".site", ".organisation", ".sector", ".municipality")
OF_FLOW = ("kind", "material", "status", "verdict", "extractive")
DIMENSIONS = (*OF_FLOW, *(f"{end}{what}" for end in ENDS for what in OF_NODE))
"""Names of dimensions: `material`, `origin.site`, `destination.sector` ..."""

NOWHERE = "not in the register"
"""What a node without a site, organisation, sector or municipality is counted as."""


def labels(ledger: Ledger, dimension: str, *, material_level: int = 0, nace_digits: int = 0) -> Texts:
    """What each flow of a ledger is counted as.

    Args:
        ledger: the flows.
        dimension: one of `DIMENSIONS`.
        material_level: levels of the material tree that are told apart, 1 the coarsest; 0 all.
        nace_digits: digits of a sector that are told apart, for example 2; 0 all.

    Returns:
        Shape (flows,).

    Raises:
        UnknownNameError: there is no such dimension.
    """
    if dimension not in DIMENSIONS:
        near = get_close_matches(dimension, DIMENSIONS, n=1)
        repair = f" Did you mean '{near[0]}'?" if near else ""
        raise UnknownNameError(f"A ledger has no dimension '{dimension}'.{repair} It has: {', '.join(DIMENSIONS)}.")
    arcs, links = ledger.links.arcs, ledger.links
    if dimension in OF_FLOW:
        return _of_flow(ledger, dimension, material_level)
    end, _, what = dimension.partition(".")
    nodes: Ints = (arcs.origin if end == "origin" else arcs.destination)[ledger.arc]
    named = _of_nodes(links.region, ledger, what, nace_digits)
    return named[nodes]


def _of_flow(ledger: Ledger, dimension: str, material_level: int) -> Texts:
    arcs, links = ledger.links.arcs, ledger.links
    if dimension == "status":
        return np.full(len(ledger), ledger.status, dtype=object)
    if dimension == "kind":
        return _texts(ArcKind(kind).name.lower() for kind in arcs.kind[ledger.arc].tolist())
    if dimension == "extractive":
        mined, nodes = extractive(links.region), links.nodes
        origin = arcs.origin[ledger.arc]
        streams = zip(nodes.kind[origin].tolist(), nodes.id[origin].tolist(), strict=True)
        return _texts("yes" if kind == NodeKind.STREAM and key in mined else "no" for kind, key in streams)
    if dimension == "verdict":
        return _texts("" if code < 0 else str(code) for code in ledger.verdict.tolist())
    told = (links.materials[row] for row in arcs.material[ledger.arc].tolist())
    return _texts(".".join(name.split(".")[:material_level]) if material_level else name for name in told)


def _of_nodes(region: Region, ledger: Ledger, what: str, nace_digits: int) -> Texts:
    """Label of every node. Shape (nodes,)."""
    nodes = ledger.links.nodes
    if what == "":
        return _texts(nodes.label(row) for row in range(len(nodes.id)))
    if what == "kind":
        return _texts(nodes.label(row).partition(":")[0] for row in range(len(nodes.id)))
    if what in ("site", "organisation"):
        return _texts(key or NOWHERE for key in getattr(nodes, what).tolist())
    sites = {row["site"]: row for row in region.table("sites").rows()}
    organisations = {row["organisation"]: row for row in region.table("organisations").rows()}
    pairs = zip(nodes.site.tolist(), nodes.organisation.tolist(), strict=True)
    if what == "municipality":
        return _texts((sites.get(site) or {}).get("municipality") or NOWHERE for site, _ in pairs)
    return _texts(_sector(sites.get(site), organisations.get(owner), nace_digits) for site, owner in pairs)


def _sector(site: Mapping[str, Any] | None, organisation: Mapping[str, Any] | None, digits: int) -> str:
    """NACE code of the site, else of the organisation."""
    code = (site or {}).get("nace") or (organisation or {}).get("nace")
    if not code:
        return NOWHERE
    plain = str(code).replace(".", "")
    return str(code) if not digits or digits >= len(plain) else plain[:digits] if digits <= 2 else f"{plain[:2]}.{plain[2:digits]}"


def _texts(values: Any) -> Texts:
    found = list(values)
    return np.fromiter(found, dtype=object, count=len(found))


def named(by: Sequence[str] | str) -> tuple[str, ...]:
    """Dimensions as a tuple."""
    return (by,) if isinstance(by, str) else tuple(by)
