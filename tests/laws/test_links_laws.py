"""What holds for the links of every region: the order of rows and the choice of units say nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import region
from sivuvirta.domain.links import ArcKind, Links
from sivuvirta.domain.region import Region
from sivuvirta.domain.table import Table
from sivuvirta.links import build

Rows = dict[str, list[dict[str, Any]]]
NUMBERS = (
    "ratio",
    "sent",
    "km",
    "tkm",
    "trips",
    "payment",
    "capacity",
    "today",
    "share_low",
    "share_high",
    "grade",
    "grade_km",
    "grade_eur",
    "grade_co2",
)
MATRICES = ("eur", "eur_sd", "co2", "co2_sd")
CLASSES = ("slag", "slag.steel", "slag.steel.fines", "ash")
SITES, PLACES = 5, 4


@st.composite
def registers(draw: st.DrawFn) -> Rows:
    """Small registers with everything in them that links read: parts, zones, overrides, plants, residues, markets."""
    count = st.integers(1, 5)
    number = st.floats(1, 100).map(lambda value: round(value, 2))
    pick = st.sampled_from
    places = [{"place": f"p{n}", "name": "", "lat": 65 + n / 10, "lon": 24.0} for n in range(PLACES)]
    ends = st.integers(0, PLACES - 1)
    roads = [
        {"road": f"r{n}", "from_place": f"p{draw(ends)}", "to_place": f"p{draw(ends)}", "km": draw(number), "grade": draw(pick("ABCD"))}
        for n in range(draw(count))
    ]
    sites = [
        {"site": f"s{n}", "name": "", "place": f"p{n % PLACES}", "access_km": draw(number), "organisation": f"o{n}"} for n in range(SITES)
    ]
    site = st.integers(0, SITES - 1).map(lambda n: f"s{n}")
    streams = [
        {
            "stream": f"i{n}",
            "name": "",
            "site": draw(site),
            "material": draw(pick(CLASSES)),
            "moisture": draw(number) / 2,
            "gate_price": draw(number),
        }
        for n in range(draw(count))
    ]
    streams += [{**draw(pick(streams)), "stream": f"part{n}", "parent": "i0", "part": draw(pick(("split", "subset")))} for n in range(2)]
    needs = [
        {
            "need": f"j{n}",
            "name": "",
            "site": draw(site),
            "material": "ash",
            "kind": draw(pick(("need", "market"))),
            "product": "rock",
            "price": 3,
        }
        for n in range(draw(count))
    ]
    needs.append({"need": "area", "name": "", "zone": "z", "material": "ash"})
    keys = [row["need"] for row in needs]
    accepted = {(draw(pick(keys)), draw(pick((*CLASSES, "powder")))): draw(number) for _ in range(8)}
    links = {(draw(pick(("s0", "p1", "i0"))), draw(pick(("s1", "j0", "p2"))), draw(pick((None, "train")))): draw(number) for _ in range(4)}
    return {
        "materials": [{"material": key, "carrier": "solid", "unit": "t", "name_en": key} for key in (*CLASSES, "powder", "dust")],
        "places": places,
        "zones": [{"zone": "z", "name": "", "kind": "market", "place": "p2"}],
        "roads": roads,
        "sites": sites,
        "modes": [
            {
                "mode": key,
                "name": "",
                "kind": kind,
                "carriers": ("solid",),
                "payload": 40,
                "cost": cost,
                "handling": 1,
                "co2": 0.1,
                "grade": "B",
            }
            for key, kind, cost in (("truck", "road", 0.1), ("tractor", "road", 0.3), ("train", "rail", 0.02))
        ],
        "products": [{"product": "rock", "name": "", "material": "ash", "unit": "t"}],
        "prices": [
            {
                "price": f"x{n}",
                "subject": "rock",
                "name": "",
                "kind": "product",
                "value": draw(number),
                "low": 1,
                "high": 99,
                "unit": "EUR/t",
                "year": year,
            }
            for n, year in enumerate((2022, 2026, 2026))
        ],
        "factors": [{"factor": "x", "subject": "rock", "name": "", "kind": "product", "value": draw(number), "unit": "kgCO2e/t"}],
        "streams": streams,
        "needs": needs,
        "acceptances": [
            {"need": need, "material": key, "ratio": ratio, "price": 2, "grade": "B"} for (need, key), ratio in accepted.items()
        ],
        "fates": [
            {
                "fate": f"f{n}",
                "stream": draw(pick(streams))["stream"],
                "name": "",
                "kind": draw(pick(("sold", "landfill"))),
                "share": draw(number),
                "fee": 5,
            }
            for n in range(draw(count))
        ],
        "quantities": [
            {"table": table, "subject": row[key], "vintage": "now", "value": 10 * draw(number), "low": 1, "grade": "B"}
            for table, key, rows in (("streams", "stream", streams), ("needs", "need", needs))
            for row in rows
        ],
        "links": [
            {"origin": start, "destination": end, "mode": mode, "cost": cost, "banned": cost > 90}
            for (start, end, mode), cost in links.items()
        ],
        "technologies": [
            {
                "technology": "mill",
                "name": "",
                "activity": "",
                "reference_capacity": 100,
                "capex": 1e5,
                "lifetime": 15,
                "electricity": 10,
                "grade": "B",
            }
        ],
        "plants": [
            {
                "plant": f"k{n}",
                "name": "",
                "technology": "mill",
                "site": draw(site),
                "status": draw(pick(("existing", "candidate"))),
                "grade": "B",
            }
            for n in range(2)
        ],
        "recipe_inputs": [
            {"technology": "mill", "slot": slot, "material": key, "amount_low": 1, "amount_high": 2, "kind": kind, "product": product}
            for slot, key, kind, product in (
                ("feed", "slag", "feed", None),
                ("feed", "slag.steel", "feed", None),
                ("binder", "ash", "reagent", "rock"),
            )
        ],
        "recipe_outputs": [
            {"technology": "mill", "output": output, "slot": slot, "makes": output, "kind": kind, "yield": eta, "material": key}
            for output, slot, kind, eta, key in (
                ("powder", "feed", "product", 0.75, None),
                ("dust", "feed", "emission", 0.25, None),
                ("powder", "feed", "product", 0.5, "slag.steel"),
                ("dust", "feed", "emission", 0.5, "slag.steel"),
                ("powder", "binder", "product", 1.0, None),
            )
        ],
    }


def arcs_by_name(links: Links) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Every arc by what it joins, with all its coefficients."""
    arcs, nodes, works = links.arcs, links.nodes, links.works
    slots = [*works.slots.name.tolist(), ""]
    outputs = [*works.outputs.name.tolist(), ""]
    modes = [*links.modes, ""]
    yields: dict[int, list[tuple[str, float]]] = {}
    for arc, output, eta in zip(works.yields.arc.tolist(), works.yields.output.tolist(), works.yields.eta.tolist(), strict=True):
        yields.setdefault(arc, []).append((outputs[output], eta))
    return {
        (
            ArcKind(arcs.kind[row]).name,
            nodes.label(arcs.origin[row]),
            nodes.label(arcs.destination[row]),
            slots[arcs.slot[row]],
            outputs[arcs.output[row]],
            links.materials[arcs.material[row]],
        ): (
            modes[arcs.mode[row]],
            [links.region.table("roads")["road"][road] for road in links.paths.edges(int(arcs.pair[row]))],
            sorted(yields.get(row, [])),
            [float(getattr(arcs, name)[row]) for name in NUMBERS],
            [getattr(arcs, name)[row].tolist() for name in MATRICES],
        )
        for row in range(len(arcs))
    }


