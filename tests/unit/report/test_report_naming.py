"""Tables and notes of the report name what they speak of in words, not by keys of the register."""

from __future__ import annotations

import re

import pytest
from tests.report_studies import small, study, tables

import sivuvirta as sv
from sivuvirta.domain.studies import Studies
from sivuvirta.report.naming import names, spoken
from sivuvirta.report.sections.marginals import marginals
from sivuvirta.report.sections.register import notes
from sivuvirta.report.studies import sections

KEY = re.compile(r"\b[a-z0-9]+_[a-z0-9_]+\b")
CODE = re.compile(r"`[^`]*`")  # what a reader is asked to fill in, by its name in the register
ADDRESSES = {"row", "source", "sources"}
"""Columns that give the address of a row or the key of a source, by which either is looked up."""


def kept(found):
    """Names of a section's tables that still hold a key of the register, beside addresses."""
    shown = [
        (table.columns[place].key, cell.text)
        for table in tables(found).values()
        for row in table.rows
        for place, cell in enumerate(row)
        if table.columns[place].kind in ("text", "name", "long") and table.columns[place].key not in ADDRESSES
    ]
    return [(key, text) for key, text in shown if KEY.search(CODE.sub("", text))]


@pytest.mark.parametrize("name", ["ranges", "economy", "indicators", "metrics", "lifecycle", "pathway"])
def test_no_table_of_a_study_shows_a_key_of_the_register(name):
    assert kept(sections(Studies(**{name: study(name)}))[0]) == []


def test_indicators_of_the_bundled_region_name_elements_streams_and_indicators():
    found = sections(Studies(indicators=sv.indicators("kemi_tornio")))[0]
    assert kept(found) == []


def test_loads_on_roads_are_told_by_the_places_at_their_ends():
    plan = sv.plan("kemi_tornio")
    labels = sv.ranges(plan, draws=100).figures["label"]
    roads = labels[labels.str.startswith("Loads on")]
    assert len(roads) > 0
    assert not [label for label in labels if KEY.search(label)]
    assert any("Keminmaa" in label for label in roads)


def test_what_was_assumed_names_streams_plants_and_needs():
    links = sv.plan("kemi_tornio").links
    told, known = dict(notes(links)), names(links.region)
    assert "Ash granulation in Kemi" in told["Plants without emission"]
    listed = [text for topic, text in told.items() if topic != "New pipes"]
    assert not [key for text in listed for key in KEY.findall(text) if key in known]


def test_marginal_values_name_what_they_are_of():
    plan = sv.plan("kemi_tornio")
    told = [row[0].text for row in marginals(plan).rows]
    known = names(plan.links.region)
    assert told
    assert not [key for text in told for key in re.findall(r"'([^']+)'", text) if key in known]


def test_a_key_that_no_table_has_stays_as_it_is():
    assert spoken(names(small().links.region), "Not in force: nobody_knows.") == "Not in force: nobody_knows."
