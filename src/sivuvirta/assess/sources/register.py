"""The rows of the register behind nodes, hauls and products, found once for all arcs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
from attrs import field, frozen

from sivuvirta.assess.sources.book import Row
from sivuvirta.domain.links import Links, NodeKind
from sivuvirta.domain.table import Table
from sivuvirta.links.codes import Rows, positions
from sivuvirta.links.money import factor_rows, index_rows, price_rows


def _by(table: Table, *columns: str) -> dict[Any, list[int]]:
    """Rows by one column, or by several together."""
    found: dict[Any, list[int]] = {}
    parts = [table[name].tolist() for name in columns]
    for at, key in enumerate(parts[0] if len(parts) == 1 else zip(*parts, strict=True)):
        found.setdefault(key, []).append(at)
    return found


@frozen(eq=False, slots=False)
class Register:
    """Where to look for the rows behind a figure."""

    links: Links
    _found: dict[str, dict[Any, list[int]]] = field(factory=dict)

    def rows(self, table: str, key: object, *columns: str) -> Iterator[Row]:
        """Rows of a table by its key, or by some columns together."""
        name = "/".join((table, *columns))
        if name not in self._found:
            of = self.links.region.table(table)
            self._found[name] = _by(of, *(columns or of.key[:1]))
        yield from ((table, at) for at in self._found[name].get(key, ()))

    def amount(self, node: int) -> Iterator[Row]:
        """Rows that state the amount of a stream or need at the vintage."""
        links = self.links
        name = {NodeKind.STREAM: "streams", NodeKind.NEED: "needs"}.get(NodeKind(links.nodes.kind[node]))
        if name:
            key = (name, links.nodes.id[node], links.region.vintage)
            yield from self.rows("quantities", key, "table", "subject", "vintage")

    def price(self, product: object) -> Iterator[Row]:
        """The price of a product, and the indices that turn it into money of the price year."""
        yield from self._figure("prices", self._prices, product)

    def factor(self, product: object) -> Iterator[Row]:
        """The emission factor of a product."""
        yield from self._figure("factors", self._factors, product)

    def way(self, arc: int) -> Iterator[Row]:
        """Rows of `links` that speak of the way of an arc, and of `roads` that it uses."""
        links = self.links
        for start in self._ends[links.arcs.origin[arc]]:
            for end in self._ends[links.arcs.destination[arc]]:
                yield from self.rows("links", (start, end), "origin", "destination")
        if links.arcs.pair[arc] >= 0:
            yield from (("roads", int(edge)) for edge in links.paths.edges(int(links.arcs.pair[arc])))

    def vehicles(self, arc: int) -> Iterator[Row]:
        """The modes that carry what flows on an arc."""
        arcs = self.links.arcs
        for mode in (arcs.mode[arc], arcs.feeder[arc]):
            if mode >= 0:
                yield from self.rows("modes", self.links.modes[mode])

    def water(self, arc: int) -> Iterator[Row]:
        """What says how wet a flow is sent."""
        arcs, nodes = self.links.arcs, self.links.nodes
        origin = arcs.origin[arc]
        if arcs.sent[arc] == 1.0:
            return
        if nodes.kind[origin] == NodeKind.STREAM:
            at = self.links.region.table("streams").index[nodes.id[origin]]
            if not np.isnan(self.links.region.table("streams")["moisture"][at]):
                yield ("streams", at)
                return
        yield from self.made(arc)
        yield from self.rows("materials", self.links.materials[arcs.material[arc]])

    def made(self, arc: int) -> Iterator[Row]:
        """Rows of the recipe that an arc out of a plant, or into it, rests on."""
        arcs, works = self.links.arcs, self.links.works
        if arcs.output[arc] >= 0:
            output = arcs.output[arc]
            key = (works.technology[works.outputs.plant[output]], works.outputs.name[output])
            yield from self.rows("recipe_outputs", key, "technology", "output")
        if arcs.slot[arc] >= 0:
            slot = arcs.slot[arc]
            key = (works.technology[works.slots.plant[slot]], works.slots.name[slot])
            yield from self.rows("recipe_inputs", key, "technology", "slot")

    def acceptance(self, arc: int) -> Iterator[Row]:
        """The acceptance that an arc to a need rests on."""
        yield "acceptances", int(self.links.arcs.acceptance[arc])

    def _figure(self, name: str, chosen: Rows, product: object) -> Iterator[Row]:
        at = self.links.region.table("products").index.get(product, -1)
        row = int(chosen[at]) if at >= 0 else -1
        if row < 0:
            return
        yield name, row
        if name == "prices":
            table = self.links.region.table(name)
            series = (table["subject"][row], table["kind"][row])
            yield from (("indices", each) for each in index_rows(self.links.region, float(table["year"][row]), series))

    @cached_property
    def _prices(self) -> Rows:
        return price_rows(self.links.region)

    @cached_property
    def _factors(self) -> Rows:
        return factor_rows(self.links.region)

    @cached_property
    def _ends(self) -> list[tuple[str, ...]]:
        """Names by which a row of `links` may mean each node, the most exact first."""
        region, nodes = self.links.region, self.links.nodes
        sites = region.table("sites")
        site = positions(sites["site"], nodes.site)
        found = []
        for node, key in enumerate(nodes.id.tolist()):
            names = [key]
            if site[node] >= 0:
                names += [sites["site"][site[node]], sites["place"][site[node]], *(sites["zones"][site[node]] or ())]
            kind = {NodeKind.NEED: "needs", NodeKind.FATE: "fates"}.get(NodeKind(nodes.kind[node]))
            table = region.table(kind) if kind else None
            if table is not None and key in table.index and table["zone"][table.index[key]]:
                names.append(table["zone"][table.index[key]])
            found.append(tuple(dict.fromkeys(str(name) for name in names if name)))
        return found
