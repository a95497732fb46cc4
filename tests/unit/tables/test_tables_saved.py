"""Saved regions: packages that others can validate, formats told by the path, nothing stale, nothing overwritten."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import registers
from frictionless import Package

from sivuvirta import tables
from sivuvirta.errors import CheckError, OptionError, ReadError, SivuvirtaError


@pytest.fixture
def region(tmp_path, library):
    zones = "zone,name,kind,geometry\nharbour,Harbour,land_use,\n"
    sites = registers.edited("sites", ("organisation\n", "organisation,zones\n"), ("Tornio works,mill", "Tornio works,mill,harbour"))
    folder = registers.region(tmp_path / "mill", zones=zones, sites=sites.replace("Kemi mill,mill", "Kemi mill,mill,"))
    return tables.load(folder, library)


def test_a_saved_package_is_valid_for_frictionless(region, tmp_path):
    report = Package(str(region.save(tmp_path / "saved") / "datapackage.json")).validate()
    assert report.flatten(["type", "rowNumber", "fieldName", "note"]) == []
    assert report.valid


def test_frictionless_sees_a_broken_key_in_a_saved_package(region, tmp_path):
    folder = region.save(tmp_path / "saved")
    sites = (folder / "sites.csv").read_text(encoding="utf-8").replace("kemi_mill", "kemi_mil")
    (folder / "sites.csv").write_text(sites, encoding="utf-8")
    report = Package(str(folder / "datapackage.json")).validate()
    assert {kind for (kind,) in report.flatten(["type"])} == {"foreign-key"}


def test_the_description_of_a_column_comes_from_the_schema(region, tmp_path):
    about = json.loads((region.save(tmp_path / "saved") / "datapackage.json").read_text(encoding="utf-8"))
    fields = {
        field["name"]: field for resource in about["resources"] if resource["name"] == "streams" for field in resource["schema"]["fields"]
    }
    assert fields["moisture"] == {
        "name": "moisture",
        "type": "number",
        "description": "Water per mass as sent",
        "unit": "%",
        "constraints": {"minimum": 0.0, "maximum": 99.9},
    }


def test_a_bound_that_is_not_reached_is_exclusive_and_frictionless_sees_it(region, tmp_path):
    folder = region.save(tmp_path / "saved")
    about = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    (ratio,) = [
        field
        for resource in about["resources"]
        if resource["name"] == "acceptances"
        for field in resource["schema"]["fields"]
        if field["name"] == "ratio"
    ]
    assert ratio["constraints"] == {"required": True, "exclusiveMinimum": 0.0}
    file = folder / "acceptances.csv"
    text = file.read_text(encoding="utf-8")
    assert text.count("slag,1,") == 1
    file.write_text(text.replace("slag,1,", "slag,0,"), encoding="utf-8")
    report = Package(str(folder / "datapackage.json")).validate()
    assert report.flatten(["type", "rowNumber", "fieldName"]) == [["constraint-error", 2, "ratio"]]


def test_a_folder_holds_no_table_and_no_column_that_says_nothing(region, tmp_path):
    folder = region.save(tmp_path / "saved")
    assert sorted(file.stem for file in folder.glob("*.csv")) == sorted(name for name, table in region.tables.items() if len(table))
    assert (folder / "sources.csv").read_text(encoding="utf-8") == registers.REGION["sources"]


def test_saving_again_takes_stale_tables_away_and_leaves_other_files(region, tmp_path, library):
    folder = region.save(tmp_path / "saved")
    (folder / "README.md").write_text("ours", encoding="utf-8")
    fewer = tables.load(registers.region(tmp_path / "fewer", needs=None, acceptances=None, quantities=None), library)
    fewer.save(folder)
    assert not (folder / "needs.csv").exists()
    assert (folder / "README.md").read_text(encoding="utf-8") == "ours"
    assert len(tables.load(folder, library).table("needs")) == 0


@pytest.mark.parametrize("ending", ["", ".parquet"])
def test_a_folder_of_something_else_is_not_overwritten(ending, region, tmp_path):
    folder = tmp_path / f"thesis{ending}"
    folder.mkdir()
    (folder / "chapter.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(OptionError, match="holds something else than a saved region"):
        region.save(folder)


@pytest.mark.parametrize("name", ["region.csv", "region.json", "region.zip", "region.xls"])
def test_a_format_that_is_not_written_is_said(name, region, tmp_path):
    with pytest.raises(OptionError, match=r"A region is not saved as \.(csv|json|zip|xls)\. Use a folder"):
        region.save(tmp_path / name)


def test_parquet_columns_have_their_own_types(region, tmp_path):
    folder = region.save(tmp_path / "saved.parquet")
    sites, vintages = pq.read_schema(folder / "sites.parquet"), pq.read_schema(folder / "vintages.parquet")
    assert str(sites.field("zones").type).startswith("list<")
    assert [str(vintages.field(name).type) for name in ("year", "title", "default")] == ["int64", "string", "bool"]


def test_a_broken_parquet_file_is_a_problem(region, tmp_path, library):
    folder = region.save(tmp_path / "saved.parquet")
    (folder / "zones.parquet").write_bytes(b"PAR1")
    with pytest.raises(
        CheckError, match=r"1 problem in saved\.parquet/zones\.parquet\n  This is no Parquet file\. Write it again, or delete it\."
    ):
        tables.load(folder, library)
    (tmp_path / "empty.parquet").mkdir()
    with pytest.raises(ReadError, match="no Parquet files named as tables"):
        tables.load(tmp_path / "empty.parquet", library)


def test_a_text_that_no_spreadsheet_holds_is_said(tmp_path, library):
    zones = f"zone,name,kind,geometry\nlake,Lake,protection,{'x' * 40_000}\n"
    region = tables.load(registers.region(tmp_path / "mill", zones=zones), library)
    with pytest.raises(SivuvirtaError, match="zones, row 2, column 'geometry': a text of 40000 signs does not fit into a spreadsheet"):
        region.save(tmp_path / "mill.xlsx")
    assert tables.load(region.save(tmp_path / "folder"), library).table("zones")["geometry"][0] == "x" * 40_000


def test_frames_are_checked_as_files_are(library):
    frames = {
        "vintages": pd.DataFrame({"vintage": ["now"], "year": [2024], "title": ["Now"]}),
        "sites": pd.DataFrame({"site": ["works", "mill"], "name": ["Works", None], "lat": [65.8, np.inf]}),
    }
    with pytest.raises(CheckError) as raised:
        tables.from_frames("ours", frames, library)
    assert str(raised.value) == (
        "2 problems in frame 'sites'\n"
        "  row 2, column 'name': The cell is empty. Fill it in (name).\n"
        "  row 2, column 'lat': 'inf' is no number. Leave the cell empty where there is no limit."
    )


def test_a_named_index_of_a_frame_is_a_column_and_nan_is_unknown(library):
    frames = {
        "vintages": pd.DataFrame({"year": [2024], "title": ["Now"]}, index=pd.Index(["now"], name="vintage")),
        "sites": pd.DataFrame({"site": ["works"], "name": ["Works"], "lat": [np.nan], "opened": pd.array([None], dtype="Int64")}),
    }
    region = tables.from_frames("ours", frames, library)
    assert (region.vintage, region.year) == ("now", 2024)
    assert np.isnan(region.table("sites")["lat"][0])
    assert np.isnan(region.table("sites")["opened"][0])
