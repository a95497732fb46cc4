"""Delete the reference scenario and every benefit becomes unknown, none zero or gross: one test a verb."""

from __future__ import annotations

from functools import cache
from html import unescape
from re import sub

import numpy as np
import pytest
from attrs import evolve

import sivuvirta as sv
from sivuvirta.domain.ledger import NO_REFERENCE
from sivuvirta.domain.plans import Plan
from sivuvirta.domain.unknowns import unaccounted
from sivuvirta.errors import ShapeError

SILENT = "three sites without a fate"
REGIONS = ("three_sites", "kemi_tornio", SILENT)


@cache
def deleted(name: str) -> Plan:
    """The best network of a region, with nobody who says what flows today: the reference left out, or a register without any fate."""
    if name == SILENT:
        region = sv.load("three_sites")
        return sv.plan(evolve(region, tables={**region.tables, "fates": region.table("fates").take([])}))
    return evolve(sv.plan(name), reference=None)


@pytest.fixture(params=REGIONS)
def plan(request):
    return deleted(request.param)


def test_the_plan_itself_says_that_its_benefit_is_unknown(plan):
    totals = plan.totals().set_index("figure")
    assert totals.loc[["benefit", "carbon"], ["proven", "potential", "total"]].isna().all(axis=None)
    assert totals.loc["investment", "total"] == plan.potential.ledger.invested
    assert NO_REFERENCE in repr(plan)


def test_assess(plan):
    found = sv.assess(plan)
    head = found.headline.set_index("figure")
    benefits = head.loc[["used_today", "benefit", "carbon"]]
    assert benefits.filter(regex="today|proven|potential|total").isna().all(axis=None)
    assert benefits["unknown"].str.contains(NO_REFERENCE, regex=False).all()
    assert (benefits["grade"] == "D").all()
    assert not head["alarm"].any()
    assert head["today"].isna().all()
    for each in (found.proven, found.potential):
        assert each.reference is None
        assert each.benefit != each.benefit
        assert each.emissions != each.emissions
        assert each.money[["reference", "saving", "low", "high"]].isna().all(axis=None)
        assert each.carbon[["reference", "difference", "low", "high"]].isna().all(axis=None)
        assert each.organisations["saving"].isna().all()
        assert each.diverted["diverted"].isna().all()
        assert each.products["saved"].isna().all()
        assert each.transport["difference"].isna().all()
        assert each.roads["difference"].isna().all()
        assert each.roads["over"].isna().all()
        assert each.fates["difference"].isna().all()
    assert NO_REFERENCE in repr(found)
    assert len(found.traces) == 0


def test_what_a_plan_does_by_itself_stays_known(plan):
    found, whole = sv.assess(plan), sv.assess(evolve(plan, reference=sv.plan(plan.links).reference))
    head, beside = (each.headline.set_index("figure") for each in (found, whole))
    assert head.loc["could_be_used", "total"] == beside.loc["could_be_used", "total"]
    assert found.potential.money["planned"].sum() == pytest.approx(whole.potential.money["planned"].sum())


def test_an_assessment_of_a_plan_without_reference_cannot_be_traced():
    from sivuvirta.assess.sources.figures import traces  # noqa: PLC0415 - the room below the verb

    with pytest.raises(ShapeError, match="Nothing can be traced"):
        traces(sv.assess(deleted("three_sites")))


def test_ranges(plan):
    found = sv.ranges(plan, draws=20)
    table = found.figures.set_index(["table", "row"])
    claimed = table[table.index.isin([("headline", "benefit"), ("headline", "carbon"), ("diverted", "total"), ("products", "virgin")])]
    assert len(claimed) == 2 * 4  # two networks
    assert claimed[["value", "mean", "low", "high"]].isna().all(axis=None)
    assert (claimed["unknown"] == NO_REFERENCE).all()
    assert found.warnings() == ()


def test_indicators(plan):
    found = sv.indicators(plan)
    claims = [each for each in found.items if each.indicator in ("diverted", "diverted_extractive", "critical_saved")]
    assert {each.state for each in claims} == {"proven", "potential"}
    assert not any(each.known for each in claims)
    assert {each.missing for each in claims} == {(NO_REFERENCE,)}
    assert not any(each.state == "today" and each.indicator.startswith("hierarchy") for each in found.items)
    same = sv.indicators(sv.assess(plan))
    assert [(each.indicator, each.state, each.missing) for each in same.items] == [
        (each.indicator, each.state, each.missing) for each in found.items
    ]


def test_metrics(plan):
    found = sv.metrics(plan)
    assert found.columns == ("reference", "proven", "potential")
    assert found["reference"].indicators["value"].isna().all()
    assert set(found["reference"].indicators["unknown"]) == {NO_REFERENCE}
    assert found["potential"].indicators["value"].notna().any()
    assert found.trend("reference")["difference"].isna().all()


def test_roads(plan):
    found = sv.roads(plan)
    assert found.states == ("proven", "potential")
    assert found.sections[["difference", "added"]].isna().all(axis=None)
    assert found.sections["unknown"].str.contains("no reference").all()
    assert found.emissions["difference"].isna().all()
    assert found.taken["difference"].isna().all()


