"""`sivuvirta indicators`: tables, cards, regions beside each other, words for what goes wrong."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from sivuvirta.cli.commands import commands


def run(*arguments):
    return CliRunner().invoke(commands, list(arguments), prog_name="sivuvirta")


def plain(result):
    return " ".join(result.stdout.split())


def test_the_known_are_listed_and_the_unknown_named_with_what_is_missing():
    result = run("indicators", "kemi_tornio", "--level", "region")
    assert result.exit_code == 0, result.output
    text = plain(result)
    assert "Side streams: disposed of region today 4.422 %" in text
    assert "Unknown: Circular material use rate. Missing: recycled waste; imported for recycling" in text
    assert "Published: Circular material use rate: 2.4 %, of Finland as a whole, 2023, counts:" in text
    assert "not comparable (A country's rate, over all that it consumes and imports; no consumption of the region is known)" in text
    assert "Beside the computed figure of kemi_tornio: cannot be told, the computed figure is unknown." in text


def test_one_indicator_is_a_card():
    text = plain(run("indicators", "kemi_tornio", "--only", "recyclability"))
    assert "formula: potential x recycling efficiency" in text
    assert "published: 100 %, of Outokumpu, of its products, 2022, counts: Recyclable without loss of quality" in text
    assert "not comparable (It counts design alone; the computed figure takes the yield of remelting too)" in text
    assert "percentage points above the computed range [B, outokumpu_lifecycle_2022]" in text


def test_two_regions_stand_beside_each_other():
    text = plain(run("indicators", "kemi_tornio", "three_sites", "--level", "region"))
    assert "Indicator of kemi_tornio three_sites" in text
    assert "37.5 % (37.5 to 37.5)" in text
    comparable = text.partition("Comparable, for the formula is one and it is known in each: ")[2].partition(".")[0]
    assert "Side streams: disposed of" in comparable
    assert "Extractive waste used" not in comparable  # three_sites has none
    assert "Element sent to recycling" not in comparable  # at least so much in one of them
    assert "Not comparable: what is at least or at most a figure" in text


def test_subjects_have_their_names_and_ranges_say_what_they_are():
    text = plain(run("indicators", "kemi_tornio", "--level", "organisation"))
    assert "Mean 5 to 95 % Grade" in text
    assert "Circular inflow organisation Outokumpu Stainless Oy today 72.62 %" in text
    assert "Ranges: 5 and 95 % points of 1,000 draws of all inputs together." in text
    assert "outokumpu_stainless" not in text
    ends = plain(run("indicators", "kemi_tornio", "--level", "organisation", "--draws", "0"))
    assert "Ranges: ends if every input is at its worse end at once." in ends


def test_json_has_inputs_and_null_for_unknown():
    body = json.loads(run("indicators", "kemi_tornio", "--level", "product", "--json").stdout)
    by_name = {each["indicator"]: each for each in body["indicators"]}
    assert by_name["cti_critical"]["value"] is None
    assert by_name["recycled_content"]["inputs"][0]["source"] == "outokumpu_tornio_2021"
    assert body["side_by_side"] == []
    one = by_name["recycled_content"]
    assert (one["subject"], one["of"].partition(",")[0]) == ("outokumpu_stainless/metal.stainless", "Stainless steel")
    assert one["low"] < one["mean"] < one["high"]
    assert body["range"] == "5 and 95 % points of 1,000 draws of all inputs together"


def test_a_plan_tells_what_it_diverts():
    body = json.loads(run("indicators", "three_sites", "--only", "diverted", "--plan", "--json").stdout)
    assert [each["state"] for each in body["indicators"]] == ["proven", "potential"]
    assert all(each["value"] is not None for each in body["indicators"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--only", "mci", "--level", "region"), "'mci' is not defined for a region but for: product."),
        (("--only", "mcii"), "Did you mean 'mci'?"),
    ],
)
def test_what_cannot_be_asked_is_told_in_words(arguments, words):
    result = run("indicators", "three_sites", *arguments)
    assert result.exit_code == 2
    assert words in " ".join(result.stderr.split())
