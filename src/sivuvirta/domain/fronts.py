"""Fronts: networks of which none is better than another at everything that is asked for."""

from __future__ import annotations

import pandas as pd
from attrs import frozen

from sivuvirta.domain.links import Links
from sivuvirta.domain.plans import Network


@frozen(eq=False, kw_only=True)
class FrontPoint:
    """One network of a front."""

    network: Network
    gains: tuple[float, ...]  # against today, of each objective in its unit; more is better
    gap: float  # proven: part of the first objective that a better network within the same limits might still gain
    end_of: str = ""  # the objective of which it is the best, "" between the ends
    knee: bool = False  # where giving more of one begins to bring little of the others


@frozen(eq=False, kw_only=True)
class FrontChange:
    """What differs between two neighbouring points."""

    before: int  # number of the point, from 0
    after: int
    what: str  # built | dropped | opened | closed | more | less
    kind: str  # plant | link
    name: str
    amount: float  # change, units a year
    unit: str
    row: int = -1  # of links.works or links.arcs; -1 where nobody says

    @property
    def text(self) -> str:
        """In words."""
        if self.kind == "plant":
            return f"{self.what}: {self.name}"
        return f"{self.what}: {self.name} ({self.amount:+,.0f} {self.unit}/a)"


@frozen(eq=False, slots=False, kw_only=True)
class Front:
    """Networks between the best at one objective and the best at another, with what changes along them."""

    links: Links
    evidence: str  # "proven" | "potential"
    objectives: tuple[str, ...]
    units: tuple[str, ...]  # of each gain, a year ("EUR" of investment)
    labels: tuple[str, ...]  # of each gain in words
    points: tuple[FrontPoint, ...]  # best at the first objective first
    changes: tuple[FrontChange, ...]
    picture: str  # SVG
    solved: int  # programs
    seconds: float

    def __len__(self) -> int:
        return len(self.points)

    def __repr__(self) -> str:
        region = self.links.region
        return f"<Front {region.name} ({region.vintage}), {self.evidence}: {len(self)} networks between {' and '.join(self.objectives)}>"

    def _repr_html_(self) -> str:
        table = self.to_frame().to_html(index=False, notebook=True, float_format=lambda number: f"{number:,.0f}")
        return f"<div>{self.picture}{table}</div>"

    @property
    def knee(self) -> FrontPoint | None:
        """The point where giving more of one objective begins to bring little of the others; None with fewer than three points."""
        return next((point for point in self.points if point.knee), None)

    def to_frame(self) -> pd.DataFrame:
        """One row a point: gain in each objective against today (more is better), plants built, links in use, proven gap."""
        rows = []
        for number, point in enumerate(self.points):
            gains = dict(zip(self.objectives, point.gains, strict=True))
            built = point.network.ledger.operations.built
            nodes, works = self.links.nodes, self.links.works
            rows.append(
                {
                    "point": number,
                    **gains,
                    "plants": "; ".join(str(nodes.id[works.node[work]]) for work in range(len(works)) if built[work]),
                    "capex": point.network.ledger.invested,
                    "end_of": point.end_of,
                    "knee": point.knee,
                    "gap": point.gap,
                }
            )
        return pd.DataFrame(rows, columns=["point", *self.objectives, "plants", "capex", "end_of", "knee", "gap"])

    def table(self) -> pd.DataFrame:
        """What changes from each point to the next, one row a plant or link."""
        names = ("before", "after", "what", "kind", "name", "amount", "unit", "text")
        return pd.DataFrame([{name: getattr(change, name) for name in names} for change in self.changes], columns=list(names))
