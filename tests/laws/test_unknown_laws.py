"""A figure that is not known never counts as 0 in silence: its blank is a fault of the check, or the headline rests on D and says so."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from attrs import evolve

import sivuvirta as sv
from sivuvirta.assess.figures import figures
from sivuvirta.domain.region import Region
from sivuvirta.errors import CheckError

CELLS = (
    ("prices", "rock_price", "value", "benefit"),
    ("factors", "rock_factor", "value", "carbon"),
    ("factors", "fertiliser_factor", "value", "carbon"),
    ("fates", "slag_heap", "fee", "benefit"),
    ("fates", "ash_landfill", "fee", "benefit"),
    ("fates", "ash_landfill", "tax", "benefit"),
    ("fates", "slag_heap", "co2", "carbon"),
    ("technologies", "granulating", "co2", "carbon"),
    ("technologies", "granulating", "electricity", "carbon"),
    ("technologies", "granulating", "heat", "carbon"),
    ("technologies", "granulating", "water", "carbon"),
)


@cache
def three_sites() -> Region:
    return sv.load("three_sites")


def blanked(table: str, key: str, *columns: str) -> Region:
    """The teaching region with cells of one row left empty."""
    whole = three_sites()
    part = whole.tables[table]
    here = part[part.key[0]] == key
    assert here.sum() == 1
    cells = {column: np.where(here, np.nan, part[column]) for column in columns}
    return evolve(whole, tables={**whole.tables, table: evolve(part, columns={**part.columns, **cells})})


def without(table: str, key: str) -> Region:
    """The teaching region without one row."""
    whole = three_sites()
    part = whole.tables[table]
    return evolve(whole, tables={**whole.tables, table: part.take(np.flatnonzero(part[part.key[0]] != key))})


def told(region: Region) -> dict[str, tuple[str, str]]:
    """Grade of each figure of the proven network, and what it says is not known; nothing where the check refuses the region."""
    try:
        plan = sv.plan(region)
    except CheckError:
        return {}
    table = figures(plan.proven.ledger, plan.reference).headline
    return {row["figure"]: (row["grade"], row["unknown"]) for row in table.to_dict("records")}


def test_with_everything_known_the_figures_are_of_the_best_grade():
    assert told(three_sites())["benefit"] == told(three_sites())["carbon"] == ("A", "")


@pytest.mark.parametrize(("table", "key", "column", "figure"), CELLS)
def test_a_blank_is_refused_or_makes_the_figure_d(table, key, column, figure):
    found = told(blanked(table, key, column))
    words = "counted as 0" if figure == "benefit" else "Of the known part"
    assert not found or (found[figure][0] == "D" and words in found[figure][1])


@pytest.mark.parametrize(
    ("table", "key", "figure", "other"), [("prices", "rock_price", "benefit", "carbon"), ("factors", "rock_factor", "carbon", "benefit")]
)
def test_money_and_emission_are_graded_apart(table, key, figure, other):
    found = told(without(table, key))
    if found:
        assert found[figure][0] == "D"
        assert found[other] == ("A", "")


def test_what_is_not_done_for_want_of_a_price_is_told():
    """Without a price of fertiliser ash stays where it is: the figures hold, and the notes say what was bought at no cost."""
    region = blanked("prices", "fertiliser_price", "value")
    assert "fertiliser" in sv.links(region).notes["products without price"]


def test_running_costs_that_nobody_knows_make_the_worth_d():
    region = blanked("technologies", "granulating", "variable_opex", "electricity")
    part = region.tables["plants"]
    bare = evolve(part, columns={**part.columns, "variable_cost": np.full(len(part), np.nan)})
    found = told(evolve(region, tables={**region.tables, "plants": bare}))
    assert not found or found["benefit"][0] == "D"
