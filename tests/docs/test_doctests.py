"""Every example in a docstring runs and prints what it says."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import sivuvirta

MODULES = sorted(module.name for module in pkgutil.walk_packages(sivuvirta.__path__, "sivuvirta.") if not module.name.endswith("__main__"))


def _examples(name: str) -> list[doctest.DocTest]:
    return [test for test in doctest.DocTestFinder().find(importlib.import_module(name)) if test.examples]


@pytest.mark.parametrize("name", [name for name in MODULES if _examples(name)])
def test_the_examples_of_a_module_are_true(name):
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    tried = sum(runner.run(test).attempted for test in _examples(name))
    assert (tried > 0, runner.failures) == (True, 0)
