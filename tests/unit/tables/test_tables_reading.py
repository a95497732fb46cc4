"""Files as people save them: encodings, separators, decimal signs, units in headers, defaults."""

from __future__ import annotations

import math

import numpy as np
import pytest
import registers

from sivuvirta import tables
from sivuvirta.errors import CheckError, ReadError
from sivuvirta.tables.schema import region_tables

SITES = registers.REGION["sites"].replace("Kemi mill,mill", "Kemin tehdas Äijälä,mill")


def _names(region):
    return region.table("sites")["name"].tolist()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings_are_told_apart(encoding, tmp_path, library):
    region = tables.load(registers.region(tmp_path / "mill", sites=SITES.encode(encoding)), library)
    assert _names(region) == ["Tornio works", "Kemin tehdas Äijälä"]


@pytest.mark.parametrize(("encoding", "name"), [("cp1252", "Windows-1252"), ("utf-16", "UTF-16")])
def test_a_guessed_encoding_is_said(encoding, name, tmp_path, library):
    region = tables.load(registers.region(tmp_path / "mill", sites=SITES.encode(encoding)), library)
    assert [str(warning) for warning in region.warnings] == [f"The file was read as {name}. Save it as UTF-8 to be sure of every letter."]
    assert region.warnings[0].level == "warning"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators_are_told_apart(separator, tmp_path, library):
    sites = registers.REGION["sites"].replace(",", separator)
    assert _names(tables.load(registers.region(tmp_path / "mill", sites=sites), library)) == ["Tornio works", "Kemi mill"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_endings_do_not_matter(end, tmp_path, library):
    sites = registers.REGION["sites"].replace("\n", end).encode()
    assert _names(tables.load(registers.region(tmp_path / "mill", sites=sites), library)) == ["Tornio works", "Kemi mill"]


def test_mixed_line_endings_keep_the_row_numbers(tmp_path, library):
    sites = registers.lines(
        "site,name,organisation\r",
        "tornio_works,Tornio works,mill",
        "\r",
        ",,",
        "kemi_mill,Kemi mill,nobody\r",
    )
    found = tables.problems(registers.region(tmp_path / "mill", sites=sites), library)
    assert [(problem.row, problem.column, problem.value) for problem in found] == [(5, "organisation", "nobody")]


def test_a_text_over_several_lines_keeps_the_row_numbers(tmp_path, library):
    sites = 'site,name,organisation\ntornio_works,"Tornio\nworks",mill\nkemi_mill,Kemi mill,nobody\n'
    found = tables.problems(registers.region(tmp_path / "mill", sites=sites), library)
    assert [problem.row for problem in found] == [4]


def test_trailing_separators_are_no_fields(tmp_path, library):
    sites = registers.lines(
        "site,name,organisation,,",
        "tornio_works,Tornio works,mill,,",
        "kemi_mill,Kemi mill,mill,,,,",
    )
    assert _names(tables.load(registers.region(tmp_path / "mill", sites=sites), library)) == ["Tornio works", "Kemi mill"]


def test_a_header_alone_is_an_empty_table(tmp_path, library):
    region = tables.load(registers.region(tmp_path / "mill", plants="plant,name\n"), library)
    assert len(region.table("plants")) == 0


def test_a_finnish_spreadsheet_is_read_as_it_means(tmp_path, library):
    quantities = (
        "table;subject;vintage;value;grade;source\nstreams;steel_slag;2024;1,234;B;report\nstreams;fly_ash;2024;12 345,6;C;report\n"
    )
    region = tables.load(registers.region(tmp_path / "mill", quantities=quantities), library)
    assert region.table("quantities")["value"].tolist() == [1.234, 12345.6]
    assert region.warnings == ()


def test_a_point_in_the_column_makes_a_comma_ambiguous_again(tmp_path, library):
    quantities = registers.lines(
        "table;subject;vintage;value;grade;source",
        "streams;steel_slag;2024;1,234;B;report",
        "streams;fly_ash;2024;5000.5;C;report",
    )
    with pytest.raises(CheckError, match=r"'1,234' can be read as 1\.234 or as 1234\."):
        tables.load(registers.region(tmp_path / "mill", quantities=quantities), library)


def test_an_unambiguous_decimal_comma_is_read_with_a_warning(tmp_path, library):
    quantities = registers.edited("quantities", ("100000", '"100000,5"'), ("5000,C", '"5000,25",C'))
    region = tables.load(registers.region(tmp_path / "mill", quantities=quantities), library)
    assert region.table("quantities")["value"][:3].tolist() == [100000.5, 30000.0, 5000.25]
    assert [str(warning) for warning in region.warnings] == [
        "row 2, column 'value': In 2 cells, of which this is the first, a comma was read as the decimal sign. Write a point to be sure."
    ]


def test_a_header_names_another_unit(tmp_path, library):
    quantities = registers.lines(
        "table,subject,vintage,value [kt/a],high (Mt/a),grade,source",
        "streams,steel_slag,2024,100,0.12,B,report",
    )
    table = tables.load(registers.region(tmp_path / "mill", quantities=quantities), library).table("quantities")
    assert (table["value"][0], table["high"][0]) == (100_000.0, 120_000.0)


def test_a_fixed_unit_in_a_header_converts_too(tmp_path, library):
    places = registers.lines(
        "place,name",
        "kemi,Kemi",
        "tornio,Tornio",
    )
    roads = registers.lines(
        "road,from_place,to_place,km [m],heavy_traffic [1/h]",
        "e8,kemi,tornio,27000,5",
    )
    table = tables.load(registers.region(tmp_path / "mill", places=places, roads=roads), library).table("roads")
    assert (table["km"][0], table["heavy_traffic"][0]) == (27.0, 120.0)


def test_analyses_and_limits_come_in_their_canonical_unit(tmp_path, library):
    analyses = registers.lines(
        "stream,component,kind,sample,value,high,unit,grade,source",
        "steel_slag,Cr2O3,total,1,2.5,3,% dry,B,report",
        "steel_slag,Cr_total,leaching,1,0.05,,g/t,B,report",
        "steel_slag,pH,property,1,12.1,,,B,report",
    )
    table = tables.load(registers.region(tmp_path / "mill", analyses=analyses), library).table("analyses")
    assert table["value"].tolist() == pytest.approx([25_000.0, 0.05, 12.1])
    assert table["high"][0] == pytest.approx(30_000.0)
    assert table["unit"].tolist() == ["mg/kg", "mg/kg", "pH"]


def test_a_header_unit_holds_for_rows_without_one(tmp_path, library):
    analyses = (
        "stream,component,kind,value [%],unit,grade,source\nsteel_slag,Cr2O3,total,2.5,,B,report\nfly_ash,Cr2O3,total,30,mg/kg,B,report\n"
    )
    table = tables.load(registers.region(tmp_path / "mill", analyses=analyses), library).table("analyses")
    assert table["value"].tolist() == [25_000.0, 30.0]


def test_a_header_unit_that_does_not_fit_the_rows_is_a_problem(tmp_path, library):
    analyses = registers.lines(
        "stream,component,kind,value [mg/l],grade,source",
        "steel_slag,Cr_total,leaching,2.5,B,report",
    )
    with pytest.raises(CheckError, match=r"row 1, column 'value': 'mg/l' cannot be turned into 'mg/kg', which row 2 needs\."):
        tables.load(registers.region(tmp_path / "mill", analyses=analyses), library)


def test_below_detection_is_a_value_of_analyses(tmp_path, library):
    analyses = registers.lines(
        "stream,component,kind,sample,value,grade,source",
        "steel_slag,Cr_VI,leaching,1,<0.02,B,report",
        "steel_slag,Cr_VI,leaching,2,0.03,B,report",
    )
    table = tables.load(registers.region(tmp_path / "mill", analyses=analyses), library).table("analyses")
    assert table["value"].tolist() == [0.02, 0.03]
    assert table["below"].tolist() == [True, False]


def test_prices_come_per_unit_of_their_product(tmp_path, library):
    prices = registers.lines(
        "price,subject,name,kind,value,low,unit,year,grade,source",
        "heat,district_heat,Heat,energy,6.5,6,snt/kWh,2024,C,report",
        "rock,rock,Rock,product,12,,€/tonne,2024,C,report",
        "fee,,Gate fee,fee,1,,k€/a,2024,C,report",
    )
    table = tables.load(registers.region(tmp_path / "mill", prices=prices), library).tables["prices"]
    assert table["value"].tolist() == pytest.approx([65.0, 12.0, 1.0])
    assert table["low"][0] == pytest.approx(60.0)
    assert table["unit"].tolist() == ["EUR/MWh", "EUR/t", "kEUR/a"]


def test_missing_tables_columns_and_cells_have_the_schemas_types(tmp_path, library):
    region = tables.load(registers.region(tmp_path / "mill"), library)
    assert set(region.tables) == set(region_tables())
    plants = region.table("plants")
    assert len(plants) == 0
    assert (plants["capacity"].dtype, plants["name"].dtype) == (np.dtype(float), np.dtype(object))
    streams = region.table("streams")
    assert streams["legal_status"].tolist() == ["unknown"] * 3
    assert streams["low_code"].tolist() == [None] * 3
    assert np.isnan(streams["temperature"]).all()


def test_lists_and_dates_are_texts(tmp_path, library):
    zones = registers.lines(
        "zone,name,kind",
        "harbour,Harbour,land_use",
        "lake,Lake,protection",
    )
    sites = registers.edited("sites", ("organisation\n", "organisation,zones\n"), ("Tornio works,mill", "Tornio works,mill,harbour; lake"))
    sites = sites.replace("Kemi mill,mill", "Kemi mill,mill,")
    sources = registers.edited("sources", ("2025-03", "13.5.2025"))
    region = tables.load(registers.region(tmp_path / "mill", zones=zones, sites=sites, sources=sources), library)
    assert region.table("sites")["zones"].tolist() == [("harbour", "lake"), None]
    assert region.tables["sources"]["opened"].tolist() == ["2025-05-13"]


def test_the_vintage_shown_is_the_default_else_the_latest(tmp_path, library):
    assert tables.load(registers.region(tmp_path / "a"), library).vintage == "2024"
    vintages = registers.lines(
        "vintage,year,title",
        "now,2024,Now",
        "then,2018,Then",
    )
    quantities = registers.REGION["quantities"].replace(",2024,", ",now,")
    assert tables.load(registers.region(tmp_path / "b", vintages=vintages, quantities=quantities), library).vintage == "now"


def test_the_package_says_name_title_and_where_a_table_is(tmp_path, library):
    folder = registers.region(tmp_path / "mill", sites=None)
    (folder / "data").mkdir()
    (folder / "data" / "our sites.csv").write_text(registers.REGION["sites"], encoding="utf-8")
    package = '{"name": "kemi", "title": "Kemi and Tornio", "resources": [{"name": "sites", "path": "data/our sites.csv"}]}'
    (folder / "datapackage.json").write_text(package, encoding="utf-8")
    region = tables.load(folder, library)
    assert (region.name, region.title, len(region.table("sites"))) == ("kemi", "Kemi and Tornio", 2)
    assert tables.load(folder, library, name="mine").name == "mine"


def test_a_folder_without_tables_and_a_path_without_anything_cannot_be_read(tmp_path, library):
    with pytest.raises(ReadError, match="There is no table in"):
        tables.load(tmp_path, library)
    with pytest.raises(ReadError, match="There is nothing at"):
        tables.load(tmp_path / "nowhere", library)
    (tmp_path / "register.pdf").write_bytes(b"%PDF")
    with pytest.raises(ReadError, match=r"'register\.pdf' is no register"):
        tables.load(tmp_path / "register.pdf", library)


def test_problems_of_bad_data_raise_nothing_and_carry_their_place(tmp_path, library):
    folder = registers.region(tmp_path / "mill", quantities=registers.edited("quantities", ("100000", "-40")))
    (problem,) = tables.problems(folder, library)
    assert (problem.file, problem.table, problem.row, problem.column) == ("mill/quantities.csv", "quantities", 2, "value")
    assert (problem.value, problem.unit, problem.rule, problem.level) == ("-40", "carrier/a", "below_bound", "error")


def test_a_row_of_the_region_replaces_the_librarys(tmp_path, library):
    materials = registers.lines(
        "material,parent,carrier,unit,moisture,name_en",
        "slag,,solid,t,,Slag",
        "slag.steel,slag,solid,t,11,Our steel slag",
    )
    table = tables.load(registers.region(tmp_path / "mill", materials=materials), library).table("materials")
    assert table["moisture"][table.index["slag.steel"]] == 11.0
    assert len(table) == len(library["materials"])


def _derived(tmp_path, library, row, streams=None):
    header = "table,subject,vintage,reported_value,reported_unit,reported_basis,grade,source\n"
    files = {"quantities": f"{header}{row}\n"} | ({"streams": streams} if streams else {})
    table = tables.load(registers.region(tmp_path / "mill", **files), library).table("quantities")
    return table["value"][0], table["low"][0], table["high"][0], table["grade"][0]


def test_a_reported_dry_amount_is_the_amount(tmp_path, library):
    value, low, high, grade = _derived(tmp_path, library, "streams,steel_slag,2024,100,kt/a,dry,B,report")
    assert (value, grade) == (100_000.0, "B")
    assert math.isnan(low)
    assert math.isnan(high)


def test_an_amount_as_sent_loses_the_streams_moisture_and_takes_the_worse_grade(tmp_path, library):
    value, _, _, grade = _derived(tmp_path, library, "streams,fly_ash,2024,5000,t/a,as_sent,B,report")
    assert (value, grade) == (4000.0, "C")


def test_the_range_of_the_moisture_becomes_the_range_of_the_amount(tmp_path, library):
    streams = registers.lines(
        "stream,name,site,material,moisture,moisture_low,moisture_high,grade",
        "fly_ash,Fly ash,kemi_mill,ash,20,10,30,B",
    )
    streams += "steel_slag,Steel slag,tornio_works,slag.steel,8,,,B\nslag_fines,Fines,tornio_works,slag.steel,8,,,B\n"
    value, low, high, grade = _derived(tmp_path, library, "streams,fly_ash,2024,5000,t/a,as_sent,B,report", streams)
    assert (value, low, high, grade) == (4000.0, 3500.0, 4500.0, "B")


def test_the_materials_moisture_stands_in_for_a_streams(tmp_path, library):
    streams = registers.REGION["streams"].replace(",,,8,B", ",,,,B")
    value, _, _, grade = _derived(tmp_path, library, "streams,steel_slag,2024,100,t/a,as_sent,B,report", streams)
    assert (value, grade) == (pytest.approx(94.0), "C")


def test_an_unknown_basis_leaves_both_readings_open(tmp_path, library):
    assert _derived(tmp_path, library, "streams,fly_ash,2024,5000,t,unknown,B,report") == (4000.0, 4000.0, 5000.0, "D")


def test_cubic_metres_of_a_solid_go_through_its_bulk_density(tmp_path, library):
    value, _, _, grade = _derived(tmp_path, library, "streams,steel_slag,2024,1000,m3/a,as_sent,B,report")
    assert (value, grade) == (pytest.approx(1000 * 1.8 * 0.92), "B")


def test_a_given_amount_that_its_report_denies_is_a_warning(tmp_path, library):
    quantities = registers.lines(
        "table,subject,vintage,value,reported_value,reported_unit,reported_basis,grade,source",
        "streams,steel_slag,2024,100,120,t/a,dry,B,report",
    )
    (warning,) = tables.load(registers.region(tmp_path / "mill", quantities=quantities), library).warnings
    assert str(warning) == (
        "row 2, column 'value': 100 t/a is not the 120 t/a that follow from the reported figure. "
        "Leave 'value' empty to have it derived, or say in 'note' why it differs."
    )


def test_the_library_has_rules_of_its_own(tmp_path):
    folder = registers.write(tmp_path / "library", registers.LIBRARY)
    assert tables.library_problems(folder) == []
    limits = registers.lines(
        "limit,regulation,component,kind,comparator,value,mixing,blending,verified,grade,source",
        "x,y,Cr_total,total,max,1,mass,yes,yes,B,memory",
    )
    (folder / "limits.csv").write_text(limits, encoding="utf-8")
    assert [problem.rule for problem in tables.library_problems(folder)] == ["source_not_opened", "verified_from_memory"]


@pytest.mark.parametrize(("header", "fee"), [("fee [€]", 25.5), ("fee [EUR]", 25.5), ("fee (k€)", 25500.0), ("fee [snt]", 0.255)])
def test_money_alone_in_a_header_is_per_the_unit_of_the_column(header, fee, tmp_path, library):
    fates = registers.lines(f"fate,stream,name,kind,{header},grade,source", "ash_landfilled,fly_ash,Landfilled,landfill,25.5,C,report")
    region = tables.load(registers.region(tmp_path / "mill", fates=fates), library)
    assert region.table("fates")["fee"].tolist() == [pytest.approx(fee)]
    assert not any(warning.column == "fee" for warning in region.warnings)


def test_the_price_of_a_product_in_money_alone_is_per_its_unit(tmp_path, library):
    prices = registers.lines("price,subject,name,kind,value,unit,year,grade,source", "rock_price,rock,Rock,product,1100,snt,2024,C,report")
    region = tables.load(registers.region(tmp_path / "mill", prices=prices), library)
    (price,) = [row for row in region.table("prices").rows() if row["subject"] == "rock"]
    assert price["value"] == pytest.approx(11.0)


def test_choices_and_booleans_are_read_in_any_case(tmp_path, library):
    streams = registers.edited(
        "streams", ("moisture,grade", "moisture,grade,hazardous,legal_status"), ("subset,8,B", "Subset ,8,b,No,WASTE")
    )
    streams = streams.replace("20,C", "20,C,,").replace(",,,8,B", ",,,8,B, MIRROR,By_Product")
    vintages = registers.edited("vintages", ("Estimate,yes", "Estimate,True")).replace("published,", "published,NO")
    region = tables.load(registers.region(tmp_path / "mill", streams=streams, vintages=vintages), library)
    table = region.table("streams")
    assert table["part"].tolist() == [None, "subset", None]
    assert table["grade"].tolist() == ["B", "B", "C"]
    assert table["hazardous"].tolist() == ["mirror", "no", "unknown"]
    assert table["legal_status"].tolist() == ["by_product", "waste", "unknown"]
    assert region.table("vintages")["default"].tolist() == [False, True]
    assert not any(warning.rule == "choice" for warning in region.warnings)
