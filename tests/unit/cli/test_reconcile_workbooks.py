"""`sivuvirta reconcile` on workbooks: what is refused with its rows, and what is told."""

from __future__ import annotations

import json

import pytest
from openpyxl import load_workbook
from tests.stan_books import HEAD, book, plain, run, told


def test_amounts_of_one_kind_are_added_in_one_unit(tmp_path):
    rows = [[*HEAD, "unit"], ["a", "", "m", 10, 1, "kt/a"], ["b", "m", "", 9000, 900, "t/a"]]
    body = json.loads(run("reconcile", "--stan", book(tmp_path / "units.xlsx", flows=rows), "--json").stdout)
    a, b = sorted(body["quantities"], key=lambda row: row["name"])
    # 10 +- 1 and 9 +- 0.9 kt: a moves by -1 * 1 / (1 + 0.81), b by +1 * 0.81 / 1.81
    assert (a["unit"], b["unit"]) == ("kt/a", "kt/a")
    assert a["reconciled"] == pytest.approx(10 - 1 / 1.81)
    assert b["reconciled"] == pytest.approx(9 + 0.81 / 1.81)
    assert body["test"]["statistic"] == pytest.approx(1 / 1.81)


def test_amounts_that_cannot_be_added_are_refused_with_their_rows(tmp_path):
    rows = [[*HEAD, "unit"], ["a", "", "m", 10, 1, "kt/a"], [], ["b", "m", "", 9, 1, "MWh/a"], ["c", "m", "", 1, 1, ""]]
    result = run("reconcile", "--stan", book(tmp_path / "units.xlsx", flows=rows))
    assert result.exit_code == 1
    text = plain(result.output)
    assert "row 4, column 'unit': 'MWh/a' cannot be added to 'kt/a' of flow 'a' in the balance of 'm'." in text
    assert "row 5, column 'unit': The amount has no unit, and those of the layer 'goods' differ: kt/a, MWh/a." in text


def test_a_column_of_nearly_a_known_name_is_refused_and_other_columns_are_named(tmp_path):
    near = [["flow", "from", "to", "mass flo", "±"], ["a", "", "m", 10, 1], ["b", "m", "", 9, 1]]
    text = plain(run("reconcile", "--stan", book(tmp_path / "near.xlsx", flows=near)).output)
    assert "column 'mass flo': There is no column 'mass flo'. Call it 'mass flow' if that is meant" in text
    other = [["flow", "from", "to", "mass flow", "colour"], ["a", "", "m", 10, "red"], ["b", "m", "", 10, "blue"]]
    text = plain(run("reconcile", "--stan", book(tmp_path / "other.xlsx", flows=other)).output)
    assert "Not read, for their names mean nothing here: 'colour' of the sheet 'flows'." in text
    assert "No figure has an uncertainty or a grade, so each counts as exact" in text


def test_faults_of_a_workbook_are_told_together(tmp_path):
    rows = [
        [*HEAD, "layer", "concentration"],
        ["a", "", "m", "=5+5", 1],
        ["a", "", "m", None, None, "Cr", "130%"],
        ["b", "m", "", 9, 1],
    ]
    shares = [["process", "flow", "transfer coefficient"], ["m", "b", 1.2]]
    text = plain(run("reconcile", "--stan", book(tmp_path / "wrong.xlsx", flows=rows, **{"transfer coefficients": shares})).output)
    assert "row 2, column 'mass flow': The formula '=5+5' has no stored result." in text
    assert "row 3, column 'concentration': 1.3 is not between 0 and 1." in text
    assert "row 2, column 'transfer coefficient': 1.2 is not between 0 and 1." in text


@pytest.mark.parametrize(
    ("flows", "told"),
    [
        ([], "row 1: The sheet is empty."),
        ([HEAD], "No row states an amount."),
        ([[*HEAD, "sd"], ["a", "", "m", 10, 1, 1]], "Two columns mean '±'."),
        (
            [HEAD, ["a", "", "m", 10, 0], ["b", "m", "", 9, 0]],
            "Figures that are given as exact contradict each other in m (a, b): +1. Give at least one of them a standard deviation.",
        ),
    ],
)
def test_a_workbook_that_cannot_be_weighed_says_why(tmp_path, flows, told):
    result = run("reconcile", "--stan", book(tmp_path / "short.xlsx", flows=flows))
    assert result.exit_code == 1
    assert told in plain(result.output)


