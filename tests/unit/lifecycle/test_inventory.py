"""An inventory by hand: score, cases, draws, packages, openLCA, backgrounds."""

from __future__ import annotations

import json
from zipfile import ZipFile

import bw_processing as bwp
import numpy as np
import olca_schema as olca
import pandas as pd
import pytest
from bw_processing.io_helpers import generic_zipfile_filesystem
from olca_schema.zipio import ZipReader

import sivuvirta as sv
from lifecycle_rows import small
from sivuvirta.domain.lifecycles import Background
from sivuvirta.errors import OptionError, ReadError, UnknownNameError
from sivuvirta.lifecycle.brightway import bw2calc, calculation, needed, scored
from sivuvirta.lifecycle.displaced import at_case, log_moments
from sivuvirta.lifecycle.draws import seed
from sivuvirta.lifecycle.montecarlo import system_draws
from sivuvirta.lifecycle.openlca import write_openlca
from sivuvirta.lifecycle.packages import PROCESS, write_package
from sivuvirta.lifecycle.suppliers import read_suppliers
from sivuvirta.lifecycle.tables import inventory_of

SMALL = small()
CHANGE = SMALL.system("change")


def score(inventory, **more):
    calculated = calculation(inventory, **more)
    return scored(calculated.lca(), inventory.system("change"))


def test_the_score_by_hand():
    assert score(SMALL) == pytest.approx(-8300)
    assert SMALL.system("other") == -1


def test_what_is_needed_is_what_brightway_supplies():
    lca = calculation(SMALL).lca()
    scored(lca, CHANGE)
    assert needed(SMALL, CHANGE) == pytest.approx(lca.supply_array)


def test_the_best_and_the_worst_case_by_hand():
    """5 and 95 % points of lognormals of these means and standard deviations; the haul stays at its value."""

    def ends(mean, sd):
        mu, sigma = log_moments(np.array([mean]), np.array([sd]))
        return [float(np.exp(mu + side * 1.645 * sigma)[0]) for side in (-1, 1)]

    (few, many), (light, heavy), (low, high) = ends(0.5, 0.05), ends(10.0, 2.0), ends(800.0, 40.0)
    assert score(at_case(SMALL, "best")) == pytest.approx(200 - 100 * many * heavy - 10 * high)
    assert score(at_case(SMALL, "worst")) == pytest.approx(200 - 100 * few * light - 10 * low)
    assert at_case(SMALL, "expected") is SMALL


def test_our_draws_are_those_of_brightways_own_monte_carlo():
    calculated = calculation(SMALL)
    ours = system_draws(calculated.lca(uncertain=True), calculated.systems(), 50, 3)
    lca = calculated.lca(uncertain=True)
    lca.lci(demand={PROCESS + CHANGE: 1.0})
    lca.lcia()
    seed(lca, 3)
    theirs = []
    for _ in range(50):
        next(lca)
        theirs.append(lca.score)
    column = calculated.systems().index(CHANGE)
    assert ours.scores[:, column] == pytest.approx(theirs, rel=1e-9)
    assert ours.direct == 0
    assert ours.bound <= 1


def test_the_spread_of_the_draws_by_hand():
    """Variances add: haul 2000 x 0.02 = 40; rock 100 x sqrt((0.5 x 2)^2 + (0.05 x 10)^2 + (0.05 x 2)^2) = 112.2; cement 10 x 40 = 400."""
    calculated = calculation(SMALL)
    draws = system_draws(calculated.lca(uncertain=True), calculated.systems(), 4000, 5).scores[:, calculated.systems().index(CHANGE)]
    assert draws.mean() == pytest.approx(-8300, abs=4 * 417.4 / np.sqrt(4000))
    assert draws.std(ddof=1) == pytest.approx(np.sqrt(40**2 + 112.2**2 + 400**2), rel=0.06)


def test_a_draw_is_shared_by_plan_and_reference():
    calculated = calculation(SMALL)
    names = [calculated.inventory.processes.key[row] for row in calculated.systems()]
    draws = pd.DataFrame(system_draws(calculated.lca(uncertain=True), calculated.systems(), 30, 2).scores, columns=names)
    assert (draws["system:planned"] - draws["system:reference"]).to_numpy() == pytest.approx(draws["system:change"], rel=1e-6)


def test_the_package_gives_brightway_the_same_score(tmp_path):
    path = write_package(SMALL, tmp_path / "small.zip")
    package = bwp.load_datapackage(generic_zipfile_filesystem(dirpath=tmp_path, filename="small.zip", write=False))
    about = package.get_resource("about")[0]
    lca = bw2calc.LCA({about["demand"]["change"]: 1}, data_objs=[path])
    lca.lci()
    lca.lcia()
    assert lca.score == pytest.approx(-8300, rel=1e-12)
    labels = package.get_resource("labels")[0]
    assert labels.set_index("id").loc[about["demand"]["change"], "key"] == "system:change"
    write_package(SMALL, path)  # an older file gives way
    assert path.stat().st_size > 0


