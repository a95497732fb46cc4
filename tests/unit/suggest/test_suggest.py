"""Suggestions: what they rest on, how precedents sharpen them, and what they say where nothing is known."""

from __future__ import annotations

import pandas as pd
import pytest

import sivuvirta as sv
from sivuvirta.errors import OptionError, ReadError

TABLES = ("materials", "contents", "technologies", "uses", "receivers", "divisions", "organisations", "exchanges")


def receivers(*arguments, **options):
    return sv.suggest(*arguments, **options).receivers["nace4"].tolist()


def test_every_table_is_ranked_and_says_why():
    found = sv.suggest("blast furnace slag", region="three_sites")
    for name in TABLES:
        frame = getattr(found, name).to_frame()
        assert {"score", "reason"} <= set(frame.columns)
        assert frame["score"].is_monotonic_decreasing or name == "contents"
        assert frame["reason"].str.len().gt(10).all()
    assert {"nace4", "nace2"} <= set(found.receivers.to_frame().columns)
    assert (found.receivers["nace2"] == [code[:2] for code in found.receivers["nace4"]]).all()


def test_slag_goes_to_cement_and_the_reason_names_use_grade_and_source():
    found = sv.suggest("masuunikuona")
    assert "23.51" in found.receivers["nace4"][:3].tolist()
    reason = found.receivers["reason"][found.receivers["nace4"].tolist().index("23.51")]
    assert "ground slag in cement and concrete" in reason
    assert "grade" in reason
    assert "source" in reason


def test_contents_are_likely_ones_of_grade_c_or_d():
    contents = sv.suggest("ferrochrome slag").contents.to_frame()
    assert set(contents["grade"]) <= {"C", "D"}
    assert ((contents["low"] <= contents["high"]) | contents["low"].isna() | contents["high"].isna()).all()
    assert "Cr2O3" in set(contents["component"]) | {"Cr_total"} or "Cr_total" in set(contents["component"])


def test_a_waste_code_alone_is_enough():
    assert "17.12" in receivers("", low="15 01 01", k=5)


def test_nothing_known_is_said_and_nothing_is_guessed():
    for text in ("qwxz vbnq", "", "!!"):
        found = sv.suggest(text)
        assert len(found.receivers) == 0
        assert "Nothing is known" in found.note


def test_a_text_of_weak_words_with_an_industry_rests_on_the_industry():
    found = sv.suggest("zzzz", donor_nace="24.10")
    assert "rests on its codes alone" in found.note
    assert len(found.receivers) > 0


PRECEDENTS = pd.DataFrame(
    {
        "text": ["purple goo of dyeing", "purple goo from the dye house", "green paste"],
        "donor_nace": ["13.30", "13.30", "20.30"],
        "receiver_nace": ["32.40", "32.40", "90.39"],
        "use": ["toy filling", "toy filling", "art"],
    }
)


def test_precedents_sharpen_at_once():
    without = receivers("purple goo")
    found = sv.suggest("purple goo", precedents=PRECEDENTS)
    assert "32.40" not in without
    assert found.receivers["nace4"][0] == "32.40"
    assert "toy filling" in found.receivers["reason"][0]
    assert found.exchanges["exchange"][0].startswith("yours")


@pytest.mark.parametrize("given", [PRECEDENTS.to_dict("records"), "file"])
def test_precedents_may_be_rows_or_a_file(given, tmp_path):
    if given == "file":
        given = tmp_path / "known.csv"
        PRECEDENTS.to_csv(given, index=False)
    assert receivers("purple goo", precedents=given)[0] == "32.40"


def test_columns_of_precedents_go_by_other_names():
    renamed = PRECEDENTS.rename(columns={"text": "Waste description", "receiver_nace": "NACE receiver", "donor_nace": "NACE donor"})
    assert receivers("purple goo", precedents=renamed)[0] == "32.40"


def test_missing_columns_of_precedents_are_told_with_what_is_there():
    with pytest.raises(OptionError, match=r"'receiver_nace' cannot be found.*The table has: text, use"):
        sv.suggest("slag", precedents=PRECEDENTS[["text", "use"]])


def test_a_missing_file_of_precedents_is_told():
    with pytest.raises(ReadError, match="There is nothing at"):
        sv.suggest("slag", precedents="nowhere.csv")