def test_a_verdict_counts_what_could_be_tested():
    text = plain(run("reconcile", "kemi_tornio", "--vintage", "2024").stdout)
    assert "1 of 45 figures could be tested, and it agrees as well as its range says" in text


def test_slips_of_a_workbook_are_told_together(tmp_path):
    rows = [
        [*HEAD, "unit"],
        ["a", "", "m", "9 %", 1, "kt/a"],
        ["b", "m", "m", 9, 1, "kt/a"],
        ["c", "m", "", 5, 1, "bananas"],
        ["d", "m", "", 2, 1, "kt/a"],
        ["d", "m", "", 2, 1, "kt/a"],
    ]
    stocks = [["process", "stock change"], ["furnace", 3]]
    path = book(tmp_path / "slips.xlsx", flows=rows, processes=stocks, **{"transfer coeficients": [["process"]]})
    text = plain(run("reconcile", "--stan", path).output)
    assert "row 2, column 'mass flow': '9 %' is a share, not an amount." in text
    assert "row 3, column 'to': Flow 'b' leaves and enters 'm'." in text
    assert "row 4, column 'unit': 'bananas' is not a unit that is known." in text
    assert "row 6, column 'flow': The row says the same as row 5" in text
    assert "No flow enters or leaves 'furnace', whose stock is told. There are: m." in text
    assert "There is no sheet 'transfer coeficients'. Call it 'transfer coefficients' if that is meant" in text


def test_a_long_table_is_cut_off_and_says_where_all_is(tmp_path):
    rows = [HEAD, *([f"f{at}", f"p{at}", f"p{at + 1}", 10 + at % 3, 1] for at in range(40))]
    text = plain(run("reconcile", "--stan", book(tmp_path / "long.xlsx", flows=rows)).output)
    assert "The 30 largest of 39; --json or --xlsx FILE has all." in text  # 41 processes, two of them at the ends


def test_a_unit_that_is_not_known_is_refused_once_though_a_whole_layer_has_it(tmp_path):
    rows = [[*HEAD, "unit"], ["a", "", "m", 10, 1, "ktt/a"], ["b", "m", "", 9, 1, "ktt/a"], ["c", "m", "", 1, 1, "ktt/a"]]
    code, text = told(tmp_path, flows=rows)
    assert code == 1
    assert "row 2, column 'unit': 'ktt/a' is not a unit that is known. It stands in rows 2 to 4. Did you mean 'kt/a'?" in text
    assert text.count("is not a unit") == 1


def test_rows_without_a_unit_say_what_they_were_taken_in(tmp_path):
    rows = [[*HEAD, "unit"], ["a", "", "m", 10, 1, "kt/a"], ["b", "m", "", 8, 1, ""], ["c", "m", "", 1, 1, ""], ["d", "", "q", 1, 1, ""]]
    code, text = told(tmp_path, flows=rows, processes=[["process", "stock change", "± stock change"], ["m", 1, 1]])
    assert code == 0
    assert "Taken in kt/a, for they name no unit: rows 3 to 5 of the sheet 'flows', layer goods." in text
    assert "Taken in kt/a, for they name no unit: row 2 of the sheet 'processes', layer goods." in text
    bare = told(tmp_path, flows=[HEAD, ["a", "", "m", 10, 1], ["b", "m", "", 9, 1]])[1]
    assert "No unit is told, and one is taken for all: rows 2 to 3 of the sheet 'flows', layer goods." in bare


def test_a_name_that_is_nearly_that_of_a_process_is_told_with_it(tmp_path):
    rows = [HEAD, ["a", "", "furnace", 10, 1], ["b", "furnace", "", 8, 1], ["c", "furnance", "", 2, 1], ["d", "", "furnace 2", 1, 1]]
    sentence = "Taken as places of their own, though their names are nearly those of processes: 'furnance' (row 4), nearest 'furnace'."
    assert sentence in told(tmp_path, flows=rows)[1]
    given = told(tmp_path, flows=rows, processes=[["process"], ["furnace"], ["furnace 2"], ["kiln"]])[1]
    assert sentence in given
    assert "No flow enters or leaves processes of the sheet 'processes': 'kiln'." in given
    assert "for the sheet 'processes' does not tell of them: 'furnance'." in given


