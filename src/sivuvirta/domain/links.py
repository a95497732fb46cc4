"""Links: the candidate arcs of a region with their coefficients per unit sent.

Computed once per region and vintage. Match judges its rows, plan optimises over them, assess multiplies ledgers by them: one set of
coefficients, so that no two figures can contradict each other. Costs and emissions are positive, earnings and savings negative.
Amounts are in the canonical unit of the carrier: t dry, MWh, m3, per year. Positions of -1 mean "none".
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from sivuvirta.domain.paths import Paths, RoadTrees
from sivuvirta.domain.region import Region

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Codes = npt.NDArray[np.int8]
Texts = npt.NDArray[Any]
Flags = npt.NDArray[np.bool_]


class NodeKind(IntEnum):
    """Kinds of node; the value is the order in which nodes are numbered."""

    STREAM = 0
    PLANT = 1
    NEED = 2
    FATE = 3
    PRODUCT = 4


class ArcKind(IntEnum):
    """Kinds of arc, by what they join."""

    DIRECT = 0  # stream -> need
    FEED = 1  # stream -> plant
    DELIVER = 2  # plant -> need
    FATE = 3  # stream -> fate (today's outlets)
    RESIDUE = 4  # plant -> fate
    BUY = 5  # product -> need: primary product still bought
    REAGENT = 6  # product -> plant
    PASS = 7  # plant -> plant: an output that another plant takes; routes of several steps only


EUR_TERMS = ("transport", "handling", "fee", "tax", "revenue", "purchase", "gate")
"""Cash terms of an arc, EUR per unit. `revenue` is negative. `gate` is a stream's value forgone at its gate."""

CO2_TERMS = ("transport", "outlet", "displaced", "purchase")
"""Emission terms of an arc, kg CO2e per unit. `displaced` is negative: product that an outlet outside the region replaces."""

WORK_EUR_TERMS = ("opex", "energy")
"""Cash terms of a plant, EUR per unit of activity."""

WORK_CO2_TERMS = ("process", "energy")
"""Emission terms of a plant, kg CO2e per unit of activity."""


@frozen(eq=False)
class Nodes:
    """Ends of arcs, ordered by kind, then as in the region's tables. Shape (nodes,)."""

    id: Texts  # the row's key in its table, for example "gld"; unique within a kind
    kind: Codes  # NodeKind
    name: Texts
    site: Texts  # site id or None
    organisation: Texts  # organisation id or None: who pays and earns
    carrier: Texts  # solid, fuel, heat ... ("" for products of several)
    unit: Texts  # unit a year without "/a": t, MWh, m3
    lat: Floats  # degrees, NaN where unknown
    lon: Floats

    def label(self, row: int) -> str:
        """Name with its kind, unique over all nodes, for example "stream:gld"."""
        return f"{NodeKind(self.kind[row]).name.lower()}:{self.id[row]}"

    def find(self, kind: NodeKind, key: str) -> int:
        """Row of a node.

        Raises:
            KeyError: there is none.
        """
        rows = np.flatnonzero((self.kind == kind) & (self.id == key))
        if len(rows) == 0:
            raise KeyError(key)
        return int(rows[0])


@frozen(eq=False, kw_only=True)
class Known:
    """How sure the money and the emission of rows are. Shape (rows,)."""

    grade: Codes  # worst grade of the coefficients, money and emission; of plants that of recipe, technology and energy as far as known
    grade_eur: Codes = field()  # worst grade of what its money rests on; D where a coefficient in use is not known
    grade_co2: Codes = field()  # the same of its emission
    unknown_eur: Flags = field()  # a coefficient of the money is not known and counts as 0
    unknown_co2: Flags = field()  # the same of the emission

    @grade_eur.default
    def _grade_eur(self) -> Codes:
        return self.grade

    @grade_co2.default
    def _grade_co2(self) -> Codes:
        return self.grade

    @unknown_eur.default
    def _unknown_eur(self) -> Flags:
        return np.zeros(len(self.grade), dtype=bool)

    @unknown_co2.default
    def _unknown_co2(self) -> Flags:
        return np.zeros(len(self.grade), dtype=bool)


