"""Evaluation: measures on a file small enough to be worked out by hand, rows that cannot be judged, and files as people have them."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from sklearn.feature_extraction.text import TfidfVectorizer

import sivuvirta as sv
from sivuvirta.cli.commands import commands
from sivuvirta.errors import OptionError, ReadError
from sivuvirta.suggest.evaluation import METHODS, markdown
from sivuvirta.suggest.evaluation.measures import interval, samples
from sivuvirta.suggest.evaluation.rows import exchanges, frame_of
from sivuvirta.suggest.evaluation.run import BASELINES, best_baseline
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
    assert gain == pytest.approx(six.value("ours, with precedents", "recall@10") - six.value(six.best_baselines[4], "recall@10"))


def ranks_of(found, method="ours, with precedents", digits=4):
    """Rank of the receiver of each row."""
    table = found.ranks.to_frame()
    chosen = table[(table["method"] == method) & (table["digits"] == digits)]
    return dict(zip(chosen["row"].tolist(), chosen["rank"].tolist(), strict=True))


LEAK = """case_id,text,receiver_nace
a,purple goo,32.40
a,purple goo,32.40
b,green paste,90.39
c,green paste,90.39
"""


def test_a_case_does_not_tell_its_own_receivers(tmp_path):
    # Nobody but case a knows toy makers, and no word of it stands in the library: without its rows they have score 0 and no rank.
    # With its own row, or the other row of the same case, the very text would be known, and the rank would be 1.
    found = sv.evaluate(file(tmp_path, LEAK))
    assert ranks_of(found) == {2: 0.0, 3: 0.0, 4: 1.0, 5: 1.0}
    assert ranks_of(found, digits=2) == {2: 0.0, 3: 0.0, 4: 1.0, 5: 1.0}
    told = sv.evaluate(file(tmp_path, LEAK.replace("\na,", "\nd,", 1)))
    assert ranks_of(told) == {2: 1.0, 3: 1.0, 4: 1.0, 5: 1.0}


def test_the_best_baseline_is_chosen_at_each_number_of_digits():
    # Two exchanges; columns are recall@1, recall@5, recall@10 and MRR.
    none, half, all_ = np.zeros((2, 4)), np.array([[0, 1, 1, 0.2], [0, 0, 0, 0]]), np.ones((2, 4))
    later = np.array([[0, 1, 1, 0.25], [0, 0, 0, 0]])  # the same recall@10 as half, but a higher MRR
    parts = dict.fromkeys([(method, digits) for method in BASELINES for digits in (4, 2)], none)
    parts |= {("popularity", 4): half, ("tf-idf neighbours", 4): later, ("letters to NACE titles", 2): all_, ("popularity", 2): half}
    assert best_baseline(parts, 4) == "tf-idf neighbours"
    assert best_baseline(parts, 2) == "letters to NACE titles"


APART = """case_id,text,receiver_nace
a,purple goo,32.40
b,purple goo,32.40
c,sugar,10.85
d,cement,23.32
e,leather,15.20
"""


def test_differences_are_to_the_best_baseline_of_the_same_digits(six, tmp_path):
    # SIX: neighbours and popularity find five of six at 10, and neighbours find them first. APART: no class is in the title of another's
    # text, so at 4 digits the two purple goos alone are found, by their neighbours; but sugar, cement and leather are words of titles of
    # the right divisions, so at 2 digits titles find more.
    assert six.best_baselines == {4: "tf-idf neighbours", 2: "tf-idf neighbours"}
    apart = sv.evaluate(file(tmp_path, APART))
    assert apart.best_baselines == {4: "tf-idf neighbours", 2: "letters to NACE titles"}
    for found in (six, apart):
        for digits in (4, 2):
            for measure in ("recall@1", "recall@5", "recall@10", "MRR"):
                row = found.differences.index["ours, no precedents", digits, measure]
                ours = found.value("ours, no precedents", measure, digits)
                best = found.value(found.best_baselines[digits], measure, digits)
                assert found.differences["value"][row] == pytest.approx(ours - best)


FALLEN = """case_id,text,receiver_nace,status,reason
a,fly ash,42.11,operating,
b,fly ash,42.11,{status},too much carbon
"""


@pytest.mark.parametrize(("status", "told"), [("failed", "failed"), ("refused", "was refused")])
def test_what_failed_or_was_refused_is_not_judged_but_counts_against_its_receiver(tmp_path, status, told):
    found = sv.evaluate(file(tmp_path, FALLEN.format(status=status)), published=True)
    assert (found.exchanges, found.cases) == (1, 1)
    reason = f"the exchange {told}: too much carbon; it counts against its receiver in other cases"
    assert list(found.unjudged.rows()) == [{"file": "six.csv", "row": 3, "reason": reason}]
    assert set(found.ranks["row"].tolist()) == {2}
    # Road builders are the first that fly ash comes to mind of; a failure of the very same text halves their score.
    known = pd.DataFrame({"text": ["fly ash"], "receiver_nace": ["42.11"], "status": [status]})
    alone, fallen = (sv.suggest("fly ash", precedents=each, k=500).receivers["nace4"].tolist() for each in (None, known))
    assert ranks_of(found, "ours, no precedents") == {2: alone.index("42.11") + 1}
    assert ranks_of(found) == {2: fallen.index("42.11") + 1}
    assert fallen.index("42.11") > alone.index("42.11")
    # Baselines learn nothing of it, as if the row were not there: nobody takes anything in another case.
    assert ranks_of(found, "popularity") == ranks_of(found, "tf-idf neighbours") == {2: 0.0}


def test_a_file_in_which_all_failed_is_told(tmp_path):
    with pytest.raises(OptionError, match="No row can be judged: the exchange failed"):
        sv.evaluate(file(tmp_path, "case_id,text,receiver_nace,status\na,fly ash,23.51,failed\n"))


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
