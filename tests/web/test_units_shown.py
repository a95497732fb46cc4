"""Units of figures whose unit follows from their row: told of each, never as a word of the schema."""

from __future__ import annotations

import pytest

from sivuvirta.web.accounts.viewer import VISITOR, system
from sivuvirta.web.core.levels import Level
from sivuvirta.web.registry.models import MODELS
from sivuvirta.web.registry.seen.units import plain, units_of

SYSTEM = system("test")


def units(register, table, column, viewer=SYSTEM):
    rows = list(MODELS[table].objects.filter(register=register))
    told = units_of(register, rows, viewer)
    return {row.row_key: told.of(row, row.schema.columns[column]) for row in rows}


def test_a_quantity_is_told_in_the_unit_of_what_it_counts(register):
    told = units(register, "quantities", "value")
    assert told == dict.fromkeys(("streams/slag/2024/", "streams/ash/2024/", "needs/road/2024/", "needs/forest/2024/"), "t/a")


def test_energy_is_told_in_the_unit_of_its_material(register):
    MODELS["streams"].objects.filter(register=register, row_key="slag").update(material="gas.co")
    assert units(register, "quantities", "value")["streams/slag/2024/"] == "MWh/a"


def test_contents_are_told_by_mass_and_properties_in_the_unit_of_their_component(register):
    MODELS["analyses"].objects.filter(register=register, stream="ash").update(kind="property", component="pH")
    assert units(register, "analyses", "value") == {"slag/Cd/total/1": "mg/kg", "ash/Cd/total/1": "pH"}


def test_who_does_not_see_the_material_is_told_no_unit(register):
    MODELS["streams"].objects.filter(register=register).update(circle=Level.PRIVATE, circles={}, widest=Level.PRIVATE)
    found = units(register, "quantities", "value", VISITOR)
    assert (found["streams/slag/2024/"], found["needs/road/2024/"]) == ("", "t/a")


def test_a_column_of_one_unit_keeps_it(register):
    assert set(units(register, "streams", "moisture").values()) == {"%"}
    assert plain(MODELS["streams"].schema.columns["moisture"]) == "%"


@pytest.mark.parametrize(("table", "column"), [("quantities", "value"), ("analyses", "low"), ("stocks", "capacity"), ("prices", "value")])
def test_the_head_of_a_column_tells_no_unit_where_each_row_has_its_own(table, column):
    assert plain(MODELS[table].schema.columns[column]) == ""


def test_units_of_many_rows_cost_as_many_queries_as_of_one(register, django_assert_num_queries):
    rows = list(MODELS["quantities"].objects.filter(register=register))
    for some in (rows[:1], rows[:2]):
        with django_assert_num_queries(2):  # the streams that they count, and materials
            units_of(register, some, SYSTEM)
