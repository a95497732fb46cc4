"""The platform's door for the command line: it is an extra, loaded only when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sivuvirta.errors import OptionError


def platform(**how: Any) -> Any:
    """The platform, set up and with its database in the present form.

    Args:
        how: as `serving.ready` takes it.

    Raises:
        OptionError: the extra is not installed.
    """
    try:
        serving = import_module("sivuvirta.web.serving")
    except ModuleNotFoundError as error:
        if error.name and error.name.startswith("sivuvirta"):
            raise
        raise OptionError(f"The platform needs '{error.name}'. Install its extra: pip install 'sivuvirta[web]'.") from None
    serving.ready(**how)
    return serving
