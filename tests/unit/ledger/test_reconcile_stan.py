"""The workbook of a reconciliation: what stands in which sheet of STAN, what beside, and that no text becomes a formula."""

from __future__ import annotations

import pandas as pd
import pytest
from openpyxl import load_workbook

import sivuvirta as sv
from sivuvirta.domain.reconciliations import ReconcileOptions
from sivuvirta.errors import CheckError
from sivuvirta.ledger.reconcile.equations import reconcile_equations
from sivuvirta.ledger.reconcile.stan import outside, read_stan, write_stan
from sivuvirta.ledger.reconcile.table import reconcile_rows, reconcile_table


@pytest.fixture(scope="module")
def region(tmp_path_factory):
    """The bundled region of 2018, and its workbook."""
    found = sv.reconcile(sv.load("kemi_tornio", "2018"))
    return found, write_stan(found, tmp_path_factory.mktemp("stan") / "region.xlsx")


def table(path, sheet):
    return pd.read_excel(path, sheet_name=sheet, keep_default_na=False)


def again(path, period=""):
    return reconcile_rows(read_stan(path, period), "again", ReconcileOptions(), {})


def test_a_balance_is_a_process_and_its_component_a_layer(region):
    processes = table(region[1], "processes").set_index("process")
    assert processes.loc["kemi_mine_mass", ["balancing", "layers"]].tolist() == ["yes", "goods; Cr2O3"]
    assert processes.loc["fecr_slag.parts", ["name", "balancing", "layers"]].tolist() == [
        "Parts of Ferrochrome slag (total)",
        "yes",
        "goods",
    ]
    flows = table(region[1], "flows")
    ore = flows[flows["flow"] == "activities/kemi_mine/production/mining.ore.chromite"]
    assert set(ore["to"]) == {"kemi_mine_mass"}
    assert set(ore.loc[ore["layer"] == "goods", "unit"]) == {"t/a"}
    assert ore.loc[ore["layer"] == "Cr2O3", "concentration"].tolist() == [0.26]
    assert ore.loc[ore["layer"] == "Cr2O3", "± concentration"].tolist() == pytest.approx([0.04 / 3.29])  # 0.24 to 0.28
    assert set(flows["period"].astype(str)) == {"2018"}


def test_a_measured_share_of_a_flow_is_a_transfer_coefficient(region):
    (row,) = table(region[1], "transfer coefficients").to_dict("records")
    assert (row["process"], row["flow"]) == ("ss_slag_made", "streams/ss_slag")
    assert (row["transfer coefficient"], row["source"]) == (0.29, "kt_memory")
    assert row["± transfer coefficient"] == pytest.approx(0.25 / 3.29)  # 0.2 to 0.45


def test_what_stan_has_no_place_for_stands_in_sheets_that_say_so(region):
    balances = table(region[1], "not in STAN, balances")
    own = balances[(balances["process"] == "") & (balances["flow"] == "")]
    assert own["balance"].tolist() == [
        "fecr_slag_made",
        "co_gas_made",
        "sawmill_wood",
    ]  # more than 1 t a tonne, MWh of tonnes, m3 of tonnes
    assert outside(region[0]) == {"statements": 5, "balances": 3}


@pytest.mark.parametrize("vintage", ["2018", "2024"])
def test_the_bundled_region_comes_back_as_the_same_problem(vintage, tmp_path):
    first = sv.reconcile(sv.load("kemi_tornio", vintage))
    second = again(write_stan(first, tmp_path / "region.xlsx"))
    for name in ("quantities", "balances", "suspects"):
        one, other = getattr(first, name), getattr(second, name)
        pd.testing.assert_frame_equal(other, one, check_dtype=False, rtol=1e-6, atol=1e-6)
    assert len(second.statements) == len(first.statements)
    assert (second.vintage, second.freedom) == (vintage, first.freedom)
    assert second.statistic == pytest.approx(first.statistic, rel=1e-6)


def test_figures_of_2018_through_the_workbook_are_those_of_the_page(region):
    """The statistic and the four contents, from the reconciliation that the page has shown since before the layout carried them."""
    second = again(region[1])
    assert (round(second.statistic, 1), second.freedom, round(second.critical, 1)) == (29.6, 7, 14.1)
    assert second.quantities["kind"].value_counts()["content"] == 4
    assert second.balances["component"].tolist().count("Cr2O3") == 1


def test_what_a_user_changes_in_a_sheet_of_stan_counts(region, tmp_path):
    path = tmp_path / "changed.xlsx"
    book = load_workbook(region[1])
    sheet = book["flows"]
    column = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        if sheet.cell(row, column["source"]).value == "tekija_2019" and sheet.cell(row, column["flow"]).value == "streams/ss_slag":
            sheet.cell(row, column["mass flow"], 400000)
    book.save(path)
    second = again(path)
    assert second.quantities.set_index("name").loc["streams/ss_slag", "measured"] == pytest.approx(400_000)
    assert len(second.suspects) == 0
    assert second.passed


