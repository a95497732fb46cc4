"""Links from a region: reads the tables once and joins what every module of this room returns."""

from __future__ import annotations

import numpy as np

from sivuvirta.domain.links import Amounts, ArcKind, Links, NodeKind
from sivuvirta.domain.region import Region
from sivuvirta.errors import OptionError, UnknownNameError
from sivuvirta.links.arcs import arcs as filled
from sivuvirta.links.carriage import carriage
from sivuvirta.links.codes import ints
from sivuvirta.links.demand import demand
from sivuvirta.links.distances import locations
from sivuvirta.links.ends import World, bought, ends
from sivuvirta.links.hauls import OUTLETS, hauls, ways
from sivuvirta.links.heat import arrived, heat_notes, heated
from sivuvirta.links.materials import materials
from sivuvirta.links.modes import modes
from sivuvirta.links.money import factors, per_dry_unit, prices
from sivuvirta.links.nodes import stands
from sivuvirta.links.notes import haul_notes, notes
from sivuvirta.links.outlets import outlets
from sivuvirta.links.overrides import overrides
from sivuvirta.links.pipes import pipe_notes, pipes
from sivuvirta.links.recipes import recipes
from sivuvirta.links.supply import supply
from sivuvirta.links.terminals import by_terminals, terminal_notes
from sivuvirta.links.works import works
from sivuvirta.links.yields import yields


def build(region: Region, radius_km: float | None = None) -> Links:
    """Candidate arcs of a region at its vintage, with mode, km, EUR, kg CO2e and trips per unit sent.

    Args:
        region: a checked region; its vintage says which amounts and fates hold.
        radius_km: great circle within which streams, plants and needs are joined, so that the arcs of a large region do not grow with all
            pairs; None for any distance. What has no coordinates then meets only what stands on the same site. Outlets are not bounded.

    Returns:
        The links. The same tables in another order of rows give the same set of arcs with the same coefficients.

    Raises:
        UnknownNameError: the region has no such vintage.
        OptionError: a candidate plant needs an annuity, and the vintage has no discount rate; or the radius is not above 0.
    """
    if region.vintage not in region.vintages:
        raise UnknownNameError(f"'{region.name}' has no vintage '{region.vintage}'. It has: {', '.join(region.vintages)}.")
    if radius_km is not None and not radius_km > 0:
        raise OptionError(f"The radius must be above 0 km, got {radius_km:g}. Give a larger one, or none at all for ends at any distance.")
    world = _world(region, radius_km)
    found = ends(world)
    at, vehicles = locations(region), modes(region)
    way = ways(world, at, found)
    rules = overrides(world, at, found)
    chosen, paths = by_terminals(world, vehicles, at, found, (way, hauls(world, vehicles, found, way, rules), rules))
    lost = ~chosen.possible & ~chosen.banned & found.of(*OUTLETS)
    keep = np.flatnonzero(chosen.possible | lost)
    planned = np.flatnonzero(~found.of(ArcKind.PASS))  # what no plan uses yet is not spoken of
    said = haul_notes(world, vehicles, chosen.take(planned), lost[planned], way.circle[planned])
    found, way, chosen = found.take(keep), way.take(keep), chosen.take(keep)
    money = per_dry_unit(region, world.tree, prices(region), factors(region))
    arcs = filled(world, found, way, (chosen, carriage(vehicles, world.tree, found, chosen)), money)
    arcs, paid = pipes(world, vehicles, found, chosen, heated(world, found, chosen, arcs))
    built = works(world, *money, arrived(yields(world, found), arcs))
    value = world.supply
    return Links(
        region=region,
        nodes=world.stands.nodes,
        arcs=arcs,
        works=built.works,
        paths=paths,
        supply=Amounts(ints(np.arange(len(value.value))), value.value, value.low, value.high, value.grade),
        demand=world.demand.demands,
        materials=tuple(world.tree.id.tolist()),
        modes=tuple(vehicles.id.tolist()),
        notes={
            **notes(world, arcs, built, money, said),
            **pipe_notes(paid, vehicles.id),
            **heat_notes(arcs),
            **terminal_notes(vehicles, chosen),
        },
        ways=paid,
    )


def _world(region: Region, radius_km: float | None) -> World:
    tree = materials(region)
    flows = supply(region)
    leaving = outlets(region, tree, flows)
    recipe = recipes(region, tree)
    products = bought(region, recipe)
    placed = stands(region, tree, leaving, products)
    needs = placed.start[NodeKind.NEED] + np.arange(len(region.table("needs")))
    return World(region, tree, flows, demand(region, ints(needs)), leaving, recipe, placed, products, radius_km)
