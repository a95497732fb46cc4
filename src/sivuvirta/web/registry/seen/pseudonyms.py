"""Pseudonyms: what a row that is listed without its name is called.

It is the same for one circle of people for as long as the platform's key stays: the people of one organisation, or, of those without one,
the people of one role's circle. Another organisation knows the row by another pseudonym, so that what two of them are told cannot be put
together by the name alone, no pseudonym becomes a name that everybody uses, and a row that is named to one of them later does not name
what another was told. It says nothing of the row: it is a keyed digest of its number.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable

from django.conf import settings

from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.registry.rows import Row

MARK = "~"
"""Before a pseudonym in an address, where else a key stands; no key begins so."""

_SIGNS = 12  # 60 bits


def audience(viewer: Viewer) -> str:
    """The people who know a row by the same pseudonym."""
    return f"organisation {min(viewer.belongs)}" if viewer.belongs else f"circle {int(viewer.floor)}"


def pseudonym(row: Row, viewer: Viewer) -> str:
    """What a row is called to a viewer who is not told its name, for example "stream-k2qf-7xab-m3ze"."""
    key = hashlib.sha256(f"pseudonyms {settings.SECRET_KEY}".encode()).digest()
    said = f"{audience(viewer)} {row.schema.name} {row.pk}".encode()
    text = base64.b32encode(hmac.new(key, said, hashlib.sha256).digest()).decode()[:_SIGNS].lower()
    return f"{row.schema.name.removesuffix('s')}-{text[:4]}-{text[4:8]}-{text[8:]}"


def called(rows: Iterable[Row], viewer: Viewer, name: str) -> Row | None:
    """The row of some that a viewer knows by a pseudonym; all are compared, so that the time does not tell which."""
    found = [row for row in rows if hmac.compare_digest(pseudonym(row, viewer).encode(), name.encode())]
    return found[0] if found else None
