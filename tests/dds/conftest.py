"""DDS on the loopback interface; every test has a domain of its own."""

import itertools
import os
import sys
from pathlib import Path

import pytest

from exoactor_rt.dds import DdsSettings, load_dds
from exoactor_rt.errors import HardwareError

sys.path.append(str(Path(__file__).parents[1] / "sim"))  # plans.py, written by hand there
_DOMAINS = itertools.count(os.getpid())


@pytest.fixture(scope="session", autouse=True)
def dds_module():
    """Skips the folder's tests where the DDS module was not built."""
    try:
        return load_dds()
    except HardwareError as error:
        pytest.skip(str(error))


@pytest.fixture
def settings():
    """Where this test's robot is."""
    return DdsSettings(domain=20 + next(_DOMAINS) % 80)
