"""Plants, recipes, yields and cost curves, by hand."""

import numpy as np
import pytest
from link_rows import amount

from sivuvirta.domain.links import CO2_TERMS, EUR_TERMS, ArcKind, NodeKind
from sivuvirta.errors import OptionError
from sivuvirta.links import build
from sivuvirta.links.curves import Scale, annuity, curves

EUR = {term: column for column, term in enumerate(EUR_TERMS)}

MILLING = {
    "technology": "milling",
    "name": "Milling",
    "activity": "t of feed",
    "reference_capacity": 1000,
    "capex": 2e6,
    "capex_low": 2e6,
    "capex_high": 2e6 + 3.29e5,
    "capex_year": 2024,
    "scale": 0.5,
    "fixed_opex": 4,
    "variable_opex": 3,
    "electricity": 50,
    "heat": 0,
    "diesel": 0,
    "water": 0,
    "staff": 5,
    "lifetime": 20,
    "co2": 8,
    "output_status": "product",
    "grade": "B",
}
INPUTS = [
    {"technology": "milling", "slot": "feed", "material": "slag", "kind": "feed", "amount_low": 0.9, "amount_high": 0.9, "share_high": 80},
    {"technology": "milling", "slot": "feed", "material": "ash", "kind": "feed", "amount_low": 0.9, "amount_high": 0.9},
    {
        "technology": "milling",
        "slot": "binder",
        "material": "aggregate",
        "kind": "reagent",
        "amount_low": 0.1,
        "amount_high": 0.2,
        "product": "rock",
    },
]
OUTPUTS = [
    {"technology": "milling", "output": "powder", "slot": "feed", "makes": "granules", "kind": "product", "yield": 0.9, "moisture": 0},
    {
        "technology": "milling",
        "output": "powder",
        "slot": "feed",
        "material": "slag.steel",
        "makes": "granules",
        "kind": "product",
        "yield": 0.8,
    },
    {"technology": "milling", "output": "dust", "slot": "feed", "makes": "dust", "kind": "emission", "yield": 0.1},
    {
        "technology": "milling",
        "output": "dust",
        "slot": "feed",
        "material": "slag.steel",
        "makes": "dust",
        "kind": "emission",
        "yield": 0.2,
    },
    {
        "technology": "milling",
        "output": "powder",
        "slot": "binder",
        "makes": "granules",
        "kind": "product",
        "yield": 1,
        "yield_low": 1,
        "yield_high": 1,
    },
]
CANDIDATE = {"plant": "mill_1", "name": "Mill 1", "technology": "milling", "site": "mill", "status": "candidate", "grade": "B"}


@pytest.fixture
def plant(make, rows):
    """Links of a region with one plant, whose powder the road takes; its row and other tables may be changed."""

    def links(technology=(), tables=(), **changes):
        start = {
            "technologies": [{**MILLING, **dict(technology)}],
            "recipe_inputs": INPUTS,
            "recipe_outputs": OUTPUTS,
            "plants": [{**CANDIDATE, **changes}],
            "acceptances": [{"need": "road", "material": "granules", "ratio": 2, "price": 5}],
            "streams": [*rows["streams"], {"stream": "ash", "name": "Ash", "site": "mill", "material": "ash"}],
            "quantities": [*rows["quantities"], amount("streams", "ash", 300)],
        }
        return build(make(**{**start, **dict(tables)}))

    return links


def arcs_of(links, kind):
    return np.flatnonzero(links.arcs.kind == kind)


def test_an_annuity_of_20_years_at_5_per_cent():
    assert annuity(0.05, np.array([20.0, 1.0])) == pytest.approx([0.0802425872, 1.05])
    assert annuity(0.0, np.array([20.0])) == pytest.approx([0.05])


def test_a_curve_bends_at_five_sizes_and_its_chords_stay_within_one_per_cent_over_a_factor_of_ten():
    yes, no = np.array([True]), np.array([False])
    found = curves(Scale(np.array([100.0]), np.array([1e6]), np.array([0.6])), np.array([50.0]), np.array([500.0]), yes, no)
    assert found.size[0] == pytest.approx(50 * 10 ** np.array([0, 0.25, 0.5, 0.75, 1]))
    assert found.capex[0] == pytest.approx(1e6 * (found.size[0] / 100) ** 0.6)
    sizes = np.linspace(50, 500, 2001)
    true = 1e6 * (sizes / 100) ** 0.6
    assert np.abs(np.interp(sizes, found.size[0], found.capex[0]) / true - 1).max() < 0.0105
    assert (found.size_min[0], found.size_max[0], found.assumed[0]) == (50, 500, False)


