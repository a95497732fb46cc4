"""Levels: what lies in stocks, period by period, as a table."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sivuvirta.domain.links import Floats
from sivuvirta.plan.horizon.whole import Whole


def stocks_frame(at: Whole, x: Floats) -> pd.DataFrame:
    """What is put into stocks, taken out, lost and left, period by period, with its cost."""
    held, links = at.stocks, at.matches[0].links
    rows: list[dict[str, Any]] = []
    for number, name in enumerate(held.id.tolist()):
        node, before = links.supply.node[held.stream[number]], float(held.start[number])
        charged = float(held.leaving["value"][number])  # what was there at the start is lost in the first period whatever is done
        for position, each in enumerate(at.stages):
            lost = before * float(1.0 - held.keep[number, position])
            put, take, level = (float(x[part[number, position]]) for part in (at.keeping.put, at.keeping.take, at.keeping.level))
            rows.append(
                {
                    "stock": name,
                    "stream": links.nodes.id[node],
                    "period": each.period.name,
                    "unit": links.nodes.unit[node] or "t",
                    "before": before,
                    "in": put,
                    "out": take,
                    "lost": lost,
                    "level": level,
                    "cost": float(held.handling[number]) / 2 * (put + take) + (charged * lost if position else 0.0),
                }
            )
            before = level
    rows += _goods(at, x)
    return pd.DataFrame(rows, columns=["stock", "stream", "period", "unit", "before", "in", "out", "lost", "level", "cost"])


def _goods(at: Whole, x: Floats) -> list[dict[str, Any]]:
    """Rows of stocks of goods, all lots of one together; its stream is the plant with the output."""
    made, first = at.goods, len(at.stocks)
    rows: list[dict[str, Any]] = []
    for number, name in enumerate(made.id.tolist()):
        lots = np.flatnonzero((made.stock == number) & (made.fills > 0))
        handling, charged = made.handling[lots], made.leaving["value"][lots]
        before = np.zeros(len(lots))
        for position, each in enumerate(at.stages):
            lost = before * (1.0 - made.keep[lots, position])
            put, take, level = (x[part[first + lots, position]] for part in (at.keeping.put, at.keeping.take, at.keeping.level))
            rows.append(
                {
                    "stock": name,
                    "stream": f"{made.plant[number]}.{made.output[number]}",
                    "period": each.period.name,
                    "unit": str(made.unit[number]),
                    "before": float(before.sum()),
                    "in": float(put.sum()),
                    "out": float(take.sum()),
                    "lost": float(lost.sum()),
                    "level": float(level.sum()),
                    "cost": float(handling @ (put + take) / 2 + (charged @ lost if position else 0.0)),
                }
            )
            before = level
    return rows
