"""A Parquet folder: one file a table, with the package's description. Reading and writing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sivuvirta.domain.table import Column, Table
from sivuvirta.errors import Problem, ReadError
from sivuvirta.tables.descriptor import descriptor
from sivuvirta.tables.raw import RawRegion, RawTable
from sivuvirta.tables.schema import ColumnSchema, schema

ENDING = ".parquet"


def raw_parquet(path: Path) -> RawRegion:
    """Every table of a folder of Parquet files; the first row is row 1.

    Raises:
        ReadError: the folder holds no Parquet file.
    """
    about = descriptor(path)
    files = sorted(path.glob(f"*{ENDING}"))
    if not files:
        raise ReadError(f"There is no table in '{path}': no Parquet files named as tables.")
    raw: list[RawTable] = []
    problems = list(about.problems)
    for file in files:
        shown = f"{path.name}/{file.name}"
        try:
            raw.append(_raw_file(file, shown))
        except (pa.ArrowInvalid, OSError):
            message = "This is no Parquet file."
            problems.append(
                Problem(file=shown, table=file.stem, rule="not_parquet", message=message, repair="Write it again, or delete it.")
            )
    return RawRegion(about.name, about.title, "parquet", f"{path.name}/", tuple(raw), tuple(problems))


def _raw_file(file: Path, shown: str) -> RawTable:
    table = pq.ParquetFile(file).read()
    return RawTable(file.stem, shown, table.column_names, [column.to_pylist() for column in table.columns], range(1, table.num_rows + 1))


def parquet_bytes(table: Table) -> bytes:
    """A table as a Parquet file, each column in its own type; unknown is null."""
    columns = schema()[table.name].columns
    arrays = {name: _array(values, columns[name]) for name, values in table.columns.items()}
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(arrays), sink)
    return bytes(sink.getvalue().to_pybytes())


def _array(values: Column, column: ColumnSchema) -> Any:
    if column.type == "number":
        return pa.array(values, pa.float64(), from_pandas=True)
    if column.numeric:
        return pa.array([None if np.isnan(value) else int(value) for value in values.tolist()], pa.int64())
    if column.listed:
        return pa.array([None if value is None else list(value) for value in values.tolist()], pa.list_(pa.string()))
    return pa.array(values.tolist(), pa.bool_() if column.type == "boolean" else pa.string())
