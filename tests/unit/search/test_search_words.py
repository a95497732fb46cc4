"""Words of four languages, inflected, compounded and mistyped, find the rows that they mean."""

from __future__ import annotations

import json

import pytest

import sivuvirta as sv
from search_rows import made
from sivuvirta.domain.search import Query
from sivuvirta.search import indexed, search

REGISTER, INDEX = made()


def ask(text, **filters):
    return search(REGISTER, INDEX, Query(text=text, **filters))


def found(text, **filters):
    return [hit.key for hit in ask(text, **filters)]


@pytest.mark.parametrize(
    ("text", "streams"),
    [
        ("ferrochrome slag", ["slag"]),  # the class in English
        ("ferrokromikuona", ["slag"]),  # in Finnish, though the stream's name is English
        ("ferrokromikuonaa", ["slag"]),  # partitive
        ("kuonien", ["slag"]),  # genitive plural, and the end of a compound
        ("slagget", ["slag"]),  # Swedish, definite
        ("escorias", ["slag"]),  # Spanish plural
        ("ferokromikuona", ["slag"]),  # a letter is missing
        ("escoria de ferocromo", ["slag"]),
        ("soodasakkaa", ["dregs", "mud"]),  # a trade word of the class
        ("viherlipeäsakasta", ["dregs", "mud"]),
        ("viherlipeasakka", ["dregs", "mud"]),  # a keyboard without ä
        ("viherlipeä sakka", ["dregs", "mud"]),  # a compound written apart
        ("grönlutslamm", ["dregs", "mud"]),
        ("geen liquor dregs", ["dregs", "mud"]),
        ("fly ash", ["ash"]),  # the stream's own name is Finnish
        ("lentotuhkan", ["ash"]),
        ("flygaskan", ["ash"]),
        ("cenizas volantes", ["ash"]),
        ("flygasca", ["ash"]),
        ("spring", ["dregs"]),  # of the note
        ("Jokisuussa", ["slag"]),
        ("jokisuu", ["slag"]),  # of the municipality
        ("ylämaa tuhka", ["ash"]),
    ],
)
def test_a_word_finds_the_streams_that_it_means(text, streams):
    assert sorted(found(text, kinds="streams")) == streams


@pytest.mark.parametrize("text", ["lietteet", "lietteestä", "slam", "lodos", "sludges"])
def test_the_glossary_joins_words_of_four_languages(text):
    assert "sewage" in found(text, kinds="practices")
    assert "mud" in found(text, kinds="streams")


@pytest.mark.parametrize(("text", "first"), [("furn", "slag"), ("lentot", "ash"), ("bott", "mud"), ("gran", "slag")])
def test_the_first_letters_find_while_one_types(text, first):
    assert found(text, kinds="streams")[0] == first


def test_first_letters_count_of_the_last_word_alone():
    assert found("bott sludge") == [] or "bott" in ask("bott sludge").missed
    assert found("sludge bott")[0] == "mud"


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("10 08 09", {"slag", "slag.ferrochrome", "road_2010"}),
        ("100809", {"slag", "slag.ferrochrome", "road_2010"}),
        ("10 08", {"slag", "slag.ferrochrome", "road_2010"}),
        ("24.10", {"steel", "road_2010"}),
        ("24.1", {"steel", "road_2010"}),
        ("slag.ferrochrome", {"slag.ferrochrome"}),
        ("road_2010", {"road_2010"}),
    ],
)
def test_codes_and_ids_are_found_whole(text, keys):
    assert set(found(text)) == keys


def test_a_figure_in_a_name_tells_rows_apart():
    assert found("furnace 3") == ["slag"]
    assert ask("furnace 4").missed == ("4",)


def test_the_whole_name_comes_first_and_the_region_before_the_library():
    assert found("Lentotuhka")[:2] == ["ash", "ash"]
    assert [hit.kind for hit in ask("Lentotuhka")][:2] == ["streams", "materials"]
    assert found("dregs of the mill")[0] == "dregs"


def test_the_reason_says_word_field_and_language():
    (hit,) = ask("ferokromikuona", kinds="streams")
    assert "read as ferrokromikuona" in hit.why
    (hit,) = ask("escoria ferrocromo", kinds="streams")
    assert hit.why == "'escoria': 'slag' in name; 'ferrocromo': in material (es)"
    (hit,) = ask("granulated", kinds="streams")
    assert hit.why == "'granulated': in name"


def test_what_was_mended_is_told():
    assert ask("flygasca").corrected == {"flygasca": "flygaska"}
    assert ask("geen liquor dregs", kinds="streams").corrected == {"geen": "green"}
    assert ask("flygaska").corrected == {}


def test_a_word_that_nothing_has_is_told_and_the_others_find():
    hits = ask("granulated zzzzzz", kinds="streams")
    assert [hit.key for hit in hits] == ["slag"]
    assert hits.missed == ("zzzzzz",)


def test_nothing_found_says_how_to_widen():
    assert "other words" in ask("zzzzzz").notes[0]
    assert "widen: kinds" in ask("lentotuhka", kinds="rules").notes[0]


def test_a_language_reads_the_text_in_that_language_alone():
    assert found("slam", language="sv", kinds="practices") == ["sewage"]
    assert found("slam", language="es", kinds="practices") == []


def test_no_text_finds_every_row():
    # 4 streams, 2 needs, 2 organisations, 2 practices, 5 materials
    assert ask("").total == 15
    assert ask("", kinds=["streams", "needs"]).total == 6


def test_small_words_are_not_looked_for():
    assert found("el sludge de la", kinds="streams") == found("sludge", kinds="streams")


def test_a_word_that_is_small_in_one_language_need_not_be_there_and_counts_where_it_is():
    assert sorted(found("sludge till")) == sorted(found("sludge"))
    assert ask("sludge till").missed == ()


def test_hits_are_a_frame_and_json():
    hits = ask("slag", of="works")
    assert list(hits.to_frame()["key"]) == [hit.key for hit in hits]
    told = json.loads(json.dumps(hits.to_json(), allow_nan=False))
    assert told["total"] == hits.total
    assert told["hits"][0]["name"] == hits.hits[0].name
    assert "<table" in hits._repr_html_()
    assert repr(hits).startswith("<Hits 'slag'")


def test_every_row_of_a_bundled_region_is_found_first_by_its_name_and_by_its_id():
    region = sv.load("kemi_tornio")
    kinds = {"streams": "stream", "needs": "need", "organisations": "organisation", "plants": "plant"}
    for kind, key in kinds.items():
        table = region.table(kind)
        for row in table.rows():
            assert sv.search(region, row["name"], kinds=kind, k=1).hits[0].name == row["name"]
            assert row[key] in {hit.key for hit in sv.search(region, row[key], kinds=kind, k=3)}


@pytest.mark.parametrize("name", ["dantzig_1963", "cat_food_2007", "three_sites"])
def test_other_regions_can_be_searched(name):
    hits = sv.search(name, kinds=["streams", "needs"])
    assert hits.total == sum(len(sv.load(name).table(kind)) for kind in ("streams", "needs"))


def test_the_index_is_made_once_and_goes_with_its_region():
    region = sv.load("three_sites")
    assert indexed(region, {}) is indexed(region, {})
    assert indexed(region, {}) is not indexed(region.at("2024"), {})
