"""Tables of a report."""

from __future__ import annotations

import math

from sivuvirta.report.tables import Column, sheet
from sivuvirta.report.words import MINUS, SPACE

COLUMNS = (
    Column("name", "Name", "name"),
    Column("amount", "Amount", "number", "*"),
    Column("saved", "Saved", "change", "EUR/a"),
    Column("range", "Range", "range", "EUR/a"),
    Column("grade", "Grade", "grade"),
    Column("verdict", "Verdict", "verdict"),
    Column("material", "Material", "material"),
)


def test_cells_print_and_sort_by_their_kind():
    cells = list(
        sheet(
            "t",
            "A table",
            COLUMNS,
            [
                {"name": "Fly ash", "name_link": "#ash", "amount": 12_345.6, "unit": "t/a", "saved": -2_000, "range": (-3_000, -1_000),
                 "grade": "C", "verdict": "likely", "material": ("ash", "Ash")}
            ],
        ).rows[0]
    )  # fmt: skip
    name, amount, saved, spread, grade, verdict, material = cells
    assert (name.text, name.mark) == ("Fly ash", "#ash")
    assert (amount.text, amount.full, amount.sort) == (f"12.3{SPACE}kt/a", f"12,346{SPACE}t/a", 12_345.6)
    assert (saved.text, saved.mark) == (f"{MINUS}2,000{SPACE}€/a", "loss")
    assert spread.text == f"{MINUS}3,000 to {MINUS}1,000{SPACE}€/a"
    assert (grade.text, grade.sort) == ("C", 2)
    assert (verdict.sign, verdict.text, verdict.sort) == ("◔", "likely", 2)
    assert (material.mark, material.text) == ("ash", "Ash")


def test_what_is_not_known_says_so_and_does_not_sort_as_zero():
    cells = sheet("t", "A table", COLUMNS, [{"name": "x", "amount": math.nan, "unit": "t/a", "saved": None}]).rows[0]
    assert cells[1].text == "not known"
    assert cells[1].sort == ""
    assert cells[2].text == "not known"
    assert cells[3].text == ""
    assert cells[5].text == ""


def test_an_empty_table_teaches():
    assert sheet("t", "A table", COLUMNS, [], "Nothing is bought.").empty == "Nothing is bought."
