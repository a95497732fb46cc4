"""Addresses: what a part of an address stands for, and where something is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.http import Http404
from django.urls import NoReverseMatch, reverse

from sivuvirta.tables.schema import TableSchema
from sivuvirta.web.core.prepared import KEY, objects
from sivuvirta.web.registry.kept import NEWEST
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.rows import Row

_ANY = "-"
_NUL = "\0"  # which no text of a database holds
_KEPT = "!$&'()*+,;=/~:@"  # signs that stand in an address as they are: those that `reverse` keeps


def register_at(slug: str) -> Register:
    """A register by its short name, with the newest entry of its log (`kept`), else not found."""
    if _NUL in slug or not (found := objects(_register, given={KEY: slug})):
        raise Http404
    register: Register = found[0]
    return register


def _register() -> Any:
    return Register.objects.annotate(newest=NEWEST).filter(slug=KEY)


def schema_of(name: str) -> TableSchema:
    """A table that a region may hold, else not found."""
    if name not in MODELS:
        raise Http404
    return MODELS[name].schema


def row_address(register: Register, row: Row) -> str:
    """Where a row is shown."""
    return reverse("row", args=(register.slug, row.schema.name, row.row_key))


def row_addresses(slug: str, table: str) -> Callable[[str], str]:
    """Where rows of a table are shown, by their keys: one look at all addresses of the platform for many rows."""
    start = reverse("row", args=(slug, table, _ANY)).removesuffix(f"{_ANY}/")
    return lambda key: f"{start}{quote(key, safe=_KEPT)}/"


def users_of(register: Register, row: Row) -> str:
    """Where it is told who may use a stream, or what may serve a need; empty where the platform has no such page."""
    try:
        return reverse({"streams": "uses", "needs": "feeds"}[row.schema.name], args=(register.slug, row.row_key))
    except (KeyError, NoReverseMatch):
        return ""
