"""Plants one behind another, with round numbers: what tests of routes of several steps start from."""

from __future__ import annotations

from typing import Any

from match_rows import amount, heap, matched, need, price, stream, tables
from sivuvirta.domain.matches import Matches
from sivuvirta.match.chains import with_chains

Rows = list[dict[str, Any]]
REAGENT = "till"


def step(key: str, takes: str, makes: str, share: float = 1.0, **more: Any) -> dict[str, Any]:
    """One plant that makes `share` tonnes of a material of each tonne it takes; the rest goes up in smoke.

    Args:
        key: of plant and technology.
        takes: material taken.
        makes: material made.
        share: yield.
        more: columns of `technologies`; `site` of the plant; `grade`; `till`, tonnes of bought till per tonne of intake.
    """
    return {"key": key, "takes": takes, "makes": makes, "share": share, **more}


def chained(*steps: dict[str, Any], ends: tuple[str, ...] = ("block",), **changed: Rows) -> dict[str, Rows]:
    """Tables of existing plants without limit of capacity; the road takes `ends`, and nothing takes slag itself.

    Args:
        steps: the plants.
        ends: materials that the road takes.
        changed: tables instead of those made here.
    """
    made = sorted({each for one in steps for each in (one["takes"], one["makes"])} | set(ends))
    known = {row["material"] for row in tables()["materials"]}
    extra = [{"material": key, "carrier": "solid", "unit": "t", "name_en": key.capitalize()} for key in made if key not in known]
    rows: dict[str, Rows] = {
        "materials": [*tables()["materials"], *extra],
        "products": [*tables()["products"], {"product": REAGENT, "name": "Till", "material": "till", "unit": "t"}],
        "prices": [price("rock", 12), price(REAGENT, 3)],
        "acceptances": [{"need": "road", "material": key, "ratio": 1, "grade": "A"} for key in ends],
        "technologies": [_technology(one) for one in steps],
        "recipe_inputs": [row for one in steps for row in _inputs(one)],
        "recipe_outputs": [row for one in steps for row in _outputs(one)],
        "plants": [_plant(one) for one in steps],
    }
    return {**rows, **changed}


OWN = ("key", "takes", "makes", "share", "site", "till", "residue", "plant")


def _technology(one: dict[str, Any]) -> dict[str, Any]:
    row = {"technology": one["key"], "name": one["key"].capitalize(), "activity": "t", "electricity": 0, "heat": 0, "diesel": 0, "water": 0}
    cost = {"variable_opex": 0, "co2": 0, "grade": "A", "output_status": "by_product"}
    return {**row, **cost, **{name: value for name, value in one.items() if name not in OWN}}


def _inputs(one: dict[str, Any]) -> Rows:
    key, till = one["key"], one.get("till", 0.0)
    feed = {"technology": key, "slot": "feed", "material": one["takes"], "amount_low": 1, "amount_high": 1, "grade": "A"}
    other = {**feed, "slot": "till", "material": "till", "kind": "reagent", "amount_low": till, "amount_high": till, "product": REAGENT}
    return [feed, other] if till else [feed]


def _outputs(one: dict[str, Any]) -> Rows:
    share, rest = one["share"], one.get("residue", ("smoke", "gas", "emission"))
    made = {
        "technology": one["key"],
        "slot": "feed",
        "output": "made",
        "makes": one["makes"],
        "kind": "product",
        "yield": share,
        "grade": "A",
    }
    left = {**made, "output": rest[0], "makes": rest[1], "kind": rest[2], "yield": 1 - share}
    till = [{**made, "slot": "till", "yield": 1}] if one.get("till") else []
    return [made, *([left] if share < 1 else []), *till]


def _plant(one: dict[str, Any]) -> dict[str, Any]:
    row = {"plant": one["key"], "name": one["key"].capitalize(), "technology": one["key"], "site": one.get("site", "works")}
    return {**row, "status": "existing", "capacity": 1e9, "grade": "A", **one.get("plant", {})}


def open_world(*steps: dict[str, Any], keys: tuple[str, ...] = ("slag",), **more: Any) -> dict[str, Rows]:
    """Several streams, each with its heap, of which plants make what a road takes."""
    rows = chained(*steps, **more)
    given = {
        "streams": [stream(key, key) for key in keys],
        "fates": [heap(key) for key in keys],
        "needs": [need("road", use_class="road")],
        "quantities": [amount("needs", "road", 5000), *(amount("streams", key, 1000) for key in keys)],
    }
    return {**given, **rows}


def described(matches: Matches) -> dict[tuple[str, str, tuple[str, ...]], int]:
    """Position of each route of several steps, by stream, need and plants in their order."""
    found, nodes, works = matches.chains, matches.links.nodes, matches.links.works
    names = [tuple(nodes.id[works.node[found.plant[found.steps(at)]]].tolist()) for at in range(len(found))]
    return {(nodes.id[found.stream[at]], nodes.id[found.need[at]], name): at for at, name in enumerate(names)}


def several(steps: int = 3, count: int = 2, **rows: Rows) -> Matches:
    """Matches of tables, with routes of several steps."""
    return with_chains(matched(**rows), steps, count)
