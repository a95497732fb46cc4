"""Outlets that count the same keep the part that they have today."""

from __future__ import annotations

import pytest
from tests.engine.worlds import ASH, SLAG, accepts, base, bundled, costs, fate, matched, planned

from sivuvirta.domain.plans import PlanOptions
from sivuvirta.links import build
from sivuvirta.match import match


def outlets(*fates, ash=300):
    """Slag that the road takes 100 t of; ash that stays with its outlets."""
    return base(
        [
            {"stream": "slag", "site": "s0", "material": SLAG, "amount": 1000},
            {"stream": "ash", "site": "s1", "material": ASH, "amount": ash},
        ],
        [{"need": "road", "site": "s2", "amount": 100, "price": 20}],
        fates=list(fates),
        acceptances=[accepts("road", SLAG, 1)],
        links=costs(),
    )


def carried(plan):
    frame = plan.proven.ledger.to_frame()
    return dict(zip(frame["destination"], frame["amount"], strict=True))


def test_what_is_left_is_split_as_today_where_outlets_cost_the_same():
    heap, pit = fate("slag", "stored", 5, share=60), fate("slag", "landfill", 5, share=40)
    found = carried(planned(matched(outlets(heap, pit, fate("ash", "landfill", 7)))))
    assert found["fate:stored_slag"] == pytest.approx(0.6 * 900)
    assert found["fate:landfill_slag"] == pytest.approx(0.4 * 900)


def test_the_dearer_outlet_is_left_first():
    heap, pit = fate("slag", "stored", 5, share=60), fate("slag", "landfill", 6, share=40)
    found = carried(planned(matched(outlets(heap, pit, fate("ash", "landfill", 7)))))
    assert found["fate:stored_slag"] == pytest.approx(900)


def test_a_limit_on_disposal_tells_outlets_apart_that_cost_the_same():
    fill, pit = fate("slag", "structure", 5, share=50), fate("slag", "landfill", 5, share=50)
    options = PlanOptions(disposal_limit=400 + 300)
    found = carried(planned(matched(outlets(fill, pit, fate("ash", "landfill", 7))), options))
    assert found["fate:landfill_slag"] <= 400 + 1e-9
    assert found["fate:structure_slag"] == pytest.approx(900 - found["fate:landfill_slag"])


def test_a_plan_without_any_use_is_today():
    plan = planned(match(build(bundled("kemi_tornio"))))
    today, proven = plan.reference.per_arc(), plan.proven.ledger.per_arc()
    unused = plan.proven.route_flow.sum() == 0
    assert plan.proven.benefit == pytest.approx(0, abs=1e-6) if unused else plan.proven.benefit > 0
    assert not unused or proven == pytest.approx(today)
