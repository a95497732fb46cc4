"""Structures: sets of plants that may be built, and ways that may be paid, each with the best that it can do."""

from __future__ import annotations

import pandas as pd
from attrs import frozen

from sivuvirta.domain.links import Links
from sivuvirta.domain.plans import Network


@frozen(eq=False, kw_only=True)
class Structure:
    """A set of plants that are built; nothing else is."""

    rank: int  # 1 is the best
    built: tuple[str, ...]  # ids of the candidates that stand; ways with a fixed cost as "origin > destination"
    idle: tuple[str, ...]  # those of them that do nothing
    network: Network  # the best with exactly these plants
    loss: float  # against the best structure, in the unit of the objective a year; NaN where they differ in what goes nobody knows where
    bound: float  # no structure that is not among the better ones has an objective below it
    gap: float  # part of the benefit by which the rank is not proven
    added: tuple[str, ...]  # against the best structure
    dropped: tuple[str, ...]


@frozen(eq=False, slots=False, kw_only=True)
class Structures:
    """The best structures in order."""

    links: Links
    evidence: str
    objective: str
    unit: str
    found: tuple[Structure, ...]  # best first
    complete: bool  # there are no others
    candidates: int  # plants that may be built
    seconds: float

    def __len__(self) -> int:
        return len(self.found)

    def __repr__(self) -> str:
        region = self.links.region
        told = "all there are" if self.complete else f"of up to 2^{self.candidates}"
        return f"<Structures {region.name} ({region.vintage}), {self.evidence}: the best {len(self)}, {told}>"

    def to_frame(self) -> pd.DataFrame:
        """One row a structure, best first."""
        rows = [
            {
                "rank": one.rank,
                "benefit": one.network.benefit,
                "loss": one.loss,
                "unit": f"{self.unit}/a",
                "plants": len(one.built),
                "capex": one.network.ledger.invested,
                "added": "; ".join(one.added),
                "dropped": "; ".join(one.dropped),
                "idle": "; ".join(one.idle),
                "built": "; ".join(one.built),
                "gap": one.gap,
            }
            for one in self.found
        ]
        columns = ["rank", "benefit", "loss", "unit", "plants", "capex", "added", "dropped", "idle", "built", "gap"]
        return pd.DataFrame(rows, columns=columns)
