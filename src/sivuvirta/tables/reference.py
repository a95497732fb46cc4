"""The reference page of tables and columns, made from the schema so that nothing is typed twice."""

from __future__ import annotations

from collections.abc import Iterator

from sivuvirta.tables.header_units import unit_words
from sivuvirta.tables.schema import ColumnSchema, TableSchema, schema

_INTRODUCTION = """\
# Tables and columns

A register is a set of tables: a folder of CSV files with a `datapackage.json`, a workbook with one sheet a table,
or a folder of Parquet files. This page is written from the schema, `src/sivuvirta/tables/data`. Tables join by key.
An empty cell means *unknown*, never zero; where a column has a default, it means the default. Columns in bold are required.

| type | a cell holds |
|---|---|
| id | a key: small letters, digits, and `_ . -` |
| ref, refs | a key of another table, or several parted by `;` |
| text, list | text, or several parted by `;` |
| choice | one of the words given |
| number, integer, year | a figure in the column's unit; another unit may be named in the header, as in `value [kt/a]` |
| boolean | `yes` or `no` |
| date | `2024-05-13`, `2024-05` or `2024` |
"""

_SCOPES = {
    "both": "In a region and in the library; a region's row replaces the library's row of the same key.",
    "catalogue": "In the library's catalogue, which is read where it is asked for and lies under no region.",
    "library": "In the library only.",
    "region": "",
}


def reference() -> str:
    """The page as Markdown: every table with its key, every column with its type, unit and meaning.

    >>> "## Streams" in reference()
    True
    """
    parts = [_INTRODUCTION, _contents()]
    parts += [_table(table) for table in schema().values()]
    return "\n".join(parts)


def _contents() -> str:
    return f"Tables: {', '.join(f'[{name}](#{_anchor(table.title)})' for name, table in schema().items())}.\n"


def _anchor(title: str) -> str:
    return title.lower().replace(" ", "-").replace(".", "")


def _table(table: TableSchema) -> str:
    lines = [f"## {table.title}", "", f"`{table.name}`, key {', '.join(f'`{name}`' for name in table.key)}. {table.description}"]
    lines += ["", _SCOPES[table.scope]] if _SCOPES[table.scope] else []
    lines += ["", "| column | type | unit | meaning |", "|---|---|---|---|"]
    lines += [_row(column) for column in table.columns.values()]
    return "\n".join([*lines, ""])


def _row(column: ColumnSchema) -> str:
    name = f"**{column.name}**" if column.required else column.name
    return f"| {name} | {column.type} | {unit_words(column)} | {'. '.join(_meaning(column))} |".replace("  ", " ")


def _meaning(column: ColumnSchema) -> Iterator[str]:
    yield column.description.replace("|", "\\|")
    if column.choices:
        yield f"One of {', '.join(f'`{choice}`' for choice in column.choices)}"
    if column.references:
        yield f"Key of {' or '.join(f'`{table}`' for table in column.references)}"
    if column.minimum is not None or column.maximum is not None:
        yield _bounds(column)
    if column.default:
        yield f"Default `{column.default}`"


def _bounds(column: ColumnSchema) -> str:
    if column.maximum is None:
        return f"More than {column.minimum:g}" if column.above else f"{column.minimum:g} or more"
    return f"{column.maximum:g} or less" if column.minimum is None else f"{column.minimum:g} to {column.maximum:g}"