def test_a_relation_of_stan_is_an_exact_multiple(tmp_path):
    """Gas is twice the ore: 10 +- 1 and 26 +- 2. Open by 6 with variance 4 + 4; ore moves by 2 x 6/8, gas by -4 x 6/8."""
    path = tmp_path / "relations.xlsx"
    flows = pd.DataFrame(
        [
            {"flow": "ore", "to": "P", "mass flow": 10, "±": 1, "unit": "t/a"},
            {"flow": "gas", "from": "P", "mass flow": 26, "±": 2, "unit": "t/a"},
        ]
    )
    with pd.ExcelWriter(path) as writer:
        flows.to_excel(writer, sheet_name="flows", index=False)
        pd.DataFrame([{"process": "P", "balancing": "no"}]).to_excel(writer, sheet_name="processes", index=False)
        pd.DataFrame([{"flow a": "gas", "factor": 2, "flow b": "ore"}]).to_excel(writer, sheet_name="relations", index=False)
    found = again(path)
    assert found.quantities["reconciled"].tolist() == pytest.approx([11.5, 23.0])
    assert found.statistic == pytest.approx(4.5)  # 36 / 8
    second = again(write_stan(found, tmp_path / "again.xlsx"))
    pd.testing.assert_frame_equal(second.quantities, found.quantities, check_dtype=False)
    assert second.balances["balance"].tolist() == ["relation of gas to ore"]


def test_equations_without_a_place_stand_beside_stan(tmp_path):
    quantities = pd.DataFrame({"quantity": ["a", "b", "c"], "value": [10, 6, None], "sd": [1, 1, None]})
    equations = pd.DataFrame({"equation": "sum", "quantity": ["a", "b", "c"], "coefficient": [1.0, -2.0, 3.0]})
    found = reconcile_equations(quantities, equations, right={"sum": 4.0})
    second = again(write_stan(found, tmp_path / "equations.xlsx"))
    assert outside(found) == {"statements": 2, "balances": 1}
    assert second.quantities["reconciled"].tolist() == pytest.approx([10, 6, 2])  # 10 - 12 + 3 c = 4


def test_a_text_that_begins_as_a_formula_is_a_text(tmp_path):
    words = ["=1+1", "+358 40", "-5 %", "@SUM(A1)", "\tx", '=HYPERLINK("http://x")']
    flows = pd.DataFrame(
        [{"flow": f"f{at}", "name": word, "to": "P", "mass flow": 1, "±": 1, "note": word} for at, word in enumerate(words)]
    )
    path = write_stan(reconcile_table(flows, pd.DataFrame([{"process": "P", "name": "=P"}])), tmp_path / "words.xlsx")
    cells = [cell for sheet in load_workbook(path) for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [row.name for row in read_stan(path).flows] == [word.strip() for word in words]


def test_faults_of_the_sheets_beside_stan_are_told(region, tmp_path):
    path = tmp_path / "faults.xlsx"
    book = load_workbook(region[1])
    book["not in STAN, terms"].append([99, "many", "nothing", None])
    book["not in STAN, quantities"]["C2"] = "colour"
    book.save(path)
    with pytest.raises(CheckError) as caught:
        read_stan(path)
    text = str(caught.value)
    assert "'many' is no number" in text
    assert "There is no quantity 'nothing'. Add it to the sheet 'not in STAN, quantities'." in text
    assert "There is no balance of number 99. Add it to the sheet 'not in STAN, balances'." in text
    assert "'colour' is no kind of quantity." in text


def test_a_region_whose_units_are_changed_in_the_workbook_stays_the_same(region, tmp_path):
    """All tonnes as kilotonnes: balances beside STAN's tables count on in tonnes, and so do the flows."""
    book = load_workbook(region[1])
    sheet = book["flows"]
    column = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        if sheet.cell(row, column["unit"]).value == "t/a":
            sheet.cell(row, column["unit"], "kt/a")
            for cell in (sheet.cell(row, column[name]) for name in ("mass flow", "±")):
                cell.value = None if cell.value is None else cell.value / 1000
    book.save(tmp_path / "kilotonnes.xlsx")
    second = again(tmp_path / "kilotonnes.xlsx")
    assert second.statistic == pytest.approx(region[0].statistic, rel=1e-6)
    pd.testing.assert_frame_equal(second.quantities, region[0].quantities, check_dtype=False, rtol=1e-6, atol=1e-6)


def test_what_is_lost_between_the_sheets_is_told(region, tmp_path):
    book = load_workbook(region[1])
    for row in book["flows"].iter_rows(min_row=2):
        if row[0].value == "streams/kemi_tailings":
            row[0].value = "streams/tailings"
    book.save(tmp_path / "renamed.xlsx")
    note = again(tmp_path / "renamed.xlsx").notes["lone"]
    assert note == "In no row of the sheet 'flows', though they stand in 'not in STAN, quantities': 'streams/kemi_tailings'."
    del book["not in STAN, terms"]
    book["not in STAN, quantities"].append(["streams/co_gas"])
    book.save(tmp_path / "lost.xlsx")
    with pytest.raises(CheckError) as caught:
        read_stan(tmp_path / "lost.xlsx")
    told = str(caught.value)
    assert "Balance 'co_gas_made' has no terms. Add them to the sheet 'not in STAN, terms', or take the row out." in told
    assert "'streams/co_gas' stands in row" in told
