"""An inventory while it is being written: processes by key, exchanges, interventions."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd

from sivuvirta.domain.lifecycles import Entries, Inventory, Processes

FOSSIL, BIOGENIC = "co2e_fossil", "co2e_biogenic"


def climate() -> pd.DataFrame:
    """Elementary flows with their factors, kg CO2e per kg over 100 years, and where each was read."""
    with (files("sivuvirta.lifecycle") / "data" / "climate.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file, dtype={"opened": str, "quoted": str})


class Draft:
    """Processes and entries as they come; a process is written once."""

    def __init__(self) -> None:
        self.position: dict[str, int] = {}
        self.written: set[int] = set()  # source rows whose emission stands
        self._replaced: set[int] = set()
        self._processes: list[tuple[str, str, str, bool]] = []
        self._exchanges: list[tuple[int, int, float, float]] = []
        self._interventions: list[tuple[str, int, float, float]] = []

    def process(self, key: str, name: str, unit: str, *, known: bool = True) -> int:
        """Position of a process; written with one unit of its own product where it is new."""
        if key not in self.position:
            self.position[key] = len(self._processes)
            self._processes.append((key, name, unit, known))
            self._exchanges.append((self.position[key], self.position[key], 1.0, 0.0))
        return self.position[key]

    def replaceable(self, process: int) -> None:
        """Uses replace the product of this process."""
        self._replaced.add(process)

    def takes(self, process: int, of: int, amount: float, sd: float = 0.0) -> None:
        """A process takes an amount of another's product; a negative amount is a product that it replaces."""
        if amount != 0.0:
            self._exchanges.append((of, process, -amount, sd))

    def emits(self, process: int, amount: float, sd: float = 0.0, flow: str = FOSSIL) -> None:
        """A process emits kg of a flow."""
        if amount != 0.0 and not np.isnan(amount):
            self._interventions.append((flow, process, amount, sd))

    def inventory(self, title: str, unknown: str = "") -> Inventory:
        """What was written."""
        table = climate()
        used = [flow for flow in table["flow"].tolist() if flow in {FOSSIL, BIOGENIC, *(row[0] for row in self._interventions)}]
        table = table.set_index("flow").loc[used]
        place = {flow: number for number, flow in enumerate(used)}
        return Inventory(
            title=title,
            processes=processes([(*row, number in self._replaced) for number, row in enumerate(self._processes)]),
            exchanges=_entries(self._exchanges),
            flows=np.array(used, dtype=object),
            flow_names=table["name"].to_numpy(dtype=object),
            factors=table["factor"].to_numpy(dtype=np.float64),
            interventions=_entries([(place[flow], *rest) for flow, *rest in self._interventions]),
            unknown=unknown,
        )


def processes(rows: list[tuple[str, str, str, bool, bool]]) -> Processes:
    """Processes from key, name, unit, whether their emission is known, and whether uses replace their product."""
    columns: list[Any] = list(zip(*rows, strict=True)) if rows else [()] * 5
    key, name, unit = (np.array(column, dtype=object) for column in columns[:3])
    kind = np.array([text.split(":")[0] for text in columns[0]], dtype=object)
    return Processes(key, name, kind, unit, np.array(columns[3], dtype=bool), np.array(columns[4], dtype=bool))


def _entries(rows: list[Any]) -> Entries:
    columns: list[Any] = list(zip(*rows, strict=True)) if rows else [()] * 4
    row, column = (np.array(part, dtype=np.int32) for part in columns[:2])
    amount, sd = (np.array(part, dtype=np.float64) for part in columns[2:])
    return Entries(row, column, amount, sd)
