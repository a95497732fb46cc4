"""Processes that are suggested: those that a stream's class and uses name, and no others."""

import pytest

import sivuvirta as sv


def processes(text, **codes):
    found = sv.suggest(text, **codes).technologies
    return dict(zip(found["technology"].tolist(), found["score"].tolist(), strict=True))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("surplus hydrogen", {"ash_granulation", "geopolymer_block", "waste_heat_dh"}),
        ("crude tall oil", {"topsoil_cover", "composting", "growth_layer", "landfill_nonhaz"}),
        ("phosphogypsum", {"briquetting", "hydroflux", "pickling_sludge_hydromet"}),
        ("oxygen", {"briquetting", "hydroflux", "anaerobic_digestion", "mineral_carbonation"}),
        ("brewery spent grain", {"mineral_carbonation", "briquetting", "ash_road"}),
        ("glass cullet", {"waste_heat_dh", "briquetting", "dust_smelting", "slag_furnace_fecrni", "hydroflux"}),
        ("end-of-life tyres", {"ash_granulation", "briquetting"}),
        ("textile waste", {"briquetting", "ash_granulation"}),
        ("wood ash", {"ash_scm"}),
    ],
)
def test_processes_of_other_matters_are_not_suggested(text, wrong):
    assert not wrong & set(processes(text))


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("wood ash", "ash_granulation"),
        ("coal fly ash", "ash_scm"),
        ("ferrochrome slag", "slag_metal_recovery"),
        ("masuunikuona", "ggbs_grinding"),
        ("viherlipeäsakka", "gld_liming"),
        ("sewage sludge", "anaerobic_digestion"),
        ("mill scale", "briquetting"),
        ("stoft från ljusbågsugn", "dust_smelting"),
        ("carbon dioxide", "mineral_carbonation"),
        ("meesa", "lime_mud_calcination"),
        ("waste heat 40 C", "waste_heat_dh"),
        ("brewery spent grain", "anaerobic_digestion"),
    ],
)
def test_the_process_that_takes_a_stream_is_suggested(text, right):
    assert right in processes(text)


@pytest.mark.parametrize("text", ["wood ash", "EAF dust", "brewery spent grain", "kuori", "mill scale"])
def test_no_process_is_surer_than_the_class(text):
    assert max(processes(text).values()) <= sv.suggest(text).materials["score"].max()


@pytest.mark.parametrize("text", ["end-of-life tyres", "textile waste", "blast furnace slag", "kuori", "sewage sludge"])
def test_exchanges_less_like_than_two_fifths_are_not_like(text):
    assert (sv.suggest(text).exchanges["score"] >= 0.4).all()


def test_of_equally_like_exchanges_what_runs_comes_first():
    known = [
        {"text": "purple goo", "receiver_nace": "32.40", "status": "ended"},
        {"text": "purple goo", "receiver_nace": "32.50", "status": "operating"},
    ]
    found = sv.suggest("purple goo", precedents=known).exchanges
    assert found["status"].tolist()[:2] == ["operating", "ended"]
