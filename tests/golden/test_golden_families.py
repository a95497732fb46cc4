"""One small program a constraint family, as text: a reader of a change sees what it does to the equations.

To accept a change that is meant: python -m pytest tests/golden --accept
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.engine.worlds import (
    ASH,
    DUST,
    ROCK,
    SAND,
    SLAG,
    Tables,
    accepts,
    at_most,
    base,
    cadmium,
    costs,
    dust_heap,
    fate,
    matched,
    plant,
    technology,
)

from sivuvirta.domain.controls import Control
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.lp.model import Model
from sivuvirta.lp.text import family_text, lp_text
from sivuvirta.match.chains import with_chains
from sivuvirta.plan.program.families import FAMILIES, program

HERE = Path(__file__).parent


def two_streams(**more: object) -> Tables:
    """Slag and ash to one need of 500 t at 20 EUR/t; slag may go to a heap, ash to a landfill."""
    streams = [
        {"stream": "slag", "site": "s0", "material": SLAG, "amount": 1000},
        {"stream": "ash", "site": "s1", "material": ASH, "amount": 300},
    ]
    needs = [{"need": "road", "site": "s2", "amount": 500, "price": 20}]
    fates = [fate("slag", "stored", 5), fate("ash", "landfill", 40)]
    acceptances = [accepts("road", SLAG, 0.9), accepts("road", ASH, 0.5)]
    return base(streams, needs, **{"fates": fates, "acceptances": acceptances, "links": costs(), **more})


def crusher(**more: object) -> Tables:
    """Slag is crushed, with a little water, to rock for the road; dust goes to a heap."""
    made = technology(
        "crushing",
        {"feed": (SLAG, 1, 1, None), "water": ("world", 0.1, 0.2, "p_road")},
        {"rock": (ROCK, "product", 0.95), "dust": (DUST, "residue", 0.05)},
        **more,
    )
    streams = [
        {"stream": "slag", "site": "s0", "material": SLAG, "amount": 700},
        {"stream": "skulls", "site": "s1", "material": SLAG, "amount": 200},
    ]
    needs = [{"need": "road", "site": "s2", "amount": 500, "price": 20}]
    fates = [fate("slag", "stored", 5), fate("skulls", "landfill", 40), dust_heap()]
    built = [plant("crusher", "crushing", "s0", capacity_min=50, capacity_max=800)]
    return base(streams, needs, fates=fates, acceptances=[accepts("road", ROCK)], links=costs(), plants=built, **made)


def kiln_behind_crusher() -> Tables:
    """The crusher's rock is burnt to sand, which the road takes too; what is bought goes on with the streams that it was mixed with."""
    tables = crusher()
    made = technology("burning", {"feed": (ROCK, 1, 1, None)}, {"sand": (SAND, "product", 0.8), "smoke": (DUST, "emission", 0.2)})
    tables = {name: [*rows, *made.get(name, [])] for name, rows in tables.items()}
    tables["plants"].append(plant("kiln", "burning", "s2", status="existing", capacity=900))
    tables["acceptances"].append(accepts("road", SAND))
    return tables


def with_fixed_cost(cost: float) -> list[dict[str, object]]:
    """The way from the slag to the road costs something if it is used at all."""
    return [{**row, "fixed_cost": cost} if (row["origin"], row["destination"]) == ("s0", "s2") else row for row in costs()]


def with_running() -> Tables:
    """The crusher, beside which ash goes to the road today: no change. Slag would be one, straight or through the crusher."""
    tables = crusher()
    tables["streams"].append({**tables["streams"][0], "stream": "ash", "material": ASH, "name": "Ash"})
    tables["quantities"].append({**tables["quantities"][0], "subject": "ash", "value": 300})
    tables["fates"].append(fate("ash", "landfill", 40))
    tables["acceptances"] += [accepts("road", ASH, 0.5), accepts("road", SLAG, 0.9)]
    told = {"donor": "Firm", "stream": "ash", "need": "road", "text": "Ash to the road", "grade": "A", "source": "invented"}
    yearly = {2019: 100, 2023: 200, 2030: 300}
    tables["exchanges"] = [{**told, "exchange": f"ash_{year}", "year": year, "quantity": amount} for year, amount in yearly.items()]
    return tables


def with_permit() -> Tables:
    """Wet slag is waste whose code the permit of the road's site lists; the crusher works under a permit of its own."""
    tables = crusher()
    tables["permits"] = [
        {"permit": "site", "site": "s2", "low_codes": "10 02 02", "capacity": 300, "source": "invented"},
        {"permit": "works", "site": "s0", "capacity": 500, "source": "invented"},
    ]
    tables["acceptances"].append(accepts("road", SLAG, 0.9))
    tables["plants"][0]["permit"] = "works"
    tables["streams"][0] |= {"legal_status": "waste", "low_code": "10 02 02", "moisture": 20}
    return tables


def with_path() -> Tables:
    """Wet slag is waste that may go to the road, straight or crushed, by notification of 200 t a year as sent."""
    tables = crusher()
    tables["acceptances"].append(accepts("road", SLAG, 0.9))
    tables["streams"][0] |= {"legal_status": "waste", "moisture": 20}
    tables["needs"][0] |= {"jurisdiction": "FI", "use_class": "road"}
    tables["legal_paths"] = [notice("small", 200)]
    return tables


def notice(key: str, most: float | None) -> dict[str, object]:
    """A notification that lets waste in without a decision, so many tonnes a year as sent."""
    law = {"regulation": "Road act", "jurisdiction": "FI", "kind": "notification", "starts_from": "waste", "leads_to": "waste"}
    who = {"authority": "The office", "applicant": "The user", "by_decision": "no", "verified": "yes", "grade": "A", "source": "invented"}
    return {"path": key, **law, **who, "quantity_max": most}


