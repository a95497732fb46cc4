"""Alternatives: networks almost as good as the best, and what they leave no choice about."""

from __future__ import annotations

import pandas as pd
from attrs import frozen

from sivuvirta.domain.links import Links
from sivuvirta.domain.plans import Network

ROLES = ("must-have", "swappable", "never")

COUNTED = (
    "The price of doing without something or of a refusal: what the best network is worse when this is known before anything is built and "
    "the network is planned anew. `sivuvirta shock` tells what is lost when it goes after all is built and stays: more, as a rule."
)
"""How prices are counted."""


@frozen(eq=False, kw_only=True)
class Choice:
    """One link or plant: whether networks within the slack can do without it, and whether they can use it."""

    kind: str  # link | plant
    row: int  # of links.arcs or links.works
    origin: str  # id; of a plant its own
    destination: str  # id, "" of a plant
    name: str  # in words
    unit: str
    role: str  # must-have | swappable | never
    proven: bool  # whether bounds show that no network gives another role; without, the role rests on the costs that were found
    amount: float  # in the best network, units a year
    reach: float  # most that any network can have of it, whatever it costs
    least: float  # a network within the slack was found that has so little
    most: float  # and one that has so much
    least_bound: float  # no network within the slack has less
    most_bound: float  # none has more
    without: float  # cost of forbidding it, in the unit of the objective a year; inf where nothing meets all requirements then
    without_bound: float  # proven: it costs at least so much
    asked: float  # amount that forcing means, units a year
    forced: float  # cost of forcing it to that amount
    forced_bound: float  # proven: it costs at least so much


@frozen(eq=False, kw_only=True)
class Refusal:
    """What it costs the region if somebody takes no part: everything of an organisation or a site is forbidden."""

    kind: str  # organisation | site
    key: str
    name: str
    links: int  # of the best network that it closes
    plants: int
    cost: float  # in the unit of the objective a year; inf where nothing meets all requirements then
    cost_bound: float  # proven: at least so much


@frozen(eq=False, kw_only=True)
class Other:
    """A network within the slack that is as different as could be found."""

    network: Network
    cost: float  # above the best, in the unit of the objective a year
    different: float  # part of the links and plants of both that only one of them uses, 0 to 1
    text: str  # what changes, in words


@frozen(eq=False, slots=False, kw_only=True)
class Alternatives:
    """Networks within a slack of the best: what all have, what some have, what none has."""

    links: Links
    evidence: str
    objective: str
    unit: str
    best: Network
    slack: float  # part of the improvement on today
    allowed: float  # the same in the unit of the objective a year: so much worse than the best a network may be
    share: float  # of its reach: so much a link or plant must carry to be used
    choices: tuple[Choice, ...]  # dearest to forbid first, then cheapest to force
    refusals: tuple[Refusal, ...]  # dearest first
    others: tuple[Other, ...]
    solved: int  # programs with whole numbers
    seconds: float
    stopped: bool = False  # before all was asked: ranges may be wider than told
    unasked: tuple[int, int] = (0, 0)  # links and plants without a role, organisations and sites without a price
    counted: str = COUNTED

    def __repr__(self) -> str:
        region = self.links.region
        counts = ", ".join(f"{sum(choice.role == role for choice in self.choices)} {role}" for role in ROLES)
        return f"<Alternatives {region.name} ({region.vintage}), {self.evidence}, within {self.allowed:,.0f} {self.unit}/a: {counts}>"

    def role(self, role: str) -> tuple[Choice, ...]:
        """Links and plants of a role."""
        return tuple(choice for choice in self.choices if choice.role == role)

    def to_frame(self) -> pd.DataFrame:
        """One row a link or plant."""
        names = [each.name for each in Choice.__attrs_attrs__ if each.name != "row"]
        return pd.DataFrame([{name: getattr(choice, name) for name in names} for choice in self.choices], columns=names)

    def refusals_frame(self) -> pd.DataFrame:
        """One row an organisation or site that takes part in the best network."""
        names = [each.name for each in Refusal.__attrs_attrs__]
        return pd.DataFrame([{name: getattr(one, name) for name in names} for one in self.refusals], columns=names)

    def others_frame(self) -> pd.DataFrame:
        """One row a network within the slack."""
        rows = [
            {"network": number, "benefit": one.network.benefit, "cost": one.cost, "different": one.different, "text": one.text}
            for number, one in enumerate(self.others, 1)
        ]
        return pd.DataFrame(rows, columns=["network", "benefit", "cost", "different", "text"])


def unproven(found: Alternatives) -> str:
    """How many roles rest on the networks that were found, in words; nothing where bounds prove all."""
    open_ = sum(not each.proven for each in found.choices)
    if not open_:
        return ""
    rest = "role rests" if open_ == 1 else "roles rest"
    return (
        f"{open_} of {len(found.choices)} {rest} on the networks that were found; for the others bounds prove that there is no other role."
    )