def test_names_in_other_letters_are_refused(tmp_path):
    rows = [
        [*HEAD, "layer"],
        ["a", "", "Furnace", 10, 1, ""],
        ["b", "furnace", "", 8, 1, ""],
        ["B", "furnace", "", 2, 1, "Cr"],
        ["b", "furnace", "", 2, 1, "cr"],
        ["b", "furnace", "", 2, 2, "Cr"],
    ]
    code, text = told(tmp_path, flows=rows)
    assert code == 1
    assert "row 2, column 'to': 'Furnace' is 'furnace' in other letters" in text
    assert "row 4, column 'flow': 'B' is 'b' in other letters" in text
    assert "row 5, column 'layer': 'cr' is 'Cr' in other letters" in text


def test_sheets_and_rows_that_are_not_read_are_named(tmp_path):
    rows = [
        [*HEAD, "note", "colour"],
        ["a", "", "m", 10, 1, "", "red"],
        [None] * 5 + ["below: second line", ""],
        ["b", "m", "", 9, 1, "", ""],
    ]
    code, text = told(tmp_path, flows=rows, remarks=[["x"], [1]], test=[["my own"], [1]])
    assert code == 0
    assert "Sheets that are not read, for their names mean nothing here: 'remarks', 'test'." in text
    assert "Not read, for they name nothing and hold no figure: row 3 of the sheet 'flows'." in text
    code, text = told(
        tmp_path,
        flows=[HEAD, ["a", "", "m", 10, 1], ["b", "m", "", 9, 1], ["", "", "", 19, None]],
        relations=[["flow a", "factor", "flow b"], ["a", "", "b"]],
    )
    assert code == 1
    assert "row 4, column 'flow': The row holds 'mass flow' and no 'flow'. Write its 'flow', or take the row out." in text
    assert "row 2, column 'factor': The row holds 'flow a' and no 'factor'." in text


def test_faults_of_stocks_shares_and_relations_have_their_rows(tmp_path):
    rows = [HEAD, ["a", "", "m", 10, 1], ["b", "m", "", -9, 1], ["c", "m", "", "<5", 1], ["d", "m", "", None, 1]]
    processes = [
        ["process", "balancing", "layers", "layer", "stock change"],
        ["m", "yes", "", "", 3],
        ["m", "no", "", "", 3],
        ["mm", "", "", "Cr", 3],
        ["m", "", "goods; Cr", "", None],
    ]
    shares = [["process", "flow", "transfer coefficient"], ["n", "b", 0.2], ["m", "b", 0.2], ["m", "b", 0.2]]
    relations = [["flow a", "factor", "flow b"], ["a", 2, "bb"], ["a", 1, "a"], ["a", 2, "b"], ["a", 3, "b"]]
    code, text = told(tmp_path, flows=rows, processes=processes, **{"transfer coefficients": shares}, relations=relations)
    assert code == 1
    for said in (
        "row 3, column 'mass flow': -9 is below 0.",
        "row 4, column 'mass flow': '<5' is a limit, not a figure.",
        "row 5, column '±': 1 is the uncertainty of no figure.",
        "row 3, column 'balancing': 'no' for 'm', of which another row says 'yes'.",
        "row 3, column 'process': The row says the same as row 2",
        "row 4, column 'process': No flow enters or leaves 'mm', whose stock is told.",
        "row 4, column 'layer': No flow is on the layer 'Cr', whose stock is told. There are: goods.",
        "row 5, column 'layers': No flow is on the layer 'Cr'.",
        "row 2, column 'process': There is no process 'n'.",
        "row 4, column 'flow': The row says the same as row 3",
        "row 2, column 'flow b': There is no flow 'bb'.",
        "row 3, column 'flow b': Flow 'a' is a multiple of itself.",
        "row 5, column 'flow a': The row says otherwise than row 4 of the same two flows.",
    ):
        assert said in text


