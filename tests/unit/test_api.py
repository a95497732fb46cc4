"""The public API: names, sources, errors, records on screen."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import sivuvirta as sv
from sivuvirta import cases, regions
from sivuvirta.domain.ensembles import Stages
from sivuvirta.errors import OptionError, ReadError, UnknownNameError

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "api.md"


@pytest.fixture(scope="module")
def plan():
    return sv.plan("three_sites")


@pytest.fixture(scope="module")
def frames():
    region = sv.load("three_sites")
    return {name: table.to_frame() for name, table in region.tables.items() if len(table)}


def test_at_most_75_names_and_all_of_them_are_there():
    """25 were the first line; each question asked of a region since adds a verb. Records that nobody makes stay in their room."""
    assert len(sv.__all__) <= 75
    assert sorted(sv.__all__) == sv.__all__
    assert all(hasattr(sv, name) for name in sv.__all__)


def test_the_record_of_two_stages_stays_in_its_room():
    assert inspect.get_annotations(sv.two_stage)["return"] == "Stages"
    assert inspect.isclass(Stages)
    assert not hasattr(sv, "Stages")


def test_verbs_keep_their_names_beside_the_rooms_of_the_same_name():
    for verb in (sv.match, sv.plan, sv.assess, sv.report, sv.links):
        assert inspect.isfunction(verb)
    code = "import sivuvirta as sv, sivuvirta.plan.solve, sivuvirta.match.judge, sivuvirta.report.html; assert callable(sv.plan)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("name", [name for name in sv.__all__ if name != "__version__"])
def test_every_public_name_has_its_entry_with_signature(name):
    entry = re.search(rf"^### `{name}(.*?)`$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert entry is not None
    if inspect.isfunction(getattr(sv, name)):
        assert entry[1] == signature(getattr(sv, name))


def signature(verb):
    """Parameters with their defaults, as the page prints them."""
    parts = []
    for each in inspect.signature(verb).parameters.values():
        default = "" if each.default is each.empty else f"={each.default!r}"
        stars = {each.VAR_KEYWORD: "**", each.VAR_POSITIONAL: "*"}.get(each.kind, "")
        parts.append(stars + each.name + default)
    return f"({', '.join(parts)})"


@pytest.mark.parametrize("name", [*regions.names(), *cases.names()])
def test_every_bundled_region_and_case_loads_without_an_error(name):
    region = sv.load(name)
    assert region.name == name
    assert [problem for problem in sv.check(name) if problem.level == "error"] == []


def test_a_vintage_is_chosen_by_name():
    assert sv.load("kemi_tornio").vintage == "2024"
    assert sv.load("kemi_tornio", "2018").year == 2018
    with pytest.raises(UnknownNameError, match="It has: 2018, 2024"):
        sv.load("kemi_tornio", "1999")


@pytest.mark.parametrize(
    ("source", "error", "message"),
    [
        ("three_sitez", UnknownNameError, "Did you mean 'three_sites'"),
        ("nowhere/region", ReadError, "nothing at"),
        ("missing.xlsx", ReadError, "nothing at"),
    ],
)
def test_what_is_not_there_is_told(source, error, message):
    with pytest.raises(error, match=message):
        sv.load(source)


def test_a_region_from_frames_gives_the_same_plan(frames, plan):
    region = sv.region("mine", frames)
    assert region.name == "mine"
    again = sv.plan(region)
    assert again.cost == pytest.approx(plan.cost, rel=1e-9)


def test_bad_frames_raise_every_problem(frames):
    bad = {**frames, "quantities": frames["quantities"].assign(value=[-1, -2, 3, 4])}
    with pytest.raises(sv.CheckError) as caught:
        sv.region("bad", bad)
    assert len(caught.value.problems) == 2
    assert "-1" in str(caught.value)


def test_check_lists_the_problems_of_bad_data_and_raises_nothing(tmp_path):
    path = sv.load("three_sites").save(tmp_path / "copy")
    file = path / "quantities.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("10000", "-10000"), encoding="utf-8")
    problems = sv.check(path)
    assert [problem.column for problem in problems if problem.level == "error"] == ["value"]
    with pytest.raises(sv.CheckError):
        sv.load(path)


@pytest.mark.parametrize("name", ["copy", "copy.xlsx", "copy.parquet"])
def test_a_saved_region_plans_the_same(name, tmp_path, plan):
    path = sv.save(sv.load("three_sites"), tmp_path / name)
    assert sv.plan(str(path)).cost == pytest.approx(plan.cost, rel=1e-12)


def test_a_new_workbook_can_be_checked(tmp_path):
    path = sv.new(tmp_path / "mill.xlsx")
    assert all(isinstance(problem.message, str) for problem in sv.check(path))


def test_plan_starts_from_any_record_of_the_line(plan):
    region = sv.load("three_sites")
    links = sv.links(region)
    matches = sv.match(links)
    for source in (region, links, matches):
        assert sv.plan(source).cost == plan.cost
    assert sv.match(matches) is matches


def test_options_by_record_and_by_name(plan):
    assert sv.plan("three_sites", objective="co2").options.objective == "co2"
    none = sv.plan("three_sites", sv.PlanOptions(budget=1e6), budget=0.0)
    assert none.options.budget == 0
    with pytest.raises(OptionError, match="Did you mean 'budget'"):
        sv.plan("three_sites", bugdet=1)
    with pytest.raises(OptionError, match="objective"):
        sv.plan("three_sites", objective="fame")


def test_records_show_themselves(plan):
    assert repr(plan).startswith("<Plan three_sites (2024), value: benefit 357,000")
    assert "<table" in plan._repr_html_()
    region = sv.load("three_sites")
    assert repr(region) == "<Region three_sites (2024): 3 sites, 2 streams, 2 needs, 1 plants>"
    assert "<table" in region._repr_html_()
    assessment = sv.assess(plan)
    assert "357,000" in repr(assessment)
    assert "<table" in assessment._repr_html_()
    assert "<table" in assessment.proven._repr_html_()
    assert repr(sv.links(region)).startswith("<Links three_sites")
    assert repr(sv.match(region)).startswith("<Matches three_sites")
    assert isinstance(plan.ledger.to_frame(), pd.DataFrame)


def test_a_report_is_written_from_a_plan_alone(plan, tmp_path):
    path = sv.report(plan, tmp_path / "deep" / "report.html")
    assert path.read_text(encoding="utf-8").lstrip().lower().startswith("<!doctype html>")


def loaded_by(code):
    """Modules that a fresh interpreter has loaded after some code."""
    told = subprocess.run([sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"], check=True, capture_output=True, text=True)
    return set(told.stdout.split())


def test_importing_loads_no_library_but_attrs():
    heavy = {"rapidfuzz", "snowballstemmer", "numba", "sklearn", "scipy", "pandas", "numpy", "pint", "openpyxl", "jinja2"}
    assert loaded_by("import sivuvirta") & {*heavy, "click", "rich", "django", "matplotlib"} == set()


def test_a_verb_loads_only_its_own_rooms():
    loaded = loaded_by("import sivuvirta as sv; sv.plan")
    assert "sivuvirta.plan.solve" in loaded
    assert (
        loaded & {"rapidfuzz", "snowballstemmer", "numba", "sklearn", "sivuvirta.search", "sivuvirta.suggest", "sivuvirta.prospects"}
        == set()
    )
    assert "numba" in loaded_by("import sivuvirta as sv; sv.screen")


def test_all_names_resolve_in_a_fresh_interpreter_and_no_others():
    code = """
import sivuvirta as sv
assert all(callable(getattr(sv, name)) for name in sv.__all__ if name != "__version__")
assert not set(sv.__all__) - set(dir(sv))
assert sv.library.catalogue and sv.regions.names()
from sivuvirta import *
assert match is sv.match and not hasattr(sv, "mach")
"""
    assert "sivuvirta.verbs.network" in loaded_by(code)


@pytest.mark.parametrize("verb", ["assess", "links", "match", "plan", "report", "search", "suggest"])
def test_a_room_that_is_loaded_first_does_not_hide_the_verb_of_its_name(verb):
    code = f"import sivuvirta.{verb}, sivuvirta as sv, inspect; assert inspect.isfunction(sv.{verb}); assert inspect.isfunction(sv.{verb})"
    assert f"sivuvirta.{verb}" in loaded_by(code)
