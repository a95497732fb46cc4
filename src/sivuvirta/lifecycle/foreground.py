r"""The foreground of a plan: its ledger as processes that take hauls, products, outlets and energy.

.. math:: h = Q B A^{-1} f, \qquad f = x^{plan} - x^{reference}

Every flow of the ledger and every plant is a process. What it emits stands in processes of its own, one a source row: a product's factor, a
means of transport, an outlet, a plant. So one draw of a source row is shared by all that use it, and by plan and reference.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import frozen

from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.lifecycles import Inventory
from sivuvirta.domain.links import CO2_TERMS, WORK_CO2_TERMS, ArcKind, Floats, Ints, Links
from sivuvirta.domain.region import Region
from sivuvirta.domain.spreads import grade_shares, graded_sd
from sivuvirta.domain.table import Table
from sivuvirta.lifecycle.draft import BIOGENIC, Draft
from sivuvirta.links.materials import materials
from sivuvirta.links.modes import Modes, modes
from sivuvirta.links.money import Figures, factor_rows, factors, per_dry_unit, prices
from sivuvirta.links.works import UTILITIES
from sivuvirta.units.ranges import sd_of_range

_ROUNDING = 1e-9  # relative: coefficients that agree to this are one, flows of a solved network are exact to about this
_UNSTATED = (float("nan"), float("nan"))
_TRANSPORT, _OUTLET, _DISPLACED, _PURCHASE = (CO2_TERMS.index(name) for name in ("transport", "outlet", "displaced", "purchase"))


@frozen(eq=False)
class _Sources:
    """Source rows behind the coefficients of links."""

    links: Links
    factor: Figures  # of products, kg CO2e per dry unit
    product: dict[str, int]
    vehicles: Modes
    named: dict[str, str]  # names of modes
    modeless: Floats  # kg CO2e per unit and km as the table has it, NaN where unknown
    fate: dict[str, int]
    factor_row: Ints  # of products, -1 where there is none
    shares: dict[str, float]  # coefficient of variation by grade

    def by_grade(self, figure: float, row: tuple[str, int], ends: tuple[str, ...]) -> float:
        """Standard deviation by grade of a figure that states no range; 0 where one of the pairs of ends of its row does."""
        table, at = self.links.region.table(row[0]), row[1]
        if at < 0 or not self.shares:
            return 0.0
        share = self.shares.get(table["grade"][at] or "", 1.0)
        stated = [tuple(float(table[f"{name}{end}"][at]) for end in ("low", "high")) for name in ends]
        return min((graded_sd(figure, (low, high), share) for low, high in stated), default=graded_sd(figure, _UNSTATED, share))


def foreground(planned: Ledger, reference: Ledger | None, title: str, unknown: str = "") -> Inventory:
    """Inventory of a network beside the reference.

    Args:
        planned: what would flow.
        reference: what flows today, over the same links. Without it there is no process `system:change`, so no benefit can be computed.
        title: its name.
        unknown: what counts as 0 because it is not known, in words.

    Returns:
        Processes of flows, plants, products, hauls and outlets that either ledger uses, and `system:planned`, `system:reference`,
        `system:change`.
    """
    return _written({"": planned}, reference, title, unknown)


def together(planned: Mapping[str, Ledger], reference: Ledger | None, title: str) -> Inventory:
    """Inventory of several networks beside one reference, so that a draw of a source row is one for all of them.

    Args:
        planned: networks by name, over the same links as the reference.
        reference: what flows today.
        title: its name.

    Returns:
        As `foreground`, with `system:reference`, and `system:planned NAME` and `system:change NAME` of each network.
    """
    return _written(planned, reference, title, "")


def _written(planned: Mapping[str, Ledger], reference: Ledger | None, title: str, unknown: str) -> Inventory:
    ledgers = [*planned.values(), *([] if reference is None else [reference])]
    links, draft = ledgers[0].links, Draft()
    sources = _sources(links)
    flows = np.array([ledger.per_arc() for ledger in ledgers])
    runs = np.array([ledger.operations.activity for ledger in ledgers])
    arcs = {int(arc): _arc(draft, sources, int(arc)) for arc in np.flatnonzero(flows.any(axis=0))}
    plants = {int(plant): _plant(draft, sources, int(plant)) for plant in np.flatnonzero(runs.any(axis=0))}
    names = [f" {name}".rstrip() for name in planned]
    amounts = {f"planned{name}": (flows[at], runs[at]) for at, name in enumerate(names)}
    if reference is not None:
        amounts |= {"reference": (flows[-1], runs[-1])}
        amounts |= {f"change{name}": (_change(flows[[at, -1]]), _change(runs[[at, -1]])) for at, name in enumerate(names)}
    for name, (flow, run) in amounts.items():
        system = draft.process(f"system:{name}", f"{title}: {name}", "a")
        for taken, amount in ((arcs, flow), (plants, run)):
            for row, process in taken.items():
                draft.takes(system, process, float(amount[row]))
    return draft.inventory(title, unknown)


def _change(pair: Floats) -> Floats:
    """Planned less reference, 0 where the two differ by rounding alone."""
    difference: Floats = pair[0] - pair[1]
    return np.where(np.abs(difference) <= _ROUNDING * np.abs(pair).max(axis=0), 0.0, difference)


def _sources(links: Links) -> _Sources:
    region = links.region
    factor = per_dry_unit(region, materials(region), prices(region), factors(region))[1]
    return _Sources(
        links=links,
        factor=factor,
        product=dict(region.table("products").index),
        vehicles=modes(region),
        named=dict(zip(region.table("modes")["mode"].tolist(), region.table("modes")["name"].tolist(), strict=True)),
        modeless=np.asarray(region.table("modes")["co2"], dtype=float),
        fate=dict(region.table("fates").index),
        factor_row=np.asarray(factor_rows(region), dtype=np.int32),
        shares=grade_shares(region),
    )


def _arc(draft: Draft, sources: _Sources, arc: int) -> int:
    """A flow of one unit: its haul, its outlet, what the outlet replaces, what is bought."""
    links, co2 = sources.links, sources.links.arcs.co2[arc]
    nodes, origin, destination = links.nodes, int(links.arcs.origin[arc]), int(links.arcs.destination[arc])
    name = f"{nodes.name[origin]} → {nodes.name[destination]}"
    process = draft.process(f"arc:{arc}", name, str(links.units[arc]), known=not links.arcs.unknown_co2[arc])
    _haul(draft, sources, arc, process)
    kind = links.arcs.kind[arc]
    if kind in (ArcKind.FATE, ArcKind.RESIDUE):
        _outlet(draft, sources, arc, process)
    elif kind in (ArcKind.BUY, ArcKind.REAGENT):
        bought = _product(draft, sources, str(nodes.id[origin]), displaced=bool(kind == ArcKind.BUY))
        draft.takes(process, bought, 1.0)
    else:
        draft.emits(process, float(co2[_OUTLET] + co2[_DISPLACED] + co2[_PURCHASE]))
    return process


def _haul(draft: Draft, sources: _Sources, arc: int, process: int) -> None:
    """Carriage by a means of transport; an emission that a row of `links` states is the flow's own."""
    arcs, mode = sources.links.arcs, int(sources.links.arcs.mode[arc])
    amount, stated = float(arcs.sent[arc] * arcs.km[arc]), float(arcs.co2[arc, _TRANSPORT])
    rate = float(sources.vehicles.co2[mode]) if mode >= 0 else 0.0
    if mode < 0 or np.isnan(amount) or not np.isclose(rate * amount, stated, rtol=_ROUNDING, atol=0.0):
        draft.emits(process, stated, float(arcs.co2_sd[arc, _TRANSPORT]))
        return
    key = str(sources.vehicles.id[mode])
    known = not np.isnan(sources.modeless[mode])
    haul = draft.process(f"haul:{key}", sources.named.get(key) or key, f"{sources.links.units[arc]} km", known=known)
    row = ("modes", sources.links.region.table("modes").index[key])
    _once(draft, haul, rate, float(sources.vehicles.co2_sd[mode]) or sources.by_grade(rate, row, ("co2_", "co2_full_", "co2_empty_")))
    draft.takes(process, haul, amount)