def test_a_candidate_without_sizes_may_be_a_tenth_to_ten_times_the_reference(plant):
    links = plant()
    works = links.works
    assert (works.size_min[0], works.size_max[0], works.capacity[0]) == (100, 10000, 0)
    assert works.curve_capex[0, [0, 2, 4]] == pytest.approx(2e6 * np.sqrt([0.1, 1, 10]))
    assert works.annuity_only[0] == pytest.approx(0.0802425872)
    assert works.annuity[0] == pytest.approx(0.1202425872)
    assert works.capex_sd[0] == pytest.approx(0.05)
    assert works.staff[0] == pytest.approx(0.005)
    assert "mill_1" in links.notes["plant sizes"]


def test_sizes_that_are_half_stated_leave_a_range(plant):
    small = plant(capacity_max=50).works
    assert (small.size_min[0], small.size_max[0]) == (5, 50)
    large = plant(capacity_min=20000).works
    assert (large.size_min[0], large.size_max[0]) == (20000, 200000)


def test_running_costs_are_opex_and_energy_at_the_price_of_electricity(plant):
    works = plant().works
    assert works.eur[0].tolist() == pytest.approx([3, 50 * 60 / 1000])
    assert works.co2[0].tolist() == pytest.approx([8, 50 * 40 / 1000])


def test_stated_costs_replace_the_curve_and_the_running_costs(plant):
    works = plant(fixed_cost=6e4, capacity_cost=2, variable_cost=15, capacity_max=3000).works
    assert (works.fixed[0], works.per_size[0], works.size_min[0], works.size_max[0]) == (6e4, 2, 0, 3000)
    assert works.eur[0].tolist() == [15, 0]
    assert works.co2[0].tolist() == pytest.approx([8, 2])
    assert works.curve_capex[0].tolist() == [0] * 5
    assert works.curve_size[0].tolist() == [0, 750, 1500, 2250, 3000]


def test_an_existing_plant_is_sunk_and_stands_between_its_years(plant):
    works = plant(status="existing", capacity=700).works
    assert (works.capacity[0], works.candidate[0], works.size_max[0]) == (700, False, 0)
    assert np.isnan(works.curve_size).all()
    assert np.isinf(plant(status="existing").works.capacity[0])
    for years in ({"closes": 2023}, {"built": 2025}):
        links = plant(status="existing", capacity=700, **years)
        assert links.works.capacity[0] == 0
        assert len(arcs_of(links, ArcKind.FEED)) == len(arcs_of(links, ArcKind.DELIVER)) == 0
        assert "mill_1" in links.notes["plants that do not stand"]
    assert plant(status="existing", capacity=700, closes=2024, built=2024).works.capacity[0] == 700


@pytest.mark.parametrize("missing", ["capex", "lifetime", "reference_capacity"])
def test_a_candidate_without_an_investment_cannot_be_built(plant, missing):
    links = plant(technology={missing: None})
    assert links.works.size_max[0] == 0
    assert "mill_1" in links.notes["plants without investment"]


@pytest.mark.parametrize("reference", [None, 0])
def test_a_plant_with_sizes_whose_reference_size_is_unknown_cannot_be_built(plant, reference):
    links = plant(technology={"reference_capacity": reference}, capacity_min=100, capacity_max=900)
    assert (links.works.size_min[0], links.works.size_max[0], links.works.staff[0]) == (0, 0, 0)
    assert "mill_1" in links.notes["plants without investment"]


def test_a_candidate_needs_a_discount_rate(plant):
    with pytest.raises(OptionError, match="discount rate"):
        plant(tables={"vintages": [{"vintage": "now", "year": 2024, "title": "now", "discount_rate": float("nan")}]})


def test_a_candidate_that_nobody_owns_belongs_to_an_investor(plant):
    for status, owner in (("candidate", "investor"), ("existing", "pulp_ltd")):
        links = plant(status=status)
        assert links.nodes.organisation[links.nodes.find(NodeKind.PLANT, "mill_1")] == owner
    links = plant(organisation="co_op")
    assert links.nodes.organisation[links.nodes.find(NodeKind.PLANT, "mill_1")] == "co_op"


def test_slots_take_streams_or_are_bought_for(plant):
    links = plant()
    slots = links.works.slots
    assert slots.name.tolist() == ["feed", "binder"]
    assert slots.feed.tolist() == [True, False]
    assert (slots.low.tolist(), slots.high.tolist()) == ([0.9, 0.1], [0.9, 0.2])
    feeds, (reagent,) = arcs_of(links, ArcKind.FEED), arcs_of(links, ArcKind.REAGENT)
    assert links.nodes.id[links.arcs.origin[feeds]].tolist() == ["slag", "ash"]
    assert links.arcs.slot[feeds].tolist() == [0, 0]
    assert links.arcs.share_high[feeds] == pytest.approx([0.8, np.nan], nan_ok=True)
    assert links.arcs.eur[reagent, EUR["purchase"]] == 12
    assert (links.arcs.slot[reagent], links.nodes.id[links.arcs.origin[reagent]]) == (1, "rock")
    assert np.isnan(links.arcs.ratio[[*feeds, reagent]]).all()


