"""A works, a mill and a town on one road, with round numbers."""

from __future__ import annotations

from typing import Any

MATERIALS = (
    ("slag", "solid", "t", {"bulk_density": 1.5, "moisture": 10}),
    ("slag.steel", "solid", "t", {"bulk_density": 2}),
    ("slag.steel.fines", "solid", "t", {}),
    ("ash", "solid", "t", {}),
    ("aggregate", "solid", "t", {}),
    ("granules", "solid", "t", {"moisture": 5}),
    ("dust", "solid", "t", {}),
    ("gas", "gas", "MWh", {}),
    ("gas.co", "fuel", "MWh", {"lhv": 2}),
    ("heat", "heat", "MWh", {}),
    ("power", "electricity", "MWh", {}),
    ("water", "water", "m3", {}),
)


def tables() -> dict[str, list[dict[str, Any]]]:
    """Rows that most tests start from: stream slag at the works, need road in the town, 50 km apart."""
    return {
        "materials": [
            {"material": key, "carrier": carrier, "unit": unit, "name_en": key, **more} for key, carrier, unit, more in MATERIALS
        ],
        "places": [{"place": key, "name": key} for key in ("p_works", "p_mill", "p_town")],
        "sites": [
            {"site": "works", "name": "Works", "organisation": "steel_ltd", "place": "p_works", "access_km": 1},
            {"site": "mill", "name": "Mill", "organisation": "pulp_ltd", "place": "p_mill", "access_km": 2},
            {"site": "town", "name": "Town", "organisation": "the_town", "place": "p_town", "access_km": 0},
        ],
        "roads": [
            {"road": "r1", "from_place": "p_works", "to_place": "p_mill", "km": 20, "grade": "A"},
            {"road": "r2", "from_place": "p_mill", "to_place": "p_town", "km": 30, "grade": "B"},
        ],
        "modes": [
            {
                "mode": "truck",
                "name": "Truck",
                "kind": "road",
                "carriers": ("solid", "liquid"),
                "payload": 40,
                "cost": 0.1,
                "handling": 1,
                "co2": 0.05,
                "grade": "B",
            },
        ],
        "products": [
            {"product": "rock", "name": "Rock", "material": "aggregate", "unit": "t"},
            {"product": "electricity", "name": "Electricity", "material": "power", "unit": "MWh"},
        ],
        "prices": [
            {
                "price": "rock",
                "subject": "rock",
                "name": "Rock",
                "kind": "product",
                "value": 12,
                "low": 10,
                "high": 16.58,
                "unit": "EUR/t",
                "year": 2024,
                "grade": "B",
            },
            {
                "price": "electricity",
                "subject": "electricity",
                "name": "Electricity",
                "kind": "energy",
                "value": 60,
                "unit": "EUR/MWh",
                "year": 2024,
                "grade": "B",
            },
        ],
        "factors": [
            {
                "factor": "rock",
                "subject": "rock",
                "name": "Rock",
                "kind": "product",
                "value": 6,
                "unit": "kgCO2e/t",
                "year": 2024,
                "grade": "B",
            },
            {
                "factor": "electricity",
                "subject": "electricity",
                "name": "Electricity",
                "kind": "energy",
                "value": 40,
                "unit": "kgCO2e/MWh",
                "year": 2024,
                "grade": "B",
            },
        ],
        "streams": [{"stream": "slag", "name": "Slag", "site": "works", "material": "slag.steel", "moisture": 20}],
        "needs": [{"need": "road", "name": "Road", "site": "town", "material": "aggregate", "product": "rock", "grade": "B"}],
        "acceptances": [{"need": "road", "material": "slag", "ratio": 0.9, "price": 2, "grade": "B"}],
        "fates": [
            {"fate": "heap", "stream": "slag", "name": "Heap", "kind": "stored", "fee": 4, "tax": 8, "basis": "as_sent", "grade": "B"}
        ],
        "quantities": [amount("streams", "slag", 1000), amount("needs", "road", 600)],
    }


def amount(table: str, subject: str, value: float | None, **more: Any) -> dict[str, Any]:
    """A row of quantities at the vintage "now"."""
    return {"table": table, "subject": subject, "vintage": "now", "value": value, "grade": "B", **more}
