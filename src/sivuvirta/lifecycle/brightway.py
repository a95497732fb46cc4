"""Scores by Brightway's calculation library: an inventory, its background and a method as one calculation."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from attrs import field, frozen

from sivuvirta.domain.lifecycles import CLIMATE, Background, Inventory
from sivuvirta.domain.links import Floats
from sivuvirta.errors import OptionError
from sivuvirta.lifecycle.background import Bound, bind
from sivuvirta.lifecycle.packages import PROCESS, datapackage

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it recommends a solver of Intel's, which is no need
    import bw2calc

UNIT = "kg CO2e"
_SOURCES = ("product", "haul", "outlet", "plant", "arc")  # processes that may emit


@frozen(eq=False)
class Calculation:
    """One inventory ready to be scored."""

    inventory: Inventory
    bound: Bound
    method: str
    packages: tuple[Any, ...] = field(repr=False)
    source: str = ""  # of the background

    @property
    def unit(self) -> str:
        """Unit of the scores."""
        return UNIT if self.method == CLIMATE else self.bound.unit

    def lca(self, *, uncertain: bool = False) -> Any:
        """A `bw2calc.LCA` with inventory and impacts computed for the first system."""
        lca = bw2calc.LCA({PROCESS + self.systems()[0]: 1.0}, data_objs=list(self.packages), use_distributions=uncertain)
        lca.lci()
        lca.lcia()
        return lca

    def systems(self) -> list[int]:
        """Positions of the system processes."""
        return [int(row) for row in self.inventory.processes.of("system")]

    def unknown(self, system: int) -> list[str]:
        """Names of what a system needs and whose score by this method nobody knows; for climate that counts as 0 and is told apart."""
        if self.method == CLIMATE:
            return []
        processes, needs = self.inventory.processes, needed(self.inventory, system) != 0
        blind = needs & np.isin(processes.kind, _SOURCES[:-1])
        blind[list(self.bound.supplied)] = False
        emits = np.zeros(len(processes), dtype=bool)
        emits[self.inventory.interventions.column] = True
        blind |= needs & (processes.kind == "arc") & emits
        return sorted({str(name) for name in processes.name[blind]})

    def foreign(self) -> set[int]:
        """Positions of what the background supplies, and of what takes it."""
        supplied, entries = [*self.bound.supplied], self.inventory.exchanges
        return {*supplied, *entries.column[np.isin(entries.row, supplied)].tolist()}


def calculation(inventory: Inventory, method: str = CLIMATE, background: Background | None = None) -> Calculation:
    """An inventory with its background and a method.

    Raises:
        OptionError: the method is neither climate nor one of the background's.
        ReadError: the background cannot be read.
        UnknownNameError: a supplier, database or process does not exist.
    """
    if background is None and method != CLIMATE:
        raise OptionError(f"Method '{method}' needs a background that has it. Without one there is '{CLIMATE}'.")
    bound = bind(inventory, background, method) if background is not None else Bound()
    factors = bound.flows if method == CLIMATE else {}
    own = datapackage(inventory, supplied=bound.supplied, climate=(bound.world, factors))
    if method != CLIMATE:
        own = own.exclude({"matrix": "characterization_matrix"})
    return Calculation(inventory, bound, method, (own, *bound.packages), "" if background is None else background.source)


def scored(lca: Any, system: int) -> float:
    """Score of one unit of a process, by Brightway."""
    lca.lci(demand={PROCESS + system: 1.0})
    lca.lcia()
    return float(lca.score)


def emitters(lca: Any) -> tuple[Floats, Floats]:
    """Amount and score of each process where it is emitted, in the order of Brightway's columns."""
    return np.asarray(lca.supply_array), np.asarray(lca.characterized_inventory.sum(axis=0)).ravel()


def needed(inventory: Inventory, system: int) -> Floats:
    """Units of each process that a system needs, A^-1 f, of the foreground. Shape (processes,).

    The foreground has no loops: a system takes flows and plants, and those take everything else.
    """
    entries = inventory.exchanges
    found = np.zeros(len(inventory.processes))
    found[system] = 1.0
    inner = entries.row != entries.column
    for _ in range(2):
        step = np.zeros(len(found))
        np.add.at(step, entries.row[inner], -entries.amount[inner] * found[entries.column[inner]])
        step[system] = 1.0
        found = step
    return found
