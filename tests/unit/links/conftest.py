"""Regions and links to test with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from link_rows import tables

from builders import region
from sivuvirta.domain.region import Region


@pytest.fixture
def rows() -> dict[str, list[dict[str, Any]]]:
    """The starting rows, fresh for each test."""
    return tables()


@pytest.fixture
def make(rows: dict[str, list[dict[str, Any]]]) -> Callable[..., Region]:
    """A region from the starting rows with some tables replaced."""
    return lambda **changed: region(**{**rows, **changed})
