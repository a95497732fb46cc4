"""Small regions for tests: written as data packages, read, linked and matched for real."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from sivuvirta import cases, regions
from sivuvirta.domain.links import Links
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.region import Region
from sivuvirta.ledger.reference import reference
from sivuvirta.links import build
from sivuvirta.match import match
from sivuvirta.match.chains import with_chains
from sivuvirta.plan.solve import solve
from sivuvirta.tables import load, load_library

LIBRARY = Path(regions.__file__).parents[1] / "library" / "data"
CASES = Path(cases.__file__).parent

Rows = list[dict[str, object]]
Tables = dict[str, Rows]

SOURCED = {"grade": "A", "source": "invented"}

SLAG, ASH, SAND, ROCK, DUST = MATERIALS = tuple(f"world.{name}" for name in ("slag", "ash", "sand", "rock", "dust"))
RAW = MATERIALS[:3]


@cache
def library():
    return load_library(LIBRARY)


def bundled(name: str) -> Region:
    """A bundled region or published case."""
    return load(regions.path(name) if name in regions.names() else CASES / name, library())


def region(tables: Tables) -> Region:
    """A region of these tables, over the library."""
    with TemporaryDirectory() as folder:
        return load(write(Path(folder) / "world", tables), library())


def write(folder: Path, tables: Tables) -> Path:
    folder.mkdir(parents=True)
    for name, rows in tables.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows)
    resources = [{"name": name, "path": f"{name}.csv"} for name in tables]
    (folder / "datapackage.json").write_text(json.dumps({"name": "world", "resources": resources}), encoding="utf-8")
    return folder


def matched(tables: Tables) -> Matches:
    return match(build(region(tables)))


def planned(matches: Matches, options=None):
    return solve(matches, reference(matches.links), options)


def base(streams: Rows, needs: Rows, **more: Rows) -> Tables:
    """Tables of a region of four sites 10 km apart. Rows of streams and needs carry their amount in "amount", of needs a "price"."""
    products = [{"product": f"p_{row['need']}", "name": f"Product {row['need']}", "material": "world", "unit": "t"} for row in needs]
    prices = [
        _row(
            price=f"p_{row['need']}", subject=f"p_{row['need']}", name="Price", kind="product", value=row["price"], unit="EUR/t", year=2024
        )
        for row in needs
        if row.get("price") is not None
    ]
    factors = [
        _row(factor=f"f_{row['need']}", subject=f"p_{row['need']}", name="Factor", kind="product", value=row.get("co2", 5), unit="kgCO2e/t")
        for row in needs
    ]
    quantities = [
        _row(table=table, subject=row[key], vintage="now", value=row["amount"], status="observed")
        for table, key, rows in (("streams", "stream", streams), ("needs", "need", needs))
        for row in rows
    ]
    tables: Tables = {
        "sources": [{"source": "invented", "citation": "Invented for a test", "opened": "2026-11"}],
        "vintages": [{"vintage": "now", "year": 2024, "title": "Now", "default": "yes", "price_year": 2024, "discount_rate": 5}],
        "materials": [{"material": "world", "carrier": "solid", "unit": "t", "name_en": "World", "source": "invented"}]
        + [
            {"material": name, "parent": "world", "carrier": "solid", "unit": "t", "name_en": name, "source": "invented"}
            for name in MATERIALS
        ],
        "organisations": [{"organisation": "firm", "name": "Firm", "kind": "company", "source": "invented"}],
        "sites": [
            _row(site=f"s{n}", name=f"Site {n}", organisation="firm", lat=round(65.5 + 0.05 * n, 3), lon=round(24 + 0.1 * n, 3))
            for n in range(4)
        ],
        "streams": [_stream(row) for row in streams],
        "needs": [_need(row) for row in needs],
        "quantities": quantities,
        "products": products,
        "prices": prices,
        "factors": factors,
    }
    return {name: rows for name, rows in {**tables, **more}.items() if rows}


def _material(name: str, parent: str | None = None) -> dict[str, object]:
    return {"material": name, "parent": parent, "carrier": "solid", "unit": "t", "name_en": name, "source": "invented"}


def priced(product: str, value: object) -> dict[str, object]:
    return _row(price=product, subject=product, name="Price", kind="product", value=value, unit="EUR/t", year=2024, basis="dry")


def _row(**values: object) -> dict[str, object]:
    return {**values, **SOURCED}


def _stream(row: dict[str, object]) -> dict[str, object]:
    usual = {"hazardous": "no", "legal_status": "by_product", "moisture": 0}
    return _row(name=f"Stream {row['stream']}", **{**usual, **_less(row, "amount")})


def _need(row: dict[str, object]) -> dict[str, object]:
    usual = {"material": "world", "product": f"p_{row['need']}"}
    return _row(name=f"Need {row['need']}", **{**usual, **_less(row, "amount", "price", "co2")})


def _less(row: dict[str, object], *names: str) -> dict[str, object]:
    return {name: value for name, value in row.items() if name not in names}


def dust_heap(output: str = "dust", of: str = "crushing") -> dict[str, object]:
    return _row(fate=output, technology=of, output=output, name="Dust heap", kind="stored", fee=12, basis="dry")


def costs(each: float = 3, co2: float = 1) -> Rows:
    """One cost between any two sites, so that no figure comes from the library."""
    sites = [f"s{n}" for n in range(4)]
    return [_row(origin=a, destination=b, cost=each, co2=co2) for a in sites for b in sites if a != b]


def fate(stream: str, kind: str = "landfill", fee: float = 30, **more: object) -> dict[str, object]:
    return _row(fate=f"{kind}_{stream}", stream=stream, name=f"{kind.capitalize()} of {stream}", kind=kind, fee=fee, basis="dry", **more)


def accepts(need: str, material: str, ratio: float = 1, **more: object) -> dict[str, object]:
    return _row(need=need, material=material, ratio=ratio, **more)


def cadmium(stream: str, value: float, **more: object) -> dict[str, object]:
    return _row(stream=stream, component="Cd", kind="total", value=value, unit="mg/kg") | more


def at_most(need: str, value: float, blending: str = "yes") -> dict[str, object]:
    return _row(
        limit=f"cd_{need}",
        regulation="Specification",
        need=need,
        jurisdiction="FI",
        component="Cd",
        kind="total",
        comparator="max",
        value=value,
        unit="mg/kg",
        compliance="declared",
        mixing="mass",
        blending=blending,
        applies_to="any",
        verified="yes",
    )


Slots = dict[str, tuple[str, float, float, str | None]]
Outputs = dict[str, tuple[str, str, float]]


def technology(name: str, slots: Slots, outputs: Outputs, **more: object) -> Tables:
    """A technology: slots as (material, low, high, product or None), outputs as (makes, kind, yield) for every slot alike."""
    money = {"reference_capacity": 1000, "capex": 200_000, "capex_year": 2024, "scale": 0.6, "fixed_opex": 2, "variable_opex": 3}
    rest = {"lifetime": 15, "readiness": 9, "output_status": "product", "recovery": "no", "mixes": "no", "hazardous_ok": "no"}
    inputs = [_input(name, slot, given) for slot, given in slots.items()]
    made = [
        _row(technology=name, output=output, slot=slot, makes=makes, kind=kind, **{"yield": share}, moisture=0)
        for slot in slots
        for output, (makes, kind, share) in outputs.items()
    ]
    head = {"technology": name, "name": name.capitalize(), "activity": "t of feed", "activity_unit": "t"}
    return {"technologies": [_row(**{**head, **money, **rest, **more})], "recipe_inputs": inputs, "recipe_outputs": made}


def _input(name: str, slot: str, given: tuple[str, float, float, str | None]) -> dict[str, object]:
    material, low, high, product = given
    kind = "feed" if product is None else "reagent"
    return _row(technology=name, slot=slot, material=material, kind=kind, amount_low=low, amount_high=high, product=product)


def plant(name: str, of: str, site: str = "s1", status: str = "candidate", **more: object) -> dict[str, object]:
    return _row(plant=name, name=f"Plant {name}", technology=of, site=site, status=status, **more)


def random_tables(seed: int) -> Tables:
    """A random region: two to six streams, one to four needs with limits that blends may meet, a plant that may be built."""
    rng = np.random.default_rng(seed)
    streams, needs = _random_ends(rng)
    acceptances = [
        accepts(str(need["need"]), material, round(float(rng.uniform(0.5, 1.2)), 3))
        for need in needs
        for material in RAW
        if rng.random() < 0.5
    ] or [accepts("j0", SLAG)]
    acceptances += [accepts(str(need["need"]), ROCK) for need in needs if rng.random() < 0.9]
    fates = [fate(str(stream["stream"]), fee=round(float(rng.uniform(-5, 80)), 2), share=100) for stream in streams]
    fates.append(dust_heap())
    analyses = [
        cadmium(str(stream["stream"]), round(float(rng.uniform(1, 20)), 2), grade=str(rng.choice(["A", "A", "D"])))
        for stream in streams
        if rng.random() < 0.9
    ]
    limits = [at_most(str(need["need"]), round(float(rng.uniform(5, 18)), 2)) for need in needs if rng.random() < 0.6]
    works = technology(
        "crushing",
        {"feed": (str(rng.choice(RAW)), 1, 1, None), "water": ("world", 0.05, 0.2, "p_water")},
        {"rock": (ROCK, "product", 0.9), "dust": (DUST, "residue", 0.1)},
        capex=round(float(rng.uniform(1e3, 1e5))),
    )
    works["plants"] = [plant("crusher", "crushing", f"s{rng.integers(4)}", capacity_min=10, capacity_max=int(rng.integers(100, 50_000)))]
    tables = base(streams, needs, fates=fates, acceptances=acceptances, analyses=analyses, limits=limits, **works)
    tables["products"].append({"product": "p_water", "name": "Water", "material": "world", "unit": "t"})
    tables["prices"].append(priced("p_water", 2))
    return tables


def random_siting_tables(seed: int, plants: int = 3) -> Tables:
    """A random region as above with several candidates: some with a cost curve, some with explicit costs, none dear beyond use."""
    tables, rng = random_tables(seed), np.random.default_rng([seed, plants])
    (first,) = tables["plants"]
    tables["technologies"][0]["staff"] = 2  # posts at the reference capacity
    tables["plants"] = [first | {"plant": "crusher_0", "site": f"s{rng.integers(4)}"}]
    for number in range(1, plants):
        size = {"capacity_min": int(rng.integers(1, 50)), "capacity_max": int(rng.integers(100, 20_000))}
        explicit = {"fixed_cost": round(float(rng.uniform(1e2, 2e4)), 2), "capacity_cost": round(float(rng.uniform(0, 2)), 2)}
        costs = explicit if number % 2 else {"fixed_cost": None, "capacity_cost": None}
        tables["plants"].append(plant(f"crusher_{number}", "crushing", f"s{rng.integers(4)}", **size, **costs))
    return tables


def _random_ends(rng: np.random.Generator) -> tuple[Rows, Rows]:
    def amount() -> float:
        return round(float(10 ** rng.uniform(1, 5)), 1)

    def material() -> str:
        return str(rng.choice(RAW))

    streams: Rows = [
        {
            "stream": f"i{n}",
            "site": f"s{rng.integers(4)}",
            "material": str(rng.choice(RAW)),
            "amount": amount(),
            "moisture": int(rng.integers(30)),
        }
        for n in range(int(rng.integers(2, 7)))
    ]
    needs: Rows = [
        {"need": f"j{n}", "site": f"s{rng.integers(4)}", "amount": amount(), "price": round(float(rng.uniform(1, 60)), 2), "co2": 7}
        for n in range(int(rng.integers(1, 5)))
    ]
    return streams, needs


def random_matches(seed: int) -> Matches:
    return matched(random_tables(seed))


def random_siting_matches(seed: int, plants: int = 3) -> Matches:
    return matched(random_siting_tables(seed, plants))


def links_of(name: str) -> Links:
    return build(bundled(name))


def random_steps(seed: int) -> Tables:
    """A random region in which most worth lies behind two or three plants: a press with a binder, a kiln with a reagent, a mill."""
    rng = np.random.default_rng(seed)
    streams, needs = _random_ends(rng)
    for stream in streams:
        stream["material"] = str(rng.choice([SLAG, ASH, SAND], p=[0.6, 0.2, 0.2]))
    acceptances = [accepts(str(need["need"]), ROCK) for need in needs] + [accepts(str(need["need"]), ASH, 0.6) for need in needs[:1]]
    acceptances += [accepts(str(need["need"]), f"{ROCK}.fine", 1.4) for need in needs if rng.random() < 0.6]
    acceptances += [accepts(str(need["need"]), SAND, 0.5) for need in needs if rng.random() < 0.4]
    fates = [fate(str(stream["stream"]), fee=round(float(rng.uniform(20, 80)), 2), share=100) for stream in streams]
    fates += [dust_heap(of="pressing"), dust_heap("smoke", "burning")]
    analyses = [
        cadmium(str(stream["stream"]), round(float(rng.uniform(1, 20)), 2), grade=str(rng.choice(["A", "A", "D"]))) for stream in streams
    ]
    limits = [at_most(str(need["need"]), round(float(rng.uniform(8, 30)), 2), "no") for need in needs if rng.random() < 0.4]
    made = {
        "pressing": technology(
            "pressing",
            {"feed": (SLAG, 1, 1, None), "binder": ("world", 0.05, 0.3, "p_binder")},
            {"blocks": (SAND, "product", 0.9), "dust": (DUST, "residue", 0.1)},
            capex=round(float(rng.uniform(1e3, 5e4))),
        ),
        "burning": technology(
            "burning",
            {"feed": (SAND, 1, 1, None), "coke": ("world", 0.02, 0.1, "p_binder")},
            {"clinker": (ROCK, "product", 0.8), "smoke": (DUST, "residue", 0.2)},
            capex=round(float(rng.uniform(1e3, 5e4))),
        ),
        "milling": technology("milling", {"feed": (ROCK, 1, 1, None)}, {"fine": (f"{ROCK}.fine", "product", 1.0)}, capex=2_000),
    }
    plants = [
        plant(f"{name}_{n}", name, f"s{rng.integers(4)}", **_random_plant(rng)) for name in made for n in range(int(rng.integers(1, 3)))
    ]
    works = {table: [row for one in made.values() for row in one[table]] for table in made["pressing"]}
    tables = base(streams, needs, fates=fates, acceptances=acceptances, analyses=analyses, limits=limits, plants=plants, **works)
    tables["materials"].append(_material(f"{ROCK}.fine", ROCK))
    tables["products"].append({"product": "p_binder", "name": "Binder", "material": "world", "unit": "t"})
    tables["prices"].append(priced("p_binder", 15))
    return tables


def _random_plant(rng: np.random.Generator) -> dict[str, object]:
    if rng.random() < 0.4:
        return {"status": "existing", "capacity": int(rng.integers(100, 50_000))}
    return {"capacity_min": 10, "capacity_max": int(rng.integers(100, 50_000))}


def random_chains(seed: int) -> Matches:
    """Matches of such a region, with its routes of up to three steps."""
    return with_chains(matched(random_steps(seed)), 3)
