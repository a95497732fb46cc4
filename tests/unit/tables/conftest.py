from __future__ import annotations

import pytest
import registers

from sivuvirta import tables


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    return tables.load_library(registers.write(tmp_path_factory.mktemp("library"), registers.LIBRARY))
