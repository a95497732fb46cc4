"""Writing to the log of changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sivuvirta.web.audit.middleware import channel
from sivuvirta.web.audit.models import Entry


def entry(who: str, action: str, place: tuple[str, str, str], before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Entry:
    """An entry, not yet written.

    Args:
        who: as text.
        action: add, change, remove, see ...
        place: register, table and key.
        before: columns that changed, as they were.
        after: the same columns, as they are now.
    """
    now, (register, table, key) = channel(), place
    return Entry(
        who=who, channel=now.name, request=now.request, action=action, register=register, table=table, key=key, before=before, after=after
    )
