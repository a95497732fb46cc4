"""How often a plan's own flows keep a limit, by hand.

One ash of 4 to 16 mg Cd per kg beside slag without any, into a road that takes 8 (as in tests/unit/plan/program/test_plan_caution.py).
"""

import numpy as np
import pytest
from attrs import evolve
from scipy.stats import gamma
from tests.engine.worlds import matched, planned
from tests.golden.test_golden_families import doubtful

from sivuvirta import verbs
from sivuvirta.domain.ensembles import EnsembleOptions, Where
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.errors import OptionError
from sivuvirta.futures.ensemble.running import ensemble
from sivuvirta.ledger.reference import reference


def one_ash():
    tables = doubtful()
    tables["streams"] = [row for row in tables["streams"] if row["stream"] != "old_ash"]
    for name in ("quantities", "analyses", "fates"):
        tables[name] = [row for row in tables[name] if "old_ash" not in (row.get("subject"), row.get("stream"))]
    return tables


SHAPE = (10 / (12 / 3.29)) ** 2  # of a small total content: a beta of mean 10 and deviation (16 - 4)/3.29 mg/kg is nearly a gamma


def above(content, ashes=1):
    """Probability that so many ashes, in equal parts, have more than that together."""
    return gamma.sf(content, ashes * SHAPE, scale=10 / (ashes * SHAPE))


@pytest.mark.parametrize(("options", "content"), [({}, 16), ({"chance": 0.95}, 16), ({"robust": 0}, 10), ({"chance": 0.5}, 10)])
def test_the_share_that_is_broken_is_that_above_what_the_limit_lets_in(options, content):
    """100 t of slag and T of ash keep 8 mg/kg up to 8 (100 + T)/T in the ash: 16 for T = 100, 10 for T = 400."""
    frame = verbs.kept(planned(matched(one_ash()), PlanOptions(**options)), draws=1000)
    broken = above(content)
    assert frame["broken"].tolist() == pytest.approx([broken] * len(frame), abs=1.5e-3)
    assert (frame["kept"] + frame["broken"]).tolist() == pytest.approx([1.0] * len(frame))
    assert frame["error"].tolist() == pytest.approx([np.sqrt(broken * (1 - broken) / 1000)] * len(frame), rel=0.02)
    assert (frame["limit"] == "cd_road").all()


def test_what_was_asked_for_of_two_ashes_is_nearly_kept():
    """With 95 % asked for, T = 128.1509, half from each: 8 (100 + T)/T = 14.2426 mg/kg in the mean of both."""
    frame = verbs.kept(planned(matched(doubtful()), PlanOptions(chance=0.95)), draws=20_000)
    assert frame["asked"].tolist() == [0.95] * len(frame)
    assert frame["broken"].tolist() == pytest.approx([above(14.2426, ashes=2)] * len(frame), abs=3 * frame["error"].max())


def test_draws_of_a_careful_plan_judge_mixes_by_what_they_contain():
    """The margin of the plan is none of a draw's: its flows are as free as without it, and the plan's own flows keep the limit as told."""
    matches = matched(doubtful())
    today, where, asked = reference(matches.links), Where(processes=1), EnsembleOptions(draws=200, kinds=("content",))
    careful, bold = (ensemble(matches, today, PlanOptions(**options), asked, where).potential for options in ({"robust": 1}, {}))
    assert careful.draws["objective"].tolist() == pytest.approx(bold.draws["objective"].tolist(), rel=1e-6)
    frame = verbs.kept(planned(matches, PlanOptions(robust=1)), draws=200, seed=asked.seed)
    assert careful.limits["probability"].tolist() == pytest.approx(frame["kept"].tolist()[-1:], abs=0.01)


@pytest.mark.parametrize(("more", "share"), [(-1e-6, 1.0), (0.0, 1.0), (1e-8, 1.0), (1e-6, 0.0)])
def test_rounding_of_what_flows_through_a_limit_does_not_break_it(more, share):
    """100 t without cadmium and 100 t of ash with 16 mg/kg, both known, are 8 mg/kg: the row is (0 - 8)/8 · 100 + (16 - 8)/8 · 100 = 0.

    200 go through it, in parts of the limit, of which a billionth is 2e-7: a hundredth of a gram more of ash is rounding, a gram is not.
    """
    tables = one_ash()
    for row in tables["analyses"]:
        if row["stream"] == "ash":
            row.update(value=16, low=None, high=None)
    plan = planned(matched(tables))
    at = plan.links.nodes.id.tolist().index("ash")
    flow = plan.potential.route_flow.copy()
    (ash,) = np.flatnonzero(plan.matches.routes.stream == at)
    assert flow[ash] == pytest.approx(100, rel=1e-9)
    flow[ash] = 100 + more
    moved = evolve(plan, proven=evolve(plan.proven, route_flow=flow), potential=evolve(plan.potential, route_flow=flow))
    frame = verbs.kept(moved, draws=3)
    assert frame["kept"].tolist() == [share] * 2


def test_a_number_of_draws_is_at_least_one():
    with pytest.raises(OptionError, match="draws"):
        verbs.kept(planned(matched(one_ash())), draws=0)
