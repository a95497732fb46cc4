"""The description of a data package, `datapackage.json`: read with its faults, and made from the schema (Frictionless Data)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import field, frozen

from sivuvirta.domain.table import Table
from sivuvirta.errors import Problem
from sivuvirta.tables.schema import ColumnSchema, schema

FILE = "datapackage.json"

_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
"""Data Package 2.0: the first version that knows bounds that are not reached themselves."""

_TYPES = {"number": "number", "integer": "integer", "year": "year", "boolean": "boolean"}


@frozen
class Descriptor:
    """What a package says about itself."""

    name: str
    title: str
    files: Mapping[str, str]  # table -> path in the package
    found: bool
    problems: tuple[Problem, ...] = field(default=())


def descriptor(path: Path) -> Descriptor:
    """Name, title and files of the package in a folder; the folder's name where it says nothing."""
    file = path / FILE
    default = path.name.removesuffix(".parquet")
    if not file.exists():
        return Descriptor(default, "", {}, found=False)
    shown = f"{path.name}/{FILE}"
    try:
        about = json.loads(file.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Descriptor(
            default, "", {}, True, (Problem(file=shown, rule="encoding", message="The file is not UTF-8.", repair="Save it as UTF-8."),)
        )
    except json.JSONDecodeError as error:
        message = f"This is no JSON: {error.msg} at column {error.colno}."
        return Descriptor(
            default,
            "",
            {},
            True,
            (Problem(file=shown, rule="not_json", row=error.lineno, message=message, repair="Correct it, or delete the file."),),
        )
    except (RecursionError, ValueError):
        return Descriptor(
            default,
            "",
            {},
            True,
            (_fault(shown, "It is nested too deeply, or holds a number of thousands of digits.", "Delete the file."),),
        )
    if not isinstance(about, dict):
        return Descriptor(
            default,
            "",
            {},
            True,
            (_fault(shown, "The package is not described by a JSON object.", 'Write {"name": ..., "resources": [...]}.'),),
        )
    files, problems = _resources(about.get("resources", []), shown)
    return Descriptor(str(about.get("id") or about.get("name") or default), str(about.get("title") or ""), files, True, tuple(problems))


def _fault(shown: str, message: str, repair: str) -> Problem:
    return Problem(file=shown, rule="package", message=message, repair=repair)


def _resources(resources: Any, shown: str) -> tuple[dict[str, str], list[Problem]]:
    files: dict[str, str] = {}
    problems = []
    for number, resource in enumerate(resources if isinstance(resources, list) else [], 1):
        name, path = (resource.get("name"), resource.get("path")) if isinstance(resource, dict) else (None, None)
        if not isinstance(name, str) or not isinstance(path, str):
            problems.append(
                _fault(shown, f"Resource {number} has no name or no path.", "Give it the name of its table and the path of one file.")
            )
        elif ".." in path.split("/") or path.startswith("/") or "\\" in path or ":" in path:
            problems.append(
                _fault(shown, f"Resource {number} has the path '{path}', which leaves the package.", "Keep the file inside the package.")
            )
        elif name in files:
            problems.append(_fault(shown, f"Resource {number} names the table '{name}' a second time.", "Put all rows into one file."))
        else:
            files[name] = path
    return files, problems


def description(name: str, title: str, tables: Mapping[str, Table], ending: str) -> dict[str, Any]:
    """A `datapackage.json` for tables that are saved side by side.

    Args:
        name: of the region.
        title: shown in page heads.
        tables: what is saved.
        ending: "csv" or "parquet".
    """
    resources = [_resource(table, tables, ending) for table in tables.values()]
    about = {
        "$schema": _PROFILE,
        "name": slug(name),
        "id": "" if slug(name) == name else name,
        "title": title,
        "resources": resources,
    }
    return {key: value for key, value in about.items() if value}


def slug(name: str) -> str:
    """A name as Frictionless Data allows it: lower-case letters, digits, dots, underscores, hyphens."""
    return re.sub(r"[^a-z0-9._/-]+", "-", name.lower()).strip("-") or "region"


def _resource(table: Table, tables: Mapping[str, Table], ending: str) -> dict[str, Any]:
    spec = schema()[table.name]
    text = {"dialect": {"delimiter": ","}, "encoding": "utf-8"} if ending == "csv" else {}
    keys = [] if any(not spec.columns[name].required for name in spec.key) else list(spec.key)
    details = {
        "fields": [_field(spec.columns[name], ending) for name in table.columns],
        "primaryKey": keys,
        "foreignKeys": _foreign_keys(table, tables),
    }
    return {
        "name": table.name,
        "path": f"{table.name}.{ending}",
        "type": "table",
        "title": spec.title,
        "description": spec.description,
        "format": ending,
        **text,
        "schema": {key: value for key, value in details.items() if value} | ({"missingValues": [""]} if ending == "csv" else {}),
    }


def _field(column: ColumnSchema, ending: str) -> dict[str, Any]:
    bounded = column.type == "number" and ending == "csv"  # readers of Parquet compare bounds with the NaN of an unknown cell
    limits = {
        "required": True if column.required else None,
        "exclusiveMinimum" if column.above else "minimum": column.minimum if bounded else None,
        "maximum": column.maximum if bounded else None,
        "enum": list(column.choices) or None,
    }
    about = {
        "name": column.name,
        "type": _TYPES.get(column.type, "string"),
        "description": column.description,
        "unit": column.unit,
        "constraints": {key: value for key, value in limits.items() if value is not None},
        "trueValues": ["yes"] if column.type == "boolean" else None,
        "falseValues": ["no"] if column.type == "boolean" else None,
    }
    return {key: value for key, value in about.items() if value}


def _foreign_keys(table: Table, tables: Mapping[str, Table]) -> list[dict[str, Any]]:
    """References to tables of the same package; those that the library may answer are checked when the region is loaded."""
    keys = []
    for column in schema()[table.name].columns.values():
        target = schema().get(column.references[0]) if len(column.references) == 1 and column.type == "ref" else None
        if (
            target is not None
            and target.scope == "region"
            and target.name in tables
            and column.name in table.columns
            and table.name != "quantities"
        ):
            other = {} if target.name == table.name else {"resource": target.name}
            keys.append({"fields": [column.name], "reference": {**other, "fields": list(target.key)}})
    return keys
