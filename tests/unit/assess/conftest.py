"""A region of twelve nodes and nine arcs, small enough to do every sum on paper.

Slag goes to a heap today (5 EUR/t). In the plan 40 t of it replace gravel in a road, 50 t go with 5 t of soda into a new mill that sells
45 t and sends 10 t to a landfill, and 10 t stay on the heap. Mine rock and gas go where they went.
"""

from __future__ import annotations

import numpy as np
import pytest

from sivuvirta.domain.ledger import Ledger, Operations
from sivuvirta.domain.links import (
    CO2_TERMS,
    EUR_TERMS,
    Amounts,
    ArcKind,
    Arcs,
    Demands,
    Links,
    NodeKind,
    Nodes,
    Outputs,
    Paths,
    Recoveries,
    Slots,
    Works,
    Yields,
)
from sivuvirta.domain.region import Region
from sivuvirta.domain.table import Table
from sivuvirta.ledger.reference import idle, reference

A, B, C, D = range(4)
SLAG, ROCK, GAS, MILL, ROAD, MARKET, HEAP, PILE, BOILER, SLUDGE, GRAVEL, SODA = range(12)


def table(table_name, key, /, **columns):
    arrays = {column: np.array(values, dtype=float if isinstance(values[0], float) else object) for column, values in columns.items()}
    return Table(table_name, key, arrays)


def region():
    nan = float("nan")
    tables = [
        table("streams", ("stream",), stream=["slag", "rock", "gas"], low_code=["10 02 02", "01 01 01", None]),
        table(
            "fates",
            ("fate",),
            fate=["heap", "pile", "boiler", "sludge"],
            kind=["stored", "stored", "energy", "landfill"],
            site=[None, None, None, None],
            zone=[None, None, None, None],
            product=[None, None, "oil", None],
            ratio=[nan, nan, 0.5, nan],
        ),
        table("products", ("product",), product=["gravel", "soda", "oil"], name=["Gravel", "Soda", "Oil"], unit=["t", "t", "MWh"]),
        table("materials", ("material",), material=["slag", "gas", "binder", "gravel", "soda"], unit=["t", "MWh", "t", "t", "t"]),
        table("organisations", ("organisation",), organisation=["works", "mine", "town"], name=["Works Ltd", "Mine Ltd", "Town"]),
        table("modes", ("mode",), mode=["truck"], empty_return=[True]),
        table("technologies", ("technology",), technology=["milling"], activity_unit=["t"]),
        table(
            "roads",
            ("road",),
            road=["west", "east", "north"],
            number=["1", "2", "3"],
            from_place=["a", "b", "a"],
            to_place=["b", "c", "d"],
            km=[10.0, 10.0, 99.0],
            heavy_traffic=[10.0, nan, 5.0],
            threshold=[12.0, nan, nan],
            grade=["B", None, "A"],
            kind=["road", "road", "road"],
        ),
    ]
    return Region(name="paper", tables={each.name: each for each in tables}, library={}, vintage="now")


def nodes():
    kind = [NodeKind.STREAM] * 3 + [NodeKind.PLANT] + [NodeKind.NEED] * 2 + [NodeKind.FATE] * 4 + [NodeKind.PRODUCT] * 2
    ids = ["slag", "rock", "gas", "mill", "road", "market", "heap", "pile", "boiler", "sludge", "gravel", "soda"]
    owner = ["works", "mine", "works", "investor", "town", None, None, None, None, None, None, None]
    return Nodes(
        id=np.array(ids, dtype=object),
        kind=np.array(kind, dtype=np.int8),
        name=np.array([name.capitalize() for name in ids], dtype=object),
        site=np.array([None] * 12, dtype=object),
        organisation=np.array(owner, dtype=object),
        carrier=np.array(["solid"] * 12, dtype=object),
        unit=np.array(["t", "t", "MWh", "t", "t", "t", "t", "t", "MWh", "t", "t", "t"], dtype=object),
        lat=np.full(12, np.nan),
        lon=np.full(12, np.nan),
    )