def test_economy(plan):
    found = sv.economy(plan)
    assert found.accounts["saving"].isna().all()
    assert found.payments["change"].isna().all()
    assert found.ventures[["yearly", "npv", "irr", "payback"]].isna().all(axis=None)
    assert found.effects["net"].isna().all()


def test_lifecycle(plan):
    scores = sv.lifecycle(plan, runs=0).scores
    assert scores.loc[scores["system"].isin(["reference", "change"]), "value"].isna().all()
    assert scores.loc[scores["system"] == "change", "unknown"].str.contains("reference").all()


def test_report(plan, tmp_path):
    text = sv.report(plan, tmp_path / "report.html").read_text(encoding="utf-8")
    words = unescape(sub(r"<[^>]+>", " ", text))
    assert f"What the plan is worth is not known: {NO_REFERENCE}." in words
    assert "worth about" not in words
    assert not any(sign in words for sign in (" nan ", "NaN €", "nan €"))
    saves = text.split('id="organisations"', 1)[1].split("</table>", 1)[0]
    assert "not known" in saves
    assert "0 €/a" not in unescape(saves)


def test_benefits(plan):
    found = sv.benefits(plan)
    for table in (found.exchanges, found.programmes):
        assert table["value"].isna().all()
        assert set(table["unknown"]) <= {NO_REFERENCE}
    assert len(found.exchanges)
    assert NO_REFERENCE in found.notes


def test_footprint():
    found = sv.footprint(deleted("kemi_tornio"), "quicklime")
    assert len(found.differences) == 2 * 3  # two networks, three allocations
    assert not any(each.known for each in found.differences)
    assert all(NO_REFERENCE in each.missing for each in found.differences)


def test_a_register_without_fates_is_planned_but_is_no_reference():
    """Its streams go nobody knows where, at no cost that anybody states: a plan against that would be gross."""
    plan = deleted(SILENT)
    assert plan.compared is None
    assert not plan.reference.tells
    assert all(np.isnan([each.benefit, each.carbon]).all() for each in (plan.proven, plan.potential))
    assert plan.potential.ledger.invested >= 0
    whole = sv.plan("three_sites")
    assert whole.compared is whole.reference
    assert whole.potential.benefit > 0


def test_one_stream_whose_outlet_is_told_makes_a_reference():
    region = sv.load("three_sites")
    fates = region.table("fates")
    first = fates.take([row for row, stream in enumerate(fates["stream"].tolist()) if stream][:1])
    plan = sv.plan(evolve(region, tables={**region.tables, "fates": first}))
    assert plan.compared is plan.reference
    unsaid = evolve(first, columns={**first.columns, "kind": np.array(["unaccounted"], dtype=object)})
    assert sv.plan(evolve(region, tables={**region.tables, "fates": unsaid})).compared is None


@cache
def lacking() -> tuple[Plan, Plan, str]:
    """The whole region's plan, that of the region without the fates of one stream that its plan moves, and that stream's name."""
    region = sv.load("three_sites")
    whole, fates = sv.plan(region), region.table("fates")
    for stream in dict.fromkeys(each for each in fates["stream"].tolist() if each):
        kept = [row for row, each in enumerate(fates["stream"].tolist()) if each != stream]
        plan = sv.plan(evolve(region, tables={**region.tables, "fates": fates.take(kept)}))
        lost = unaccounted(plan.potential.ledger, plan.reference)
        if plan.compared is not None and len(lost):
            return whole, plan, str(plan.links.nodes.name[plan.links.arcs.origin[lost[0]]])
    raise AssertionError("no stream of the region has a use and fates of its own")


def test_without_the_fates_of_one_stream_nothing_that_rests_on_it_is_told():
    whole, plan, stream = lacking()
    head = sv.assess(plan).headline.set_index("figure").loc[["benefit", "carbon"]]
    assert head[["potential", "total", "total_low", "total_high"]].isna().all(axis=None)
    assert head["unknown"].eq(f"Unknown: where {stream} goes today is not known.").all()
    assert sv.assess(whole).headline.set_index("figure").loc[["benefit", "carbon"], "total"].notna().all()
    score = sv.lifecycle(plan).scores
    changed = score[(score["system"] == "change") & (score["network"] == "potential")]
    assert changed["value"].isna().all()
    assert changed["unknown"].str.contains(stream, regex=False).all()


def test_accounts_and_returns_that_rest_on_what_goes_nobody_knows_where_are_unknown():
    _, plan, _ = lacking()
    found = sv.economy(plan)
    totals = found.totals("potential").set_index("name")
    assert totals.loc[["All inside", "All outside"], ["reference", "saving", "low", "high"]].isna().all(axis=None)
    ventures = found.ventures[(found.ventures["network"] == "potential") & (found.ventures["kind"] == "region")]
    assert ventures[["yearly", "payback", "npv", "irr", "npv_low", "npv_high"]].isna().all(axis=None)
