"""Life cycles: an inventory of unit processes made from ledgers, and its scores with ranges, cases and contributions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from attrs import field, frozen

from sivuvirta.domain.links import Flags, Floats, Ints, Texts
from sivuvirta.errors import OptionError

CLIMATE = "climate"
"""Warming over 100 years, kg CO2e, with the factors of the sixth assessment of the IPCC."""

CASES = ("best", "expected", "worst")
"""What the plan displaces at the end of its range that favours the plan, at its value, at the other end."""

SYSTEMS = ("reference", "planned", "change")
"""Processes that stand for a whole network; `change` is the planned one less the reference, so that its score is the benefit or burden."""


def _case(_: object, attribute: object, value: str | None) -> None:
    if value is not None and value not in CASES:
        raise OptionError(f"Option 'displaced' is {value!r}. It is one of {', '.join(CASES)}; None says nothing, so no benefit is known.")


def _count(_: object, attribute: object, value: int) -> None:
    if value < 0 or value == 1:
        raise OptionError(f"Option 'runs' is {value!r}. It is how many draws are made: 0 for none, else 2 or more.")


@frozen
class LifeCycleOptions:
    """What is asked of a life cycle."""

    method: str = CLIMATE  # climate, or a method that the background has
    displaced: str | None = field(default="expected", validator=_case)
    runs: int = field(default=1000, validator=_count)
    seed: int = 1


@frozen(eq=False)
class Background:
    """A database of the user's own, behind the unit processes that it supplies.

    `suppliers` maps keys of ours (`product:cem1`, `haul:truck40`, `outlet:landfill`, `plant:kiln`) to a process of the database and how
    many of its units stand for one of ours; what is mapped no longer has the library's factor.
    """

    source: str  # folder or ZIP of a Brightway data package, or the name of a Brightway project
    suppliers: Mapping[str, tuple[Any, float]] = field(factory=dict)  # key of ours -> (id or "database/code", units of it per unit of ours)
    methods: Mapping[str, str] = field(factory=dict)  # name -> data package with characterisation factors (with packages)
    databases: tuple[str, ...] = ()  # of a project; all where none is named


@frozen(eq=False)
class Processes:
    """Unit processes, each making one product of the same name. Shape (processes,)."""

    key: Texts  # "arc:12", "plant:kiln", "product:cem1", "haul:truck40", "outlet:landfill", "system:change"
    name: Texts
    kind: Texts  # the key's first word
    unit: Texts
    known: Flags  # its own emission is known; otherwise it counts as 0, and that is told
    displaced: Flags  # a product that uses replace

    def __len__(self) -> int:
        return len(self.key)

    def of(self, kind: str) -> Ints:
        """Positions of a kind."""
        return np.flatnonzero(self.kind == kind).astype(np.int32)


@frozen(eq=False)
class Entries:
    """Entries of a matrix. Shape (entries,)."""

    row: Ints
    column: Ints
    amount: Floats
    sd: Floats  # standard deviation; 0 where it is exact

    def __len__(self) -> int:
        return len(self.row)


@frozen(eq=False)
class Inventory:
    r"""Foreground of one network with the factors behind it.

    `exchanges` is A: what a process (column) makes is positive, what it takes of another's product (row) negative; a product that it
    replaces is positive. `interventions` is B, kg of each flow (row) per process (column). `factors` is Q for climate, kg CO2e per kg.
    """

    title: str
    processes: Processes
    exchanges: Entries
    flows: Texts  # keys of elementary flows
    flow_names: Texts
    factors: Floats
    interventions: Entries
    unknown: str = ""  # what counts as 0 because nobody knows it, in words

    def system(self, name: str) -> int:
        """Position of a system process; -1 where there is none, as `change` without a reference."""
        rows = np.flatnonzero(self.processes.key == f"system:{name}")
        return int(rows[0]) if len(rows) else -1


@frozen(eq=False, slots=False)
class LifeCycle:
    """Scores of a plan over the life cycle.

    Columns of the tables:
        scores: network (proven | potential), system (reference | planned | change), unit, value, mean, low, high (5 and 95 %), sd (of
            the draws), alarm (a saving whose range to quote, or without one its own, includes zero), bound (at least | at most | neither:
            how the whole stands to the value, where something counts as 0; "" where all is known), unknown (why there is none, or what
            counts as 0),
            quoted_mean, quoted_low, quoted_high (of a change by climate at its expected case: the range of `sv.ranges`, all inputs drawn)
        cases: network, case (best | expected | worst), unit, change, bound
        contributions: network, view (emitter: where it is emitted; activity: which flow or plant of the ledger causes it), process, name,
            kind, per, amount, unit, score, mean, low, high (5 and 95 % of draws that move factors alone; NaN where there are none), share,
            grade, source
        flows: network, flow, name, amount (kg), score
    """

    name: str
    vintage: str | None
    method: str
    unit: str
    displaced: str | None
    runs: int
    seed: int
    scores: pd.DataFrame
    cases: pd.DataFrame
    contributions: pd.DataFrame
    flows: pd.DataFrame
    inventories: Mapping[str, Inventory]
    background: Background | None = None
    notes: tuple[str, ...] = ()  # what a reader has to know of the scores

    def change(self, network: str = "proven") -> float:
        """Score of the plan less that of the reference; negative is a saving, NaN is not known."""
        rows = self.scores[(self.scores["network"] == network) & (self.scores["system"] == "change")]
        return float(rows["value"].iloc[0])

    def to_frame(self) -> pd.DataFrame:
        """The scores."""
        return self.scores

    def __repr__(self) -> str:
        told = ", ".join(_told(name, self.change(name), self.unit) for name in self.inventories)
        return f"<LifeCycle {self.name} ({self.vintage}), {self.method}, displaced {self.displaced or 'not stated'}: {told}>"

    def _repr_html_(self) -> str:
        return str(self.scores.to_html(index=False, notebook=True, na_rep="unknown"))


def _told(network: str, value: float, unit: str) -> str:
    return f"{network} unknown" if np.isnan(value) else f"{network} {value:+,.0f} {unit}/a"
