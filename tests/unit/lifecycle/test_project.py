"""A Brightway project as background, made in the test."""

from __future__ import annotations

import warnings

import pytest

from lifecycle_rows import small
from sivuvirta.domain.lifecycles import Background
from sivuvirta.errors import OptionError, ReadError, UnknownNameError
from sivuvirta.lifecycle.brightway import calculation, scored

SMALL = small()


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project with cement that takes coal, and a method that weighs carbon dioxide and dust."""
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        patch.setenv("BRIGHTWAY2_DIR", str(tmp_path_factory.mktemp("brightway")))
        import bw2data  # noqa: PLC0415 - reads where its projects are when it is imported

        bw2data.projects.set_current("own")
        bw2data.Database("air").write(
            {("air", key): {"name": key, "type": "emission", "exchanges": []} for key in ("co2", "dust")},
        )
        made = {("eco", key): {"name": key, "exchanges": [_exchange(("eco", key), 1.0, "production")]} for key in ("cement", "coal")}
        made["eco", "cement"]["exchanges"] += [
            _exchange(("eco", "coal"), 2.0, "technosphere"),
            _exchange(("air", "co2"), 100.0, "biosphere"),
            _exchange(("air", "dust"), 3.0, "biosphere"),
        ]
        made["eco", "coal"]["exchanges"] += [_exchange(("air", "co2"), 50.0, "biosphere")]
        bw2data.Database("eco").write(made)
        method = bw2data.Method(("own", "dust"))
        method.register()
        method.write([(("air", "dust"), 10.0)])
        yield "own"


def _exchange(key, amount, kind):
    return {"input": key, "amount": amount, "type": kind}


def test_a_project_supplies_a_product(project):
    """200 kg CO2 a unit of theirs, 4 units a tonne of ours: 800, as the library's own, so -8300 stays; 3 units make -6300."""
    for units, expected in ((4.0, -8300.0), (3.0, -6300.0)):
        background = Background(project, {"product:cement": ("eco/cement", units), "flow:co2": ("air/co2", 1.0)})
        assert scored(calculation(SMALL, background=background).lca(), SMALL.system("change")) == pytest.approx(expected)


def test_a_method_of_the_project(project):
    """Only cement has dust: 3 x 10 a unit, 10 units less are bought; coal has none."""
    suppliers = dict.fromkeys(("product:rock", "haul:truck", "outlet:road"), ("eco/coal", 1.0))
    background = Background(project, {"product:cement": ("eco/cement", 1.0), **suppliers})
    calculated = calculation(SMALL, "own | dust", background)
    assert calculated.unknown(SMALL.system("change")) == []
    assert scored(calculated.lca(), SMALL.system("change")) == pytest.approx(-300)


def test_names_that_the_project_has_not(project):
    with pytest.raises(OptionError, match=r"own \| dust"):
        calculation(SMALL, "own | acid", Background(project))
    with pytest.raises(UnknownNameError, match="no 'eco/steel'"):
        calculation(SMALL, background=Background(project, {"product:cement": ("eco/steel", 1.0)}))
    with pytest.raises(UnknownNameError, match="It has: air, eco"):
        calculation(SMALL, background=Background(project, databases=("ecoinvent",)))
    with pytest.raises(ReadError, match="neither a file nor a Brightway project"):
        calculation(SMALL, background=Background("nobody's"))
