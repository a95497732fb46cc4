"""Drawing: cells as a page writes them. A list has hundreds, which a template takes far longer for than for all else of the page."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from sivuvirta.web.registry.addresses import row_addresses
from sivuvirta.web.registry.seen.showing import Cell


class Drawer:
    """Draws what stands in cells of one register, in the language of who reads; every text is escaped here and nowhere else."""

    def __init__(self, slug: str) -> None:
        self._slug = slug
        self._addresses: dict[str, Callable[[str], str]] = {}
        shut, grade = _("not open to you"), _("evidence")
        self._shut = f'<span class="shut">{escape(shut)}</span>'
        self._grade = f'<span class="grade" title="{escape(grade)}">'

    def address(self, table: str, key: str) -> str:
        """Where a row is shown, ready for a page."""
        if table not in self._addresses:
            self._addresses[table] = row_addresses(self._slug, table)
        return escape(self._addresses[table](key))

    def inside(self, cell: Cell) -> SafeString:
        """What stands in a cell."""
        if cell.hidden:
            return _safe(self._shut)
        text = escape(cell.text)
        if cell.row:
            return _safe(f'<a href="{self.address(*cell.row)}">{text}</a>')
        unit = f' <span class="unit">{escape(cell.unit)}</span>' if cell.unit else ""
        grade = f" {self._grade}{escape(cell.grade)}</span>" if cell.grade else ""
        return _safe(f"{text}{unit}{grade}")


def _safe(text: str) -> SafeString:
    return mark_safe(text)  # noqa: S308 - of parts that are escaped
