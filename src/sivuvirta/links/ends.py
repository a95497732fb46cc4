"""Candidate arcs: which ends may be joined at all, before anything is said of way or cost."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from attrs import fields, frozen

from sivuvirta.domain.links import ArcKind, Codes, Floats, NodeKind
from sivuvirta.domain.region import Region
from sivuvirta.links.codes import Groups, Mask, Rows, groups, pair_codes, positions
from sivuvirta.links.declared import classes
from sivuvirta.links.demand import Demand
from sivuvirta.links.materials import Materials, sent, takers
from sivuvirta.links.nearby import Spots, join_near
from sivuvirta.links.nodes import Stands, existing
from sivuvirta.links.outlets import Outlets
from sivuvirta.links.recipes import Recipes
from sivuvirta.links.supply import Supply


@frozen(eq=False)
class Ends:
    """Candidate arcs, ordered by kind. Shape (arcs,)."""

    kind: Codes
    origin: Rows  # row of nodes
    destination: Rows  # row of nodes
    slot: Rows  # row of slots, -1 where none
    output: Rows  # row of outputs, -1 where none
    row: Rows  # of acceptances (DIRECT, DELIVER), recipe_inputs (FEED, PASS), outlets (FATE, RESIDUE) or products (BUY, REAGENT)
    material: Rows  # position in the tree
    sent: Floats  # t as sent per t dry

    def __len__(self) -> int:
        return len(self.kind)

    def take(self, rows: Any) -> Ends:
        """The arcs of a mask or of positions."""
        return Ends(**{field.name: getattr(self, field.name)[rows] for field in fields(Ends)})

    def of(self, *kinds: ArcKind) -> Mask:
        """Whether an arc is of one of the kinds."""
        return np.asarray(np.isin(self.kind, [int(kind) for kind in kinds]), dtype=bool)


@frozen(eq=False)
class World:
    """What the arcs of one region and vintage are made of."""

    region: Region
    tree: Materials
    supply: Supply
    demand: Demand
    outlets: Outlets
    recipes: Recipes
    stands: Stands
    bought: Rows  # rows of `products` that have a node, in node order
    radius_km: float | None = None  # great circle within which streams, plants and needs are joined; None: however far

    @property
    def spots(self) -> Spots:
        """Where the nodes stand."""
        return Spots(self.stands.nodes.lat, self.stands.nodes.lon, self.stands.location)

    def first(self, kind: NodeKind) -> int:
        """Row of the first node of a kind."""
        return self.stands.start[kind]


def ends(world: World) -> Ends:
    """Every candidate arc of a region, kind by kind."""
    accepted = _acceptances(world)
    feeds = _feeds(world)
    parts = (
        _direct(world, accepted),
        feeds,
        _deliver(world, accepted),
        _fates(world),
        _residues(world),
        _buys(world),
        _reagents(world),
        _passes(world),
    )
    return Ends(**{field.name: np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Ends)})


def bought(region: Region, recipes: Recipes) -> Rows:
    """Rows of `products` that some need or recipe of a plant buys, in the order of the table."""
    inputs = region.table("recipe_inputs")
    products = region.table("products")["product"]
    _, rows = recipes.input_rows.join(np.unique(recipes.slot_code))
    wanted = np.concatenate([positions(products, region.table("needs")["product"]), positions(products, inputs["product"][rows])])
    return np.unique(wanted[wanted >= 0])


def open_plants(region: Region) -> Mask:
    """Plants that stand, and candidates. Shape (plants,)."""
    usable: Mask = existing(region) | (region.table("plants")["status"] == "candidate")
    return usable.astype(bool)


def _part(kind: ArcKind, origin: Any, destination: Any, **given: Any) -> Ends:
    count = len(origin)
    none = np.full(count, -1, dtype=np.int64)
    columns = {"slot": none, "output": none, "row": none, "material": none, "sent": np.ones(count), **given}
    return Ends(
        kind=np.full(count, int(kind), dtype=np.int8),
        origin=np.asarray(origin, dtype=np.int64),
        destination=np.asarray(destination, dtype=np.int64),
        **columns,
    )


def accepting(region: Region, tree: Materials, takes: Mask) -> tuple[Rows, Rows]:
    """Class and need of each row of `acceptances`, of needs that take something; -1 for the class of other rows."""
    table = region.table("acceptances")
    need = positions(region.table("needs")["need"], table["need"])
    return np.where((need >= 0) & (takes[np.maximum(need, 0)] if len(takes) else False), tree.find(table["material"]), -1), need


def _acceptances(world: World) -> Groups:
    """Rows of `acceptances` of needs that take something, by material."""
    return takers(world.tree, *accepting(world.region, world.tree, world.demand.demands.amounts.value > 0))


def _need_of(world: World, row: Rows) -> Rows:
    need = positions(world.region.table("needs")["need"], world.region.table("acceptances")["need"])
    return world.first(NodeKind.NEED) + need[row]


def _takers_near(world: World, accepted: Groups, material: Rows, origin: Rows) -> tuple[Rows, Rows]:
    """(position in `material`, row of acceptances) of every need within reach of a node that takes what leaves it."""
    node = np.maximum(_need_of(world, np.arange(len(world.region.table("acceptances")))), 0)
    return join_near(accepted, material, (world.spots.take(origin), world.spots.take(node)), world.radius_km)


def _streams(world: World) -> tuple[Rows, Rows, Floats]:
    """Streams that flow, their materials, and t as sent per dry t."""
    table = world.region.table("streams")
    flowing = np.flatnonzero(world.supply.value > 0)
    material = world.tree.find(table["material"][flowing])
    return flowing, material, sent(world.tree, material, table["moisture"][flowing])


def _direct(world: World, accepted: Groups) -> Ends:
    stream, material, wet = _streams(world)
    which, row = _takers_near(world, accepted, material, stream)
    return _part(ArcKind.DIRECT, stream[which], _need_of(world, row), row=row, material=material[which], sent=wet[which])


def _feeds(world: World) -> Ends:
    """Each stream into each feed slot of each plant that takes its material."""
    stream, material, wet = _streams(world)
    which, row, slot = _fed(world, material, stream)
    return _part(
        ArcKind.FEED,
        stream[which],
        _plant_of(world, slot),
        slot=slot,
        row=row,
        material=material[which],
        sent=wet[which],
    )


def _passes(world: World) -> Ends:
    """Each product, coproduct or residue of a plant into each feed slot of each other plant that takes its material."""
    output, material, wet, plant = _goods_made(world)
    which, row, slot = _fed(world, material, world.first(NodeKind.PLANT) + plant)
    other = plant[which] != np.asarray(world.recipes.slots.plant, dtype=np.int64)[slot]
    which, row, slot = which[other], row[other], slot[other]
    return _part(
        ArcKind.PASS,
        world.first(NodeKind.PLANT) + plant[which],
        _plant_of(world, slot),
        slot=slot,
        output=output[which],
        row=row,
        material=material[which],
        sent=wet[which],
    )


def _plant_of(world: World, slot: Rows) -> Rows:
    return world.first(NodeKind.PLANT) + np.asarray(world.recipes.slots.plant, dtype=np.int64)[slot]


def _fed(world: World, material: Rows, origin: Rows) -> tuple[Rows, Rows, Rows]:
    """(position in `material`, row of recipe_inputs, slot) of every feed slot within reach of a node that takes what leaves it."""
    table, recipes = world.region.table("recipe_inputs"), world.recipes
    plant = np.asarray(recipes.slots.plant, dtype=np.int64)
    usable = np.flatnonzero(recipes.slots.feed & open_plants(world.region)[plant]) if len(plant) else np.zeros(0, dtype=np.int64)
    feeds = np.isin(recipes.input_slot, recipes.slot_code[usable]) & np.asarray(table["kind"] == "feed", dtype=bool)
    taking = takers(world.tree, np.where(feeds, world.tree.find(table["material"]), -1), recipes.input_slot)
    moved = np.unique(material[material >= 0])
    which, row = taking.join(moved)
    slots = groups(recipes.slot_code[usable], int(recipes.input_slot.max(initial=-1)) + 1)
    again, at = slots.join(recipes.input_slot[row])
    row, slot = row[again], usable[at]
    by_material = groups(moved[which[again]], len(world.tree))
    spots = (world.spots.take(origin), world.spots.take(_plant_of(world, slot)))
    which, entry = join_near(by_material, material, spots, world.radius_km)
    return which, row[entry], slot[entry]


def _outputs(world: World) -> tuple[Rows, Rows, Floats, Rows]:
    """Outputs of plants that can run: rows, materials, t as sent per dry t, plants."""
    outputs = world.recipes.outputs
    plant = np.asarray(outputs.plant, dtype=np.int64)
    runs = np.flatnonzero(open_plants(world.region)[plant]) if len(plant) else np.zeros(0, dtype=np.int64)
    material = np.asarray(outputs.material, dtype=np.int64)[runs]
    return runs, material, sent(world.tree, material, world.recipes.output_moisture[runs]), plant[runs]


def _goods_made(world: World) -> tuple[Rows, Rows, Floats, Rows]:
    """The same of those that can be handed over: emissions and losses are not."""
    output, material, wet, plant = _outputs(world)
    goods = np.isin(world.recipes.outputs.kind[output].astype(str), ["product", "coproduct", "residue"])
    return output[goods], material[goods], wet[goods], plant[goods]


def _deliver(world: World, accepted: Groups) -> Ends:
    output, material, wet, plant = _goods_made(world)
    own = len(output)
    technology = world.region.table("plants")["technology"][plant] if len(plant) else plant
    more, made = classes(world.region, world.tree, world.recipes, technology, output)
    if len(more):
        wet = np.concatenate([wet, sent(world.tree, made, world.recipes.output_moisture[output[more]])])
        output, plant = (np.concatenate([column, column[more]]) for column in (output, plant))
        material = np.concatenate([material, made])
    which, row = _takers_near(world, accepted, material, world.first(NodeKind.PLANT) + plant)
    if len(more):  # who takes the output as it is, on the same terms, needs no class
        known = pair_codes(output[which], row)
        keep = (which < own) | ~np.isin(known, known[which < own])
        which, row = which[keep], row[keep]
    return _part(
        ArcKind.DELIVER,
        world.first(NodeKind.PLANT) + plant[which],
        _need_of(world, row),
        output=output[which],
        row=row,
        material=material[which],
        sent=wet[which],
    )


def _fates(world: World) -> Ends:
    outlets = world.outlets
    of_stream = np.flatnonzero(outlets.stream >= 0)
    of_stream = of_stream[np.argsort(outlets.stream[of_stream], kind="stable")]
    stream, material = outlets.stream[of_stream], outlets.material[of_stream]
    wet = sent(world.tree, material, world.region.table("streams")["moisture"][stream])
    return _part(ArcKind.FATE, stream, world.first(NodeKind.FATE) + of_stream, row=of_stream, material=material, sent=wet)


def _residues(world: World) -> Ends:
    """Each output of each plant to the fates of that technology's output."""
    output, material, wet, plant = _outputs(world)
    outlets, plants, outputs = world.outlets, world.region.table("plants"), world.recipes.outputs
    fates = np.flatnonzero(outlets.stream < 0)
    keys = pair_codes(
        np.concatenate([outlets.technology[fates], plants["technology"][plant]]),
        np.concatenate([outlets.output[fates], outputs.name[output]]),
    )
    codes = pd.factorize(keys)[0].astype(np.int64)
    by_output = groups(codes[: len(fates)], int(codes.max(initial=-1)) + 1)
    which, at = by_output.join(codes[len(fates) :])
    return _part(
        ArcKind.RESIDUE,
        world.first(NodeKind.PLANT) + plant[which],
        world.first(NodeKind.FATE) + fates[at],
        output=output[which],
        row=fates[at],
        material=material[which],
        sent=wet[which],
    )