@pytest.mark.parametrize("status", ["failed", "refused"])
def test_a_fallen_exchange_lowers_its_receiver_and_says_why(status):
    plain = sv.suggest("purple goo", precedents=PRECEDENTS)
    fallen = PRECEDENTS.assign(status=["operating", status, "operating"], reason=["", "children got ill", ""])
    found = sv.suggest("purple goo", precedents=fallen)
    row = found.receivers["nace4"].tolist().index("32.40")
    assert found.receivers["score"][row] < plain.receivers["score"][0]
    assert "children got ill" in found.receivers["reason"][row]
    assert {"failed": "failed", "refused": "was refused"}[status] in found.receivers["reason"][row]


@pytest.mark.parametrize("status", ["failed", "refused"])
def test_a_fallen_exchange_of_the_very_same_takes_half_the_score_and_ranks(status):
    # With nothing near that works the library alone ranks; a text that is the same is as near as 1: 1 - 0.5 * 1 ** 2 = 0.5 is left.
    plain = sv.suggest("fly ash").receivers
    fallen = pd.DataFrame({"text": ["fly ash"], "receiver_nace": [plain["nace4"][0]], "status": [status]})
    found = sv.suggest("fly ash", precedents=fallen).receivers
    row = found["nace4"].tolist().index(plain["nace4"][0])
    assert found["score"][row] == pytest.approx(0.5 * plain["score"][0])
    assert found["nace4"][0] == plain["nace4"][1]
    assert row >= 1


def test_a_fallen_exchange_counts_less_than_one_of_unknown_outcome():
    given = [PRECEDENTS.assign(status=["operating", status, "operating"]) for status in ("unknown", "failed")]
    unknown, failed = (sv.suggest("purple goo", precedents=each).receivers["score"][0] for each in given)
    assert failed < 0.9 * unknown


def test_receivers_speak_the_revision_of_the_precedents_or_the_one_asked_for():
    # 46.77 wholesale of waste and scrap is Rev. 2 alone (Rev. 2.1: 46.87); 38.32 recovery of sorted materials became 38.21
    old = pd.DataFrame({"text": ["steel scrap"], "receiver_nace": ["46.77"]})
    assert sv.suggest("steel scrap", precedents=old).revision == "2"
    assert receivers("steel scrap", precedents=old)[0] == "46.77"
    assert "46.87" in receivers("steel scrap", precedents=old, revision="2.1")
    assert "38.32" in receivers("plastic waste", revision="2")
    assert "38.21" in receivers("plastic waste")


def test_all_faults_of_the_options_are_told_at_once():
    with pytest.raises(OptionError) as caught:
        sv.suggest("slag", low="ten", donor_nace="steel", revision="3", k=0)
    for word in ("'ten'", "'steel'", "'3'", "0 rows"):
        assert word in str(caught.value)


def test_organisations_of_a_region_that_accept_it_come_first():
    found = sv.suggest("wood fly ash", region="kemi_tornio").organisations.to_frame()
    assert found.iloc[0]["need"]
    assert found["organisation"].is_unique
    assert len(sv.suggest("wood fly ash").organisations) == 0


def test_more_rows_begin_with_the_same():
    few, many = sv.suggest("fly ash", k=5), sv.suggest("fly ash", k=30)
    assert few.receivers["nace4"].tolist() == many.receivers["nace4"][:5].tolist()
    assert len(many.receivers) == 30


def test_cells_of_a_spreadsheet_are_read_as_they_come():
    # Empty cells are NaN, 24.10 has become 24.1, a waste code has lost its zero or grown a decimal, several codes stand in one cell.
    plain = receivers("sludge", low="02 03 04", donor_nace="24.10")
    assert receivers("sludge", low=20304, donor_nace=24.1) == plain
    assert receivers("sludge", low=20304.0, donor_nace="C24.10; C24.20") == plain
    nothing = float("nan")
    assert receivers("fly ash", low=nothing, donor_nace=nothing, country=nothing) == receivers("fly ash")
    frame = pd.DataFrame(
        {"text": ["purple goo", nothing], "low": [20304.0, nothing], "donor_nace": [13.3, nothing], "receiver_nace": [32.4, 32.4]}
    )
    assert receivers("purple goo", precedents=frame)[0] == "32.40"


def test_a_receiver_known_by_division_alone_counts_for_the_division():
    known = pd.DataFrame({"text": ["purple goo"] * 3, "receiver_nace": ["32", "32", "32"]})
    found = sv.suggest("purple goo", precedents=known)
    assert found.divisions["nace2"][0] == "32"
    assert set(map(len, found.receivers["nace4"])) <= {5}
