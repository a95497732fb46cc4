"""An empty workbook with guidance, to be filled by a company."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sivuvirta.domain.table import Table
from sivuvirta.errors import OptionError
from sivuvirta.tables.guide import guide_rows, sheet_order
from sivuvirta.tables.schema import region_tables, schema
from sivuvirta.tables.workbook_sheets import sheets, workbook_bytes


def template(path: Path, library: Mapping[str, Table] | None = None) -> Path:
    """Write an empty workbook: a guide, then one sheet a table with comments and drop-downs.

    Args:
        path: of the new file, ending in .xlsx.
        library: reference tables whose keys the drop-downs offer.

    Returns:
        Where it was written.

    Raises:
        OptionError: the path does not end in .xlsx, or there is a file already.
    """
    if path.suffix.lower() != ".xlsx":
        raise OptionError(f"'{path.name}' must end in .xlsx: the template is a workbook.")
    if path.exists():
        raise OptionError(f"'{path}' is there already. Give another name, or delete it first.")
    names = sheet_order(region_tables())
    book = sheets([schema()[name].empty() for name in names], library or {}, guide_rows("Sivuvirta: a register of side streams", names))
    path.write_bytes(workbook_bytes(book))
    return path
