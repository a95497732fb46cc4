"""Files that appear whole or not at all: written beside their place, moved there when all are finished."""

from __future__ import annotations

import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

_LIST = ".sivuvirta"  # names of the files that a run wrote, so that the next one knows what is its own
_OLD = 3600.0  # seconds after which a folder beside the target was left by a run that was killed


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A place to write a file, moved to `path` when the block ends well; what was at `path` stays until then."""
    with _beside(path) as folder:
        yield folder / path.name
        (folder / path.name).replace(path)


@contextmanager
def whole_folder(path: Path, last: str) -> Iterator[Path]:
    """A folder to write files in, moved into `path` when the block ends well.

    Files that an earlier run wrote there and this one did not are removed; files of others stay. While files are moved the file `last`
    is absent, so that it never stands beside files of another run.

    Args:
        path: where the files go.
        last: name of the file that is moved last.
    """
    with _beside(path) as folder:
        yield folder
        names = sorted((file.name for file in folder.iterdir()), key=lambda name: (name == last, name))
        (folder / _LIST).write_text("\n".join(names) + "\n", encoding="utf-8")
        with _uninterrupted():
            path.mkdir(exist_ok=True)
            (path / last).unlink(missing_ok=True)
            for name in _written_before(path) - {*names}:
                (path / name).unlink(missing_ok=True)
            for name in (_LIST, *names):
                (folder / name).replace(path / name)


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """An empty folder on the same disk as `path` (inside, if that is a folder), gone when the block ends, however it ends."""
    parent = path if path.is_dir() else path.parent
    parent.mkdir(parents=True, exist_ok=True)
    opening = f".{path.name or 'out'}-"
    for left in parent.glob(f"{opening}*.part"):
        if time.time() - left.stat().st_mtime > _OLD:
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=opening, suffix=".part", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _written_before(path: Path) -> set[str]:
    """Names that the last run wrote in a folder; never a path that leads out of it."""
    if not (path / _LIST).is_file():
        return set()
    names = (path / _LIST).read_text(encoding="utf-8").splitlines()
    return {name for name in names if name and Path(name).name == name}


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl-C waits until the block has ended; outside the main thread, which alone hears it, nothing is changed."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    pressed: list[int] = []

    def wait(number: int, _: FrameType | None) -> None:
        pressed.append(number)

    before = signal.signal(signal.SIGINT, wait)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if pressed:
        signal.raise_signal(signal.SIGINT)
