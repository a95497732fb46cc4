"""Tables: the schema as data, checks that report every bad cell, readers and writers."""

from sivuvirta.tables.notices import notices, with_law
from sivuvirta.tables.region import from_frames, library_problems, load, load_library, problems
from sivuvirta.tables.saved import write
from sivuvirta.tables.scenarios import scenario_from_file, scenario_from_frame, shown_in
from sivuvirta.tables.schema import schema
from sivuvirta.tables.template import template

__all__ = [
    "from_frames",
    "library_problems",
    "load",
    "load_library",
    "notices",
    "problems",
    "scenario_from_file",
    "scenario_from_frame",
    "schema",
    "shown_in",
    "template",
    "with_law",
    "write",
]
