"""An inventory from tables of exchanges, interventions, factors and a demand, as textbooks print them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sivuvirta.domain.lifecycles import Entries, Inventory
from sivuvirta.errors import UnknownNameError
from sivuvirta.lifecycle.draft import processes


def inventory_of(tables: Mapping[str, pd.DataFrame], title: str) -> Inventory:
    """An inventory from tables.

    Args:
        tables: `exchanges` (process, product, amount, unit; a product is named as its process, and what is taken is negative),
            `interventions` (process, flow, amount), `factors` (flow, name, factor), `demand` (product, amount). Each of exchanges and
            interventions may have `sd`.
        title: its name.

    Returns:
        The inventory, with the demand as `system:planned`.

    Raises:
        UnknownNameError: a product that no process makes, or a flow without a factor.
    """
    exchanges, interventions, factors, demand = (tables[name] for name in ("exchanges", "interventions", "factors", "demand"))
    made = exchanges[exchanges["process"] == exchanges["product"]]
    names = made["process"].tolist()
    position = {name: row for row, name in enumerate(names)}
    flow = {name: row for row, name in enumerate(factors["flow"].tolist())}
    asked = {*exchanges["product"], *exchanges["process"], *interventions["process"], *demand["product"]} - {*position}
    strange = [*sorted(asked), *sorted({*interventions["flow"]} - {*flow})]
    if strange:
        raise UnknownNameError(f"Nothing makes or weighs {', '.join(strange)}. Write the process that makes it, or its factor.")
    system = len(names)
    rows = [(f"process:{name}", name, str(unit), True, False) for name, unit in zip(names, made["unit"], strict=True)]
    own = _entries(exchanges, exchanges["product"].map(position), exchanges["process"].map(position))
    taken = -demand["amount"].to_numpy(dtype=np.float64)
    return Inventory(
        title=title,
        processes=processes([*rows, ("system:planned", title, "a", True, False)]),
        exchanges=Entries(
            np.concatenate([own.row, demand["product"].map(position), [system]]).astype(np.int32),
            np.concatenate([own.column, np.full(len(demand) + 1, system)]).astype(np.int32),
            np.concatenate([own.amount, taken, np.ones(1)]).astype(np.float64),
            np.concatenate([own.sd, np.zeros(len(demand) + 1)]).astype(np.float64),
        ),
        flows=factors["flow"].to_numpy(dtype=object),
        flow_names=factors["name"].to_numpy(dtype=object),
        factors=factors["factor"].to_numpy(dtype=np.float64),
        interventions=_entries(interventions, interventions["flow"].map(flow), interventions["process"].map(position)),
    )


def _entries(table: pd.DataFrame, row: pd.Series, column: pd.Series) -> Entries:
    sd = table["sd"] if "sd" in table else pd.Series(0.0, index=table.index)
    numbers = (np.asarray(part, dtype=np.float64) for part in (table["amount"], sd))
    return Entries(np.asarray(row, dtype=np.int32), np.asarray(column, dtype=np.int32), *numbers)
