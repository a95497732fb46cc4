"""Prospects: what would change the answer: which missing test, which absent technology, and by how much."""

from sivuvirta.prospects.gaps import gaps
from sivuvirta.prospects.orders import lab_orders as tests

__all__ = ["gaps", "tests"]
