"""Processes: several that answer requests on one socket, so that a server uses its cores, and one beside; whoever dies is replaced."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from logging import ERROR, getLogger
from queue import Empty, Queue
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any, NoReturn

from attrs import field, frozen
from waitress.adjustments import Adjustments

from sivuvirta.errors import OptionError

_BACKLOG = 1024
_PATIENCE = 20.0  # seconds that a process may take to answer what it was asked
_REST = 1.0  # seconds between the death of one and the start of the next
_ENDS = (signal.SIGTERM, signal.SIGINT)
_log = getLogger("sivuvirta.server")


def listening(host: str, port: int) -> list[socket.socket]:
    """Sockets that listen, one for each address that the host stands for.

    Raises:
        OptionError: the port is taken or may not be used.
    """
    found: list[socket.socket] = []
    try:
        for family, kind, protocol, address in Adjustments(host=host, port=port).listen:
            made = socket.socket(family, kind, protocol)
            found.append(made)
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            made.bind(address if address[1] or len(found) == 1 else (address[0], found[0].getsockname()[1], *address[2:]))
            made.listen(_BACKLOG)
    except (OSError, ValueError) as error:
        for each in found:
            each.close()
        said = getattr(error, "strerror", None) or error
        raise OptionError(f"Nothing can listen on {host}, port {port}: {said}. Name another by --port.") from None
    return found


@frozen(eq=False)
class Keeper:
    """Keeps several processes at work until it is told to end; then they answer what they were asked, and end."""

    count: int
    work: Callable[[], None]
    running: set[int] = field(factory=set)

    def keep(self) -> None:
        """Start them and replace who dies."""
        reading, writing = os.pipe()  # closes with this process, however that ends: none of them stays behind
        try:
            while True:
                while len(self.running) < self.count:
                    self._start(reading, writing)
                self._replace(*os.wait())
        finally:
            self._end()
            os.close(reading)
            os.close(writing)

    def _start(self, reading: int, writing: int) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
        try:
            number = os.fork()
            if not number:
                self._answer(reading, writing)
            self.running.add(number)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDS)

    def _answer(self, reading: int, writing: int) -> NoReturn:
        """What a process does from its first to its last moment."""
        status = 1
        try:
            signal.signal(signal.SIGTERM, leave)
            signal.signal(signal.SIGINT, leave)
            os.close(writing)
            Thread(target=_alone, args=(reading,), daemon=True).start()
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDS)
            self.work()
            status = 0
        except (SystemExit, KeyboardInterrupt):
            status = 0
        except BaseException:
            _log.exception("a process of the server failed")
        finally:
            with suppress(Exception):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(status)

    def _replace(self, number: int, status: int) -> None:
        if number not in self.running:
            return  # who ran beside is begun again by `beside`
        self.running.discard(number)
        _log.warning("process %s of the server ended (%s); another takes its place", number, os.waitstatus_to_exitcode(status))
        sleep(_REST)

    def _end(self) -> None:
        """Ask all to end; who does not in time is ended."""
        for kind, patience in ((signal.SIGTERM, _PATIENCE), (signal.SIGKILL, _PATIENCE)):
            for number in self.running:
                with suppress(ProcessLookupError):
                    os.kill(number, kind)
            until = monotonic() + patience
            while self.running and monotonic() < until:
                self._gone()
            if not self.running:
                return

    def _gone(self) -> None:
        try:
            number, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            self.running.clear()
            return
        self.running.discard(number)
        if not number:
            sleep(0.02)


@contextmanager
def beside(command: Sequence[str], rest: float = _REST) -> Iterator[None]:
    """A command as a process beside this one, begun again when it dies; it is to end when its standard input closes, as it does at the end.

    Args:
        command: what is begun.
        rest: seconds between the death of one and the start of the next.
    """
    ending, running = Event(), Queue[subprocess.Popen[bytes]](1)

    def keep() -> None:
        while not ending.is_set():
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
            running.put(process)
            process.wait()
            if not ending.is_set():
                _closed(running.get())
                _log.warning("process %s beside the server ended; another takes its place", process.pid)
                ending.wait(rest)

    keeper = Thread(target=keep, daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ending.set()
        with suppress(Empty):  # it rests, and none begins any more
            process = running.get(timeout=_REST)
            _closed(process)
            keeper.join(_PATIENCE)
            process.kill()


def _closed(process: subprocess.Popen[bytes]) -> None:
    """Its standard input is closed, by which it ends."""
    with suppress(OSError):  # it may be gone
        if process.stdin is not None:
            process.stdin.close()


def leave(*_: Any) -> NoReturn:
    """End as on Ctrl-C: what is being answered is answered."""
    raise SystemExit(0)


def _alone(reading: int) -> None:
    """Wait until the one who started this process is gone, then end."""
    os.read(reading, 1)
    os.kill(os.getpid(), signal.SIGTERM)


def answering(sockets: Sequence[socket.socket], application: Callable[..., Any], **options: Any) -> None:
    """Answer what is asked on sockets until told to end."""
    from waitress.server import create_server  # noqa: PLC0415 - its threads start with it, in the process that uses them

    getLogger("waitress.queue").setLevel(ERROR)  # that somebody waits for a moment is no event
    create_server(application, sockets=list(sockets), ident="sivuvirta", **options).run()
