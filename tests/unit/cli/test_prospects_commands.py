"""`sivuvirta unknowns` and `sivuvirta gaps`: words, files, JSON."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from sivuvirta import library, regions
from sivuvirta.cli.commands import commands


def run(*arguments):
    return CliRunner().invoke(commands, [str(argument) for argument in arguments], prog_name="sivuvirta")


def price():
    """EUR for the analysis of metals, as the library has it."""
    table = library.catalogue()["tests"]
    return float(table["price"][table.index["metals_total"]])


@pytest.fixture
def untested(tmp_path):
    """The teaching region without the analysis of its ash: benefit 291 000 instead of 390 000 EUR/a with the test passed."""
    folder = Path(shutil.copytree(regions.path("three_sites"), tmp_path / "three_sites"))
    lines = (folder / "analyses.csv").read_text(encoding="utf-8").splitlines()
    (folder / "analyses.csv").write_text("\n".join(line for line in lines if not line.startswith("ash,")) + "\n", encoding="utf-8")
    return folder


def test_the_order_list_is_shown_with_value_price_and_time(untested):
    found = run("unknowns", untested)
    assert found.exit_code == 0
    for part in ("Metals by ICP", "Fly ash", f"{price():.0f}", "working days", "+99"):
        assert part in found.stdout


def test_json_has_every_list(untested):
    body = json.loads(run("unknowns", untested, "--json").stdout)
    assert body["order"][0]["test"] == "metals_total"
    assert round(body["order"][0]["value_proven"]) == 99_000
    assert round(body["benefit"]["proven"]) == 291_000
    assert body["counts"] == {"tests": 1, "decisions": 0, "bundles": 0}


def test_the_order_list_is_written_as_rows(untested, tmp_path):
    path = tmp_path / "order.csv"
    assert run("unknowns", untested, "--order", path).exit_code == 0
    frame = pd.read_csv(path)
    assert frame["stream"].tolist() == ["ash"]
    assert frame["price"].tolist() == [price()]


def test_where_today_is_not_known_the_order_list_has_tests_and_prices_without_a_worth(untested, tmp_path):
    fates = untested / "fates.csv"
    fates.write_text(fates.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    path = tmp_path / "order.csv"
    assert run("unknowns", untested, "--order", path).exit_code == 0
    frame = pd.read_csv(path)
    assert "metals_total" in frame["test"].tolist()
    assert frame.loc[frame["test"] == "metals_total", "price"].tolist() == [price()]
    assert frame[["value_proven", "value_likely", "in_bundle", "carbon"]].isna().all(axis=None)


def test_the_order_list_is_a_workbook_that_can_be_sent(untested, tmp_path):
    path = tmp_path / "order.xlsx"
    assert run("unknowns", untested, "--order", path).exit_code == 0
    book = load_workbook(path)
    assert book.sheetnames == ["Order list", "Decisions", "Sets that one route needs"]
    sheet = book["Order list"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    top = next(place for place, row in enumerate(rows) if row[0] == "Test")
    assert "tests to order" in rows[0][0]
    assert any("a person decides" in str(row[0]) for row in rows[:top])
    first = dict(zip(rows[top], rows[top + 1], strict=True))
    assert first["Price, EUR"] == round(price())
    assert first["Sample of"] == "Fly ash"
    assert "nan" not in " ".join(str(value).lower() for row in rows for value in row if value is not None).split()
    assert sheet.freeze_panes == f"B{top + 2}"
    assert sheet.auto_filter.ref.startswith(f"A{top + 1}:")


@pytest.mark.parametrize("word", ["=HYPERLINK(1)", "+358 40", "-5 mm", "@SUM(A1)"])
def test_a_name_that_begins_as_a_formula_is_a_text_in_the_order_list(untested, tmp_path, word):
    streams = untested / "streams.csv"
    streams.write_text(streams.read_text(encoding="utf-8").replace("Fly ash", word), encoding="utf-8")
    for name in ("order.xlsx", "order.csv"):
        assert run("unknowns", untested, "--order", tmp_path / name).exit_code == 0
    cells = [cell for sheet in load_workbook(tmp_path / "order.xlsx") for row in sheet.iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if cell.value == word]
    assert {cell.data_type for cell in cells if isinstance(cell.value, str)} == {"s"}
    assert pd.read_csv(tmp_path / "order.csv")["of"].tolist() == [f"'{word}"]


def test_another_ending_is_refused_before_work(untested, tmp_path):
    found = run("unknowns", untested, "--order", tmp_path / "order.pdf")
    assert found.exit_code == 2
    assert ".xlsx or .csv" in found.output
    assert not (tmp_path / "order.pdf").exists()


def test_gaps_are_shown_and_told():
    shown = run("gaps", "three_sites")
    assert shown.exit_code == 0
    assert "Granulating" in shown.stdout
    body = json.loads(run("gaps", "three_sites", "--by", "co2", "--top", "1", "--json").stdout)
    assert [gap["technology"] for gap in body["gaps"]] == ["ash_granulation"]
    assert body["counts"]["gaps"] == 2
    assert body["gaps"][0]["streams"][0][0] == "ash"


def test_gaps_by_something_else_is_a_usage_error():
    assert run("gaps", "three_sites", "--by", "beauty").exit_code == 2


def test_the_report_tells_what_tests_are_worth_where_it_is_asked(untested, tmp_path):
    plain, asked = tmp_path / "plain.html", tmp_path / "asked.html"
    assert run("report", untested, "--out", plain).exit_code == 0
    assert run("report", untested, "--out", asked, "--unknowns").exit_code == 0
    assert "orders-table" not in plain.read_text(encoding="utf-8")
    text = asked.read_text(encoding="utf-8")
    assert "orders-table" in text
    assert "Metals by ICP after acid digestion" in text


def test_run_writes_the_order_list_where_it_is_asked(untested, tmp_path):
    found = run("run", untested, "--out", tmp_path / "out", "--unknowns")
    assert found.exit_code == 0
    assert pd.read_csv(tmp_path / "out" / "orders.csv")["stream"].tolist() == ["ash"]
