"""Small worlds of plants, and every route through them, worked out one by one with plain numbers."""

from __future__ import annotations

from attrs import evolve, frozen
from hypothesis import strategies as st

from chain_rows import chained, step
from match_rows import amount, analysis, heap, limit, need, path, price, stream, tables
from sivuvirta.domain.grades import Grade, Verdict

MATERIALS = ("slag", "dry", "block", "sinter")
NEEDS = {"road": "town", "yard": "works"}
STREAMS = ("slag", "dry")
STATUSES = ("waste", "by_product", "product")
YEARLY = 1000
ROCK, HAUL, FATE = 12.0, 10 * 0.2, 4.0


@st.composite
def worlds(draw, plants=(2, 6)):
    """Two streams, two needs, limits of cadmium for some statuses, and plants of every kind that join what they like."""
    numbers = st.sampled_from([0.0, 1.0, 2.5, 7.0, 20.0])
    steps = []
    for number in range(draw(st.integers(*plants))):
        takes, makes = draw(st.sampled_from(MATERIALS)), draw(st.sampled_from(MATERIALS))
        share = draw(st.sampled_from([0.4, 0.5, 1.0]))
        rest = draw(st.sampled_from([("smoke", "gas", "emission"), *((f"side_{key}", key, "coproduct") for key in MATERIALS)]))
        flags = {"recovery": draw(st.booleans()), "mixes": draw(st.booleans()), "hazardous_ok": draw(st.booleans())}
        said = {"output_status": draw(st.sampled_from(STATUSES)), "grade": draw(st.sampled_from("AD"))}
        site = draw(st.sampled_from(["works", "town"]))
        one = step(f"p{number}", takes, makes, share, variable_opex=draw(numbers), site=site, residue=rest, **flags, **said)
        steps.append({**one, "plant": {"grade": said["grade"]}, "rho": draw(st.sampled_from([None, 10, 60, 100]))})
    limits = [
        limit(
            f"{status}_{key}",
            "Cd",
            draw(st.sampled_from([4.0, 9.0, 15.0])),
            use_class=key,
            applies_to=status,
            blending=draw(st.booleans()),
            mixing="none",
            verified=draw(st.booleans()),
        )
        for key in NEEDS
        for status in draw(st.lists(st.sampled_from(["any", *STATUSES]), max_size=2, unique=True))
    ]
    accepted = {key: draw(st.lists(st.sampled_from(MATERIALS), min_size=1, max_size=3, unique=True)) for key in NEEDS}
    figures = {key: (draw(st.sampled_from([3.0, 8.0, 14.0])), draw(st.sampled_from("AC"))) for key in STREAMS}
    status = {key: (draw(st.sampled_from(STATUSES)), draw(st.sampled_from(["yes", "no"]))) for key in STREAMS}
    pays = {key: draw(st.sampled_from([ROCK, ROCK, 0.0])) for key in NEEDS}
    paths = [draw(paths_of(f"path{number}")) for number in range(draw(st.integers(0, 3)))]
    return World(tuple(steps), tuple(limits), accepted, figures, status, pays, tuple(paths))


@st.composite
def forks(draw):
    """A world in which two or three plants make what one mill takes, whose output one press takes: routes that meet and go on together."""
    world = draw(worlds(plants=(4, 5)))
    first = len(world.steps) - 2
    ways = [("slag", "dry")] * first + [("dry", "block"), ("block", "sinter")]
    steps = [{**one, "takes": takes, "makes": makes} for one, (takes, makes) in zip(world.steps, ways, strict=True)]
    accepted = {key: ["sinter", *draw(st.lists(st.sampled_from(["slag", "dry"]), max_size=1))] for key in NEEDS}
    return evolve(world, steps=tuple(steps), accepted=accepted)


@st.composite
def paths_of(draw, key):
    """A notification of waste or of anything, of the country or of the Union, from a quantity on that no product of yields meets."""
    least, whose = draw(st.sampled_from([None, 95, 190, 330, 450, 550, 700])), draw(st.sampled_from(["FI", "EU"]))
    sure = {"verified": draw(st.booleans()), "by_decision": draw(st.sampled_from([False, False, True]))}
    return path(key, quantity_min=least, jurisdiction=whose, hazardous=draw(st.booleans()), **sure)


