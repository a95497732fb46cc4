"""Figures of the library against print, and what was derived recomputed from it."""

from __future__ import annotations

import pytest

from sivuvirta.library import tables

WEIGHTS = {
    "Al": 26.982, "C": 12.011, "Ca": 40.078, "Cl": 35.45, "Cr": 51.996, "F": 18.998, "Fe": 55.845, "H": 1.008, "K": 39.098, "Mg": 24.305,
    "Mn": 54.938, "Mo": 95.95, "Na": 22.99, "Ni": 58.693, "O": 15.999, "P": 30.974, "Pb": 207.2, "S": 32.06, "Si": 28.085, "Ti": 47.867,
    "V": 50.942, "Zn": 65.38,
}  # fmt: skip
"""IUPAC abridged standard atomic weights of 2021."""

OXIDES = {
    "Al2O3": {"Al": 2, "O": 3}, "CaO": {"Ca": 1, "O": 1}, "Cr2O3": {"Cr": 2, "O": 3}, "CrO3": {"Cr": 1, "O": 3}, "Fe2O3": {"Fe": 2, "O": 3},
    "FeO": {"Fe": 1, "O": 1}, "K2O": {"K": 2, "O": 1}, "MgO": {"Mg": 1, "O": 1}, "MnO": {"Mn": 1, "O": 1}, "MoO3": {"Mo": 1, "O": 3},
    "Na2O": {"Na": 2, "O": 1}, "NiO": {"Ni": 1, "O": 1}, "P2O5": {"P": 2, "O": 5}, "PbO": {"Pb": 1, "O": 1}, "SO3": {"S": 1, "O": 3},
    "SiO2": {"Si": 1, "O": 2}, "TiO2": {"Ti": 1, "O": 2}, "V2O5": {"V": 2, "O": 5}, "ZnO": {"Zn": 1, "O": 1},
    "CaCO3": {"Ca": 1, "C": 1, "O": 3},
}  # fmt: skip


def mass(formula: dict[str, int]) -> float:
    return sum(WEIGHTS[element] * count for element, count in formula.items())


def value(table: str, key: object, column: str = "value") -> float:
    found = tables()[table]
    return float(found[column][found.index[key]])


@pytest.mark.parametrize("oxide", OXIDES)
def test_oxide_factors_of_iupac_2021(oxide):
    formula = OXIDES[oxide]
    element = next(iter(formula))
    assert value("components", oxide, "factor") == pytest.approx(WEIGHTS[element] * formula[element] / mass(formula), rel=2e-4)


INERT = {
    "As": 0.5, "Ba": 20, "Cd": 0.04, "Cr": 0.5, "Cu": 2, "Hg": 0.01, "Mo": 0.5, "Ni": 0.4, "Pb": 0.5, "Sb": 0.06, "Se": 0.1, "Zn": 4,
    "chloride": 800, "fluoride": 10, "sulfate": 1000, "DOC": 500, "TDS": 4000,
}  # fmt: skip
HAZARDOUS = {
    "As": 25, "Ba": 300, "Cd": 5, "Cr": 70, "Cu": 100, "Hg": 2, "Mo": 30, "Ni": 40, "Pb": 50, "Sb": 5, "Se": 7, "Zn": 200,
    "chloride": 25_000, "fluoride": 500, "sulfate": 50_000, "DOC": 1000, "TDS": 100_000,
}  # fmt: skip


@pytest.mark.parametrize(("use", "printed"), [("landfill_inert", INERT), ("landfill_hazardous", HAZARDOUS)])
def test_landfill_leaching_limits_as_printed(use, printed):
    """Council Decision 2003/33/EC, L/S 10, as printed in Bentham Open TOBCTJ-12-187, table 1."""
    held = {component: value("limits", f"landfill.{use}.leach_{component.lower()}") for component in printed}
    assert held == printed


FOOD_AUTHORITY = {
    "fertiliser": (40, 1, 1.5, 300, 600, 100, 70, 1500),
    "fertiliser_micronutrient": (60, 2, 3, 600, 600, 200, 150, 1500),
    "forest_ash": (40, 1, 25, 300, 600, 150, 120, 4500),
    "liming": (40, 1, 1.5, 400, 600, 100, 70, 1500),
}


