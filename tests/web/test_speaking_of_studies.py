"""What a stored answer says, in the reader's language and number format."""

from __future__ import annotations

import json

import pytest
from django.utils.translation import gettext, override

from sivuvirta.report.drawing.colours import FAMILIES
from sivuvirta.report.drawing.flows import FATES
from sivuvirta.report.words import OBJECTIVES
from sivuvirta.web.studies.speaking import drawing, missed, said, spoken
from sivuvirta.web.studies.spoken import SAID

THIN = "\u202f"


@pytest.mark.parametrize(
    ("text", "finnish"),
    [
        (f"23.7{THIN}M€/a of the known part", f"23,7{THIN}M€/a tunnetusta osasta"),
        (f"at least −52.7{THIN}kt CO₂e/a", f"vähintään −52,7{THIN}kt CO₂e/a"),
        (f"1.01 to 1.37{THIN}Mt/a", f"1,01–1,37{THIN}Mt/a"),
        (f"−53.9 to −13.4{THIN}kt CO₂e/a", f"−53,9 … −13,4{THIN}kt CO₂e/a"),
        (f"−82.5{THIN}loads/day", f"−82,5{THIN}kuormaa/vrk"),
        (f"2 to 3{THIN}million m³", f"2–3{THIN}milj. m³"),
        ("loads/day", "kuormaa/vrk"),
        ("posts and beams", "posts and beams"),
        (f"1,234,349{THIN}t/a", f"1\xa0234\xa0349{THIN}t/a"),
        ("1.23", "1,23"),
        ("counted as 0 is part of Mill A", "nollaksi laskettu: osa kohteesta Mill A"),
        (
            "New plants: Mill A, Mill B and 3 more only with potential.",
            "Uudet laitokset: Mill A, Mill B ja 3 muuta vain, jos mahdollisuudet toteutuvat.",
        ),
        (
            "change at least, saving at most: not known is an emission of Mill A and 3 more, which can only make the saving smaller",
            "muutos vähintään, säästö enintään: ei tiedetä päästöä kohteessa Mill A ja 3 muuta, mikä voi vain pienentää säästöä",
        ),
        ("Water to Kemi", "Water to Kemi"),
        ("Steel 1.4301 sludge", "Steel 1.4301 sludge"),
    ],
)
def test_bounds_and_figures_are_told_in_finnish(text, finnish):
    with override("fi"):
        assert said(text) == finnish
    with override("en"):
        assert said(text).replace("–", " to ").replace(" … ", " to ") == text


@pytest.mark.parametrize("language", ["fi", "sv", "es"])
def test_every_sentence_has_words_in_each_language(language):
    with override(language):
        assert [each for each in SAID if not gettext(each)] == []


def test_keys_and_values_stay_as_they_are():
    told = {
        "headlines": [{"label": "Used today", "value": 1.5, "trace": "a/1.5", "number": "1.5"}],
        "moves": [{"key": "ash.1.5", "verdict": "pass"}],
    }
    with override("fi"):
        found = spoken(told)
    assert found["headlines"][0] == {"label": "Käytetään tänään", "value": 1.5, "trace": "a/1.5", "number": "1,5"}
    assert found["moves"] == told["moves"]


def test_what_is_drawn_is_told_without_its_keys(tmp_path):
    flow = f"Ash → Sold: liming: 1.5{THIN}kt/a, from Mill A 6,000{THIN}t/a and Mill B 1.5{THIN}kt/a"
    nodes = [{"name": "fate:Sold", "label": "Sold"}, {"name": "stream:other:ash", "label": "Other ash"}]
    place = tmp_path / "drawn.json"
    told = {
        "state": "potential",
        "base": {"text": "Sold"},
        "map": {"points": [{"short": "Sold", "flows": {"today": [flow]}}, {"short": "Area: Kemi +1", "names": ["Area: Kemi", "Landfill"]}]},
        "nodes": nodes,
    }
    place.write_text(json.dumps(told), encoding="utf-8")
    with override("en"):
        assert json.loads(drawing(place)) == told
    with override("fi"):
        found = json.loads(drawing(place))
    assert found["nodes"] == [{"name": "fate:Sold", "label": "Myyty"}, {"name": "stream:other:ash", "label": "Muut: tuhka"}]
    assert [point["short"] for point in found["map"]["points"]] == ["Sold", "Alue: Kemi +1"]
    assert found["map"]["points"][1]["names"] == ["Alue: Kemi", "Landfill"]
    assert found["map"]["points"][0]["flows"]["today"] == [
        f"Ash → Myyty: liming: 1,5{THIN}kt/a, lähteinä Mill A 6\xa0000{THIN}t/a, Mill B 1,5{THIN}kt/a"
    ]
    assert (found["state"], found["base"], found["words"]["new"]) == ("potential", {"text": "Sold"}, "uusi")
    assert found["words"]["sankey"].startswith("Sankey-kaavio, %(nodes)s")


def test_what_a_move_waits_for_is_told_thing_by_thing():
    with override("fi"):
        assert missed("a test of lead of what “Mill A” makes, a hazard classification and 3 more") == (
            "koe (lyijy) siitä, mitä “Mill A” tuottaa, vaarallisuusluokitus ja 3 muuta"
        )
        assert missed("a trial with plant and receiver and a sieving") == "koeajo laitoksen ja vastaanottajan kanssa, seulonta"
        assert missed("something else and more") == "something else and more"


@pytest.mark.parametrize("language", ["fi", "sv", "es"])
def test_outlets_colours_and_aims_have_words_in_each_language(language):
    words = {*FATES.values(), *(family.name for family in FAMILIES), *OBJECTIVES.values()}
    with override(language):
        assert {word for word in words if said(word) == word} == set()


def test_ways_of_a_stream_are_told_apart():
    with override("fi"):
        assert said(f"132{THIN}kt/a Earthworks and sale and 8,500{THIN}t/a to Roads, Lapland and 2 more") == (
            f"132{THIN}kt/a Earthworks and sale; 8\xa0500{THIN}t/a → Roads, Lapland ja 2 muuta"
        )
