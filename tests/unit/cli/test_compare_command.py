"""`sivuvirta compare`: scenarios in blocks that fit, each figure in one unit with its range."""

from __future__ import annotations

import io
import json

import pytest
from click.testing import CliRunner
from rich.console import Console

from sivuvirta.cli.commands import commands
from sivuvirta.cli.common.screen import print_blocks


def run(*arguments):
    return CliRunner().invoke(commands, [str(argument) for argument in arguments], prog_name="sivuvirta")


def plain(text):
    return " ".join(text.replace("\u202f", " ").split())


def test_columns_that_do_not_fit_stand_in_further_blocks_beside_the_first():
    console = Console(file=io.StringIO(), width=80, no_color=True)
    names = ["as registered", *(f"scenario number {number}" for number in range(4))]
    print_blocks(console, "Title", [("Figure", "left")], names, [["Worth", "1", "2", "3", "4", "5"]])
    text = console.file.getvalue()
    assert max(map(len, text.splitlines())) <= 80
    assert "Title (1 of 2)" in text
    assert "Title (2 of 2)" in text
    assert text.count("as registered") == 2
    assert [text.count(name) for name in names[1:]] == [1, 1, 1, 1]


def test_what_fits_is_one_block():
    console = Console(file=io.StringIO(), width=80, no_color=True)
    print_blocks(console, "Title", [("Figure", "left")], ["a", "b"], [["Worth", "1", "2"]])
    assert "of" not in console.file.getvalue().splitlines()[0]
    assert "Worth" in console.file.getvalue()


def test_figures_are_rows_in_one_unit_with_the_range_of_the_potential():
    text = plain(run("compare", "kemi_tornio", "--scenario", "carbon_price_75").stdout)
    assert "Figure Unit as registered carbon_price_75" in text
    # means as `sivuvirta ranges --scenario carbon_price_75` prints them
    worth = "with potential 23.7 of the known part 22.8 of the known part mean 20.2 17.7 5 to 95 % 14.6 to 27.2 10.8 to 25"
    assert f"Worth to the region M€/a proven 0 0 {worth}" in text
    assert "with potential at least −52.7 at least −97.2 mean −34.7" in text
    assert "These are the ranges to quote" in text


def test_ranges_to_quote_are_drawn_where_they_are_asked_for():
    body = json.loads(run("compare", "kemi_tornio", "--scenario", "carbon_price_75", "--ranges", "--json").stdout)
    drawn = {(row["scenario"], row["figure"]): row for row in body["ranges"]}
    assert body["ranges_note"].startswith("These are the ranges to quote")
    benefit = drawn["as registered", "benefit"]
    assert (benefit["low"] / 1e6, benefit["high"] / 1e6) == pytest.approx((14.5, 27.1), abs=0.1)  # as `sivuvirta ranges` prints them
    assert benefit["grade"] == "D"
