"""Matches: who can use whose stream, judged and explained."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from attrs import field, fields, frozen

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.links import Codes, Floats, Ints, Links


class Cause(IntEnum):
    """What decides a route's verdict."""

    NOTHING = 0  # nothing speaks against it
    LIMIT = 1
    LEGAL = 2
    HAZARD = 3
    MOISTURE = 4
    GRAIN = 5
    SEASON = 6
    BANNED = 7
    TEMPERATURE = 8
    CLASS = 9  # that the receiver takes such a material is an assumption


class Sample(NamedTuple):
    """What an analysis is made of: a stream, or what one plant makes of it alone."""

    stream: str
    plant: str = ""  # "" where it is the stream itself
    output: str = ""  # of that plant


class Figure(NamedTuple):
    """One figure of a sample."""

    sample: Sample
    kind: str  # total | leaching | property
    component: str


@frozen(eq=False)
class Passed:
    """What is assumed to turn out well: figures that tests would settle, and questions of routes that decisions would.

    A figure counts as measured (grade A) and within every limit that asks for it, except where it fails on the evidence at hand: no test
    undoes that. Total content is settled by the stream's own figure, also of what a plant makes of it; everything else of what a plant
    makes needs a sample of that.
    """

    figures: frozenset[Figure] = frozenset()
    answered: Mapping[Cause, frozenset[int]] = field(
        factory=lambda: MappingProxyType({})
    )  # routes whose open question of that cause passes

    def __bool__(self) -> bool:
        return bool(self.figures) or any(self.answered.values())

    def __or__(self, other: Passed) -> Passed:
        causes = {*self.answered, *other.answered}
        both = {cause: self.answered.get(cause, frozenset()) | other.answered.get(cause, frozenset()) for cause in causes}
        return Passed(self.figures | other.figures, MappingProxyType(both))


NOTHING_PASSED = Passed()
"""Nothing is assumed: what is known counts."""


@frozen(eq=False)
class Routes:
    """Ways from a stream to a need, direct or through one plant. Shape (routes,). Money and carbon are per unit (t dry) of stream."""

    stream: Ints  # row of links.nodes
    need: Ints  # row of links.nodes
    plant: Ints  # row of links.works, -1 for a direct route
    arc_in: Ints  # row of links.arcs: the DIRECT arc, or the FEED arc
    arc_out: Ints  # row of links.arcs: the DELIVER arc, -1 for a direct route
    delivered: Floats  # units reaching the need per unit of stream (1, or eta of the output)
    km: Floats  # whole way
    verdict: Codes  # Verdict
    cause: Codes  # Cause of the verdict
    limit: Ints  # row of the region's `limits` that decides, -1 where none does
    value: Floats  # u or l of the stream against that limit, in the limit's unit, NaN where unknown
    bound: Floats  # the limit's figure, NaN where none decides
    grade: Codes  # worst evidence grade of what decides
    gain: Floats  # EUR to the region; what nobody knows of today's outlet counts as 0, `match.to_frame` tells it as unknown
    gain_low: Floats
    gain_high: Floats
    netback: Floats  # EUR that reach the donor's gate at the need's stated price; without a price the most it could be
    netback_low: Floats
    netback_high: Floats
    priced: npt.NDArray[np.bool_]  # False: no price is stated, netback is an upper bound
    carbon: Floats  # kg CO2e, negative is a saving
    carbon_low: Floats
    carbon_high: Floats
    lawful: Floats = field()  # units a year beyond which no legal path is open with as little doubt, inf where not limited

    @lawful.default
    def _lawful(self) -> Floats:
        return np.full(len(self.stream), np.inf)

    def __len__(self) -> int:
        return len(self.stream)


@frozen(eq=False)
class Chains:
    """Routes of two and more plants: the best of each stream and need, and the next best through other plants. Shape (chains,) unless said.

    The steps of chain i are `start[i] : start[i + 1]`. Figures are as in `Routes`.
    """

    stream: Ints  # row of links.nodes
    need: Ints  # row of links.nodes
    start: Ints  # (chains + 1,)
    plant: Ints  # (steps,) row of links.works
    arc: Ints  # (steps,) row of links.arcs: into each plant
    output: Ints  # (steps,) row of links.works.outputs: what goes on
    arc_out: Ints  # row of links.arcs: out of the last plant to the need
    rank: Ints  # 0 for the best route of its stream and need
    delivered: Floats  # units reaching the need per unit of stream
    km: Floats
    verdict: Codes  # worst of all steps
    cause: Codes
    limit: Ints
    value: Floats  # as it reaches the need
    bound: Floats
    grade: Codes
    gain: Floats
    gain_low: Floats
    gain_high: Floats
    netback: Floats
    netback_low: Floats
    netback_high: Floats
    priced: npt.NDArray[np.bool_]
    carbon: Floats
    carbon_low: Floats
    carbon_high: Floats
    labels: int = 0  # partial routes that the search went on from
    lawful: Floats = field()  # units of stream a year beyond which no legal path is open with as little doubt, inf where not limited

    @lawful.default
    def _lawful(self) -> Floats:
        return np.full(len(self.stream), np.inf)

    def __len__(self) -> int:
        return len(self.stream)

    def steps(self, chain: int) -> slice:
        """Where the steps of a chain are."""
        return slice(int(self.start[chain]), int(self.start[chain + 1]))

    @classmethod
    def none(cls) -> Chains:
        """No routes of several steps."""
        kinds = {"Ints": np.int32, "Codes": np.int8, "Floats": np.float64}
        names = {each.name: str(each.type) for each in fields(cls) if each.name != "labels"}
        columns: dict[str, Any] = {name: np.zeros(0, dtype=kinds.get(kind, bool)) for name, kind in names.items()}
        return cls(**{**columns, "start": np.zeros(1, dtype=np.int32)})


