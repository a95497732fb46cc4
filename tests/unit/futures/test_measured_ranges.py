"""Ranges of a ledger's figures: closed forms, alarms, what is unknown, the same bytes, a stop that keeps what is done."""

import numpy as np
import pandas as pd
import pytest
from attrs import evolve
from scipy.special import ndtr, ndtri
from scipy.stats import qmc
from tests.engine.worlds import SLAG, accepts, base, bundled, costs, fate, matched, planned, region
from tests.measured_worlds import wide

import sivuvirta as sv
from sivuvirta.assess.circularity.book import Book
from sivuvirta.assess.circularity.streams import fates_of
from sivuvirta.domain.draws import deviations
from sivuvirta.domain.ensembles import Input
from sivuvirta.domain.ledger import NO_REFERENCE
from sivuvirta.domain.ranges import RangesOptions, includes_zero, over_claim
from sivuvirta.errors import OptionError
from sivuvirta.futures.measured import sharing
from sivuvirta.futures.measured.running import Asked, ranges
from sivuvirta.futures.measured.side_streams import drawn as indicated
from sivuvirta.futures.measured.side_streams import elements
from sivuvirta.futures.measured.telling import told_of
from sivuvirta.ledger.reference import reference
from sivuvirta.links import build

DRAWS = 4000


@pytest.fixture(scope="module")
def bundle():
    return sv.plan(bundled("kemi_tornio"))


@pytest.fixture(scope="module")
def found(bundle):
    return sv.ranges(bundle, draws=200)


def one_stream(fee=30.0, low=None, high=None, **more):
    """100 t of slag a year go to a landfill; a need takes them all, at no price, over a haul of 3 EUR/t."""
    rows = [{"stream": "i0", "site": "s0", "material": SLAG, "amount": 100, **more}]
    needs = [{"need": "j0", "site": "s1", "amount": 1000, "price": 0.0}]
    landfill = fate("i0", fee=fee, share=100) | ({} if low is None else {"fee_low": low, "fee_high": high})
    return base(rows, needs, fates=[landfill], acceptances=[accepts("j0", SLAG)], links=costs(3))


def drawn(tables, **changes):
    plan = planned(matched(tables))
    return plan, ranges(
        Asked(plan.links, {"potential": plan.potential.ledger}, plan.reference), RangesOptions(**{"draws": DRAWS, **changes})
    )


def row_of(found, key, table="headline", network="potential"):
    rows = found.figures[(found.figures["table"] == table) & (found.figures["row"] == key) & (found.figures["network"] == network)]
    return rows.to_dict("records")[0]


def test_a_linear_normal_figure_has_the_mean_and_the_points_of_its_closed_form():
    """A fee of 0 with the range -8.225 to 8.225 EUR/t is normal with sd 5 (16.45/3.29). Saved a year: 100 t x (fee - 3) EUR, so mean -300,
    sd 500, and 5 and 95 % points -300 -+ 1.645 x 500. The plan itself leaves the slag where it is, so it is told to move."""
    tables = one_stream(0.0, -8.225, 8.225)
    links = build(region(tables))
    today = reference(links)
    moved = np.flatnonzero(links.arcs.kind == 0).astype(np.int32)
    ledger = evolve(today, name="planned", status="planned", arc=moved, amount=np.full(1, 100.0), verdict=np.zeros(1, np.int8))
    ledger = evolve(ledger, grade=np.zeros(1, np.int8), evidence=np.zeros(1, np.int8))
    found = ranges(Asked(links, {"planned": ledger}, today), RangesOptions(draws=DRAWS))
    row = row_of(found, "benefit", network="planned")
    assert [one.name for one in found.inputs] == ["fee:landfill_i0"]
    assert row["value"] == pytest.approx(-300)
    assert row["mean"] == pytest.approx(-300, abs=1)
    assert row["sd"] == pytest.approx(500, rel=0.005)
    assert (row["low"], row["high"]) == pytest.approx((-300 - 500 * ndtri(0.95), -300 + 500 * ndtri(0.95)), abs=5)