def shuffled(whole: Region, seed: int) -> Region:
    """The same rows of every table in another order."""
    chance = np.random.default_rng(seed)
    return evolve(whole, tables={name: part.take(chance.permutation(len(part))) for name, part in whole.tables.items()})


@settings(max_examples=60, deadline=None)
@given(registers(), st.integers(0, 2**32 - 1))
def test_the_order_of_rows_says_nothing(rows: Rows, seed: int) -> None:
    whole = region(**rows)
    one, other = build(whole), build(shuffled(whole, seed))
    first, second = arcs_by_name(one), arcs_by_name(other)
    assert len(first) == len(one.arcs)
    assert first.keys() == second.keys()
    for key, found in first.items():
        assert found[:3] == second[key][:3]
        assert found[3] == pytest.approx(second[key][3], rel=1e-12, nan_ok=True)
        for mine, theirs in zip(found[4], second[key][4], strict=True):
            assert mine == pytest.approx(theirs, rel=1e-12)
    assert one.notes == other.notes


def rescaled(whole: Region, tonne: float) -> Region:
    """The same region with products counted in another unit, `tonne` of them a tonne."""
    tables = dict(whole.tables)
    tables["acceptances"] = _times(tables["acceptances"], tonne, "ratio")
    tables["needs"] = _times(tables["needs"], 1 / tonne, "price")
    tables["prices"] = _times(tables["prices"], 1 / tonne, "value", "low", "high")
    tables["factors"] = _times(tables["factors"], 1 / tonne, "value")
    demand = np.where(tables["quantities"]["table"] == "needs", tonne, 1.0)
    tables["quantities"] = _times(tables["quantities"], demand, "value", "low")
    return evolve(whole, tables=tables)


