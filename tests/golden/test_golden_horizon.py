"""One small program with all families that join the periods of a horizon, as text; --accept takes a change that is meant."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.engine.worlds import ROCK, SLAG, accepts, base, costs, fate, matched, plant, technology
from tests.heat_worlds import heated

from sivuvirta.domain.controls import Control
from sivuvirta.domain.pathways import Horizon, HorizonYear, PathwayOptions, Period
from sivuvirta.ledger.reference import reference
from sivuvirta.lp.model import Model
from sivuvirta.lp.text import family_text
from sivuvirta.plan.horizon.families import JOINING, horizon_program

HERE = Path(__file__).parent / "horizon"


def crusher():
    """Slag is crushed to rock under a permit, sold or sent to a heap; stores hold some of either; a contract and a promise are kept."""
    made = technology("crushing", {"feed": (SLAG, 1, 1, None)}, {"rock": (ROCK, "product", 1.0)}, lifetime=2, staff=2)
    streams = [{"stream": "slag", "site": "s0", "material": SLAG, "amount": 1200, "season": "5-10"}]
    needs = [
        {"need": "road", "site": "s2", "amount": 500, "price": 20},
        {"need": "yard", "site": "s1", "amount": 100, "price": 9, "minimum": 30},
    ]
    fates = [fate("slag", "stored", 5, share=90), fate("slag", "sold", -1, capacity=120, share=10)]
    stocks = [
        {"stock": "store", "stream": "slag", "site": "s0", "capacity": 400, "handling": 2, "loss": 19, "grade": "A", "source": "invented"}
    ]
    tables = base(
        streams,
        needs,
        fates=fates,
        acceptances=[accepts("road", ROCK), accepts("yard", SLAG)],
        links=costs(),
        plants=[plant("crusher", "crushing", "s0", capacity_min=50, capacity_max=800, permit="works")],
        permits=[{"permit": "works", "site": "s0", "capacity": 600, "source": "invented"}],
        stocks=stocks,
        contracts=[{"contract": "deal", "origin": "slag", "destination": "yard", "minimum": 20, "maximum": 60, "source": "invented"}],
        **made,
    )
    stocks.append({**stocks[0], "stock": "bay", "stream": None, "plant": "crusher", "output": "rock", "capacity": 100})
    start = {"table": "stocks", "subject": "store", "vintage": "now", "value": 50, "status": "observed", "grade": "A", "source": "invented"}
    tables["quantities"].append(start)
    return tables


def program():
    """Two years of two halves, the second standing for three."""
    limits = {
        "budget": 90_000.0,
        "co2_limit": 20.0,
        "disposal_limit": 1_000.0,
        "virgin_limit": 500.0,
        "traffic_limit": 1e6,
        "jobs_least": 0.0,
    }
    periods = [
        Period(year=year, period=name, months=months, **limits, years=1 if year == 2024 else 3)
        for year in (2024, 2025)
        for name, months in (("winter", "11-4"), ("summer", "5-10"))
    ]
    matches = matched(crusher())
    years = [HorizonYear(year, matches, reference(matches.links), np.zeros(len(matches.routes))) for year in (2024, 2025)]
    controls = [Control(origin="slag", destination="yard", most=90), Control(plant="crusher", built=True, year=2024)]
    return horizon_program(years, Horizon("two", periods), PathwayOptions(budget=150_000, co2_limit=60, controls=controls, changes=3)).lp


def piped():
    """Two years of heat through a pipe, with a budget each."""
    matches = matched(heated())
    years = [HorizonYear(year, matches, reference(matches.links), np.zeros(len(matches.routes))) for year in (2024, 2025)]
    return horizon_program(years, Horizon("two", [Period(year=year.year, budget=650_000.0) for year in years])).lp


@pytest.fixture(scope="module")
def lp():
    return program()


def test_no_joining_family_lacks_a_golden_text():
    assert sorted(path.stem for path in HERE.glob("*.lp")) == sorted(family.__name__ for family in JOINING)


@pytest.mark.parametrize("family", [family.__name__ for family in JOINING])
def test_joining_family(lp, family, request):
    text = family_text(piped() if family == "laid" else lp, family)
    assert text, "the small region does not show this family at work"
    path = HERE / f"{family}.lp"
    if request.config.getoption("--accept", default=False):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_stocks_join_the_supply_of_each_period(lp):
    text = family_text(lp, "supply", "2025.summer")
    assert "+ 1 put(2025.summer,store) - 1 take(2025.summer,store) = 1200" in text


def test_it_has_an_optimum(lp):
    assert Model(lp).solve().status == "optimal"