@frozen(eq=False)
class Specs:
    """Limits that a blend may meet, as rows sum(coefficient x flow) <= 0 over the routes into one need (P3, P6).

    The flow of a route is what leaves its stream; coefficients are scaled by the limit, so they are pure numbers.
    Only limits that some admissible route breaks alone are here: the others cannot bind.
    """

    need: Ints  # (specs,) row of links.nodes
    limit: Ints  # (specs,) row of the region's `limits`
    row: Ints  # (entries,) position in `need`
    route: Ints  # (entries,) position in routes
    coefficient: Floats  # (entries,) (u - L)/L for maxima, (L - l)/L for minima, times what is delivered
    middle: Floats  # (entries,) the same with (l + u)/2 in place of the bound; as `coefficient` where there is no range
    arc: Ints = field()  # (specs,) row of links.arcs on which a plant hands over as a class that has the limit, -1 for a need's own limit

    @arc.default
    def _of_need(self) -> Ints:
        return np.full(len(self.need), -1, dtype=np.int32)

    def label(self, links: Links, row: int) -> str:
        """Name of a row, for example "road,cd_road", or "crusher.rock:first,road,cd_first" for the class of a product."""
        ends = f"{links.nodes.id[self.need[row]]},{links.region.table('limits')['limit'][self.limit[row]]}"
        return ends if self.arc[row] < 0 else f"{links.handed_over(int(self.arc[row]))},{ends}"


@frozen(kw_only=True)
class Check:
    """One check of one route, with what it found."""

    subject: str  # limit | law | hazard | class | moisture | grain | temperature | season | recipe
    verdict: Verdict
    text: str  # in a sentence
    missing: str = ""  # the test or decision that would settle it, "" where nothing is missing
    limit: str | None = None  # limit id
    component: str | None = None
    low: float = float("nan")  # the figure at its lowest, in `unit`
    high: float = float("nan")  # at its highest
    value: float = float("nan")  # the figure at its worse end, which is compared with the bound
    bound: float = float("nan")  # the limit's figure
    minimum: bool = False  # the bound is a lower one
    unit: str = ""
    gap: float = float("nan")  # by how much the worse end misses the bound, in `unit`; negative within it
    gap_share: float = float("nan")  # the same in per cent of the bound
    grade: Grade = Grade.A  # of the figure
    limit_grade: Grade | None = None
    verified: bool | None = None  # whether the limit or rule was read in the law
    sources: tuple[str, ...] = ()
    conditions: str = ""  # on which the need takes the material


@frozen(eq=False, slots=False)
class Matches:
    """All routes of a region with their verdicts."""

    links: Links
    routes: Routes
    specs: Specs
    passed: Passed = NOTHING_PASSED  # what was assumed beside what is known
    chains: Chains = field(factory=Chains.none)  # routes of several steps, where they were asked for

    def every(self, column: str) -> Any:
        """A column that `routes` and `chains` share, with routes of several steps behind the others. Shape (routes + chains,)."""
        return np.concatenate([getattr(self.routes, column), getattr(self.chains, column)])

    def plants(self, route: int) -> Ints:
        """Rows of links.works that a route passes, in order; those of several steps are numbered behind the others."""
        if route >= len(self.routes):
            return self.chains.plant[self.chains.steps(route - len(self.routes))]
        return self.routes.plant[route : route + 1][self.routes.plant[route : route + 1] >= 0]

    def arcs(self, route: int) -> Ints:
        """Rows of links.arcs that a route takes, in order."""
        if route >= len(self.routes):
            chain = route - len(self.routes)
            return np.append(self.chains.arc[self.chains.steps(chain)], self.chains.arc_out[chain])
        taken = np.array([self.routes.arc_in[route], self.routes.arc_out[route]])
        return taken[taken >= 0]

    def __repr__(self) -> str:
        several = f", {len(self.chains)} of several steps" if len(self.chains) else ""
        return f"<Matches {self.links.region.name}: {len(self.routes)} routes{several}>"