def _times(table: Table, factor: Any, *columns: str) -> Table:
    return evolve(table, columns={**table.columns, **{name: table[name] * factor for name in columns}})


@settings(max_examples=30, deadline=None)
@given(registers(), st.sampled_from([0.001, 2.0, 1000.0]))
def test_the_unit_of_a_product_says_nothing(rows: Rows, tonne: float) -> None:
    """What a unit of stream does at a need is worth the same in euros and kg, in whatever unit the product is counted."""
    whole = region(**rows)
    one, other = build(whole), build(rescaled(whole, tonne))
    assert one.arcs.kind.tolist() == other.arcs.kind.tolist()
    bought = np.isin(one.arcs.kind, [ArcKind.BUY, ArcKind.REAGENT])
    per_unit = np.where(bought, tonne, 1.0)
    for name in MATRICES:
        np.testing.assert_allclose(getattr(one.arcs, name), getattr(other.arcs, name) * per_unit[:, None], rtol=1e-12, atol=1e-12)
    buys = one.arcs.kind == ArcKind.BUY
    np.testing.assert_allclose(one.arcs.today[buys] * tonne, other.arcs.today[buys], rtol=1e-12)
    np.testing.assert_allclose(one.arcs.payment, other.arcs.payment, rtol=1e-12)


@settings(max_examples=60, deadline=None)
@given(registers())
def test_every_tonne_has_a_way_out_and_todays_outlets_take_all_of_it(rows: Rows) -> None:
    links = build(region(**rows))
    arcs = links.arcs
    fates = arcs.kind == ArcKind.FATE
    today = np.bincount(arcs.origin[fates], weights=arcs.today[fates], minlength=len(links.supply.value))
    np.testing.assert_allclose(today, links.supply.value, rtol=1e-12)
    assert np.isfinite(arcs.eur).all()
    assert np.isfinite(arcs.co2).all()
    assert (arcs.eur_sd >= 0).all()
    assert (arcs.sent >= 1).all()


@settings(max_examples=60, deadline=None)
@given(registers())
def test_parts_neither_add_to_nor_take_from_a_whole_that_is_split(rows: Rows) -> None:
    """With parts that sum to their parent, what flows is what the streams without a parent have."""
    amounts = {row["subject"]: row for row in rows["quantities"] if row["table"] == "streams"}
    parts = [row for row in rows["streams"] if row.get("parent")]
    split = [row["stream"] for row in parts if row["part"] == "split"]
    for key in split:
        amounts[key]["value"] = amounts["i0"]["value"] / len(split)
    for row in parts:
        if row["part"] == "subset":
            amounts[row["stream"]]["value"] = amounts["i0"]["value"] / 10
    links = build(region(**rows))
    whole = sum(amounts[row["stream"]]["value"] for row in rows["streams"] if not row.get("parent"))
    assert links.supply.value.sum() == pytest.approx(whole, rel=1e-12)


@settings(max_examples=30, deadline=None)
@given(registers(), st.sampled_from(["rail", "sea", "road"]), st.floats(1, 300), st.integers(0, 3), st.integers(0, 3))
def test_a_lane_between_terminals_makes_no_haul_dearer(rows: Rows, kind: str, km: float, one: int, other: int) -> None:
    """A way over terminals is taken only where it is cheaper; kinds that no mode uses change nothing."""
    lane = {"road": "lane", "from_place": f"p{one}", "to_place": f"p{other}", "km": round(km, 2), "kind": kind, "grade": "B"}
    before, after = build(region(**rows)), build(region(**{**rows, "roads": [*rows["roads"], lane]}))
    known, found = (arcs_by_name(links) for links in (before, after))
    assert known.keys() <= found.keys()
    haul = slice(0, 2)  # transport and handling
    for key, coefficients in known.items():
        now = found[key]
        if kind == "sea":
            assert now == coefficients or str(now) == str(coefficients)
        elif kind == "rail" and np.isfinite(coefficients[4][0]).all():
            assert sum(now[4][0][haul]) <= sum(coefficients[4][0][haul]) * (1 + 1e-9) + 1e-9