def test_amount_and_moisture_act_together_as_they_do_in_a_haul():
    """A row of links states 3 EUR per dry tonne, so water adds nothing to it: the saving is amount x (fee as sent x m - 3)."""
    tables = one_stream(30.0, moisture=20, moisture_low=10, moisture_high=30)
    tables["fates"][0]["basis"] = "as_sent"
    tables["quantities"][0] |= {"low": 80, "high": 120}
    plan, found = drawn(tables)
    names = [one.name for one in found.inputs]
    assert set(names) == {"amount:i0", "moisture:i0"}
    share = 0.2 + found.inputs[names.index("moisture:i0")].unit * _deltas(found)[:, names.index("moisture:i0")]
    amount = 100 + found.inputs[names.index("amount:i0")].unit * _deltas(found)[:, names.index("amount:i0")]
    assert found.samples["potential", "headline", "benefit"] == pytest.approx(amount * (30 / (1 - share) - 3), rel=1e-9)
    assert plan.potential.benefit == pytest.approx(100 * (30 / 0.8 - 3))


def _deltas(found):
    points = qmc.LatinHypercube(d=len(found.inputs), rng=np.random.default_rng(found.options.seed)).random(found.options.draws)
    return deviations(found.inputs, points)


def test_what_exceeds_a_demand_replaces_nothing_and_is_counted():
    tables = one_stream(30.0)
    tables["needs"][0]["need"] = "j0"
    tables["prices"][0]["value"] = 10.0
    for row in tables["quantities"]:
        if row["subject"] == "j0":
            row["value"] = 100
        else:
            row |= {"low": 50, "high": 200}
    _, found = drawn(tables)
    amounts = found.samples["potential", "headline", "could_be_used"]
    bought = found.samples["potential", "products", "virgin"]
    assert bought == pytest.approx(np.minimum(amounts, 100.0), rel=1e-9)
    assert found.beyond["limit"].tolist() == ["demand"]
    assert found.beyond["share"][0] == pytest.approx(0.5, abs=0.01)


def test_a_demand_that_may_be_smaller_than_planned_is_exceeded_as_often():
    """100 t for a need of 100 t with a range of 50 to 200 t around it: in half of the draws it takes less."""
    tables = one_stream(30.0)
    tables["prices"][0]["value"] = 10.0
    for row in tables["quantities"]:
        if row["subject"] == "j0":
            row |= {"value": 100, "low": 50, "high": 200}
    _, found = drawn(tables)
    bought = found.samples["potential", "products", "virgin"]
    assert bought.max() == pytest.approx(100)
    assert bought.min() < 60
    assert found.beyond["limit"].tolist() == ["demand"]
    assert found.beyond["share"][0] == pytest.approx(0.5, abs=0.01)


def test_the_middle_of_all_inputs_is_the_assessment(bundle, found):
    told = sv.assess(bundle).potential
    for name, row in told.headline.set_index("figure").iterrows():
        assert row_of(found, name)["value"] == pytest.approx(row["value"], rel=1e-9)
    for row in told.money.to_dict("records"):
        if row["saving"]:
            assert row_of(found, row["term"], "money")["value"] == pytest.approx(row["saving"], rel=1e-9)


def test_circularity_has_its_own_value_and_a_range_within_its_intervals(bundle, found):
    told = sv.indicators(bundle, draws=0)
    rows = found.figures[found.figures["table"] == "circularity"].set_index(["network", "row"])
    assert len(rows) == len(told)
    for each in told.items:
        network = "reference" if each.state == "today" else each.state
        row = rows.loc[(network, "/".join(part for part in (each.indicator, each.level, each.subject) if part))]
        assert row["value"] == pytest.approx(each.value, nan_ok=True)
        assert bool(row["unknown"]) == (not each.known)
    share = rows.loc[("potential", "hierarchy_disposal/region")]
    each = told.find("hierarchy_disposal", "", "potential")
    assert each.low <= share["low"] < share["value"] < share["high"] <= each.high


