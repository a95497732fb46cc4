"""Serving: the platform made ready and answered by a real server. What the command line calls; Django is set up here and nowhere else."""

from __future__ import annotations

import atexit
import os
import secrets
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import nullcontext, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, current_thread, main_thread
from typing import Any

import django
from attrs import frozen
from django.core.management import call_command
from django.db import OperationalError, transaction
from django.utils import timezone

from sivuvirta.domain.region import Region
from sivuvirta.errors import OptionError
from sivuvirta.web.config.environment import EnvironmentFaultError
from sivuvirta.web.processes import Keeper, answering, beside, leave, listening

_THREADS = 8  # requests answered at once by one process
_FEWER = 4  # by each of several
_LARGEST = 64_000_000  # bytes of a request, refused before it is read; the largest file that is taken has 50 MB
_WORKER = (sys.executable, "-m", "sivuvirta", "worker", "--until-closed")


@frozen
class Login:
    """A way in."""

    email: str
    password: str
    role: str


def ready(*, several: bool = False) -> None:
    """Set Django up and bring the database to the present form.

    Args:
        several: processes count together what metrics tell.

    Raises:
        EnvironmentFaultError: the surroundings are not as they must be.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sivuvirta.web.config.settings")
    if several and "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        counts = TemporaryDirectory(prefix="sivuvirta-metrics-")
        atexit.register(counts.cleanup)
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = counts.name  # read when what counts is imported
    django.setup()
    from django.conf import settings  # noqa: PLC0415 - after it is set up

    from sivuvirta.web.core.alone import alone  # noqa: PLC0415
    from sivuvirta.web.core.form import earlier, lacking, unreachable  # noqa: PLC0415

    try:
        settings.HOME.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentFaultError(
            f"The home {settings.HOME} cannot be made ({error.strerror}). Name a folder that may be written by SIVUVIRTA_HOME."
        ) from None
    try:
        with alone(settings.HOME):
            call_command("migrate", verbosity=0, interactive=False)
            call_command("createcachetable", verbosity=0)
            lacks = lacking()
    except OperationalError as error:
        raise EnvironmentFaultError(unreachable(settings.DATABASES["default"], error)) from None
    if lacks:
        raise EnvironmentFaultError(earlier(settings.DATABASES["default"]["NAME"], lacks))


def database() -> tuple[str, bool]:
    """Where the platform's database is, in words without a password, and whether a platform was made in it.

    Nothing is made by it. A database that does not answer is told by `ready`.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sivuvirta.web.config.settings")
    django.setup()
    from django.conf import settings  # noqa: PLC0415 - after it is set up
    from django.db import connection  # noqa: PLC0415

    found = settings.DATABASES["default"]
    if found["ENGINE"].endswith("sqlite3"):
        if not (connection.is_in_memory_db() or os.path.isfile(found["NAME"])):  # noqa: PTH113 - as the settings have it
            return str(found["NAME"]), False
        name = str(found["NAME"])
    else:
        name = f"'{found['NAME']}' at {found['HOST'] or 'the local socket'}"
    try:
        return name, "django_migrations" in connection.introspection.table_names()
    except OperationalError:
        return name, True
    finally:
        connection.close()


def serve(host: str, port: int, started: Callable[[str], None], *, processes: int = 1, with_worker: bool = False) -> None:
    """Answer requests until stopped.

    Args:
        host: address on which to listen.
        port: of it; 0 takes a free one.
        started: told the address once the server listens and would answer without delay.
        processes: how many answer; who dies is replaced.
        with_worker: a worker runs beside it, begun again when it dies; it ends when the server does, however that ends.

    Raises:
        OptionError: the port is taken or may not be used.
    """
    from django.conf import settings  # noqa: PLC0415 - after it is set up
    from django.db import connections  # noqa: PLC0415

    from sivuvirta.web.config.proxies import behind  # noqa: PLC0415
    from sivuvirta.web.config.wsgi import application  # noqa: PLC0415
    from sivuvirta.web.warming import warm  # noqa: PLC0415

    sockets = listening(host, port)
    options = {"threads": _THREADS if processes == 1 else _FEWER, "clear_untrusted_proxy_headers": False}
    work = partial(answering, sockets, behind(application, settings.PROXIES), max_request_body_size=_LARGEST, **options)
    if current_thread() is main_thread():
        signal.signal(signal.SIGTERM, leave)
    warm()
    connections.close_all()
    started(f"http://{host}:{sockets[0].getsockname()[1]}/")
    with beside(_WORKER) if with_worker else nullcontext():
        if processes == 1:
            work()
        else:
            with suppress(KeyboardInterrupt):
                Keeper(processes, work).keep()


