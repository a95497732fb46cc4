"""`sivuvirta roads` on the screen, as JSON and as GeoJSON."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

import sivuvirta as sv
from sivuvirta.cli.commands import commands
from sivuvirta.cli.measure.roads import yearly_rows
from sivuvirta.report.words import figure, span


def run(*arguments):
    return CliRunner().invoke(commands, [str(argument) for argument in arguments], prog_name="sivuvirta")


def plain(text):
    return " ".join(text.replace("\u202f", " ").split())


def test_sections_emissions_and_the_published_arithmetic_are_told():
    result = run("roads", "kemi_tornio", "--closed", "keminmaa.roytta_junction")
    assert result.exit_code == 0, result.output
    text = plain(result.stdout)
    assert "keminmaa.roytta_junction 29 (E8)" in text
    assert "2024: the potential network beside today; vehicles a day Section Road Loads Empty Today Planned 5 to 95 %" in text
    assert "Emissions by the method of ISO 14083" in text
    assert "potential 2024 Truck and trailer" in text
    assert "1.7 Mt/a / 365 d / 38.8 t = 120 loads a day: arithmetic of a published statement, not a count (yle_loads_2018)" in text
    assert "Of 30 sections the register has heavy traffic for 3, a threshold for 0" in text
    assert "With the sections closed" in text


def test_seasons_stand_beside_each_other_with_when_to_begin():
    text = plain(run("roads", "kemi_tornio", "--by", "season", "--threshold", "1010").stdout)
    assert "Section Road Season Loads Empty Today Planned 5 to 95 % Changes by" in text
    assert "29 (E8) winter" in text
    assert "drawn together" in text
    assert "The threshold of 1010 heavy vehicles a day was asked for and is in no source." in text


def test_years_of_a_horizon():
    body = json.loads(run("roads", "two_seasons", "--horizon", "three_years", "--json").stdout)
    assert {row["period"] for row in body["sections"]} == {"2024", "2025", "2026"}
    assert body["by"] == "year"
    assert "Section Road Year Loads Empty Today Planned" in plain(run("roads", "two_seasons", "--horizon", "three_years").stdout)


def test_each_year_of_a_section_is_a_row():
    found = sv.roads(sv.pathway("three_sites", [sv.Period(year=year) for year in (2024, 2026)]))
    told = found.sections[found.sections["state"] == "potential"]
    rows = yearly_rows(found, told)
    assert len(rows) == len(told)
    roads = [name for name in dict.fromkeys(told["road"]) if name]
    assert [(row[0], row[2]) for row in rows[: 2 * len(roads)]] == [(road, year) for road in sorted(roads) for year in ("2024", "2026")]
    by = told.set_index(["road", "period"])["vehicles"]
    assert [row[6] for row in rows[: 2 * len(roads)]] == [f"{by[row[0], row[2]]:.1f}" for row in rows[: 2 * len(roads)]]
    assert {row[10] for row in rows if row[0] in roads} <= {"unknown", "never", "2024", "2026"}


def test_json_and_geojson(tmp_path):
    file = tmp_path / "roads.geojson"
    body = json.loads(run("roads", "kemi_tornio", "--out", file, "--json").stdout)
    assert {"sections", "emissions", "standard", "published", "need", "pipeline", "taken", "closed", "notes"} <= set(body)
    shapes = json.loads(file.read_text(encoding="utf-8"))
    assert shapes["type"] == "FeatureCollection"
    assert {feature["properties"]["state"] for feature in shapes["features"]} == {"potential"}
    assert body["written"] == str(file)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--closed", "nowhere"], "There is no section of road 'nowhere'"),
        (["--horizon", "none_such"], "has no horizon 'none_such'"),
        (["--by", "week"], "'week' is not one of"),
    ],
)
def test_what_does_not_exist_is_refused(options, message):
    result = run("roads", "three_sites", *options)
    assert result.exit_code == 2
    assert message in plain(result.output + (result.stderr or ""))


def test_what_is_taken_has_its_range_and_two_counts_of_one_haul_are_explained():
    text = plain(run("roads", "kemi_tornio").stdout)
    taken = sv.roads(sv.plan("kemi_tornio")).taken.query("state == 'potential'").set_index("measure")
    row = taken.loc["landfill_tonnes"]
    ends = span(row["low"], row["high"], row["unit"]).replace("\u202f", " ")
    assert f"To landfills, as sent 2024 {figure(row['value'], row['unit']).text} {ends} ".replace("\u202f", " ") in text
    assert "In the plan: what links and plans count, one factor a tonne-kilometre whatever the load." in text
    assert "m2" not in text


def test_what_changes_at_landfills_has_mean_and_range_of_the_draws():
    """The plan takes tonnes from landfills in every draw; today and the plan are drawn together."""
    found = sv.roads(sv.plan("kemi_tornio"))
    row = found.taken.set_index(["state", "measure"]).loc["potential", "landfill_tonnes"]
    assert row["difference_low"] < row["difference_mean"] < row["difference_high"] < 0
    assert row["difference_low"] < row["difference"] < row["difference_high"]
    text = plain(run("roads", "kemi_tornio").stdout)
    ends = plain(span(row["difference_low"], row["difference_high"], "t/a"))
    assert ends in text
    assert f"mean {plain(figure(row['difference_mean'], 't/a', sign=True).text)}" in text
    assert found.taken[found.taken["state"] == "reference"]["difference_low"].isna().all()
