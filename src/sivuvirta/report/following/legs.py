"""Legs: rows of the register that flows and plants of a network rest on, found once for a page or a section."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from sivuvirta.assess.sources import plants
from sivuvirta.assess.sources.arcs import behind
from sivuvirta.assess.sources.book import Row, key_of
from sivuvirta.assess.sources.flows import carried
from sivuvirta.assess.sources.register import Register
from sivuvirta.domain.links import Links

Found = Iterable[Row]
"""Rows as they are found."""

Keys = tuple[tuple[str, str], ...]
"""Table and key of rows, each once."""


@frozen(eq=False)
class Legs:
    """Where to look for the rows behind flows and plants."""

    register: Register

    @classmethod
    def of(cls, links: Links) -> Legs:
        """Legs of the arcs and plants of some links."""
        return cls(Register(links))

    def amounts(self, arcs: Iterable[int]) -> Keys:
        """Rows behind how much flows: amounts of streams and needs, recipes, acceptances, outlets and plants.

        Args:
            arcs: rows of links.arcs.
        """
        return self.keys(row for arc in arcs for row in carried(self.register, arc))

    def worth(self, arcs: Iterable[int]) -> Keys:
        """Rows behind how much flows and what it costs, earns and emits.

        Args:
            arcs: rows of links.arcs.
        """
        return self.keys(row for arc in arcs for row in self._worth(arc))

    def contents(self, arcs: Iterable[int], component: str) -> Keys:
        """Rows that say how much of a component is in what flows.

        Args:
            arcs: rows of links.arcs.
            component: for example Cr_total.
        """
        links = self.register.links
        ids = dict.fromkeys(str(links.nodes.id[links.arcs.origin[arc]]) for arc in arcs)
        return self.keys(row for stream in ids for row in self.register.rows("analyses", (stream, component), "stream", "component"))

    def plants(self, works: Iterable[int]) -> Keys:
        """Rows behind what plants cost and emit, with prices and factors of what they use.

        Args:
            works: rows of links.works.
        """
        scopes = ("money", "carbon")
        return self.keys(row for work in works for scope in scopes for row in plants.behind(self.register, work, scope))

    def _worth(self, arc: int) -> Iterable[Row]:
        yield from carried(self.register, arc)
        yield from behind(self.register, arc, money=True)
        yield from behind(self.register, arc, money=False)

    def keys(self, rows: Iterable[Row]) -> Keys:
        """Table and key of rows, each once, those of -1 left out."""
        tables = self.register.links.region.table
        return tuple((name, key_of(tables(name), at)) for name, at in dict.fromkeys(rows) if at >= 0)
