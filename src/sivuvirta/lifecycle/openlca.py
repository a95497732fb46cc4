"""An inventory as openLCA's JSON-LD (schema version 2): processes, flows, flow properties, units, and climate as an impact method."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np

from sivuvirta.domain.lifecycles import Entries, Inventory
from sivuvirta.lifecycle.displaced import log_moments

_MASS_UNIT = "kg"
_VERSION = "01.00.000"

Entity = dict[str, Any]


def write_openlca(inventory: Inventory, path: Path) -> Path:
    """Write an inventory as a ZIP that openLCA imports.

    Ids are made from the names, so that a later export of the same plan updates the import and doubles nothing. A product that an outlet
    replaces is an avoided product.
    """
    entities = _Entities(inventory)
    with ZipFile(path, "w", ZIP_DEFLATED) as target:
        target.writestr("olca-schema.json", json.dumps({"version": 2}))
        for folder, entity in entities.all():
            target.writestr(f"{folder}/{entity['@id']}.json", json.dumps(entity, ensure_ascii=False, indent=1))
    return path


class _Entities:
    """Entities of an inventory with their ids."""

    def __init__(self, inventory: Inventory) -> None:
        self.inventory = inventory

    def all(self) -> list[tuple[str, Entity]]:
        """Folder and entity of everything."""
        units = [_MASS_UNIT, *(unit for unit in dict.fromkeys(self.inventory.processes.unit) if unit != _MASS_UNIT)]
        found: list[tuple[str, Entity]] = []
        for unit in units:
            found += [("unit_groups", self._unit_group(unit)), ("flow_properties", self._property(unit))]
        processes = self.inventory.processes
        found += [("flows", self._product(row)) for row in range(len(processes))]
        found += [("flows", self._elementary(row)) for row in range(len(self.inventory.flows))]
        found += [("processes", self._process(row)) for row in range(len(processes))]
        return [*found, ("lcia_categories", self._category()), ("lcia_methods", self._method())]

    def _id(self, *parts: str) -> str:
        return str(uuid5(NAMESPACE_URL, "/".join(("sivuvirta", self.inventory.title, *parts))))

    def _ref(self, kind: str, name: str, *parts: str) -> Entity:
        return {"@type": kind, "@id": self._id(*parts), "name": name}

    def _unit_group(self, unit: str) -> Entity:
        one = {"@type": "Unit", "@id": self._id("unit", unit), "name": unit, "conversionFactor": 1.0, "isRefUnit": True}
        return {"@type": "UnitGroup", "@id": self._id("unit group", unit), "name": f"Units of {unit}", "version": _VERSION, "units": [one]}

    def _property(self, unit: str) -> Entity:
        return {
            "@type": "FlowProperty",
            "@id": self._id("property", unit),
            "name": "Mass" if unit == _MASS_UNIT else f"Amount in {unit}",
            "version": _VERSION,
            "flowPropertyType": "PHYSICAL_QUANTITY",
            "unitGroup": self._ref("UnitGroup", f"Units of {unit}", "unit group", unit),
        }

    def _flow(self, kind: str, name: str, unit: str, *parts: str) -> Entity:
        return {
            "@type": "Flow",
            "@id": self._id(*parts),
            "name": name,
            "version": _VERSION,
            "flowType": kind,
            "flowProperties": [
                {
                    "@type": "FlowPropertyFactor",
                    "isRefFlowProperty": True,
                    "conversionFactor": 1.0,
                    "flowProperty": self._ref("FlowProperty", f"Amount in {unit}", "property", unit),
                }
            ],
        }

    def _product(self, row: int) -> Entity:
        processes = self.inventory.processes
        return self._flow("PRODUCT_FLOW", str(processes.name[row]), str(processes.unit[row]), "product", str(processes.key[row]))

    def _elementary(self, row: int) -> Entity:
        inventory = self.inventory
        flow = self._flow("ELEMENTARY_FLOW", str(inventory.flow_names[row]), _MASS_UNIT, "flow", str(inventory.flows[row]))
        return {**flow, "category": "Elementary flows/Emission to air/unspecified"}

    def _process(self, row: int) -> Entity:
        inventory, processes = self.inventory, self.inventory.processes
        exchanges = [self._exchange(inventory.exchanges, int(at), row) for at in np.flatnonzero(inventory.exchanges.column == row)]
        exchanges += [self._emission(int(at)) for at in np.flatnonzero(inventory.interventions.column == row)]
        exchanges = [{**exchange, "internalId": number} for number, exchange in enumerate(exchanges, 1)]
        return {
            "@type": "Process",
            "@id": self._id("process", str(processes.key[row])),
            "name": str(processes.name[row]),
            "category": str(processes.kind[row]),
            "description": "" if processes.known[row] else "Part of its own emission is not known and counts as 0.",
            "version": _VERSION,
            "processType": "UNIT_PROCESS",
            "lastInternalId": len(exchanges),
            "exchanges": exchanges,
        }

    def _exchange(self, entries: Entries, at: int, process: int) -> Entity:
        processes, row, amount = self.inventory.processes, int(entries.row[at]), float(entries.amount[at])
        own, unit, key = row == process, str(processes.unit[row]), str(processes.key[row])
        found = {
            "@type": "Exchange",
            "amount": abs(amount),
            "isInput": not own,
            "isQuantitativeReference": own,
            "isAvoidedProduct": not own and amount > 0,
            "flow": self._ref("Flow", str(processes.name[row]), "product", key),
            **self._measure(unit),
            **_uncertainty(amount, float(entries.sd[at])),
        }
        return found if own else {**found, "defaultProvider": self._ref("Process", str(processes.name[row]), "process", key)}

    def _emission(self, at: int) -> Entity:
        entries, inventory = self.inventory.interventions, self.inventory
        row = int(entries.row[at])
        return {
            "@type": "Exchange",
            "amount": float(entries.amount[at]),
            "isInput": False,
            "isQuantitativeReference": False,
            "isAvoidedProduct": False,
            "flow": self._ref("Flow", str(inventory.flow_names[row]), "flow", str(inventory.flows[row])),
            **self._measure(_MASS_UNIT),
            **_uncertainty(float(entries.amount[at]), float(entries.sd[at])),
        }

    def _measure(self, unit: str) -> Entity:
        return {
            "unit": self._ref("Unit", unit, "unit", unit),
            "flowProperty": self._ref("FlowProperty", f"Amount in {unit}", "property", unit),
        }

    def _category(self) -> Entity:
        inventory = self.inventory
        factors = [
            {
                "@type": "ImpactFactor",
                "value": float(inventory.factors[row]),
                "flow": self._ref("Flow", str(inventory.flow_names[row]), "flow", str(inventory.flows[row])),
                **self._measure(_MASS_UNIT),
            }
            for row in range(len(inventory.flows))
        ]
        return {
            "@type": "ImpactCategory",
            "@id": self._id("impact", "climate"),
            "name": "Climate, GWP100 of AR6",
            "version": _VERSION,
            "refUnit": "kg CO2e",
            "impactFactors": factors,
        }

    def _method(self) -> Entity:
        return {
            "@type": "ImpactMethod",
            "@id": self._id("method", "climate"),
            "name": "Sivuvirta: climate",
            "version": _VERSION,
            "impactCategories": [self._ref("ImpactCategory", "Climate, GWP100 of AR6", "impact", "climate")],
        }


def _uncertainty(amount: float, sd: float) -> Entity:
    """The lognormal distribution of a positive figure as openLCA has it."""
    if sd <= 0 or amount == 0:
        return {}
    mu, sigma = log_moments(np.array([amount]), np.array([sd]))
    return {
        "uncertainty": {
            "@type": "Uncertainty",
            "distributionType": "LOG_NORMAL_DISTRIBUTION",
            "geomMean": float(np.exp(mu[0])),
            "geomSd": float(np.exp(sigma[0])),
        }
    }
