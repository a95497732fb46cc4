"""The schema is consistent in itself, and the reference page says what it says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sivuvirta.tables.cells import typed
from sivuvirta.tables.header_units import candidates
from sivuvirta.tables.reference import reference
from sivuvirta.tables.schema import ColumnSchema, catalogue_tables, library_tables, region_tables, schema
from sivuvirta.units.quantities import is_unit

TYPES = {"id", "text", "list", "choice", "ref", "refs", "number", "integer", "year", "boolean", "date"}
COLUMNS = [column for table in schema().values() for column in table.columns.values()]
BY_ROW = {"component", "per_unit"}


def _name(column: ColumnSchema) -> str:
    return f"{column.table}.{column.name}"


@pytest.mark.parametrize("column", COLUMNS, ids=_name)
def test_a_column_is_consistent(column):
    assert column.type in TYPES
    assert column.description
    assert not column.description.endswith(".")
    assert bool(column.choices) == (column.type == "choice")
    assert bool(column.references) == (column.type in ("ref", "refs"))
    assert set(column.references) <= set(schema())
    assert not (column.unit and not column.numeric)
    assert column.unit in BY_ROW or all(is_unit(unit) for unit in candidates(column.unit or "1"))
    if column.default is not None:
        result = typed([""], column)
        assert not result.faults
        assert not column.choices or column.default in column.choices
        assert result.values[0] is not None


@pytest.mark.parametrize("table", schema().values(), ids=lambda table: table.name)
def test_a_table_is_consistent(table):
    assert table.scope in ("region", "library", "both", "catalogue")
    assert set(table.key) <= set(table.columns)
    assert table.columns[table.key[0]].required or table.name in ("visibility",)
    empty = table.empty()
    assert len(empty) == 0
    assert {name: values.dtype for name, values in empty.columns.items()} == {
        name: np.dtype(float if column.numeric else object) for name, column in table.columns.items()
    }


def test_every_graded_figure_has_room_for_a_source():
    graded = {table.name for table in schema().values() if "grade" in table.columns}
    assert {name for name in graded if "source" not in schema()[name].columns} == set()


def test_the_tables_of_region_and_library_are_all_tables():
    assert set(region_tables()) | set(library_tables()) | set(catalogue_tables()) == set(schema())
    assert set(catalogue_tables()) & (set(region_tables()) | set(library_tables())) == set()


def test_the_reference_page_is_in_step_with_the_schema():
    page = Path(__file__).parents[3] / "docs" / "reference" / "tables.md"
    again = "python -c 'from sivuvirta.tables.reference import reference; print(reference(), end=\"\")' > docs/reference/tables.md"
    assert page.read_text(encoding="utf-8") == reference(), f"Write it anew: {again}"
