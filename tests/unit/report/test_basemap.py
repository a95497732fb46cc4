"""The base map: ports on land, clipping that loses nothing inside."""

from __future__ import annotations

import json

import pytest

from sivuvirta.report.drawing.basemap import FOLDER, LAYERS, Box, basemap, box

PORTS = {
    "Röyttä, Tornio": (24.163, 65.759),
    "Ajos, Kemi": (24.535, 65.667),
    "Röyttä lime works": (24.1566, 65.7596),
    "Tornio works": (24.1758, 65.7842),
    "Kemi bioproduct mill": (24.5218, 65.7559),
}
OPEN_SEA = (24.2, 65.5)


def _inside(point, ring):
    """Crossing number of a ray to the east."""
    x, y = point
    hits = 0
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            hits += 1
    return hits % 2 == 1


def _on_land(point, rings):
    return any(_inside(point, ring) for ring in rings)


@pytest.fixture(scope="module")
def bay():
    return basemap(Box(23.5, 65.3, 25.2, 66.1))


@pytest.mark.parametrize("port", PORTS)
def test_ports_and_works_lie_on_land(bay, port):
    assert _on_land(PORTS[port], bay["land"])


def test_the_sea_is_not_land(bay):
    assert not _on_land(OPEN_SEA, bay["land"])


def test_clipping_keeps_what_is_inside_and_nothing_beyond():
    frame = Box(24.0, 65.6, 24.6, 65.9)
    part, whole = basemap(frame), basemap(Box(19, 63.5, 31, 70.2))
    for ring in part["land"]:
        assert all(frame.holds(point) for point in ring)
    for lon in (24.05, 24.15, 24.25, 24.35, 24.45, 24.55):
        for lat in (65.62, 65.68, 65.74, 65.8, 65.86):
            assert _on_land((lon, lat), part["land"]) == _on_land((lon, lat), whole["land"])


def test_a_region_elsewhere_has_an_empty_base():
    assert basemap(Box(-4, 40, -3, 41)) == {layer: [] for layer in ("sea", *LAYERS)}
    assert box([]) is None


def test_a_line_that_comes_back_is_two_runs():
    frame = Box(22, 65, 26, 67)
    for line in basemap(frame)["borders"]:
        assert len(line) >= 2
        assert any(frame.holds(point) for point in line)


@pytest.mark.parametrize("layer", LAYERS)
def test_the_stored_map_is_geojson_with_its_licence_beside_it(layer):
    content = json.loads((FOLDER / f"{layer}.geojson").read_text(encoding="utf-8"))
    assert content["type"] == "FeatureCollection"
    assert len(content["features"]) > 5
    assert "LESSER GENERAL PUBLIC LICENSE" in (FOLDER / "LICENSE.txt").read_text(encoding="utf-8")
