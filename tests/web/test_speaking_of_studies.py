"""What a stored answer says, in the reader's language and number format."""

from __future__ import annotations

import pytest
from django.utils.translation import gettext, override

from sivuvirta.web.studies.speaking import SAID, said, spoken

THIN = "\u202f"


@pytest.mark.parametrize(
    ("text", "finnish"),
    [
        (f"23.7{THIN}M€/a of the known part", f"23,7{THIN}M€/a tunnetusta osasta"),
        (f"at least −52.7{THIN}kt CO₂e/a", f"vähintään −52,7{THIN}kt CO₂e/a"),
        (f"1.01 to 1.37{THIN}Mt/a", f"1,01–1,37{THIN}Mt/a"),
        (f"−53.9 to −13.4{THIN}kt CO₂e/a", f"−53,9 … −13,4{THIN}kt CO₂e/a"),
        (f"1,234,349{THIN}t/a", f"1\xa0234\xa0349{THIN}t/a"),
        ("1.23", "1,23"),
        ("counted as 0 is part of Landfill", "nollaksi laskettu: osa kohteesta Landfill"),
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
