"""Figures of economies, years, ranges, shocks, scenarios and what is missing lead to rows or sources of their own."""

from __future__ import annotations

import pandas as pd
from attrs import evolve
from tests.report_studies import pictures, section, study, tables

from sivuvirta.domain.ensembles import Input
from sivuvirta.domain.plans import Marginal
from sivuvirta.report.following.basis import RESTS, Basis
from sivuvirta.report.studies.comparison import comparison
from sivuvirta.report.studies.earning import earned, owned_by, paid, spent
from sivuvirta.report.studies.passing import dated, limiting, standing
from sivuvirta.report.studies.spreading import ranged, told_by_row

SLAG = ("quantities", "streams/slag/2024")


def test_effects_lead_to_the_terms_and_sectors_of_their_network():
    spending = pd.DataFrame({"network": ["potential", "potential", "proven"], "when": ["a year"] * 3, "term": ["fee", "transport", "tax"]})
    effects = pd.DataFrame(
        {"network": "potential", "when": "a year", "indicator": "jobs", "kind": ["plants", "direct"], "missing": ["posts of one", ""]}
    )
    ventures = pd.DataFrame({"kind": ["plant", "region"], "venture": ["mill", ""]})
    found = evolve(
        study("economy"), spending=spending, effects=effects, ventures=ventures, multipliers=pd.DataFrame({"sector": ["s49", "s49", "s35"]})
    )
    posts, direct = spent(found)
    assert posts.rows == (("plants", "mill"),)
    assert posts.missing == "posts of one"
    assert direct.rows == (("io_terms", "fee"), ("io_terms", "transport"), ("io_sectors", "s49"), ("io_sectors", "s35"))
    assert direct.figures == ("money/fee", "money/transport")


def test_returns_and_payments_lead_to_who_earns_and_pays():
    ventures = pd.DataFrame({"kind": ["plant", "organisation", "sum"], "venture": ["mill", "works", ""], "missing": ["", "a price", ""]})
    plant, works, whole = earned(ventures)[RESTS]
    assert plant == Basis(rows=(("plants", "mill"),), figures=("plants/mill",))
    assert works == evolve(owned_by("works"), missing="a price")
    assert whole.figures == ("money/sum", "money/capital")
    payments = pd.DataFrame({"payer": ["works"] * 2, "payee": ["lenders"] * 2, "term": ["fee"] * 2, "sources": ["one; two", ""]})
    named, bare = paid(payments)[RESTS]
    assert named == Basis(sources=("one", "two"))
    assert bare.rows == (("organisations", "works"), ("organisations", "lenders"))
    assert bare.figures == ("money/fee",)


def test_a_limit_of_a_year_leads_to_the_amount_that_it_limits():
    found = study("pathway")
    supply = Marginal("supply", "supply(2026,slag)", 0, 1.0, "EUR/t", "One more tonne.")
    basis = limiting(found, supply)
    assert basis.rows[:2] == (("streams", "slag"), SLAG)
    assert basis.figures == ("streams/slag",)
    assert limiting(found, evolve(supply, label="budget(2026)")).rows == (("periods", f"{found.horizon.name}/2026"),)
    assert limiting(found, evolve(supply, label="changes")) == Basis()


def test_a_year_leads_to_its_periods_and_sources_and_a_plant_to_its_rows():
    found = study("pathway")
    told = pd.DataFrame({"year": [found.years[0]] * 2, "sources": ["one; two", "two; three"]})
    bases = dated(found, told)
    assert list(bases) == list(found.years)
    assert bases[found.years[0]].sources == ("one", "two", "three")
    assert ("periods", f"{found.horizon.name}/{found.years[-1]}") in bases[found.years[-1]].rows
    for row in standing(found):
        assert ("plants", row["plant"]) in row[RESTS].rows


def test_ranges_lead_to_figures_inputs_or_amounts():
    found, known = study("ranges"), study("indicators")
    bases = ranged(found, known)
    assert len(bases) == len(found.figures)
    by_row = {(row["network"], row["table"], row["row"]): basis for row, basis in zip(found.figures.to_dict("records"), bases, strict=True)}
    assert by_row["potential", "headline", "benefit"].figures == ("headline/benefit",)
    assert by_row["potential", "headline", "used_today"].figures == ("headline/could_be_used",)
    circular = [basis for (_, table, _), basis in by_row.items() if table == "circularity"]
    assert any(basis.rows for basis in circular)
    assert all(basis.how for basis in circular)
    assert all(not basis.rows for row, basis in zip(found.figures["table"], ranged(found), strict=True) if row == "circularity")
    diverted = {row: basis.rows for (network, table, row), basis in by_row.items() if (network, table) == ("potential", "diverted")}
    assert set(diverted.pop("total")) == {row for rows in diverted.values() for row in rows}


def test_an_input_of_ranges_leads_to_the_row_that_is_drawn():
    named = {"amount:slag": "quantities: slag", "content:x": "analyses: slag/Cr/total", "ratio:y": "acceptances: road,slag"}
    sources = pd.DataFrame(
        {"input": list(named), "kind": ["amount", "content", "ratio"], "row": named.values(), "source": ["", "one", "two"]}
    )
    found = told_by_row(evolve(study("ranges"), sources=sources, inputs=(Input("amount", "slag", "Slag", "normal", 1.0, 0.1),)))
    assert found["quantities: slag"].rows == (SLAG,)
    assert found["analyses: slag/Cr/total"] == Basis(rows=(("analyses", "slag/Cr/total"),), sources=("one",))
    assert found["acceptances: road,slag"].rows == (("acceptances", "road/slag"),)


def test_bars_of_shocks_and_scenarios_lead_to_their_own_rows():
    rows = [row for picture in pictures(section("shock")) for row in picture.rows]
    assert len(rows) > 5
    assert all(row.basis.rows for row in rows)
    found = comparison(study("compare"))
    bars = [row.basis for picture in pictures(found) for row in picture.rows]
    assert {key for basis in bars for key in basis.figures} >= {"headline/benefit", "headline/carbon"}
    assert len({basis.key for basis in bars}) >= 4  # each figure has its own


def test_scores_lead_to_the_sources_of_what_contributes():
    table = tables(section("lifecycle"))["lifecycle-scores"]
    bases = [table.bases[key] for key in table.traces if key]
    assert len(bases) == len(table)
    assert all("carbon/sum" in basis.figures for basis in bases)
    assert any(basis.sources for basis in bases)