def _product_node(world: World, product: Rows) -> Rows:
    return world.first(NodeKind.PRODUCT) + np.searchsorted(world.bought, product)


def _goods(world: World, product: Rows) -> dict[str, Any]:
    """Material of products, and t as sent per dry t by its typical moisture."""
    material = world.tree.find(world.region.table("products")["material"])[product]
    return {"material": material, "sent": sent(world.tree, material, np.full(len(product), np.nan))}


def _buys(world: World) -> Ends:
    """The primary product of each need that takes something; markets buy nothing."""
    products, demands = world.region.table("products"), world.demand.demands
    product = positions(products["product"], demands.product)
    need = np.flatnonzero((product >= 0) & ~demands.market & (demands.amounts.value > 0))
    return _part(
        ArcKind.BUY,
        _product_node(world, product[need]),
        world.first(NodeKind.NEED) + need,
        row=product[need],
        **_goods(world, product[need]),
    )


def _reagents(world: World) -> Ends:
    """Each product that may be bought for a slot of a plant, once."""
    inputs, products, recipes = world.region.table("recipe_inputs"), world.region.table("products"), world.recipes
    runs = open_plants(world.region)
    slot, row = recipes.input_rows.join(recipes.slot_code)
    product = positions(products["product"], inputs["product"])[row]
    plant = np.asarray(recipes.slots.plant, dtype=np.int64)[slot]
    keep = (product >= 0) & (runs[plant] if len(plant) else True)
    slot, product, plant = slot[keep], product[keep], plant[keep]
    _, first = np.unique(pair_codes(slot, product), return_index=True)
    slot, product, plant = slot[first], product[first], plant[first]
    return _part(
        ArcKind.REAGENT,
        _product_node(world, product),
        world.first(NodeKind.PLANT) + plant,
        slot=slot,
        row=product,
        **_goods(world, product),
    )
