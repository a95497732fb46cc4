"""Figures of networks, alternatives, fronts, structures, futures and scenarios lead to the rows of their own links, plants and nodes."""

from __future__ import annotations

from attrs import evolve
from tests.report_studies import pictures, section, study, tables

import sivuvirta as sv
from sivuvirta.domain.comparisons import Comparison
from sivuvirta.domain.ensembles import Input
from sivuvirta.report.following.basis import Basis
from sivuvirta.report.following.legs import Legs
from sivuvirta.report.following.packed import drawn_once, named, packed, steps, unpacked
from sivuvirta.report.studies.comparison import comparison
from sivuvirta.report.studies.futures import futures
from sivuvirta.report.studies.resting import drawn, moved
from sivuvirta.report.tables import Column, sheet

ASH = ("quantities", "streams/ash/2024")
SLAG = ("quantities", "streams/slag/2024")


def rests(sheet, at=0):
    """What a row of a table rests on."""
    return sheet.bases[sheet.traces[at]]


def by_name(sheet, column=0):
    """What rows rest on, by the text of a column."""
    return {row[column].text: rests(sheet, at) for at, row in enumerate(sheet.rows) if sheet.traces[at]}


def test_a_choice_leads_to_the_rows_of_its_link_or_plant():
    found = by_name(tables(section("alternatives"))["choices-table"])
    link = found["Fly ash to Granulator at the mill"]
    assert ASH in link.rows
    assert ("plants", "granulator") in link.rows
    assert SLAG not in link.rows
    assert all(basis.rows for basis in found.values())


def test_a_refusal_leads_to_who_refuses_and_to_what_stops():
    table = tables(section("alternatives"))["refusals-table"]
    of = study("alternatives")
    for at, each in enumerate(of.refusals):
        rows = rests(table, at).rows
        assert rows[0] == (f"{each.kind}s", each.key)
        assert len(rows) > each.links


def test_points_of_a_front_lead_to_their_exchanges_and_changes_to_their_link():
    found, shown = study("pareto"), section("pareto")
    table = tables(shown)["front-table"]
    for at, point in enumerate(found.points):
        ledger = point.network.ledger
        sent = {str(ledger.links.nodes.id[ledger.links.arcs.origin[arc]]) for arc in ledger.arc if ledger.links.arcs.acceptance[arc] >= 0}
        named = {key for name, key in rests(table, at).rows if name == "quantities"} if table.traces[at] else set()
        assert {f"streams/{stream}/2024" for stream in sent & {"ash", "slag"}} <= named
    dots = [mark for mark in pictures(shown)[0].marks if mark.shape == "dot"]
    assert [mark.basis for mark in dots if mark.basis] == [rests(table, at) for at in range(len(table)) if table.traces[at]]
    changes = tables(shown)["front-changes"]
    assert all(rests(changes, at).rows for at in range(len(changes)))


def test_a_set_of_plants_leads_to_what_it_runs():
    table = tables(section("best"))["structures-table"]
    built = [set(one.built) for one in study("best").found]
    for at, plants in enumerate(built):
        named = {key for name, key in (rests(table, at).rows if table.traces[at] else ()) if name == "plants"}
        assert plants <= named


def test_measures_of_a_network_lead_to_its_flows_and_a_node_to_those_that_touch_it():
    found, shown = study("metrics"), tables(section("metrics"))
    table = shown["metrics-table"]
    for row in table.rows:
        for cell in row[1:]:
            assert {ASH, SLAG} <= set(table.bases[cell.trace].rows)
    first = found.networks[-1].nodes["node"].iloc[0]
    rows = rests(shown["metrics-nodes"]).rows
    assert rows[0] == ("sites", first)
    whole = table.bases[table.rows[0][-1].trace].rows
    assert set(rows[1:]) <= set(whole)
    assert len(set(shown["metrics-nodes"].traces[:-1])) > 1


def test_draws_lead_to_the_rows_that_are_drawn():
    legs = Legs.of(study("futures").links)
    drawn_from = {
        ("amount", "slag"): SLAG,
        ("transport", "truck60"): ("modes", "truck60"),
        ("fee", "ash_landfill"): ("fates", "ash_landfill"),
        ("capex", "granulating"): ("technologies", "granulating"),
    }
    inputs = tuple(Input(kind, key, key, "normal", 1.0, 0.1) for kind, key in drawn_from)
    assert [drawn(legs, one).rows for one in inputs] == [(row,) for row in drawn_from.values()]
    table = tables(futures(evolve(study("futures"), inputs=inputs)))["futures-table"]
    assert all(rests(table, at).rows == tuple(drawn_from.values()) for at in range(len(table)))


def test_links_and_limits_of_draws_lead_to_their_rows():
    shown = tables(section("futures"))
    assert SLAG in by_name(shown["sure-table"])["Slag to Base layer of a road"].rows
    assert {name for name, _ in rests(shown["kept-table"]).rows} == {"limits", "needs"}


def test_each_scenario_has_its_own_rows():
    found = sv.compare("kemi_tornio", ["kiln_restart", "mine_expansion"])
    assert isinstance(found, Comparison)
    table = tables(comparison(found))["scenarios-table"]
    cells = {column.key: cell for column, cell in zip(table.columns, table.rows[0], strict=True)}
    assert cells[found.names[0]].trace == ""
    for name in ("kiln_restart", "mine_expansion"):
        assert {key.split("/")[0] for _, key in table.bases[cells[name].trace].rows} == {name}
    assert rests(table).rows == ()


def test_what_has_no_row_rests_on_nothing():
    assert moved(Legs.of(study("metrics").networks[-1].ledger.links), "link", -1).empty


def test_a_number_may_rest_on_something_else_than_its_row():
    row, one = Basis("of all of the row, in words"), Basis("of the second number alone, in words")
    columns = [Column("a", "A", "number", "t"), Column("b", "B", "number", "t")]
    table = sheet("t", "T", columns, [{"a": 1.0, "b": 2.0, "b_rests": one, "rests": row}])
    assert [cell.trace for cell in table.rows[0]] == ["", one.key]
    assert table.bases == {row.key: row, one.key: one}


def test_rows_are_told_as_steps():
    assert steps([]) == []
    assert steps([0, 1]) == [0, 1]
    assert steps([9, 2, 3, 4]) == [2, -2, 5]
    for numbers in ([5], [0, 1, 2, 3], [1, 3, 4, 8, 9, 10, 11]):
        assert unpacked(steps(reversed(numbers))) == numbers
        assert len(steps(numbers)) <= len(numbers)


def test_a_drawing_as_that_of_an_earlier_state_is_named_and_nodes_are_told_once():
    slag, fill = (
        {"name": name, "label": name.title(), "depth": at, "family": "", "text": "2 t/a"} for at, name in enumerate(("slag", "fill"))
    )
    one = {"nodes": [slag, fill], "links": [{"source": "slag", "target": "fill", "value": 2.0}]}
    other = {"nodes": [slag | {"text": "1 t/a"}], "links": []}
    ends = {}
    found = drawn_once({"today": one, "proven": one, "potential": other}, ends)
    assert found["proven"] == "today"
    assert found["today"]["nodes"] == [{"end": 0, "text": "2 t/a"}, {"end": 1, "text": "2 t/a"}]
    assert found["today"]["links"] == [{"source": 0, "target": 1, "value": 2.0}]
    assert found["potential"]["nodes"] == [{"end": 0, "text": "1 t/a"}]
    assert packed(named(ends))["rows"] == [["slag", "Slag", 0, ""], ["fill", "Fill", 1, ""]]
