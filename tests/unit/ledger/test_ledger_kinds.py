"""Kinds of tonnes: dry and as sent, side streams and extractive waste, and what a published list mixes, by hand."""

from __future__ import annotations

import pytest

import builders
import sivuvirta as sv
from sivuvirta.ledger.algebra import cells
from sivuvirta.ledger.kinds import extractive, tonnage, words

MATERIALS = [
    {"material": "sludge", "unit": "t", "carrier": "solid", "moisture": 80},
    {"material": "rock", "unit": "t", "carrier": "solid"},
    {"material": "gas", "unit": "MWh", "carrier": "gas"},
]
STREAMS = [
    {"stream": "wet", "name": "Wet", "material": "sludge", "moisture": 50, "listed": ("slides",), "low_code": "03 03 10"},
    {"stream": "usual", "name": "Usual", "material": "sludge", "low_code": "03 03 11"},
    {"stream": "part", "name": "Part", "material": "sludge", "parent": "wet", "part": "split"},
    {"stream": "heap", "name": "Heap", "material": "rock", "listed": ("slides",), "low_code": "01 01 01"},
    {"stream": "new", "name": "New", "material": "rock", "low_code": "01 01 02"},
    {"stream": "gas", "name": "Gas", "material": "gas"},
]


def amount(stream, dry, reported=None, basis="unknown"):
    row = {"table": "streams", "subject": stream, "vintage": "now", "value": dry, "grade": "B", "source": "s"}
    return {**row, "reported_value": reported, "reported_unit": "t/a", "reported_basis": basis}


def region():
    quantities = [
        amount("wet", 100, 200, "as_sent"),
        amount("usual", 10, 50),
        amount("part", 40, 40),
        amount("heap", 1000, 1000),
        amount("gas", 7),
    ]
    return builders.region(materials=MATERIALS, streams=STREAMS, quantities=quantities)


def test_kinds_stand_apart_and_a_part_is_in_its_parent():
    """100 t dry at 50 % are 200 t as sent, 10 t dry at a typical 80 % are 50 t; of the rock nobody knows the moisture."""
    rows = tonnage(region()).set_index("kind")
    side, rock = rows.loc["side streams"], rows.loc["extractive waste and rock"]
    assert (side["streams"], side["dry"], side["as_sent"], side["typical"]) == (2, 110, pytest.approx(250), 10)
    assert (rock["dry"], rock["as_sent"], rock["no_moisture"], rock["no_amount"]) == (1000, 0, 1000, 1)
    assert (side["reported"], side["no_basis"]) == (250, 50)


def test_a_list_says_which_kinds_are_in_it():
    told = words(region())
    assert told[0] == (
        "Tonnes of the register, now: side streams 110 t/a dry (250 as sent, 10 of them dry by the typical moisture of the material); "
        "extractive waste and rock 1,000 t/a dry (0 as sent, of 1,000 dry the moisture is not known, 1 without an amount). "
        "They are never one sum."
    )
    assert told[1] == (
        "List slides, as printed: 1,200 t/a, of which 1,000 are extractive waste and rock (Heap); "
        "whether dry or as sent is not said of 1,000. "
        "The same lines in the register: 1,100 t/a dry, 200 t/a as sent."
    )


def test_the_published_list_of_2018_tells_its_rock_and_its_bases():
    """Printed 1 639 000 t/a: lumpy rock 220 000 and fine calcite 15 000 t are of chapter 01 of the List of Waste."""
    loaded = sv.load("kemi_tornio", "2018")
    (text,) = (each for each in words(loaded) if each.startswith("List digipolis_2018"))
    assert text.startswith(
        "List digipolis_2018, as printed: 1,639,000 t/a, of which 235,000 are extractive waste and rock (Lumpy reject rock"
    )
    assert "not said of 1,639,000" in text
    rows = tonnage(loaded, "digipolis_2018").set_index("kind")
    assert rows["dry"].sum() < 1_639_000
    assert rows["as_sent"].sum() > rows["dry"].sum()


def test_a_ledger_is_counted_with_wastes_of_mining_apart():
    ledger = sv.plan("kemi_tornio").reference
    found = cells(ledger, "extractive")
    mined = extractive(ledger.links.region)
    frame = ledger.to_frame()
    own = frame["origin"].str.removeprefix("stream:").isin(mined) & (frame["unit"] == "t/a")
    told = found[found["unit"] == "t/a"].set_index("extractive")["amount"]
    assert told["yes"] == pytest.approx(frame.loc[own, "amount"].sum())
    assert told.sum() == pytest.approx(frame.loc[frame["unit"] == "t/a", "amount"].sum())
