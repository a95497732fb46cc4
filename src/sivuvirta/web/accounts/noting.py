"""Noting in the log of changes what happens to accounts, places and invitations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sivuvirta.web.audit.log import entry


def note(who: str, action: str, about: str, before: Mapping[str, Any] | None = None, after: Mapping[str, Any] | None = None) -> None:
    """Write an entry.

    Args:
        who: address of the one who did it.
        action: one word or two.
        about: address of the person to whom it was done.
        before: what was.
        after: what is.
    """
    entry(who[:254], action, ("", "accounts", about), before, after).save()
