"""What is told of a stream and of exchanges, as people write it: outcomes, codes, countries, texts without end."""

import pandas as pd
import pytest

import sivuvirta as sv
from sivuvirta.errors import OptionError
from sivuvirta.language.folding import bounded, words
from sivuvirta.suggest import features
from sivuvirta.suggest.countries import country_code
from sivuvirta.suggest.outcomes import FALLEN, SIGNS, outcome

EXCHANGES = pd.DataFrame(
    {
        "text": ["purple goo of dyeing", "purple goo from the dye house", "green paste"],
        "donor_nace": ["13.30", "13.30", "20.30"],
        "receiver_nace": ["32.40", "32.50", "90.39"],
    }
)


def scores(**options):
    found = sv.suggest("purple goo", k=200, **options).receivers
    return dict(zip(found["nace4"].tolist(), found["score"].tolist(), strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "refused",
        "Rejected",
        "Refused by receiver",
        "declined",
        "denied",
        "hylätty",
        "Hylättiin",
        "kielteinen",
        "avslag",
        "nekad",
        "avvisad",
        "rechazado",
        "denegado",
        "not approved",
        "ei hyväksytty",
        "inte godkänd",
    ],
)
def test_a_refusal_is_known_in_four_languages(text):
    assert outcome(text) == "refused"


@pytest.mark.parametrize(
    "text", ["failed", "abandoned", "Cancelled", "fracasado", "misslyckades", "epäonnistui", "ei toteutunut", "not running", "no", "nej"]
)
def test_a_failure_is_known_in_four_languages(text):
    assert outcome(text) == "failed"


@pytest.mark.parametrize(
    "text", ["ended", "stopped", "terminated", "päättynyt", "lopetettu", "avslutad", "terminado", "finalizado", "no longer running"]
)
def test_an_end_is_known_in_four_languages(text):
    assert outcome(text) == "ended"


@pytest.mark.parametrize(
    "text",
    [
        "operating",
        "Active",
        "running",
        "ok",
        "OK",
        "toteutunut",
        "käynnissä",
        "pågår",
        "i drift",
        "activo",
        "en marcha",
        "en operación",
        "toimii",
        "",
        "yes",
    ],
)
def test_what_runs_is_known_in_four_languages(text):
    assert outcome(text) == "operating"


@pytest.mark.parametrize(
    ("text", "kind"), [("planned", "planned"), ("suunnitteilla", "planned"), ("pilot", "pilot"), ("koetoiminta", "pilot")]
)
def test_plans_and_pilots_count_less_than_what_runs(text, kind):
    assert outcome(text) == kind
    assert 0 < SIGNS[kind] < SIGNS["operating"]


@pytest.mark.parametrize("text", ["maybe", "ehkä", "n/a", "???", "running, then refused", "not refused", "inte", "x" * 5000])
def test_what_cannot_be_told_counts_for_nothing_and_against_nobody(text):
    if text != "inte":
        assert outcome(text) == "unknown"
    assert SIGNS["unknown"] == 0
    assert "unknown" not in FALLEN


def test_an_unknown_outcome_is_no_success_and_is_listed():
    known = scores(precedents=EXCHANGES.assign(status=["operating", "operating", "operating"]))
    unsure = scores(precedents=EXCHANGES.assign(status=["maybe", "operating", "operating"]))
    assert unsure["32.40"] < 0.1 * known["32.40"] if "32.40" in unsure else "32.40" in known
    note = sv.suggest("purple goo", precedents=EXCHANGES.assign(outcome=["maybe", "Rejected", "ok"])).note
    assert "row 1: outcome 'maybe' is not known" in note
    assert "row 2" not in note


@pytest.mark.parametrize("word", ["Rejected", "Refused by receiver", "hylätty", "avslag"])
def test_any_word_of_refusal_weighs_as_refused_does(word):
    assert scores(precedents=EXCHANGES.assign(outcome=[word, "", ""])) == scores(precedents=EXCHANGES.assign(outcome=["refused", "", ""]))


def test_receivers_that_are_no_code_count_for_nothing_and_are_listed():
    found = sv.suggest("purple goo", precedents=EXCHANGES.assign(receiver_nace=["abc", "99.99; 32.50", "90.39"]))
    assert "row 1: there is no NACE code 'abc'" in found.note
    assert "row 2: there is no NACE code '99.99'" in found.note
    assert "99.99" not in found.receivers["nace4"].tolist()
    assert found.receivers["nace4"][0] == "32.50"


def test_codes_and_countries_that_are_none_are_told_and_left_out():
    found = sv.suggest("slag", low="99 99 99", donor_nace="99.99", country="XX")
    for words_ in ("no code of the List of Waste '99 99 99'", "no NACE code '99.99'", "no country 'XX'"):
        assert f"There is {words_}: it is ignored." in found.note
    plain = sv.suggest("slag")
    assert found.receivers["score"].tolist() == plain.receivers["score"].tolist()
    assert plain.note == ""


def test_a_chapter_of_the_list_of_waste_and_a_code_with_more_digits_are_read():
    assert sv.suggest("slag", low="10 02", donor_nace="35.11.0").note == ""


def test_what_is_no_code_at_all_is_refused():
    with pytest.raises(OptionError, match="'slag' is no code of the List of Waste"):
        sv.suggest("slag", low="slag")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Finland", "FI"),
        ("Suomi", "FI"),
        ("ruotsi", "SE"),
        ("Norge", "NO"),
        ("Danmark", "DK"),
        ("Eesti", "EE"),
        ("España", "ES"),
        ("uk", "GB"),
    ],
)
def test_countries_go_by_their_names(text, code):
    assert country_code(text) == code


def test_no_text_is_said():
    assert "There is no text." in sv.suggest(None, low="15 01 01").note


def test_a_text_without_end_is_cut_before_it_is_analysed():
    assert [len(word) for word in words(bounded("x" * 5_000_000))] == [60]
    assert len(bounded("ab " * 10_000)) == 2000
    assert bounded("masuunin pölyä") == "masuunin pölyä"
    assert features.counted("x" * 20_000) == features.counted("x" * 60)
    found = sv.suggest("x" * 20_000)
    assert "The text was cut" in found.note
    assert len(found.text) == 60


def test_search_cuts_a_text_without_end_and_says_so():
    hits = sv.search("kemi_tornio", "slag " + "x" * 5_000_000)
    assert any("The text was cut" in note for note in hits.notes)


def test_one_exchange_does_not_outweigh_the_library():
    # E = 1: h = 1 / (1 + 1) = 0.5, q = (0.5 + 0.1) / (0.5 + 0.1 + 1) = 0.375; the exchange's industry has all of q.
    one = [{"text": "blast furnace slag", "receiver_nace": "93.11"}]
    found = sv.suggest("blast furnace slag", precedents=one, k=200).receivers
    share = found["score"][found["nace4"].tolist().index("93.11")]
    assert share == pytest.approx(0.375, abs=0.02)
