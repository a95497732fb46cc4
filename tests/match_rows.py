"""A works with slag and a town with a road, with round numbers: what most tests of the match room start from."""

from __future__ import annotations

from typing import Any

import numpy as np

from builders import region
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.region import Region
from sivuvirta.links import build
from sivuvirta.match import match

Rows = list[dict[str, Any]]


def tables() -> dict[str, Rows]:
    """Slag of the works may go to a road in the town, 10 km away; ash of the works too."""
    return {
        "materials": [
            {"material": key, "carrier": carrier, "unit": unit, "name_en": key.capitalize()}
            for key, carrier, unit in (
                ("slag", "solid", "t"),
                ("slag.fines", "solid", "t"),
                ("ash", "solid", "t"),
                ("mix", "solid", "t"),
                ("till", "solid", "t"),
                ("aggregate", "solid", "t"),
                ("gas", "gas", "t"),
                ("heat", "heat", "MWh"),
            )
        ],
        "components": [
            {"component": "Cd", "kind": "element", "name_en": "cadmium", "unit": "mg/kg"},
            {"component": "Cr_total", "kind": "element", "name_en": "chromium, total", "unit": "mg/kg"},
            {
                "component": "Cr2O3",
                "kind": "oxide",
                "name_en": "chromium oxide",
                "oxide_of": "Cr_total",
                "factor": 0.68421,
                "unit": "mg/kg",
            },
            {"component": "Cr_VI", "kind": "ion", "name_en": "chromium(VI)", "oxide_of": "Cr_total", "factor": 1, "unit": "mg/kg"},
            {"component": "Ca", "kind": "element", "name_en": "calcium", "unit": "mg/kg"},
            {
                "component": "leach_Cr",
                "kind": "leaching",
                "name_en": "leached chromium",
                "oxide_of": "Cr_total",
                "factor": 1,
                "unit": "mg/kg",
            },
            {"component": "strength", "kind": "property", "name_en": "strength", "unit": "MPa"},
        ],
        "places": [{"place": key, "name": key} for key in ("p_works", "p_town")],
        "sites": [
            {"site": "works", "name": "Works", "organisation": "steel_ltd", "place": "p_works"},
            {"site": "town", "name": "Town", "organisation": "the_town", "place": "p_town"},
        ],
        "roads": [{"road": "r", "from_place": "p_works", "to_place": "p_town", "km": 10, "grade": "A"}],
        "modes": [
            {
                "mode": "truck",
                "name": "Truck",
                "kind": "road",
                "carriers": ("solid",),
                "payload": 40,
                "cost": 0.2,
                "co2": 0.1,
                "grade": "A",
            },
            {"mode": "pipe", "name": "Pipe", "kind": "pipe", "carriers": ("heat",), "cost": 0.1, "co2": 0, "max_km": 20, "grade": "A"},
        ],
        "products": [{"product": "rock", "name": "Rock", "material": "aggregate", "unit": "t"}],
        "prices": [price("rock", 12)],
        "factors": [
            {
                "factor": "rock",
                "subject": "rock",
                "name": "Rock",
                "kind": "product",
                "value": 6,
                "unit": "kgCO2e/t",
                "year": 2024,
                "grade": "A",
            }
        ],
        "streams": [stream("slag", "slag")],
        "needs": [need("road", use_class="road")],
        "acceptances": [{"need": "road", "material": "slag", "ratio": 1, "grade": "A"}],
        "fates": [heap("slag")],
        "quantities": [amount("streams", "slag", 1000), amount("needs", "road", 5000)],
    }


def stream(key: str, material: str, **more: Any) -> dict[str, Any]:
    """A by-product without hazard."""
    row = {"site": "works", "hazardous": "no", "legal_status": "by_product", "moisture": 0, "grade": "A", "source": "register"}
    return {"stream": key, "name": key.capitalize(), "material": material, **row, **more}


def need(key: str, **more: Any) -> dict[str, Any]:
    """A need in the town that replaces rock."""
    return {"need": key, "name": key.capitalize(), "site": "town", "material": "aggregate", "product": "rock", "grade": "A", **more}


def limit(key: str, component: str, value: float, **more: Any) -> dict[str, Any]:
    """A verified upper limit of total content on roads, which no blend may meet."""
    row = {"use_class": "road", "jurisdiction": "FI", "kind": "total", "comparator": "max", "compliance": "mean_ucl", "mixing": "mass"}
    law = {"regulation": "Road law", "section": "1 §", "blending": False, "verified": True, "grade": "B", "source": "road_law"}
    return {"limit": key, "component": component, "value": value, **row, **law, **more}


