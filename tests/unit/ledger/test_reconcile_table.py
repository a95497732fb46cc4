"""Reconciliation of tables: layers, stocks, transfer coefficients, several sources, faults, workbooks."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from sivuvirta.domain.reconciliations import ReconcileOptions
from sivuvirta.errors import CheckError, OptionError, ReadError, UnknownNameError
from sivuvirta.ledger.reconcile.book import Balance, Book, Quantity, Statement, Term, spread
from sivuvirta.ledger.reconcile.stan import read_stan, write_stan
from sivuvirta.ledger.reconcile.table import reconcile_rows, reconcile_table

FURNACE = [
    {"flow": "ore", "to": "furnace", "mass flow": 100, "±": "5%"},
    {"flow": "ore", "to": "furnace", "layer": "Cr", "concentration": "30%", "± concentration": "3%"},
    {"flow": "alloy", "from": "furnace", "mass flow": 48, "±": 1},
    {"flow": "alloy", "from": "furnace", "layer": "Cr", "concentration": 0.55, "± concentration": 0.01},
    {"flow": "slag", "from": "furnace"},
    {"flow": "slag", "from": "furnace", "layer": "Cr", "concentration": 0.08, "± concentration": 0.01},
]


def frame(*rows):
    return pd.DataFrame(list(rows))


def values(found, column="reconciled"):
    return found.quantities.set_index("name")[column].to_dict()


def test_a_standard_deviation_comes_from_the_range_first_then_the_statement_then_the_grade():
    assert spread(10, 8, 11.29, 9, 0.2) == (pytest.approx(1.0), "range")  # 3.29 / 3.29
    assert spread(10, math.nan, 12, 9, 0.2) == (9, "stated")
    assert spread(-10, math.nan, math.nan, math.nan, 0.2) == (2.0, "grade")
    assert spread(10, 10, 10, 9, 0.2) == (0.0, "exact")


def test_a_layer_closes_with_its_contents():
    found = reconcile_table(frame(*FURNACE))
    x = values(found)
    assert x["ore"] == pytest.approx(x["alloy"] + x["slag"])
    assert x["ore"] * x["ore@Cr"] == pytest.approx(x["alloy"] * x["alloy@Cr"] + x["slag"] * x["slag@Cr"])
    assert x["ore:Cr"] == pytest.approx(x["ore"] * x["ore@Cr"])
    known = values(found, "known")
    assert known["slag"] == "computed"
    assert known["ore"] == known["slag@Cr"] == "measured, checked"
    assert found.freedom == 1  # two balances, one unknown amount
    assert found.balances["after"].abs().max() < 1e-9


def test_a_figure_in_percent_and_its_uncertainty_in_percent():
    said = reconcile_table(frame(*FURNACE)).statements.set_index("name")
    assert said.loc["ore", "sigma"] == pytest.approx(5)
    assert said.loc["ore@Cr", "value"] == pytest.approx(0.3)
    assert said.loc["ore@Cr", "sigma"] == pytest.approx(0.009)  # 3 % of 0.3


def test_without_components_the_layers_are_left_alone():
    found = reconcile_table(frame(*FURNACE), options=ReconcileOptions(components=False))
    assert found.quantities["name"].tolist() == ["ore", "alloy", "slag"]
    assert found.freedom == 0


def test_two_sources_of_one_flow_stand_side_by_side():
    """10 +- 1 and 13 +- 2: weights 0.8 and 0.2, mean 10.6, sd 1/sqrt(1.25); chi-square 3^2/5."""
    found = reconcile_table(
        frame(
            {"flow": "a", "to": "P", "mass flow": 10, "±": 1, "source": "s"},
            {"flow": "a", "to": "P", "mass flow": 13, "±": 2, "source": "t"},
        )
    )
    row = found.quantities.iloc[0]
    assert (row["statements"], row["known"], row["sources"]) == (2, "measured, checked", "s; t")
    assert row["reconciled"] == row["measured"] == pytest.approx(10.6)
    assert row["sd"] == pytest.approx(1.25**-0.5)
    assert found.statements["weight"].tolist() == pytest.approx([0.8, 0.2])
    assert found.statements["residual_sigma"].tolist() == pytest.approx([-0.6, 1.2])
    assert found.statistic == pytest.approx(1.8)


def test_a_stock_takes_what_is_left_and_may_shrink():
    flows = frame({"flow": "a", "to": "heap", "mass flow": 10, "±": 1}, {"flow": "b", "from": "heap", "mass flow": 14, "±": 1})
    processes = frame({"process": "heap", "stock": "yes"})
    found = reconcile_table(flows, processes)
    assert values(found)["heap:stock"] == pytest.approx(-4)
    measured = processes.assign(**{"stock change": -2.0, "± stock change": 1.0})
    again = reconcile_table(flows, measured)
    assert values(again) == pytest.approx({"a": 10 + 2 / 3, "b": 14 - 2 / 3, "heap:stock": -2 - 2 / 3})


def test_processes_that_are_not_balanced():
    flows = frame({"flow": "a", "to": "P", "mass flow": 10, "±": 1}, {"flow": "b", "from": "P", "mass flow": 14, "±": 1})
    assert reconcile_table(flows).freedom == 1
    assert reconcile_table(flows, frame({"process": "P", "balancing": "no"})).freedom == 0
    only = reconcile_table(frame(*FURNACE), frame({"process": "furnace", "balancing": "substances"}))
    assert only.balances["component"].tolist() == ["Cr"]
    assert values(only, "known")["slag"] == "computed"  # from the balance of chromium alone: (30 - 26.4) / 0.08
    assert values(only)["slag"] == pytest.approx((100 * 0.3 - 48 * 0.55) / 0.08)


def test_a_transfer_coefficient_says_what_goes_where():
    flows = frame({"flow": "in", "to": "P", "mass flow": 100, "±": 1}, {"flow": "a", "from": "P"}, {"flow": "b", "from": "P"})
    share = frame({"process": "P", "flow": "a", "transfer coefficient": "30%", "± transfer coefficient": 0.02})
    found = reconcile_table(flows, transfers=share)
    assert values(found)["a"] == pytest.approx(30)
    assert values(found)["b"] == pytest.approx(70)
    assert values(found, "sd")["a"] == pytest.approx(math.hypot(0.3 * 1, 100 * 0.02))


def test_correlated_flows():
    flows = frame({"flow": "a", "to": "P", "mass flow": 10, "±": 1}, {"flow": "b", "from": "P", "mass flow": 12, "±": 1})
    found = reconcile_table(flows, correlated=[("a", "b", 0.5)])
    assert found.statistic == pytest.approx(4.0)


def test_grades_give_the_uncertainty_where_none_is_stated():
    flows = frame({"flow": "a", "to": "P", "mass flow": 10, "grade": "C"}, {"flow": "b", "from": "P", "mass flow": 12, "grade": "b"})
    found = reconcile_table(flows, shares={"B": 0.05, "C": 0.25})
    assert found.statements["sigma"].tolist() == pytest.approx([2.5, 0.6])
    assert found.statements["how"].tolist() == ["grade", "grade"]
    assert "exact" not in found.notes
    sentence = "Figures of grade C without ± count as exact, for `shares` has no uncertainty for it."
    assert reconcile_table(flows, shares={"B": 0.05}).notes["exact"] == sentence


def test_every_fault_of_a_table_is_told_at_once():
    flows = frame(
        {"flow": "a", "to": "P", "mass flow": "much", "±": 1},
        {"flow": "a", "to": "Q", "mass flow": 3, "±": -1},
        {"flow": "b", "mass flow": 3, "grade": "E"},
    )
    transfers = frame({"process": "Z", "flow": "a", "tc": 0.5}, {"process": "P", "flow": "a", "tc": 2})
    with pytest.raises(CheckError) as caught:
        reconcile_table(flows, frame({"process": "P", "balancing": "maybe"}), transfers)
    told = [problem.message for problem in caught.value.problems]
    assert all(problem.row for problem in caught.value.problems)
    assert told == [
        "'much' is no number.",
        "-1 is below 0.",
        "'E' is no evidence grade.",
        "'maybe' is not yes, no or substances.",
        "2 is not between 0 and 1.",
        "Flow 'a' goes from outside to P in row 2 and otherwise here.",
        "Flow 'b' touches no process.",
        "There is no process 'Z'.",
        "'a' does not leave 'P'.",
    ]


def test_a_table_without_flows_or_without_its_key_is_a_fault():
    with pytest.raises(CheckError, match="Column 'flow' is missing"):
        reconcile_table(pd.DataFrame({"amount": [1.0]}))


def test_other_names_of_columns_are_understood():
    flows = pd.DataFrame({"Flow code": ["a", "b"], "Origin": ["", "P"], "Destination": ["P", ""], "value": [10, 12], "sd": [1, 1]})
    assert reconcile_table(flows).freedom == 1


def test_what_is_written_is_read_again_with_the_same_result(tmp_path):
    processes = frame({"process": "furnace", "stock change": 0.5, "± stock change": 0.2})
    transfers = frame({"process": "furnace", "flow": "slag", "layer": "Cr", "tc": 0.1, "± tc": 0.02})
    twice = [*FURNACE, {**FURNACE[0], "mass flow": 103, "source": "other"}]
    first = reconcile_table(frame(*twice), processes, transfers)
    path = write_stan(first, tmp_path / "out" / "furnace.xlsx")
    second = reconcile_rows(read_stan(path), "again", ReconcileOptions(), {})
    assert values(second) == pytest.approx(values(first), nan_ok=True)
    assert second.freedom == first.freedom
    assert second.statistic == pytest.approx(first.statistic)


def test_a_workbook_that_is_none(tmp_path):
    path = tmp_path / "no.xlsx"
    path.write_text("flow;mass")
    with pytest.raises(ReadError, match="no XLSX workbook"):
        read_stan(path)


def test_options_that_cannot_be():
    with pytest.raises(OptionError, match="between 0 and 1"):
        ReconcileOptions(level=5)
    with pytest.raises(OptionError, match="0 or more"):
        ReconcileOptions(suspects=-1)


def test_a_book_knows_only_what_was_added():
    book = Book()
    book.add(Quantity("a", "a", "flow", "t/a"))
    with pytest.raises(UnknownNameError, match="Nothing is called b"):
        book.state(Statement("b", 1.0, 1.0))
    with pytest.raises(UnknownNameError, match="Nothing is called c"):
        book.balance(Balance("x", "x", (Term(1.0, "a", "c"),)))


def test_a_reconciliation_on_screen():
    found = reconcile_table(frame(*FURNACE))
    assert repr(found).startswith("<Reconciliation table: ")
    assert "the figures agree" in repr(found)
    assert "<table" in found._repr_html_()
    assert found.to_frame() is found.quantities


def test_unknown_is_never_a_number():
    found = reconcile_table(frame({"flow": "a", "to": "P"}, {"flow": "b", "from": "P"}, {"flow": "c", "from": "P", "mass flow": 3, "±": 1}))
    unknown = found.quantities[found.quantities["known"] == "unknown"]
    assert unknown["name"].tolist() == ["a", "b"]
    assert np.isnan(unknown[["reconciled", "sd", "low", "high"]].to_numpy(float)).all()


def test_sources_that_contradict_each_other_have_the_range_of_their_contradiction():
    """10 +- 4 and 30 +- 5, as the page on the Particle Data Group prints it: mean 17.80 +- 3.12; chi-square 20^2/41 at one check.

    The ratio is 20/sqrt(41) = 3.1235, and the deviation 20/sqrt(41) x 20/sqrt(41) = 400/41 = 9.756.
    """
    sources = [
        {"flow": "a", "to": "P", "mass flow": 10, "±": 4, "source": "s"},
        {"flow": "a", "to": "P", "mass flow": 30, "±": 5, "source": "t"},
    ]
    found = reconcile_table(frame(*sources))
    row = found.quantities.iloc[0]
    assert round(row["reconciled"], 2) == 17.80
    assert round(row["sigma"], 2) == 3.12
    assert row["sd"] == pytest.approx(400 / 41)
    assert (row["low"], row["high"]) == (
        pytest.approx(17.8049 - 1.645 * 9.7561, abs=1e-3),
        pytest.approx(17.8049 + 1.645 * 9.7561, abs=1e-3),
    )
    assert row["widened"] == pytest.approx(20 / 41**0.5)
    assert row["contradicted"] == "its sources contradict each other"
    assert found.statistic == pytest.approx(400 / 41)  # the test stays that of the deviations as stated


def test_what_follows_from_a_contradicted_flow_is_as_unsure_and_what_does_not_is_not():
    """b = a - c with c = 5 +- 1: its deviation is that of the widened a and of c; d is alone."""
    rows = [{"flow": "a", "to": "P", "mass flow": 10, "±": 4}, {"flow": "a", "to": "P", "mass flow": 30, "±": 5}]
    more = [
        {"flow": "b", "from": "P"},
        {"flow": "c", "from": "P", "mass flow": 5, "±": 1},
        {"flow": "d", "to": "Q", "mass flow": 7, "±": 1},
    ]
    sd, wider = (values(reconcile_table(frame(*rows, *more)), name) for name in ("sd", "widened"))
    assert sd["b"] == pytest.approx(math.hypot(400 / 41, 1))
    assert (sd["c"], sd["d"]) == (pytest.approx(1), pytest.approx(1))
    assert (wider["b"], wider["d"]) == (1, 1)


def test_balances_that_contradict_the_figures_widen_all_that_is_checked():
    """10 in, 16 out, each +- 1: chi-square 36/2 = 18 at one check, ratio sqrt(18); a flow apart is not touched."""
    rows = [{"flow": "a", "to": "P", "mass flow": 10, "±": 1}, {"flow": "b", "from": "P", "mass flow": 16, "±": 1}]
    found = reconcile_table(frame(*rows, {"flow": "d", "to": "Q", "mass flow": 7, "±": 1}))
    assert values(found)["a"] == pytest.approx(13)
    assert values(found, "sd") == pytest.approx({"a": 3.0, "b": 3.0, "d": 1.0})  # sqrt(1/2) x sqrt(18)
    assert values(found, "contradicted")["a"] == "the figures as a whole contradict each other"


def test_a_layer_in_another_unit_of_mass_is_tied_to_its_goods():
    """100 t with 30 % are 30 t, and 31 000 kg are 31 t: variances (100 x 0.01)^2 + (0.3 x 5)^2 = 3.25 and 1, apart by 1 t."""
    rows = [
        {"flow": "ore", "to": "P", "mass flow": 100, "±": 5, "unit": "t/a"},
        {
            "flow": "ore",
            "to": "P",
            "layer": "Cr",
            "mass flow": 31_000,
            "±": 1000,
            "unit": "kg/a",
            "concentration": 0.3,
            "± concentration": 0.01,
        },
    ]
    found = reconcile_table(frame(*rows))
    assert values(found, "unit") == {"ore": "t/a", "ore:Cr": "t/a", "ore@Cr": "1"}
    assert values(found, "measured")["ore:Cr"] == 31
    assert values(found)["ore:Cr"] == pytest.approx(30 + 3.25 / 4.25, abs=0.01)
    assert found.statistic == pytest.approx(1 / 4.25, rel=0.05)


def test_a_layer_of_energy_is_no_part_of_a_mass():
    rows = [
        {"flow": "fuel", "to": "P", "mass flow": 100, "±": 5, "unit": "t/a"},
        {"flow": "heat", "from": "P", "mass flow": 100, "unit": "t/a"},
    ]
    energy = [
        {**row, "layer": "energy", "mass flow": amount, "±": 20, "unit": "MWh/a"} for row, amount in zip(rows, (800, 780), strict=True)
    ]
    found = reconcile_table(frame(*rows, *energy))
    assert values(found)["fuel:energy"] == pytest.approx(790)
    assert values(found)["fuel@energy"] == pytest.approx(7.9)
    assert values(found, "unit")["fuel@energy"] == "MWh/a per t/a"
    assert not found.quantities["bounded"].any()


def test_a_unit_of_a_share_is_no_unit_of_an_amount():
    rows = [
        {"flow": "a", "to": "P", "mass flow": 1, "unit": "t/a"},
        {"flow": "a", "to": "P", "layer": "Cr", "concentration": 0.5, "unit": "g/kg"},
    ]
    with pytest.raises(CheckError, match="'g/kg' is the unit of a share, and the column is that of the amount"):
        reconcile_table(frame(*rows))


def test_a_stock_change_counts_in_its_own_unit_or_that_of_its_flows():
    flows = frame(
        {"flow": "x", "to": "Q", "mass flow": 5, "±": 1, "unit": "t/a"},
        {"flow": "a", "to": "P", "mass flow": 10, "±": 1, "unit": "kt/a"},
        {"flow": "b", "from": "P", "mass flow": 7, "±": 1, "unit": "kt/a"},
    )
    stock = {"process": "P", "stock change": 3, "± stock change": 1}
    assert values(reconcile_table(flows, frame(stock)))["P:stock"] == pytest.approx(3000)
    assert values(reconcile_table(flows, frame({**stock, "stock change": 3000, "± stock change": 1000, "unit": "t/a"})))[
        "P:stock"
    ] == pytest.approx(3000)
    with pytest.raises(CheckError, match="'MWh/a' cannot be added to 't/a' of the flows of 'P'"):
        reconcile_table(flows, frame({**stock, "unit": "MWh/a"}))
    mixed = flows.assign(unit=["t/a", "kt/a", "t/a"])
    with pytest.raises(CheckError, match="The stock change has no unit, and those of the flows of 'P' differ: kt/a, t/a"):
        reconcile_table(mixed, frame(stock))


def test_rows_of_one_process_say_together_how_it_is_balanced():
    flows = frame({"flow": "a", "to": "P", "mass flow": 10, "±": 1}, {"flow": "b", "from": "P", "mass flow": 14, "±": 1})
    rows = frame({"process": "P", "balancing": "no", "name": "Kiln"}, {"process": "P", "stock change": 3, "± stock change": 1})
    found = reconcile_table(flows, rows)
    assert (found.freedom, found.places["P"]) == (0, "Kiln")
    assert found.notes["stocks"] == "Not used, for the process is not balanced: stock of P."
