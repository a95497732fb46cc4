"""The platform's door for the command line: it is an extra, loaded only when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sivuvirta.cli.common.screen import screen
from sivuvirta.errors import OptionError


def platform(**how: Any) -> Any:
    """The platform, set up and with its database in the present form.

    Args:
        how: as `serving.ready` takes it.

    Raises:
        OptionError: the extra is not installed.
    """
    serving = _serving()
    serving.ready(**how)
    return serving


def there(*, new: bool = False) -> Any:
    """The platform, whose database is named on standard error.

    Args:
        new: a database is made where there is none.

    Raises:
        OptionError: there is none, and a new one was not asked for; or the extra is not installed.
    """
    serving = _serving()
    name, exists = serving.database()
    if not (exists or new):
        raise OptionError(
            f"There is no platform yet in {name}, and this would make an empty one. Give the environment of the platform that you mean "
            "(DATABASE_URL, SIVUVIRTA_HOME), start it once by 'sivuvirta serve', or say --new to "
            "'sivuvirta admin create', 'sivuvirta admin load' or 'sivuvirta restore'."
        )
    serving.ready()
    screen(err=True).print(f"Database: {name}", markup=False, soft_wrap=True)
    return serving


def _serving() -> Any:
    try:
        return import_module("sivuvirta.web.serving")
    except ModuleNotFoundError as error:
        if error.name and error.name.startswith("sivuvirta"):
            raise
        raise OptionError(f"The platform needs '{error.name}'. Install its extra: pip install 'sivuvirta[web]'.") from None
