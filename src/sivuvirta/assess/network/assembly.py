"""From entries to a network: the same places for every set of amounts, so that draws cost only sums."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from attrs import frozen

from sivuvirta.assess.network.entries import Entries
from sivuvirta.domain.ledger import sums
from sivuvirta.domain.links import Floats, Texts
from sivuvirta.domain.networks import FlowNetwork

Rows = npt.NDArray[np.int64]


@frozen(eq=False)
class Assembly:
    """Where each entry goes in a network."""

    names: tuple[str, ...]
    entries: Entries
    origin: Rows  # position among names, -1 outside
    destination: Rows
    within: npt.NDArray[np.bool_]  # stays with one node
    beyond: npt.NDArray[np.bool_]  # from outside to outside

    def amounts(self, flows: Floats) -> Floats:
        """Amount of each entry for amounts of the ledger's flows."""
        return flows[self.entries.flow] * self.entries.share

    def seen(self, flows: Floats) -> Floats:
        """The same, with 0 for what nobody knows: the known part."""
        return np.nan_to_num(self.amounts(flows))

    def network(self, flows: Floats) -> FlowNetwork:
        """The known part of the network, not closed.

        Args:
            flows: amount of each flow of the ledger, shape (flows,).
        """
        return self._network(self.seen(flows))

    def shape(self) -> FlowNetwork:
        """The network with 1 for every flow, also for those of which nobody knows how much they carry."""
        return self._network(np.ones(len(self.entries)))

    def _network(self, amount: Floats) -> FlowNetwork:
        n = len(self.names)
        inside, enters, leaves = self._kinds()
        cell = self.origin[inside] * n + self.destination[inside]
        lost = leaves & self.entries.lost
        kept = leaves & ~self.entries.lost
        return FlowNetwork(
            self.names,
            sums(cell, amount[inside], n * n).reshape(n, n),
            sums(self.destination[enters], amount[enters], n),
            sums(self.origin[kept], amount[kept], n),
            sums(self.origin[lost], amount[lost], n),
        )

    def _kinds(self) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        inside = (self.origin >= 0) & (self.destination >= 0) & ~self.within
        return inside, (self.origin < 0) & (self.destination >= 0), (self.origin >= 0) & (self.destination < 0)


def assemble(entries: Entries) -> Assembly:
    """Places of the entries; nodes in alphabetical order."""
    labels: set[str] = {*entries.origin.tolist(), *entries.destination.tolist()} - {""}
    names = tuple(sorted(labels))
    position = {name: at for at, name in enumerate(names)} | {"": -1}
    origin, destination = (_at(position, ends) for ends in (entries.origin, entries.destination))
    return Assembly(
        names, entries, origin, destination, within=(origin >= 0) & (origin == destination), beyond=(origin < 0) & (destination < 0)
    )


def _at(position: dict[str, int], ends: Texts) -> Rows:
    return np.array([position[label] for label in ends.tolist()], dtype=np.int64)
