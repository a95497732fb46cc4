"""Sankeys of a component and of euros: what is known by hand, what is not is hatched and never nothing."""

from __future__ import annotations

from functools import cache
from xml.etree import ElementTree

import pytest

import sivuvirta as sv
from sivuvirta.errors import UnknownNameError
from sivuvirta.report.drawing.drawn import measured, picture
from sivuvirta.report.drawing.flows import states
from sivuvirta.report.drawing.measured import components
from sivuvirta.report.drawing.ribbons import ribbons
from sivuvirta.report.following.packed import lines, packed


@cache
def plan(name="three_sites"):
    return sv.plan(name)


def band(drawing, source, target):
    return sum(link["value"] for link in drawing["links"] if link["source"] == source and link["target"].startswith(target))


def test_cadmium_of_the_teaching_region_by_hand():
    """Today 10 000 t of slag at 4 mg/kg go to the heap, 0.04 t of cadmium; 6 000 t of ash at 16 mg/kg to the landfill, 0.096 t."""
    found = picture(plan(), "Cd", "today")
    assert band(found, "stream:slag", "fate:") == pytest.approx(0.04)
    assert band(found, "stream:ash", "fate:") == pytest.approx(0.096)
    planned = picture(plan(), "Cd", "potential")
    assert band(planned, "stream:ash", "need:road") == pytest.approx(2_000 * 16e-6)
    assert band(planned, "stream:slag", "need:road") == pytest.approx(4_000 * 4e-6)


def test_what_a_plant_makes_is_hatched_since_nobody_analysed_it():
    """The granules that leave the granulator have no analysis: 3 000 t of material, not nothing."""
    found = picture(plan(), "Cd", "potential")
    (link,) = [link for link in found["links"] if link["family"] == "unknown"]
    assert link["value"] > 0
    assert link["text"].replace("\u202f", " ") == "3,000 t/a of material, not analysed"
    assert "not taken for nothing" in found["told"]


def test_streams_that_were_not_analysed_are_one_hatched_source():
    found = picture(plan("kemi_tornio"), "Cr_total", "today")
    names = {node["name"]: node for node in found["nodes"]}
    assert names["unknown:stream"]["label"] == "Not analysed"
    assert names["unknown:stream"]["text"] == "not known"
    known = sum(link["value"] for link in found["links"] if link["family"] != "unknown" and link["source"].startswith("stream:"))
    grey = sum(link["value"] for link in found["links"] if link["family"] == "unknown")
    assert grey == pytest.approx(0.25 * known)


def test_euros_of_the_teaching_region_by_hand():
    """Today: 10 000 t at 5 EUR to the heap, 6 000 t at 40 EUR to the landfill, rock 72 000 EUR and fertiliser 300 000 EUR bought."""
    found = picture(plan(), "EUR", "today")
    assert band(found, "stream:slag", "fate:") == pytest.approx(50_000)
    assert band(found, "stream:ash", "fate:") == pytest.approx(240_000)
    assert sum(link["value"] for link in found["links"]) == pytest.approx(662_000)
    planned = picture(plan(), "EUR", "potential")
    assert band(planned, "plant:granulator", "cost:plants") == pytest.approx(105_000)
    assert sum(link["value"] for link in planned["links"] if link["family"] == "loss") == pytest.approx(305_000)


def test_components_are_those_that_streams_were_analysed_for():
    names = components(plan("kemi_tornio"))
    assert list(names)[:2] == ["Cr_total", "P"]
    assert "Cr2O3" not in names
    assert set(measured(plan(), states(plan()))) == {"Cd", "EUR"}


def test_what_nothing_is_measured_in_is_told_with_what_there_is():
    with pytest.raises(UnknownNameError, match="There are: t, EUR, Cd"):
        picture(plan(), "Ni", "today")


@pytest.mark.parametrize("measure", ["t", "Cd", "EUR"])
def test_the_picture_is_whole_svg(measure):
    text = ribbons(picture(plan(), measure, "potential"), "A <title>", "key & more")
    root = ElementTree.fromstring(text)  # noqa: S314 - our own text
    bands = [item for item in root.iter() if item.tag.endswith("path")]
    assert len(bands) == len(picture(plan(), measure, "potential")["links"])
    assert "A <title>" in "".join(root.itertext())


def test_packing_keeps_everything():
    assert packed({"a": [{"x": 1, "y": [{"z": 0.1234567891}]}], "b": []}) == {
        "a": {"keys": ["x", "y"], "rows": [[1, {"keys": ["z"], "rows": [[0.1234568]]}]]},
        "b": [],
    }
    # 0.001 and 0.1 degrees are 1 and 100 steps, told as 2 = "C" and 200 = 8 + 32 * 6 = "oG"; -0.001 and -0.1 as 1 = "B" and 199 = "nG"
    assert lines([[(0.001, 0.0), (0.101, -0.001)], [(0.0, 0.1), (-0.1, 0.1)]]) == ["CAoGB", "AoGnGA"]