# kind, origin, destination, material, eur by term, sd by term, kg by term, km, trips, payment, today, grade
ARCS = (
    (ArcKind.FATE, SLAG, HEAP, 0, {"fee": 5}, {"fee": 0.5}, {}, 0, 0, 0, 100, B),
    (ArcKind.FATE, ROCK, PILE, 0, {"tax": 1}, {}, {}, 0, 0, 0, 1000, A),
    (ArcKind.FATE, GAS, BOILER, 1, {"revenue": -20}, {}, {"displaced": -100}, 0, 0, 0, 50, C),
    (ArcKind.DIRECT, SLAG, ROAD, 0, {"transport": 4, "handling": 2}, {"transport": 0.3}, {"transport": 1}, 10, 3.65, 3, 0, B),
    (ArcKind.FEED, SLAG, MILL, 0, {}, {}, {}, 0, 0, 0, 0, B),
    (ArcKind.DELIVER, MILL, MARKET, 2, {"transport": 3, "revenue": -30}, {"transport": 0.2}, {"transport": 2}, 20, 7.3, 0, 0, C),
    (ArcKind.RESIDUE, MILL, SLUDGE, 2, {"fee": 8, "tax": 10}, {}, {"outlet": 4}, 0, 0, 0, 0, D),
    (ArcKind.BUY, GRAVEL, ROAD, 3, {"purchase": 12}, {"purchase": 1}, {"purchase": 5}, 0, 0, 0, 60, B),
    (ArcKind.REAGENT, SODA, MILL, 4, {"purchase": 200}, {"purchase": 10}, {"purchase": 300}, 0, 0, 0, 0, B),
)


def arcs():
    kind, origin, destination, material, eur, sd, co2, km, trips, payment, today, grade = zip(*ARCS, strict=True)
    count = len(ARCS)
    km = np.array(km, dtype=float)
    matrix = lambda rows, terms: np.array([[row.get(term, 0.0) for term in terms] for row in rows], dtype=float)  # noqa: E731
    return Arcs(
        kind=np.array(kind, dtype=np.int8),
        origin=np.array(origin, dtype=np.int32),
        destination=np.array(destination, dtype=np.int32),
        slot=np.array([-1, -1, -1, -1, 0, -1, -1, -1, 1], dtype=np.int32),
        output=np.array([-1, -1, -1, -1, -1, 0, 1, -1, -1], dtype=np.int32),
        acceptance=np.full(count, -1, dtype=np.int32),
        material=np.array(material, dtype=np.int32),
        ratio=np.array([np.nan, np.nan, np.nan, 1, np.nan, 1, np.nan, 1, np.nan]),
        sent=np.ones(count),
        km=km,
        mode=np.where(km > 0, 0, -1).astype(np.int16),
        pair=np.array([-1, -1, -1, 0, -1, 1, -1, -1, -1], dtype=np.int32),
        tkm=km.copy(),
        trips=np.array(trips, dtype=float),
        eur=matrix(eur, EUR_TERMS),
        eur_sd=matrix(sd, EUR_TERMS),
        co2=matrix(co2, CO2_TERMS),
        co2_sd=0.1 * np.abs(matrix(co2, CO2_TERMS)),
        payment=np.array(payment, dtype=float),
        capacity=np.full(count, np.inf),
        today=np.array(today, dtype=float),
        share_low=np.full(count, np.nan),
        share_high=np.full(count, np.nan),
        grade=np.array(grade, dtype=np.int8),
        grade_km=np.zeros(count, dtype=np.int8),
    )