@frozen
class World:
    """What a region is made of."""

    steps: tuple
    limits: tuple
    accepted: dict
    figures: dict
    status: dict
    pays: dict
    paths: tuple

    def tables(self):
        """The region's tables."""
        plain = [{name: value for name, value in one.items() if name != "rho"} for one in self.steps]
        outputs = {one["key"]: [name for name, _, _ in _outputs(one)] for one in self.steps}
        rho = [
            {"technology": one["key"], "output": name, "component": "Cd", "value": one["rho"], "grade": "B"}
            for one in self.steps
            if one["rho"] is not None
            for name in outputs[one["key"]]
            if name == "made"
        ]
        return chained(
            *plain,
            ends=MATERIALS,
            limits=list(self.limits),
            recoveries=rho,
            needs=[need(key, use_class=key, site=site, product=f"for_{key}") for key, site in NEEDS.items()],
            products=[*tables()["products"], *({**tables()["products"][0], "product": f"for_{key}"} for key in NEEDS)],
            prices=[price("rock", ROCK), *(price(f"for_{key}", value) for key, value in self.pays.items())],
            legal_paths=list(self.paths),
            acceptances=[{"need": key, "material": each, "ratio": 1, "grade": "A"} for key, each in _pairs(self.accepted)],
            analyses=[analysis(key, "Cd", value, grade=grade) for key, (value, grade) in self.figures.items()],
            streams=[stream(key, key, legal_status=said, hazardous=hazard) for key, (said, hazard) in self.status.items()],
            fates=[heap(key) for key in STREAMS],
            quantities=[*(amount("streams", key, YEARLY) for key in STREAMS), *(amount("needs", key, 500) for key in NEEDS)],
        )


def _pairs(accepted):
    return [(key, each) for key, materials in accepted.items() for each in materials]


def _outputs(one):
    """(name, material, share) of what may be handed over."""
    name, material, _ = one["residue"]
    side = [(name, material, 1 - one["share"])] if one["share"] < 1 and name != "smoke" else []
    return [("made", one["makes"], one["share"]), *side]


@frozen
class State:
    """Material on its way."""

    material: str
    site: str
    cd: float
    grade: Grade
    status: str
    sure: bool  # the status is no assumption
    hazard: str
    failed: frozenset = frozenset()
    firm: frozenset = frozenset()
    whole: frozenset = frozenset()
    verdict: Verdict = Verdict.PASS
    amount: float = 1.0
    worth: float = 0.0
    plants: tuple = ()


def every_route(world, steps):
    """(verdict, gain, plants) of every route of two to `steps` plants, by stream and need."""
    found = {(key, end): [] for key in STREAMS for end in NEEDS}
    for key in STREAMS:
        (cd, grade), (status, hazard) = world.figures[key], world.status[key]
        _follow(world, steps, key, State(key, "works", cd, Grade[grade], status, True, hazard), found)
    return found


def best_routes(world, steps, count=2):
    """(verdict, gain) of the best routes of each stream and need, each through another set of plants."""
    result = {}
    for pair, routes in every_route(world, steps).items():
        best = {}
        for verdict, gain, plants in sorted(routes, key=lambda route: (route[0], -route[1])):
            best.setdefault(frozenset(plants), (verdict, gain))
        if best:
            result[pair] = sorted(best.values(), key=lambda route: (route[0], -route[1]))[:count]
    return result


def _follow(world, steps, key, state, found):
    for one in world.steps:
        if one["takes"] != state.material or one["key"] in state.plants or len(state.plants) == steps:
            continue
        entered = evolve(state, verdict=max(state.verdict, _received(state, one)))
        made = {name: _made(world, entered, one, name) for name, _, _ in _outputs(one)}
        side = {name: _elsewhere(world, after) for name, after in made.items()}
        haul = 0.0 if one["site"] == state.site else HAUL
        for name, after in made.items():
            others = sum(share * side[other] for other, _, share in _outputs(one) if other != name)
            paid = evolve(after, worth=state.worth + state.amount * (others - haul - one["variable_opex"]))
            for end in _needs(world, paid.material) if len(paid.plants) > 1 else ():
                gain = paid.worth + paid.amount * _delivered(world, paid, end) + FATE
                found[key, end].append((_judged(world, paid, end), gain, paid.plants))
            _follow(world, steps, key, paid, found)


