"""The links of every bundled region, at each of its vintages."""

from itertools import pairwise

import numpy as np
import pytest

from sivuvirta import library, regions
from sivuvirta.domain.links import ArcKind
from sivuvirta.links import build
from sivuvirta.links.distances import DETOUR
from sivuvirta.tables import load

BUNDLED = [(name, vintage) for name in regions.names() for vintage in load(regions.path(name), library.tables()).vintages]


@pytest.fixture(scope="module", params=BUNDLED, ids="-".join)
def links(request):
    name, vintage = request.param
    return build(load(regions.path(name), library.tables()).at(vintage))


def test_every_stream_that_flows_goes_somewhere_today(links):
    fates = links.arcs.kind == ArcKind.FATE
    today = np.bincount(links.arcs.origin[fates], weights=links.arcs.today[fates], minlength=len(links.supply.value))
    assert links.supply.value.sum() > 0
    np.testing.assert_allclose(today, links.supply.value, rtol=1e-9)
    assert "outlets not known" not in links.notes
    assert "shares" not in links.notes


def test_no_outlet_takes_more_today_than_it_can(links):
    assert (links.arcs.today <= links.arcs.capacity * (1 + 1e-9)).all()


def test_every_coefficient_is_a_number(links):
    arcs = links.arcs
    for name in ("sent", "km", "tkm", "trips", "eur", "eur_sd", "co2", "co2_sd", "payment", "today"):
        assert np.isfinite(getattr(arcs, name)).all(), name
    uses = np.isin(arcs.kind, [ArcKind.DIRECT, ArcKind.DELIVER, ArcKind.BUY])
    assert (arcs.ratio[uses] > 0).all()


def test_inputs_become_outputs_and_outputs_leave(links):
    assert "yields" not in links.notes
    assert (links.works.yields.eta >= 0).all()


def test_hauls_are_of_a_plausible_length(links):
    """Longer than the straight line, but for what a site's position or a place that stands for an area leaves open."""
    arcs, nodes = links.arcs, links.nodes
    far = np.flatnonzero((arcs.km > 100) & ~np.isnan(nodes.lat[arcs.origin]) & ~np.isnan(nodes.lat[arcs.destination]))
    straight = 111.2 * np.abs(nodes.lat[arcs.origin[far]] - nodes.lat[arcs.destination[far]])
    assert (arcs.km[far] > 0.9 * straight).all()
    assert arcs.km.max() < 2000 * DETOUR


def test_roads_of_a_way_lead_from_its_start_to_its_end(links):
    roads, arcs = links.region.table("roads"), links.arcs
    for row in np.flatnonzero(arcs.pair >= 0)[:200]:
        edges = links.paths.edges(int(arcs.pair[row]))
        assert roads["km"][edges].sum() <= arcs.km[row] + 1e-9
        ends = [{roads["from_place"][edge], roads["to_place"][edge]} for edge in edges]
        assert all(one & two for one, two in pairwise(ends))
