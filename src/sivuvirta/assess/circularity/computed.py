"""Which function computes which indicator."""

from __future__ import annotations

from sivuvirta.assess.circularity import mci as method
from sivuvirta.assess.circularity.asked import Compute
from sivuvirta.assess.circularity.measured import (
    SECONDARY,
    circular_material_use,
    cti_circularity,
    cti_outflow,
    cti_water,
    mean_content,
    mean_fate,
    productivity,
    ratio,
    recovery_type,
)
from sivuvirta.assess.circularity.products import (
    end_of_life,
    portfolio,
    product_indicator,
    recyclability,
    recycled_content,
    recycled_input_rate,
)

COMPUTED: dict[str, Compute] = {
    "iso_inflow_reused": mean_content("reused_content"),
    "iso_inflow_recycled": mean_content("recycled_content"),
    "iso_inflow_renewable": mean_content("renewable_content"),
    "iso_outflow_reused": mean_fate("reused"),
    "iso_outflow_recycled": mean_fate("recycled"),
    "iso_outflow_biological": mean_fate("composted"),
    "iso_lifetime": ratio("lifetime", "lifetime_average", 1.0),
    "iso_energy_renewable": ratio("renewable_energy", "energy"),
    "iso_water_in": ratio("water_circular_in", "water_withdrawn"),
    "iso_water_out": ratio("water_circular_out", "water_discharged"),
    "iso_water_reuse": ratio("water_recirculated", "water_withdrawn", 1.0),
    "iso_material_productivity": productivity,
    "mci": product_indicator(method.mci),
    "linear_flow_index": product_indicator(method.linear_flow_index),
    "mci_portfolio": portfolio,
    "cti_inflow": mean_content(*SECONDARY),
    "cti_outflow": cti_outflow,
    "cti_circularity": cti_circularity,
    "cti_energy": ratio("renewable_energy", "energy"),
    "cti_water": cti_water,
    "cti_water_onsite": ratio("water_recirculated", "water_withdrawn", 1.0),
    "cti_critical": mean_content("critical_content"),
    "cti_recovery_reuse": recovery_type("reused"),
    "cti_recovery_recycling": recovery_type("recycled"),
    "cti_recovery_biological": recovery_type("composted"),
    "cti_lifetime": ratio("lifetime", "lifetime_average", 1.0),
    "cti_productivity": productivity,
    "recycled_content": recycled_content,
    "recycled_input_rate": recycled_input_rate,
    "end_of_life_recycling_rate": end_of_life("recycled"),
    "end_of_life_functional": end_of_life("recycled_functional"),
    "recyclability": recyclability,
    "circular_material_use": circular_material_use,
}
"""What computes each indicator that needs no ledger."""