def test_indicators_of_ledgers_are_those_of_the_drawn_amounts(bundle):
    """Every stream 10 % up together: shares stay, amounts diverted and elements grow by 10 %."""
    told = sv.indicators(bundle, draws=0)
    states = {"today": fates_of(bundle.reference), "proven": fates_of(bundle.proven.ledger), "potential": fates_of(bundle.potential.ledger)}
    scale = {name: np.array([1.1, 1.0]) for one in states.values() for name in one.streams}
    found = indicated(told.items, states, scale, elements(Book(bundle.links.region)), {})
    for (name, _, subject, state), values in found.items():
        one = told.find(name, subject, state)
        times = 1.0 if name.startswith(("hierarchy", "extractive")) else 1.1
        if one.level == "region":
            assert np.broadcast_to(values, 2) == pytest.approx([times * one.value, one.value], rel=1e-9, abs=1e-9)


def test_equal_seeds_give_equal_bytes(bundle):
    one, other = (sv.ranges(bundle, draws=30, seed=4) for _ in range(2))
    assert one.figures.to_csv() == other.figures.to_csv()
    assert one.figures.to_csv() != sv.ranges(bundle, draws=30, seed=5).figures.to_csv()


def test_a_stop_keeps_the_draws_done_so_far(bundle):
    heard = []
    found = sv.ranges(bundle, heard.append, lambda: len(heard) >= 2, draws=1000)
    assert (found.done, len(found.samples["potential", "headline", "benefit"])) == (250, 250)
    assert found.notes[0] == "Stopped after 250 of 1000 draws."


def test_without_a_reference_every_benefit_is_unknown_and_none_is_zero(bundle):
    empty = evolve(
        bundle.reference, **{name: getattr(bundle.reference, name)[:0] for name in ("arc", "amount", "verdict", "grade", "evidence")}
    )
    found = sv.ranges(evolve(bundle, reference=empty), draws=20)
    benefits = found.figures[found.figures["table"].isin(["money", "organisations", "carbon", "diverted", "products", "transport", "jobs"])]
    assert len(benefits)
    assert benefits[["value", "mean", "low", "high"]].isna().all(axis=None)
    assert benefits["unknown"].eq(NO_REFERENCE).all()
    assert np.isnan(row_of(found, "benefit")["mean"])
    assert np.isnan(row_of(found, "carbon")["value"])
    assert row_of(found, "could_be_used")["mean"] > 0
    circular = found.figures[found.figures["row"].str.startswith(("diverted", "critical_saved"))]
    assert circular["value"].isna().all()
    assert not len(found.alarms)


def test_where_nobody_says_what_becomes_of_a_stream_today_its_benefit_is_unknown():
    tables = one_stream()
    del tables["fates"]
    tables["prices"][0]["value"] = 10.0
    plan, found = drawn(tables, draws=20)
    assert plan.potential.objective > 0  # it moves the stream
    assert np.isnan(plan.potential.benefit)
    row = row_of(found, "benefit")
    assert np.isnan(row["value"])
    assert row["unknown"] == "where Stream i0 goes today is not known"


