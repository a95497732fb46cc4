"""What flows carry of a component, by the analyses of the streams that they come from."""

from __future__ import annotations

import numpy as np

from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import Floats, NodeKind
from sivuvirta.errors import OptionError
from sivuvirta.units.composition import conversions

_MG = 1e-6  # kg per kg of a mg/kg


def shares(ledger: Ledger, component: str) -> Floats:
    """Mass fraction of a component in the dry mass of each flow, the mean of its samples.

    Known is what a stream carries whose total content was analysed, as the component or as an oxide of it. What leaves a plant, what is
    bought, and what lies below a detection limit is not known, and is not counted as nothing.

    Args:
        ledger: the flows.
        component: id in table `components`, for example Cr_total.

    Returns:
        NaN where not known. Shape (flows,).

    Raises:
        OptionError: the region has no such component.
    """
    links = ledger.links
    components = links.region.table("components")
    if component not in components.index:
        raise OptionError(f"A network has no unit '{component}'. It has: t, MWh, m3, EUR, or a component of the region, such as Cr_total.")
    family = conversions(zip(*(components[name].tolist() for name in ("component", "kind", "oxide_of", "factor")), strict=True))
    found: dict[tuple[str, str, str], list[float]] = {}
    for row in links.region.table("analyses").rows():
        factor = family.factor(str(row["component"]), component)
        if row["kind"] == "total" and factor is not None:
            known = np.nan if row["below"] or row["value"] is None else float(row["value"])
            found.setdefault((str(row["stream"]), str(row["component"]), str(row["basis"])), []).append(known * factor * _MG)
    content = np.full(len(ledger), np.nan)
    origin = links.arcs.origin[ledger.arc]
    for at in np.flatnonzero(links.nodes.kind[origin] == NodeKind.STREAM).tolist():
        stream = str(links.nodes.id[origin[at]])
        for source in family.related(component):
            dry, sent = (found.get((stream, source, basis)) for basis in ("dry", "as_sent"))
            if dry or sent:
                as_sent = 1.0 if dry else float(links.arcs.sent[ledger.arc[at]])
                content[at] = float(np.mean(dry or sent or [])) * as_sent
                break
    return content