def work(*, until_closed: bool = False) -> None:
    """Do background work until stopped.

    Args:
        until_closed: end when standard input is closed, too.
    """
    from sivuvirta.web.jobs.worker import work as begin  # noqa: PLC0415 - after Django is set up

    begin(until_closed=until_closed)


def backup(target: Path, told: Callable[[str], None]) -> Any:
    """Everything the platform keeps, in one file: see `backups.writing`."""
    from sivuvirta.web.backups.writing import write  # noqa: PLC0415 - after Django is set up

    return write(target, told)


def restore(source: Path, told: Callable[[str], None], *, other_key: bool) -> Any:
    """A backup read into this platform, which must be empty: see `backups.reading`."""
    from sivuvirta.web.backups.reading import read  # noqa: PLC0415

    return read(source, told, other_key=other_key)


def check() -> list[str]:
    """What makes the platform unsafe to be reached by others, as Django judges it, and rows that strayed; each with its repair."""
    from django.conf import settings  # noqa: PLC0415
    from django.core.checks import WARNING, run_checks  # noqa: PLC0415

    found = [str(each) for each in run_checks(include_deployment_checks=True, databases=["default"]) if each.level >= WARNING]
    if not os.environ.get("SECRET_KEY"):
        found.append("SECRET_KEY is the one kept in the home, where a copy of the home takes it along: give one by the environment.")
    if not settings.SECURE_SSL_REDIRECT:
        found.insert(0, "SIVUVIRTA_SECURE is not yes: cookies go over plain http. Put https in front and set it.")
    return [*found, *strayed()]


def strayed() -> list[str]:
    """Rows that another organisation holds than what they belong to, in words with the repair."""
    from sivuvirta.web.registry.models import Organisations, Register  # noqa: PLC0415
    from sivuvirta.web.registry.writes import moving  # noqa: PLC0415

    told: list[str] = []
    for register in Register.objects.all():
        names = {None: "nobody", **dict(Organisations.objects.filter(register=register).values_list("pk", "row_key"))}
        told += [
            f"{register.slug}: {table} {key} is held by {names[was]}, and what it belongs to by {names[to]}. "
            "Give it to that one by 'sivuvirta admin check --repair'."
            for table, key, (was, to) in moving.strayed(register)
        ]
    return told


def settle() -> int:
    """Give rows that another organisation holds than what they belong to, to that one; each stands in the log. Tells how many."""
    from sivuvirta.web.accounts.viewer import system  # noqa: PLC0415
    from sivuvirta.web.audit.models import Entry  # noqa: PLC0415
    from sivuvirta.web.registry.models import Register  # noqa: PLC0415
    from sivuvirta.web.registry.writes import moving  # noqa: PLC0415

    given = Entry.objects.filter(action=moving.MOVE)
    before = given.count()
    with transaction.atomic():
        for register in Register.objects.all():
            while pairs := [pair for *_, pair in moving.strayed(register)]:  # who follows a row that strayed itself comes after it
                moving.move(register, pairs, system("command"))
    return int(given.count() - before)


def tidy(days: int, log_years: int | None, *, clear: bool) -> list[Any]:
    """What is over, and may be cleared away or is: see `core.tidying`."""
    from sivuvirta.web.core.tidying import wastes  # noqa: PLC0415

    found = wastes(days, log_years)
    for waste in found if clear else ():
        waste.clear()
    return found


def load(region: Region, who: str) -> bool:
    """A region put into the register, if there is none of its name; tells whether it was."""
    from sivuvirta.web.registry.models import Register  # noqa: PLC0415
    from sivuvirta.web.registry.writes.packages import store  # noqa: PLC0415

    if Register.objects.filter(slug=region.name).exists():
        return False
    store(region, who)
    return True


def export(name: str, target: Path) -> dict[str, int]:
    """A register whole, written at a path as a package that the engine reads; rows by table.

    Raises:
        OptionError: there is no such register, or the path cannot be written.
    """
    from sivuvirta.web.accounts.viewer import system  # noqa: PLC0415
    from sivuvirta.web.audit.log import entry  # noqa: PLC0415
    from sivuvirta.web.registry.lists.packing import exported  # noqa: PLC0415
    from sivuvirta.web.registry.models import Register  # noqa: PLC0415

    register = Register.objects.filter(slug=name).first()
    if register is None:
        known = ", ".join(Register.objects.order_by("slug").values_list("slug", flat=True)) or "none"
        raise OptionError(f"There is no region '{name}' in the register. There are: {known}.")
    counts: dict[str, int] = exported(register, system("command"), target)
    entry("command", "take", (register.slug, "", ""), None, counts).save()
    return counts