def with_roads() -> Tables:
    """Two sites a road of 10 km apart, on which five more heavy vehicles a day fit."""
    tables = two_streams(fates=[fate("slag", "stored", 5), fate("ash", "landfill", 40)])
    del tables["links"]
    places = [{"place": key, "name": key.upper(), "lat": 65.5, "lon": lon, "source": "invented"} for key, lon in (("a", 24), ("b", 24.2))]
    road = {"road": "a.b", "from_place": "a", "to_place": "b", "km": 10, "heavy_traffic": 95, "threshold": 100, "grade": "A"}
    for row in tables["sites"]:
        row |= {"place": "b" if row["site"] == "s2" else "a", "access_km": 0}
    return {**tables, "places": places, "roads": [{**road, "source": "invented"}]}


def doubtful() -> Tables:
    """Two ashes of which nobody knows whether they have 4 or 16 mg Cd per kg, beside slag without any; the road takes 8."""
    ashes = [{"stream": name, "site": "s1", "material": ASH, "amount": 1000} for name in ("ash", "old_ash")]
    return base(
        [{"stream": "slag", "site": "s0", "material": SLAG, "amount": 100}, *ashes],
        [{"need": "road", "site": "s2", "amount": 5000, "price": 20}],
        fates=[fate("slag", "stored", 5), fate("ash", "landfill", 40), fate("old_ash", "landfill", 40)],
        acceptances=[accepts("road", SLAG), accepts("road", ASH)],
        links=costs(),
        analyses=[cadmium("slag", 0), *(cadmium(name, 10, low=4, high=16) for name in ("ash", "old_ash"))],
        limits=[at_most("road", 8) | {"compliance": "every_sample"}],
    )


def with_minimum() -> Tables:
    tables = two_streams(contracts=[{"contract": "promise", "origin": "ash", "destination": "road", "minimum": 50, "source": "invented"}])
    tables["needs"][0]["minimum"] = 100
    return tables


HOLD = (
    Control(origin="slag", destination="crusher", most=400),
    Control(plant="crusher", least=100, built=True),
    Control(origin="slag", plant="crusher", destination="road", least=50),
)
WORLDS = {
    "supply": lambda: (two_streams(), PlanOptions()),
    "need": lambda: (two_streams(), PlanOptions()),
    "minimum": lambda: (with_minimum(), PlanOptions()),
    "blend": lambda: (
        two_streams(analyses=[cadmium("slag", 4), cadmium("ash", 16)], limits=[at_most("road", 8)]),
        PlanOptions(),
    ),
    "guard": lambda: (doubtful(), PlanOptions(robust=1)),
    "share": lambda: (
        two_streams(acceptances=[accepts("road", SLAG, 0.9), accepts("road", ASH, 0.5, share_low=5, share_high=30)]),
        PlanOptions(),
    ),
    "recipe_low": lambda: (crusher(), PlanOptions()),
    "recipe_high": lambda: (crusher(), PlanOptions()),
    "batch": lambda: (crusher(), PlanOptions()),
    "yields": lambda: (crusher(), PlanOptions()),
    "onward": lambda: (kiln_behind_crusher(), PlanOptions()),
    "capacity": lambda: (
        two_streams(
            fates=[
                fate("slag", "stored", 5, capacity=600, share=50),
                fate("ash", "landfill", 40),
                fate("slag", "sold", -1, share=50),
            ]
        ),
        PlanOptions(),
    ),
    "size": lambda: (crusher(), PlanOptions()),
    "build": lambda: (crusher(), PlanOptions()),
    "scale": lambda: (crusher(), PlanOptions()),
    "way": lambda: (two_streams(links=with_fixed_cost(7000)), PlanOptions()),
    "change": lambda: (with_running(), PlanOptions(changes=1)),
    "changes": lambda: (with_running(), PlanOptions(changes=1)),
    "budget": lambda: (crusher(), PlanOptions(budget=100_000)),
    "carbon": lambda: (crusher(), PlanOptions(co2_limit=25)),
    "disposal": lambda: (two_streams(), PlanOptions(disposal_limit=900)),
    "virgin": lambda: (two_streams(), PlanOptions(virgin_limit=100)),
    "traffic": lambda: (two_streams(), PlanOptions(traffic_limit=1000)),
    "jobs": lambda: (crusher(staff=2), PlanOptions(jobs_least=0.5)),
    "permit": lambda: (with_permit(), PlanOptions()),
    "lawful": lambda: (with_path(), PlanOptions()),
    "road": lambda: (with_roads(), PlanOptions(road_limit=True)),
    "control": lambda: (crusher(), PlanOptions(controls=HOLD)),
}
WHOLE = "whole"  # one program from end to end, with objective and bounds


def test_no_family_lacks_a_golden_text():
    assert list(WORLDS) == [family.__name__ for family in FAMILIES]
    assert sorted(path.stem for path in HERE.glob("*.lp")) == sorted([*WORLDS, WHOLE])


def golden(name: str, text: str, request: pytest.FixtureRequest) -> str:
    """The text on file; `--accept` first writes the one given."""
    path = HERE / f"{name}.lp"
    if request.config.getoption("--accept", default=False):
        path.write_text(text, encoding="utf-8")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("family", WORLDS)
def test_family(family, request):
    tables, options = WORLDS[family]()
    lp = program(with_chains(matched(tables), 2), options).lp
    text = family_text(lp, family)
    assert text, "the small region does not show this family at work"
    assert text == golden(family, text, request)
    assert Model(lp).solve().status == "optimal"


def test_whole_program(request):
    text = lp_text(program(matched(crusher()), PlanOptions(carbon_price=80)).lp)
    assert text == golden(WHOLE, text, request)
