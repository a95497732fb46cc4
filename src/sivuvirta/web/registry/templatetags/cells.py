"""Cells in templates, drawn as in lists."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from django import template
from django.utils.safestring import SafeString

from sivuvirta.web.registry.seen.drawing import Drawer
from sivuvirta.web.registry.seen.showing import Cell

register = template.Library()


@register.simple_tag(takes_context=True)
def drawn(context: MutableMapping[str, Any], cell: Cell) -> SafeString:
    """What stands in a cell, of the page's register."""
    return Drawer(context["register"].slug).inside(cell)
