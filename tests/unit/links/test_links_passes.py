"""Arcs from plant to plant: an output to every other plant whose recipe takes it, hauled like anything else."""

from __future__ import annotations

import numpy as np
import pytest

from chain_rows import chained, step
from match_rows import made
from sivuvirta.domain.links import ArcKind
from sivuvirta.links import build


def passes(links):
    """(from plant, output, to plant) of every arc from plant to plant, with its row."""
    arcs, nodes = links.arcs, links.nodes
    rows = np.flatnonzero(arcs.kind == ArcKind.PASS).tolist()
    return {(nodes.id[arcs.origin[at]], links.works.outputs.name[arcs.output[at]], nodes.id[arcs.destination[at]]): at for at in rows}


def test_an_output_goes_to_each_other_plant_that_takes_it():
    links = build(made(**chained(step("dryer", "slag", "dry"), step("press", "dry", "block"), step("kiln", "dry", "dry"))))
    assert set(passes(links)) == {("dryer", "made", "press"), ("dryer", "made", "kiln"), ("kiln", "made", "press")}


def test_smoke_is_handed_over_to_nobody():
    links = build(made(**chained(step("dryer", "slag", "dry", 0.9), step("burner", "gas", "block"), step("press", "dry", "block"))))
    assert set(passes(links)) == {("dryer", "made", "press")}


def test_a_class_of_another_carrier_takes_nothing():
    links = build(made(**chained(step("boiler", "slag", "heat"), step("press", "dry", "block"))))
    assert passes(links) == {}


def test_the_haul_is_paid_like_any_other():
    """10 km by truck at 0.2 EUR and 0.1 kg CO2e per tkm."""
    links = build(made(**chained(step("dryer", "slag", "dry"), step("press", "dry", "block", site="town"))))
    at = passes(links)["dryer", "made", "press"]
    arcs = links.arcs
    assert arcs.km[at] == 10
    assert arcs.eur[at].sum() == pytest.approx(0.2 * 10)
    assert arcs.co2[at].sum() == pytest.approx(0.1 * 10)
    assert links.works.slots.name[arcs.slot[at]] == "feed"
    assert np.isnan(arcs.ratio[at])
    assert arcs.acceptance[at] == -1


def test_it_yields_what_the_recipe_says():
    links = build(made(**chained(step("dryer", "slag", "dry"), step("press", "dry", "block", 0.7))))
    at, yields = passes(links)["dryer", "made", "press"], links.works.yields
    mine = yields.arc == at
    assert dict(zip(links.works.outputs.name[yields.output[mine]], yields.eta[mine], strict=True)) == pytest.approx(
        {"made": 0.7, "smoke": 0.3}
    )


def test_a_plant_that_does_not_stand_passes_nothing_on():
    links = build(made(**chained(step("dryer", "slag", "dry", plant={"status": "closed"}), step("press", "dry", "block"))))
    assert passes(links) == {}


def test_it_stands_behind_all_other_arcs():
    """So that nothing that was counted before has another place."""
    links = build(made(**chained(step("dryer", "slag", "dry"), step("press", "dry", "block"))))
    assert links.arcs.kind[-1] == ArcKind.PASS
    assert (np.diff(links.arcs.kind) >= 0).all()
