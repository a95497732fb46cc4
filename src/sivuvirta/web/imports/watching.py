"""Watching: files that other programs put into a folder, taken in as deliveries of a source.

A file is complete when nothing of it changed between two looks; until then it is left. What was kept goes to `kept`, what cannot be
kept to `set_aside`, with a report beside it that tells every cell at fault. A watcher that dies between keeping and moving a file finds
at its next look that it was kept, by its content.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path
from threading import Event

from attrs import field, frozen
from django.db import connection
from django.utils import timezone

from sivuvirta.errors import SivuvirtaError
from sivuvirta.web.imports.files import LARGEST
from sivuvirta.web.imports.models import Source
from sivuvirta.web.imports.receiving import BadDeliveryError, receive

KEPT, ASIDE = "kept", "set_aside"
_GROWING = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".filepart", "~", ".lock")
Tell = Callable[[str], None]


@frozen(eq=False)
class Watcher:
    """A folder and what was seen in it."""

    folder: Path
    source: Source
    tell: Tell = print
    _seen: dict[Path, tuple[int, int]] = field(factory=dict, init=False)

    def look(self) -> int:
        """Take in what is complete; tells how many files were kept."""
        found = self._found()
        complete = [path for path, now in found.items() if self._seen.get(path) == now]
        self._seen.clear()
        self._seen.update(found)
        return sum(self._taken(path) for path in sorted(complete))

    def run(self, ended: Event, pause: float) -> None:
        """Look again and again until it is ended."""
        while True:
            self.look()
            connection.close()
            if ended.wait(pause):
                return

    def _found(self) -> dict[Path, tuple[int, int]]:
        """Plain files with their size and time; links, hidden files and those that say that they grow are no deliveries."""
        found: dict[Path, tuple[int, int]] = {}
        for each in os.scandir(self.folder):
            if each.name.startswith(".") or each.name.lower().endswith(_GROWING):
                continue
            try:
                told = each.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue  # it went by itself
            if stat.S_ISREG(told.st_mode):
                found[Path(each.path)] = (told.st_size, told.st_mtime_ns)
        return found

    def _taken(self, path: Path) -> bool:
        try:
            if path.stat().st_size > LARGEST:
                raise BadDeliveryError(f"The file is larger than {LARGEST // 10**6} MB.")
            with open(path, "rb", opener=_no_link) as file:
                content = file.read()
        except FileNotFoundError:
            return False  # another watcher has it
        except OSError as error:
            self.tell(f"{path.name}: cannot be read ({error.strerror}); it is left where it is")
            return False
        except BadDeliveryError as error:
            self._aside(path, error)
            return False
        source = Source.objects.filter(pk=self.source.pk, revoked=None).select_related("register", "organisation").first()
        if source is None:
            raise SivuvirtaError(f"Source '{self.source}' was revoked: nothing more is taken in.")
        try:
            told = receive(source, f"sha256:{hashlib.sha256(content).hexdigest()}", content, path.name)
        except SivuvirtaError as error:
            self._aside(path, error)
            return False
        self._move(path, KEPT)
        self.tell(f"{path.name}: {told['added']} new, {told['changed']} changed, {told['same']} the same")
        return True

    def _aside(self, path: Path, error: SivuvirtaError) -> None:
        place = self._move(path, ASIDE)
        lines = [f"{path.name} was not kept, and nothing of it was.", "", str(error)]
        if isinstance(error, BadDeliveryError):
            lines += ["", *(str(problem) for problem in error.problems)]
        lines += ["", "Mend it, and put it into the folder again."]
        place.with_name(f"{place.name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.tell(f"{path.name}: set aside; {place.name}.txt says why")

    def _move(self, path: Path, to: str) -> Path:
        folder = self.folder / to
        folder.mkdir(exist_ok=True)
        stamp = timezone.now().strftime("%Y%m%dT%H%M%S")
        place = folder / f"{stamp}-{path.name}"
        number = 1
        while place.exists():
            number += 1
            place = folder / f"{stamp}-{number}-{path.name}"
        path.replace(place)
        return place


def _no_link(path: str, flags: int) -> int:
    """Opens a file, and no link that was put in its place since it was seen."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0))