def test_yields_take_the_row_of_the_most_specific_material_and_sum_to_one(plant):
    links = plant()
    works, yields = links.works, links.works.yields
    found = {
        (links.nodes.id[links.arcs.origin[arc]], works.outputs.name[output]): eta
        for arc, output, eta in zip(yields.arc, yields.output, yields.eta, strict=True)
    }
    assert found == {("slag", "powder"): 0.8, ("slag", "dust"): 0.2, ("ash", "powder"): 0.9, ("ash", "dust"): 0.1, ("rock", "powder"): 1}
    assert "yields" not in links.notes


def test_an_input_whose_outputs_do_not_sum_to_one_is_told(plant):
    links = plant(tables={"recipe_outputs": OUTPUTS[:1] + OUTPUTS[4:]})
    assert "milling.feed" in links.notes["yields"]


def test_an_output_is_delivered_with_its_own_moisture(plant):
    links = plant()
    (arc,) = arcs_of(links, ArcKind.DELIVER)
    assert (links.arcs.ratio[arc], links.arcs.sent[arc], links.arcs.payment[arc]) == (2, 1, 5)
    assert links.arcs.km[arc] == 32
    assert links.works.outputs.name[links.arcs.output[arc]] == "powder"
    assert links.works.outputs.status.tolist() == ["product", "waste"]
    damp = plant(tables={"recipe_outputs": [{**row, "moisture": None} for row in OUTPUTS]})
    assert damp.arcs.sent[arcs_of(damp, ArcKind.DELIVER)] == pytest.approx([1 / 0.95])


def test_an_emission_leaves_by_itself_at_no_cost_unless_a_fate_is_stated(plant):
    links = plant()
    (arc,) = arcs_of(links, ArcKind.RESIDUE)
    assert links.nodes.id[links.arcs.destination[arc]] == "milling.dust"
    assert (links.arcs.eur[arc].sum(), links.arcs.capacity[arc], links.arcs.today[arc]) == (0, np.inf, 0)
    stated = {"fate": "bag", "technology": "milling", "output": "dust", "name": "Bag", "kind": "landfill", "fee": 90, "basis": "dry"}
    links = plant(tables={"fates": [stated]})
    (arc,) = arcs_of(links, ArcKind.RESIDUE)
    assert links.nodes.id[links.arcs.destination[arc]] == "bag"
    assert links.arcs.eur[arc, EUR["fee"]] == 90


def test_an_output_that_nothing_takes_is_told(plant):
    links = plant(tables={"acceptances": []})
    assert "mill_1.powder" in links.notes["outputs without outlet"]


def test_two_plants_of_one_technology_have_slots_outputs_and_yields_of_their_own(plant):
    plants = [CANDIDATE, {**CANDIDATE, "plant": "mill_2", "site": "works"}]
    links = plant(tables={"plants": plants})
    works = links.works
    assert works.slots.plant.tolist() == [0, 0, 1, 1]
    assert works.outputs.plant.tolist() == [0, 0, 1, 1]
    assert len(arcs_of(links, ArcKind.FEED)) == 4
    assert (works.slots.plant[links.arcs.slot[works.yields.arc]] == works.outputs.plant[works.yields.output]).all()
    assert len(set(links.arcs.destination[arcs_of(links, ArcKind.RESIDUE)].tolist())) == 1


def test_recoveries_belong_to_the_outputs_of_each_plant(plant):
    rows = [{"technology": "milling", "output": "dust", "component": "Zn", "value": 40, "grade": "C"}]
    found = plant(tables={"recoveries": rows}).works.recoveries
    assert (found.output.tolist(), found.component.tolist(), found.rho.tolist(), found.grade.tolist()) == ([1], ["Zn"], [0.4], [2])
    assert found.material.tolist() == [None]


def test_terms_have_one_column_each(plant):
    links = plant()
    assert links.arcs.eur.shape == links.arcs.eur_sd.shape == (len(links.arcs), len(EUR_TERMS))
    assert links.arcs.co2.shape == links.arcs.co2_sd.shape == (len(links.arcs), len(CO2_TERMS))
    assert np.isfinite(links.arcs.eur).all()
    assert np.isfinite(links.arcs.co2).all()
