"""Uses: how much of a product a unit replaces in a need, and what is paid for a component in it."""

from __future__ import annotations

from typing import Any

import numpy as np

from sivuvirta.domain.ensembles import Input
from sivuvirta.domain.links import ArcKind, Floats
from sivuvirta.futures.ensemble.gathering import Book, Part
from sivuvirta.futures.measured.hauled import evolve_range
from sivuvirta.futures.measured.setting import Setting
from sivuvirta.links.codes import picked, spread
from sivuvirta.links.payables import PER_TONNE, payable, terms

_MG = 1e-6  # mg/kg as a share


def ratios(book: Book, setting: Setting) -> tuple[Floats, Part]:
    """Need units per unit sent (1 where there is no need), one input a row of `acceptances` whose ratio has a range."""
    links, part = setting.links, Part()
    table, row = links.region.table("acceptances"), setting.of(links.arcs.acceptance)
    base = np.nan_to_num(setting.of(links.arcs.ratio), nan=1.0)
    sd = spread(table["ratio_low"], table["ratio_high"])
    materials, needs = links.region.table("materials"), links.region.table("needs")
    for at in np.unique(row[row >= 0]).tolist():
        value = float(table["ratio"][at])
        if not (sd[at] > 0 and value > 0):
            continue
        need, material = table["need"][at], table["material"][at]
        words = f"{materials['name_en'][materials.index[material]]} in {needs['name'][needs.index[need]]}"
        one = Input("ratio", f"{need},{material}", f"what a tonne replaces of {words}", "lognormal", value, float(sd[at]))
        rows = np.flatnonzero(row == at)
        number = book.number(evolve_range(one, float(table["ratio_low"][at]), float(table["ratio_high"][at])))
        part.add(rows, number, sd[at] * base[rows] / value)
    return base, part


def metals(book: Book, setting: Setting) -> tuple[Floats, Part]:
    """EUR per unit that acceptances pay for a component, one input a content of a stream."""
    links, part = setting.links, Part()
    row = setting.of(links.arcs.acceptance)
    component, rate, pays = terms(links.region)
    at = np.flatnonzero(setting.kind(ArcKind.DIRECT) & np.append(pays, False)[row])
    base: Floats = np.zeros(len(row))
    if not len(at):
        return base, part
    streams = links.nodes.id[setting.of(links.arcs.origin)[at]]
    found = payable(links.region, streams, row[at])
    base[at] = np.nan_to_num(found.value)
    names = dict(zip(links.nodes.id.tolist(), links.nodes.name.tolist(), strict=True))
    for place, arc in enumerate(at.tolist()):
        price, sd = float(rate[row[arc]]) * PER_TONNE, float(found.sd[place])
        content = base[arc] / price if price else 0.0
        if sd > 0 and content > 0:
            key = f"analyses: {streams[place]}/{component[row[arc]]}/total"
            family = "beta" if content * _MG < 1 else "lognormal"
            one = Input("content", key, f"{component[row[arc]]} in {names[streams[place]]}", family, content * _MG, abs(sd / price) * _MG)
            part.add([arc], book.number(one), [sd * np.sign(price)])
    return base, part


def paid(setting: Setting) -> dict[str, Any]:
    """What the price of what reaches a need moves with: the water in it, or the need units that it makes. Shape (used,)."""
    links = setting.links
    table, row = links.region.table("acceptances"), setting.of(links.arcs.acceptance)
    reaches = row >= 0
    agreed = reaches & ~np.isnan(np.append(table["price"], np.nan)[row])
    as_sent = agreed & (picked(table["price_basis"], row, None) == "as_sent")
    return {"with_water": as_sent, "with_ratio": reaches & ~agreed}
