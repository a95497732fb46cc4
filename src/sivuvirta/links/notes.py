"""Notes: what was assumed on the way from tables to links, by topic, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pandas as pd

from sivuvirta.domain.links import ArcKind, Arcs
from sivuvirta.domain.region import Region
from sivuvirta.domain.words import shortened
from sivuvirta.links.codes import Mask, positions
from sivuvirta.links.contracts import in_force
from sivuvirta.links.declared import made_as
from sivuvirta.links.ends import World
from sivuvirta.links.hauls import Hauls
from sivuvirta.links.modes import Modes
from sivuvirta.links.money import Figures
from sivuvirta.links.outlets import unpriced
from sivuvirta.links.payables import made_payable, terms
from sivuvirta.links.works import Built

SHOWN = 12
"""Names listed in a note before it only counts."""


def listed(names: Iterable[object]) -> str:
    """Names in one line, at most SHOWN of them.

    >>> listed(["b", "a"])
    'a, b'
    """
    return shortened(sorted({str(name) for name in names}), SHOWN)


def notes(world: World, arcs: Arcs, built: Built, money: tuple[Figures, Figures], dropped: Mapping[str, str]) -> dict[str, str]:
    """All notes of a region's links; a topic without anything to say is absent."""
    found = [*_supply_notes(world), *_need_notes(world, arcs), *_money_notes(world, arcs, money), *_plant_notes(world, built, arcs)]
    return {**{topic: text for topic, text in found if text}, **dropped}


def haul_notes(world: World, modes: Modes, hauls: Hauls, lost: Mask, circle: Mask) -> dict[str, str]:
    """What was dropped or assumed about ways."""
    gone = ~hauls.possible & ~lost & ~hauls.banned
    unknown = gone & np.isnan(hauls.km)
    texts = {
        "great circles": _count(circle & hauls.possible, "ways are great circles times 1.3, grade D, because no road joins their ends"),
        "unknown distances": _count(unknown, "possible flows are left out because the place of an end is not known"),
        "no mode": _count(gone & ~unknown, "possible flows are left out because no means of transport takes them so far"),
        "outlets without a way": _count(lost, "outlets have no way that is known; they are kept without carriage"),
        "bans": _count(hauls.banned, "possible flows are banned by links"),
        "fixed costs of links": _fixed(world.region),
        "years of freight": _names("Haulage in money of another year, not indexed", _used_modes(modes, hauls)),
    }
    return {topic: text for topic, text in texts.items() if text}


def _used_modes(modes: Modes, hauls: Hauls) -> Iterable[object]:
    """Modes whose cost counts for some arc although it is in money of another year."""
    counted = (hauls.mode >= 0) & np.isnan(hauls.cost)
    used = modes.unindexed & (np.bincount(hauls.mode[counted], minlength=len(modes)) > 0)
    return list(modes.id[used])


def _count(mask: Mask, text: str) -> str:
    number = int(mask.sum())
    return f"{number} {text}." if number else ""


def _names(text: str, names: Iterable[object]) -> str:
    shown = listed(names)
    return f"{text}: {shown}." if shown else ""


def _fixed(region: Region) -> str:
    known = int((region.table("links")["fixed_cost"] > 0).sum())
    return (
        f"{known} rows of links have a fixed cost: a plan pays it if the way is used, the gain of a route leaves it out." if known else ""
    )


def _supply_notes(world: World) -> Iterator[tuple[str, str]]:
    region, supply, outlets = world.region, world.supply, world.outlets
    streams = region.table("streams")
    keys = streams["stream"]
    yield "streams not in the vintage", _names(f"No amount for {region.vintage}", keys[~supply.present & ~supply.split])
    yield "parts", _names("Their parts flow instead of them", keys[supply.split])
    yield "overdrawn", _names("Their subset parts are larger than what they have", keys[supply.overdrawn])
    yield (
        "outlets not known",
        _names("No fate is stated, so all of it goes to an unknown one", keys[outlets.stream[(outlets.row < 0) & (outlets.stream >= 0)]]),
    )
    yield "shares", _names("The shares of their fates do not sum to 100 % and were scaled", outlets.uneven)
    material = world.tree.find(streams["material"])
    typical = np.append(world.tree.moisture, np.nan)[material]
    dry = (supply.value > 0) & (world.tree.units(material) == "t") & np.isnan(streams["moisture"]) & np.isnan(typical)
    yield "moisture", _names("No moisture is known, so a tonne as sent is taken for a dry one", keys[dry])
    sites = region.table("sites")
    vague = ~pd.isna(sites["place"]) & np.isnan(sites["access_km"])
    yield "access roads", _names("No km between site and place are stated, so 0 km at grade D", sites["site"][vague])
    yield from _contract_notes(region)


def _contract_notes(region: Region) -> Iterator[tuple[str, str]]:
    table, holds = region.table("contracts"), in_force(region)
    keys = table["contract"]
    priced = ~(np.isnan(table["price"]) & pd.isna(table["price_formula"]))
    yield "contracts not in force", _names(f"Not in force in {region.year}, so they bind nothing", keys[~holds])
    yield "prices of contracts", _names("Their price is not used; acceptances and needs state what is paid", keys[holds & priced])