def works():
    one = lambda value: np.array([value], dtype=float)  # noqa: E731
    flag = np.array([False])
    return Works(
        node=np.array([MILL], dtype=np.int32),
        technology=np.array(["milling"], dtype=object),
        candidate=np.array([True]),
        capacity=one(0),
        size_min=one(0),
        size_max=one(np.inf),
        eur=np.array([[6.0, 1.0]]),
        eur_sd=np.array([[0.2, 0.0]]),
        co2=np.array([[7.0, 2.0]]),
        co2_sd=np.array([[1.0, 0.0]]),
        curve_size=np.array([[10.0, 100.0]]),
        curve_capex=np.array([[200.0, 1600.0]]),
        annuity=one(0.13),
        annuity_only=one(0.1),
        fixed=one(0),
        per_size=one(0),
        capex_sd=one(0.2),
        mixes=flag,
        recovery=flag,
        hazardous_ok=flag,
        staff=one(0.04),
        grade=np.array([C], dtype=np.int8),
        slots=Slots(
            plant=np.array([0, 0], dtype=np.int32),
            name=np.array(["feed", "reagent"], dtype=object),
            low=np.array([1.0, 0.1]),
            high=np.array([1.0, 0.1]),
            feed=np.array([True, False]),
        ),
        outputs=Outputs(
            plant=np.array([0, 0], dtype=np.int32),
            name=np.array(["binder", "sludge"], dtype=object),
            kind=np.array(["product", "residue"], dtype=object),
            material=np.array([2, 2], dtype=np.int32),
            status=np.array(["product", "waste"], dtype=object),
        ),
        yields=Yields(
            arc=np.array([4, 4, 8], dtype=np.int32),
            output=np.array([0, 1, 0], dtype=np.int32),
            eta=np.array([0.8, 0.2, 1.0]),
            eta_sd=np.zeros(3),
            grade=np.full(3, C, dtype=np.int8),
        ),
        recoveries=Recoveries(
            output=np.zeros(0, dtype=np.int32),
            component=np.zeros(0, dtype=object),
            material=np.zeros(0, dtype=object),
            rho=np.zeros(0),
            grade=np.zeros(0, dtype=np.int8),
        ),
    )


def amounts(node, value, low, high, grade):
    return Amounts(
        node=np.array(node, dtype=np.int32),
        value=np.array(value, dtype=float),
        low=np.array(low, dtype=float),
        high=np.array(high, dtype=float),
        grade=np.array(grade, dtype=np.int8),
    )


@pytest.fixture(scope="session")
def links():
    return Links(
        region=region(),
        nodes=nodes(),
        arcs=arcs(),
        works=works(),
        paths=Paths(start=np.array([0, 1, 3], dtype=np.int32), edge=np.array([0, 0, 1], dtype=np.int32)),
        supply=amounts([SLAG, ROCK, GAS], [100, 1000, 50], [83.55, 1000, 50], [116.45, 1000, 50], [B, A, C]),
        demand=Demands(
            amounts=amounts([ROAD, MARKET], [60, 200], [60, 200], [60, 200], [C, B]),
            minimum=np.zeros(2),
            market=np.array([False, True]),
            product=np.array(["gravel", None], dtype=object),
        ),
        materials=("slag", "gas", "binder", "gravel", "soda"),
        modes=("truck",),
        notes={},
    )


@pytest.fixture(scope="session")
def today(links):
    return reference(links)


@pytest.fixture(scope="session")
def planned(links):
    return Ledger(
        links=links,
        name="planned",
        status="planned",
        arc=np.arange(9, dtype=np.int32),
        amount=np.array([10.0, 1000, 50, 40, 50, 45, 10, 20, 5]),
        verdict=np.array([-1, -1, -1, 0, 2, 2, -1, -1, -1], dtype=np.int8),
        grade=np.array([B, A, C, B, C, C, D, C, B], dtype=np.int8),
        operations=Operations(
            activity=np.array([50.0]), size=np.array([100.0]), built=np.array([True]), capex=np.array([1000.0]), fixed=np.array([130.0])
        ),
    )


@pytest.fixture(scope="session")
def proven(links):
    """Without the mill: 40 t to the road, 60 t on the heap."""
    return Ledger(
        links=links,
        name="proven",
        status="planned",
        arc=np.array([0, 1, 2, 3, 7], dtype=np.int32),
        amount=np.array([60.0, 1000, 50, 40, 20]),
        verdict=np.array([-1, -1, -1, 0, -1], dtype=np.int8),
        grade=np.array([B, A, C, B, C], dtype=np.int8),
        operations=idle(links),
    )
