"""Pooling problems: flows that meet in pools, where they take one composition, and what a solver says of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from attrs import field, frozen

from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import Floats, Ints, Texts
from sivuvirta.domain.options import number_option, word_option
from sivuvirta.domain.plans import Plan
from sivuvirta.errors import ShapeError

METHODS = ("auto", "scip", "mccormick")
"""How a pooling problem is solved: by SCIP, by piecewise McCormick envelopes on HiGHS, or by the first of them that is installed."""

KINDS = ("input", "pool", "output")
"""What a node of a pooling problem may be."""


@frozen(eq=False)
class PoolingNodes:
    """Nodes. Amounts in one unit of flow, shape (nodes,)."""

    name: Texts
    kind: Texts  # input | pool | output
    low: Floats  # at least this much leaves an input, passes a pool or arrives at an output
    high: Floats  # at most
    price: Floats  # per unit: paid for an input, for treatment in a pool, earned at an output (then below zero)


@frozen(eq=False)
class PoolingQualities:
    """Qualities, which mix by amount. Shape (nodes, qualities); NaN where a node has none."""

    name: Texts
    value: Floats  # of inputs
    low: Floats  # of what outputs, or pools, take
    high: Floats
    removed: Floats  # by pools, as a part of what enters: 0 mixes only, 0.95 treats
    added: Floats  # by pools, in units of amount times quality, whatever passes


@frozen(eq=False)
class PoolingArcs:
    """Ways from node to node. Shape (arcs,)."""

    origin: Ints  # position of the node
    destination: Ints
    high: Floats
    price: Floats  # per unit


@frozen(eq=False)
class PoolingProblem:
    """Inputs of known quality, pools in which they mix, outputs with limits: which flows are the cheapest."""

    name: str
    unit: str  # of the objective
    nodes: PoolingNodes
    qualities: PoolingQualities
    arcs: PoolingArcs

    def __attrs_post_init__(self) -> None:
        """Refuses arrays that do not belong together."""
        shape = len(self.nodes.name), len(self.qualities.name)
        tables = (self.qualities.value, self.qualities.low, self.qualities.high, self.qualities.removed, self.qualities.added)
        if any(table.shape != shape for table in tables):
            raise ShapeError(f"Qualities of pooling problem '{self.name}' need tables of shape {shape}.")

    def of(self, kind: str) -> Ints:
        """Positions of the nodes of a kind."""
        return np.flatnonzero(self.nodes.kind == kind).astype(np.int32)


@frozen(eq=False)
class Progress:
    """Where a solve stands."""

    seconds: float
    incumbent: float  # the best answer known; infinite where there is none
    bound: float  # no answer can be below
    step: str


Watch = Callable[[Progress], None]
"""Is told each time that the incumbent or the bound has changed."""


@frozen(kw_only=True)
class PoolingOptions:
    """How a pooling problem is solved.

    Raises:
        OptionError: an option has a value that it cannot have.
    """

    method: str = field(default="auto", validator=word_option(METHODS))
    gap: float = field(default=1e-4, validator=number_option("parts of the objective", 0, most=1))
    time_limit: float = field(default=300.0, validator=number_option("seconds", 0, beyond=True, endless=True))
    threads: int = field(default=0, validator=number_option("threads", 0))  # 0: as many as the solver likes
    watch: Watch | None = field(default=None, eq=False, repr=False)


@frozen(eq=False, slots=False)
class PooledPlan:
    """The best network in which every output of a plant that mixes has one composition, beside the plan that keeps batches apart."""

    plan: Plan  # one composition an output
    batches: Plan  # the same without that; its objective bounds that of `plan`
    compositions: pd.DataFrame  # plant, output, input, amount (that entered a year), unit, share, network: proven or potential
    limits: pd.DataFrame  # need, limit, component, bound, value of the mix that the need gets, unit, network

    @property
    def ledger(self) -> Ledger:
        """The planned ledger of the potential network."""
        return self.plan.ledger

    @property
    def cost_of_mixing(self) -> float:
        """What it costs that the plants cannot keep batches apart: objective of the proven network less that in batches, at least 0."""
        return self.plan.proven.objective - self.batches.proven.objective

    def __repr__(self) -> str:
        return f"{self.plan!r}, pooled; {self.cost_of_mixing:,.0f} less than in batches"


@frozen(eq=False)
class PoolingAnswer:
    """The best flows found, with what is proven of them."""

    problem: PoolingProblem
    status: str  # optimal | feasible | infeasible | unknown
    objective: float  # of the answer; infinite where there is none
    bound: float  # no answer can be below
    gap: float  # of the objective
    seconds: float
    method: str
    flow: Floats  # (arcs,)
    quality: Floats  # (nodes, qualities): what leaves inputs and pools and arrives at outputs; NaN where nothing flows

    @property
    def found(self) -> bool:
        """Whether there is an answer."""
        return self.status in {"optimal", "feasible"}

    def flows(self) -> pd.DataFrame:
        """Arcs that are used: origin, destination, amount."""
        problem, used = self.problem, np.flatnonzero(self.flow > 0)
        return pd.DataFrame(
            {
                "origin": problem.nodes.name[problem.arcs.origin[used]],
                "destination": problem.nodes.name[problem.arcs.destination[used]],
                "amount": self.flow[used],
            }
        )

    def compositions(self) -> pd.DataFrame:
        """Quality of what leaves pools and arrives at outputs, with the limits there: node, kind, quality, value, low, high."""
        nodes, qualities = self.problem.nodes, self.problem.qualities
        places = np.flatnonzero(nodes.kind != "input")
        rows = [
            (nodes.name[n], nodes.kind[n], qualities.name[k], self.quality[n, k], qualities.low[n, k], qualities.high[n, k])
            for n in places
            for k in range(len(qualities.name))
        ]
        return pd.DataFrame(rows, columns=["node", "kind", "quality", "value", "low", "high"])
