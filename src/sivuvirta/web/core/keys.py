"""Keys: how long they may be, the same wherever one is kept."""

from __future__ import annotations

ROW_KEY = 900
"""Signs of a whole key of a row at most."""
