"""Networks of flows between sites, organisations, sectors or nodes, and what their shape and flows amount to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from attrs import field, frozen

from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import Floats
from sivuvirta.errors import OptionError, ShapeError, UnknownNameError

LEVELS = ("site", "organisation", "sector", "node")
"""What a node of a network may be."""

NO_CLAIM = "no difference can be claimed"
"""What is said of a difference whose range includes zero."""

_ROUNDING = 1e-9  # relative: figures that differ by less are one


@frozen(eq=False)
class FlowNetwork:
    """Flows of one unit among n nodes and across the border, as in ecological network analysis.

    Imports come from outside, exports leave usable, dissipation leaves lost to use. All are at least 0.
    """

    names: tuple[str, ...]
    internal: Floats  # (n, n): from row to column; the diagonal is what a node hands to itself
    imports: Floats  # (n,)
    exports: Floats  # (n,)
    dissipation: Floats  # (n,)

    def __attrs_post_init__(self) -> None:
        """Refuses arrays that do not belong together."""
        n = len(self.names)
        borders = (self.imports, self.exports, self.dissipation)
        if self.internal.shape != (n, n) or any(each.shape != (n,) for each in borders):
            raise ShapeError(f"A network of {n} nodes needs internal flows of shape ({n}, {n}) and border flows of shape ({n},).")
        flows = np.concatenate([self.internal.ravel(), *borders])
        if not np.isfinite(flows).all() or (flows < 0).any():
            raise ShapeError("Flows of a network are numbers of 0 or more; turn a negative flow round, and leave out what is not known.")

    def __len__(self) -> int:
        return len(self.names)

    @property
    def inflow(self) -> Floats:
        """What each node takes in, imports included. Shape (n,)."""
        taken: Floats = self.internal.sum(axis=0) + self.imports
        return taken

    @property
    def outflow(self) -> Floats:
        """What leaves each node, exports and dissipation included. Shape (n,)."""
        given: Floats = self.internal.sum(axis=1) + self.exports + self.dissipation
        return given

    @property
    def throughput(self) -> float:
        """Sum of all flows: Ulanowicz's total system throughput."""
        return float(self.internal.sum() + self.imports.sum() + self.exports.sum() + self.dissipation.sum())


@frozen(eq=False, slots=False)
class NetworkFigures:
    """One ledger as a network.

    Columns of the tables:
        indicators: indicator, label, value, mean (of the draws), low, high (5 and 95 %), unit, grade, formula, inputs, source, unknown
            (why there is no value, or no range, or what is not in it), bound (at least | known part, where the value is of the known
            flows alone)
        flows: arc (row of links.arcs of the ledger) that counts, origin and destination (node, "" outside)
        nodes: node, name, takes_from and gives_to (how many others), degree, takes, gives, betweenness, betweenness_by_flow
    """

    name: str  # of the ledger
    vintage: str
    network: FlowNetwork | None  # the known part of it; None where nothing is known
    indicators: pd.DataFrame
    nodes: pd.DataFrame
    draws: pd.DataFrame = field(repr=False)  # indicators by draw, common to the ledgers of one vintage
    notes: tuple[str, ...] = ()  # what was left out, closed or unknown, in words
    ledger: Ledger | None = field(default=None, repr=False)  # that was measured; None where nothing is known
    flows: pd.DataFrame = field(factory=lambda: pd.DataFrame(columns=["arc", "origin", "destination"]), repr=False)

    def __getitem__(self, indicator: str) -> float:
        """Value of an indicator."""
        rows = self.indicators[self.indicators["indicator"] == indicator]
        if not len(rows):
            raise UnknownNameError(f"There is no indicator '{indicator}'. There are: {', '.join(self.indicators['indicator'])}.")
        return float(rows["value"].iloc[0])

    def bound(self, indicator: str) -> str:
        """At least or known part, where the value of an indicator is of the known flows alone; else ""."""
        rows = self.indicators[self.indicators["indicator"] == indicator]
        return str(rows["bound"].iloc[0]) if len(rows) else ""


