"""Money and emissions in each draw: by term, by organisation, and as a sum."""

from __future__ import annotations

from typing import Any

import numpy as np

from sivuvirta.assess.terms import CARBON, CASH
from sivuvirta.domain.links import EUR_TERMS, Floats, NodeKind
from sivuvirta.futures.measured.blocks import RISE, SAVING, Block, Row
from sivuvirta.futures.measured.coefficients import Coefficients
from sivuvirta.futures.measured.flows import Flows
from sivuvirta.futures.measured.setting import Setting, gathered, times

_TRANSPORT = EUR_TERMS.index("transport")
_OUTLETS = "outlets"


def flow_cash(setting: Setting, flows: Flows, numbers: Coefficients) -> Floats:
    """EUR/a of each flow by term; in `transport` its part of what its way costs if used at all. Shape (draws, used, EUR_TERMS)."""
    cash = flows.amount[:, :, None] * numbers.eur
    paid = flows.ledger.operations.ways
    if paid.any():
        group = setting.of(setting.links.arcs.fixed_group)
        on = (group >= 0) & (flows.ledger.per_arc()[setting.arc] > 0)
        part = np.where(on, flows.amount, 0.0)
        whole = times(part, gathered(np.where(on, group, -1), len(paid)))
        laid = setting.links.ways.mode[group] >= 0  # what has to be laid costs by its length
        each = np.divide(part, whole[:, group], out=np.zeros_like(part), where=whole[:, group] > 0)
        cash[:, :, _TRANSPORT] += np.where(on, paid[group] * each * np.where(laid, numbers.longer, 1.0), 0.0)
    return cash


def work_cash(setting: Setting, flows: Flows, numbers: Coefficients) -> Floats:
    """EUR/a of each plant: operation, energy, capital, upkeep. Shape (draws, plants, 4)."""
    works, operations = setting.links.works, flows.ledger.operations
    capex = operations.capex * numbers.capex
    capital = np.nan_to_num(works.annuity_only) * capex
    fixed = operations.fixed + np.where(operations.capex > 0, np.nan_to_num(works.annuity), 0.0) * (capex - operations.capex)
    return np.concatenate([flows.activity[:, :, None] * numbers.work_eur, np.stack([capital, fixed - capital], axis=2)], axis=2)


def cash_terms(setting: Setting, flows: Flows, numbers: Coefficients) -> Floats:
    """EUR/a by term. Shape (draws, CASH)."""
    return np.concatenate([flow_cash(setting, flows, numbers).sum(axis=1), work_cash(setting, flows, numbers).sum(axis=1)], axis=1)


def carbon_terms(setting: Setting, flows: Flows, numbers: Coefficients) -> Floats:
    """Kg CO2e/a by term. Shape (draws, CARBON)."""
    arcs = np.einsum("na,nat->nt", flows.amount, numbers.co2)
    return np.concatenate([arcs, np.einsum("np,npt->nt", flows.activity, numbers.work_co2)], axis=1)


def blocks(setting: Setting) -> tuple[Block, ...]:
    """Money by term, emissions by term, money by organisation (with payments between them)."""
    unknown = _OUTLETS
    return (
        Block("money", tuple(Row(term, f"Saved: {term}", "EUR/a", SAVING, 0, unknown) for term in CASH), _bound(cash_terms, setting)),
        Block(
            "carbon",
            tuple(Row(term, f"Emissions: {term}", "kg CO2e/a", RISE, 0, unknown) for term in CARBON),
            _bound(carbon_terms, setting),
        ),
        organisations(setting),
    )


def _bound(function: Any, setting: Setting) -> Any:
    def sums(flows: Flows, numbers: Coefficients) -> Floats:
        return np.asarray(function(setting, flows, numbers))

    return sums


def organisations(setting: Setting) -> Block:
    """What each organisation spends less: haulage and outlets of who sends, purchases of who buys, a plant's cost of its owner."""
    links = setting.links
    arcs, nodes = links.arcs, links.nodes
    owner = np.array([key or "" for key in nodes.organisation], dtype=object)
    origin, destination = setting.of(arcs.origin), setting.of(arcs.destination)
    bearer = np.where(nodes.kind[origin] == NodeKind.PRODUCT, owner[destination], owner[origin])
    own = owner[links.works.node]
    names = tuple(sorted({*bearer.tolist(), *owner[destination].tolist(), *own.tolist()}))
    number = {name: at for at, name in enumerate(names)}
    bears, gets, pays, runs = (
        gathered([number[name] for name in group.tolist()], len(names)) for group in (bearer, owner[origin], owner[destination], own)
    )

    def sums(flows: Flows, numbers: Coefficients) -> Floats:
        paid = flows.amount * numbers.payment
        spent = times(flow_cash(setting, flows, numbers).sum(axis=2), bears) + times(work_cash(setting, flows, numbers).sum(axis=2), runs)
        return spent + times(paid, pays) - times(paid, gets)

    table = links.region.table("organisations")
    told = [str(table["name"][table.index[name]]) if name in table.index else name or "Not in the register" for name in names]
    rows = tuple(Row(name, f"Saved by {label}", "EUR/a", SAVING, 1, _OUTLETS) for name, label in zip(names, told, strict=True))
    return Block("organisations", rows, sums)
