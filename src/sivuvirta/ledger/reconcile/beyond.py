"""What a reconciliation has and STAN has not, in sheets of its own that our reader reads and STAN leaves alone.

Names and kinds of quantities, factors that are measured, balances that are no sums of flows in and out of one process, correlations.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

PREFIX = "not in STAN, "

BEYOND: Mapping[str, Mapping[str, str]] = {
    "not in STAN, quantities": {
        "quantity": "Name of the quantity; a row each, in the order of the results",
        "name": "Label; empty: as in the sheet flows",
        "kind": "flow, production, stock, content, factor or component",
        "unit": "Unit that it counts in; flows of the sheet flows in others are turned into it; empty: as there",
        "place": "Place that it belongs to",
        "destination": "Place that it goes to",
        "lower": "Least value; empty: 0; none: no bound",
        "upper": "Largest value; empty: no bound",
        "start": "Where the search starts if nothing was measured",
        "register": "The register's own figure",
        "process": "Process that it is the stock change or the transfer coefficient of",
        "flow": "Flow that it is the concentration or the transfer coefficient of",
        "layer": "Layer of the concentration, the stock change or the transfer coefficient",
    },
    "not in STAN, statements": {
        "quantity": "Name of the quantity",
        "value": "What a source says",
        "±": "Standard uncertainty; 0: exact",
        "± from": "range, stated, grade or exact",
        "grade": "Evidence grade A to D",
        "source": "Where the figure comes from",
        "note": "Remarks",
    },
    "not in STAN, balances": {
        "number": "Number of the balance, in the order of the results",
        "balance": "Name",
        "title": "What is balanced, in words",
        "component": "Component that is balanced; empty: mass or energy",
        "unit": "Unit",
        "right": "What the terms add up to; empty: 0",
        "hidden": "yes: a definition, not told as a balance",
        "grade": "Evidence grade",
        "source": "Where it comes from",
        "process": "Process that it is the balance or the transfer of; empty: its terms stand in the sheet of terms",
        "flow": "Flow of the transfer, or flow a of the relation",
        "layer": "Layer of the balance",
    },
    "not in STAN, terms": {
        "number": "Number of the balance",
        "coefficient": "Coefficient",
        "quantity": "Quantity",
        "factor": "Quantity that it is multiplied with; empty: none",
    },
    "not in STAN, correlations": {
        "first": "Quantity",
        "second": "Quantity whose error goes with the first one's",
        "coefficient": "Coefficient of correlation, -1 to 1",
    },
}
"""Columns of each sheet with their meaning."""

QUANTITIES, STATEMENTS, BALANCES, TERMS, CORRELATIONS = BEYOND


@frozen(eq=False)
class Known:
    """A quantity as the sheet of quantities tells it."""

    name: str
    label: str
    kind: str
    unit: str
    origin: str
    destination: str
    lower: float
    upper: float
    start: float
    chosen: float
    process: str = ""
    flow: str = ""
    layer: str = ""


@frozen(eq=False)
class Said:
    """A statement about a quantity that stands in no sheet of STAN."""

    name: str
    value: float
    sd: float
    how: str
    grade: str
    source: str
    note: str


@frozen(eq=False)
class Head:
    """What a balance is called, and where it stands: a process and layer, a transfer, a relation, or terms of its own."""

    number: int
    name: str
    title: str
    component: str
    unit: str
    right: float
    hidden: bool
    grade: str
    source: str
    process: str = ""
    flow: str = ""
    layer: str = ""

    @property
    def seat(self) -> tuple[str, str, str]:
        """Process, flow and layer; all empty where it has terms of its own."""
        return self.process, self.flow, self.layer


@frozen(eq=False)
class Part:
    """A term of a balance that stands in no sheet of STAN."""

    number: int
    coefficient: float
    name: str
    factor: str


@frozen(eq=False)
class Beyond:
    """All of it."""

    quantities: tuple[Known, ...] = ()
    statements: tuple[Said, ...] = ()
    balances: tuple[Head, ...] = ()
    terms: tuple[Part, ...] = ()
    correlations: tuple[tuple[str, str, float], ...] = ()
