"""Search: find rows of a register in four languages, and what is new among them.

What it needs is loaded when it is first used, so that `import sivuvirta` stays quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sivuvirta.search.finding import search
    from sivuvirta.search.index import indexed
    from sivuvirta.search.news import Version, against, since
    from sivuvirta.search.saved import read, write

__all__ = ["Version", "against", "indexed", "read", "search", "since", "write"]

_WHERE = {"Version": "news", "against": "news", "indexed": "index", "read": "saved", "search": "finding", "since": "news", "write": "saved"}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
