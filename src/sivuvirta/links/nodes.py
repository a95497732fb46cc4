"""Nodes: the ends of arcs, and where on the map each stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen

from sivuvirta.domain.links import Floats, NodeKind, Nodes, Texts
from sivuvirta.domain.region import Region
from sivuvirta.domain.table import Table
from sivuvirta.links.codes import Mask, Rows, picked, positions
from sivuvirta.links.materials import CARRIERS, Materials
from sivuvirta.links.outlets import Outlets

INVESTOR = "investor"
"""Organisation that owns a candidate plant which nobody else does."""


@frozen(eq=False)
class Stands:
    """Nodes with where they stand. Shape (nodes,)."""

    nodes: Nodes
    location: Rows  # site row, or number of sites + zone row; -1 where it has no place of its own
    start: dict[NodeKind, int]  # first row of each kind


def stands(region: Region, tree: Materials, outlets: Outlets, products: Rows) -> Stands:
    """All nodes of a region: streams, plants, needs, fates, products, each as in its table.

    Args:
        region: its tables.
        tree: the materials.
        outlets: the fates in use, stated and automatic.
        products: rows of `products` that are bought.
    """
    parts = {
        NodeKind.STREAM: _streams(region, tree),
        NodeKind.PLANT: _plants(region),
        NodeKind.NEED: _needs(region, tree),
        NodeKind.FATE: _fates(region, tree, outlets),
        NodeKind.PRODUCT: _products(region.table("products").take(products), tree),
    }
    return _stands(region, parts)


def ends_alone(region: Region, tree: Materials) -> Stands:
    """Streams and needs alone, each as in its table."""
    return _stands(region, {NodeKind.STREAM: _streams(region, tree), NodeKind.NEED: _needs(region, tree)})


def _stands(region: Region, parts: Mapping[NodeKind, dict[str, Texts]]) -> Stands:
    start, row = {}, 0
    for kind, part in parts.items():
        start[kind] = row
        row += len(part["id"])
    columns = list(parts.values())
    joined = {name: np.concatenate([part[name] for part in columns]) for name in columns[0]}
    location = joined.pop("location").astype(np.int64)
    kinds = np.repeat([int(kind) for kind in parts], [len(part["id"]) for part in columns]).astype(np.int8)
    lat, lon = (_coordinate(region, location, name) for name in ("lat", "lon"))
    return Stands(Nodes(kind=kinds, lat=lat, lon=lon, **joined), location, start)


def _coordinate(region: Region, location: Rows, name: str) -> Floats:
    """Degrees of each location: its own, else those of its place."""
    places = region.table("places")
    columns = []
    for table in (region.table("sites"), region.table("zones")):
        place = picked(places[name], positions(places["place"], table["place"]), np.nan)
        columns.append(np.where(np.isnan(table[name]), place, table[name]))
    return np.asarray(picked(np.concatenate(columns), location, np.nan), dtype=float)


def _part(**columns: Any) -> dict[str, Texts]:
    return {name: np.asarray(column, dtype=object) for name, column in columns.items()}


def _operator(region: Region, own: Texts, site: Rows, otherwise: object = None) -> Texts:
    """The owner named in a row, else the operator of its site."""
    operator = (
        picked(region.table("sites")["organisation"], site, None) if otherwise is None else np.full(len(own), otherwise, dtype=object)
    )
    return np.where(pd.isna(own), operator, own)


def _streams(region: Region, tree: Materials) -> dict[str, Texts]:
    table = region.table("streams")
    site, material = positions(region.table("sites")["site"], table["site"]), tree.find(table["material"])
    return _part(
        id=table["stream"],
        name=table["name"],
        site=table["site"],
        organisation=_operator(region, table["organisation"], site),
        carrier=carrier_names(tree, material),
        unit=tree.units(material),
        location=site,
    )


def _plants(region: Region) -> dict[str, Texts]:
    table, technologies = region.table("plants"), region.table("technologies")
    site = positions(region.table("sites")["site"], table["site"])
    technology = positions(technologies["technology"], table["technology"])
    owner = _operator(region, table["organisation"], site)
    invested = pd.isna(table["organisation"]) & (table["status"] == "candidate")
    return _part(
        id=table["plant"],
        name=table["name"],
        site=table["site"],
        organisation=np.where(invested, INVESTOR, owner),
        carrier=np.full(len(table), "", dtype=object),
        unit=picked(technologies["activity_unit"], technology, "t"),
        location=site,
    )


def _needs(region: Region, tree: Materials) -> dict[str, Texts]:
    table, products = region.table("needs"), region.table("products")
    site, material = positions(region.table("sites")["site"], table["site"]), tree.find(table["material"])
    product = positions(products["product"], table["product"])
    return _part(
        id=table["need"],
        name=table["name"],
        site=table["site"],
        organisation=_operator(region, table["organisation"], site),
        carrier=carrier_names(tree, material),
        unit=np.where(product < 0, tree.units(material), picked(products["unit"], product, "")),
        location=_site_or_zone(region, table, site),
    )


def _fates(region: Region, tree: Materials, outlets: Outlets) -> dict[str, Texts]:
    return _part(
        id=outlets.id,
        name=outlets.name,
        site=outlets.site,
        organisation=outlets.organisation,
        carrier=carrier_names(tree, outlets.material),
        unit=tree.units(outlets.material),
        location=outlets.location,
    )


def _products(table: Table, tree: Materials) -> dict[str, Texts]:
    nothing = np.full(len(table), None, dtype=object)
    return _part(
        id=table["product"],
        name=table["name"],
        site=nothing,
        organisation=nothing,
        carrier=carrier_names(tree, tree.find(table["material"])),
        unit=table["unit"],
        location=np.full(len(table), -1),
    )


def _site_or_zone(region: Region, table: Table, site: Rows) -> Rows:
    zone = positions(region.table("zones")["zone"], table["zone"])
    return np.where(site >= 0, site, np.where(zone >= 0, zone + len(region.table("sites")), -1))


def carrier_names(tree: Materials, material: Rows) -> Texts:
    """Carrier of each material in words, empty where there is none."""
    return np.asarray((*CARRIERS, ""), dtype=object)[tree.carriers(material)]


def existing(region: Region) -> Mask:
    """Plants that stand in the year of the vintage. Shape (plants,)."""
    table = region.table("plants")
    begun = ~(table["built"] > region.year)
    running = ~(table["closes"] < region.year)
    return np.asarray((table["status"] == "existing") & begun & running, dtype=bool)
