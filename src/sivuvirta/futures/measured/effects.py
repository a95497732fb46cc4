"""Effects: the inputs that the figures of ledgers rest on, one a figure of the register, and what each moves."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from scipy.sparse import csr_array

from sivuvirta.domain.ensembles import Input
from sivuvirta.domain.links import Ints
from sivuvirta.futures.ensemble.gathering import Book, Part
from sivuvirta.futures.ensemble.inputs import amounts_of, investments
from sivuvirta.futures.ensemble.task import Linear
from sivuvirta.futures.measured.goods import displaced, goods, utilities
from sivuvirta.futures.measured.hauled import Ways, rates, ways, wet
from sivuvirta.futures.measured.outlets import outlet_terms
from sivuvirta.futures.measured.setting import Setting
from sivuvirta.futures.measured.uses import metals, ratios


@frozen(eq=False)
class Effects:
    """Inputs with what one standard deviation of each moves. Sparse, the second axis is of inputs."""

    inputs: tuple[Input, ...]
    amount: Linear  # (streams,) units a year
    demand: Linear  # (needs,) units a year
    water: Linear  # (used,) share of what is sent that is water
    is_wet: Any  # (used,) whose water is drawn
    ways: Ways
    cost: Linear  # (modes + 1,) EUR per unit as sent and km; the last of none
    handling: Linear  # (modes + 1,) EUR per unit as sent
    co2: Linear  # (modes + 1,) kg CO2e per unit as sent and km
    fee: Linear  # (used,) EUR per unit, at the stated water
    revenue: Linear  # (used,) of outlets, EUR per unit, at the stated water
    outlet: Linear  # (used,) kg CO2e per unit
    ratio: Linear  # (used,) need units per unit
    metal: Linear  # (used,) EUR per unit that are paid for a component
    purchase: Linear  # (used,) EUR per unit
    emission: Linear  # (used,) kg CO2e per unit of what is bought
    replaced: Linear  # (used,) product units per unit
    factor: Linear  # (used,) kg CO2e per product unit that is replaced
    energy: Linear  # (plants,) EUR per unit of activity
    heat: Linear  # (plants,) kg CO2e per unit of activity
    capex: Linear  # (plants,) times the stated investment

    def __len__(self) -> int:
        return len(self.inputs)


def effects(setting: Setting) -> Effects:
    """Every figure with a range that the figures of these ledgers rest on. What moves none of them is left out."""
    links, book = setting.links, Book()
    works = links.works
    parts: dict[str, tuple[Any, Part]] = {
        "amount": (links.supply.value, amounts_of(book, "amount", links, links.supply)),
        "demand": (links.demand.amounts.value, amounts_of(book, "demand", links, links.demand.amounts)),
        "water": wet(book, setting),
        **rates(book, links),
        **outlet_terms(book, setting),
        "ratio": ratios(book, setting),
        "metal": metals(book, setting),
        **goods(book, setting),
        **displaced(book, setting),
        **utilities(book, links),
        "capex": (np.ones(len(works)), investments(book, links)),
    }
    way, lengths = ways(book, setting)
    kept = _moving(setting, way, {**{name: part for name, (_, part) in parts.items()}, **lengths}, len(book.inputs))
    linear = {name: Linear(np.asarray(base, dtype=float), _matrix(part, len(base), kept)) for name, (base, part) in parts.items()}
    return Effects(
        inputs=tuple(book.inputs[at] for at in kept.tolist()),
        is_wet=np.diff(linear["water"].effect.indptr) > 0,
        ways=way.with_effects({name: _matrix(part, len(setting.arc), kept) for name, part in lengths.items()}),
        **linear,
    )


def _moving(setting: Setting, way: Ways, parts: dict[str, Part], count: int) -> Ints:
    """Numbers of inputs that move something in use."""
    links = setting.links
    arcs = links.arcs
    used = np.zeros(len(links.nodes.id), dtype=bool)
    used[arcs.origin[setting.arc]] = used[arcs.destination[setting.arc]] = True
    runs = np.zeros(len(links.works), dtype=bool)
    for ledger in setting.ledgers.values():
        runs |= (ledger.operations.activity > 0) | (ledger.operations.capex > 0)
    of = {"amount": used[links.supply.node], "demand": used[links.demand.amounts.node]}
    for name, told in (("cost", way.rated), ("handling", way.handled), ("co2", way.emitting)):
        of[name] = np.isin(np.arange(len(links.modes) + 1), np.concatenate([way.main[told], way.truck[told]]))
    of |= dict.fromkeys(("energy", "heat", "capex"), runs)
    everything = np.ones(len(setting.arc), dtype=bool)
    moving = np.zeros(count, dtype=bool)
    for name, part in parts.items():
        row, number, value = part.arrays()
        moving[number[of.get(name, everything)[row] & (value != 0)]] = True
    return np.flatnonzero(moving).astype(np.int32)


def _matrix(part: Part, rows: int, kept: Ints) -> Any:
    row, number, value = part.arrays()
    size = max(int(number.max(initial=-1)), int(kept.max(initial=-1))) + 1
    return csr_array(csr_array((value, (row, number)), shape=(rows, size))[:, kept]) if len(kept) else csr_array((rows, 0))
