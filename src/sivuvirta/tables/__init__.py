"""Tables: the schema as data, checks that report every bad cell, readers and writers."""

from sivuvirta.tables.region import library_problems, load, load_library, problems
from sivuvirta.tables.schema import schema

__all__ = ["library_problems", "load", "load_library", "problems", "schema"]