def test_openlca_is_whole_and_gives_the_same_score(tmp_path):
    path = write_openlca(SMALL, tmp_path / "small.zip")
    with ZipFile(path) as archive:
        names = archive.namelist()
        assert json.loads(archive.read("olca-schema.json")) == {"version": 2}
        entities = {json.loads(archive.read(name))["@id"]: json.loads(archive.read(name)) for name in names[1:]}
        assert all(name.split("/")[1] == f"{json.loads(archive.read(name))['@id']}.json" for name in names[1:])
    with ZipReader(path) as reader:
        ids = {
            kind: [key for key, entity in entities.items() if entity["@type"] == kind.__name__]
            for kind in (olca.Process, olca.Flow, olca.FlowProperty, olca.UnitGroup, olca.ImpactCategory, olca.ImpactMethod)
        }
        read = {kind: [reader.read(kind, key) for key in keys] for kind, keys in ids.items()}
    assert [len(found) for found in read.values()] == [9, 11, 4, 4, 1, 1]
    units = {unit.id for group in read[olca.UnitGroup] for unit in group.units}
    for process in read[olca.Process]:
        assert sum(bool(exchange.is_quantitative_reference) for exchange in process.exchanges) == 1
        for exchange in process.exchanges:
            assert exchange.flow.id in ids[olca.Flow]
            assert exchange.unit.id in units
            assert exchange.flow_property.id in ids[olca.FlowProperty]
            assert exchange.default_provider is None or exchange.default_provider.id in ids[olca.Process]
    assert _olca_score(read[olca.Process], read[olca.ImpactCategory][0]) == pytest.approx(-8300, rel=1e-12)


def _olca_score(processes, category):
    """Solve what was read: inputs are taken, avoided products given back, everything else is made or emitted."""
    factor = {each.flow.id: each.value for each in category.impact_factors}
    made = {each.flow.id: row for row, process in enumerate(processes) for each in process.exchanges if each.is_quantitative_reference}
    matrix, weight = np.zeros((len(processes), len(processes))), np.zeros(len(processes))
    for column, process in enumerate(processes):
        for each in process.exchanges:
            if each.flow.id in made:
                matrix[made[each.flow.id], column] += -each.amount if each.is_input and not each.is_avoided_product else each.amount
            else:
                weight[column] += factor[each.flow.id] * each.amount
    demand = np.array([float(process.name == "change") for process in processes])
    return weight @ np.linalg.solve(matrix, demand)


def database(path, factor=7.0):
    """A small database: cement (1) takes 2 of coal (2); coal emits 50 of flow 3, cement 100; a method weighs flow 3."""
    package = bwp.create_datapackage(fs=generic_zipfile_filesystem(dirpath=path.parent, filename=path.name, write=True), name="theirs")
    _add(package, "technosphere", [(1, 1, 1.0), (2, 2, 1.0)])
    _add(package, "technosphere", [(2, 1, 2.0)], flip=True)
    _add(package, "biosphere", [(3, 1, 100.0), (3, 2, 50.0)])
    package.finalize_serialization()
    method = path.with_name("method.zip")
    package = bwp.create_datapackage(fs=generic_zipfile_filesystem(dirpath=path.parent, filename=method.name, write=True), name="method")
    _add(package, "characterization", [(3, 3, factor)])
    package.finalize_serialization()
    return str(path), str(method)


def _add(package, matrix, rows, *, flip=False):
    indices = np.array([row[:2] for row in rows], dtype=np.int64)
    found = np.empty(len(rows), dtype=bwp.INDICES_DTYPE)
    found["row"], found["col"] = indices.T
    data = np.array([row[2] for row in rows])
    signs = {"flip_array": np.ones(len(rows), dtype=bool)} if flip else {}
    package.add_persistent_vector(
        matrix=f"{matrix}_matrix", name=f"{matrix}{'-taken' if flip else ''}", indices_array=found, data_array=data, **signs
    )


def test_a_database_supplies_a_product(tmp_path):
    """A unit of theirs is 100 + 2 x 50 = 200 of flow 3, which is CO2; one of our cement is 4 of theirs, 800: the score stays -8300.

    With 3 of theirs it is 600, so the change is 200 - 500 - 6000 = -6300."""
    source, _ = database(tmp_path / "theirs.zip")
    for units, expected in ((4.0, -8300.0), (3.0, -6300.0)):
        background = Background(source, {"product:cement": (1, units), "flow:co2": (3, 1.0)})
        assert score(SMALL, background=background) == pytest.approx(expected)


