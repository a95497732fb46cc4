"""Tables of flows, processes, transfer coefficients and relations as users of STAN keep them: their columns and plain rows."""

from __future__ import annotations

import math
from collections.abc import Mapping

from attrs import field, frozen

from sivuvirta.ledger.reconcile.beyond import Beyond

GOODS = "goods"
"""The layer of total mass, as STAN calls it."""

_PERIOD = {"period": "Period, for example a year; empty holds for all"}
_CITED = {
    "± from": "range, stated or grade: where the uncertainties of the row come from",
    "grade": "Evidence grade A to D; gives the uncertainty where none is stated",
    "source": "Where the figures come from",
    "note": "Remarks",
}

SHEETS: Mapping[str, Mapping[str, str]] = {
    "flows": {
        "flow": "Code of the flow; one row a layer and a statement",
        "name": "Name",
        "from": "Process that it leaves; empty for an import",
        "to": "Process that it enters; empty for an export",
        "layer": "goods, or the name of a substance; empty counts as goods",
        "mass flow": "Amount on this layer; empty: not measured",
        "±": "Standard uncertainty, or a share of the amount such as 10%",
        "unit": "Unit of the amount, for example t/a; units of one kind are turned into that of the first row of the layer",
        "± from": _CITED["± from"],
        "concentration": "Mass of the substance per mass of the good, 0 to 1, or a percentage such as 9%",
        "± concentration": "Its standard uncertainty, or a share of it such as 10%",
        "grade": _CITED["grade"],
        "source": _CITED["source"],
        "note": _CITED["note"],
        **_PERIOD,
    },
    "processes": {
        "process": "Code of the process",
        "name": "Name",
        "balancing": "yes; substances: not on the layer of goods; no: inputs are not all known",
        "layers": "Layers that it is balanced on, apart from one another by semicolons; empty: all",
        "layer": "Layer of the stock change; empty counts as goods",
        "stock change": "Change of the stock; 0 with no uncertainty: there is none; empty with stock yes: unknown",
        "± stock change": "Its standard uncertainty, or a share of it such as 10%",
        "unit": "Unit of the stock change; empty: that of the flows of the process on the layer",
        "stock": "yes: the process has a stock",
        **_CITED,
        **_PERIOD,
    },
    "transfer coefficients": {
        "process": "Process",
        "flow": "Flow that leaves it",
        "layer": "Layer; empty counts as goods",
        "transfer coefficient": "Share of what enters that leaves with the flow, 0 to 1, or a percentage",
        "± transfer coefficient": "Its standard uncertainty, or a share of it such as 10%",
        **_CITED,
        **_PERIOD,
    },
    "relations": {
        "flow a": "Flow that is the other one times the factor",
        "factor": "Proportion of a to b, exact",
        "flow b": "The other flow",
        **_PERIOD,
    },
}
"""Columns of each table with their meaning. Other columns are left alone, and named."""

RESULT = ("reconciled", "± reconciled", "moved in ±", "known")
CONTENT = ("reconciled concentration", "± reconciled concentration")
"""Columns of what came out, beside what was stated."""


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
class Cited:
    """Who says the figures of a row."""

    grade: str = ""
    source: str = ""
    note: str = ""


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
    cited: Cited
    unit: str = ""


@frozen(eq=False)
class ProcessRow:
    """One row of processes."""

    process: str
    name: str
    balancing: str  # yes | substances | no; "" where the row leaves it to others of the process
    layer: str
    stock: bool
    change: Uncertain
    layers: tuple[str, ...] = ()  # that it is balanced on; empty: all
    cited: Cited = field(factory=Cited)
    unit: str = ""  # of the stock change

    def open_to(self, layer: str) -> bool:
        """Whether what enters and leaves is told on a layer."""
        return not self.layers or layer in self.layers

    def balanced(self, layer: str) -> bool:
        """Whether it is balanced on a layer."""
        return self.balancing != "no" and not (self.balancing == "substances" and layer == GOODS) and self.open_to(layer)


@frozen(eq=False)
class TransferRow:
    """One row of transfer coefficients."""

    process: str
    flow: str
    layer: str
    share: Uncertain
    cited: Cited


@frozen(eq=False)
class RelationRow:
    """One row of relations: flow a is the factor times flow b."""

    first: str
    factor: float
    second: str


@frozen(eq=False)
class Rows:
    """All tables, read."""

    flows: tuple[FlowRow, ...]
    processes: tuple[ProcessRow, ...]
    transfers: tuple[TransferRow, ...]
    relations: tuple[RelationRow, ...] = ()
    beyond: Beyond = field(factory=Beyond)  # what STAN has no place for
    period: str = ""
    notes: Mapping[str, str] = field(factory=dict)  # by topic: what was not read, and what was assumed