def log(given: Mapping[str, str], most: int) -> list[dict[str, Any]]:
    """The newest entries of the log of changes, whole, by what is asked of them."""
    from sivuvirta.web.accounts.logged import everything  # noqa: PLC0415

    found: list[dict[str, Any]] = everything(given, most)
    return found


def watch(folder: Path, source: str, register: str | None, every: float, *, once: bool, tell: Callable[[str], None]) -> None:
    """Take in what is put into a folder, until stopped.

    Args:
        folder: to be watched.
        source: name of the source whose deliveries these are.
        register: short name of its register; None where one source alone has that name.
        every: seconds between two looks.
        once: look twice and end.
        tell: hears what was done with each file.

    Raises:
        OptionError: there is no such source, or several, or its token was revoked.
    """
    from sivuvirta.web.imports.models import Source  # noqa: PLC0415
    from sivuvirta.web.imports.watching import Watcher  # noqa: PLC0415

    found = list(Source.objects.filter(name=source, revoked=None, **({"register__slug": register} if register else {})))
    if len(found) != 1:
        told = "several registers have one: name yours by --register" if found else "make one on the page of imports of its region"
        raise OptionError(f"There is no one source '{source}': {told}.")
    watcher = Watcher(folder, found[0], tell)
    if once:
        watcher.look()
        Event().wait(every)
        watcher.look()
        return
    ended = Event()
    for wanted in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wanted, lambda *_: ended.set())
    watcher.run(ended, every)


def account(email: str, role: str, name: str = "", password: str | None = None) -> Login:
    """An account of a role with a password and a verified address; one that is there already gets the role and a new password.

    Args:
        email: of the person.
        role: a word of `accounts.models.Role`.
        name: of the person.
        password: drawn at random where None.
    """
    from allauth.account.models import EmailAddress  # noqa: PLC0415

    from sivuvirta.web.accounts.models import User  # noqa: PLC0415
    from sivuvirta.web.audit.log import entry  # noqa: PLC0415

    password = password or secrets.token_urlsafe(12)
    with transaction.atomic():
        user = User.objects.filter(email=email.lower()).first() or User(email=email.lower())
        user.role, user.name = role, name or user.name
        user.set_password(password)
        user.is_active = True
        user.save()
        EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
        entry("command", "account", ("", "accounts", user.email), None, {"role": role}).save()
    return Login(user.email, password, role)


def demo(region: Region) -> list[Login]:
    """The region with invented people, one of each role and one who holds what is hidden, and the question of the best uses.

    Passwords are new at every start; the question is asked once, of what everybody sees.
    """
    from django.conf import settings  # noqa: PLC0415

    from sivuvirta.web.accounts.consent import VERSION  # noqa: PLC0415
    from sivuvirta.web.accounts.models import Role, User  # noqa: PLC0415
    from sivuvirta.web.accounts.viewer import system  # noqa: PLC0415
    from sivuvirta.web.core.levels import Level  # noqa: PLC0415
    from sivuvirta.web.demonstration import invent  # noqa: PLC0415
    from sivuvirta.web.jobs.models import State  # noqa: PLC0415
    from sivuvirta.web.registry.models import Register  # noqa: PLC0415
    from sivuvirta.web.studies import asking, forms  # noqa: PLC0415
    from sivuvirta.web.studies.models import Study  # noqa: PLC0415

    settings.DEMO, settings.SECOND_FACTOR = True, False  # of this process: people whose passwords are printed have no factor to show
    load(region, "demo")
    register, by = Register.objects.get(slug=region.name), system("demo")
    if not Study.objects.filter(register=register, state__in=(State.WAITING, State.RUNNING, State.DONE)).exists():
        year = forms.years(register, by)[register.vintage]
        asking.ask(register, asking.Asked("", register.vintage, Level.PUBLIC, year=year), by)
    logins = [account(f"demo.{role}@example.org", role, f"Demo {role}") for role in Role.values]
    logins.append(account("demo.holder@example.org", str(Role.MEMBER), "Demo holder"))
    invent(register, logins[-1].email, logins[0].email)
    User.objects.filter(email__in=[login.email for login in logins]).update(consent_version=VERSION, consent_at=timezone.now())
    return logins