@frozen(eq=False)
class Arcs(Known):
    """Candidate flows with coefficients per unit (t dry, MWh or m3). Shape (arcs,) unless said."""

    kind: Codes  # ArcKind
    origin: Ints  # row of nodes
    destination: Ints  # row of nodes
    slot: Ints  # row of works.slots for FEED, REAGENT and PASS, else -1
    output: Ints  # row of works.outputs for DELIVER, RESIDUE and PASS, else -1
    acceptance: Ints  # row of the region's acceptances for DIRECT and DELIVER, else -1
    material: Ints  # position in links.materials
    ratio: Floats  # e_a, need units per unit sent; 1 for BUY, NaN where the destination is no need
    sent: Floats  # m_a, t as sent per t dry; 1 for what is not solid
    km: Floats  # length of the haul, 0 within a site
    mode: npt.NDArray[np.int16]  # position in links.modes, -1 where nothing is carried; of the main haul where trucks bring to it
    pair: Ints  # row of paths, -1 where no road is used
    tkm: Floats  # tonne-kilometres (as sent) per unit, all modes; 0 for what is not hauled
    trips: Floats  # loaded vehicle trips on roads per unit
    eur: Floats  # (arcs, EUR_TERMS)
    eur_sd: Floats  # standard deviation of each, (arcs, EUR_TERMS)
    co2: Floats  # (arcs, CO2_TERMS)
    co2_sd: Floats  # (arcs, CO2_TERMS)
    payment: Floats  # EUR per unit from the destination's to the origin's organisation; cancels in the region's sum
    capacity: Floats  # most a year, inf where not limited
    today: Floats  # flow of the reference ledger, units a year
    share_low: Floats  # least share of the destination's intake (0..1), NaN where none
    share_high: Floats  # largest share of the destination's intake (0..1), NaN where none
    grade_km: Codes  # grade of the distance alone
    unknown_displaced: Flags = field()  # what it replaces outside the region is not known and counts as 0; `unknown_co2`: what it emits
    capacity_group: Ints = field()  # row of `links` whose capacity all its arcs share, -1 where none

    @unknown_displaced.default
    def _unknown_displaced(self) -> Flags:
        return np.zeros(len(self.kind), dtype=bool)

    @capacity_group.default
    def _no_group(self) -> Ints:
        return np.full(len(self.kind), -1, dtype=np.int32)

    fixed_group: Ints = field()  # row of `links.ways` whose fixed cost is paid if any of its arcs is used, -1 where none

    @fixed_group.default
    def _no_fixed(self) -> Ints:
        return np.full(len(self.kind), -1, dtype=np.int32)

    feeder: npt.NDArray[np.int16] = field()  # truck to and from the terminals of a train or ship, position in links.modes, -1 where none
    feeder_km: Floats = field()  # of `km` that the truck goes, both legs
    feeder_legs: Codes = field()  # ways by truck, 1 or 2; 0 where there is no terminal

    @feeder.default
    def _feeder(self) -> npt.NDArray[np.int16]:
        return np.full(len(self.kind), -1, dtype=np.int16)

    @feeder_km.default
    def _feeder_km(self) -> Floats:
        return np.zeros(len(self.kind))

    @feeder_legs.default
    def _feeder_legs(self) -> Codes:
        return np.zeros(len(self.kind), dtype=np.int8)

    @property
    def loads(self) -> Floats:
        """Loaded vehicles per unit on each road that its way uses: trips, less those of the other leg. Shape (arcs,)."""
        return np.asarray(self.trips / np.maximum(self.feeder_legs, 1), dtype=float)

    @property
    def vehicle(self) -> npt.NDArray[np.int16]:
        """Mode of what goes by road: the truck to a terminal, or the mode itself. Shape (arcs,)."""
        return np.where(self.feeder >= 0, self.feeder, self.mode).astype(np.int16)

    @property
    def vehicle_km(self) -> Floats:
        """Loaded vehicle-kilometres on roads per unit. Shape (arcs,)."""
        return np.asarray(np.nan_to_num(self.loads) * np.where(self.feeder_legs > 0, self.feeder_km, np.nan_to_num(self.km)), dtype=float)

    arriving: Floats = field()  # share of what is sent that arrives, below 1 for heat that is lost on the way; `ratio` has it in it
    cooling: Floats = field()  # K between the temperature sent and the one that can be used there; NaN where not known

    @arriving.default
    def _arriving(self) -> Floats:
        return np.ones(len(self.kind))

    @cooling.default
    def _cooling(self) -> Floats:
        return np.zeros(len(self.kind))

    capex: Floats = field()  # EUR of investment per unit a year, in what grows with the flow of a new pipe; 0 elsewhere

    @capex.default
    def _capex(self) -> Floats:
        return np.zeros(len(self.kind))

    def __len__(self) -> int:
        return len(self.kind)