def _needs(world, material):
    return [end for end, materials in world.accepted.items() if material in materials]


def _delivered(world, state, end):
    return world.pays[end] - (0.0 if NEEDS[end] == state.site else HAUL)


def _elsewhere(world, after):
    """What a by-product is worth where it goes best, and nothing where it may go nowhere."""
    open_ = [_delivered(world, after, end) for end in _needs(world, after.material) if _judged(world, after, end) < Verdict.FAIL]
    return max(open_, default=0.0)


def _received(state, one):
    treats = one["hazardous_ok"] and (not one["mixes"] or one["recovery"])
    harmless = Verdict.PASS if state.sure else Verdict.LIKELY
    if state.hazard == "no":
        return harmless
    if treats:
        return Verdict.PASS
    if state.hazard == "yes":
        return Verdict.FAIL
    return harmless if state.status != "waste" else Verdict.UNKNOWN


def _made(world, state, one, name):
    share = {each: part for each, _, part in _outputs(one)}[name]
    kept = sum(part for _, _, part in _outputs(one))
    stated = one["rho"] is not None and name == "made"
    factor = one["rho"] / 100 / share if stated else 1 / kept
    factor = factor if one["recovery"] else max(factor, 1.0)
    status = one["output_status"]  # of products and by-products alike
    stuck = {row["limit"] for row in world.limits if not row["blending"]} if not one["recovery"] else set()
    failing = {row["limit"] for row in world.limits if _alone(state.cd, state.grade, row, False) == Verdict.FAIL}
    own = {state.status}
    return evolve(
        state,
        material={each: material for each, material, _ in _outputs(one)}[name],
        site=one["site"],
        cd=state.cd * factor,
        grade=max(state.grade, Grade.B) if stated else state.grade,
        status=status,
        sure=one["grade"] != "D",
        hazard="unknown" if one["recovery"] and state.hazard != "no" else state.hazard,
        failed=frozenset((state.failed | failing) & stuck),
        firm=frozenset() if one["recovery"] else state.firm | own,
        whole=state.whole | own if one["mixes"] and not one["recovery"] else frozenset(),
        amount=state.amount * share,
        plants=(*state.plants, one["key"]),
    )


def _alone(cd, grade, row, verified=True):
    if cd <= row["value"]:
        return Verdict.PASS if grade <= Grade.B and verified and row["verified"] else Verdict.LIKELY
    return Verdict.FAIL


def _as_waste(world, state):
    """By the least doubtful of the notifications that are open; where one of the country is, those of the Union do not count."""
    open_ = [
        row for row in world.paths if (row["hazardous"] or state.hazard != "yes") and YEARLY * state.amount >= (row["quantity_min"] or 0)
    ]
    own = [row for row in open_ if row["jurisdiction"] == "FI"] or open_
    doubt = [Verdict.UNKNOWN if row["by_decision"] else Verdict.PASS if row["verified"] else Verdict.LIKELY for row in own]
    return min(doubt, default=Verdict.UNKNOWN)


def _judged(world, state, end):
    verdicts = [state.verdict, _as_waste(world, state) if state.status == "waste" else Verdict.PASS if state.sure else Verdict.LIKELY]
    for row in world.limits:
        meant = row["applies_to"]
        held = meant in ("any", state.status) or meant in state.whole or (meant in state.firm and not row["blending"])
        if row["use_class"] == end and held:
            verdicts.append(Verdict.FAIL if row["limit"] in state.failed else _alone(state.cd, state.grade, row))
    return max(verdicts)


__all__ = ["World", "best_routes", "every_route", "forks", "worlds"]