def test_a_percentage_that_a_spreadsheet_keeps_as_a_share_is_the_percentage(tmp_path):
    rows = [[*HEAD, "layer", "concentration"], ["a", "", "m", 200, 0.1, "", None], ["a", "", "m", None, None, "Cr", 0.3]]
    path = book(tmp_path / "percent.xlsx", flows=[*rows, ["b", "m", "", 190, 5, "", None]])
    workbook = load_workbook(path)
    for cell in ("E2", "G3"):
        workbook["flows"][cell].number_format = "0.0 %"
    workbook.save(path)
    said = json.loads(run("reconcile", "--stan", path, "--json").stdout)["statements"]
    assert {row["name"]: (row["value"], row["sigma"]) for row in said} == {"a": (200, 20), "b": (190, 5), "a@Cr": (0.3, 0)}


def test_figures_that_count_as_exact_are_told(tmp_path):
    rows = [
        [*HEAD, "grade"],
        ["a", "", "m", 10, 1, ""],
        ["b", "m", "", 9, None, ""],
        ["c", "m", "", 1, None, "B"],
        ["d", "m", "", 0.5, 0, ""],
    ]
    text = told(tmp_path, flows=rows)[1]
    assert "Counted as exact, for they have neither an uncertainty nor a grade: row 3 of the sheet 'flows'." in text


FLOWS = [[*HEAD, "unit"], ["in", "", "m", 100, 5, "t/a"], ["a", "m", "", 30, 2, "t/a"], ["b", "m", "", 72, 3, "t/a"]]


def test_a_concentration_without_its_substance_and_a_stock_in_other_words_are_refused(tmp_path):
    rows = [[*FLOWS[0], "concentration"], [*FLOWS[1], 0.3], *FLOWS[2:]]
    code, text = told(tmp_path, flows=rows, processes=[["process", "stock"], ["m", 1000]])
    assert code == 1
    assert "row 2, column 'concentration': It is a concentration on the layer of goods. Name its substance under 'layer'." in text
    assert "row 2, column 'stock': '1000' is not yes or no." in text


@pytest.mark.parametrize(
    ("shares", "sentence"),
    [
        ([["a", 0.5, 0.01], ["b", 0.7, 0.01]], "add up to 1.2. They are 1: change them"),
        ([["a", 0.3, ""], ["b", 0.6, ""]], "add up to 0.9. They are 1: change them"),
        ([["a", 0.5, ""], ["a", 0.7, ""]], ""),
        ([["a", 0.5, 0.1], ["b", 0.7, 0.1]], ""),
        ([["a", 0.29, ""], ["b", 0.7098, ""]], ""),
    ],
)
def test_transfer_coefficients_of_all_that_leaves_are_one_together(tmp_path, shares, sentence):
    table = [["process", "flow", "transfer coefficient", "± transfer coefficient"], *(["m", *row] for row in shares)]
    text = told(tmp_path, flows=FLOWS, **{"transfer coefficients": table})[1]
    assert ("add up to" in text) == bool(sentence)
    assert sentence in text


@pytest.mark.parametrize(
    ("pair", "sentence"),
    [
        (["in", "zz", 0.5], "Nothing is called 'zz'."),
        (["in", "in", 0.5], "'in' is named twice."),
        (["in", "c", 0.5], "'c' has 0 statements with an uncertainty, not one."),
        (["in", "a", 1.5], "1.5 is not between -1 and 1."),
    ],
)
def test_errors_that_go_together_are_of_two_measured_quantities(tmp_path, pair, sentence):
    sheets = {"flows": [*FLOWS, ["c", "m", "", None, None, "t/a"]], "not in STAN, correlations": [["first", "second", "coefficient"], pair]}
    code, text = told(tmp_path, **sheets)
    assert code == 1
    assert sentence in text


def test_what_stands_behind_plus_and_minus_is_said_once():
    text = plain(run("reconcile", "kemi_tornio", "--vintage", "2018").stdout)
    assert text.count("±: one standard deviation") == 1