def analysis(key: str, component: str, value: float | None = None, **more: Any) -> dict[str, Any]:
    """A total content of grade A."""
    return {"stream": key, "component": component, "kind": "total", "value": value, "grade": "A", "source": "lab", **more}


def heap(key: str) -> dict[str, Any]:
    """Today's outlet of a stream: a heap at 4 EUR/t."""
    return {"fate": f"{key}_heap", "stream": key, "name": "Heap", "kind": "stored", "fee": 4, "basis": "dry", "co2": 1, "grade": "A"}


def amount(table: str, subject: str, value: float) -> dict[str, Any]:
    """An amount at the vintage."""
    return {"table": table, "subject": subject, "vintage": "now", "value": value, "grade": "A"}


def price(product: str, value: float, **more: Any) -> dict[str, Any]:
    """A price of grade A in the price year."""
    row = {"kind": "product", "unit": "EUR/t", "year": 2024, "grade": "A", "basis": "dry"}
    return {"price": product, "subject": product, "name": product, "value": value, **row, **more}


def made(**changed: Rows) -> Region:
    """The starting region with some tables replaced."""
    return region(**{**tables(), **changed})


def matched(**changed: Rows) -> Matches:
    """Matches of the starting region with some tables replaced."""
    return match(build(made(**changed)))


def route(matches: Matches, start: str, end: str, plant: str | None = None) -> int:
    """Position of the one route between a stream and a need, direct or through a plant."""
    nodes, routes, works = matches.links.nodes, matches.routes, matches.links.works
    ends = (nodes.id[routes.stream] == start) & (nodes.id[routes.need] == end)
    through = np.append(nodes.id[works.node], [None])[routes.plant]
    found = np.flatnonzero(ends & np.array([name == plant for name in through.tolist()], dtype=bool))
    assert len(found) == 1, f"{len(found)} routes {start} -> {plant} -> {end}"
    return int(found[0])


def two_streams(**more: Rows) -> dict[str, Rows]:
    """Tables in which ash and slag both go to the road."""
    return {
        "streams": [stream("slag", "slag"), stream("ash", "ash")],
        "acceptances": [{"need": "road", "material": key, "ratio": 1, "grade": "A"} for key in ("slag", "ash")],
        "fates": [heap("slag"), heap("ash")],
        "quantities": [amount("streams", "slag", 1000), amount("streams", "ash", 1000), amount("needs", "road", 5000)],
        **more,
    }


def plant(**technology: Any) -> dict[str, Rows]:
    """Tables in which a candidate at the works mixes slag and bought till into a mix that the road takes, instead of slag itself."""
    process = {"technology": "mixing", "name": "Mixing", "activity": "t", "lifetime": 10, "fixed_opex": 0, "electricity": 0, "heat": 0}
    rest = {"reference_capacity": 1000, "capex": 10_000, "capex_year": 2024, "diesel": 0, "water": 0, "variable_opex": 1, "grade": "A"}
    slots = ({"slot": "feed", "material": "slag", "amount_low": 0.2, "amount_high": 0.2},)
    till = {"slot": "till", "material": "till", "kind": "reagent", "amount_low": 0.8, "amount_high": 0.8, "product": "till"}
    output = {"technology": "mixing", "output": "mix", "makes": "mix", "kind": "product", "yield": 1, "grade": "A"}
    return {
        "technologies": [{**process, **rest, "mixes": True, "output_status": "by_product", **technology}],
        "recipe_inputs": [{"technology": "mixing", "grade": "A", **slot} for slot in (*slots, till)],
        "recipe_outputs": [{**output, "slot": slot} for slot in ("feed", "till")],
        "plants": [{"plant": "mixer", "name": "Mixer", "technology": "mixing", "site": "works", "status": "candidate", "grade": "A"}],
        "products": [*tables()["products"], {"product": "till", "name": "Till", "material": "till", "unit": "t"}],
        "prices": [price("rock", 12), price("till", 3)],
        "acceptances": [{"need": "road", "material": key, "ratio": 1, "grade": "A"} for key in ("slag", "mix")],
    }


def path(key: str, kind: str = "notification", **more: Any) -> dict[str, Any]:
    """A legal path of waste to a use in Finland that was read in the law, needs no decision and takes one to two months."""
    row = {"regulation": "Road act", "jurisdiction": "FI", "starts_from": ("waste", "unknown"), "leads_to": "waste", "by_decision": False}
    rest = {"authority": "The office", "applicant": "The user", "lead_low": 1, "lead_high": 2, "lead_grade": "B", "verified": True}
    status = {"leads_to": kind} if kind in ("product", "by_product", "end_of_waste") else {}
    return {"path": key, "kind": kind, **row, **rest, "grade": "B", "source": "road_law", **status, **more}