def _need_notes(world: World, arcs: Arcs) -> Iterator[tuple[str, str]]:
    demand, table = world.demand, world.region.table("needs")
    keys = table["need"]
    yield "needs not open", _names("Planned or closed, so they take nothing", keys[demand.shut])
    yield (
        "needs without amount",
        _names(f"No amount for {world.region.vintage}, so they take nothing", keys[demand.unstated & ~demand.shut]),
    )
    takes = demand.demands.amounts.value > 0
    free = takes & ~demand.demands.market & pd.isna(table["product"])
    yield "needs without product", _names("Nothing is bought for them where streams do not suffice", keys[free])
    market = takes & demand.demands.market & np.isnan(table["price"])
    yield "markets without price", _names("No price is stated", keys[market])
    acceptances = world.region.table("acceptances")
    out = np.flatnonzero((arcs.kind == ArcKind.DELIVER) & np.append(terms(world.region)[2], False)[arcs.acceptance])
    products = made_as(world.region, world.recipes.outputs, arcs.output[out], world.tree.id[arcs.material[out]])
    unsaid = np.isnan(made_payable(world.region, products, arcs.acceptance[out].astype(np.int64)).value)
    made = np.isin(np.arange(len(acceptances)), arcs.acceptance[out[unsaid]])
    paid = acceptances["need"][made & np.isin(acceptances["need"].astype(str), keys[demand.demands.market].astype(str))]
    yield "payable components", _names("What these markets pay for components of products is in the netback, not in the region's sum", paid)


def _money_notes(world: World, arcs: Arcs, money: tuple[Figures, Figures]) -> Iterator[tuple[str, str]]:
    price, factor = money
    products = world.region.table("products")["product"]
    bought = np.isin(np.arange(len(products)), world.bought)
    yield "products without price", _names("Bought at no cost", products[bought & np.isnan(price.value)])
    yield "products without factor", _names("Bought without emission", products[bought & np.isnan(factor.value)])
    yield "years of prices", _names("Prices of another year, not indexed", products[bought & price.unindexed])
    fates = world.region.table("fates").take(world.outlets.row[world.outlets.row >= 0])
    yield "outlets without money", _names("A fee, waste tax or revenue is not known; counted as 0", fates["fate"][unpriced(fates)])
    yield "outlets without emission", _names("Their own emission is not known; counted as 0", fates["fate"][np.isnan(fates["co2"])])
    product = positions(products, fates["product"])
    blind = (product >= 0) & np.isnan(np.append(factor.value, np.nan)[product] * fates["ratio"])
    yield "displaced products without factor", _names("What they displace counts nothing", fates["product"][blind])
    uncertain = (arcs.kind != ArcKind.PASS) & (arcs.grade >= 2) & (arcs.eur_sd.sum(axis=1) == 0) & (np.abs(arcs.eur).sum(axis=1) > 0)
    yield "ranges", _count(uncertain, "flows of grade C or D have costs without a range")


def _plant_notes(world: World, built: Built, arcs: Arcs) -> Iterator[tuple[str, str]]:
    keys, outputs = world.region.table("plants")["plant"], built.works.outputs
    yield "plants that do not stand", _names(f"Not running in {world.region.year}", keys[built.idle])
    yield "plants without investment", _names("No investment is known, so they cannot be built", keys[built.curves.unpriced])
    yield "plant sizes", _names("Sizes between a tenth and ten times the reference are assumed", keys[built.curves.assumed])
    yield "years of investments", _names("Investments of another year, not indexed", keys[built.unindexed])
    running = ~built.idle
    yield "plants without opex", _names("No variable cost is known; counted as 0", keys[built.opexless & running])
    yield "plants without energy", _names("Energy or water is not stated; counted as 0", keys[built.energy.unstated & running])
    yield "energy without price", _names("Used at no cost", built.energy.unpriced)
    yield "energy without factor", _names("Used without emission", built.energy.unweighed)
    yield "plants without upkeep", _names("No fixed cost a year is known; counted as 0", keys[built.upkeepless])
    yield "plants without emission", _names("The emission of the process is not known; counted as 0", keys[built.emissionless & running])
    yield "plants without capacity", _names("No capacity is known, so they take any amount, at grade D", keys[built.boundless])
    leaving = (
        np.isin(np.arange(len(outputs.name)), arcs.output[(arcs.output >= 0) & (arcs.kind != ArcKind.PASS)]) | built.idle[outputs.plant]
    )
    stuck = [f"{keys[plant]}.{name}" for plant, name in zip(outputs.plant[~leaving], outputs.name[~leaving], strict=True)]
    yield "outputs without outlet", _names("Nothing takes them and no fate is stated", stuck)
    yield "yields", _names("Outputs of an input do not sum to 1", _open_yields(world, built, arcs))


def _open_yields(world: World, built: Built, arcs: Arcs) -> list[str]:
    entering = np.flatnonzero(np.isin(arcs.kind, [ArcKind.FEED, ArcKind.REAGENT]))
    total = np.bincount(built.works.yields.arc, weights=built.works.yields.eta, minlength=len(arcs))[entering]
    slot = arcs.slot[entering]
    mass = np.isin(world.tree.carriers(np.asarray(arcs.material[entering], dtype=np.int64)), [0, 1])
    bad = (np.abs(total - 1.0) > 1e-9) & mass
    technology = built.works.technology[built.works.slots.plant[slot[bad]]]
    return [f"{name}.{part}" for name, part in zip(technology, built.works.slots.name[slot[bad]], strict=True)]
