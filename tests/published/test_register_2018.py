"""The by-product list of Kemi-Tornio as published in 2018 (J. Teräs, Digipolis, slides at SmartCHEM Turku, 22 May 2018).

The slide says 1 700 000 t/a without waste rock; its last rows are cut off, and the visible ones add up to 1 639 000 t/a.
"""

import sivuvirta as sv

PRINTED = {
    "fecr_slag": 650_000,
    "ss_slag": 400_000,
    "kemi_lumpy_reject": 220_000,
    "veits_sawmill": 170_000,
    "sma_calcite_dust": 60_000,
    "sma_offspec_lime": 30_000,
    "veits_fly_ash": 22_000,
    "veits_fibre_clay": 20_000,
    "pickling_sludge": 20_000,
    "refractory": 20_000,
    "sma_calcite": 15_000,
    "biosludge_mf": 12_000,
}
REGION = sv.load("kemi_tornio", "2018")


def listed():
    streams = {row["stream"] for row in REGION.table("streams").rows() if "digipolis_2018" in (row["listed"] or ())}
    return {
        row["subject"]: row
        for row in REGION.table("quantities").rows()
        if row["table"] == "streams" and row["vintage"] == "2018" and row["subject"] in streams
    }


def test_every_printed_line_is_in_the_register_as_reported():
    assert {stream: row["reported_value"] for stream, row in listed().items()} == PRINTED
    assert {row["reported_unit"] for row in listed().values()} == {"t/a"}
    assert {row["source"] for row in listed().values()} == {"digipolis_2018"}


def test_the_visible_lines_add_up_to_1_639_000_tonnes_as_reported():
    assert sum(row["reported_value"] for row in listed().values()) == 1_639_000


def test_no_printed_basis_is_invented():
    assert {row["reported_basis"] for row in listed().values()} == {"unknown"}
    assert all("Basis not stated" in row["note"] for row in listed().values())


def test_the_dry_tonnes_are_another_sum():
    """Bases are mixed, so what is balanced in dry tonnes is never the sum as reported."""
    dry = sum(row["value"] for row in listed().values())
    assert dry < 1_639_000
    assert listed()["pickling_sludge"]["value"] == 9_000  # 55 % water
    assert listed()["veits_fly_ash"]["value"] == 16_000  # the line is the area's total, 6 000 t of it arise in Tornio


def test_the_source_says_that_rows_are_missing():
    sources = REGION.table("sources")
    note = sources["note"][sources.index["digipolis_2018"]]
    assert "cut off" in note
    assert "1 639 000" in note


def test_2024_does_not_repeat_2018():
    later = {row["subject"]: row["value"] for row in REGION.table("quantities").rows() if row["vintage"] == "2024"}
    assert later["veits_fly_ash"] == later["veits_fibre_clay"] == 0
    assert later["fecr_slag"] < PRINTED["fecr_slag"]
