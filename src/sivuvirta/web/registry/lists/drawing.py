"""Drawing: rows of a list as its page writes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache, partial
from html import escape

from django.utils.formats import localize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from sivuvirta.tables.schema import TableSchema
from sivuvirta.web.registry.lists.tools import Pick
from sivuvirta.web.registry.meters.meters import Meter
from sivuvirta.web.registry.models import Register
from sivuvirta.web.registry.seen.drawing import Drawer
from sivuvirta.web.registry.seen.showing import Cell, Line


def drawn(register: Register, table: TableSchema, lines: Iterable[Line], *, choosing: bool) -> SafeString:
    """The rows of a list.

    Args:
        register: of the rows.
        table: that they are rows of.
        lines: the rows; those that have a meter are drawn with it.
        choosing: each has a box by which it is chosen.
    """
    drawer = Drawer(register.slug)
    measuring = _("%(known)s of %(all)s facts that the engine asks for are known")
    word = escape(_("Choose")) if choosing else ""
    parts: list[str] = []
    for line in lines:
        parts += ("<tr>", _box(line, word), *_cells(line, table, drawer, measuring), "</tr>")
    return mark_safe("".join(parts))  # noqa: S308 - of parts that are escaped


@lru_cache(maxsize=256)
def chooser(picks: tuple[Pick, ...], least: str, most: str) -> SafeString:
    """Boxes by which columns of a list are chosen, and the bounds of figures, in words of one language."""
    return mark_safe("".join(map(partial(_pick, words=(least, most)), picks)))  # noqa: S308 - of parts that are escaped


def _pick(pick: Pick, words: tuple[str, str]) -> str:
    name, label = escape(pick.name), escape(pick.label)
    box = f'<input type="checkbox" name="columns" value="{name}"{" checked" if pick.shown else ""}> {label}'
    bounds = zip(("min", "max"), (pick.least, pick.most), map(escape, words), strict=True)
    fields = (
        f'<input name="{name}.{end}" inputmode="decimal" value="{"" if value is None else escape(localize(value))}" placeholder="{word}" '
        f'aria-label="{label}, {word}">'
        for end, value, word in bounds
    )
    inside = f'<span class="bounds">{" ".join(fields)}</span>' if pick.numeric else ""
    return f'<div class="pick"><label class="tick">{box}</label>{inside}</div>'


def _box(line: Line, word: str) -> str:
    if not word:
        return ""
    value = f"{line.row.pk}:{line.row.version}"
    said = f"{word} {escape(line.title)}"
    return f'<td class="choose"><input type="checkbox" form="bulk" name="row" value="{value}" aria-label="{said}"></td>'


def _cells(line: Line, table: TableSchema, drawer: Drawer, measuring: str) -> Iterator[str]:
    """The first leads to the row, and its meter follows."""
    first, *others = line.cells
    key = line.row.row_key
    text = escape(first.text if first.known else key)
    told = _unconfirmed() if line.row.unconfirmed else ""
    yield f'<td{_about(first)}><a href="{drawer.address(table.name, key)}">{text}</a>{told}</td>'
    meter: Meter | None = getattr(line.row, "meter", None)
    if meter is not None:
        yield f'<td class="meter-cell">{_metered(meter, measuring)}</td>'
    for cell in others:
        yield f"<td{_about(cell)}>{drawer.inside(cell)}</td>"


def _about(cell: Cell) -> str:
    number = ' class="num"' if cell.number else ""
    return f'{number} title="{escape(cell.full)}"' if cell.full and not cell.row else number


def _metered(meter: Meter, measuring: str) -> str:
    known, every = meter.known, meter.all
    title = escape(measuring % {"known": known, "all": every})
    told = f'<span class="meter" title="{title}"><meter min="0" max="{every}" value="{known}">{known}/{every}</meter>'
    told += f" <small>{known}/{every}</small></span>"
    return f'{told} <small class="brings">{escape(meter.best.short)}</small>' if meter.best else told


def _unconfirmed() -> str:
    title, word = _("Entered by who looks after the region, not confirmed by the organisation."), _("not confirmed")
    return f' <small title="{escape(title)}">{escape(word)}</small>'
