"""A small register by hand, with names in four languages and figures that can be counted."""

from __future__ import annotations

from typing import Any

from builders import region, table
from sivuvirta.search.index import indexed

Rows = list[dict[str, Any]]

MATERIALS: Rows = [
    {"material": "slag", "name_en": "Slag", "name_fi": "Kuona", "name_sv": "Slagg", "name_es": "Escoria"},
    {
        "material": "slag.ferrochrome",
        "name_en": "Ferrochrome slag",
        "name_fi": "Ferrokromikuona",
        "name_sv": "Ferrokromslagg",
        "name_es": "Escoria de ferrocromo",
        "low_codes": ("10 08 09",),
    },
    {
        "material": "dregs",
        "name_en": "Green liquor dregs",
        "name_fi": "Viherlipeäsakka",
        "name_sv": "Grönlutslam",
        "name_es": "Dregs de licor verde",
        "synonyms_fi": ("soodasakka",),
    },
    {"material": "ash", "name_en": "Fly ash", "name_fi": "Lentotuhka", "name_sv": "Flygaska", "name_es": "Ceniza volante"},
    {"material": "aggregate", "name_en": "Aggregate", "name_fi": "Kiviaines", "name_sv": "Ballast", "name_es": "Árido"},
]

GLOSSARY = [{"term": "sludge", "en": "sludge", "fi": "liete", "sv": "slam", "es": "lodo", "definition": "Wet"}]

PRACTICES = [
    {
        "practice": "road_2010",
        "name": "Roads of slag",
        "kind": "exchange",
        "status": "operating",
        "text": "ferrochrome slag in base layers",
        "materials": ("slag.ferrochrome", "aggregate"),
        "lat": 65.8,
        "lon": 24.2,
        "quantity": 5000,
        "quantity_unit": "t/a",
        "donor_nace": "24.10",
    },
    {"practice": "sewage", "name": "Compost of a town", "kind": "exchange", "status": "ended", "text": "sludge of a treatment plant"},
]

DATES = {"slag": ("2026-01-05", None), "dregs": ("2026-10-02", None), "ash": ("2025-03-01", "2026-10"), "mud": (None, None)}
"""Of streams: when they were added and changed."""


def tables(**changes: Any) -> dict[str, Rows]:
    """Four streams, two needs, two organisations: the works and the mill stand 20 km apart by road, the town has coordinates alone."""
    streams: Rows = [
        {"stream": "slag", "name": "Granulated slag of furnace 3", "site": "works", "material": "slag.ferrochrome", "low_code": "10 08 09"},
        {"stream": "dregs", "name": "Dregs of the mill", "site": "mill", "material": "dregs", "note": "wet in spring"},
        {"stream": "ash", "name": "Lentotuhka", "site": "mill", "material": "ash"},
        {"stream": "mud", "name": "Bottom sludge", "site": "town", "material": "dregs"},
    ]
    given: dict[str, Rows] = {
        "materials": [{"carrier": "solid", "unit": "t", **row} for row in MATERIALS],
        "low_codes": [{"low_code": "10 08 09", "hazardous": False, "name_en": "Other slags", "name_fi": "muu kuona"}],
        "nace_codes": [{"nace": "24.10", "level": 4, "name_en": "Manufacture of basic iron and steel"}],
        "organisations": [
            {"organisation": "steel", "name": "Jokisuu Teräs Oy", "kind": "company", "nace": "24.10"},
            {"organisation": "pulp", "name": "Ylämaa Pulp AB", "kind": "company"},
        ],
        "places": [
            {"place": "p_works", "name": "Works", "lat": 65.80, "lon": 24.10},
            {"place": "p_mill", "name": "Mill", "lat": 65.75, "lon": 24.50},
        ],
        "roads": [{"road": "r1", "from_place": "p_works", "to_place": "p_mill", "km": 18, "kind": "road"}],
        "sites": [
            {"site": "works", "name": "Steelworks", "organisation": "steel", "place": "p_works", "access_km": 1, "municipality": "Jokisuu"},
            {"site": "mill", "name": "Pulp mill", "organisation": "pulp", "place": "p_mill", "access_km": 1, "municipality": "Ylämaa"},
            {"site": "town", "name": "Town depot", "lat": 66.80, "lon": 24.10, "municipality": "Alakylä"},
        ],
        "streams": [{**row, "added": DATES[row["stream"]][0], "changed": DATES[row["stream"]][1]} for row in streams],
        "needs": [
            {"need": "road", "name": "Base layer of a road", "site": "town", "material": "aggregate", "added": "2026-10-20"},
            {"need": "lime", "name": "Liming of fields", "site": "mill", "material": "dregs"},
        ],
        "quantities": [
            {"table": "streams", "subject": "slag", "vintage": "now", "value": 50_000},
            {"table": "streams", "subject": "dregs", "vintage": "now", "value": 1_000},
            {"table": "streams", "subject": "ash", "vintage": "now", "value": 900},
            {"table": "needs", "subject": "road", "vintage": "now", "value": 20_000},
        ],
    }
    return {**given, **changes}


def catalogue() -> dict[str, Any]:
    """Two practices and one word of the glossary."""
    return {"practices": table("practices", PRACTICES), "glossary": table("glossary", GLOSSARY)}


def made(**changes: Any) -> tuple[Any, Any]:
    """The register and its index."""
    register = region(**tables(**changes))
    return register, indexed(register, catalogue())