def _outlet(draft: Draft, sources: _Sources, arc: int, process: int) -> None:
    """What an outlet emits per unit that it takes, and the product that it replaces."""
    links, row = sources.links, int(sources.links.arcs.destination[arc])
    key = str(links.nodes.id[row])
    fates: Table = links.region.table("fates")
    at = sources.fate.get(key, -1)
    known = at >= 0 and not np.isnan(fates["co2"][at])
    outlet = draft.process(f"outlet:{key}", str(links.nodes.name[row]), str(links.units[arc]), known=bool(known))
    own = float(links.arcs.co2[arc, _OUTLET])
    _once(draft, outlet, own, float(links.arcs.co2_sd[arc, _OUTLET]) or sources.by_grade(own, ("fates", at), ("co2_",)))
    draft.takes(process, outlet, 1.0)
    product = None if at < 0 else fates["product"][at]
    if product is None or str(product) not in sources.product:
        return
    ratio = np.nan_to_num(float(fates["ratio"][at]))
    spread = np.nan_to_num(sd_of_range(float(fates["ratio_low"][at]), float(fates["ratio_high"][at])))
    sd = float(spread) or sources.by_grade(ratio, ("fates", at), ("ratio_",))
    draft.takes(process, _product(draft, sources, str(product), displaced=True), -ratio, sd)


