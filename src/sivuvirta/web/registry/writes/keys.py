"""Keys of new rows: what somebody writes, and four signs drawn at random, so that no key is ever taken.

A key stands once in a register, so "taken" would tell of a row that the writer does not see. Rows that somebody holds therefore never get
the key that was asked for alone: whether another row has it changes nothing in what is answered.
"""

from __future__ import annotations

import secrets

from django.utils.text import slugify

from sivuvirta.tables.schema import TableSchema
from sivuvirta.web.registry.columns import KEY_LENGTH
from sivuvirta.web.registry.holders import HELD
from sivuvirta.web.registry.models import MODELS, Register

_SIGNS = 40  # of a key that are made from a name


def drawn(table: TableSchema) -> bool:
    """Whether keys of new rows get an ending: rows of the table have holders, and one column is their key."""
    return table.name in HELD and len(table.key) == 1 and table.columns[table.key[0]].type == "id"


def free_key(register: Register, table: str, wanted: str, name: str = "") -> str:
    """A key that no row of a table has.

    Args:
        register: of the row.
        table: of the row.
        wanted: what was written; empty where the key is to be made from the name.
        name: of the row.
    """
    begin = wanted or slugify(name).replace("-", "_")[:_SIGNS] or "row"
    rows = MODELS[table].objects.filter(register=register)
    while rows.filter(row_key=(key := f"{begin[: KEY_LENGTH - 5]}_{secrets.token_hex(2)}")).exists():
        pass
    return key
