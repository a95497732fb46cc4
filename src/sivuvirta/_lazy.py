"""Names of a package that load what they need when they are first asked for, so that `import sivuvirta` stays quick."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any


class Package(ModuleType):
    """A package of which some names are both a room and a verb: the verb keeps the name when the room is loaded.

    Python binds a room to its package under the room's name as soon as it is imported, which would hide the verb.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        """As of any module, but no room takes a public name."""
        if not (isinstance(value, ModuleType) and name in self.__dict__.get("__all__", ())):
            super().__setattr__(name, value)


def lazily(package: dict[str, Any], homes: Mapping[str, str], rooms: tuple[str, ...] = ()) -> Callable[[str], Any]:
    """`__getattr__` of a package.

    Args:
        package: its namespace, in which a name is kept once it is loaded.
        homes: full name of the module of each name.
        rooms: modules of the package that can be reached as its attributes.
    """

    def found(name: str) -> Any:
        if name in rooms:
            return import_module(f"{package['__name__']}.{name}")
        if name not in homes:
            raise AttributeError(f"module '{package['__name__']}' has no attribute '{name}'")
        package[name] = value = getattr(import_module(homes[name]), name)
        return value

    return found
