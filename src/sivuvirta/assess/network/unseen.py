"""What a network does not see: flows that carry an unknown amount of its unit, how much of the tonnes they are, and which they are."""

from __future__ import annotations

import numpy as np

from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import Ints
from sivuvirta.domain.words import shortened

_NAMED = 5


def unseen(ledger: Ledger, rows: Ints, missing: Ints, what: str) -> str:
    """What is not known of some flows, in words; "" where there are none.

    Args:
        ledger: the flows.
        rows: those that could carry the unit.
        missing: those of them of which nobody knows how much.
        what: is not known, for example "a price, fee or rate".
    """
    if not len(missing):
        return ""
    links, arcs = ledger.links, ledger.links.arcs
    unit = links.units[ledger.arc]
    tonnes, dark = (float(ledger.amount[part][unit[part] == "t"].sum()) for part in (rows, missing))
    carried = f", which carry {100 * dark / tonnes:.0f} % of the tonnes" if tonnes > 0 else ""
    order = missing[np.argsort(-ledger.amount[missing], kind="stable")]
    named = [
        f"{links.nodes.name[arcs.origin[ledger.arc[row]]]} to {links.nodes.name[arcs.destination[ledger.arc[row]]]} "
        f"({ledger.amount[row]:,.0f} {unit[row]}/a)"
        for row in order.tolist()
    ]
    return f"{what} is not known in {len(missing)} of {len(rows)} flows{carried}: {shortened(named, _NAMED)}"
