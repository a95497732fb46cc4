"""Ground that the stocks of a plan over years take, by what lies in them at the end of each period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sivuvirta.assess.roads.taken import COLUMNS, density
from sivuvirta.domain.grades import Grade
from sivuvirta.domain.links import Links, NodeKind
from sivuvirta.domain.pathways import Course, Pathway

_NO_BASE = "no difference: what lies there today is not known"


def lying(pathway: Pathway) -> pd.DataFrame:
    r"""Tonnes as sent, cubic metres and square metres in each stock at the end of each period, as rows of `taken`.

    .. math:: V = \frac{l\, m}{\rho}, \qquad A = \frac{V}{h}

    with l the level, ρ the loose density of the stream's material and h the height that `stocks` states. Where one is not known, so is
    what rests on it, with the reason.
    """
    courses = [("proven", pathway.proven)] if pathway.options.evidence != "potential" else []
    rows = [row for state, course in [*courses, ("potential", pathway.potential)] for row in _course(pathway, state, course)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _course(pathway: Pathway, state: str, course: Course) -> Sequence[dict[str, Any]]:
    links = {each.name: ledger.links for each, ledger in zip(pathway.horizon.periods, course.ledgers, strict=True)}
    held = course.stocks[(course.stocks["unit"] == "t") & (course.stocks["level"] > 0)]
    return [row for one in held.to_dict("records") for row in _stock(state, one, links[one["period"]])]


def _stock(state: str, one: dict[Any, Any], links: Links) -> list[dict[str, Any]]:
    table = links.region.table("stocks")
    place = table.index[one["stock"]]
    height, grade = float(table["height"][place]), table["grade"][place] or Grade.D.name
    sent, (value, low, high), worst = _material(links, one["stream"])
    tonnes = float(one["level"]) * sent
    missing = [text for text, known in (("bulk density of what lies in it", value), ("height of the heap", height)) if np.isnan(known)]
    named = {"state": state, "period": one["period"], "source": table["source"][place] or "", "difference": np.nan}
    found = []
    for measure, unit, size, needs in (
        ("stock_tonnes", "t", (tonnes,) * 3, 0),
        ("stock_volume", "m3", (tonnes / value, tonnes / high, tonnes / low), 1),
        ("stock_area", "m2", (tonnes / value / height, tonnes / high / height, tonnes / low / height), 2),
    ):
        unknown = "; ".join([*(f"not known: {text}" for text in missing if needs == 2 or (needs and "density" in text)), _NO_BASE])
        figures = dict(zip(("value", "low", "high"), size, strict=True))
        told = Grade(max(Grade[grade], worst if needs else Grade.A)).name
        label = f"In stock {one['stock']} at the end of the period"
        found.append(
            {**named, "measure": f"{measure}:{one['stock']}", "label": label, "unit": unit, **figures, "grade": told, "unknown": unknown}
        )
    return found


def _material(links: Links, stream: str | None) -> tuple[float, tuple[float, float, float], Grade]:
    """Tonnes as sent per dry tonne of a stream, the density of its material with its ends, and the grade of that."""
    origin = links.arcs.origin
    of = np.flatnonzero((links.nodes.kind[origin] == NodeKind.STREAM) & (links.nodes.id[origin] == stream))
    if not len(of):
        return np.nan, (np.nan,) * 3, Grade.D
    value, low, high, grade = density(links, links.arcs.material[of[:1]])
    return float(links.arcs.sent[of[0]]), (float(value[0]), float(low[0]), float(high[0])), Grade(int(grade[0]))