def test_a_benefit_whose_range_includes_zero_is_an_alarm_in_words(found):
    assert "forest_owners" in found.alarms["row"].tolist()
    assert all("which includes zero" in words for words in found.warnings())
    assert includes_zero([5, 5, 0, -5, np.nan], [-1, 1, -1, -9, 0], [9, 9, 1, 1, 1]).tolist() == [True, False, False, True, False]
    assert told_of(5.0, np.array([-1.0, 9.0]), 1)[-1]
    assert not told_of(-5.0, np.array([-9.0, 1.0]), 1)[-1]  # a loss claims nothing
    assert told_of(-5.0, np.array([-9.0, 1.0]), -1)[-1]
    assert told_of(1.0, np.linspace(-10, -1, 100), 1)[-1]  # the opposite of what is claimed is the worst
    assert told_of(-1.0, np.linspace(1, 10, 100), -1)[-1]
    assert not told_of(1.0, np.linspace(1, 10, 100), 1)[-1]
    row = {"label": "Saved", "network": "potential", "unit": "EUR/a", "value": 1.0, "low": -9.5, "high": -1.5}
    assert over_claim(row).endswith("between -9.5 and -1.5, which is the opposite.")
    assert over_claim(row | {"high": 1.5}).endswith("which includes zero.")


def test_every_input_has_its_row_grade_and_source(found):
    assert len(found.sources) == len(found.inputs)
    assert (found.sources["source"] != "").mean() > 0.97
    assert found.sources["grade"].isin(["", "A", "B", "C", "D"]).all()


def test_a_ledger_alone_is_measured_against_today(bundle):
    found = sv.ranges(bundle.potential.ledger, draws=20)
    assert row_of(found, "benefit", network=bundle.potential.ledger.name)["value"] == pytest.approx(bundle.potential.benefit)
    today = sv.ranges(bundle.reference, draws=20)
    assert row_of(today, "benefit", network="today")["high"] == 0.0


@pytest.mark.parametrize("changes", [{"sobol": 100}, {"draws": 1}, {"of": ("benefits",)}, {"nothing": 1}, {"seed": -1}])
def test_options_that_cannot_be_are_refused(bundle, changes):
    with pytest.raises(OptionError):
        sv.ranges(bundle, **changes)


def uniform(name):
    """An input that is triangular nowhere: its deviation is its probability, by a normal inverted below."""
    return Input("amount", name, f"amount of {name}", "normal", 0.0, 1.0)


def shares(function, count, points=1024):
    inputs = [uniform(f"x{at}") for at in range(count)]
    groups = [one.name for one in inputs]
    return sharing.shared(lambda delta: function(delta)[:, None], (inputs, groups), ["benefit"], points, 3).set_index("input")


def test_parts_of_a_linear_model_are_its_exact_shares():
    """Y = 3 a + 2 b + c of standard normals: parts 9/14, 4/14 and 1/14, first and total alike."""
    found = shares(lambda x: 3 * x[:, 0] + 2 * x[:, 1] + x[:, 2], 4)
    assert "amount:x3" not in found.index  # moves nothing
    for at, part in enumerate((9 / 14, 4 / 14, 1 / 14)):
        row = found.loc[f"amount:x{at}"]
        assert abs(row["first"] - part) < row["first_error"] + 0.01
        assert abs(row["total"] - part) < row["total_error"] + 0.01
    assert found["rank"].tolist() == [1, 2, 3]


def test_parts_of_the_ishigami_function_are_its_analytic_ones():
    r"""Y = sin a + 7 sin² b + 0.1 c⁴ sin a, uniform on (-π, π). With A = 7, B = 0.1: V = A²/8 + Bπ⁴/5 + B²π⁸/18 + 1/2,
    V_1 = (1 + Bπ⁴/5)²/2, V_2 = A²/8, V_13 = B²π⁸ (1/18 - 1/50)."""

    def ishigami(x):
        a, b, c = (np.pi * (2 * ndtr(x[:, at]) - 1) for at in range(3))
        return np.sin(a) + 7 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a)

    v1, v2 = (1 + 0.1 * np.pi**4 / 5) ** 2 / 2, 49 / 8
    v13 = 0.01 * np.pi**8 * (1 / 18 - 1 / 50)
    whole = v1 + v2 + v13
    found = shares(ishigami, 3, 4096)
    expected = {"amount:x0": (v1, v1 + v13), "amount:x1": (v2, v2), "amount:x2": (0.0, v13)}
    for name, (first, total) in expected.items():
        assert found.loc[name, "first"] == pytest.approx(first / whole, abs=0.02)
        assert found.loc[name, "total"] == pytest.approx(total / whole, abs=0.02)


