"""Pools: where chunks of draws are solved: in this process, in several, or on a Dask cluster."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from typing import Any

from attrs import frozen

from sivuvirta.domain.ensembles import Where
from sivuvirta.domain.links import Floats
from sivuvirta.errors import MissingExtraError, SolverError
from sivuvirta.futures.ensemble.task import Task
from sivuvirta.futures.ensemble.worker import Piece, Way, piece

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_WAIT = "10s"  # for a scheduler to answer


@frozen(eq=False)
class Chunk:
    """Some draws."""

    name: str
    values: Floats  # (draws, inputs)


def solved(task: Task, ways: tuple[Way, ...], chunks: Sequence[Chunk], where: Where) -> Iterator[tuple[str, Piece]]:
    """Solves chunks, each as it comes.

    Every chunk gives the same bytes wherever it is solved: draws do not depend on each other.

    Args:
        task: the program.
        ways: how each draw is solved.
        chunks: the draws.
        where: in which processes.

    Raises:
        MissingExtraError: a Dask scheduler is named, and Dask is not there.
        SolverError: processes cannot be started, or the scheduler does not answer.
    """
    if not chunks:
        return
    if where.scheduler is not None:
        yield from _on_cluster(task, ways, chunks, where.scheduler)
        return
    count = min(where.processes or os.cpu_count() or 1, len(chunks))
    if count == 1:
        key = task.digest()
        for chunk in chunks:
            yield chunk.name, piece(key, task, ways, chunk.values)
        return
    yield from _in_processes(task, ways, chunks, count)


_given: list[Any] = []


def _take(key: str, task: Task, ways: tuple[Way, ...], line: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(line,), daemon=True).start()
    _given[:] = [key, task, ways]


def _end_with(line: Connection) -> None:
    """Ends this process as soon as the other end of a line is gone: closed, or its process dead however it died."""
    wait([line])
    os._exit(1)


def _given_piece(values: Floats) -> Piece:
    key, task, ways = _given
    return piece(key, task, ways, values)


def _in_processes(task: Task, ways: tuple[Way, ...], chunks: Sequence[Chunk], count: int) -> Iterator[tuple[str, Piece]]:
    """Fresh processes, each with the program once and one thread; they end with this one, and as soon as nobody takes their answers."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    context = multiprocessing.get_context("spawn")
    line, held = context.Pipe(duplex=False)
    try:
        with ProcessPoolExecutor(count, context, _take, (task.digest(), task, ways, line)) as pool:
            try:
                with _uninterrupted():
                    running = {pool.submit(_given_piece, chunk.values): chunk.name for chunk in chunks}
                for done in as_completed(running):
                    yield running[done], done.result()
            except (GeneratorExit, KeyboardInterrupt):
                held.close()
                raise
    except BrokenProcessPool as error:
        raise SolverError(
            'A process that solves draws could not start, or ended. In a script, call from under `if __name__ == "__main__":`; '
            "or ask for one process (`processes=1`)."
        ) from error
    finally:
        held.close()
        line.close()
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Holds Ctrl-C back while processes start, which then never hear it: the one that started them does, and ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # it would let Ctrl-C through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _on_cluster(task: Task, ways: tuple[Way, ...], chunks: Sequence[Chunk], address: str) -> Iterator[tuple[str, Piece]]:
    try:
        from distributed import Client  # noqa: PLC0415 - an extra
        from distributed import as_completed as arriving  # noqa: PLC0415
    except ImportError as error:
        raise MissingExtraError('A Dask scheduler needs the extra "cluster": pip install "sivuvirta[cluster]".') from error
    try:
        client: Any = Client(address, timeout=_WAIT)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError, ValueError) as error:
        raise SolverError(f"No Dask scheduler answers at '{address}': {error}. Start one with `dask scheduler`, and workers.") from error
    with client:
        shared = client.scatter((task.digest(), task, ways), broadcast=True)
        running = [
            client.submit(
                _shared_piece, shared, chunk.values, pure=False, key=f"{chunk.name}-{task.digest()[:12]}-{len(ways)}-{id(chunks)}"
            )
            for chunk in chunks
        ]
        names = {future.key: chunk.name for future, chunk in zip(running, chunks, strict=True)}
        for future, result in arriving(running, with_results=True):  # type: ignore[no-untyped-call]
            yield names[future.key], result
            future.release()


def _shared_piece(shared: tuple[str, Task, tuple[Way, ...]], values: Floats) -> Piece:
    key, task, ways = shared
    return piece(key, task, ways, values)
