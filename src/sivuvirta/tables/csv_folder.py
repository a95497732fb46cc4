"""Raw tables of a data package: a folder of CSV files with a `datapackage.json`."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from sivuvirta.tables.raw import RawRegion, RawTable


def raw_folder(path: Path) -> RawRegion:
    """Every `<table>.csv` of a folder."""
    package = path / "datapackage.json"
    about = json.loads(package.read_text(encoding="utf-8-sig")) if package.exists() else {}
    raw = tuple(raw_file(file, f"{path.name}/{file.name}") for file in sorted(path.glob("*.csv")))
    return RawRegion(about.get("name", path.name), about.get("title", ""), raw)


def raw_file(file: Path, shown: str) -> RawTable:
    """One CSV file."""
    text = file.read_bytes().decode("utf-8-sig")
    reader = csv.reader(io.StringIO(text, newline=""))
    header = tuple(name.strip() for name in next(reader, ()))
    rows, lines = [], []
    for row in reader:
        if any(row):
            rows.append(row + [""] * (len(header) - len(row)))
            lines.append(reader.line_num)
    columns = [[cell.strip() for cell in cells] for cells in zip(*rows, strict=True)] if rows else [[] for _ in header]
    return RawTable(file.stem, shown, header, columns, lines)