@frozen(eq=False, slots=False)
class NetworkMetrics:
    """Ledgers as networks, beside each other."""

    level: str
    unit: str
    networks: tuple[NetworkFigures, ...]
    silent: Mapping[tuple[str, str], str] = field(factory=dict, repr=False)  # by the columns from and to: what one of them tells nothing of

    @property
    def columns(self) -> tuple[str, ...]:
        """A name for each network: the ledger's, with the vintage where there are several."""
        several = len({each.vintage for each in self.networks}) > 1
        return tuple(f"{each.name} {each.vintage}" if several else each.name for each in self.networks)

    def __getitem__(self, name: str) -> NetworkFigures:
        """A network by the name of its ledger."""
        for column, found in zip(self.columns, self.networks, strict=True):
            if column == name:
                return found
        raise UnknownNameError(f"There is no network '{name}'. There are: {', '.join(self.columns)}.")

    def to_frame(self) -> pd.DataFrame:
        """All indicators of all networks, one row each: network, vintage, then as in `indicators`."""
        parts = [
            found.indicators.assign(network=column, vintage=found.vintage)
            for column, found in zip(self.columns, self.networks, strict=True)
        ]
        table = pd.concat(parts, ignore_index=True)
        return table[["network", "vintage", *(name for name in table.columns if name not in ("network", "vintage"))]]

    def trend(self, first: str | None = None) -> pd.DataFrame:
        """Every network beside one of them.

        Args:
            first: the network the others are compared with; the first one without it.

        Returns:
            One row an indicator and other network: indicator, label, unit, from, to, before, after, difference, mean, low, high (of the
            draws of the difference, 5 and 95 %; streams of one vintage share their draws, those of two are independent), alarm (no
            difference can be claimed: its range includes zero), grade (the worse of both), unknown (streams of which one of the two
            registers tells no amount: the difference is then of what is told; "" without). Of known parts the difference is unknown.

        Raises:
            OptionError: there is only one network.
        """
        if len(self.networks) < 2:
            raise OptionError("A trend needs two networks or more: give a plan, or several ledgers.")
        name = first or self.columns[0]
        before = self[name]
        others = [(column, after) for column, after in zip(self.columns, self.networks, strict=True) if column != name]
        rows = [_differences(name, before, column, after).assign(unknown=self.silent.get((name, column), "")) for column, after in others]
        return pd.concat(rows, ignore_index=True)

    def __repr__(self) -> str:
        return f"<NetworkMetrics by {self.level} in {self.unit}: {', '.join(self.columns)}>"

    def _repr_html_(self) -> str:
        wide = self.to_frame().pivot_table(index=["label", "unit"], columns="network", values="value", sort=False)
        return str(wide.to_html(float_format=lambda number: f"{number:,.3g}" if abs(number) < 100 else f"{number:,.0f}", na_rep=""))


def _differences(name: str, before: NetworkFigures, column: str, after: NetworkFigures) -> pd.DataFrame:
    told = before.indicators
    first, second = (each.indicators["value"].to_numpy(dtype=np.float64) for each in (before, after))
    partial = (before.indicators["bound"] != "").to_numpy() | (after.indicators["bound"] != "").to_numpy()
    difference = np.where(partial, np.nan, second - first)  # of two known parts nobody knows what of it is a change
    drawn = [after.draws[key] - before.draws[key] for key in told["indicator"]]
    low, high = bounds(drawn, difference)
    moved = np.abs(difference) > _ROUNDING * np.maximum(np.abs(first), np.abs(second))
    return pd.DataFrame(
        {
            "indicator": told["indicator"],
            "label": told["label"],
            "unit": told["unit"],
            "from": name,
            "to": column,
            "before": first,
            "after": second,
            "difference": difference,
            "mean": means(drawn, difference),
            "low": low,
            "high": high,
            "alarm": moved & (low < high) & (low <= 0.0) & (high >= 0.0),
            "grade": [max(pair) for pair in zip(told["grade"], after.indicators["grade"], strict=True)],
        }
    )


def bounds(draws: Sequence[pd.Series], values: Floats) -> tuple[Floats, Floats]:
    """5 and 95 % points of each figure among its draws.

    A figure without a value or with an unknown draw has no range.
    """
    tail = 0.05
    ends = np.full((2, len(values)), np.nan)
    for at, found in _whole(draws, values):
        ends[:, at] = np.quantile(found, (tail, 1 - tail))
    return ends[0], ends[1]


def means(draws: Sequence[pd.Series], values: Floats) -> Floats:
    """Mean of each figure among its draws; NaN where it has no range."""
    mean = np.full(len(values), np.nan)
    for at, found in _whole(draws, values):
        mean[at] = found.mean()
    return mean


def _whole(draws: Sequence[pd.Series], values: Floats) -> Iterator[tuple[int, Floats]]:
    """Figures that have a value and of which every draw is known, with their draws."""
    for at, series in enumerate(draws):
        found = series.to_numpy(dtype=np.float64)
        if len(found) and np.isfinite(values[at]) and np.isfinite(found).all():
            yield at, found
