"""The five figures of a ledger in each draw, and all tables together."""

from __future__ import annotations

import numpy as np

from sivuvirta.assess.fates import used_weight
from sivuvirta.assess.headline import CLAIMS, LABELS
from sivuvirta.assess.roads.haulage import loads
from sivuvirta.domain.links import Floats
from sivuvirta.futures.measured import amounts, money
from sivuvirta.futures.measured.blocks import LEVEL, RISE, SAVING, TODAY, Block, Row
from sivuvirta.futures.measured.coefficients import Coefficients
from sivuvirta.futures.measured.flows import Flows
from sivuvirta.futures.measured.setting import Setting

_SIDES = {"used_today": TODAY, "could_be_used": LEVEL, "benefit": SAVING, "carbon": RISE, "trucks": LEVEL}
_KG = 1000.0  # per tonne


def headline(setting: Setting) -> Block:
    """The five figures: used today, could be used, worth, emissions, loaded trucks."""
    used, trucks = setting.of(used_weight(setting.links)), setting.of(loads(setting.links))

    def sums(flows: Flows, numbers: Coefficients) -> Floats:
        cost = money.cash_terms(setting, flows, numbers).sum(axis=1)
        emitted = money.carbon_terms(setting, flows, numbers).sum(axis=1) / _KG
        amount = flows.amount @ used
        return np.column_stack([amount, amount, cost, emitted, (flows.amount * numbers.wetter) @ trucks])

    rows = []
    for name, (label, unit) in LABELS.items():
        claim = CLAIMS.get(name, 0)
        rows.append(Row(name, label, unit, _SIDES[name], claim, "outlets" if claim else ""))
    return Block("headline", tuple(rows), sums)


def all_blocks(setting: Setting) -> tuple[Block, ...]:
    """Every table of figures that are sums over flows."""
    by_term, by_carbon, by_owner = money.blocks(setting)
    return (
        headline(setting),
        by_term,
        by_owner,
        by_carbon,
        amounts.diverted(setting),
        amounts.products(setting),
        amounts.transport(setting),
        amounts.roads(setting, setting.of(loads(setting.links))),
        amounts.jobs(setting),
    )
