"""Rules: what must hold in and between the tables of a region. One family a file, each rule a function from draft to problems."""

from collections.abc import Iterator

from sivuvirta.errors import Problem
from sivuvirta.tables.draft import Draft


def broken_rules(draft: Draft) -> Iterator[Problem]:
    """What a region breaks."""
    yield from ()


def broken_library_rules(draft: Draft) -> Iterator[Problem]:
    """What a library breaks."""
    yield from ()
