"""Tables of flows, processes and transfer coefficients as users of STAN keep them: their columns and plain rows."""

from __future__ import annotations

import math
from collections.abc import Mapping

from attrs import frozen

GOODS = "goods"
"""The layer of total mass, as STAN calls it."""

NOT_CARRIED = "not carried"
"""Sheet that names what the layout has no place for."""

SHEETS: Mapping[str, Mapping[str, str]] = {
    "flows": {
        "flow": "Code of the flow; one row a layer and a statement",
        "name": "Name",
        "from": "Process that it leaves; empty for an import",
        "to": "Process that it enters; empty for an export",
        "layer": "goods, or the name of a substance; empty counts as goods",
        "mass flow": "Amount on this layer; empty: not measured",
        "±": "Standard uncertainty, or a share of the amount such as 10%",
        "unit": "Unit of the amount, for example t/a; one for all flows of a layer",
        "± from": "range, stated or grade: where the uncertainties of the row come from",
        "concentration": "Mass of the substance per mass of the good, 0 to 1, or a percentage such as 9%",
        "± concentration": "Its standard uncertainty, or a share of it such as 10%",
        "grade": "Evidence grade A to D; gives the uncertainty where none is stated",
        "source": "Where the figures come from",
        "note": "Remarks",
    },
    "processes": {
        "process": "Code of the process",
        "name": "Name",
        "balancing": "yes; substances: not on the layer of goods; no: inputs are not all known",
        "layer": "Layer of the stock change; empty counts as goods",
        "stock change": "Change of the stock; 0 with no uncertainty: there is none; empty with stock yes: unknown",
        "± stock change": "Its standard uncertainty",
        "stock": "yes: the process has a stock",
    },
    "transfer coefficients": {
        "process": "Process",
        "flow": "Flow that leaves it",
        "layer": "Layer; empty counts as goods",
        "transfer coefficient": "Share of what enters that leaves with the flow, 0 to 1, or a percentage",
        "± transfer coefficient": "Its standard uncertainty, or a share of it such as 10%",
        "source": "Where the figure comes from",
    },
}
"""Columns of each table with their meaning. Other columns are left alone."""


@frozen(eq=False)
class Uncertain:
    """A figure with its standard deviation; NaN where unknown."""

    value: float
    sd: float
    how: str = ""  # where it comes from, where the table says so

    @property
    def known(self) -> bool:
        """Whether there is a figure."""
        return math.isfinite(self.value)


@frozen(eq=False)
class FlowRow:
    """One row of flows."""

    flow: str
    name: str
    origin: str
    destination: str
    layer: str
    amount: Uncertain
    content: Uncertain
    grade: str
    source: str
    note: str
    unit: str = ""


@frozen(eq=False)
class ProcessRow:
    """One row of processes."""

    process: str
    name: str
    balancing: str  # yes | substances | no
    layer: str
    stock: bool
    change: Uncertain


@frozen(eq=False)
class TransferRow:
    """One row of transfer coefficients."""

    process: str
    flow: str
    layer: str
    share: Uncertain
    source: str


@frozen(eq=False)
class Rows:
    """All tables, read."""

    flows: tuple[FlowRow, ...]
    processes: tuple[ProcessRow, ...]
    transfers: tuple[TransferRow, ...]
    left_out: tuple[str, ...] = ()  # what the layout could not carry when the tables were written, by name
