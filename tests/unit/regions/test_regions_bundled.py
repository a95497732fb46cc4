"""What ships with the software is found by name, and the check finds nothing wrong in it."""

import json

import pytest
from frictionless import Package

from sivuvirta import cases, library, regions
from sivuvirta.errors import UnknownNameError
from sivuvirta.tables import load, problems, write

FOLDERS = {**{name: regions.path(name) for name in regions.names()}, **{name: cases.path(name) for name in cases.names()}}

CASES = (
    "cap124_1988",
    "cap41_1988",
    "cap62_1988",
    "cap64_1988",
    "cap92_1988",
    "cap94_1988",
    "cat_food_2007",
    "dantzig_1963",
    "distribution_2013",
    "feed_mix_2024",
    "multmip1_2003",
    "warehouses_opl_1999",
)


def test_regions_and_cases_are_listed_by_name():
    assert regions.names() == ("kemi_tornio", "three_sites", "two_seasons")
    assert cases.names() == CASES


def test_an_unknown_region_gets_a_suggestion_and_the_list():
    with pytest.raises(UnknownNameError) as caught:
        regions.path("kemi_torino")
    assert (
        str(caught.value)
        == "There is no bundled region 'kemi_torino'. Did you mean 'kemi_tornio'? There are: kemi_tornio, three_sites, two_seasons."
    )


def test_an_unknown_case_gets_the_list():
    with pytest.raises(UnknownNameError) as caught:
        cases.answer("nothing_alike")
    assert str(caught.value) == f"There is no published case 'nothing_alike'. There are: {', '.join(CASES)}."


@pytest.mark.parametrize("name", FOLDERS)
def test_the_check_finds_nothing(name):
    assert list(problems(FOLDERS[name], library.tables())) == []


@pytest.mark.parametrize("name", FOLDERS)
def test_it_is_a_valid_data_package(name):
    report = Package(str(FOLDERS[name] / "datapackage.json")).validate()
    assert report.valid, [error.message for task in report.tasks for error in task.errors]
    assert report.stats["tasks"] == len(list(FOLDERS[name].glob("*.csv")))


@pytest.mark.parametrize("name", FOLDERS)
def test_a_saved_copy_has_the_same_bytes(name, tmp_path):
    copy = write(load(FOLDERS[name], library.tables()), tmp_path / name)
    files = sorted(file.name for file in copy.glob("*.csv"))
    assert files == sorted(file.name for file in FOLDERS[name].glob("*.csv"))
    different = [file for file in files if (copy / file).read_bytes() != (FOLDERS[name] / file).read_bytes()]
    assert different == []


@pytest.mark.parametrize("name", cases.names())
def test_every_case_says_where_its_answer_is_printed(name):
    answer = cases.answer(name)
    assert answer["name"] == name
    assert answer["tolerance"] > 0
    for part in ("citation", "page", "url", "opened", "quote", "unit"):
        assert answer[part], part


@pytest.mark.parametrize("name", FOLDERS)
def test_every_package_says_its_licence(name):
    about = json.loads((FOLDERS[name] / "datapackage.json").read_text(encoding="utf-8"))
    (licence,) = about["licenses"]
    assert licence["name"] in {"CC-BY-4.0", "MIT"}
    if licence["name"] == "MIT":  # asks that its notice goes with the data
        notice = (FOLDERS[name] / licence["path"]).read_text(encoding="utf-8")
        assert "Copyright (c)" in notice
        assert "permission notice shall be included" in " ".join(notice.split())
    assert about["description"]