@frozen(eq=False)
class WayCosts:
    """What ways cost if they are used at all: rows of table `links`, then pipes, cables and belts that are not there yet. Shape (ways,)."""

    origin: Texts  # node, site, place or zone
    destination: Texts
    mode: Ints  # position in links.modes of what is newly laid, -1 for a row of `links`
    km: Floats  # 0 for a row of `links`
    fixed: Floats  # EUR/a: a fixed cost that a row of `links` states, or annuity and upkeep of `capex`
    capex: Floats  # EUR of investment, whatever flows
    grade: Codes

    @classmethod
    def stated(cls, region: Region) -> WayCosts:
        """Those of table `links` alone."""
        if "links" not in region.tables:
            nobody, empty = np.zeros(0, dtype=object), np.zeros(0)
            return cls(nobody, nobody, empty.astype(np.int32), empty, empty, empty, empty.astype(np.int8))
        table = region.table("links")
        count = len(table)
        none, nothing = np.full(count, -1, dtype=np.int32), np.zeros(count)
        fixed: Floats = np.nan_to_num(table["fixed_cost"].astype(float))
        return cls(table["origin"], table["destination"], none, nothing, fixed, nothing, np.full(count, 3, dtype=np.int8))

    def __len__(self) -> int:
        return len(self.fixed)


@frozen(eq=False)
class Slots:
    """Input slots of plants. Shape (slots,)."""

    plant: Ints  # row of works
    name: Texts
    low: Floats  # rlo, amount per unit of activity
    high: Floats  # rhi
    feed: npt.NDArray[np.bool_]  # takes streams (else reagent, water, energy only)


@frozen(eq=False)
class Outputs:
    """Outputs of plants. Shape (outputs,)."""

    plant: Ints  # row of works
    name: Texts
    kind: Texts  # product, coproduct, residue, emission, loss, unaccounted
    material: Ints  # position in links.materials
    status: Texts  # legal status of the output


@frozen(eq=False)
class Yields:
    """eta: output per unit of an arc that enters a plant. Shape (yields,)."""

    arc: Ints
    output: Ints  # row of outputs
    eta: Floats
    eta_sd: Floats
    grade: Codes


@frozen(eq=False)
class Recoveries:
    """rho: share of a component of the input that ends in an output. Shape (recoveries,)."""

    output: Ints  # row of outputs
    component: Texts
    material: Texts  # input material it holds for, None for all
    rho: Floats  # 0..1
    grade: Codes


