"""Prefill: expected streams by hand arithmetic, the published tonnages of the works in Tornio, rows for a register, faults in words."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest
from click.testing import CliRunner

import sivuvirta as sv
from sivuvirta.cli.commands import commands
from sivuvirta.errors import OptionError


def row(found, work, typology):
    frame = found.of(work).set_index("typology")
    return frame.loc[typology]


def test_slag_of_ferrochrome_by_hand():
    # 530 kt of ferrochrome at 1.0 to 1.6, typically 1.2 t of slag per t: 530, 848 and 636 kt.
    slag = row(sv.prefill("24.10", "530kt", product="ferrochrome"), "ferrochrome", "ferrochrome_slag")
    assert (slag["low"], slag["value"], slag["high"]) == pytest.approx((530_000, 636_000, 848_000))
    assert slag["unit"] == "t/a"
    assert slag["grade"] == "C"  # read in a publication of other works
    assert "1.2 (1 to 1.6) t per t ferrochrome" in slag["reason"]


def test_an_activity_beside_the_capacity_goes_by_its_ratio_or_by_what_is_given():
    # 1 Mt of crude steel takes 0.9 Mt of hot metal, each tonne with 0.275 t of slag: 247.5 kt.
    found = sv.prefill("24.10", "1 Mt", industry="integrated_steel")
    slag = row(found, "integrated_steel", "blast_furnace_slag")
    assert slag["value"] == pytest.approx(247_500)
    assert slag["grade"] == "D"
    assert "taken as 0.9 per unit of capacity" in slag["reason"]
    # With 0.5 Mt of hot metal stated it is 137.5 kt.
    given = sv.prefill("24.10", "1 Mt", industry="integrated_steel", activities={"hot metal": "500 kt"})
    slag = row(given, "integrated_steel", "blast_furnace_slag")
    assert slag["value"] == pytest.approx(137_500)
    assert "taken as" not in slag["reason"]


PUBLISHED_2018 = {
    "fecr_slag": "ferrochrome_slag",
    "ss_slag": "stainless_steelmaking_slags_total",
    "pickling_sludge": "mixed_acid_pickling_sludge_recovered",
    "refractory": "spent_refractories_stainless_melting_shop",
}


@pytest.mark.parametrize("activities", [{}, {"ferrochrome": "530kt"}], ids=["capacity alone", "with ferrochrome"])
def test_published_tonnages_of_tornio_lie_within_ranges_of_at_most_two_and_a_half(activities):
    region = sv.load("kemi_tornio", "2018")
    quantities = region.table("quantities").to_frame()
    reported = quantities[(quantities["table"] == "streams") & (quantities["vintage"] == "2018")].set_index("subject")["reported_value"]
    found = sv.prefill("24.10", "1.4Mt", industry="stainless_ferrochrome", activities=activities)
    expected = {stream: row(found, "stainless_ferrochrome", typology) for stream, typology in PUBLISHED_2018.items()}
    assert {stream for stream, each in expected.items() if not each["low"] <= reported[stream] <= each["high"]} == set()
    frame = found.to_frame()
    assert (frame["high"] <= 2.5 * frame["low"] * (1 + 1e-9)).all()


def test_a_variant_stands_in_for_a_row_and_is_never_added_to_it():
    """1.4 Mt cast, 0.85 of it strip: 0.025 to 0.05 t/t neutralised, half of it with the free acid recovered."""
    found = sv.prefill("24.10", "1.4Mt", industry="stainless")
    neutralised, recovered = (row(found, "stainless", f"mixed_acid_pickling_sludge{end}") for end in ("", "_recovered"))
    assert (neutralised["low"], neutralised["high"]) == pytest.approx((29_750, 59_500))
    assert (recovered["low"], recovered["high"]) == pytest.approx((14_875, 29_750))
    usual = found.to_tables("stainless", "works", "now")["streams"]["stream"]
    chosen = found.to_tables("stainless", "works", "now", ["mixed_acid_pickling_sludge_recovered"])["streams"]["stream"]
    sludges = ["works_mixed_acid_pickling_sludge", "works_mixed_acid_pickling_sludge_recovered"]
    assert [name for name in sludges if name in set(usual)] == sludges[:1]
    assert [name for name in sludges if name in set(chosen)] == sludges[1:]


def test_no_coefficient_comes_from_tornio():
    sources = sv.load("kemi_tornio").table("sources").to_frame().set_index("source")["citation"]
    used = set(sv.prefill("24.10", "1.4Mt").to_frame()["source"]) & set(sources.index)
    named = [source for source in used if any(word in sources[source] for word in ("Tornio", "Outokumpu", "Digipolis"))]
    assert named == []


def test_a_class_of_several_kinds_lists_them_as_alternatives():
    found = sv.prefill("24.10", "1.4Mt")
    assert {"integrated_steel", "arc_furnace_steel", "stainless", "stainless_ferrochrome", "ferrochrome"} <= set(found.works["work"])
    assert set(found.to_frame()["grade"]) <= {"C", "D"}


def test_what_the_capacity_does_not_tell_is_not_guessed():
    found = sv.prefill("19.20", "5Mt")
    open_ones = found.unscaled.to_frame().set_index("typology")
    assert "sulphur intake" in open_ones.loc["recovered_sulphur", "reason"]
    assert "recovered_sulphur" not in set(found.to_frame()["typology"])
    scaled = sv.prefill("19.20", "5Mt", activities={"sulphur_intake": "40kt"})
    assert "recovered_sulphur" in set(scaled.to_frame()["typology"])


def test_rows_for_a_register_pass_its_checks():
    base = {name: table.to_frame() for name, table in sv.load("three_sites").tables.items() if len(table)}
    site, vintage = base["sites"]["site"].iloc[0], base["vintages"]["vintage"].iloc[0] if "vintages" in base else "2024"
    rows = sv.prefill("24.10", "1.4Mt", industry="stainless").to_tables("stainless", site, vintage)
    frames = {**base, **{name: pd.concat([base[name], frame]) if name in base else frame for name, frame in rows.items()}}
    region = sv.region("prefilled", frames)
    # 1.4 Mt at 0.15 t are 210 kt of furnace slag, dry; 1.19 Mt of strip at 0.035 t are 41.65 kt of filter cake, 55 % water.
    quantities = region.table("quantities").to_frame().set_index("subject")["value"]
    assert quantities[f"{site}_stainless_electric_arc_furnace_slag"] == pytest.approx(210_000)
    assert quantities[f"{site}_mixed_acid_pickling_sludge"] == pytest.approx(41_650 * 0.45)
    assert not any("total" in name for name in rows["streams"]["stream"])
    assert len(rows["analyses"]) > 20
    assert set(rows["analyses"]["grade"]) <= {"C", "D"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("steel", "1Mt"), "'steel' is no NACE code"),
        (("99.99", "1Mt"), "NACE 99.99 is in neither revision"),
        (("24.10", "much"), "'much' is no capacity"),
        (("24.10", "5GWh"), "counted in t"),
        (("24.10", "0 t"), "is not above 0"),
        (("24.10", "1.4"), r"1.4 t of .* a year is very little. Say the unit: write 1.4Mt, 1.4kt or 1.4 t"),
        (("84.11", "1Mt"), "No side streams are known of NACE 84.11"),
    ],
)
def test_faults_are_told_with_their_repair(arguments, message):
    with pytest.raises(OptionError, match=message):
        sv.prefill(*arguments)


def test_a_bare_number_is_read_where_it_is_plausible_and_a_small_one_with_its_unit():
    assert sv.prefill("24.10", "1400000", industry="stainless").works["amount"][0] == pytest.approx(1_400_000)
    assert sv.prefill("24.10", "1.4 t", industry="stainless").works["amount"][0] == pytest.approx(1.4)


def test_tonnes_of_what_is_counted_by_volume_go_by_its_density():
    # 50 000 t of milk at 1.03 t/m3 are 48 544 m3.
    found = sv.prefill("10.51", "50kt", product="milk").works
    assert found["unit"][0] == "m3/a"
    assert found["amount"][0] == pytest.approx(48_544, abs=1)


def test_of_a_class_that_is_none_only_the_nearest_are_told():
    with pytest.raises(OptionError) as caught:
        sv.prefill("99.99", "1Mt")
    assert 1 <= len(re.findall(r"\d\d\.\d\d", str(caught.value).split("known")[1])) <= 8


def test_a_kind_that_does_not_exist_is_told_with_those_that_do():
    with pytest.raises(OptionError, match=r"No kind of works fits 'stainlezz'.*Did you mean 'stainless'.*arc_furnace_steel"):
        sv.prefill("24.10", "1Mt", industry="stainlezz")


def test_codes_of_the_older_revision_and_groups_are_read():
    assert sv.prefill("C24.10", "1 Mt").nace == "24.10"
    assert len(sv.prefill("24.5", "10 kt").works) >= 3
    assert sv.prefill("38.32", "50 kt").nace == "38.32"


def test_the_command_prints_json_and_writes_rows(tmp_path):
    asked = ["prefill", "--nace", "24.10", "--capacity", "1.4Mt"]
    result = CliRunner().invoke(commands, asked)
    assert result.exit_code == 0, result.output
    assert "AOD converter slag" in result.stdout
    assert "alternatives" in result.stdout
    body = json.loads(
        CliRunner().invoke(commands, [*asked, "--industry", "stainless_ferrochrome", "--activity", "ferrochrome=530kt", "--json"]).stdout
    )
    slag = next(each for each in body["streams"] if each["typology"] == "ferrochrome_slag")
    assert slag["value"] == pytest.approx(636_000)
    assert CliRunner().invoke(commands, [*asked, "--out", str(tmp_path / "out")]).exit_code == 2
    assert CliRunner().invoke(commands, [*asked, "--industry", "stainless", "--out", str(tmp_path / "out")]).exit_code == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"streams.csv", "quantities.csv", "analyses.csv"}
    assert CliRunner().invoke(commands, [*asked, "--activity", "ferrochrome"]).exit_code == 2