def test_a_method_of_the_user_is_unknown_until_everything_is_supplied(tmp_path):
    """All of ours on their coal, 50 of flow 3 at 7 each, so 350 a unit of haul (2000), rock (-50), cement (-10) and outlet (100)."""
    source, method = database(tmp_path / "theirs.zip")
    keys = ("product:cement", "product:rock", "haul:truck", "outlet:road")
    part = calculation(SMALL, "eco", Background(source, dict.fromkeys(keys[:1], (2, 1.0)), {"eco": method}))
    assert part.unknown(CHANGE) == ["Road", "Rock", "Truck"]
    whole = calculation(SMALL, "eco", Background(source, dict.fromkeys(keys, (2, 1.0)), {"eco": method}))
    assert whole.unknown(CHANGE) == []
    assert scored(whole.lca(), CHANGE) == pytest.approx(350 * (2000 - 50 - 10 + 100))
    with pytest.raises(OptionError, match="It has: eco"):
        calculation(SMALL, "acid", Background(source, {}, {"eco": method}))


def test_all_wrong_suppliers_are_told_at_once(tmp_path):
    source, _ = database(tmp_path / "theirs.zip")
    with pytest.raises(UnknownNameError, match=r"(?s)product:cement: the background has no '99'.*cemnt: write product:"):
        calculation(SMALL, background=Background(source, {"product:cement": (99, 1.0), "cemnt": (1, 1.0)}))
    assert calculation(SMALL, background=Background(source, {"product:not_in_this_plan": (1, 1.0)})).bound.supplied == {}


def test_a_source_that_is_none(tmp_path):
    broken = tmp_path / "broken.zip"
    broken.write_text("no archive")
    with pytest.raises(ReadError, match="no Brightway data package"):
        calculation(SMALL, background=Background(str(broken)))


def test_suppliers_are_read_from_a_table(tmp_path):
    path = tmp_path / "suppliers.csv"
    path.write_text("process,supplier,amount\nproduct:cement,1,4\nhaul:truck,eco/lorry,0.001\n", encoding="utf-8")
    assert read_suppliers(path) == {"product:cement": (1, 4.0), "haul:truck": ("eco/lorry", 0.001)}
    path.write_text("process,supplier,amount\nproduct:cement,1,much\n", encoding="utf-8")
    with pytest.raises(ReadError, match="line 2 has no amount"):
        read_suppliers(path)
    path.write_text("process,supplier\nproduct:cement,1\n", encoding="utf-8")
    with pytest.raises(ReadError, match="column amount is missing"):
        read_suppliers(path)
    with pytest.raises(ReadError, match="cannot be read"):
        read_suppliers(tmp_path / "none.csv")


def test_tables_with_gaps_are_told():
    rows = pd.DataFrame({"process": ["a"], "product": ["a"], "amount": [1.0], "unit": ["t"]})
    tables = {
        "exchanges": rows,
        "interventions": pd.DataFrame({"process": ["a"], "flow": ["x"], "amount": [1.0]}),
        "factors": pd.DataFrame({"flow": ["y"], "name": ["Y"], "factor": [1.0]}),
        "demand": pd.DataFrame({"product": ["b"], "amount": [1.0]}),
    }
    with pytest.raises(UnknownNameError, match="b, x"):
        inventory_of(tables, "gaps")


def test_a_plan_on_a_database_of_the_user(tmp_path):
    """Fertiliser and rock come as 1 and 0.01 of their cement, 200 of CO2 a unit; everything else keeps the score that it had."""
    source, method = database(tmp_path / "theirs.zip")
    plan = sv.plan("three_sites")
    base = sv.lifecycle(plan, runs=0)
    own = base.contributions[(base.contributions["network"] == "proven") & (base.contributions["view"] == "emitter")].set_index("process")
    suppliers = {"product:fertiliser": (1, 1.0), "product:rock": (1, 0.01), "flow:co2": (3, 1.0)}
    found = sv.lifecycle(plan, background=Background(source, suppliers), runs=100)
    less = own["amount"]["product:fertiliser"] * 200 + own["amount"]["product:rock"] * 0.01 * 200
    kept = own["score"].drop(["product:fertiliser", "product:rock"]).sum()
    assert found.change() == pytest.approx(less + kept)
    assert set(found.contributions.query("view == 'emitter'")["kind"]) >= {"background", "plant"}
    assert found.scores["low"].notna().all()
    blind = sv.lifecycle(plan, "eco", Background(source, suppliers, {"eco": method}), runs=20)
    assert blind.scores["value"].isna().all()
    assert blind.scores["unknown"].str.startswith("The background supplies nothing for").all()
