"""What indicators there are: who defines them, at which levels, by which formula, and why not elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from attrs import frozen

from sivuvirta.domain.indicators import LEVELS
from sivuvirta.errors import OptionError

ISO, CTI, EMF = "ISO 59020:2024", "CTI v4 (WBCSD 2023)", "MCI (Ellen MacArthur Foundation & ANSYS 2019)"
RECYCLING, CMU, HIERARCHY, CRM = (
    "Recycling of metals (UNEP 2011)",
    "Eurostat 2018",
    "Directive 2008/98/EC, article 4",
    "Regulation (EU) 2024/1252",
)


@frozen
class Definition:
    """An indicator as it is defined."""

    indicator: str
    name: str
    framework: str
    levels: tuple[str, ...]
    unit: str
    formula: str
    why: str  # why it is not defined at other levels


_ALL = LEVELS
_WORKS = ("site", "organisation", "region")
_COMPANY = ("product", "site", "organisation")
_ISO = "ISO 59020 measures this for the systems named, no other."
_CTI = "The Circular Transition Indicators measure what a company can steer: products, sites and the company, no territory."
_MCI = (
    "The Material Circularity Indicator is the share of linear flow in a product over its use, weighed by a product's utility; a site or "
    "region has no lifetime and no use to compare with an industry's mean. Products of an organisation add up to 'mci_portfolio'."
)
_PORTFOLIO = (
    "A portfolio is what one organisation makes; adding products of several owners would weigh one product several times on its way."
)
_STEEL = "It speaks of one material through its life; a site or region has many."
_REGION = "It is defined for an economy with a consumption of its own: a country, a region."
_LEDGER = "It counts the side streams of a ledger; a product has none of its own."

_TABLE = (
    Definition("iso_inflow_reused", "Reused content of inflows", ISO, _ALL, "%", "sum(m x reused) / sum(m)", _ISO),
    Definition("iso_inflow_recycled", "Recycled content of inflows", ISO, _ALL, "%", "sum(m x recycled) / sum(m)", _ISO),
    Definition("iso_inflow_renewable", "Renewable content of inflows", ISO, _ALL, "%", "sum(m x renewable) / sum(m)", _ISO),
    Definition("iso_outflow_reused", "Outflows actually reused", ISO, _ALL, "%", "sum(m x reused) / sum(m)", _ISO),
    Definition("iso_outflow_recycled", "Outflows actually recycled", ISO, _ALL, "%", "sum(m x recycled) / sum(m)", _ISO),
    Definition(
        "iso_outflow_biological", "Outflows recirculated in the biological cycle", ISO, _ALL, "%", "sum(m x biological) / sum(m)", _ISO
    ),
    Definition("iso_lifetime", "Lifetime against the industry's mean", ISO, ("product",), "1", "L / L_av", _ISO),
    Definition("iso_energy_renewable", "Renewable energy consumed", ISO, _WORKS, "%", "E_renewable / E", _ISO),
    Definition("iso_water_in", "Water from circular sources", ISO, _WORKS, "%", "Q_circular_in / Q_withdrawn", _ISO),
    Definition("iso_water_out", "Water discharged for further use", ISO, _WORKS, "%", "Q_circular_out / Q_discharged", _ISO),
    Definition("iso_water_reuse", "Water used again on site", ISO, _WORKS, "1", "Q_recirculated / Q_withdrawn", _ISO),
    Definition(
        "iso_material_productivity", "Material productivity", ISO, ("organisation",), "EUR/t", "revenue / sum(m x (1 - circular))", _ISO
    ),
    Definition("mci", "Material Circularity Indicator", EMF, ("product",), "1", "max(0, 1 - LFI x 0.9/X)", _MCI),
    Definition("linear_flow_index", "Linear Flow Index", EMF, ("product",), "1", "(V + W) / (2M + (W_F - W_C)/2)", _MCI),
    Definition("mci_portfolio", "Material Circularity of the portfolio", EMF, ("organisation",), "1", "sum(N x MCI) / sum(N)", _PORTFOLIO),
    Definition("cti_inflow", "Circular inflow", CTI, _COMPANY, "%", "sum(m x (recycled + reused + renewable)) / sum(m)", _CTI),
    Definition("cti_outflow", "Circular outflow", CTI, _COMPANY, "%", "sum(m x potential x recovered) / sum(m)", _CTI),
    Definition("cti_circularity", "Material circularity", CTI, _COMPANY, "%", "(CI x M_in + CO x M_out) / (M_in + M_out)", _CTI),
    Definition("cti_energy", "Renewable energy", CTI, ("site", "organisation"), "%", "E_renewable / E", _CTI),
    Definition("cti_water", "Water circularity", CTI, ("site", "organisation"), "%", "(Q_in% + Q_out%) / 2", _CTI),
    Definition("cti_water_onsite", "Water circulation on site", CTI, ("site", "organisation"), "1", "Q_recirculated / Q_withdrawn", _CTI),
    Definition("cti_critical", "Critical material in the inflow", CTI, _COMPANY, "%", "sum(m x critical) / sum(m)", _CTI),
    Definition("cti_recovery_reuse", "Recovery type: reused", CTI, _COMPANY, "%", "reused / recovered", _CTI),
    Definition("cti_recovery_recycling", "Recovery type: recycled", CTI, _COMPANY, "%", "recycled / recovered", _CTI),
    Definition("cti_recovery_biological", "Recovery type: biological", CTI, _COMPANY, "%", "biological / recovered", _CTI),
    Definition("cti_lifetime", "Actual lifetime", CTI, ("product",), "1", "L / L_av", _CTI),
    Definition(
        "cti_productivity", "Circular material productivity", CTI, ("organisation",), "EUR/t", "revenue / sum(m x (1 - circular))", _CTI
    ),
    Definition(
        "recycled_content", "Recycled content", RECYCLING, ("product",), "%", "R / (R + P), by the inputs of the same class", _STEEL
    ),
    Definition(
        "recycled_input_rate", "Recycled input per product", RECYCLING, ("product", "organisation"), "%", "R / mass of product", _STEEL
    ),
    Definition("end_of_life_recycling_rate", "End-of-life recycling rate", RECYCLING, ("product",), "%", "recycled / end of life", _STEEL),
    Definition(
        "end_of_life_functional",
        "End-of-life recycling rate, functional",
        RECYCLING,
        ("product",),
        "%",
        "recycled into the same material / end of life",
        _STEEL,
    ),
    Definition("recyclability", "Recyclability", RECYCLING, ("product",), "%", "potential x recycling efficiency", _STEEL),
    Definition(
        "circular_material_use", "Circular material use rate", CMU, ("region",), "%", "U / (DMC + U), U = RCV_R - IMP_w + EXP_w", _REGION
    ),
    *(
        Definition(f"hierarchy_{name}", f"Side streams: {words}", HIERARCHY, _WORKS, "%", f"sum(m to {name}) / sum(m)", _LEDGER)
        for name, words in (
            ("reuse", "used without becoming waste, or reused"),
            ("recycling", "recycled"),
            ("recovery", "recovered otherwise: energy, backfill, earthworks"),
            ("disposal", "disposed of"),
            ("stock", "stocked"),
            ("undecided", "treated, released or not accounted for"),
        )
    ),
    Definition(
        "extractive_used", "Extractive waste used", HIERARCHY, _WORKS, "%", "sum(m to reuse, recycling, recovery) / sum(m)", _LEDGER
    ),
    Definition(
        "diverted", "Diverted from disposal and stock", HIERARCHY, ("region",), "t/a", "disposed and stocked: reference - plan", _LEDGER
    ),
    Definition(
        "diverted_extractive",
        "Diverted from disposal and stock, extractive waste",
        HIERARCHY,
        ("region",),
        "t/a",
        "disposed and stocked: reference - plan",
        _LEDGER,
    ),
    Definition("critical_recycled", "Element sent to recycling", CRM, ("region",), "t/a", "sum(m x content x recycled)", _REGION),
    Definition(
        "critical_lost", "Element disposed of or stocked", CRM, ("region",), "t/a", "sum(m x content x (disposed + stocked))", _REGION
    ),
    Definition(
        "critical_saved",
        "Element kept out of disposal and stock",
        CRM,
        ("region",),
        "t/a",
        "lost in the reference - lost in the plan",
        _REGION,
    ),
)

DEFINITIONS = {each.indicator: each for each in _TABLE}
"""Every indicator by its short name, in the order in which they are shown."""


def chosen(level: str | None, only: Iterable[str]) -> dict[str, Definition]:
    """The definitions that are asked for.

    Raises:
        OptionError: there is no such level or indicator, or an indicator is not defined at that level; all faults at once.
    """
    only = tuple(only)
    faults = [] if level in (None, *LEVELS) else [f"There is no level '{level}'. There are: {', '.join(LEVELS)}."]
    for name in only:
        if name not in DEFINITIONS:
            near = get_close_matches(name, DEFINITIONS, n=1)
            repair = f" Did you mean '{near[0]}'?" if near else f" There are: {', '.join(DEFINITIONS)}."
            faults.append(f"There is no indicator '{name}'.{repair}")
        elif level in LEVELS and level not in DEFINITIONS[name].levels:
            found = DEFINITIONS[name]
            faults.append(f"'{name}' is not defined for a {level} but for: {', '.join(found.levels)}. {found.why}")
    if faults:
        raise OptionError("\n".join(faults))
    wanted = {name: DEFINITIONS[name] for name in only} if only else DEFINITIONS
    return {name: each for name, each in wanted.items() if level is None or level in each.levels}