def _product(draft: Draft, sources: _Sources, key: str, *, displaced: bool) -> int:
    """A product with its factor, kg CO2e per unit, biogenic carbon apart."""
    row, products = sources.product[key], sources.links.region.table("products")
    value, sd = float(sources.factor.value[row]), float(sources.factor.sd[row])
    sd = sd or sources.by_grade(value, ("factors", int(sources.factor_row[row])), ("",))
    process = draft.process(f"product:{key}", str(products["name"][row]), str(products["unit"][row]), known=not np.isnan(value))
    if displaced:
        draft.replaceable(process)
    if _once(draft, process, value, sd):
        draft.emits(process, _biogenic(sources.links.region, key), flow=BIOGENIC)
    return process


def _biogenic(region: Region, product: str) -> float:
    """Biogenic carbon of a product, kg CO2e per unit as its table states; it is shown, and weighs nothing."""
    table = region.table("factors")
    rows = np.flatnonzero((table["subject"] == product) & (table["biogenic"] == True))  # noqa: E712 - objects with None
    return float(table["value"][rows[0]]) if len(rows) else 0.0


def _plant(draft: Draft, sources: _Sources, plant: int) -> int:
    """A unit of a plant's activity: what it emits itself, and the energy and water that it buys."""
    links, works = sources.links, sources.links.works
    node = int(works.node[plant])
    process = draft.process(f"plant:{links.nodes.id[node]}", str(links.nodes.name[node]), "activity", known=not works.unknown_co2[plant])
    own, energy = (WORK_CO2_TERMS.index(name) for name in ("process", "energy"))
    emitted, technology = float(works.co2[plant, own]), links.region.table("technologies").index.get(works.technology[plant], -1)
    _once(draft, process, emitted, float(works.co2_sd[plant, own]) or sources.by_grade(emitted, ("technologies", technology), ()))
    split = 0.0
    for key, amount in _utilities(sources, plant).items():
        draft.takes(process, _product(draft, sources, key, displaced=False), amount)
        split += amount * np.nan_to_num(float(sources.factor.value[sources.product[key]]))
    rest = float(works.co2[plant, energy]) - split
    if abs(rest) > _ROUNDING * abs(split):
        draft.emits(process, rest)
    return process


def _utilities(sources: _Sources, plant: int) -> dict[str, float]:
    """Units of electricity, heat, fuel and water per unit of activity, by product."""
    links = sources.links
    technologies, products = links.region.table("technologies"), links.region.table("products")
    row = technologies.index.get(links.works.technology[plant], -1)
    found = {}
    for column, (product, units) in UTILITIES.items():
        use = float(technologies[column][row]) if row >= 0 else np.nan
        if product in sources.product and not np.isnan(use):
            found[product] = use * units.get(products["unit"][sources.product[product]], 0.0)
    return found


def _once(draft: Draft, process: int, amount: float, sd: float) -> bool:
    """Write the emission of a source row where it has none yet."""
    if process in draft.written:
        return False
    draft.written.add(process)
    draft.emits(process, amount, sd)
    return True