def test_parts_of_a_region_are_ranked_in_words(bundle):
    found = sv.ranges(bundle, draws=20, sobol=64, of=("diverted",))
    part = found.measure[found.measure["network"] == "potential"]
    assert part["total"].is_monotonic_decreasing
    assert part["input"].iloc[0] == "quantities: ss_slag_fines"
    words = part["words"].iloc[0]
    assert words.startswith("Measure the amount of Stainless slag fines 0/1 mm after concentration: it carries ")
    assert words.endswith(" of the range of what is diverted.")
    assert "proven" not in set(found.measure["network"])  # it diverts nothing, whatever is drawn


@pytest.mark.parametrize("seed", range(6))
def test_what_acts_only_far_out_is_found(seed):
    """max(0, a - 1) + 0.001 b of standard normals: V(max(0, a - 1)) = 0.1507 - 0.0833^2 = 0.1438, V(0.001 b) = 0.000001: all of it is a."""
    inputs = [Input("fee", name, name, "normal", 0.0, 1.0) for name in "abc"]
    found = sharing.shared(lambda d: np.maximum(d[:, [0]] - 1, 0) + 0.001 * d[:, [1]], (inputs, list("abc")), ["benefit"], 256, seed)
    assert set(found["input"]) == {"a", "b"}
    assert found.iloc[0]["input"] == "a"
    assert found.iloc[0]["total"] == pytest.approx(1.0, abs=0.2)


def test_inputs_of_one_source_row_alone_carry_the_whole_range():
    """a + 2 b, both of one row: what is not known is that row, so its first and total index are 1."""
    inputs = [Input("fee", name, name, "normal", 0.0, 1.0) for name in "ab"]
    found = sharing.shared(lambda delta: delta[:, [0]] + 2 * delta[:, [1]], (inputs, ["fates: x", "fates: x"]), ["benefit"], 256, 1)
    assert found["input"].tolist() == ["fates: x"]
    assert found.iloc[0]["label"] == "a, b"
    assert (found.iloc[0]["first"], found.iloc[0]["total"]) == (1.0, 1.0)


def test_parts_are_the_same_for_the_same_seed():
    inputs = [Input("fee", name, name, "normal", 0.0, 1.0) for name in "ab"]
    first, second, other = (
        sharing.shared(lambda delta: delta[:, [0]] * (1 + delta[:, [1]]), (inputs, list("ab")), ["benefit"], 64, seed) for seed in (1, 1, 2)
    )
    pd.testing.assert_frame_equal(first, second, check_exact=True)
    assert not first.equals(other)


def test_a_figure_that_does_not_vary_has_no_parts():
    found = sharing.shared(lambda delta: np.zeros((len(delta), 1)), ([uniform("a")], ["a"]), ["benefit"], 16, 1)
    assert isinstance(found, pd.DataFrame)
    assert len(found) == 0


def test_random_regions_run_whole():
    plan = planned(matched(wide(3)))
    found = ranges(Asked(plan.links, {"potential": plan.potential.ledger}, plan.reference), RangesOptions(draws=50, sobol=16))
    assert np.isfinite(row_of(found, "benefit")["mean"])


def test_the_report_says_under_a_figure_that_it_cannot_be_claimed(bundle, tmp_path):
    told = sv.assess(bundle)
    wide = told.headline.assign(total_low=-1.0, alarm=told.headline["figure"] == "benefit")
    page = sv.report(bundle, tmp_path / "report.html", evolve(told, headline=wide)).read_text(encoding="utf-8")
    assert page.count("Cannot be claimed: its range includes zero.") == 1
    assert "Cannot be claimed" not in sv.report(bundle, tmp_path / "sure.html", told).read_text(encoding="utf-8")
