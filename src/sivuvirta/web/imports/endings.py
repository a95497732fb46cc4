"""Endings: a row that a file brings gets a key that no row has, so that no answer tells of a row that the sender does not see.

A key stands once in a register. As in forms (`registry.writes.keys`), a new row's key is therefore what was written and four signs; a
key that is free gets them as one that is taken does. The same text means the same row afterwards: within an import its signs follow from
the import, and what was accepted is kept as `Ending`, for the people of the row's holder and for who brought it.

Keys of several columns are left as they are: they begin with a row that the sender names, and whoever holds that row sees all that is
said of it. So are those of the register's own tables, which only who looks after the region writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import blake2b, sha512
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from sivuvirta.tables.cells import as_text
from sivuvirta.tables.schema import schema
from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.core.levels import Level
from sivuvirta.web.imports.known import chunks, taken
from sivuvirta.web.imports.mapping import Part
from sivuvirta.web.imports.models import Ending
from sivuvirta.web.registry.columns import KEY_LENGTH
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.rows import Action
from sivuvirta.web.registry.writes.batches import StaleError
from sivuvirta.web.registry.writes.keys import drawn

Keys = Mapping[str, Mapping[str, str]]
"""By table: what a file writes, and the key that it stands for."""

_PART = 2000
_ANY = ("subject", "key")  # columns that name a row of the table that stands beside them


def end_keys(register: Register, parts: Iterable[Part], who: Viewer, seed: str) -> dict[str, dict[str, str]]:
    """Put keys that rows have, or that no row has, in place of those that a file writes, wherever it writes them.

    Time grows with the rows of the file.

    Args:
        register: that the rows go to.
        parts: of the file, with names turned into keys; their cells change.
        who: sends it. Who sees everything has no row hidden, and keys stay as written.
        seed: of the import; the same one draws the same signs.

    Returns:
        Of each table the texts that got a new key, with that key.
    """
    if who.floor == Level.PRIVATE:
        return {}
    found = {part.table: part for part in parts}
    meant, new = _meant(register, found, who), dict[str, dict[str, str]]()
    for name, part in found.items():
        if not drawn(table := schema()[name]) or table.key[0] not in part.columns:
            continue
        written = [text for text in dict.fromkeys(map(_text, part.columns[table.key[0]])) if 0 < len(text) <= KEY_LENGTH]
        rest = _strange(register, name, [text for text in written if text not in meant.get(name, {})], who)
        new[name] = _draw(register, name, rest, seed)
        meant[name] = {**meant.get(name, {}), **new[name]}
    for part in found.values():
        _replace(part, meant)
    return {name: keys for name, keys in new.items() if keys}


def keep_endings(register: Register, given: Keys, who: Viewer) -> None:
    """Remember what new keys stand for; within the transaction that writes the rows, before them.

    Raises:
        StaleError: the same person, or one of the same organisation, brought one of these rows meanwhile.
    """
    if not given:
        return
    Register.objects.select_for_update().get(pk=register.pk)  # of two who bring the same rows at once, one waits here
    for table, keys in given.items():
        if kept_endings(register, table, keys, who):
            raise StaleError(_("Somebody made a row of '%(table)s' with one of these keys meanwhile.") % {"table": table})
        rows = (Ending(register=register, table=table, written=text, key=key, by_id=who.user) for text, key in keys.items())
        for part in chunks(rows, _PART):
            Ending.objects.bulk_create(part)


def forget_endings(register: Register, given: Keys) -> None:
    """Forget keys whose rows were taken back."""
    for table, keys in given.items():
        for part in chunks(keys.values()):
            Ending.objects.filter(register=register, table=table, key__in=part).delete()


def kept_endings(register: Register, table: str, written: Iterable[str], who: Viewer) -> dict[str, str]:
    """Keys of rows that texts stood for when they were brought: rows of one's organisations, or brought by oneself, that one may change."""
    found: dict[str, str] = {}
    for part in chunks(written):
        kept = list(
            Ending.objects.filter(register=register, table=table, written__in=part).order_by("pk").values_list("written", "key", "by")
        )
        rows = MODELS[table].objects.filter(register=register, row_key__in=[key for _text, key, _by in kept]).restrict(who, "change")
        holders = dict(rows.values_list("row_key", "holder_id")) if kept else {}
        mine = {key for key, holder in holders.items() if holder in who.writes_for}
        found |= {text: key for text, key, by in kept if key in mine or (key in holders and by is not None and by == who.user)}
    return found


def _meant(register: Register, found: Mapping[str, Part], who: Viewer) -> dict[str, dict[str, str]]:
    """What the file's texts stood for before, where no row that one may change has that text as its key."""
    texts: dict[str, dict[str, None]] = {}
    for part in found.values():
        for name, cells in part.columns.items():
            written = dict.fromkeys(map(_text, cells)) if (tables := _tables(part.table, name)) else {}
            for table in tables:
                texts.setdefault(table, {}).update(written)
    meant: dict[str, dict[str, str]] = {}
    for table, written in texts.items():
        kept = kept_endings(register, table, written, who)
        meant[table] = {text: kept[text] for text in _strange(register, table, kept, who, "change")}
    return meant


def _tables(table: str, name: str) -> tuple[str, ...]:
    """Tables with new keys of which a column may name rows."""
    columns = schema()[table].columns
    if name not in columns or columns[name].listed:
        return ()
    if (name,) == schema()[table].key:
        named: Iterable[str] = (table,)
    elif name in _ANY and "table" in columns and not columns[name].references:
        named = MODELS
    else:
        named = columns[name].references
    return tuple(each for each in named if each in MODELS and drawn(schema()[each]))


def _strange(register: Register, table: str, written: Iterable[str], who: Viewer, action: Action = "view") -> list[str]:
    """Texts that are the key of no row that the sender sees, or may change."""
    rows = MODELS[table].objects.filter(register=register).restrict(who, action)
    found: list[str] = []
    for part in chunks(written):
        seen = set(rows.filter(row_key__in=part).values_list("row_key", flat=True))
        found += [text for text in part if text not in seen]
    return found


def _draw(register: Register, table: str, written: Iterable[str], seed: str) -> dict[str, str]:
    """A key for each text that no row has."""
    secret = sha512(f"{settings.SECRET_KEY} {seed} {table}".encode()).digest()
    drawn_, used, left, turn = dict[str, str](), set[str](), list(written), 0
    while left:
        keys = {
            text: f"{text[: KEY_LENGTH - 5]}_{blake2b(f'{turn} {text}'.encode(), key=secret, digest_size=2).hexdigest()}" for text in left
        }
        shut = taken(register, table, keys.values())
        for text, key in keys.items():
            if key not in shut and key not in used:
                drawn_[text] = key
                used.add(key)
        left, turn = [text for text in left if text not in drawn_], turn + 1
    return drawn_


def _replace(part: Part, meant: Keys) -> None:
    """Keys in place of texts, in all columns that name a row."""
    beside = part.columns.get("table")
    for name, cells in part.columns.items():
        tables = _tables(part.table, name)
        if len(tables) > 1 and beside is not None:
            part.columns[name] = [meant.get(_text(to), {}).get(_text(cell), cell) for cell, to in zip(cells, beside, strict=True)]
        elif keys := {text: key for table in reversed(tables) for text, key in meant.get(table, {}).items()}:
            part.columns[name] = [keys.get(_text(cell), cell) for cell in cells]


def _text(cell: Any) -> str:
    return as_text(cell).strip()