@frozen(eq=False)
class Works(Known):
    """Plants, existing and candidate. Shape (plants,) unless said; sizes in units of activity a year."""

    node: Ints  # row of nodes
    technology: Texts
    candidate: npt.NDArray[np.bool_]
    capacity: Floats  # of an existing plant, inf where not known; 0 for a candidate
    size_min: Floats  # zmin of a candidate
    size_max: Floats  # zmax of a candidate, inf where not given
    eur: Floats  # (plants, WORK_EUR_TERMS) per activity
    eur_sd: Floats
    co2: Floats  # (plants, WORK_CO2_TERMS) per activity
    co2_sd: Floats
    curve_size: Floats  # (plants, points) capacities at which the cost curve bends, ascending; NaN for existing plants
    curve_capex: Floats  # (plants, points) EUR of investment there
    annuity: Floats  # EUR/a per EUR of investment, fixed opex included
    annuity_only: Floats  # EUR/a per EUR of investment, capital alone
    fixed: Floats  # EUR/a if it stands (explicit fixed cost), 0 otherwise; the curve is then 0
    per_size: Floats  # EUR/a per unit of capacity (explicit), 0 otherwise
    capex_sd: Floats  # relative standard deviation of the investment
    mixes: npt.NDArray[np.bool_]
    recovery: npt.NDArray[np.bool_]
    hazardous_ok: npt.NDArray[np.bool_]
    staff: Floats  # posts per unit of activity at the reference scale
    slots: Slots
    outputs: Outputs
    yields: Yields
    recoveries: Recoveries
    stores: Flags = field()  # keeps and hands over what comes, unchanged, at another time

    @stores.default
    def _stores(self) -> Flags:
        return np.zeros(len(self.node), dtype=bool)

    def __len__(self) -> int:
        return len(self.node)


@frozen(eq=False)
class Amounts:
    """Uncertain yearly amounts of nodes. Shape (nodes of that kind,)."""

    node: Ints
    value: Floats
    low: Floats
    high: Floats
    grade: Codes


@frozen(eq=False)
class Demands:
    """What needs take, in product units a year. Shape (needs,)."""

    amounts: Amounts
    minimum: Floats  # contract minimum, 0 where none
    market: npt.NDArray[np.bool_]  # True: a cap at a price, nothing bought instead
    product: Texts  # product id or None


@frozen(eq=False, slots=False)
class Links:
    """Everything that can flow in a region at one vintage, with what it costs and emits per unit."""

    region: Region
    nodes: Nodes
    arcs: Arcs
    works: Works
    paths: Paths | RoadTrees
    supply: Amounts  # streams, in node order
    demand: Demands  # needs, in node order
    materials: tuple[str, ...]
    modes: tuple[str, ...]
    notes: Mapping[str, str]  # what was assumed on the way, by topic
    ways: WayCosts = field()  # what ways cost if they are used at all

    @ways.default
    def _ways(self) -> WayCosts:
        return WayCosts.stated(self.region)

    @cached_property
    def units(self) -> Texts:
        """Unit of what flows on each arc: its material's, or the product's where one is bought. Shape (arcs,)."""
        table = self.region.table("materials")
        known = [table["unit"][table.index[material]] if material in table.index else "" for material in self.materials]
        carried = np.array([*known, ""], dtype=object)[self.arcs.material]
        bought = self.nodes.kind[self.arcs.origin] == NodeKind.PRODUCT
        return np.where(bought | (carried == ""), self.nodes.unit[self.arcs.origin], carried)

    def handed_over(self, arc: int) -> str:
        """Plant and output of an arc out of a plant, with the class as which it is handed over where that is not the output's own."""
        name = f"{self.nodes.id[self.arcs.origin[arc]]}.{self.works.outputs.name[self.arcs.output[arc]]}"
        return f"{name}{self.class_mark(arc)}"

    def class_mark(self, arc: int) -> str:
        """Colon and class where a plant hands over what it makes as another class than the output's own, else nothing."""
        material = self.arcs.material[arc]
        own = self.arcs.kind[arc] != ArcKind.DELIVER or material == self.works.outputs.material[self.arcs.output[arc]]
        return "" if own else f":{self.materials[material]}"

    def __repr__(self) -> str:
        kinds = ", ".join(f"{int((self.arcs.kind == kind).sum())} {kind.name.lower()}" for kind in ArcKind)
        return f"<Links {self.region.name} ({self.region.vintage}): {len(self.arcs)} arcs ({kinds})>"
