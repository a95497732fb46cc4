"""Tables: the schema as data, checks that report every bad cell, readers and writers."""

from sivuvirta.tables.region import load, load_library
from sivuvirta.tables.schema import schema

__all__ = ["load", "load_library", "schema"]
