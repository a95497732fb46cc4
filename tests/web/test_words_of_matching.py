"""What reaches the gate in words, ranges on one scale, and the map of who could use what."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client
from django.utils.translation import override

from sivuvirta.errors import Problem
from sivuvirta.web.accounts.viewer import VISITOR
from sivuvirta.web.core.levels import Level
from sivuvirta.web.matching.candidates import candidates
from sivuvirta.web.matching.words import drawn, netback
from sivuvirta.web.registry.models import model
from sivuvirta.web.registry.seen.words import plain

USES = "/three_sites/-/uses/ash"


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        (None, ""),
        ([None, None], ""),
        ([None, 200.0], "worth at most 200 €/t at the gate"),
        ([None, -50.0], "costs at least 50 €/t at the gate"),
        ([None, 0.0], "brings nothing at the gate, and may cost"),
        ([10.0, 20.0], "worth 10 to 20 €/t at the gate"),
        ([-100.0, -50.0], "costs 50 to 100 €/t at the gate"),
        ([-10.0, 50.0], "from a cost of 10 to a worth of 50 €/t at the gate"),
        ([5.0, 5.0], "worth 5 €/t at the gate"),
    ],
)
def test_worth_is_told_as_a_person_says_it(ends, said):
    assert netback(ends) == said


def test_worth_is_told_in_the_reader_s_numbers_and_per_what_is_counted():
    with override("fi"):
        assert netback([None, -2.5], "MWh") == "maksaa portilla vähintään 2,5 €/MWh"


def test_ranges_stand_on_one_scale():
    assert drawn([[-50.0, 50.0], [None, 0.0], None, [0.0, 50.0]]) == [
        (0.0, 100.0, 50.0, False),
        (0.0, 50.0, 50.0, True),
        None,
        (50.0, 50.0, 50.0, False),
    ]


def test_the_map_tells_places_that_are_seen_and_no_others(register, client: Client):
    page = client.get(USES).content.decode()
    told = json.loads(re.search(r'<script id="places" type="application/json">(.*?)</script>', page)[1])
    assert told[0]["own"]
    assert len(told) > 1
    assert all(f'id="{card}"' in page for each in told for card, _ in each["cards"])
    model("sites").objects.filter(register=register).update(circles={"lat": int(Level.PRIVATE)})
    assert 'id="places"' not in client.get(USES).content.decode()


def test_a_part_of_a_stream_is_judged_for_itself(register):
    ash = model("streams").objects.get(register=register, stream="ash")
    before = {each.key for each in candidates(ash, VISITOR)}
    model("streams").objects.filter(pk=ash.pk).update(part="split", parent="slag")
    ash.refresh_from_db()
    assert {each.key for each in candidates(ash, VISITOR)} == before
    assert before


@pytest.mark.parametrize(
    ("message", "repair", "said"),
    [
        ("The cell is empty.", "Fill it in (name).", "This field is empty. Fill it in (name)."),
        ("'x' is no number.", "Leave the cell empty where the figure is not known.", "Leave the field empty"),
        (
            "'12 %' is no number.",
            "Write 12 here; a unit goes into the header, as in 'moisture [%]'.",
            "Write 12 here; the unit stands beside",
        ),
    ],
)
def test_forms_speak_of_fields(message, repair, said):
    found = plain(Problem(file="", rule="rule", message=message, repair=repair, table="streams", row=1, column="moisture", value="x"))
    assert said in f"{found.message} {found.repair}"
    assert "cell" not in f"{found.message} {found.repair}"
