"""`sivuvirta ledger`: counted, compared, added up, realised, and the rows behind a cell.

The teaching region: 10 000 t of slag lie on a heap and 6 000 t of ash are landfilled today; the plan sends 4 000 t of slag and 2 000 t of
ash to the road and 3 000 t of ash to the granulator, which delivers 3 000 t to the forest. See its README.md.
"""

from __future__ import annotations

import json

import pandas as pd
import pytest
from click.testing import CliRunner

import sivuvirta as sv
from sivuvirta.cli.commands import commands


def run(*arguments):
    return CliRunner().invoke(commands, ["ledger", *map(str, arguments)], prog_name="sivuvirta")


def body(*arguments):
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def amounts(told, column="amount"):
    return {tuple(row[name] for name in told["by"]): row[column] for row in told["cells"]}


def plain(text):
    return " ".join(text.replace("\u202f", " ").split())


def test_today_is_counted_by_kind():
    told = body("three_sites")
    assert amounts(told) == {("fate",): 16_000, ("buy",): 7_000}  # 10 000 + 6 000; 6 000 of rock and 1 000 of fertiliser
    assert told["rows"] is None


def test_sites_sectors_and_levels_of_materials_are_counted():
    told = body("three_sites", "--by", "site", "--by", "material", "--level", "1")
    assert amounts(told)["works", "slag"] == 10_000
    assert amounts(told)["mill", "ash"] == 6_000
    assert set(amounts(body("kemi_tornio", "--by", "sector", "--digits", "2"))) >= {("24",), ("07",)}


def test_a_plan_less_today():
    told = body("three_sites", "--state", "proven", "--against", "reference", "--by", "site,kind")
    assert amounts(told, "difference") == pytest.approx(
        {
            ("not in the register", "buy"): 250 - 7_000,
            ("mill", "fate"): 1_000 - 6_000,
            ("works", "direct"): 4_000,
            ("works", "fate"): 6_000 - 10_000,
            ("mill", "deliver"): 3_000,
            ("mill", "feed"): 3_000,
            ("mill", "direct"): 2_000,
        }
    )


def test_the_rows_behind_a_cell_of_both_sides():
    told = body("three_sites", "--state", "proven", "--against", "reference", "--by", "site,kind", "--cell", "works,fate")
    assert {(row["ledger"], row["table"], row["key"]) for row in told["rows"]} == {
        (side, table, key) for side in ("first", "second") for table, key in (("quantities", "streams/slag/2024"), ("fates", "slag_heap"))
    }
    assert "Behind fate" in run("three_sites", "--cell", "fate").stdout


def test_a_vintage_less_another_is_the_difference_of_their_sums():
    told = body("kemi_tornio", "--by", "kind", "--against", "2018")
    new, old = (amounts(body("kemi_tornio", "--vintage", year)) for year in ("2024", "2018"))
    fate = [row for row in told["cells"] if row["kind"] == "fate"]
    assert len(fate) > 1  # t and MWh stay apart
    assert len(new) <= 3
    assert ("fate",) in old
    assert all(row["difference"] == pytest.approx(row["first"] - row["second"]) for row in told["cells"])


def test_a_saved_plan_opens_and_is_compared_with_a_region(tmp_path):
    sv.save(sv.plan("three_sites"), tmp_path / "plan")
    told = body(tmp_path / "plan", "--state", "proven", "--by", "destination")
    assert amounts(told)["need:road",] == 6_000
    same = body("three_sites", "--state", "proven", "--against", tmp_path / "plan", "--by", "kind")
    assert {row["difference"] for row in same["cells"]} == {0.0}


def test_years_of_a_horizon_add_up():
    whole = amounts(body("two_seasons", "--horizon", "three_years", "--state", "potential"))
    apart = amounts(body("two_seasons", "--horizon", "three_years", "--state", "potential", "--by", "kind,period"))
    for (kind,), amount in whole.items():
        assert amount == pytest.approx(sum(value for key, value in apart.items() if key[0] == kind))
    assert whole["direct",] == pytest.approx(3 * 825)
    assert body("two_seasons", "--horizon", "three_years", "--cell", "fate")["rows"][0]["ledger"] != ""


def test_what_was_realised_stands_beside_the_plan(tmp_path):
    file = tmp_path / "done.csv"
    pd.DataFrame({"origin": ["stream:slag"], "destination": ["need:road"], "amount": [1000.0]}).to_csv(file, index=False)
    told = body("three_sites", "--state", "proven", "--realised", file, "--by", "node", "--end", "destination")
    row = next(row for row in told["cells"] if row["destination"] == "need:road")
    assert (row["realised"], row["planned"], row["state"]) == (1000, 6000, "short")  # 4 000 of slag and 2 000 of ash
    assert row["share"] == pytest.approx(1 / 6)
    assert "not begun" in run("three_sites", "--state", "proven", "--realised", file, "--by", "destination").stdout


def test_the_table_is_written_and_the_screen_speaks(tmp_path):
    result = run("kemi_tornio", "--by", "organisation,kind", "--out", tmp_path / "cells.csv")
    assert result.exit_code == 0, result.output
    found = pd.read_csv(tmp_path / "cells.csv")
    assert {"origin.organisation", "kind", "unit", "amount", "grade"} <= set(found.columns)
    text = plain(result.stdout)
    assert "Table: " in text
    assert "31,964,000 t/a" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("three_sites", "--by", "colour"), "cannot be counted by 'colour'"),
        (("three_sites", "--by", "period"), "cannot be counted by 'period'"),
        (("three_sites", "--against", "nowhere"), "nothing to compare with under 'nowhere'"),
        (("three_sites", "--cell", "rail"), "no cell 'rail'. It has: buy; fate"),
        (("three_sites", "--cell", "a,b"), "1 names, not 2"),
        (("three_sites", "--against", "proven", "--horizon", "x"), "ask for one of them"),
        (("two_seasons", "--horizon", "three_years", "--vintage", "2024"), "without a vintage"),
    ],
)
def test_what_cannot_be_is_told(arguments, message):
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in plain(result.stderr)


@pytest.mark.parametrize(
    ("text", "message"), [("origin,amount\na,1\n", "lacks destination"), ("origin,destination,amount\na,b,x\n", "no number")]
)
def test_a_table_of_what_was_realised_is_read_with_care(tmp_path, text, message):
    file = tmp_path / "bad.csv"
    file.write_text(text, encoding="utf-8")
    result = run("three_sites", "--realised", file)
    assert result.exit_code == 2
    assert message in plain(result.stderr)


def test_sites_and_organisations_are_told_by_name_with_their_key():
    text = plain(run("three_sites", "--by", "organisation").stdout)
    table = sv.load("three_sites").table("organisations")
    named = [f"{row['name']} ({row['organisation']})" for row in table.rows()]
    assert any(name in text for name in named)
