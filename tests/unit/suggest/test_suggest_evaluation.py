"""Evaluation: measures on a file small enough to be worked out by hand, rows that cannot be judged, and files as people have them."""

from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner
from sklearn.feature_extraction.text import TfidfVectorizer

import sivuvirta as sv
from sivuvirta.cli.commands import commands
from sivuvirta.errors import OptionError, ReadError
from sivuvirta.suggest.evaluation import METHODS, markdown
from sivuvirta.suggest.evaluation.measures import interval, samples
from sivuvirta.suggest.evaluation.rows import exchanges, frame_of
from sivuvirta.suggest.evaluation.tfidf import by_letters, by_words, learned

SIX = """case_id,donor_nace,text,low_code,receiver_nace,use
a,35.11,fly ash,10 01 02,23.51,cement
a,35.11,fly ash,10 01 02,42.11,roads
b,35.11,fly ash,10 01 02,23.51,cement
c,10.71,old bread,02 06 01,10.91,feed
d,10.71,old bread,02 06 01,10.91,feed
d,35.11,fly ash,10 01 02,23.51,cement
"""


def file(tmp_path, text, name="six.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def six(tmp_path):
    return sv.evaluate(file(tmp_path, SIX))


def test_popularity_by_hand(six):
    # Without its own case each row sees: a: 23.51 and 10.91 twice each; b: 23.51 and 10.91 twice, 42.11 once;
    # c: 23.51 three times, 42.11 and 10.91 once; d: 23.51 twice, 42.11 and 10.91 once. Equals share the mean of their ranks:
    # ranks 1.5, none (42.11 is in no other case), 1.5, 2.5, 2.5, 1.
    assert six.value("popularity", "recall@1") == pytest.approx(1 / 6)
    assert six.value("popularity", "recall@5") == pytest.approx(5 / 6)
    assert six.value("popularity", "MRR") == pytest.approx((1 / 1.5 + 0 + 1 / 1.5 + 1 / 2.5 + 1 / 2.5 + 1) / 6)


def test_neighbours_by_hand(six):
    # The same text lies in another case each time; only the road builder is in none.
    for method in ("tf-idf neighbours", "tf-idf neighbours with codes"):
        for measure in ("recall@1", "recall@5", "recall@10", "MRR"):
            assert six.value(method, measure) == pytest.approx(5 / 6)
            assert six.value(method, measure, digits=2) == pytest.approx(5 / 6)


def test_ours_knows_the_road_builder_that_no_other_case_has(six):
    assert six.value("ours, no precedents", "recall@10") > 5 / 6
    assert six.value("ours, with precedents", "recall@10") > 5 / 6
    gain = six.differences["value"][six.differences.index["ours, with precedents", 4, "recall@10"]]
    assert gain == pytest.approx(six.value("ours, with precedents", "recall@10") - six.value(six.best_baseline, "recall@10"))


def test_what_is_counted(six):
    assert (six.exchanges, six.cases, six.revision, len(six.unjudged)) == (6, 4, "2.1", 0)
    assert len(six.ranks) == 6 * 2 * len(METHODS)
    assert ((six.scores["low"] <= six.scores["value"] + 1e-12) & (six.scores["value"] <= six.scores["high"] + 1e-12)).all()


def test_ours_are_the_suggestions_that_the_verb_gives(tmp_path):
    path = file(tmp_path, SIX)
    found = exchanges([path]).exchanges
    frame = frame_of(found)
    ranks = sv.evaluate(path, published=True).ranks.to_frame()
    for place in (1, 3):
        others = frame[frame["case_id"] != found[place].case]
        asked = (found[place].text, found[place].low, found[place].donor)
        codes = sv.suggest(*asked, precedents=others, k=2000, revision="2.1").receivers["nace4"].tolist()
        stated = ranks[(ranks["row"] == found[place].row) & (ranks["digits"] == 4) & (ranks["method"] == "ours, with precedents")][
            "rank"
        ].item()
        assert stated == codes.index(found[place].receiver) + 1


def test_the_same_seed_gives_the_same_intervals_and_draws_whole_cases():
    draws, owner = samples(["a", "a", "b"], seed=1)
    assert owner.tolist() == [0, 0, 1]
    assert (draws.sum(axis=1) == 2).all()
    # Cases a (two rows, both hit) and b (one row, missed): means 1, 2/3 or 0, so the interval is from 0 to 1.
    low, high = interval(np.array([[1.0], [1.0], [0.0]]), draws, owner)
    assert (low[0], high[0]) == (0.0, 1.0)
    assert np.array_equal(draws, samples(["a", "a", "b"], seed=1)[0])


@pytest.mark.parametrize(("cut", "options"), [(by_words, {}), (by_letters, {"analyzer": "char_wb", "ngram_range": (3, 5)})])
def test_tf_idf_is_that_of_the_usual_library(cut, options):
    texts = ["coal fly ash", "wood ash", "steel slag and ash", "bread"]
    usual = TfidfVectorizer(**options)
    expected = (usual.fit_transform(texts) @ usual.transform(["fly ash of coal"]).T).toarray().ravel()
    assert learned(texts, cut).alike("fly ash of coal") == pytest.approx(expected)


def test_columns_codes_and_signs_as_people_write_them(tmp_path):
    text = "Network;EWC;Waste description;Donor NACE;NACE receiver\n"
    text += "k1;100102*, 100103;fly ash;D35.11, D35.30;C23.51 | 2361\nk2;;gypsum;3511;23.62\n"
    found = exchanges([file(tmp_path, text)])
    assert [(each.case, each.low, each.donor, each.receiver) for each in found.exchanges] == [
        ("k1", "10 01 02", "35.11", "23.51"),
        ("k1", "10 01 02", "35.11", "23.61"),
        ("k2", None, "35.11", "23.62"),
    ]


def test_rows_that_cannot_be_judged_are_listed_with_their_reason(tmp_path):
    text = "case_id,text,receiver_nace\na,ash,23.51\n,ash,23.51\nb,,23.51\nc,ash,\nd,ash,steelworks\ne,ash,98.76\nf,ash,23\ng,ash,00.10\n"
    found = sv.evaluate(file(tmp_path, text))
    reasons = dict(zip(found.unjudged["row"].tolist(), found.unjudged["reason"].tolist(), strict=True))
    assert set(reasons) == {3, 4, 5, 6, 7, 8, 9}
    assert "no case_id" in reasons[3]
    assert "neither a text" in reasons[4]
    assert "no NACE code" in reasons[5]
    assert "'steelworks' is no code" in reasons[6]
    assert reasons[7] == "NACE 98.76 is no class, so the row is judged at 2 digits alone"
    assert reasons[8] == "NACE 23 is no class, so the row is judged at 2 digits alone"
    assert reasons[9] == "NACE 00.10 is in neither revision"
    assert found.exchanges == 3  # a, e and f


def test_a_file_of_the_older_revision_is_judged_in_it(tmp_path):
    text = "case_id,text,receiver_nace\na,steel scrap,46.77\nb,plastic waste,38.32\nc,steel scrap,46.77\n"
    found = sv.evaluate(file(tmp_path, text))
    assert found.revision == "2"
    assert found.value("ours, no precedents", "recall@10") == 1.0


def test_a_file_without_the_columns_or_rows_is_told(tmp_path):
    with pytest.raises(OptionError, match=r"'six\.csv' lacks 'case_id', 'receiver_nace'"):
        sv.evaluate(file(tmp_path, "text\nash\n"))
    with pytest.raises(OptionError, match="No row can be judged"):
        sv.evaluate(file(tmp_path, "case_id,text,receiver_nace\na,ash,none\n"))
    with pytest.raises(ReadError, match="There is nothing at"):
        sv.evaluate(tmp_path / "missing.csv")


def test_progress_tells_each_case(tmp_path):
    told = []
    sv.evaluate(file(tmp_path, SIX), progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_the_page_has_a_row_for_every_method(six):
    page = markdown(six)
    assert all(f"| {method}" in page for method in METHODS)
    assert "6 exchanges of 4 cases" in page


def test_the_command_prints_tables_json_and_markdown(tmp_path):
    path = str(file(tmp_path, SIX + "e,,,,,\n"))
    result = CliRunner().invoke(commands, ["evaluate", path])
    assert result.exit_code == 0, result.output
    assert "popularity" in result.stdout
    assert "1 row cannot be judged" in result.stdout
    body = json.loads(CliRunner().invoke(commands, ["evaluate", path, "--json"]).stdout)
    assert (body["exchanges"], body["cases"], len(body["unjudged"])) == (6, 4, 1)
    assert "| method |" in CliRunner().invoke(commands, ["evaluate", path, "--markdown"]).stdout
    assert CliRunner().invoke(commands, ["evaluate", str(tmp_path / "no.csv")]).exit_code == 2


def test_a_file_of_a_finnish_spreadsheet_is_read_and_a_few_rows_are_too_few_to_judge(tmp_path):
    path = tmp_path / "vaihdot.csv"
    path.write_bytes("case_id;text;receiver_nace\na;masuunin pölyä;24.10\nb;viherlipeäsakka;38.32\n".encode("cp1252"))
    found = sv.evaluate(path)
    assert found.exchanges == 2
    assert any("Windows-1252" in note for note in found.notes)
    assert any(note.startswith("Too few to judge: 2 exchanges of 2 cases") for note in found.notes)
    assert "Windows-1252" in sv.suggest("masuunin pölyä", precedents=path).note
