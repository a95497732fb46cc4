"""A works that gives off heat and a town that needs it, 10 km apart over a pipe that would have to be laid, with round numbers."""

from __future__ import annotations

from tests.engine.worlds import SOURCED, Rows, Tables, base

HOT, HOME = "warmth.hot", "warmth.home"

PIPE = {
    "mode": "pipe_heat",  # in place of the library's
    "name": "Pipe",
    "kind": "pipe",
    "carriers": "heat",
    "cost": 0.1,
    "co2": 0,
    "capex_per_km": 100_000,
    "reference_capacity": 10_000,
    "scale": 0.5,
    "lifetime": 20,
    "fixed_opex": 1,
    **SOURCED,
}


def way(**more: object) -> Rows:
    """The row of `links` from the works to the town."""
    return [{"origin": "s0", "destination": "s2", "km": 10, **SOURCED, **more}]


def heated(supply: float = 10_000, demand: float = 8_000, **more: Rows) -> Tables:
    """Heat of 90 degrees at the works, a need at 30 EUR/MWh in the town; `more` replaces tables."""
    streams: Rows = [{"stream": "warm", "site": "s0", "material": HOT, "temperature": 90, "amount": supply}]
    needs: Rows = [{"need": "town", "site": "s2", "material": "warmth", "amount": demand, "price": 30}]
    tables = base(streams, needs)
    heat = {"carrier": "heat", "unit": "MWh", "source": "invented"}
    tables["materials"] += [
        {"material": "warmth", "name_en": "Heat", **heat},
        {"material": HOT, "parent": "warmth", "name_en": "Hot", **heat},
        {"material": HOME, "parent": "warmth", "name_en": "District heat", **heat},
    ]
    tables["products"][0] |= {"material": "warmth", "unit": "MWh"}
    tables["prices"][0]["unit"] = "EUR/MWh"
    tables["factors"][0]["unit"] = "kgCO2e/MWh"
    tables["acceptances"] = [{"need": "town", "material": "warmth", "ratio": 1, **SOURCED}]
    tables["fates"] = [{"fate": "lost", "stream": "warm", "name": "Lost", "kind": "unused", "fee": 0, "basis": "dry", **SOURCED}]
    return {**tables, "modes": [PIPE], "links": way(), **more}