@pytest.mark.parametrize("use", FOOD_AUTHORITY)
def test_fertiliser_limits_as_the_food_authority_prints_them(use):
    """MMM 964/2023, table of the Finnish Food Authority, mg/kg dry: As, Hg, Cd, Cr, Cu, Pb, Ni, Zn."""
    order = ("as", "hg", "cd", "cr_total", "cu", "pb", "ni", "zn")
    assert tuple(value("limits", f"mmm964.{use}.{component}") for component in order) == FOOD_AUTHORITY[use]


def test_activator_dose_of_ferrochrome_slag_geopolymer():
    """Sustainable Environment Research 2019: 10 M KOH, liquid to solid 0.26; density of 10 M KOH about 1.40 kg/l is general knowledge."""
    koh = WEIGHTS["K"] + WEIGHTS["O"] + WEIGHTS["H"]
    dose = 0.26 / 1.40 * 10 * koh / 1000
    assert value("recipe_inputs", ("geopolymer_block", "activator", "alkali.koh"), "amount_low") == pytest.approx(dose, abs=5e-4)
    assert value("recipe_inputs", ("geopolymer_block", "water", "water.bound"), "amount_low") == pytest.approx(0.26 - dose, abs=5e-4)


def test_nickel_recovered_from_pickling_sludge():
    """Shukla et al. 2015: 8.89 g NiSO4.6H2O from 25 g of sludge with 8.93 % nickel."""
    hexahydrate = mass({"Ni": 1, "S": 1, "O": 10, "H": 12})
    recovered = 8.89 * WEIGHTS["Ni"] / hexahydrate / (25 * 0.0893)
    assert value("recoveries", ("pickling_sludge_hydromet", "nickel_product", "Ni", None)) == pytest.approx(100 * recovered, abs=0.5)


def test_dregs_in_till_are_five_to_twenty_per_cent_of_the_wet_mass():
    """paperChain factsheet CC5 (zenodo.org/records/5878839): 5-20 % of the mix; dregs at 50 %, till at 10 % moisture."""
    till = {share: (1 - share) * 0.90 / (share * 0.5) for share in (0.05, 0.20)}
    slot = ("gld_sealing", "till", "soil.till")
    assert value("recipe_inputs", slot, "amount_low") == pytest.approx(till[0.20], abs=0.05)
    assert value("recipe_inputs", slot, "amount_high") == pytest.approx(till[0.05], abs=0.05)


def test_lime_mud_gives_off_the_carbon_dioxide_of_ipcc_2006():
    """IPCC 2006: 785 kg CO2 per t CaO."""
    burnt = value("recipe_outputs", ("lime_mud_calcination", "gases", "mud", None), "yield")
    made = value("recipe_outputs", ("lime_mud_calcination", "lime", "mud", None), "yield")
    assert burnt / made == pytest.approx(0.785, abs=5e-4)


def test_truck_emission_follows_from_fuel_and_payload():
    """0.60 l/km loaded and 0.38 l/km empty, 3.286 kg CO2e/l, 51 t."""
    diesel = value("factors", "diesel")
    assert value("modes", "truck76", "co2") == pytest.approx((0.60 + 0.38) * diesel / 51, abs=5e-4)
    assert value("modes", "truck60", "co2") == pytest.approx((0.48 + 0.33) * diesel / 39.5, abs=5e-4)


def test_ferrochrome_in_euros():
    """Fastmarkets, May 2024: 1.52 USD/lb Cr at 0.92 EUR/USD."""
    assert value("prices", "fecr_benchmark") == pytest.approx(1.52 * 2204.62 * 0.92, abs=0.1)


def test_index_of_consumer_prices_chains_the_printed_rates():
    """World Bank, Finland: 7.12 % in 2022, 6.25 % in 2023, 1.57 % in 2024."""
    level = {year: value("indices", ("general", year)) for year in range(2021, 2025)}
    assert [round(100 * (level[year] / level[year - 1] - 1), 2) for year in (2022, 2023, 2024)] == [7.12, 6.25, 1.57]
