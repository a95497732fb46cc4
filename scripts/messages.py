"""Messages: what the platform says, extracted from code, templates and schema, merged into src/sivuvirta/web/locale, and compiled.

    python scripts/messages.py          extract, merge, compile; tells what still lacks a translation
    python scripts/messages.py --check  change nothing; exit code 1 where something is missing or not up to date

Pure Python (Babel, and Django's own reader of templates): no gettext tools are needed.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from sivuvirta.web.registry.schemas import words

WEB = Path(__file__).resolve().parent.parent / "src" / "sivuvirta" / "web"
LOCALE = WEB / "locale"
LANGUAGES = ("fi", "sv", "es")
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
_PLACES = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")
_ALWAYS = datetime(2026, 1, 1, tzinfo=UTC)
_HEADER = "# Words of the platform. Written by scripts/messages.py, which keeps what is translated.\n#"

Found = tuple[str | tuple[str, str], str | None, str]
"""A message, its context, and the file that says it."""


def found() -> Iterator[Found]:
    """Every message of the platform, with its context and where it stands."""
    for path in sorted(WEB.rglob("*.py")):
        if "migrations" not in path.parts:
            yield from _of(path.read_text(encoding="utf-8"), path)
    for path in sorted({*WEB.rglob("templates/**/*.html"), *WEB.rglob("templates/**/*.txt")}):
        yield from _of(templatize(path.read_text(encoding="utf-8"), origin=str(path)), path)
    for context, message in words():
        yield message, context, "tables/data"


def _of(code: str, path: Path) -> Iterator[Found]:
    for _, message, __, context in extract("python", io.BytesIO(code.encode()), KEYWORDS):
        said = tuple(message[:2]) if isinstance(message, tuple) else message
        if said:
            yield said, context, path.relative_to(WEB).as_posix()


def template() -> Catalog:
    """All messages without translations."""
    made = Catalog(domain="django", header_comment=_HEADER)
    for message, context, place in found():
        made.add(message, context=context, locations=[(place, 0)])
    return made


def catalogue(language: str) -> Catalog:
    """What is translated into a language."""
    path = po(language)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="django")


def po(language: str) -> Path:
    """The file of a language."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def merged(language: str, wanted: Catalog) -> Catalog:
    """The messages with what is translated of them; what is said no more is left out."""
    known = catalogue(language) if po(language).is_file() else Catalog(locale=language, domain="django")
    made = Catalog(locale=language, domain="django", header_comment=_HEADER, project="Sivuvirta", version="0", fuzzy=False)
    for message in wanted:
        if message.id:
            before = known.get(message.id, context=message.context)
            text = before.string if before is not None and _shape(before) == _shape(message) else None
            made.add(message.id, text, locations=message.locations, context=message.context, flags=message.flags - {"fuzzy"})
    return made


def _shape(message: Message) -> bool:
    return isinstance(message.id, tuple)


def compiled(made: Catalog) -> bytes:
    """What the machine reads of a catalogue."""
    out = io.BytesIO()
    made.creation_date = made.revision_date = _ALWAYS  # the same words are the same file
    write_mo(out, made)
    return out.getvalue()


def written(made: Catalog) -> bytes:
    """What people read of a catalogue; without dates, so that the same words are the same file."""
    out = io.BytesIO()
    write_po(out, made, width=0, sort_by_file=False, sort_output=True, include_lineno=False)
    lines = out.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(_DATED)).encode()


_DATED = ('"POT-Creation-Date', '"PO-Revision-Date', '"Last-Translator', '"Language-Team', '"Report-Msgid-Bugs', '"Generated-By')


def faults(made: Catalog) -> list[str]:
    """What is wrong in a catalogue: no translation, an uncertain one, forms of number or places that do not match."""
    return [f"{made.locale}: {fault}: {message.id!r}" for message in made if message.id for fault in _faults(message, made.num_plurals)]


def _faults(message: Message, forms: int) -> Iterator[str]:
    texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
    if message.fuzzy:
        yield "fuzzy"
    if not all(texts) or (isinstance(message.id, tuple) and len(texts) != forms):
        yield "not translated"
        return
    said = message.id if isinstance(message.id, tuple) else (message.id,)
    if any(places(text) != places(said[-1]) for text in texts[-1:]) or any(places(text) - places(said[-1]) for text in texts):
        yield "places differ"
    if any(text[:1].isspace() != said[0][:1].isspace() or text[-1:].isspace() != said[0][-1:].isspace() for text in texts):
        yield "spaces at the ends differ"


def places(text: str) -> frozenset[str]:
    """What is filled in: %(name)s, %s, {name}."""
    return frozenset(each[0] for each in _PLACES.finditer(text))


def main(check: bool) -> int:
    """Do it, and tell what is wrong."""
    wanted, wrong = template(), []
    for language in LANGUAGES:
        made = merged(language, wanted)
        wrong += faults(made)
        files = {po(language): written(made), po(language).with_suffix(".mo"): compiled(made)}
        for path, content in files.items():
            if check and (not path.is_file() or path.read_bytes() != content):
                wrong.append(f"{language}: {path.name} is not what 'python scripts/messages.py' writes")
            elif not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
    sys.stdout.write("".join(f"{fault}\n" for fault in wrong) + f"{len(wanted)} messages, {len(wrong)} faults\n")
    return bool(wrong)


if __name__ == "__main__":
    settings.configure() if not settings.configured else None
    raise SystemExit(main("--check" in sys.argv[1:]))
