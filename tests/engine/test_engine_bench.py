"""What the bench compares is the same program, three times."""

from __future__ import annotations

import pytest
from bench.builds import by_linopy, floor, optimum, ours
from bench.generate import Size, write
from tests.engine.worlds import library

from sivuvirta.links import build
from sivuvirta.match import match
from sivuvirta.tables import load


@pytest.mark.parametrize("shape", ["even", "hub"])
def test_floor_linopy_and_ours_have_one_optimum(shape, tmp_path):
    matches = match(build(load(write(tmp_path / "region", Size(streams=60, shape=shape)), library())))
    objective = ours(matches).solve().objective
    assert optimum(floor(matches), "simplex", 60.0)[0] == pytest.approx(objective, rel=1e-9)
    assert optimum(by_linopy(matches), "simplex", 60.0)[0] == pytest.approx(objective, rel=1e-9)


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    one, other = (write(tmp_path / name, Size(streams=20, shape="hub", seed=7)) for name in ("one", "other"))
    for path in sorted(one.iterdir()):
        assert path.read_bytes() == (other / path.name).read_bytes()
